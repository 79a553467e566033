"""What is wrong with JSON that does not fit its schema, in words.

A complete validator decides, and says what is wrong where.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from .document import escaped
from .formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jsonschema.exceptions import ValidationError
    from referencing import Resource

    from .document import Specification

__all__ = ["Problems"]

_BASE = "urn:dqops:specification"
_FORMATS = {
    "date": "a date such as 2024-01-31",
    "date-time": "a time with an offset such as 2024-01-31T10:20:30Z",
    "date-time-local": "a time without an offset such as 2024-01-31T10:20:30",
    "duration": "a duration such as PT1H30M",
    "int32": "an integer of 32 bits",
    "int64": "an integer of 64 bits",
}


class Problems:
    """Validators for every schema, made when they are needed.

    Args:
        specification: Where the schemas stand.
    """

    def __init__(self, specification: Specification) -> None:
        resource: Resource[Any] = DRAFT202012.create_resource(specification.document)
        self._registry: Registry[Any] = Registry().with_resource(_BASE, resource)
        self._formats = FormatChecker(formats=())
        for name, has_format in FORMATS.items():
            self._formats.checks(name)(has_format)
        self._validators: dict[str, Draft202012Validator] = {}
        self._lock = threading.Lock()

    def of(self, pointer: str, value: Any) -> list[tuple[str, str]]:
        """Compare a value with a schema.

        Args:
            pointer: Where the schema stands in the specification, as a JSON pointer.
            value: The JSON value.

        Returns:
            What is wrong: the JSON pointers of places in the value, each with one problem.
        """
        errors: Iterable[ValidationError] = self._validator(pointer).iter_errors(value)
        found: dict[str, str] = {}
        for error in errors:
            # One problem for each place: a wrong type is also no member of the enumeration.
            found.setdefault(_pointer(error.absolute_path), _problem(error))
        return sorted(found.items())

    def _validator(self, pointer: str) -> Draft202012Validator:
        with self._lock:
            if pointer not in self._validators:
                schema = {"$ref": f"{_BASE}#{quote(pointer, safe='/~')}"}
                self._validators[pointer] = Draft202012Validator(
                    schema, registry=self._registry, format_checker=self._formats
                )
            return self._validators[pointer]


def _pointer(path: Iterable[str | int]) -> str:
    return "".join(f"/{escaped(str(step))}" for step in path)


def _problem(error: ValidationError) -> str:
    """Say what is wrong in one line that does not repeat a large value."""
    value = repr(error.instance)
    shown = value if len(value) <= 60 else f"{value[:57]}..."
    expected: Any = error.validator_value
    if error.validator == "type":
        names = expected if isinstance(expected, str) else " or ".join(expected)
        return f"{shown} is not of type {names}"
    if error.validator == "enum":
        return f"{shown} is none of {', '.join(map(repr, expected))}"
    if error.validator == "format":
        return f"{shown} is not {_FORMATS.get(expected, expected)}"
    return error.message if len(error.message) <= 200 else f"{error.message[:197]}..."
