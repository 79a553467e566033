# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Models as dictionaries under Python names or with Python values, and as the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from ..declare.conversion import ANY, ListOf, Nullable
from ..declare.unset import UNSET
from .converters import encoder
from .interpreting import models_of

if TYPE_CHECKING:
    from types import ModuleType

    from ..declare.conversion import Converter

__all__ = ["columns_of", "to_plain", "to_records"]


class _Form(NamedTuple):
    python_names: bool
    json: bool
    #: The same keys for each model of a class, whatever is set.
    is_record: bool = False


def to_plain(model: Any, *, python_names: bool, json: bool) -> dict[str, Any]:
    """Write a model as a dictionary; `Model.to_dict` with its options.

    Args:
        model: The model.
        python_names: Whether the keys are the names in Python.
        json: Whether the values are those of JSON.

    Returns:
        A new dictionary.
    """
    return _model(model, _Form(python_names, json))


def to_records(models: Iterable[Any]) -> list[dict[str, Any]]:
    """Write models as the rows of a table.

    Args:
        models: The models, or other rows that have a method `to_record`.

    Returns:
        A dictionary for each.

    Raises:
        TypeError: It is no iterable of models.
    """
    if _is_model(models) or not isinstance(models, Iterable):
        raise TypeError(f"expected an iterable of models, got {type(models).__name__}")
    return [_record(each) for each in models]


def columns_of(model: type[Any]) -> list[str]:
    """Name the columns of the rows that `to_records` makes of a class of models.

    Args:
        model: The class.

    Returns:
        The names.

    Raises:
        TypeError: It is no such class.
    """
    if not isinstance(model, type) or not hasattr(model, "_properties"):
        raise TypeError(f"expected a class of models, got {model!r}")
    return [item.name for item in model._properties]


def _record(row: Any) -> dict[str, Any]:
    if _is_model(row):
        return _model(row, _Form(python_names=True, json=False, is_record=True))
    if hasattr(row, "to_record"):
        record: dict[str, Any] = row.to_record()
        return record
    raise TypeError(f"expected an iterable of models, got {type(row).__name__} in it")


def _is_model(value: Any) -> bool:
    return hasattr(type(value), "_properties")


def _model(model: Any, form: _Form) -> dict[str, Any]:
    models = models_of(type(model))
    result: dict[str, Any] = {}
    if not form.is_record or not model._properties:  # what a map holds are no extra fields
        names = {item.key: item.name for item in model._properties} if form.python_names else {}
        for key, value in (model._unlisted or {}).items():
            if value is not UNSET:
                result[names.get(key, key)] = _value(value, model._additional, models, form)
    for item in model._properties:
        value = getattr(model, item.name)
        is_set = value is not UNSET and (value is not None or item.converter.nullable)
        if is_set or form.is_record:
            name = item.name if form.python_names else item.key
            result[name] = _value(value, item.converter, models, form)
    return result


def _value(value: Any, kind: Converter, models: ModuleType, form: _Form) -> Any:
    if value is None or value is UNSET:
        return None
    if _is_model(value):
        if form.is_record:
            return _model(value, form)
        return value.to_dict(python_names=form.python_names, json=form.json)  # a user's own counts
    if isinstance(kind, Nullable):
        kind = kind.inner
    if isinstance(value, Mapping):
        items = value.items()
        return {key: _value(item, ANY, models, form) for key, item in items if item is not UNSET}
    if isinstance(value, (list, tuple)):
        inner = kind.item if isinstance(kind, ListOf) else ANY
        return [_value(item, inner, models, form) for item in value]
    if form.json:
        encode = encoder(kind, models)
        return value if encode is None else encode(value)
    return value.value if form.is_record and isinstance(value, Enum) else value
