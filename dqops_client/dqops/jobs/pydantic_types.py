"""Lets classes of this package be the types of fields of pydantic's models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Self

__all__ = ["InstanceField"]


class InstanceField:
    """A class whose instances pydantic takes as they are; as JSON they are strings."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
        """Tell pydantic, which calls this, to take instances only."""
        from pydantic_core import core_schema

        return core_schema.is_instance_schema(
            cls, serialization=core_schema.to_string_ser_schema(when_used="json")
        )

    if not TYPE_CHECKING:
        # At run time `Outcome[T]` is `Outcome`: pydantic does not ask generic dataclasses, but
        # looks into them.
        @classmethod
        def __class_getitem__(cls, _: Any) -> type[Self]:
            return cls
