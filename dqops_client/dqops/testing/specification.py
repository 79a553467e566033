"""The bundled specification: which operations there are, and where a request belongs."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from .errors import RefusedRequestError

__all__ = ["MissingSpecificationError", "Operation", "Specification", "load_specification"]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_FILE_NAME = "dqops.bundle.yaml"
_loaded: dict[Path, Specification] = {}
_loading = threading.Lock()


class MissingSpecificationError(FileNotFoundError):
    """The bundled specification is not where it should be."""


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
        body: The JSON pointer of the schema of the JSON body; None for no body.
        body_required: Whether the body may not be missing.
        responses: The responses by their statuses with their JSON pointers, references resolved.
        is_public: Whether it can be used without login.
    """

    name: str
    tag: str
    method: str
    path: str
    pointer: str
    parameters: tuple[tuple[str, Mapping[str, Any]], ...]
    body: str | None
    body_required: bool
    responses: Mapping[int, tuple[str, Mapping[str, Any]]]
    is_public: bool


class Specification:
    """A bundled OpenAPI document.

    Args:
        document: The document; every `$ref` in it begins with `#/`.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
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
            RefusedRequestError: No path matches (404), or the path has no such method (405).
        """
        segments = _segments(path)
        for route, by_method in self._routes:
            values = _match(route, segments)
            if values is None:
                continue
            operation = by_method.get("GET" if method == "HEAD" else method)
            if operation is None:
                allowed = ", ".join(sorted(by_method))
                message = f"Request method '{method}' is not supported."
                raise RefusedRequestError(405, message, {"Allow": allowed})
            return operation, values
        raise RefusedRequestError(404, f"No operation has the path {path!r}.")

    def resolve(self, pointer: str) -> tuple[str, Any]:
        """Look something up, and follow the reference that it may be.

        Args:
            pointer: A JSON pointer into the document.

        Returns:
            The JSON pointer at which the value itself stands, and the value.
        """
        value: Any = self.document
        for step in pointer.split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            value = value[int(name)] if isinstance(value, list) else value[name]
        reference = value.get("$ref") if isinstance(value, Mapping) else None
        if isinstance(reference, str):
            return self.resolve(unquote(reference.removeprefix("#")))
        return pointer, value

    def _read(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method in _METHODS:
                if method in item:
                    pointer = f"/paths/{_escape(path)}/{method}"
                    yield self._operation(path, method, pointer, item[method])

    def _operation(
        self, path: str, method: str, pointer: str, content: Mapping[str, Any]
    ) -> Operation:
        parameters = [
            self.resolve(f"{pointer}/parameters/{index}")
            for index in range(len(content.get("parameters", ())))
        ]
        body = None
        body_required = False
        if "requestBody" in content:
            body_pointer, request_body = self.resolve(f"{pointer}/requestBody")
            body_required = bool(request_body.get("required"))
            body = f"{body_pointer}/content/application~1json/schema"
        responses = {
            # YAML readers may take the statuses for numbers.
            int(status): self.resolve(f"{pointer}/responses/{_escape(str(status))}")
            for status in content["responses"]
            if str(status).isdigit()
        }
        security = content.get("security", self.document.get("security", []))
        return Operation(
            name=_snake_case(content["operationId"]),
            tag=content["tags"][0],
            method=method.upper(),
            path=path,
            pointer=pointer,
            parameters=tuple(parameters),
            body=body,
            body_required=body_required,
            responses=responses,
            is_public=security == [] or {} in security,
        )


def load_specification(path: Path | None = None) -> Specification:
    """Read the bundled specification; a second call costs nothing.

    Args:
        path: The file. By default the one inside the installed package, or else the one of the
            repository in which this module lies.

    Returns:
        The specification.

    Raises:
        MissingSpecificationError: There is no such file.
    """
    found = _find() if path is None else path
    with _loading:
        if found not in _loaded:
            try:
                text = found.read_text(encoding="utf-8")
            except FileNotFoundError as error:
                raise MissingSpecificationError(f"there is no specification at {found}") from error
            _loaded[found] = Specification(_normalized(_parse(text)))
        return _loaded[found]


def _find() -> Path:
    folder = Path(__file__).resolve().parent
    candidates = [folder / _FILE_NAME, folder.parents[2] / "openapi" / _FILE_NAME]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    places = " nor ".join(str(candidate) for candidate in candidates)
    raise MissingSpecificationError(
        f"the bundled specification, which dqops.testing needs, is neither at {places}. Install "
        "dqops-client again, or, in a checkout of its repository, run 'make regenerate'"
    )


def _parse(text: str) -> Any:
    # Many times faster, but not in every build of PyYAML.
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    # Dates stay text, as in JSON.
    resolvers = {
        first: [entry for entry in entries if entry[0] != "tag:yaml.org,2002:timestamp"]
        for first, entries in base.yaml_implicit_resolvers.items()
    }
    loader: Any = type("Loader", (base,), {"yaml_implicit_resolvers": resolvers})
    return yaml.load(text, loader)  # noqa: S506 - derived from a safe loader


def _normalized(value: Any) -> Any:
    """Make every key text; a YAML reader takes `200:` for a number."""
    if isinstance(value, dict):
        return {str(key): _normalized(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_normalized(item) for item in value]
    return value


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
            values[expected[1:-1]] = unquote(given)
        elif expected != unquote(given):
            return None
    return values


def _by_name(operation: Operation) -> str:
    return operation.name


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
