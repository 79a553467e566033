"""Looks for a token in whatever a place shows, in every form that it could take there."""

from __future__ import annotations

import copy
import html
import io
import json
import logging
import pickle
import pprint
import re
import traceback
from base64 import b64encode
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

import dqops
import rich.pretty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

#: With characters that JSON, HTML, addresses and `repr` write otherwise.
TOKEN = "tk7Kq2Zw4Xn9\"R+b/s=&'Lm6Tn1~Vc8Hy3Pd5Gf0"

_PACKAGE = str(Path(next(iter(dqops.__path__))))
_LIBRARIES = ("/httpx/", "/httpcore/", "/h11/", "/aiohttp/", "/anyio/")


def _cores_of_base64(content: bytes) -> Iterator[str]:
    """Give what base64 makes of a text wherever it begins: without the ends, which differ."""
    for shift in range(3):
        encoded = b64encode(b"\0" * shift + content).decode()
        yield encoded[-(-shift * 8 // 6) + (1 if shift else 0) : -4]


#: What is searched for. Where a place cuts a token off, the first or last 12 characters are left.
FORMS = {
    form
    for part in (TOKEN, TOKEN[:12], TOKEN[-12:])
    for form in (
        part,
        f"Bearer {part}",
        json.dumps(part)[1:-1],
        html.escape(part),
        quote(part, safe=""),
        quote(part),
        quote_plus(part),
        quote(quote(part, safe=""), safe=""),
        repr(part)[1:-1],
        repr(part.encode())[2:-1],
        repr(repr(part))[1:-1],
        part.encode().hex(),
        *_cores_of_base64(part.encode()),
    )
}


_ANY_FORM = re.compile("|".join(map(re.escape, sorted(FORMS))), re.IGNORECASE)


def found(shown: str) -> list[str]:
    """List what is around the first hits in a text, in any case of letters."""
    hits = islice(_ANY_FORM.finditer(shown), 5)
    return [shown[max(0, hit.start() - 80) : hit.end() + 20] for hit in hits]


@dataclass(frozen=True)
class Frames:
    """Which frames of a traceback are to be printed with their local variables."""

    ours: bool = True
    libraries: bool = True

    def include(self, filename: str) -> bool:
        """Tell whether one is to be printed; those of the tests hold the token themselves."""
        if filename.startswith(_PACKAGE):
            return self.ours
        return self.libraries and any(name in filename for name in _LIBRARIES)


ALL_FRAMES = Frames()
OUR_FRAMES = Frames(libraries=False)


def chain(error: BaseException) -> list[BaseException]:
    """List an exception with all that it is chained to, whether that is printed or not."""
    known: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop()
        if current is not None and not any(current is each for each in known):
            known.append(current)
            waiting += [current.__cause__, current.__context__]
            waiting += getattr(current, "exceptions", ())
    return known


def describe_error(error: BaseException, frames: Frames = ALL_FRAMES) -> str:
    """Write down everything that an exception shows to anybody."""
    return "\n".join(_descriptions(error, frames))


def _descriptions(error: BaseException, frames: Frames) -> Iterator[str]:
    for each in chain(error):
        yield f"{each} {each!r} {each.args!r} {getattr(each, '__notes__', ())!r}"
        yield _attributes(each)
        yield from _locals(each, frames)
    yield "".join(traceback.format_exception(error))
    yield _logged(error)
    yield _pickled(error)
    copied = copy.copy(error)
    yield f"{copied} {copied!r} {copied.args!r} {vars(copied)!r}"


def _attributes(error: BaseException) -> str:
    """Write down the attributes of an exception, and what their `repr` leaves out."""
    lines = [pprint.pformat(vars(error))]
    for name in dir(error):
        try:
            value = getattr(error, name)
        except (AttributeError, RuntimeError):  # httpx raises the latter if there is no request
            continue
        if name.startswith("__") or callable(value):
            continue
        lines.append(f"{name} = {value!r} {value}")
    for holder in (vars(error), vars(error).get("_request")):
        headers = holder.get("headers") if isinstance(holder, dict) else holder and holder.headers
        if headers:
            lines.append(repr(getattr(headers, "raw", dict(headers))))
    return "\n".join(lines)


def _locals(error: BaseException, frames: Frames) -> Iterator[str]:
    for frame, line in traceback.walk_tb(error.__traceback__):
        filename = frame.f_code.co_filename
        if not frames.include(filename):
            continue
        yield f"{filename}:{line} {frame.f_code.co_name}"
        for name, value in frame.f_locals.items():
            yield f"{name} = {_safe_repr(value)} {_safe_pretty(value)}"
            if isinstance(value, BaseException) and value is not error:
                yield f"{value} {value!r}"


def _safe_repr(value: Any) -> str:
    try:
        return repr(value)
    except Exception as error:  # of an object that is half made
        return f"<no repr: {type(error).__name__}>"


def _safe_pretty(value: Any) -> str:
    """Write a value as tracebacks of `rich` do, which look into containers themselves."""
    try:
        return rich.pretty.pretty_repr(value, max_depth=6)
    except Exception as error:  # see above
        return f"<no pretty repr: {type(error).__name__}>"


def _logged(error: BaseException) -> str:
    stream = io.StringIO()
    logger = logging.Logger("a program")
    logger.addHandler(logging.StreamHandler(stream))
    logger.error("%s", error, exc_info=error)
    return stream.getvalue()


def _pickled(error: BaseException) -> str:
    try:
        content = pickle.dumps(error)
    except (TypeError, AttributeError, pickle.PicklingError) as refused:
        return f"no pickle: {refused}"
    return content.decode("latin-1") + describe_briefly(pickle.loads(content))


def describe_briefly(error: BaseException) -> str:
    """Write down what is in an exception itself."""
    return f"{error} {error!r} {vars(error)!r}"


def caught(function: Callable[[], Any], kind: type[BaseException] = Exception) -> BaseException:
    """Call a function that has to raise, and give what it raises."""
    try:
        function()
    except kind as error:
        return error
    raise AssertionError("nothing was raised")


class Records(logging.Handler):
    """Keeps what is logged by anybody, on every level."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record: its text, its fields, its traceback."""
        text = self.format(record)
        self._lines.append(f"{record.name} {record.levelname} {text} {record.__dict__!r}")

    def __enter__(self) -> Self:
        """Listen from now on."""
        root = logging.getLogger()
        self._level = root.level
        root.addHandler(self)
        root.setLevel(logging.NOTSET)
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        root = logging.getLogger()
        root.removeHandler(self)
        root.setLevel(self._level)

    def __str__(self) -> str:
        return "\n".join(self._lines)
