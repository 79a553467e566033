"""Responses as no server should send them: what hypothesis makes of a response that is right.

Each kind of mutation is a function that changes a response; its name is that of the kind.
"""

from __future__ import annotations

import copy
import gzip
import json
import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st
from odd_values import (
    BROKEN_TIMES,
    CHUNKED,
    CODINGS,
    CONTENT_TYPES,
    COOKIES,
    DEPTHS,
    DISPOSITIONS,
    ENCODINGS,
    HEADER_LINES,
    INTERIM,
    LENGTHS,
    LOCATIONS,
    NO_PLAIN_JSON,
    PAGES,
    STATUS_LINES,
    TRANSFER_CODINGS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["KINDS", "Response", "responses"]

_T = TypeVar("_T")

# Characters for private use, which no strategy below makes: they mark what is no JSON on purpose.
_VERBATIM = "\ue000"
_AGAIN = "\ue001"

_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Co"]), max_size=20)
_SCALARS: SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    _TEXT,
    st.sampled_from(["", 0, 1, -1, 2**31, 2**63, -(2**63) - 1, 2**64, 1e308, 0.5, "0", "true"]),
)
_NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.integers(-(10**40), 10**40),
    st.sampled_from([10**4299, -(2**63), 2**53 + 1]),
)
_BYTES = st.binary(max_size=40)
_YES_OR_NO = st.booleans()
# To make a strategy for each choice takes longer than all else.
_POSITIONS = st.integers(0, 2**20 - 1)
_VALUES: SearchStrategy[Any] = st.one_of(
    _SCALARS,
    # Made anew each time, because a further mutation may change what is in them.
    st.sampled_from(
        ["[]", "{}", "[null]", "[[]]", "[{}]", '{"a":null}', '{"":{}}', '["a",1,null,{}]']
    ).map(json.loads),
    st.lists(_SCALARS, max_size=3),
    st.dictionaries(_TEXT, _SCALARS, max_size=3),
)

#: Locations that ask a name server when they are followed are not followed.
FOLLOWED = frozenset(
    location
    for location in LOCATIONS
    if b"127.0.0.1" in location or not re.match(rb"(?i)https:|(http:)?[/\\]{2}.", location)
)


@dataclass
class Response:
    """A response, and what the server does after it.

    Attributes:
        status: The status, in the status line that is not mutated.
        body: The body.
        content_type: The media type of the body; None for no such header.
        then: Whether the server keeps the connection, closes or resets it.
        kinds: The names of the mutations.
        status_line: The status line in the place of a regular one.
        headers: Further header lines.
        length: What Content-Length says in the place of the truth; an empty text for no header.
        before: What comes before the response.
        after: What comes after it.
        shown: How many bytes of all that are sent; None for all.
    """

    status: int
    body: bytes
    content_type: bytes | None
    then: str = "keep"
    kinds: tuple[str, ...] = ()
    status_line: bytes | None = None
    headers: list[bytes] = field(default_factory=list)
    length: bytes | None = None
    before: bytes = b""
    after: bytes = b""
    shown: int | None = None

    def on_the_wire(self) -> bytes:
        """Write the response.

        Returns:
            What is sent.
        """
        status_line = self.status_line
        lines = [b"HTTP/1.1 %d Odd" % self.status if status_line is None else status_line]
        if self.content_type is not None:
            lines.append(b"Content-Type: " + self.content_type)
        lines += self.headers
        if self.length is None:
            lines.append(b"Content-Length: %d" % len(self.body))
        elif self.length:
            lines.append(b"Content-Length: " + self.length)
        if self.then == "close":
            lines.append(b"Connection: close")
        head = b"\r\n".join(lines) + b"\r\n\r\n"
        return (self.before + head + self.body + self.after)[: self.shown]

    def copy(self) -> Self:
        """Copy the response before it is changed."""
        return type(self)(self.status, self.body, self.content_type, headers=list(self.headers))


class _Document:
    """A JSON document that is being changed."""

    def __init__(self, content: bytes) -> None:
        self.root = [json.loads(content)]
        self._verbatim: list[str] = []

    def verbatim(self, text: str) -> str:
        """Make a value in the place of which a text is written as it is."""
        self._verbatim.append(text)
        return f"{_VERBATIM}{len(self._verbatim) - 1}{_VERBATIM}"

    def places(self) -> list[tuple[Any, Any]]:
        """List where the values are: what holds them, and under which key."""
        found: list[tuple[Any, Any]] = []
        waiting: list[Any] = [self.root]
        for holder in waiting:
            items = holder.items() if isinstance(holder, dict) else enumerate(holder)
            for key, value in items:
                found.append((holder, key))
                if isinstance(value, (dict, list)):
                    waiting.append(value)
        return found

    def write(self) -> bytes:
        """Write the document."""
        text = json.dumps(self.root[0], ensure_ascii=False).replace(_AGAIN, "")
        text = re.sub(
            f'"{_VERBATIM}(\\d+){_VERBATIM}"', lambda found: self._verbatim[int(found[1])], text
        )
        return text.encode("utf-8", "surrogatepass")


def _up_to(draw: DrawFn, most: int) -> int:
    return draw(_POSITIONS) % (most + 1)


def _pick(draw: DrawFn, items: Sequence[_T]) -> _T:
    return items[_up_to(draw, len(items) - 1)]


def _change_key(draw: DrawFn, document: _Document) -> None:
    keys = [place for place in document.places() if isinstance(place[0], dict)]
    if keys:
        holder, key = _pick(draw, keys)
        new = _pick(draw, [key.upper(), f"{key} ", "", "__class__", draw(_TEXT)])
        holder[new] = holder.pop(key)


def _remove_key(draw: DrawFn, document: _Document) -> None:
    holder, key = _pick(draw, document.places())
    if holder is not document.root:
        del holder[key]


def _add_key(draw: DrawFn, document: _Document) -> None:
    objects = [holder[key] for holder, key in document.places() if isinstance(holder[key], dict)]
    if objects:
        odd = ["additional_properties", "from_dict", "__init__", "$ref", draw(_TEXT)]
        _pick(draw, objects)[_pick(draw, odd)] = draw(_VALUES)


def _duplicate_key(draw: DrawFn, document: _Document) -> None:
    keys = [place for place in document.places() if isinstance(place[0], dict)]
    if keys:
        holder, key = _pick(draw, keys)
        holder[key + _AGAIN] = _pick(draw, [holder[key], draw(_VALUES)])


def _wrong_type(draw: DrawFn, document: _Document) -> None:
    holder, key = _pick(draw, document.places())
    holder[key] = draw(_VALUES)


def _null(draw: DrawFn, document: _Document) -> None:
    holder, key = _pick(draw, document.places())
    holder[key] = None


def _no_plain_json(draw: DrawFn, document: _Document) -> None:
    holder, key = _pick(draw, document.places())
    holder[key] = document.verbatim(_pick(draw, NO_PLAIN_JSON))


def _unknown_text(draw: DrawFn, document: _Document) -> None:
    texts = [(holder, key) for holder, key in document.places() if isinstance(holder[key], str)]
    if texts:
        holder, key = _pick(draw, texts)
        holder[key] = _pick(draw, [draw(_TEXT), holder[key].upper(), "mro"])


def _broken_time(draw: DrawFn, document: _Document) -> None:
    times = [
        (holder, key)
        for holder, key in document.places()
        if isinstance(holder[key], str) and re.match(r"\d{4}-\d\d-\d\d|-?PT?\d", holder[key])
    ]
    holder, key = _pick(draw, times or document.places())
    holder[key] = copy.copy(_pick(draw, BROKEN_TIMES))


def _big_number(draw: DrawFn, document: _Document) -> None:
    numbers = [
        (holder, key)
        for holder, key in document.places()
        if isinstance(holder[key], (int, float)) and not isinstance(holder[key], bool)
    ]
    holder, key = _pick(draw, numbers or document.places())
    holder[key] = draw(_NUMBERS)


def _deep_nesting(draw: DrawFn, document: _Document) -> None:
    places = document.places()
    depth = _pick(draw, DEPTHS)
    # A folder in a folder, where there is such a thing, goes through the models.
    folders = [
        (holder, key, within, step)
        for holder, key in places
        if isinstance(holder[key], dict) and holder[key]
        for within, step in _Document(json.dumps(holder[key]).encode()).places()
        if isinstance(within[step], dict) and within[step].keys() == holder[key].keys()
    ][:20]
    goes_through_models = bool(folders) and draw(_YES_OR_NO)
    if goes_through_models:
        holder, key, within, step = _pick(draw, folders)
        inner = json.dumps(within[step], ensure_ascii=False)
        outer = json.dumps(holder[key], ensure_ascii=False)
        beginning, found, end = outer.partition(inner)
        if found and _VERBATIM not in outer:
            depth = min(depth, 300_000 // len(outer))
            holder[key] = document.verbatim(beginning * depth + inner + end * depth)
            return
    holder, key = _pick(draw, places)
    forms = [("[", "", "]"), ('{"a":', "1", "}"), ('[{"b":', "null", "}]"), ("[", "", "")]
    beginning, inner, end = _pick(draw, forms)
    text = document.verbatim(beginning * depth + inner + end * depth)
    if isinstance(holder[key], dict) and draw(_YES_OR_NO):
        holder[key]["addedLater"] = text
    else:
        holder[key] = text


_IN_JSON: dict[str, Callable[[DrawFn, _Document], None]] = {
    "changed key": _change_key,
    "removed key": _remove_key,
    "added key": _add_key,
    "duplicated key": _duplicate_key,
    "value of any type": _wrong_type,
    "null": _null,
    "no plain JSON": _no_plain_json,
    "unknown text": _unknown_text,
    "broken time": _broken_time,
    "odd number": _big_number,
    "deep nesting": _deep_nesting,
}


def _truncate(draw: DrawFn, response: Response) -> None:
    response.body = response.body[: _up_to(draw, len(response.body))]


def _garble(draw: DrawFn, response: Response) -> None:
    body = bytearray(response.body or b"[]")
    for _ in range(1 + _up_to(draw, 4)):
        body[_up_to(draw, len(body) - 1)] = _up_to(draw, 255)
    response.body = bytes(body)


def _encode_again(draw: DrawFn, response: Response) -> None:
    text = response.body.decode("utf-8", "replace")
    response.body = text.encode(_pick(draw, ENCODINGS), "replace")
    if draw(_YES_OR_NO):
        response.body = response.body[: _up_to(draw, len(response.body))]


def _wrap(draw: DrawFn, response: Response) -> None:
    body = response.body
    wrapped = [
        *(
            body * 2,
            b")]}',\n" + body,
            b" \r\n\t" + body + b"\n ",
            b"[" + body + b"]",
            body + b"\x00",
        ),
        *(b'{"result":' + body + b"}", b"callback(" + body + b")", body + b",", b"\x0c" + body),
        *(
            json.dumps(body.decode("utf-8", "replace")).encode(),
            body + b"\n" + body,
            b"data: " + body,
        ),
    ]
    response.body = _pick(draw, wrapped)


def _other_body(draw: DrawFn, response: Response) -> None:
    value = json.dumps(draw(_VALUES)).encode()
    response.body = _pick(draw, [*PAGES, draw(_BYTES), value])


def _empty_body(draw: DrawFn, response: Response) -> None:
    response.body = _pick(draw, [b"", b" ", b"\n\n", b"\xc2\xa0", b"\x0b\x0c"])


def _content_type(draw: DrawFn, response: Response) -> None:
    response.content_type = _pick(draw, [None, *CONTENT_TYPES])
    if draw(_YES_OR_NO):
        response.headers.append(b"Content-Type: " + _pick(draw, CONTENT_TYPES))


def _content_encoding(draw: DrawFn, response: Response) -> None:
    response.headers.append(b"Content-Encoding: " + _pick(draw, CODINGS))
    body = response.body
    gzipped, deflated = gzip.compress(body, 1, mtime=0), zlib.compress(body, 1)
    compressed = [
        *(body, gzipped, deflated, gzipped[:-5], deflated[2:-4], b"\x1f\x8b", gzipped * 2),
        *(gzipped + b"\x00\x1f", gzip.compress(gzipped, 1, mtime=0)),
    ]
    response.body = _pick(draw, compressed)


def _content_length(draw: DrawFn, response: Response) -> None:
    response.length = _pick(draw, LENGTHS)
    if draw(_YES_OR_NO):
        response.headers.append(b"Content-Length: " + _pick(draw, LENGTHS))
    response.then = "close"


def _transfer_encoding(draw: DrawFn, response: Response) -> None:
    response.headers.append(b"Transfer-Encoding: " + _pick(draw, TRANSFER_CODINGS))
    response.length = _pick(draw, [b"", b"2"])
    right = b"%x\r\n%s\r\n0\r\n\r\n" % (len(response.body), response.body)
    response.body = _pick(draw, [right if response.body else b"", *CHUNKED])
    response.then = "close"


def _status(draw: DrawFn, response: Response) -> None:
    response.status = 100 + _up_to(draw, 499)
    if response.status < 200 or response.status in {204, 205, 304}:
        response.then = "close"  # a body under these is none, for some
    if draw(_YES_OR_NO):
        response.body = _pick(draw, [b"", b"{}", b'{"message":null,"status":"x"}', *PAGES])


def _status_line(draw: DrawFn, response: Response) -> None:
    response.status_line = _pick(draw, STATUS_LINES)
    response.then = "close"


def _redirect(draw: DrawFn, response: Response) -> None:
    response.status = _pick(draw, [300, 301, 302, 303, 304, 305, 307, 308, 399, 201])
    if response.status == 304:
        response.then = "close"
    response.headers.append(b"Location: " + _pick(draw, LOCATIONS))


def _header(draw: DrawFn, response: Response) -> None:
    line = _pick(draw, [*HEADER_LINES, b"X-Any: " + draw(_BYTES)])
    response.headers.insert(_up_to(draw, len(response.headers)), line)
    if line.startswith((b"Retry-After", b"WWW-", b"Proxy-")) and draw(_YES_OR_NO):
        response.status = _pick(draw, [401, 407, 429, 502, 503, 504])
    response.then = "close"


def _cookie(draw: DrawFn, response: Response) -> None:
    for _ in range(1 + _up_to(draw, 2)):
        response.headers.append(b"Set-Cookie: " + _pick(draw, COOKIES))


def _disposition(draw: DrawFn, response: Response) -> None:
    response.headers = [each for each in response.headers if not each.startswith(b"Content-Disp")]
    response.headers.append(b"Content-Disposition: " + _pick(draw, DISPOSITIONS))


def _interim(draw: DrawFn, response: Response) -> None:
    response.before = _pick(draw, INTERIM)
    response.then = "close"


def _surplus(draw: DrawFn, response: Response) -> None:
    another = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"
    response.after = _pick(draw, [b"x", b"\r\n", b"\x00" * 99, another, another * 3])
    response.then = "close"


def _broken_off(draw: DrawFn, response: Response) -> None:
    response.then = _pick(draw, ["cut", "reset"])
    response.shown = _up_to(draw, len(response.on_the_wire()))


_OUTSIDE: dict[str, Callable[[DrawFn, Response], None]] = {
    "truncated body": _truncate,
    "garbled body": _garble,
    "other encoding": _encode_again,
    "wrapped body": _wrap,
    "another body": _other_body,
    "empty body": _empty_body,
    "Content-Type": _content_type,
    "Content-Encoding": _content_encoding,
    "Content-Length": _content_length,
    "Transfer-Encoding": _transfer_encoding,
    "other status": _status,
    "odd status line": _status_line,
    "redirection": _redirect,
    "odd header": _header,
    "Set-Cookie": _cookie,
    "Content-Disposition": _disposition,
    "interim response": _interim,
    "surplus bytes": _surplus,
    "broken connection": _broken_off,
}

#: The names of all kinds.
KINDS = (*_IN_JSON, *_OUTSIDE)

_KINDS_IN_JSON = st.lists(st.sampled_from(list(_IN_JSON)), max_size=2)
_KINDS_OUTSIDE = st.lists(st.sampled_from(list(_OUTSIDE)), min_size=1, max_size=2)
_KINDS_BESIDE = st.lists(st.sampled_from(list(_OUTSIDE)), max_size=1)


@st.composite
def responses(draw: DrawFn, right: Sequence[Response]) -> Response:
    """Make mutated responses.

    Args:
        draw: Given by hypothesis.
        right: Responses that are right.

    Returns:
        One of them, with one to four mutations.
    """
    response = _pick(draw, right).copy()
    in_json: list[str] = []
    if response.content_type == b"application/json" and _is_json(response.body):
        in_json = draw(_KINDS_IN_JSON)
    outside = draw(_KINDS_BESIDE if in_json else _KINDS_OUTSIDE)
    if in_json:
        document = _Document(response.body)
        for kind in in_json:
            _IN_JSON[kind](draw, document)
        response.body = document.write()
    # What breaks the connection comes last, because it depends on all that is sent.
    for kind in sorted(outside, key="broken connection".__eq__):
        _OUTSIDE[kind](draw, response)
    response.kinds = tuple(dict.fromkeys([*in_json, *outside]))
    return response


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True
