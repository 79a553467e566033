"""A bundled specification: which operations there are, and where a request belongs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ..http.errors import RefusedRequestError
from ..http.messages import JSON

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

__all__ = [
    "METHODS",
    "Operation",
    "Specification",
    "escaped",
    "no_such_operation",
    "operation_name",
]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Operation:
    """An operation of the specification.

    Args:
        name: Its name in Python, such as `run_checks`.
        tag: Its group.
        method: The HTTP method in capitals.
        path: The path with the names of its parameters in braces.
        pointer: Where the operation stands in the document, as a JSON pointer.
        parameters: The parameters with their JSON pointers, references resolved.
        body: The JSON pointer of the schema of the body; None for no body.
        body_media_type: What a body must be declared as, such as `application/json`, also by
            requests whose body is always empty; None for no body.
        responses: The responses by their statuses with their JSON pointers, references resolved.
        is_public: Whether it can be used without login.
        is_deprecated: Whether only servers of earlier versions have it.
        permissions: What the caller must be allowed to do, such as `OPERATE`.
    """

    name: str
    tag: str
    method: str
    path: str
    pointer: str
    parameters: tuple[tuple[str, Mapping[str, Any]], ...]
    body: str | None
    body_media_type: str | None
    responses: Mapping[int, tuple[str, Mapping[str, Any]]]
    is_public: bool
    is_deprecated: bool
    permissions: frozenset[str] = frozenset()

    @property
    def result_status(self) -> int:
        """The first status of success; or of what is a result nevertheless, as a redirection."""
        for status in self.responses:
            if 200 <= status < 300:
                return status
        for status, (_, response) in self.responses.items():
            if response.get("x-result"):
                return status
        raise ValueError(f"the specification has no result for {self.name!r}")

    @property
    def is_list(self) -> bool:
        """Whether the result is an array, or strings that are written one after another."""
        _, response = self.responses[self.result_status]
        contents = response.get("content", {}).values()
        return any(content["schema"].get("type") == "array" for content in contents)

    @property
    def result_media_types(self) -> tuple[str, ...]:
        """What the result can be; JSON, as that of the errors, if it has no content."""
        _, response = self.responses[self.result_status]
        return tuple(response.get("content", ())) or (JSON,)


class Specification:
    """A bundled OpenAPI document.

    Args:
        document: The document; every `$ref` in it begins with `#/`.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        # By pointer, of which a specification has so many; what is found does not change.
        self._resolved: dict[str, tuple[str, Any]] = {}
        self.operations = {
            operation.name: operation for operation in sorted(self._read(), key=_by_name)
        }
        self._routes: list[tuple[tuple[str, ...], dict[str, Operation]]] = []
        by_path: dict[str, dict[str, Operation]] = {}
        for operation in self.operations.values():
            by_path.setdefault(operation.path, {})[operation.method] = operation
        # A fixed name beats a parameter at the same place.
        for path in sorted(by_path, key=lambda text: (text.count("{"), text)):
            self._routes.append((_segments(path), by_path[path]))

    def match(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        """Find the operation that a request is for.

        Args:
            method: The HTTP method in capitals; HEAD is served like GET.
            path: The path as it was sent, percent-encoded.

        Returns:
            The operation, and the decoded values of its path parameters.

        Raises:
            RefusedRequestError: No path matches (404), or none that does has such a method (405).
        """
        segments = tuple(unquote(segment) for segment in _segments(path))
        allowed: set[str] = set()
        for route, by_method in self._routes:
            values = _match(route, segments)
            if values is None:
                continue
            operation = by_method.get("GET" if method == "HEAD" else method)
            if operation is not None:
                return operation, values
            # Another path may match as well: what is fixed there can be a parameter elsewhere.
            allowed.update(by_method)
        if not allowed:
            # The real server has nothing to say about it.
            reason = f"No operation has the path {path!r}."
            raise RefusedRequestError(404, reason, is_told=False)
        raise RefusedRequestError(405, f"Request method '{method}' is not supported.")

    def methods(self, path: str) -> set[str]:
        """Find the methods of all operations that have a path.

        Args:
            path: The path as it was sent, percent-encoded.

        Returns:
            The methods in capitals; none if no operation has the path.
        """
        segments = tuple(unquote(segment) for segment in _segments(path))
        return {
            method
            for route, by_method in self._routes
            if _match(route, segments) is not None
            for method in by_method
        }

    def resolve(self, pointer: str) -> tuple[str, Any]:
        """Look something up, and follow the reference that it may be.

        Args:
            pointer: A JSON pointer into the document.

        Returns:
            The JSON pointer at which the value itself stands, and the value.
        """
        found = self._resolved.get(pointer)
        if found is None:
            value: Any = self.document
            for step in pointer.split("/")[1:]:
                name = step.replace("~1", "/").replace("~0", "~")
                value = value[int(name)] if isinstance(value, list) else value[name]
            found = self._resolved[pointer] = self._followed(pointer, value)
        return found

    def _followed(self, pointer: str, value: Any) -> tuple[str, Any]:
        """Follow a reference, if it is one."""
        reference = value.get("$ref") if isinstance(value, dict) else None
        if not isinstance(reference, str):
            return pointer, value
        return self.resolve(unquote(reference.removeprefix("#")))

    def _read(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    pointer = f"/paths/{escaped(path)}/{method}"
                    yield self._operation(path, method, pointer, item[method])

    def _operation(
        self, path: str, method: str, pointer: str, content: Mapping[str, Any]
    ) -> Operation:
        parameters = [
            self._followed(f"{pointer}/parameters/{index}", parameter)
            for index, parameter in enumerate(content.get("parameters", ()))
        ]
        body = None
        media_type = None
        if "requestBody" in content:
            body_pointer, request_body = self._followed(
                f"{pointer}/requestBody", content["requestBody"]
            )
            media_type = next(iter(request_body["content"]))
            if not request_body.get("x-empty"):
                body = f"{body_pointer}/content/{escaped(media_type)}/schema"
        responses = {
            int(status): self._followed(f"{pointer}/responses/{status}", response)
            for status, response in content["responses"].items()
            if status.isdigit()
        }
        security = content.get("security", self.document.get("security", []))
        return Operation(
            name=operation_name(content["operationId"]),
            tag=content["tags"][0],
            method=method.upper(),
            path=path,
            pointer=pointer,
            parameters=tuple(parameters),
            body=body,
            body_media_type=media_type,
            responses=responses,
            is_public=security == [] or {} in security,
            is_deprecated=bool(content.get("deprecated")),
            permissions=frozenset(
                name for scheme in security for names in scheme.values() for name in names
            ),
        )


def _segments(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


def _match(route: tuple[str, ...], segments: tuple[str, ...]) -> dict[str, str] | None:
    if len(route) != len(segments):
        return None
    values: dict[str, str] = {}
    for expected, given in zip(route, segments, strict=True):
        if expected.startswith("{"):
            if not given:
                return None
            values[expected[1:-1]] = given
        elif expected != given:
            return None
    return values


def _by_name(operation: Operation) -> str:
    return operation.name


def no_such_operation(name: str, known: Collection[str]) -> str:
    """Say that no operation has a name, and which may have been meant.

    Args:
        name: The name.
        known: The names of the operations that there are.

    Returns:
        The message.
    """
    similar = get_close_matches(name, known, n=3)
    hint = f"; did you mean {' or '.join(map(repr, similar))}?" if similar else ""
    return f"no operation is called {name!r}{hint}"


def escaped(name: str) -> str:
    """Write a name as a step of a JSON pointer.

    Args:
        name: The key of an object.

    Returns:
        The name with what has a meaning in pointers replaced.
    """
    return name.replace("~", "~0").replace("/", "~1")


def operation_name(name: str) -> str:
    """Name an operation in Python.

    Args:
        name: The operationId, such as `runChecks`.

    Returns:
        For example `run_checks`.
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9])", "_", name).lower()
