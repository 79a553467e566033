"""What comes from a server is read in time that grows with its size, whatever is in it."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import dqops.client.models as models
import pytest
from dqops.client import Client
from dqops.client.api.healthcheck import is_healthy
from dqops.client.errors import BadRequest, ClientError, DecodeError, Redirection
from dqops.client.models import CheckResultEntryModel, SpringErrorPayload, TableSpec
from support.runtime import (
    DATE,
    DURATION,
    LOCAL_DATE_TIME,
    STRING,
    UUID_STRING,
    EnumOf,
    HtmlBody,
    JoinedTextBody,
    ListOf,
    OneOf,
    Received,
    Redactor,
    TextBody,
    decoder,
    file_name_of,
    media_type_of,
    parse_json,
    read,
    retry_after,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.raw_server import RawServer

    Reader = Callable[[Any], Any]

# A quadratic reader takes four times as long for twice as much, a linear one twice as long.
MOST = 3.0
PLAIN = 2.4
# Seconds of processor time; less than this is not measured, and need not be.
LEAST = 0.01
ROUNDS = 5
SIZE = 150_000


def growth(read_value: Reader, one: Any, twice: Any) -> float:
    """Measure how many times as long it takes to read something of twice the size.

    What has taken about twice as long, twice, is not measured more often.
    """
    fastest = [float("inf"), float("inf")]
    grown = 0.0
    for number in range(ROUNDS):
        for place, value in enumerate((one, twice)):
            began = time.thread_time()
            with suppress(ClientError):
                read_value(value)
            fastest[place] = min(fastest[place], time.thread_time() - began)
        grown = fastest[1] / max(fastest[0], LEAST)
        if number > 0 and grown < PLAIN:
            break
    return grown


def assert_linear(read_value: Reader, one: Any, twice: Any) -> None:
    """Measure again if it seems to take too long: something else may have kept the machine busy."""
    read_once = [growth(read_value, one, twice)]
    while read_once[-1] >= MOST and len(read_once) < 3:
        read_once.append(growth(read_value, one, twice))
    assert min(read_once) < MOST


def of_body(body: Any) -> Reader:
    """Read the body of a response."""
    return lambda text: read(body, Received(text.encode(), "utf-8", {}), "dqops.client.models")


def of_value(kind: Any) -> Reader:
    """Read a value of a property."""
    function: Reader = decoder(kind, models)
    return function


def of_header(read_header: Reader, name: str) -> Reader:
    """Read a header."""
    return lambda value: read_header({name: value})


def disposition(text: str) -> Any:
    """Read the name of a file."""
    return file_name_of({"Content-Disposition": text})


def location(text: str) -> str:
    """Show where a redirection leads."""
    error = Redirection(
        302, b"", method="GET", url="http://h/a", headers={"Location": text}, operation="x"
    )
    return f"{error} {error.location}"


def entry(name: str) -> Reader:
    """Read a property of a check result."""
    return lambda text: CheckResultEntryModel.from_dict({name: text})


#: By name: what reads, what the text begins with, and what is repeated in it.
STRINGS: dict[str, tuple[Reader, str, str]] = {
    "zone ids, none of them": (of_body(JoinedTextBody("zone-ids")), "", "Aa"),
    "zone ids, unknown": (of_body(JoinedTextBody("zone-ids")), "", "AaBb/"),
    "zone ids, begun": (of_body(JoinedTextBody("zone-ids")), "", "America/Argentina/"),
    "zone ids, capitals": (of_body(JoinedTextBody("zone-ids")), "", "a1B/"),
    "zone ids, white space": (of_body(JoinedTextBody("zone-ids")), "", " ,\t"),
    "zone ids, a JSON list": (of_body(JoinedTextBody("zone-ids")), "[", '"",'),
    "text, escapes": (of_body(TextBody()), '"', '\\"'),
    "text, quotes": (of_body(TextBody()), "", '"'),
    "text, white space": (of_body(TextBody()), "", " \n"),
    "page, white space": (of_body(HtmlBody(pages=False)), "", "\n\t"),
    "page, begun": (of_body(HtmlBody(pages=False)), "", "<html"),
    "JSON, brackets": (lambda text: parse_json(text.encode()), "", "["),
    "JSON, objects": (lambda text: parse_json(text.encode()), "", '{"a":'),
    "JSON, digits": (lambda text: parse_json(text.encode()), "", "1"),
    "JSON, fractions": (lambda text: parse_json(text.encode()), "1.", "1"),
    "JSON, exponent": (lambda text: parse_json(text.encode()), "1e", "1"),
    "JSON, surrogates": (lambda text: parse_json(text.encode()), '"', "\\ud800"),
    "JSON, long numbers": (lambda text: parse_json(text.encode()), "[1", f",{2**64}"),
    "JSON, the same key": (lambda text: parse_json(text.encode()), "{", '"a":1,'),
    "instant, digits": (entry("executedAt"), "2024-01-31T10:20:30.", "1"),
    "instant, 24:00": (entry("executedAt"), "2024-01-31T24:00:00.", "0"),
    "instant, offset": (entry("executedAt"), "2024-01-31T10:20:30+", "01:"),
    "instant, year": (entry("executedAt"), "", "2024"),
    "instant, end": (entry("executedAt"), "2024-01-31T10:20:30.", "Z"),
    "local time, digits": (of_value(LOCAL_DATE_TIME), "2024-01-31T10:20:30,", "0"),
    "local time, week date": (of_value(LOCAL_DATE_TIME), "2024-W01-1", "T"),
    "date, dashes": (of_value(DATE), "2024-01-31", "-"),
    "duration, digits": (of_value(DURATION), "PT", "1"),
    "duration, fraction": (of_value(DURATION), "PT1.", "0"),
    "duration, signs": (of_value(DURATION), "", "P-"),
    "UUID, dashes": (of_value(UUID_STRING), "urn:uuid:", "{-}"),
    "enumeration": (of_value(EnumOf("CheckType")), "", "profiling"),
    "one of several": (of_value(OneOf(DATE, DURATION, UUID_STRING)), "", "P1"),
    "disposition, semicolons": (disposition, 'attachment; filename="', ";"),
    "disposition, parameters": (disposition, "attachment", ";a=b"),
    "disposition, quotes": (disposition, "attachment", ';"'),
    "disposition, escapes": (disposition, 'attachment; x="', '\\";'),
    "disposition, continued": (disposition, "attachment", ";filename*0*=a"),
    "disposition, per cent": (disposition, "attachment; filename*=utf-8''", "%41"),
    "disposition, white space": (disposition, "attachment; filename=", " a"),
    "type, semicolons": (of_header(media_type_of, "Content-Type"), 'text/plain; charset="', ";"),
    "Retry-After, digits": (of_header(retry_after, "Retry-After"), "", "1"),
    "Retry-After, date": (of_header(retry_after, "Retry-After"), "Wed, 21 ", "Oct "),
    "Retry-After, comments": (of_header(retry_after, "Retry-After"), "", "("),
    "Location, accounts": (location, "http://", "@:"),
    "Location, steps": (location, "/", "../"),
    "Location, brackets": (location, "http://[", ":"),
    "Location, white space": (location, "", " "),
    "Location, slashes": (location, "", "/"),
    "redaction": (Redactor(["-bcDEF0123456789"]).in_text, "", "\\bcDEF012345678"),
    "message of an error": (
        lambda text: str(BadRequest(400, text.encode(), parsed=SpringErrorPayload(message=text))),
        "",
        " \n",
    ),
}


@pytest.mark.parametrize("name", STRINGS)
def test_texts(name: str) -> None:
    """A text of twice the length takes less than three times as long."""
    read_value, beginning, piece = STRINGS[name]
    one = beginning + piece * (SIZE // len(piece))
    assert_linear(read_value, one, one + piece * (SIZE // len(piece)))


#: By name: what makes a value of so many parts, and what reads it.
VALUES: dict[str, tuple[Reader, Reader]] = {
    "unknown properties": (
        TableSpec.from_dict,
        lambda size: {str(key): key for key in range(size)},
    ),
    "unknown properties of a result": (
        CheckResultEntryModel.from_dict,
        lambda size: {f"x{key}": None for key in range(size)},
    ),
    "nulls": (of_value(ListOf(STRING)), lambda size: [None] * size),
    "nulls between values": (of_value(ListOf(DATE)), lambda size: [None, "2024-01-31"] * size),
    "a wrong value at the end": (of_value(ListOf(DATE)), lambda size: ["2024-01-31"] * size + [1]),
    "lists in a value of any kind": (
        TableSpec.from_dict,
        lambda size: {"x": [[[number]] for number in range(size)]},
    ),
    "long numbers": (of_value(ListOf(STRING)), lambda size: [2.0**70] * size),
}


@pytest.mark.parametrize("name", VALUES)
def test_values(name: str) -> None:
    """A value of twice as many parts takes less than three times as long."""
    read_value, make = VALUES[name]
    assert_linear(read_value, make(20_000), make(40_000))


#: By name: the beginning of the head of a response, what is repeated in it, and its end.
HEADS: dict[str, tuple[str, str, str]] = {
    "charset": ('200 OK\r\nContent-Type: text/plain; charset="', ";", ""),
    "charset, escapes": ('200 OK\r\nContent-Type: text/plain; charset="', '\\";', ""),
    "charset, continued": ("200 OK\r\nContent-Type: text/plain", ";charset*0*=a", ""),
    "reason phrase": ("200 ", "a ", ""),
    "names": ("200 OK", "\r\nX: a", ""),
    "one cookie": ("200 OK\r\nSet-Cookie: a=", '\\"', '"'),
    "cookie with attributes": ("200 OK\r\nSet-Cookie: a=b", "; Expires=Wed, 1", ""),
    "cookie with white space": ("200 OK\r\nSet-Cookie: a", " ", "=b"),
    "cookies": ("200 OK", "\r\nSet-Cookie: a=b; Path=/", ""),
    "location": ("302 Found\r\nLocation: http://", "@:", ""),
    "location of steps": ("302 Found\r\nLocation: /", "../", ""),
    "codings": ("200 OK\r\nContent-Encoding: identity", ",identity", ""),
    "lengths": ("200 OK\r\nContent-Length: 2", ", 2", ""),
}
HEAD = 40_000


@pytest.mark.parametrize("name", HEADS)
def test_heads(name: str, raw_server: RawServer) -> None:
    """A head of twice the length takes less than three times as long."""
    beginning, piece, end = HEADS[name]

    def head_of(text: str) -> bytes:
        length = "" if "Content-Length" in text else "\r\nContent-Length: 2"
        return f"HTTP/1.1 {text}{end}{length}\r\n\r\nOK".encode()

    def respond(response: bytes) -> None:
        raw_server.respond = lambda _, __: response
        with Client(raw_server.url, retries=None, raise_on_unexpected_status=True) as client:
            is_healthy.sync(client=client)

    one = beginning + piece * (HEAD // len(piece))
    assert_linear(respond, head_of(one), head_of(one + piece * (HEAD // len(piece))))


def say_in(charset: str, body: bytes, raw_server: RawServer) -> Any:
    """Let a server respond with a text in a charset."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset={charset}\r\n"
    raw_server.respond = lambda _, __: f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    with Client(raw_server.url) as client:
        return is_healthy.sync(client=client)


@pytest.mark.parametrize(
    ("charset", "beginning", "piece"),
    [
        ("punycode", "a-", "9"),
        ("idna", "xn--", "a"),
        ("idna", "", "a."),
        ("utf-7", "+", "+A-"),
        ("hz", "", "~{"),
        ("utf-16", "", "\u0001"),
        ("iso-8859-1", "", "\xff"),
    ],
)
def test_texts_in_charsets(charset: str, beginning: str, piece: str, raw_server: RawServer) -> None:
    """A text of twice the length takes less than three times as long, whatever its charset."""
    one = (beginning + piece * (SIZE // len(piece))).encode("latin-1")
    twice = one + piece.encode("latin-1") * (SIZE // len(piece))
    assert_linear(lambda body: say_in(charset, body, raw_server), one, twice)


CHARSETS = ("punycode", "idna", "hz", "undefined", "cp1253", "unicode_escape", "bz2", "../../os")


@pytest.mark.parametrize("charset", CHARSETS)
def test_charsets_that_are_not_supported(charset: str, raw_server: RawServer) -> None:
    """No codec is loaded for them: the text counts as UTF-8, and what is not says why."""
    say_in("utf-8", b"OK", raw_server)  # the socket module itself loads "idna" for any host
    loaded = set(sys.modules)
    assert say_in(charset, "OK \u00e9".encode(), raw_server) == "OK \u00e9"
    assert not [name for name in set(sys.modules) - loaded if charset in name]
    with pytest.raises(DecodeError) as caught:
        say_in(charset, b"\xff", raw_server)
    assert caught.value.problem == (
        f"the string is not valid utf-8; its charset {charset!r} is not supported"
    )


@pytest.mark.parametrize(
    "charset", ["utf-8", "UTF8", "utf-16", "iso-8859-1", "latin1", "ISO-8859-15", "windows-1252"]
)
def test_charsets_that_are_supported(charset: str, raw_server: RawServer) -> None:
    """The text is read as what its charset says."""
    assert say_in(charset, "caf\u00e9".encode(charset), raw_server) == "caf\u00e9"
