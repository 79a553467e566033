"""Brings paths and operations into the form that the pipeline reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openapi_python_client.strings import PythonIdentifier

from clientsmith.reading.grammar import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clientsmith.adopting.notes import Notes
    from clientsmith.adopting.schemas import Schemas

__all__ = ["Operations"]

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PLAIN_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_-]*")
_STATUS = re.compile(r"[1-5](?:[0-9][0-9]|XX)|default")
_OWN_HEADERS = frozenset({"accept", "authorization", "content-type", "cookie"})
_TAKEN = frozenset(
    {"binary_body", "client", "form_data", "json_body", "multipart_data", "options", "text_body"}
)
# What a server-sent event consists of.
_EVENT_FIELDS = frozenset({"data", "event", "id", "retry"})
_PLACES = ("cookie", "header", "path", "query")


class Operations:
    """Rewrites paths and operations.

    Args:
        content: The document; it is changed.
        schemas: Rewrites schemas.
        notes: Takes what was done.
        left_out: Operations to leave out, by operationId or as `METHOD /path`.
        tag: Which of several tags counts: `first` or `last`.
    """

    def __init__(
        self,
        content: dict[str, Any],
        schemas: Schemas,
        notes: Notes,
        left_out: Iterable[str] = (),
        tag: str = "first",
    ) -> None:
        self._content = content
        self._schemas = schemas
        self._notes = notes
        self._left_out = dict.fromkeys(left_out, False)
        self._tag = 0 if tag == "first" else -1
        self._identifiers: set[str] = set()
        self._templates: set[str] = set()

    def read(self) -> list[str]:
        """Rewrite them.

        Returns:
            Names of operations to leave out that the document does not have.
        """
        paths: dict[str, Any] = {}
        for path, item in self._content.get("paths", {}).items():
            place = ("paths", path)
            if path.startswith("x-") or not isinstance(item, dict):
                continue
            if not path.startswith("/"):
                self._notes.add("a path begins with a slash", place)
            kept = self._path(path if path.startswith("/") else f"/{path}", dict(item), place)
            if kept is not None:
                paths[kept[0]] = kept[1]
        self._content["paths"] = paths
        self._shared()
        self._tags()
        return [name for name, is_used in self._left_out.items() if not is_used]

    def _shared(self) -> None:
        components = self._content.get("components", {})
        for name, value in components.get("parameters", {}).items():
            self._parameter(value, ("components", "parameters", name))
        for name, value in components.get("requestBodies", {}).items():
            self._body(value, ("components", "requestBodies", name))
        for name, value in components.get("responses", {}).items():
            self._response(value, ("components", "responses", name))
        for name, value in components.get("headers", {}).items():
            self._header(value, ("components", "headers", name))

    def _tags(self) -> None:
        """List every tag that an operation has."""
        used: dict[str, None] = {}
        for item in self._content["paths"].values():
            for method in METHODS:
                if method in item:
                    used[item[method]["tags"][0]] = None
        listed = self._content.get("tags")
        known = [
            tag
            for tag in (listed if isinstance(listed, list) else [])
            if isinstance(tag, dict) and tag.get("name") in used
        ]
        names = {tag["name"] for tag in known}
        self._content["tags"] = [*known, *({"name": name} for name in used if name not in names)]

    # --- paths -----------------------------------------------------------------------------------

    def _path(
        self, path: str, item: dict[str, Any], place: tuple[str, ...]
    ) -> tuple[str, dict[str, Any]] | None:
        shared = self._parameters(item.pop("parameters", []), place)
        found: dict[str, Any] = {
            key: value for key, value in item.items() if key in {"description", "summary"}
        }
        for key, value in item.items():
            inner = (*place, key)
            if key in METHODS and isinstance(value, dict):
                name = value.get("operationId")
                route = f"{key.upper()} {place[1]}"
                chosen = next((each for each in (name, route) if each in self._left_out), None)
                if chosen is not None:
                    self._left_out[chosen] = True
                    self._notes.add("an operation is left out, as the target says", inner)
                    continue
                found[key] = self._operation(path, key, value, shared, inner)
            elif key == "servers":
                found[key] = self._servers(value)
            elif key not in {"description", "summary"} and not key.startswith("x-"):
                self._notes.add(f"{key!r} of a path is left out", inner)
        if not any(method in found for method in METHODS):
            return None
        path, renamed = self._plain_path(path, place)
        for method in METHODS:
            for parameter in found.get(method, {}).get("parameters", []):
                if parameter.get("in") == "path":
                    parameter["name"] = renamed.get(parameter["name"], parameter["name"])
        return path, found

    def _servers(self, servers: Any) -> list[Any]:
        return (
            [each for each in servers if isinstance(each, dict) and "url" in each]
            if isinstance(servers, list)
            else []
        )

    def _plain_path(self, path: str, place: tuple[str, ...]) -> tuple[str, dict[str, str]]:
        """Give placeholders names that can be told apart, and the path a template of its own."""
        renamed: dict[str, str] = {}
        for name in _PLACEHOLDER.findall(path):
            if not _PLAIN_NAME.fullmatch(name):
                plain = re.sub(r"\W+", "_", name).strip("_") or "value"
                renamed[name] = plain if _PLAIN_NAME.fullmatch(plain) else f"value_{plain}"
        for name, plain in renamed.items():
            path = path.replace(f"{{{name}}}", f"{{{plain}}}")
        bare, question, _ = path.partition("?")
        if question:
            self._notes.add("the query in a path is left out", place)
        bare = bare.replace("#", "")
        template, marked, number = _PLACEHOLDER.sub("{}", bare), bare, 1
        while template in self._templates:
            number += 1
            template, marked = f"{_PLACEHOLDER.sub('{}', bare)}#{number}", f"{bare}#{number}"
        self._templates.add(template)
        return marked, renamed

    # --- operations ------------------------------------------------------------------------------

    def _operation(
        self,
        path: str,
        method: str,
        operation: dict[str, Any],
        shared: list[dict[str, Any]],
        place: tuple[str, ...],
    ) -> dict[str, Any]:
        found = {
            key: value
            for key, value in operation.items()
            if key in {"summary", "description", "deprecated", "security", "requestBody"}
            or key.startswith("x-")
        }
        for key in ("callbacks", "servers"):
            if key in operation:
                self._notes.add(f"{key!r} of operations are left out", (*place, key))
        for key in ("summary", "description"):
            if not isinstance(found.get(key, ""), str):
                found.pop(key)
        found["operationId"] = self._identifier(path, method, operation, place)
        found["tags"] = self._own_tags(operation, place)
        own = self._parameters(operation.get("parameters", []), place)
        parameters = self._all_parameters(path, own, shared, place)
        if parameters:
            found["parameters"] = parameters
        if "requestBody" in found:
            self._body(found["requestBody"], (*place, "requestBody"))
            if not self._resolved(found["requestBody"]).get("content"):
                del found["requestBody"]
        found["responses"] = self._responses(operation.get("responses"), place)
        self._security(found, place)
        return found

    def _identifier(
        self, path: str, method: str, operation: dict[str, Any], place: tuple[str, ...]
    ) -> str:
        identifier = operation.get("operationId")
        if not isinstance(identifier, str) or not re.search(r"[^\W_]", identifier):
            words = _PLACEHOLDER.sub(r"\1", path).replace("/", "_").strip("_")
            identifier = f"{method}_{words}" if words else method
            self._notes.add("an operation without operationId is named by method and path", place)
        shorter = _without_route(identifier, path, method)
        if shorter != identifier and str(PythonIdentifier(shorter, "field_")) not in (
            self._identifiers
        ):
            identifier = shorter
        wanted, number = identifier, 1
        while str(PythonIdentifier(identifier, "field_")) in self._identifiers:
            number += 1
            identifier = f"{wanted}_{number}"
            self._notes.add("an operationId is used twice and gets a number", place)
        self._identifiers.add(str(PythonIdentifier(identifier, "field_")))
        return identifier

    def _own_tags(self, operation: dict[str, Any], place: tuple[str, ...]) -> list[str]:
        tags = operation.get("tags")
        tags = (
            [tag for tag in tags if isinstance(tag, str) and re.search(r"\w", tag)]
            if isinstance(tags, list)
            else []
        )
        if not tags:
            self._notes.add("an operation without tags is in the group `default`", place)
            return ["default"]
        if len(tags) > 1:
            which = "first" if self._tag == 0 else "last"
            self._notes.add(f"of several tags the {which} one counts", place)
        return [tags[self._tag]]

    def _security(self, found: dict[str, Any], place: tuple[str, ...]) -> None:
        schemes = self._content.get("components", {}).get("securitySchemes", {})
        security = found.get("security")
        if security is None:
            return
        kept = [
            each
            for each in (security if isinstance(security, list) else [])
            if isinstance(each, dict) and all(name in schemes for name in each)
        ]
        if len(kept) != (len(security) if isinstance(security, list) else 0):
            self._notes.add("security names a scheme that there is not", place)
        if kept or security == []:
            found["security"] = kept
        else:
            del found["security"]

    # --- parameters ------------------------------------------------------------------------------

    def _parameters(self, parameters: Any, place: tuple[str, ...]) -> list[dict[str, Any]]:
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for index, each in enumerate(parameters if isinstance(parameters, list) else []):
            inner = (*place, "parameters", str(index))
            resolved = self._resolved(each)
            name, where = resolved.get("name"), resolved.get("in")
            if not isinstance(name, str) or where not in _PLACES:
                self._notes.add(f"parameters in {where!r} are left out", inner)
                continue
            if where == "header" and name.lower() in _OWN_HEADERS:
                self._notes.add(f"the client sets the header {name!r} itself", inner)
                continue
            if (where, name) in found:
                self._notes.add("a parameter is declared twice", inner)
                continue
            if "$ref" not in each:
                self._parameter(each, inner)
            found[where, name] = each
        return list(found.values())

    def _all_parameters(
        self,
        path: str,
        own: list[dict[str, Any]],
        shared: list[dict[str, Any]],
        place: tuple[str, ...],
    ) -> list[dict[str, Any]]:
        """List the parameters of an operation, those of its path included."""
        by_key: dict[tuple[str, str], dict[str, Any]] = {}
        for each in (*own, *shared):
            resolved = self._resolved(each)
            by_key.setdefault((resolved["in"], resolved["name"]), each)
        names = _PLACEHOLDER.findall(path)
        found: list[dict[str, Any]] = []
        for (where, name), each in by_key.items():
            if where != "path":
                found.append(each)
            elif name in names:
                # A copy: its name may be another one in this path.
                found.append({**self._resolved(each), "required": True})
            else:
                self._notes.add("a path parameter that the path does not have is left out", place)
        for name in dict.fromkeys(names):
            if ("path", name) not in by_key:
                self._notes.add("a path parameter that is not declared is a string", place)
                schema = {"type": "string"}
                found.append({"name": name, "in": "path", "required": True, "schema": schema})
        return found

    def _parameter(self, parameter: Any, place: tuple[str, ...]) -> None:
        if not isinstance(parameter, dict) or "$ref" in parameter or parameter.get("x-read"):
            return
        for key in list(parameter):
            if key in {"allowReserved", "allowEmptyValue"} or key in {"example", "examples"}:
                del parameter[key]
        parameter["x-read"] = True
        name = str(PythonIdentifier(str(parameter.get("name", "")), "field_"))
        if name in _TAKEN:
            parameter["x-python-name"] = f"{name}_parameter"
        else:
            parameter.pop("x-python-name", None)
        if not isinstance(parameter.get("description", ""), str):
            del parameter["description"]
        content = parameter.get("content")
        if isinstance(content, dict) and content and "schema" not in parameter:
            kind, media = next(iter(content.items()))
            schema = media.get("schema", {}) if isinstance(media, dict) else {}
            read = self._schemas.read(schema, (*place, "content", kind, "schema"))
            parameter["content"] = {kind: {"schema": read}}
            for key in ("style", "explode"):
                parameter.pop(key, None)
            return
        parameter.pop("content", None)
        schema = self._schemas.read(parameter.get("schema", {}), (*place, "schema"))
        if schema.get("format") == "duration" or schema.get("format") == "binary":
            del schema["format"]
        parameter["schema"] = schema
        if parameter.get("in") == "path":
            parameter["required"] = True
            if parameter.get("style") in {"label", "matrix"}:
                self._notes.add(f"the style {parameter.pop('style')!r} is 'simple'", place)

    # --- bodies ----------------------------------------------------------------------------------

    def _body(self, body: Any, place: tuple[str, ...]) -> None:
        if not isinstance(body, dict) or "$ref" in body:
            return
        content = body.get("content")
        body["content"] = self._content_of(content, place)
        for kind, media in body["content"].items():
            media.setdefault("schema", {})
            if media.pop("encoding", None) is not None:
                self._notes.add("'encoding' of the parts of a body is left out", (*place, kind))

    def _responses(self, responses: Any, place: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, response in (responses if isinstance(responses, dict) else {}).items():
            inner = (*place, "responses", key)
            status = key.upper() if key.upper().endswith("XX") else key
            if key.startswith("x-"):
                continue
            if not _STATUS.fullmatch(status):
                self._notes.add(f"{key!r} is no status", inner)
                continue
            self._response(response, inner)
            found[status] = response
        if not any(status.startswith("2") or status == "default" for status in found):
            redirects = [status for status in found if status.startswith(("1", "3"))]
            if redirects:
                for status in redirects:
                    resolved = self._resolved(found[status])
                    found[status] = {**resolved, "x-result": True}
                self._notes.add("a redirection is the result of an operation", place)
            else:
                found["2XX"] = {"description": "Success."}
                self._notes.add("an operation without a successful response has one", place)
        return found

    def _response(self, response: Any, place: tuple[str, ...]) -> None:
        if not isinstance(response, dict) or "$ref" in response:
            return
        if not isinstance(response.get("description"), str):
            response["description"] = ""
        if response.pop("links", None) is not None:
            self._notes.add("'links' of responses are left out", place)
        if "content" in response:
            response["content"] = self._content_of(response["content"], place)
        headers = response.get("headers")
        if isinstance(headers, dict):
            for name, header in headers.items():
                self._header(header, (*place, "headers", name))
        else:
            response.pop("headers", None)

    def _header(self, header: Any, place: tuple[str, ...]) -> None:
        if isinstance(header, dict) and "$ref" not in header:
            for key in list(header):
                if key not in {"description", "required", "deprecated", "schema"}:
                    del header[key]
            header["schema"] = self._schemas.read(header.get("schema", {}), (*place, "schema"))

    def _content_of(self, content: Any, place: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for kind, media in (content if isinstance(content, dict) else {}).items():
            inner = (*place, "content", kind)
            media = media if isinstance(media, dict) else {}
            found[kind] = {key: value for key, value in media.items() if key == "encoding"}
            for key in ("schema", "itemSchema"):
                # OpenAPI 3.2 has the latter for what is read item by item, and so has the pipeline
                # by the media type alone.
                if key in media:
                    schema = self._event_data(media[key]) if key == "itemSchema" else media[key]
                    found[kind]["schema"] = self._schemas.read(schema, (*inner, key))
        return found

    def _event_data(self, schema: Any) -> Any:
        """Take the schema of the data out of that of an event."""
        properties = self._resolved(schema).get("properties", {})
        if "data" not in properties or not properties.keys() <= _EVENT_FIELDS:
            return schema
        data = self._resolved(properties["data"])
        return data.get("contentSchema", properties["data"])

    def _resolved(self, value: Any) -> dict[str, Any]:
        components = self._content.get("components", {})
        steps = 0
        while isinstance(value, dict) and "$ref" in value and steps < 64:
            _, _, section, name = value["$ref"].split("/", 3)
            value = components.get(section, {}).get(_unescaped(name), {})
            steps += 1
        return value if isinstance(value, dict) else {}


def _unescaped(name: str) -> str:
    return name.replace("~1", "/").replace("~0", "~")


def _without_route(identifier: str, path: str, method: str) -> str:
    """Take off what FastAPI puts behind the name of a function: path and method once more."""
    route = re.sub(r"\W", "_", path)
    for end in (f"{route}_{method}", f"_{route}_{method}"):
        if identifier.endswith(end) and len(identifier) > len(end):
            return identifier.removesuffix(end).rstrip("_") or identifier
    return identifier


def references(value: Any) -> Iterator[str]:
    """List every `$ref` in a value."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if isinstance(each.get("$ref"), str):
                yield each["$ref"]
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
