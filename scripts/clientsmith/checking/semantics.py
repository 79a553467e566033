"""What a specification must fulfil beyond the schema of OpenAPI, for code to come out of it."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from clientsmith.errors import Problems, raise_all
from clientsmith.reading.grammar import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientsmith.reading.bundle import Bundle
    from clientsmith.reading.documents import Location

_TEMPLATE_VARIABLE = re.compile(r"\{([^{}]*)\}")


def check_paths(bundle: Bundle) -> None:
    """Check that no path is there twice.

    Args:
        bundle: A bundle that has the structure of OpenAPI.

    Raises:
        PipelineError: Two paths are the same.
    """
    templates: dict[str, str] = {}
    for path in bundle.content.get("paths", {}):
        template = _TEMPLATE_VARIABLE.sub("{}", path)
        other = templates.setdefault(template, path)
        if other != path:
            raise bundle.locate("paths", path).error(
                f"the path {path!r} is the same as {other!r} in {bundle.locate('paths', other)}",
                "Paths that differ only in the names of their parameters are one path.",
            )


def check_operations(bundle: Bundle) -> None:
    """Check operations: names, tags, parameters and security.

    Args:
        bundle: A bundle that has the structure of OpenAPI.

    Raises:
        PipelineError: Something does not fit together.
    """
    problems = Problems()
    identifiers: dict[str, Location] = {}
    tags = [tag["name"] for tag in bundle.content.get("tags", [])]
    for path, method, operation, item in _operations(bundle):
        with problems.collecting():
            _check_operation(bundle, path, method, operation, item, identifiers, tags)
    with problems.collecting():
        _check_security(bundle, bundle.content.get("security", []), bundle.locate())
    raise_all(problems)


def check_schemas(bundle: Bundle) -> None:
    """Check that `required` and `x-always-sent` of schemas list properties that they have.

    Args:
        bundle: A bundle that is valid OpenAPI.

    Raises:
        PipelineError: A property is listed, but there is no such property.
    """
    problems = Problems()
    for name, schema in bundle.content.get("components", {}).get("schemas", {}).items():
        with problems.collecting():
            _check_required(schema, bundle, ("components", "schemas", name))
    raise_all(problems)


def _operations(bundle: Bundle) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    for path, item in bundle.content.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method], item


def _check_operation(
    bundle: Bundle,
    path: str,
    method: str,
    operation: dict[str, Any],
    item: dict[str, Any],
    identifiers: dict[str, Location],
    tags: list[str],
) -> None:
    location = bundle.locate("paths", path, method)
    identifier = operation.get("operationId")
    if not identifier:
        raise location.error("the operation has no operationId", "It names the generated module.")
    other = identifiers.setdefault(identifier, location)
    if other != location:
        raise location.child("operationId").error(
            f"the operationId {identifier!r} is used twice: here and in {other}"
        )
    if not operation.get("tags"):
        raise location.error("the operation has no tag", "It names the generated package.")
    if len(operation["tags"]) > 1:
        raise location.child("tags").error(
            "the operation has more than one tag",
            "It would be generated into the package of the first one only.",
        )
    for index, tag in enumerate(operation["tags"]):
        if tags and tag not in tags:
            close = get_close_matches(tag, tags, 1)
            raise location.child("tags", index).error(
                f"the tag {tag!r} is not listed in `tags` of the root document",
                f"Did you mean {close[0]!r}?" if close else None,
            )
    _check_parameters(bundle, path, operation, item, location)
    _check_security(bundle, operation.get("security", []), location)


def _check_parameters(
    bundle: Bundle, path: str, operation: dict[str, Any], item: dict[str, Any], location: Location
) -> None:
    variables = _TEMPLATE_VARIABLE.findall(path)
    for variable in variables:
        if variables.count(variable) > 1:
            raise location.error(f"the path {path!r} has the parameter {variable!r} twice")
    declared: dict[str, None] = {}
    lists = ((item, bundle.locate("paths", path)), (operation, location))
    for holder, holder_location in lists:
        seen: set[tuple[str, str]] = set()
        for index, parameter in enumerate(holder.get("parameters", [])):
            content = _component(bundle, parameter)
            name, where = content["name"], content["in"]
            place = holder_location.child("parameters", index)
            if (name, where) in seen:
                raise place.error(f"the {where} parameter {name!r} is declared twice")
            seen.add((name, where))
            if where == "path":
                declared[name] = None
                if name not in variables:
                    close = get_close_matches(name, variables, 1)
                    raise place.error(
                        f"the path {path!r} has no parameter {name!r}",
                        f"Did you mean {close[0]!r}?" if close else None,
                    )
    for variable in variables:
        if variable not in declared:
            raise location.error(f"the path parameter {variable!r} of {path!r} is not declared")


def _component(bundle: Bundle, value: dict[str, Any]) -> dict[str, Any]:
    """Follow the references of a bundled parameter; the bundle has no dangling ones."""
    while "$ref" in value:
        section, name = value["$ref"].removeprefix("#/components/").split("/")
        value = bundle.content["components"][section][name]
    return value


def _check_security(bundle: Bundle, security: list[dict[str, Any]], location: Location) -> None:
    schemes = bundle.content.get("components", {}).get("securitySchemes", {})
    for index, requirement in enumerate(security):
        for name in requirement:
            if name not in schemes:
                close = get_close_matches(name, schemes, 1)
                raise location.child("security", index, name).error(
                    f"the root document has no security scheme {name!r}",
                    f"Did you mean {close[0]!r}?" if close else None,
                )


def _check_required(schema: Any, bundle: Bundle, place: tuple[str, ...]) -> None:
    """Refuse a listed property that the schema does not have: most likely a misspelling."""
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties", {})
    if not schema.keys() & {"$ref", "allOf", "anyOf", "oneOf", "if"}:
        for keyword, what in (("required", "required"), ("x-always-sent", "always sent")):
            for name in schema.get(keyword, []):
                if name not in properties:
                    close = get_close_matches(name, properties, 1)
                    raise bundle.locate(*place).error(
                        f"the property {name!r} is {what}, but there is no such property",
                        f"Did you mean {close[0]!r}?" if close else None,
                    )
    for name, inner in properties.items():
        _check_required(inner, bundle, (*place, "properties", name))
    for key in ("items", "additionalProperties"):
        _check_required(schema.get(key), bundle, (*place, key))
