"""How JSON values become Python values, and back.

Every property of a generated model names one of the converters of this module. Reading is tolerant
where a newer or older server may differ (unknown enum values, several forms of time) and strict
where a wrong value would surface far away from its cause (a text where a number belongs).

Converters name models and enumerations by their class name only; the class is looked up in the
generated package of models when the first value arrives. So are the functions that do the work, in
`_decoding` and `_encoding`: importing a model or an operation loads nothing that is not used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import ModuleType
    from typing import Any, TypeAlias

    Function: TypeAlias = Callable[[Any], Any]

__all__ = [
    "ANY",
    "BOOLEAN",
    "DATE",
    "DURATION",
    "INSTANT",
    "INSTANT_LENGTHS",
    "INTEGER",
    "LOCAL_DATE_TIME",
    "NUMBER",
    "TEXT",
    "UUID_TEXT",
    "Converter",
    "EnumOf",
    "ListOf",
    "ModelOf",
    "Nullable",
    "OneOf",
]


#: How many characters a point in time has as Java writes it: with three digits of a fraction of a
#: second, which is what servers write nearly always, or with none, six or nine.
INSTANT_LENGTHS = (24, 20, 27, 30)


class Converter:
    """How one kind of JSON value becomes a Python value, and back.

    Attributes:
        exact: Values of exactly this class are taken as they are, without a call. None where
            every value needs converting.
        nullable: Whether null is a value like any other here.
    """

    __slots__ = ()
    exact: type | None = None
    nullable: bool = False

    def decoder(self, models: ModuleType) -> Function:
        """Make the function that reads a JSON value other than null.

        Args:
            models: The package in which the names of models and enumerations are looked up.

        Returns:
            A function that returns the Python value or raises `DecodeError`.
        """
        raise NotImplementedError

    def quick_decoder(self, models: ModuleType) -> Function | Mapping[str, Any]:
        """Make what reads most values faster, and leaves the others to `decoder`.

        Args:
            models: The package in which the names of models and enumerations are looked up.

        Returns:
            For `EnumOf` texts and `LOCAL_DATE_TIME` a mapping from the JSON values, else a
            function. Both give the Python value, or raise `DecodeError`, `LookupError`,
            `TypeError` or `ValueError` where only `decoder` knows what to make of the value. That
            of `INSTANT` is for texts only that look like one.
        """
        return self.decoder(models)

    def encoder(self, models: ModuleType) -> Function | None:  # noqa: ARG002  # for subclasses
        """Make the function that writes a Python value.

        Args:
            models: The package in which the names of models and enumerations are looked up.

        Returns:
            A function that returns the JSON value, None for None; or None where both are the same.
        """
        return None

    def writer(self, models: ModuleType) -> Callable[[Any], str]:
        """Make the function that writes a Python value as JSON text.

        Args:
            models: The package in which the names of models and enumerations are looked up.

        Returns:
            A function that returns the text of what `encoder` makes of the value. It raises
            `TypeError` or `ValueError` for a value that has no JSON form.
        """
        from ..codec.json_text import write_plain, writer

        encode = self.encoder(models)
        return write_plain if encode is None else writer(encode)

    def pieces_writer(self, models: ModuleType) -> Callable[[Any], Iterable[str]]:
        """Make the function that writes a Python value as JSON text in pieces.

        Args:
            models: The package in which the names of models and enumerations are looked up.

        Returns:
            A function like that of `writer`, which gives pieces of the text. Those of large values
            are many, and are written as they are asked for. So the errors come later.
        """
        write = self.writer(models)
        return lambda value: (write(value),)

    def writes_models(self, models: ModuleType) -> bool:  # noqa: ARG002  # for subclasses
        """Tell whether the values are, or hold, models for which `writer` is faster.

        Args:
            models: The package in which the names of models and enumerations are looked up.
        """
        return False


class _Scalar(Converter):
    """A converter that is one pair of functions, whatever the package of models.

    Args:
        decode: The name of the reading function in `_decoding`.
        encode: The name of the writing function in `_encoding`; None where there is nothing to do.
        exact: The class of values that are taken as they are.
        quick: The name of what reads faster, in `_decoding`; see `quick_decoder`.
    """

    __slots__ = ("_decode", "_encode", "_quick", "exact")

    def __init__(
        self,
        decode: str,
        encode: str | None = None,
        *,
        exact: type | None = None,
        quick: str | None = None,
    ) -> None:
        self._decode = decode
        self._encode = encode
        self._quick = quick or decode
        self.exact = exact

    def decoder(self, models: ModuleType) -> Function:  # noqa: ARG002  # scalars name no model
        """Return the reading function."""
        from ..codec import decoding

        function: Function = getattr(decoding, self._decode)
        return function

    def quick_decoder(self, models: ModuleType) -> Function | Mapping[str, Any]:  # noqa: ARG002
        """Return what reads faster, if there is something."""
        from ..codec import decoding

        quick: Function | Mapping[str, Any] = getattr(decoding, self._quick)
        return quick

    def encoder(self, models: ModuleType) -> Function | None:  # noqa: ARG002  # see above
        """Return the writing function."""
        from ..codec import encoding

        return None if self._encode is None else getattr(encoding, self._encode)


ANY: Converter = _Scalar("pass_on", "encode_any")
TEXT: Converter = _Scalar("decode_text", exact=str)
INTEGER: Converter = _Scalar("decode_integer", exact=int)
NUMBER: Converter = _Scalar("decode_number", exact=float)
BOOLEAN: Converter = _Scalar("decode_boolean", exact=bool)
INSTANT: Converter = _Scalar("decode_instant", "encode_instant", quick="parse_instant")
LOCAL_DATE_TIME: Converter = _Scalar(
    "decode_local_date_time", "encode_local_date_time", quick="LOCAL_DATE_TIMES"
)
DATE: Converter = _Scalar("decode_date", "encode_date")
DURATION: Converter = _Scalar("decode_duration", "encode_duration")
UUID_TEXT: Converter = _Scalar("decode_uuid", "encode_any")


class ModelOf(Converter):
    """A JSON object that becomes a model.

    Args:
        name: The class name in the package of models.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def decoder(self, models: ModuleType) -> Function:
        """Return the function that builds the model."""
        model = getattr(models, self.name)
        from_dict: Function = model.from_dict
        if not model._is_recursive:
            return from_dict
        from ..codec.nesting import bounded

        return bounded(from_dict)

    def encoder(self, models: ModuleType) -> Function | None:  # noqa: ARG002  # models know how
        """Return the function that calls `to_dict`."""
        from ..codec.encoding import encode_model

        return encode_model

    def writer(self, models: ModuleType) -> Callable[[Any], str]:  # noqa: ARG002  # see above
        """Return the function that lets the model write itself."""
        from ..codec.json_text import write_model

        return write_model

    def pieces_writer(self, models: ModuleType) -> Callable[[Any], Iterable[str]]:  # noqa: ARG002
        """Return the function that lets a map write itself in pieces, others as one."""
        from ..codec.json_text import model_pieces

        return model_pieces

    def writes_models(self, models: ModuleType) -> bool:
        """Ask the model."""
        is_faster: bool = getattr(models, self.name)._writes_itself()
        return is_faster


class EnumOf(Converter):
    """A JSON text or number out of an open list.

    Args:
        name: The class name in the package of models.
        kind: The class of the JSON values, `str` or `int`.
    """

    __slots__ = ("kind", "name")

    def __init__(self, name: str, kind: type = str) -> None:
        self.name = name
        self.kind = kind

    def decoder(self, models: ModuleType) -> Function:
        """Make the function that finds the member."""
        from ..codec.decoding import member_decoder

        return member_decoder(getattr(models, self.name), self.kind)

    def quick_decoder(self, models: ModuleType) -> Function | Mapping[str, Any]:
        """Return the members by their values."""
        if self.kind is not str:
            return self.decoder(models)  # true and 1.0 would be found as 1
        members: Mapping[str, Any] = getattr(models, self.name)._value2member_map_
        return members

    def encoder(self, models: ModuleType) -> Function | None:  # noqa: ARG002  # members know
        """Return the function that takes the member's value."""
        from ..codec.encoding import encode_enum

        return encode_enum


class ListOf(Converter):
    """A JSON list; a null in it is kept as None.

    Args:
        item: The converter of the items.
    """

    __slots__ = ("item",)

    def __init__(self, item: Converter) -> None:
        self.item = item

    def decoder(self, models: ModuleType) -> Function:
        """Make the function that reads every item."""
        from ..codec.decoding import list_decoder

        return list_decoder(self.item.decoder(models), self.item.exact)

    def encoder(self, models: ModuleType) -> Function | None:
        """Make the function that writes every item."""
        from ..codec.encoding import list_encoder

        return list_encoder(self.item.encoder(models))

    def writer(self, models: ModuleType) -> Callable[[Any], str]:
        """Make the function that writes every item, if models write themselves, or all at once."""
        if not self.writes_models(models):
            return super().writer(models)
        write_pieces = self.pieces_writer(models)
        return lambda value: "".join(write_pieces(value))

    def pieces_writer(self, models: ModuleType) -> Callable[[Any], Iterable[str]]:
        """Make the function that writes every item, if models write themselves, or all at once."""
        if not self.writes_models(models):
            return super().pieces_writer(models)
        from ..codec.json_text import list_writer

        return list_writer(self.item.writer(models))

    def writes_models(self, models: ModuleType) -> bool:
        """Ask the items."""
        return self.item.writes_models(models)


class Nullable(Converter):
    """A value for which the specification allows null; null becomes None.

    Args:
        inner: The converter of every other value.
    """

    __slots__ = ("exact", "inner")
    nullable = True

    def __init__(self, inner: Converter) -> None:
        self.inner = inner
        self.exact = inner.exact

    def decoder(self, models: ModuleType) -> Function:
        """Return the inner reading function."""
        decode_inner = self.inner.decoder(models)
        return lambda value: None if value is None else decode_inner(value)

    def encoder(self, models: ModuleType) -> Function | None:
        """Return the inner writing function."""
        return self.inner.encoder(models)


class OneOf(Converter):
    """A value of one of several kinds; the first that fits is taken.

    Args:
        kinds: The converters, in the order in which they are tried.
    """

    __slots__ = ("kinds", "nullable")

    def __init__(self, *kinds: Converter) -> None:
        self.kinds = kinds
        self.nullable = any(kind.nullable for kind in kinds)

    def decoder(self, models: ModuleType) -> Function:
        """Make the function that tries one kind after the other."""
        from ..codec.decoding import one_of_decoder

        return one_of_decoder([kind.decoder(models) for kind in self.kinds])

    def encoder(self, models: ModuleType) -> Function | None:  # noqa: ARG002  # by the value alone
        """Return the function that writes by the class of the value."""
        from ..codec.encoding import encode_any

        return encode_any
