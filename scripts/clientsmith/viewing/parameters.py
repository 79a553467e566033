"""How parameters are written that are lists or objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientsmith.errors import PipelineError

if TYPE_CHECKING:
    from clientsmith.viewing.types import Types

__all__ = ["bounds_of", "parameter_schema", "style_of"]

_USUAL = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_SEPARATED = {"spaceDelimited": "space", "pipeDelimited": "pipe", "simple": "comma"}


def parameter_schema(parameter: dict[str, Any]) -> Any:
    """Give the schema of a parameter, which may stand below a media type."""
    if "schema" in parameter:
        return parameter["schema"]
    for media in parameter.get("content", {}).values():
        return media.get("schema", {})
    return {}


def bounds_of(schema: Any) -> tuple[float | None, float | None]:
    """Find the lowest and the highest value that a parameter may have.

    Args:
        schema: The schema of the parameter.

    Returns:
        The bounds that the value itself may have; None for no such bound.
    """
    kinds = schema.get("type") if isinstance(schema, dict) else None
    if not {"integer", "number"} & {*(kinds if isinstance(kinds, list) else [kinds])}:
        return None, None
    return schema.get("minimum"), schema.get("maximum")


def style_of(parameter: dict[str, Any], types: Types) -> str:
    """Find the style in which the runtime writes a parameter.

    Args:
        parameter: The parameter.
        types: The schemas of the document.

    Returns:
        A style of `exchange.styles` of the runtime; empty for one value, or one pair for each item.

    Raises:
        PipelineError: The runtime has no such style.
    """
    if "schema" not in parameter:
        return "json"
    style = parameter.get("style", _USUAL[parameter["in"]])
    explode = parameter.get("explode", style == "form")
    is_list, is_object = _holds(parameter["schema"], types, ())
    if not is_list and not is_object:
        return ""
    if style == "deepObject":
        return "deep" if is_object else ""
    if style == "form":
        if not explode:
            return "comma"
        return "fields" if is_object else ""
    if style in _SEPARATED and not (is_object and explode):
        return "" if explode and style != "simple" else _SEPARATED[style]
    raise PipelineError(
        f"the style {style!r} of the parameter {parameter['name']!r} cannot be generated"
    )


def _holds(schema: Any, types: Types, inside: tuple[int, ...]) -> tuple[bool, bool]:
    """Tell whether a value can be a list, and whether it can be an object."""
    found = types.plain(schema)
    if id(found) in inside:
        return False, False
    kinds = found.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    is_list, is_object = "array" in kinds, "object" in kinds or "properties" in found
    for each in (*found.get("anyOf", ()), *found.get("oneOf", ())):
        inner = _holds(each, types, (*inside, id(found)))
        is_list, is_object = is_list or inner[0], is_object or inner[1]
    return is_list, is_object
