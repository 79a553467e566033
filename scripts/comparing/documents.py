"""The facts of a Swagger 2 or OpenAPI 3 document: operations, what they take and give, schemas.

Descriptions, examples and the order of things do not count, nor do the names of path parameters and
how the words of a tag are joined: nobody sends them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from clientsmith.errors import PipelineError

from comparing.facts import ANYTHING, Fact
from comparing.schema_types import Types, child

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_NO_BODY = "no body"


class ApiDocument:
    """A Swagger 2 or OpenAPI 3 document.

    Args:
        content: What the file holds.
        name: What errors call it.

    Raises:
        PipelineError: It is no such document.
    """

    def __init__(self, content: Mapping[str, Any], name: str) -> None:
        self.content = content
        self.name = name
        version = str(content.get("swagger") or content.get("openapi") or "")
        if not version.startswith(("2.", "3.")):
            raise PipelineError(
                "is not a Swagger 2 or OpenAPI 3 document",
                name,
                hint="It must begin with 'swagger: \"2.0\"' or 'openapi: 3.x.y'.",
            )
        self._is_swagger = version.startswith("2.")
        self._types = Types(content, name)
        self._prefix = self._path_prefix().rstrip("/")

    def paths(self) -> dict[str, str]:
        """Give the paths by what they are apart from the names of their parameters."""
        return {_anonymous(self._prefix + path): self._prefix + path for path in self._paths()}

    def schemas(self) -> dict[str, Any]:
        """Give the named schemas."""
        if self._is_swagger:
            return self._mapping(self.content.get("definitions", {}), "/definitions")
        components = self._mapping(self.content.get("components", {}), "/components")
        return self._mapping(components.get("schemas", {}), "/components/schemas")

    def enumerations(self) -> set[str]:
        """Give the names of the schemas that are enumerations."""
        return {
            name
            for name, schema in self.schemas().items()
            if self._types.values(schema, child(self._schemas_place(), name)) is not None
        }

    def operations(self) -> set[tuple[str, str]]:
        """Give the operations: method and path, apart from the names of its parameters."""
        return {
            (method, _anonymous(self._prefix + path))
            for path, item in self._paths().items()
            for method in _METHODS
            if method in self._types.resolve(item, child("/paths", path))
        }

    def without_deprecated(self, other: ApiDocument) -> ApiDocument:
        """Leave out deprecated operations that another document does not have.

        Args:
            other: The other document.

        Returns:
            A document without them, and without the schemas that only they reach.
        """
        known = other.operations()
        gone: set[str] = set()
        kept: set[str] = set()
        paths: dict[str, Any] = {}
        for path, item in self._paths().items():
            resolved = self._types.resolve(item, child("/paths", path))
            paths[path] = dict(resolved)
            for method in _METHODS:
                if method in resolved:
                    key = (method, _anonymous(self._prefix + path))
                    is_gone = resolved[method].get("deprecated") is True and key not in known
                    (gone if is_gone else kept).update(self._reached(resolved[method]))
                    if is_gone:
                        del paths[path][method]
            kept.update(self._reached(resolved.get("parameters", [])))
        schemas = {
            name: schema
            for name, schema in self.schemas().items()
            if name in kept or name not in gone
        }
        return ApiDocument(self._with(paths, schemas), self.name)

    def _reached(self, value: Any) -> set[str]:
        """Find the names of all schemas that something refers to, directly or not."""
        prefix = "#" + self._schemas_place() + "/"
        seen: set[str] = set()
        waiting = list(_references(value))
        while waiting:
            reference = waiting.pop()
            if reference not in seen:
                seen.add(reference)
                waiting += _references(self._types.resolve({"$ref": reference}, ""))
        return {each.removeprefix(prefix) for each in seen if each.startswith(prefix)}

    def _with(self, paths: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
        if self._is_swagger:
            return {**self.content, "paths": paths, "definitions": schemas}
        components = {**self.content.get("components", {}), "schemas": schemas}
        return {**self.content, "paths": paths, "components": components}

    def facts(self, paths: Mapping[str, str], enumerations: Iterable[str]) -> dict[str, Fact]:
        """List the facts.

        Args:
            paths: The text of paths by what `paths` knows them by, so that the same path has the
                same place on both sides, whatever its parameters are called.
            enumerations: The named enumerations that are compared by name; others count only
                where they are used.

        Returns:
            The facts by place.

        Raises:
            PipelineError: The document is broken.
        """
        result: dict[str, Fact] = {}
        for path, item in self._paths().items():
            text = self._prefix + path
            place = child("/paths", path)
            item = self._types.resolve(item, place)
            shown = paths.get(_anonymous(text), text)
            names = dict(zip(_VARIABLE.findall(text), _VARIABLE.findall(shown), strict=True))
            for method in _METHODS:
                if method in item:
                    name = f"{method.upper()} {shown}"
                    result.update(self._operation(name, item, method, place, names))
        for name, schema in self.schemas().items():
            place = child(self._schemas_place(), name)
            result.update(self._schema(name, schema, place, set(enumerations)))
        return result

    def _operation(
        self,
        name: str,
        item: dict[str, Any],
        method: str,
        place: str,
        path_names: Mapping[str, str],
    ) -> Iterator[tuple[str, Fact]]:
        operation = self._mapping(item[method], child(place, method))
        yield name, Fact("operation")
        yield f"{name} operationId", Fact("name", str(operation.get("operationId", "")), name)
        tags = ", ".join(sorted(_words(str(tag)) for tag in operation.get("tags") or ()))
        yield f"{name} tags", Fact("name", tags, name)
        if operation.get("deprecated"):
            yield f"{name} deprecated", Fact("deprecation", "", name)
        # Parameters of the path hold for all of its operations, which may have their own instead.
        parameters: dict[tuple[str, str], tuple[dict[str, Any], str]] = {}
        for owner, where in ((item, place), (operation, child(place, method))):
            entries = owner.get("parameters", [])
            if not isinstance(entries, list):
                raise PipelineError("expected an array", self.name, child(where, "parameters"))
            for index, entry in enumerate(entries):
                inside = child(where, "parameters", index)
                parameter = self._types.resolve(entry, inside)
                key = (str(parameter.get("in")), str(parameter.get("name")))
                parameters[key] = (parameter, inside)
        form = {
            key: parameters.pop(key) for key in list(parameters) if key[0] in {"body", "formData"}
        }
        for (kind, parameter_name), (parameter, inside) in parameters.items():
            if kind == "path":
                variable = f"{{{parameter_name}}}"
                parameter_name = path_names.get(variable, variable)[1:-1]
            yield from self._parameter(f"{name} {kind} {parameter_name}", parameter, inside, name)
        yield from self._request(name, operation, form, child(place, method))
        responses = self._mapping(
            operation.get("responses") or {}, child(place, method, "responses")
        )
        for status, entry in responses.items():
            inside = child(place, method, "responses", status)
            yield from self._response(f"{name} {status}", operation, entry, inside, name)

    def _parameter(
        self, name: str, parameter: dict[str, Any], place: str, operation: str
    ) -> Iterator[tuple[str, Fact]]:
        schema: Any = parameter if self._is_swagger else parameter.get("schema")
        if schema is None:  # by media type
            content = self._mapping(parameter.get("content") or {}, place)
            schema = next((item.get("schema", True) for item in content.values()), True)
        required = ", required" if parameter.get("required") else ""
        if self._is_swagger:  # `required` is a flag here, not a list of properties
            schema = {key: value for key, value in schema.items() if key != "required"}
        yield from self._typed(name, "parameter", schema, place, operation, required)

    def _request(
        self,
        name: str,
        operation: dict[str, Any],
        form: dict[tuple[str, str], tuple[dict[str, Any], str]],
        place: str,
    ) -> Iterator[tuple[str, Fact]]:
        media: dict[str, Any] = {}
        if self._is_swagger:
            consumed = operation.get("consumes") or self.content.get("consumes") or [ANYTHING]
            schema: Any
            if "formData" in {kind for kind, _ in form}:
                properties = {
                    key: {k: v for k, v in parameter.items() if k not in {"in", "name", "required"}}
                    for (_, key), (parameter, _) in form.items()
                }
                required = [key for (_, key), (found, _) in form.items() if found.get("required")]
                schema = {"type": "object", "properties": properties, "required": required}
                media = {key: {"schema": schema} for key in consumed}
            else:
                for parameter, _ in form.values():
                    schema = parameter.get("schema", True)
                    media = {key: {"schema": schema} for key in consumed}
        elif operation.get("requestBody") is not None:
            inside = child(place, "requestBody")
            body = self._types.resolve(operation["requestBody"], inside)
            if not body.get("x-empty"):  # only its type is sent
                media = self._mapping(body.get("content") or {}, inside)
        if media:
            yield from self._content(f"{name} body", "body", media, place, name)

    def _response(
        self, name: str, operation: dict[str, Any], entry: Any, place: str, parent: str
    ) -> Iterator[tuple[str, Fact]]:
        response = self._types.resolve(entry, place)
        if self._is_swagger:
            produced = operation.get("produces") or self.content.get("produces") or [ANYTHING]
            schema = response.get("schema")
            media = {} if schema is None else {key: {"schema": schema} for key in produced}
        else:
            media = self._mapping(response.get("content") or {}, place)
        yield from self._content(name, "response", media, place, parent)

    def _content(
        self, name: str, kind: str, media: Mapping[str, Any], place: str, parent: str
    ) -> Iterator[tuple[str, Fact]]:
        if not media:
            yield name, Fact(kind, _NO_BODY, parent)
            return
        texts = {
            media_type: self._types.text(
                (content or {}).get("schema", True), child(place, media_type)
            )
            for media_type, content in media.items()
        }
        kinds = sorted(set(texts.values()))
        yield name, Fact(kind, " or ".join(kinds), parent)
        media_types = ", ".join(sorted(texts))
        yield (
            f"{name} media type",
            Fact("media type", media_types, name, "media", belongs_to_value=True),
        )

    def _schema(
        self, name: str, schema: Any, place: str, enumerations: set[str]
    ) -> Iterator[tuple[str, Fact]]:
        full_name = f"schema {name}"
        if self._types.values(schema, place) is not None:
            if name in enumerations:
                yield from self._typed(full_name, "enumeration", schema, place, None, "")
            return
        properties = self._types.properties(schema, place)
        if properties is None:
            yield full_name, Fact("schema", self._types.text(schema, place))
            return
        resolved = self._types.resolve(schema, place)
        additional = resolved.get("additionalProperties")
        value = "object"
        if isinstance(additional, dict) and additional:
            value += (
                f", map of {self._types.text(additional, child(place, 'additionalProperties'))}"
            )
        yield full_name, Fact("schema", value)
        required = self._types.required(schema, place)
        for key, inner in properties.items():
            suffix = ", required" if key in required else ""
            inside = child(place, "properties", key)
            yield from self._typed(
                f"{full_name}.{key}", "property", inner, inside, full_name, suffix
            )

    def _typed(
        self, name: str, kind: str, schema: Any, place: str, parent: str | None, suffix: str
    ) -> Iterator[tuple[str, Fact]]:
        """Give the fact of a type, and one for each value where it is an enumeration."""
        values = self._types.values(schema, place)
        if values is None:
            yield name, Fact(kind, self._types.text(schema, place) + suffix, parent)
            return
        null = " or null" if self._types.is_nullable(schema, place) else ""
        yield name, Fact(kind, f"enumeration{null}{suffix}", parent)
        for value in values:
            yield f"{name} = {value}", Fact("value", "", name, belongs_to_value=True)

    def _paths(self) -> dict[str, Any]:
        return self._mapping(self.content.get("paths"), "/paths")

    def _schemas_place(self) -> str:
        return "/definitions" if self._is_swagger else "/components/schemas"

    def _path_prefix(self) -> str:
        if self._is_swagger:
            return str(self.content.get("basePath") or "")
        servers = self.content.get("servers")
        if not isinstance(servers, list) or not servers or not isinstance(servers[0], dict):
            return ""
        url = str(servers[0].get("url") or "")
        for key, variable in (servers[0].get("variables") or {}).items():
            url = url.replace(f"{{{key}}}", str(variable.get("default", "")))
        return urlsplit(url).path

    def _mapping(self, value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise PipelineError("expected a mapping", self.name, place)
        return value


def document_facts(
    theirs: ApiDocument, ours: ApiDocument
) -> tuple[dict[str, Fact], dict[str, Fact]]:
    """List the facts of two documents so that the same thing has the same place in both.

    What only older servers have (our deprecated operations that they do not list, and the schemas
    that nothing else reaches) is left out.

    Args:
        theirs: The document to measure against.
        ours: Our document.

    Returns:
        The facts of each.

    Raises:
        PipelineError: One of the documents is broken.
    """
    ours = ours.without_deprecated(theirs)
    paths = {**theirs.paths(), **ours.paths()}
    enumerations = theirs.enumerations() & ours.enumerations()
    return theirs.facts(paths, enumerations), ours.facts(paths, enumerations)


_VARIABLE = re.compile(r"\{[^}]*\}")


def _anonymous(path: str) -> str:
    return _VARIABLE.sub("{}", path)


def _words(tag: str) -> str:
    """Write a tag in snake case, whether it was in that, in CamelCase or had spaces."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[\s-]+", "_", tag).lower()


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str):
            yield reference
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
