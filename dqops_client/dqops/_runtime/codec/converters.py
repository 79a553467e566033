"""The functions that read and write each kind of JSON value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..declare.conversion import EnumOf, ListOf, ModelOf, Nullable, OneOf, Scalar, Tagged
from . import decoding, encoding
from .problems import bounded

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import TypeAlias

    from ..declare.conversion import Converter

    Function: TypeAlias = Callable[[Any], Any]

__all__ = ["decoder", "encoder"]


def decoder(kind: Converter, models: ModuleType) -> Function:
    """Make the function that reads a JSON value other than null.

    Args:
        kind: The kind of the value.
        models: The package in which the names of models and enumerations are looked up.

    Returns:
        A function that returns the Python value or raises `DecodeError`.
    """
    return _DECODERS[type(kind)](kind, models)


def encoder(kind: Converter, models: ModuleType) -> Function | None:
    """Make the function that writes a Python value.

    Args:
        kind: The kind of the value.
        models: The package in which the names of models and enumerations are looked up.

    Returns:
        A function that returns the JSON value, None for None; or None where both are the same.
    """
    return _ENCODERS[type(kind)](kind, models)


def _decode_scalar(kind: Scalar, _: ModuleType) -> Function:
    function: Function = getattr(decoding, kind.decode)
    return function


def _decode_model(kind: ModelOf, models: ModuleType) -> Function:
    model = getattr(models, kind.name)
    plan = model._plan or model._prepare()  # which may put a compiled `from_dict` into the class
    # Where there is none, and the keys are not free, to read by the plan saves a call.
    is_by_plan = model._properties and "from_dict" not in model.__dict__
    read: Function = plan.read if is_by_plan else model.from_dict
    return bounded(read) if model._is_recursive else read


def _decode_enum(kind: EnumOf, models: ModuleType) -> Function:
    return decoding.member_decoder(getattr(models, kind.name), kind.kind)


def _decode_list(kind: ListOf, models: ModuleType) -> Function:
    return decoding.list_decoder(decoder(kind.item, models), kind.item.exact)


def _decode_nullable(kind: Nullable, models: ModuleType) -> Function:
    decode_inner = decoder(kind.inner, models)
    return lambda value: None if value is None else decode_inner(value)


def _decode_one_of(kind: OneOf, models: ModuleType) -> Function:
    decoders: list[Function] = []
    variants: list[decoding.Variant] = []
    for each in kind.kinds:
        if not isinstance(each, ModelOf):
            decoders.append(decoder(each, models))
            continue
        if not variants:  # all models in the place of the first
            decoders.append(decoding.best_decoder(variants))
        properties = getattr(getattr(models, each.name), "_properties", ())
        keys = frozenset(item.key for item in properties)
        required = frozenset(item.key for item in properties if item.required)
        variants.append((keys, required, decoder(each, models)))
    return decoding.one_of_decoder(decoders)


def _decode_tagged(kind: Tagged, models: ModuleType) -> Function:
    decoders = {value: decoder(each, models) for value, each in kind.kinds.items()}
    return decoding.tagged_decoder(kind.key, decoders)


def _encode_scalar(kind: Scalar, _: ModuleType) -> Function | None:
    return None if kind.encode is None else getattr(encoding, kind.encode)


def _encode_list(kind: ListOf, models: ModuleType) -> Function:
    return encoding.list_encoder(encoder(kind.item, models))


_DECODERS: dict[type[Converter], Callable[[Any, ModuleType], Function]] = {
    Scalar: _decode_scalar,
    ModelOf: _decode_model,
    EnumOf: _decode_enum,
    ListOf: _decode_list,
    Nullable: _decode_nullable,
    OneOf: _decode_one_of,
    Tagged: _decode_tagged,
}
_ENCODERS: dict[type[Converter], Callable[[Any, ModuleType], Function | None]] = {
    Scalar: _encode_scalar,
    ModelOf: lambda kind, models: encoding.model_encoder(kind.name, models),
    EnumOf: lambda kind, models: encoding.enum_encoder(kind.name, models),
    ListOf: _encode_list,
    Nullable: lambda kind, models: encoder(kind.inner, models),
    OneOf: lambda _, __: encoding.encode_any,
    Tagged: lambda _, __: encoding.encode_any,
}
