"""Compares requests and responses with the specification."""

from __future__ import annotations

import hashlib
import json
import math
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from ..http.errors import RefusedRequestError
from ..http.messages import JSON
from .acceptance import Acceptance
from .document import escaped
from .formats import without_offset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..http.messages import Request, Response
    from .document import Operation, Specification
    from .problems import Problems

__all__ = ["BOOLEANS", "NESTED_TOO_DEEPLY", "Validation"]

#: What is said of a body that Python cannot go through.
NESTED_TOO_DEEPLY = "The request body is nested too deeply."

_INTEGER = re.compile(r"[+-]?\d{1,40}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
#: What the framework of the real server takes for a boolean in a query.
BOOLEANS = {
    **dict.fromkeys(("true", "on", "yes", "1"), True),
    **dict.fromkeys(("false", "off", "no", "0"), False),
}
# As many good responses as are remembered.
_REMEMBERED = 10_000
# As many problems of a body as somebody reads at once.
_SHOWN = 3


class Validation:
    """Validators for every parameter, body and response, made when they are needed.

    Args:
        specification: What to compare with.
    """

    def __init__(self, specification: Specification) -> None:
        self._specification = specification
        self._acceptance = Acceptance(specification)
        # Digests of good responses: many are sent again and again, and models of checks are long.
        self._good: set[bytes] = set()

    @cached_property
    def _problems(self) -> Problems:
        # Loaded when something is wrong for the first time: it takes longer than all the rest.
        from .problems import Problems

        return Problems(self._specification)

    def parameters(
        self, operation: Operation, path: Mapping[str, str], request: Request
    ) -> dict[str, Any]:
        """Read and check the parameters of a request.

        Args:
            operation: What the request is for.
            path: The decoded values of the path parameters.
            request: The request.

        Returns:
            The values by the parameters' names; numbers and booleans are converted, and an array
            has one item for each time that its name is given. Parameters that are absent, or empty
            in the query, are left out; unknown ones are ignored, as the real server does.

        Raises:
            RefusedRequestError: Values are not what the specification says, or are missing (400).
        """
        query: dict[str, list[str]] = {}
        for name, text in parse_qsl(request.query, keep_blank_values=True):
            query.setdefault(name, []).append(text)
        sources: dict[str, Mapping[str, list[str]]] = {
            "path": {name: [text] for name, text in path.items()},
            "query": query,
            "header": {name: [text] for name, text in request.headers.items()},
        }
        values: dict[str, Any] = {}
        refusals: list[str] = []
        for pointer, parameter in operation.parameters:
            name, place = parameter["name"], parameter["in"]
            key = name.lower() if place == "header" else name
            given = sources.get(place, {}).get(key, [])
            schema_pointer = f"{pointer}/schema"
            value = self._value(schema_pointer, given)
            if value is None:
                if parameter.get("required"):
                    refusals.append(f"The {place} parameter {name!r} is missing.")
                continue
            # Bounds are for those who send: what is beyond them, the server's own code decides.
            is_bounded = type(value) is int and self._is_bounded(schema_pointer)
            problems = [] if is_bounded else self.problems(schema_pointer, value)
            if problems:
                refusals.append(f"The {place} parameter {name!r} is not valid: {problems[0][1]}.")
            values[name] = value
        if refusals:
            raise RefusedRequestError(400, " ".join(refusals))
        return values

    def _is_bounded(self, schema_pointer: str) -> bool:
        schema = self._specification.resolve(schema_pointer)[1]
        return schema.get("type") == "integer" and not {"minimum", "maximum"}.isdisjoint(schema)

    def _value(self, schema_pointer: str, given: list[str]) -> Any:
        """Convert the strings of a parameter to what its schema asks for; None if there is none."""
        pointer, schema = self._specification.resolve(schema_pointer)
        if schema.get("type") == "array":
            _, items = self._specification.resolve(f"{pointer}/items")
            return [_converted(text, items.get("type")) for text in given if text] or None
        if not given or not given[0]:
            return None
        # Of several the first counts.
        text = given[0]
        if schema.get("format") == "date-time-local":
            text = without_offset(text)  # as the server does, whatever time that means
        return _converted(text, schema.get("type"))

    def body(self, operation: Operation, request: Request) -> Any:
        """Read and check the body of a request.

        Args:
            operation: What the request is for.
            request: The request.

        Returns:
            The JSON value, or the string if that is what the operation takes; None if it takes no
            body.

        Raises:
            RefusedRequestError: The body is not JSON, is not what the specification says, or is
                missing (400); the real server refuses a missing one always.
        """
        if operation.body is None:
            return None
        if not request.body:
            raise RefusedRequestError(400, "The request body is missing.")
        is_json = operation.body_media_type == JSON
        value = _json(request.body) if is_json else _text(request.body)
        problems = self.problems(operation.body, value)
        if problems:
            shown = "; ".join(f"at {pointer!r}: {text}" for pointer, text in problems[:_SHOWN])
            more = len(problems) - _SHOWN
            rest = f"; and {more} more" if more > 0 else ""
            raise RefusedRequestError(400, f"The request body is not valid {shown}{rest}.")
        return value

    def response_problems(self, operation: Operation, response: Response) -> list[str]:
        """Compare a response with the specification.

        Args:
            operation: What the request was for.
            response: The response.

        Returns:
            What is wrong with it; nothing if all is well.
        """
        if response.status not in operation.responses:
            return [f"status {response.status} is not specified"]
        pointer, specified = operation.responses[response.status]
        if "content" not in specified:
            return ["there must be no body"] if response.body else []
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        if not response.body:
            # A file may be empty, JSON may not.
            is_file = media_type != JSON and media_type in specified["content"]
            return [] if is_file or specified.get("x-may-be-empty") else ["the body is missing"]
        if media_type not in specified["content"]:
            return [f"Content-Type is {response.headers.get('Content-Type')!r}"]
        schema_pointer = f"{pointer}/content/{escaped(media_type)}/schema"
        _, schema = self._specification.resolve(schema_pointer)
        if schema.get("format") == "binary":
            return []
        digest = hashlib.blake2b(f"{schema_pointer}\0".encode() + response.body).digest()
        if digest in self._good:
            return []
        text = response.body.decode()
        if specified.get("x-joined-text"):
            # Where one string ends and the next begins cannot be seen.
            value: Any = [text]
        else:
            # Bare text is declared as JSON text.
            value = text if schema.get("type") == "string" else json.loads(text)
        problems = self.problems(schema_pointer, value)
        if not problems and len(self._good) < _REMEMBERED:
            self._good.add(digest)
        return [f"{where or '/'}: {what}" for where, what in problems]

    def problems(self, pointer: str, value: Any) -> list[tuple[str, str]]:
        """Compare a value with a schema.

        Args:
            pointer: Where the schema stands in the specification, as a JSON pointer.
            value: The JSON value.

        Returns:
            What is wrong: the JSON pointers of places in the value, each with one problem.
        """
        if self._acceptance.accepts(pointer, value):
            return []
        return self._problems.of(pointer, value)


def _json(body: bytes) -> Any:
    try:
        value = json.loads(body.decode(), parse_constant=_refuse_constant, parse_float=_finite)
        if rb"\u" in body:
            # Half of a surrogate pair can be read, and never be written again.
            json.dumps(value, ensure_ascii=False).encode()
    except ValueError as error:
        raise RefusedRequestError(400, f"The request body is not JSON: {error}.") from error
    except RecursionError as error:
        raise RefusedRequestError(400, NESTED_TOO_DEEPLY) from error
    return value


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise RefusedRequestError(400, f"The request body is not UTF-8: {error}.") from error


def _converted(text: str, kind: Any) -> Any:
    """Convert a string to the type that is asked for; leave it as it is where that fails."""
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "number" and _NUMBER.fullmatch(text):
        return float(text)
    if kind == "boolean":
        return BOOLEANS.get(text.lower(), text)
    return text


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")
