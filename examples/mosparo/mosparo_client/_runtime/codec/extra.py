# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The dictionary of a model's additional properties, made when somebody asks for it.

A dictionary for each model, most of them empty, takes a tenth of the time of reading.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

__all__ = ["make_on_demand"]

_LOCK = Lock()


def make_on_demand(model: type[Any]) -> None:
    """Let `additional_properties` make the dictionary, and `_unlisted` be its slot.

    Generated classes list `additional_properties` as an attrs field. attrs finds a slot of that
    name in this class, so it gives them none, and passes on what is there in its place.

    Args:
        model: The base class of all models, which has a slot of that name.
    """
    if not TYPE_CHECKING:  # type checkers know both as attributes
        model._unlisted = model.__dict__["additional_properties"]
        model.additional_properties = property(_get, _set)


def _get(model: Any) -> dict[str, Any]:
    unlisted: dict[str, Any] | None = model._unlisted
    if unlisted is None:
        with _LOCK:  # two threads must not get two dictionaries
            unlisted = model._unlisted
            if unlisted is None:
                unlisted = model._unlisted = {}
    return unlisted


def _set(model: Any, value: dict[str, Any]) -> None:
    model._unlisted = value
