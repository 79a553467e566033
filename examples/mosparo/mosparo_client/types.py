# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Shared types of the generated operations and models.

`File`, `FileJsonType` and `Response` are loaded when they are first named: an operation needs them
only once it is called.
"""

from __future__ import annotations

from ._runtime.declare.unset import UNSET as UNSET
from ._runtime.declare.unset import Unset as Unset
from ._runtime.declare.unset import is_set as is_set
from ._runtime.declare.unset import or_none as or_none

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ._runtime.client.call_options import CallOptions as CallOptions
    from ._runtime.declare.response import File as File
    from ._runtime.declare.response import FileJsonType as FileJsonType
    from ._runtime.declare.response import Response as Response

__all__ = [
    "UNSET",
    "CallOptions",
    "File",
    "FileJsonType",
    "Response",
    "Unset",
    "columns_of",
    "is_set",
    "or_none",
    "to_json",
    "to_records",
]


def to_json(value: object) -> Any:
    """Write what `json` cannot: `json.dumps(models, default=to_json)`.

    Args:
        value: A model, a date, a time or an UUID; `UNSET` becomes null.

    Returns:
        What `json` can write.

    Raises:
        TypeError: It is something else.
    """
    from ._runtime.codec.encoding import encode_any

    if value is UNSET:
        return None
    written = encode_any(value)
    if written is value:
        raise TypeError(f"object of type {type(value).__name__} is not JSON serializable")
    return written


def columns_of(model: type[Any]) -> list[str]:
    """Name the columns of a class's rows, which a frame without a row needs, too.

    `pandas.DataFrame(to_records(incidents), columns=columns_of(IncidentModel))` always has the same
    columns; polars calls them `schema`.

    Args:
        model: The class.

    Returns:
        The names, in the order of the rows.

    Raises:
        TypeError: It is no class of models.
    """
    from ._runtime.codec import plain

    return plain.columns_of(model)


def to_records(models: Iterable[Any]) -> list[dict[str, Any]]:
    """Write models as the rows of a table: `pandas.DataFrame(to_records(models))`.

    Args:
        models: The models, all of one class; rows with a method `to_record` will do as well.

    Returns:
        A dictionary for each, with all properties under their Python names: None for what was left
        out, strings and numbers for members of enumerations, `datetime` for times. Models in it are
        such dictionaries. Extra fields are not in it, so each row has the same keys.

    Raises:
        TypeError: It is no iterable of models.
    """
    from ._runtime.codec import plain

    return plain.to_records(models)


if not TYPE_CHECKING:
    # Out of sight of type checkers, which would let every misspelt name pass.
    def __getattr__(name: str) -> Any:
        if name == "CallOptions":
            from ._runtime.client import call_options

            return call_options.CallOptions
        if name in __all__:
            from ._runtime.declare import response

            return getattr(response, name)
        from ._runtime.suggestions import no_such_name

        raise no_such_name(__name__, name, __all__)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
