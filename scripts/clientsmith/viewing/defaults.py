"""The defaults of properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openapi_python_client.schema.untrusted_string import UntrustedString

from clientsmith.errors import PipelineError
from clientsmith.viewing.kinds import plain
from clientsmith.viewing.texts import literal, text

if TYPE_CHECKING:
    from clientsmith.viewing.kinds import Kind


def default_value(schema: Any, schemas: dict[str, Any]) -> Any:
    """Read a default: of a schema, beside a reference, or of what that leads to.

    Args:
        schema: The schema as the generator's object.
        schemas: The component schemas of the bundled document.

    Returns:
        The default as it stands in the document, or None where there is none.
    """
    found = getattr(schema, "default", None)
    if found is None:
        found = (getattr(schema, "model_extra", None) or {}).get("default")
    if found is None:
        found = plain(schema, schemas).get("default")
    return text(found) if isinstance(found, UntrustedString) else found


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
