# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The kinds of JSON values; `codec.converters` reads and writes them.

Kinds name models and enumerations by their class name only; the class is looked up in the generated
package of models when the first value arrives. So importing a model or an operation loads nothing
that is not used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ANY",
    "BOOLEAN",
    "DATE",
    "DURATION",
    "FILE",
    "FREE_OBJECT",
    "INSTANT",
    "INTEGER",
    "LOCAL_DATE_TIME",
    "NUMBER",
    "STRING",
    "UUID_STRING",
    "Converter",
    "EnumOf",
    "ListOf",
    "ModelOf",
    "Nullable",
    "OneOf",
    "Property",
    "Scalar",
    "Tagged",
]


class Converter:
    """A kind of JSON value, and the Python value that it becomes.

    Attributes:
        exact: Values of exactly this class are taken as they are, without a call. None where
            every value needs converting.
        nullable: Whether null is a value like any other here.
    """

    __slots__ = ()
    exact: type | None = None
    nullable: bool = False


class Scalar(Converter):
    """A value that is read and written by functions, whatever the package of models.

    Args:
        decode: The name of the reading function in `codec.decoding`.
        encode: The name of the writing function in `codec.encoding`; None where there is nothing to
            do.
        exact: The class of values that are taken as they are.
    """

    __slots__ = ("decode", "encode", "exact")

    def __init__(
        self, decode: str, encode: str | None = None, *, exact: type | None = None
    ) -> None:
        self.decode = decode
        self.encode = encode
        self.exact = exact


ANY: Converter = Scalar("pass_on", "encode_any")
STRING: Converter = Scalar("decode_string", exact=str)
INTEGER: Converter = Scalar("decode_integer", exact=int)
NUMBER: Converter = Scalar("decode_number", exact=float)
BOOLEAN: Converter = Scalar("decode_boolean", exact=bool)
INSTANT: Converter = Scalar("decode_instant", "encode_instant")
LOCAL_DATE_TIME: Converter = Scalar("decode_local_date_time", "encode_local_date_time")
DATE: Converter = Scalar("decode_date", "encode_date")
DURATION: Converter = Scalar("decode_duration", "encode_duration")
FILE: Converter = Scalar("pass_on")
UUID_STRING: Converter = Scalar("decode_uuid", "encode_any")


class ModelOf(Converter):
    """A JSON object that becomes a model.

    Args:
        name: The class name in the package of models.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class EnumOf(Converter):
    """A JSON string or number out of an open list.

    Args:
        name: The class name in the package of models.
        kind: The class of the JSON values, `str` or `int`.
    """

    __slots__ = ("kind", "name")

    def __init__(self, name: str, kind: type = str) -> None:
        self.name = name
        self.kind = kind


class ListOf(Converter):
    """A JSON array; a null in it is kept as None.

    Args:
        item: The kind of the items.
    """

    __slots__ = ("item",)

    def __init__(self, item: Converter) -> None:
        self.item = item


class Nullable(Converter):
    """A value for which the specification allows null; null becomes None.

    Args:
        inner: The kind of every other value.
    """

    __slots__ = ("exact", "inner")
    nullable = True

    def __init__(self, inner: Converter) -> None:
        self.inner = inner
        self.exact = inner.exact


class Tagged(Converter):
    """An object that one of its properties tells the model of; it stays as it is if none is told.

    Args:
        key: The property.
        kinds: The models by its values.
    """

    __slots__ = ("key", "kinds")

    def __init__(self, key: str, kinds: Mapping[str, Converter]) -> None:
        self.key = key
        self.kinds = kinds


#: Any object, which stays as it is.
FREE_OBJECT: Converter = Tagged("", {})


class OneOf(Converter):
    """A value of one of several kinds; the first that fits is taken.

    Of several models it is the one that has most of the properties of the value.

    Args:
        kinds: The kinds, in the order in which they are tried.
    """

    __slots__ = ("kinds", "nullable")

    def __init__(self, *kinds: Converter) -> None:
        self.kinds = kinds
        self.nullable = any(kind.nullable for kind in kinds)


class Property:
    """One property of a model.

    Args:
        key: Its name in JSON.
        name: Its name in Python.
        converter: The kind of its values.
        required: Whether a JSON object without it is refused.
    """

    __slots__ = ("converter", "key", "name", "required")

    def __init__(self, key: str, name: str, converter: Converter, required: bool = False) -> None:
        self.key = key
        self.name = name
        self.converter = converter
        self.required = required
