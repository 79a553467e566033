"""JSON text straight from models, where there is no orjson.

The way over dictionaries takes half as long again, because `json` has to find out of every value
what it is, and writes every key anew. Generated models that are mostly set write their properties
line by line; all others go over dictionaries, and so does a whole document in which a value is not
what the specification says. The text is the same either way.

A document becomes bytes piece by piece: each copy of a large text would need fresh pages of memory,
which can take longer than to fill them.
"""

from __future__ import annotations

from io import BytesIO
from json.encoder import encode_basestring as quote
from math import isfinite
from typing import TYPE_CHECKING, Any

from .encoding import encode_any
from .json_io import dump_text
from .model import MapModel, Model
from .plan import FunctionsByProperty
from .times import instant_text, local_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType
    from typing import TypeAlias

    from ..declare.conversion import Converter

    Write: TypeAlias = Callable[[Any], str]
    WritePieces: TypeAlias = Callable[[Any], Iterable[str]]

__all__ = [
    "Writers",
    "list_writer",
    "model_pieces",
    "write_any",
    "write_model",
    "write_plain",
    "writer",
]


class Writers(FunctionsByProperty):
    """The functions that write the values of a model's properties as JSON text.

    Args:
        model: The class.

    Attributes:
        instant: Makes a text of a point in time that needs no escape, and raises `TypeError` for
            anything else.
        is_faster: Whether that is faster than the way over a dictionary.
        is_finite: Whether a float has a JSON form.
        local_time: The same for a time on some wall clock.
        pieces: The functions that write properties which hold models, in pieces.
        plain: Writes a plain JSON value.
        quote: Writes a text, and raises `TypeError` for anything else.
    """

    __slots__ = ("instant", "is_faster", "is_finite", "local_time", "pieces", "plain", "quote")

    def __init__(self, model: type[Model]) -> None:
        super().__init__(model)
        self.instant = instant_text
        self.is_faster = model._writes_itself()
        self.is_finite = isfinite
        self.local_time = local_text
        self.pieces = _PiecesWriters(model)
        self.plain = write_plain
        self.quote = quote

    def _make(self, converter: Converter, models: ModuleType) -> Write:
        return converter.writer(models)


class _PiecesWriters(FunctionsByProperty):
    """The functions that write the values of a model's properties as pieces of JSON text."""

    __slots__ = ()

    def _make(self, converter: Converter, models: ModuleType) -> WritePieces:
        return converter.pieces_writer(models)


def write_any(value: Any) -> bytes:
    """Write a model, a list of models, or plain JSON.

    Args:
        value: The value.

    Returns:
        The text in UTF-8, as `json_io.dumps` would write what `encode_any` makes of the value.

    Raises:
        TypeError: Something in it has no JSON form.
        ValueError: It holds NaN, an infinity, a number with too many digits, or a single surrogate
            (`UnicodeEncodeError`).
        RecursionError: It is nested too deeply, or holds itself.
    """
    stream = BytesIO()
    try:
        pieces = iter(_pieces_of(value))
        start = next(pieces)
        if start == "{":  # of a model's properties, the first that is set may come with a comma
            start += next(piece for piece in pieces if piece).removeprefix(",")
        stream.write(start.encode("utf-8"))
        for piece in pieces:
            stream.write(piece.encode("utf-8"))
    except TypeError:  # a value that is not what the specification says, or has no JSON form
        return dump_text(encode_any(value)).encode("utf-8")
    return stream.getvalue()


def write_model(value: Any) -> str:
    # Not by way of `_pieces_of`: a call for each model would be felt.
    kind = type(value)
    try:
        writers = kind._writers
    except AttributeError:
        return dump_text(encode_any(value))  # a plain dictionary will do as well
    if writers is None:
        writers = _make_writers(kind)
    text = "".join(value._json_pieces(writers))
    return text if text[1:2] != "," else text.replace(",", "", 1)


def model_pieces(value: Any) -> Iterable[str]:
    return _pieces_of(value) if isinstance(value, MapModel) else (write_model(value),)


def _pieces_of(value: Any) -> Iterable[str]:
    if type(value) is list and value and isinstance(value[0], Model) and value[0]._writes_itself():
        return _write_models(value)
    if not isinstance(value, Model):
        return (dump_text(encode_any(value)),)
    kind = type(value)
    return value._json_pieces(_make_writers(kind) if kind._writers is None else kind._writers)


def _make_writers(kind: type[Model]) -> Writers:
    kind._writers = writers = Writers(kind)
    return writers


def write_plain(value: Any) -> str:
    kind = type(value)
    if kind is float and isfinite(value):
        return repr(value)
    if value is True:
        return "true"
    if value is False:
        return "false"
    return quote(value) if kind is str else dump_text(value)


def writer(encode: Callable[[Any], Any]) -> Write:
    """Make the function that writes values which have another form in JSON.

    Args:
        encode: Makes a plain JSON value of a value.

    Returns:
        The function.
    """

    def write(value: Any) -> str:
        plain = encode(value)
        return quote(plain) if type(plain) is str else dump_text(plain)

    return write


def list_writer(write_item: Write) -> WritePieces:
    """Make the function that writes a list as pieces of JSON text.

    Args:
        write_item: Writes an item.

    Returns:
        The function.
    """

    def write(value: Any) -> Iterable[str]:
        if type(value) is not list:
            yield dump_text(encode_any(value))
            return
        before = "["
        for item in value:
            yield before
            yield write_item(item)
            before = ","
        yield "]" if before == "," else "[]"

    return write


_write_models = list_writer(write_model)
