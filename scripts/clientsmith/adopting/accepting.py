"""Reads a document that others maintain as a specification of the pipeline."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from clientsmith.adopting.naming import rename_components
from clientsmith.adopting.operations import Operations, references
from clientsmith.adopting.references import resolve_references
from clientsmith.adopting.schemas import Schemas
from clientsmith.adopting.swagger import converted
from clientsmith.errors import PipelineError, Problems, raise_all
from clientsmith.reading.grammar import COMPONENT_SECTIONS
from clientsmith.viewing.taken import TAKEN_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clientsmith.adopting.notes import Notes
    from clientsmith.reading.documents import Document

__all__ = ["accept"]

_VERSION = re.compile(r"3\.[0-2]\.")


def accept(
    document: Document,
    content: dict[str, Any],
    notes: Notes,
    left_out: Iterable[str] = (),
    tag: str = "first",
) -> dict[str, Any]:
    """Bring a document into the form that the pipeline reads.

    Args:
        document: The file, for messages and for what it refers to.
        content: What is in it, overlays applied; it is not changed.
        notes: Takes what was done.
        left_out: Operations to leave out, by operationId or as `METHOD /path`.
        tag: Which of several tags counts: `first` or `last`.

    Returns:
        An OpenAPI 3.1 document.

    Raises:
        PipelineError: It is no OpenAPI document, or a reference leads nowhere.
    """
    content = copy.deepcopy(content)
    if str(content.get("swagger", "")).startswith("2"):
        content = converted(content, notes)
    version = str(content.get("openapi", ""))
    if not _VERSION.match(f"{version}."):
        raise PipelineError(
            f"expected OpenAPI 3.0 to 3.2 or Swagger 2, got openapi: {content.get('openapi')!r}",
            document.name,
            "/openapi",
        )
    is_30 = version.startswith("3.0")
    if is_30:
        notes.add("read as OpenAPI 3.1, from 3.0", ())
    content["openapi"] = version if version.startswith("3.1.") else "3.1.0"
    _root(content, notes)
    problems = Problems()
    with problems.collecting():
        resolve_references(document, content, notes)
    with problems.collecting():
        _security_schemes(content, document)
    raise_all(problems)
    schemas = content["components"].get("schemas", {})
    reader = Schemas(schemas, notes, is_30=is_30)
    unread = Operations(content, reader, notes, left_out, tag).read()
    hint = "Write its operationId, or method and path as in 'GET /things/{id}'."
    raise_all(
        [
            PipelineError(f"there is no operation {each!r} to leave out", document.name, hint=hint)
            for each in unread
        ]
    )
    for name in list(schemas):
        schemas[name] = reader.read(schemas[name], ("components", "schemas", name))
    _variants_of_bases(schemas, content)
    _drop_unused(content, notes)
    rename_components(content, TAKEN_CLASSES, notes)
    return content


def _root(content: dict[str, Any], notes: Notes) -> None:
    for key in ("webhooks", "jsonSchemaDialect", "$self"):
        if key in content:
            del content[key]
            notes.add(f"{key!r} are left out: a client does not call them", (key,))
    info = content.get("info")
    info = info if isinstance(info, dict) else {}
    content["info"] = {
        **info,
        "title": str(info.get("title") or "API"),
        "version": str(info.get("version") or "1"),
    }
    if not isinstance(content.get("paths"), dict):
        content["paths"] = {}
    components = content.get("components")
    components = components if isinstance(components, dict) else {}
    sections = {*COMPONENT_SECTIONS.values(), "securitySchemes"}
    content["components"] = {
        section: values
        for section, values in components.items()
        if section in sections and isinstance(values, dict)
    }
    for section in components:
        if section not in sections and section in {"links", "callbacks"}:
            notes.add(f"{section!r} are left out", ("components", section))
    for key in list(content):
        if key not in {"openapi", "info", "paths", "components", "servers", "security", "tags"}:
            del content[key]
    servers = content.get("servers")
    if servers is not None and not isinstance(servers, list):
        del content["servers"]
    content["components"].pop("examples", None)


def _security_schemes(content: dict[str, Any], document: Document) -> None:
    problems: list[PipelineError] = []
    schemes = content["components"].get("securitySchemes", {})
    for name, scheme in list(schemes.items()):
        steps = 0
        while isinstance(scheme, dict) and "$ref" in scheme and steps < 64:
            scheme = schemes.get(scheme["$ref"].rpartition("/")[2])
            steps += 1
        if not isinstance(scheme, dict):
            problems.append(
                PipelineError(
                    f"the security scheme {name!r} is not defined",
                    document.name,
                    f"/components/securitySchemes/{name}",
                )
            )
        schemes[name] = scheme
    raise_all(problems)
    security = content.get("security")
    if security is not None:
        content["security"] = [
            each
            for each in (security if isinstance(security, list) else [])
            if isinstance(each, dict) and all(name in schemes for name in each)
        ]


def _variants_of_bases(schemas: dict[str, Any], content: dict[str, Any]) -> None:
    """Read a schema with a discriminator as what its variants say that they are.

    The older way to write a union: the base has the discriminator, and each variant has the base in
    its `allOf`.
    """
    variants: dict[str, list[str]] = {}
    for name, schema in schemas.items():
        for block in schema.get("allOf", ()):
            base = str(block.get("$ref", "")).rpartition("/")[2] if isinstance(block, dict) else ""
            if base:
                variants.setdefault(base, []).append(name)
    for base, names in variants.items():
        discriminator = schemas.get(base, {}).get("x-discriminator")
        if not isinstance(discriminator, dict) or len(names) < 2:
            continue
        union = f"Any{base[:1].upper()}{base[1:]}"
        while union in schemas:
            union += "_"
        own = f"#/components/schemas/{base}"
        for value in (content["paths"], content["components"]):
            _point_to(value, own, f"#/components/schemas/{union}")
        schemas[union] = {
            "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in names],
            "discriminator": discriminator,
        }
    for schema in schemas.values():
        schema.pop("x-discriminator", None)


def _point_to(value: Any, old: str, new: str) -> None:
    """Change references, but for those that an `allOf` builds on."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            if each.get("$ref") == old:
                each["$ref"] = new
            waiting += [
                inner for key, inner in each.items() if key not in {"allOf", "discriminator"}
            ]
            waiting += (
                [
                    block
                    for block in each.get("allOf", ())
                    if isinstance(block, dict) and "$ref" not in block
                ]
                if isinstance(each.get("allOf"), list)
                else []
            )


def _drop_unused(content: dict[str, Any], notes: Notes) -> None:
    components = content["components"]
    reached: set[tuple[str, str]] = set()
    waiting: list[Any] = [content["paths"]]
    while waiting:
        for reference in references(waiting.pop()):
            _, _, section, name = reference.split("/", 3)
            name = name.replace("~1", "/").replace("~0", "~")
            if (section, name) not in reached and name in components.get(section, {}):
                reached.add((section, name))
                waiting.append(components[section][name])
    for section in list(components):
        if section == "securitySchemes":
            continue
        for name in list(components[section]):
            if (section, name) not in reached:
                del components[section][name]
                if section != "parameters":  # each operation has its own copy of those of its path
                    notes.add("what no operation uses is left out", ("components", section, name))
        if not components[section]:
            del components[section]
    # A mapping of a discriminator can name what is left out.
    schemas = components.get("schemas", {})
    for value in json_objects(content):
        mapping = (
            value.get("discriminator", {}).get("mapping")
            if isinstance(value.get("discriminator"), dict)
            else None
        )
        if isinstance(mapping, dict):
            for key in list(mapping):
                if mapping[key].rpartition("/")[2] not in schemas:
                    del mapping[key]


def json_objects(value: Any) -> list[dict[str, Any]]:
    """List every object in a value."""
    found: list[dict[str, Any]] = []
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            found.append(each)
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return found
