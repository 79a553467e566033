"""The defaults of properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientsmith.errors import PipelineError
from clientsmith.viewing.texts import literal
from clientsmith.viewing.types import plain

if TYPE_CHECKING:
    from clientsmith.viewing.kinds import Kind


def default_value(schema: Any, schemas: dict[str, Any]) -> Any:
    """Read a default: of a schema, beside a reference, or of what that leads to.

    Args:
        schema: The schema.
        schemas: The component schemas of the lowered document.

    Returns:
        The default as it stands in the document, or None where there is none.
    """
    if not isinstance(schema, dict):
        return None
    found = schema.get("default")
    return plain(schema, schemas).get("default") if found is None else found


def default_expression(kind: Kind, value: Any) -> str:
    """Write the default of a property as Python.

    Args:
        kind: The kind of the property; no enumeration.
        value: The default as it stands in the document.

    Returns:
        An expression.

    Raises:
        PipelineError: There is none for values of this kind, or the default is of another kind.
    """
    expression = literal(value) if isinstance(value, str) else repr(value)
    if f"Literal[{expression}]" in kind.annotation:
        return expression
    match value:
        case bool():
            fits = kind.names("bool")
        case int() | float():
            fits = kind.names("float") or (isinstance(value, int) and kind.names("int"))
        case str():
            fits = kind.names("str") and not kind.names("Literal")
        case _:
            fits = False
    if not fits:
        raise PipelineError(
            f"the default {expression} of a value of type {kind.annotation} cannot be generated"
        )
    return expression


__all__ = ["default_expression", "default_value"]
