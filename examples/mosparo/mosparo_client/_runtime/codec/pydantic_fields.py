# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Models as fields of pydantic's: pydantic asks for this, and nothing else imports it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import DecodeError

__all__ = ["core_schema_of"]


def core_schema_of(model: type[Any]) -> Any:
    """Tell pydantic how a model is read and written.

    Args:
        model: The class of the model.

    Returns:
        The schema: it takes a model or its JSON object, and writes `to_dict()`.
    """
    from pydantic_core import core_schema

    def read(value: Any) -> Any:
        if isinstance(value, model):
            return value
        if not isinstance(value, Mapping):
            raise ValueError(f"expected {model.__name__}, got {type(value).__name__}")
        try:
            return model.from_dict(value)
        except DecodeError as error:
            raise ValueError(str(error)) from None  # the text alone goes into pydantic's error

    def write(value: Any, info: Any) -> dict[str, Any]:
        written: dict[str, Any] = value.to_dict(json=info.mode == "json")
        return written

    serialization = core_schema.plain_serializer_function_ser_schema(write, info_arg=True)
    return core_schema.no_info_plain_validator_function(read, serialization=serialization)
