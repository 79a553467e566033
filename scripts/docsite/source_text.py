"""Python source for the values that examples pass: models, enumerations, dates and plain values."""

from __future__ import annotations

import datetime
from enum import Enum
from typing import Any

from dqops.client import models
from dqops.client.types import UNSET

__all__ = ["Source", "typed_body"]

# A body of more models than this is written as JSON objects are, in a single `from_dict`.
_MANY_MODELS = 5


class Source:
    """Python source, and what it imports.

    Args:
        value: The value that the source is to make.
    """

    def __init__(self, value: Any) -> None:
        self.models: set[str] = set()
        self.has_dates = False
        self.text = self._of(value)
        if len(self.models) > _MANY_MODELS and hasattr(value, "to_dict"):
            name = type(value).__name__
            self.models, self.has_dates = {name}, False
            self.text = f"{name}.from_dict({value.to_dict()!r})"

    def _of(self, value: Any) -> str:
        if isinstance(value, Enum):
            return repr(value.value)
        if isinstance(value, list):
            return f"[{', '.join(map(self._of, value))}]"
        if isinstance(value, datetime.datetime | datetime.date):
            self.has_dates = True
            return repr(value).replace("datetime.timezone.utc", "datetime.UTC")
        if not hasattr(value, "to_dict"):
            return repr(value)
        name = type(value).__name__
        self.models.add(name)
        given = [
            f"{each.name}={self._of(getattr(value, each.name))}"
            for each in type(value)._properties
            if getattr(value, each.name) is not UNSET
        ]
        extra = value.additional_properties
        if extra:
            items = ", ".join(f"{key!r}: {self._of(item)}" for key, item in extra.items())
            given.append(
                f"{{{items}}}"
                if not type(value)._properties
                else f"additional_properties={{{items}}}"
            )
        return f"{name}({', '.join(given)})"


def typed_body(annotation: str, body: Any) -> Any:
    """Make of a JSON value what an operation takes.

    Args:
        annotation: The type that the generated function declares.
        body: The JSON value.

    Returns:
        A model, a list of models, or the value as it is.
    """
    name = annotation.partition("|")[0].strip()
    item = name.removeprefix("list[").removesuffix("]")
    model = getattr(models, item, None) if item.isidentifier() and item[:1].isupper() else None
    if model is None or not hasattr(model, "from_dict"):
        return body
    if isinstance(body, list):
        return [model.from_dict(each) for each in body]
    return model.from_dict(body)
