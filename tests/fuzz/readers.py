"""Functions of the runtime that read what comes from outside."""

from __future__ import annotations

import datetime
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httpx
from dqops.client import Client, models
from dqops.client.errors import DecodeError, InvalidRequest
from hypothesis import strategies as st
from support.runtime import (
    DURATION,
    INSTANT,
    LOCAL_DATE_TIME,
    Redactor,
    decoder,
    encoder,
    file_name_of,
    fill_path,
    media_type_of,
    parse_date_time,
    query_pairs,
)

from fuzz.running import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

__all__ = ["TARGETS"]


def _with(check: Callable[[Any], None]) -> Callable[[], AbstractContextManager[Any]]:
    """Make what an example is given to of a function that needs nothing."""

    @contextmanager
    def prepare() -> Iterator[Callable[[Any], None]]:
        yield check

    return prepare


def _pieces(*pieces: str, longest: int = 40) -> st.SearchStrategy[str]:
    """Make texts of pieces that matter, with others between them."""
    piece = st.one_of(st.sampled_from(pieces), st.text(max_size=4))
    return st.lists(piece, max_size=longest).map("".join)


# -- redaction --------------------------------------------------------------------------------

_SPECIAL = "\\/\"'&%=+-_.~<>;:@ \n\u00fc\u20ac"
_TOKENS = st.text(st.sampled_from("abZ09" + _SPECIAL), min_size=1, max_size=60)


@st.composite
def _redactions(draw: st.DrawFn) -> tuple[str, str]:
    token = draw(_TOKENS)
    spelled = st.sampled_from(
        [
            token,
            token[:-1],
            token[1:],
            repr(token),
            token.encode("unicode_escape").decode(),
            "".join(f"%{byte:02X}" for byte in token.encode()),
            "".join(f"&#{ord(character)};" for character in token),
            "".join(f"\\u{ord(character):04x}" for character in token),
            "\\" * 20,
            "&#x",
            "%25",
        ]
    )
    parts = draw(st.lists(st.one_of(spelled, st.text(max_size=5)), max_size=30))
    return token, "".join(parts) * draw(st.sampled_from([1, 1, 1, 50, 2000]))


def _check_redaction(example: tuple[str, str]) -> None:
    token, text = example
    redactor = Redactor([token])
    assert token not in redactor.in_text(text).replace("<hidden>", "\0")
    content = text.encode(errors="replace")
    hidden = redactor.in_content(content).replace(b"<hidden>", b"\0")
    assert not token.isascii() or token.encode() not in hidden


# -- times and durations ------------------------------------------------------------------------

_TIMES = st.one_of(
    _pieces("2024", "-", "01", "31", "T", ":", "10", "60", "24", "99", ".", ",", "123456789", "Z",
            "+", "14:00", "W05", "366", "0000", "9999", "\u0664", " ", "[Europe/Berlin]"),
    st.datetimes(timezones=st.timezones()).map(lambda each: each.isoformat()),
    st.from_regex(r"\A\d{1,9}-?W?\d{0,3}-?\d{0,3}T?\d{0,3}:?\d{0,3}:?\d{0,9}[.,]?\d{0,12}(Z|[+-]\d{0,5}:?\d{0,3})?\Z"),
    st.integers(),
    st.floats(),
)  # fmt: skip
_DURATIONS = st.one_of(
    _pieces("P", "T", "1", "9" * 30, "D", "H", "M", "S", "W", "Y", ".", ",", "-", "+", "0", "e5"),
    st.timedeltas(),
    st.integers(),
    st.floats(),
)


def _reader(converter: Any) -> Callable[[Any], Any]:
    return decoder(converter, models)


def _check_times(value: Any) -> None:
    for converter in (INSTANT, LOCAL_DATE_TIME):
        try:
            moment = _reader(converter)(value)
        except DecodeError:
            continue
        assert isinstance(moment, datetime.datetime)
        write = encoder(converter, models)
        assert write is not None
        try:
            written = write(moment)
        except InvalidRequest:
            continue  # what was read may be on the edge of what there is in UTC
        assert moment == _reader(converter)(written)
    if isinstance(value, str):
        try:
            parse_date_time(value)
        except (ValueError, OverflowError):
            return


def _check_durations(value: Any) -> None:
    write = encoder(DURATION, models)
    assert write is not None
    if isinstance(value, datetime.timedelta):
        assert value == _reader(DURATION)(write(value))
        return
    try:
        duration = _reader(DURATION)(value)
    except DecodeError:
        return
    assert duration == _reader(DURATION)(write(duration))


# -- URLs ---------------------------------------------------------------------------------------

_URLS = _pieces("http", "https", "ftp", ":", "//", "/", "@", "user", "127.0.0.1", "[::1]", "%zz",
                "a..b", "xn--", "a" * 70, ":99999", ":8888", "?q=1", "#f", "\\", "..", "\u00fc",
                "%00", " ", "\t", longest=12)  # fmt: skip
_ARGUMENTS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.datetimes(), st.binary(),
              _pieces("/", "..", ".", "?", "#", "%2F", "%", "\\", ";", "&", "\x00", "\ud800")),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)  # fmt: skip


def _check_urls(example: tuple[str, Any]) -> None:
    url, argument = example
    try:
        Client(url)
    except InvalidRequest:
        pass
    else:
        assert url.strip().lower().startswith(("http://", "https://"))
    try:
        path = fill_path("/api/connections/{name}/tables", {"name": argument})
    except InvalidRequest:
        pass
    else:
        sent = httpx.URL("http://h/").join(path)
        assert 4 == len(sent.raw_path.split(b"/")[1:]), sent
        assert not sent.query
        assert not sent.fragment
        assert str(argument) == unquote(path.split("/")[2]) or not isinstance(argument, str)
    with suppress(InvalidRequest):
        query_pairs({"name": argument})


# -- headers of bodies --------------------------------------------------------------------------

_HEADERS = _pieces("attachment", "; ", "filename", "=", "*", "*0", "*1*", '"', "\\", "UTF-8''",
                   "'en'", "%e4", "%00", "/", "..", "C:", "NUL", ".txt", "=?utf-8?b?", "?=",
                   "\u202e",
                   "a" * 300, ";" * 50, "punycode''", "\x7f", "\u00fc")  # fmt: skip


def _check_headers(value: str) -> None:
    name = file_name_of({"Content-Disposition": value})
    if name is not None:
        assert name == PurePosixPath(name).name == PureWindowsPath(name).name
        assert name.isprintable()
        assert not name.startswith(".")
        assert len(name.encode()) <= 255
    media_type = media_type_of({"Content-Type": value})
    assert media_type is None or ";" not in media_type


TARGETS = {
    "redaction": Target("a token is shown in no text", _redactions(), _with(_check_redaction)),
    "times": Target("a time, or a DecodeError; the same when written", _TIMES, _with(_check_times)),
    "durations": Target(
        "a duration, or a DecodeError; the same when written",
        _DURATIONS,
        _with(_check_durations),
    ),
    "urls": Target(
        "an argument stays in its place, or is an InvalidRequest",
        st.tuples(_URLS, _ARGUMENTS),
        _with(_check_urls),
    ),
    "content_disposition": Target(
        "a suggested name leads into no folder", _HEADERS, _with(_check_headers)
    ),
}
