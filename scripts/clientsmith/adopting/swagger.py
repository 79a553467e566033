"""Converts Swagger 2 documents to OpenAPI 3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientsmith.reading.grammar import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clientsmith.adopting.notes import Notes

__all__ = ["converted"]

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_SECTIONS = {"definitions": "schemas", "parameters": "parameters", "responses": "responses"}
# What describes a value in a parameter or header of Swagger 2, which has no `schema` there.
_VALUE_KEYS = frozenset(
    [
        "type",
        "format",
        "items",
        "default",
        "enum",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "multipleOf",
    ]
)
_FLOWS = {
    "accessCode": "authorizationCode",
    "application": "clientCredentials",
    "implicit": "implicit",
    "password": "password",
}


def converted(document: dict[str, Any], notes: Notes) -> dict[str, Any]:
    """Convert a document.

    Args:
        document: A Swagger 2 document; it is not changed.
        notes: Takes what was done.

    Returns:
        An OpenAPI 3.0 document.
    """
    notes.add("converted from Swagger 2", ())
    return _Conversion(document).document()


class _Conversion:
    def __init__(self, document: dict[str, Any]) -> None:
        self._old = document

    def document(self) -> dict[str, Any]:
        old = self._old
        components: dict[str, Any] = {
            "schemas": {k: _schema(v) for k, v in old.get("definitions", {}).items()},
            "responses": {
                k: self._response(v, old.get("produces", ()))
                for k, v in old.get("responses", {}).items()
            },
            "parameters": {
                k: self._parameter(v)
                for k, v in old.get("parameters", {}).items()
                if v.get("in") not in {"body", "formData"}
            },
            "securitySchemes": {
                k: _scheme(v) for k, v in old.get("securityDefinitions", {}).items()
            },
        }
        kept: dict[str, Any] = {k: v for k, v in old.items() if k in {"info", "security", "tags"}}
        kept.update({k: v for k, v in old.items() if k.startswith("x-")})
        return {
            "openapi": "3.0.3",
            **kept,
            **self._servers(),
            "paths": {path: self._path(item) for path, item in old.get("paths", {}).items()},
            "components": {section: found for section, found in components.items() if found},
        }

    def _servers(self) -> dict[str, Any]:
        host, base = self._old.get("host"), self._old.get("basePath", "")
        if not host:
            return {"servers": [{"url": base}]} if base else {}
        schemes = self._old.get("schemes") or ["https"]
        return {"servers": [{"url": f"{scheme}://{host}{base}"} for scheme in schemes]}

    def _path(self, item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        shared = item.get("parameters", [])
        found: dict[str, Any] = {}
        for key, value in item.items():
            if key in METHODS and isinstance(value, dict):
                found[key] = self._operation(value, shared)
            elif key != "parameters":
                found[key] = _schema(value)
        return found

    def _operation(self, operation: dict[str, Any], shared: Iterable[Any]) -> dict[str, Any]:
        found = {
            key: value
            for key, value in operation.items()
            if key not in {"parameters", "responses", "consumes", "produces", "schemes"}
        }
        consumes = operation.get("consumes") or self._old.get("consumes") or []
        produces = operation.get("produces") or self._old.get("produces") or []
        parameters: dict[tuple[str, str], dict[str, Any]] = {}
        for parameter in (*shared, *operation.get("parameters", [])):
            resolved = self._resolved(parameter)
            parameters[resolved.get("in", ""), resolved.get("name", "")] = (
                parameter if resolved.get("in") not in {"body", "formData"} else resolved
            )
        plain = [
            self._parameter(each)
            for (place, _), each in parameters.items()
            if place not in {"body", "formData"}
        ]
        if plain:
            found["parameters"] = plain
        body = next((each for (place, _), each in parameters.items() if place == "body"), None)
        fields = [each for (place, _), each in parameters.items() if place == "formData"]
        if body is not None:
            found["requestBody"] = _body(body, consumes)
        elif fields:
            found["requestBody"] = _form(fields, consumes)
        found["responses"] = {
            status: self._response(response, produces)
            for status, response in operation.get("responses", {}).items()
        }
        return found

    def _resolved(self, parameter: dict[str, Any]) -> dict[str, Any]:
        reference = parameter.get("$ref", "")
        if not reference.startswith("#/parameters/"):
            return parameter
        found = self._old.get("parameters", {}).get(reference.rpartition("/")[2], {})
        return found if isinstance(found, dict) else {}

    def _parameter(self, parameter: dict[str, Any]) -> dict[str, Any]:
        if "$ref" in parameter:
            return {"$ref": _reference(parameter["$ref"])}
        found = {
            key: value
            for key, value in parameter.items()
            if key not in _VALUE_KEYS and key not in {"collectionFormat", "allowEmptyValue"}
        }
        found["schema"] = _schema({k: v for k, v in parameter.items() if k in _VALUE_KEYS})
        if parameter.get("type") == "array" and parameter.get("in") in {"query", "formData"}:
            match parameter.get("collectionFormat", "csv"):
                case "multi":
                    found.update(style="form", explode=True)
                case "ssv":
                    found.update(style="spaceDelimited", explode=False)
                case "pipes":
                    found.update(style="pipeDelimited", explode=False)
                case _:
                    found.update(style="form", explode=False)
        return found

    def _response(self, response: Any, produces: Iterable[str]) -> Any:
        if not isinstance(response, dict):
            return response
        if "$ref" in response:
            return {"$ref": _reference(response["$ref"])}
        found = {k: v for k, v in response.items() if k not in {"schema", "examples", "headers"}}
        found.setdefault("description", "")
        if "headers" in response:
            found["headers"] = {
                name: {
                    **{k: v for k, v in header.items() if k == "description"},
                    "schema": _schema({k: v for k, v in header.items() if k in _VALUE_KEYS}),
                }
                for name, header in response["headers"].items()
            }
        if "schema" in response:
            schema = _schema(response["schema"])
            if schema.get("type") == "file":
                schema = {"type": "string", "format": "binary"}
                produces = produces or ["application/octet-stream"]
            found["content"] = {
                kind: {"schema": schema} for kind in produces or ["application/json"]
            }
        return found


def _body(parameter: dict[str, Any], consumes: Iterable[str]) -> dict[str, Any]:
    schema = _schema(parameter.get("schema", {}))
    kinds = [each for each in consumes if each not in {_FORM, _MULTIPART}] or ["application/json"]
    return {
        **{k: parameter[k] for k in ("description", "required") if k in parameter},
        "content": {kind: {"schema": schema} for kind in kinds},
    }


def _form(fields: list[dict[str, Any]], consumes: Iterable[str]) -> dict[str, Any]:
    has_file = any(each.get("type") == "file" for each in fields)
    properties = {
        each["name"]: {
            **_schema({k: v for k, v in each.items() if k in _VALUE_KEYS}),
            **{k: each[k] for k in ("description",) if k in each},
            **({"type": "string", "format": "binary"} if each.get("type") == "file" else {}),
        }
        for each in fields
    }
    required = [each["name"] for each in fields if each.get("required")]
    schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    kind = _MULTIPART if has_file or (_MULTIPART in consumes and _FORM not in consumes) else _FORM
    return {"required": bool(required), "content": {kind: {"schema": schema}}}


def _scheme(scheme: dict[str, Any]) -> dict[str, Any]:
    if scheme.get("type") == "basic":
        return {"type": "http", "scheme": "basic"}
    if scheme.get("type") != "oauth2":
        return scheme
    urls = ("authorizationUrl", "tokenUrl")
    flow = {**{k: scheme[k] for k in urls if k in scheme}, "scopes": scheme.get("scopes", {})}
    return {"type": "oauth2", "flows": {_FLOWS.get(scheme.get("flow", ""), "implicit"): flow}}


def _schema(value: Any) -> Any:
    """Convert the references in a value, and what Swagger 2 writes differently in schemas."""
    if isinstance(value, list):
        return [_schema(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: _schema(item) for key, item in value.items()}
    if isinstance(found.get("$ref"), str):
        found["$ref"] = _reference(found["$ref"])
    if isinstance(found.get("discriminator"), str):
        found["discriminator"] = {"propertyName": found["discriminator"]}
    if found.get("x-nullable") is True:
        found["nullable"] = True
    return found


def _reference(reference: str) -> str:
    for old, new in _SECTIONS.items():
        if reference.startswith(f"#/{old}/"):
            return f"#/components/{new}/{reference.removeprefix(f'#/{old}/')}"
    return reference
