"""What jobs are told: checked, and put into a form that can be read more than once."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from .._runtime.codec.encoding import encode_any
from .._runtime.codec.interpreting import generated_class
from .._runtime.codec.model import Model
from .._runtime.codec.unknown_values import as_list, check_keys
from .._runtime.codec.warned import warn_once
from .._runtime.declare.conversion import STRING, ListOf, ModelOf
from .._runtime.declare.unset import UNSET
from ..client import models
from ..client.errors import DecodeError, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["settled"]

T = TypeVar("T")

_TAGS = (
    "tags of filters restrict nothing: DQOps accepts and ignores them, so that everything runs and "
    "counts that the other filters select; use labels"
)

# Here an empty string is a name like any other, or stands for all and is the only way to say so.
_MAY_BE_EMPTY = frozenset({"schema_name", "table_name_contains", "where_filter"})


def settled(parameters: T) -> T:
    """Check the parameters of a job, and replace what can be read only once.

    A job may have to be sent twice, and a gate judges by the same filters.

    Args:
        parameters: The parameters or filters; what is no model is left as it is.

    Returns:
        The same; a copy if lists stand for other iterables in it, or models for dictionaries.

    Raises:
        InvalidRequest: A name is empty, which would select everything, or something is no list.
    """
    if not isinstance(parameters, Model):
        return parameters
    found = dict(_replacements(parameters))
    if not found:
        return parameters
    copied = copy.copy(parameters)
    for name, value in found.items():
        setattr(copied, name, value)
    return copied


def _replacements(parameters: Model) -> Iterator[tuple[str, Any]]:
    name = generated_class(type(parameters)).__name__
    check_keys(models, name, parameters.additional_properties, extra=True)
    for item in parameters._properties:
        value = getattr(parameters, item.name)
        if value is UNSET or value is None:
            continue
        kind = item.converter
        try:
            if kind is STRING and isinstance(value, str):
                _check_name(item.name, value)
            elif isinstance(kind, ListOf):
                listed = value if type(value) is list else list(as_list(value))
                if item.name == "tags" and listed:
                    warn_once("tags of filters", _TAGS)
                if listed is not value:
                    yield item.name, listed
            elif isinstance(kind, ModelOf):
                inner = settled(_model(kind.name, value))
                if inner is not value:
                    yield item.name, inner
        except InvalidRequest as error:
            raise _refused(f"{type(parameters).__name__}: {item.name}: {error}") from None


def _check_name(name: str, value: str) -> None:
    if not value and name not in _MAY_BE_EMPTY:
        raise InvalidRequest(
            "an empty string would select everything; leave it out if that is meant"
        )
    schema, dot, table = value.partition(".")
    if name == "full_table_name" and dot and not (schema and table):
        empty = "table" if schema else "schema"
        raise InvalidRequest(
            f"the name of the {empty} is empty in {value!r}; write '*' for every {empty}"
        )


def _model(name: str, value: Any) -> Any:
    """Make a model of a dictionary, whose keys are the names in JSON."""
    if not isinstance(value, Mapping):
        if not isinstance(value, getattr(models, name)):
            raise InvalidRequest(f"expected {name}, got {type(value).__name__}")
        return value
    check_keys(models, name, value)
    try:
        return getattr(models, name).from_dict(encode_any(value))
    except DecodeError as error:
        raise InvalidRequest(str(error)) from None


def _refused(told: str) -> InvalidRequest:
    end = "; nothing was sent"
    if told.endswith("?"):
        end = " Nothing was sent"
    return InvalidRequest(told if told.endswith(end) else told + end)
