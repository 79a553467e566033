"""A fast look at whether JSON fits its schema.

It knows the keywords that the specification uses for responses, and compiles them into functions,
which takes a hundredth of the time of a complete validator. It is only believed when it says yes:
whatever it does not accept, the complete validator decides about, and puts into words.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .document import escaped
from .formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from .document import Specification

    Accepts = Callable[[Any], bool]

__all__ = ["Acceptance"]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "null": (type(None),),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}
# They say something to readers and to the generator, and nothing about values.
_ANNOTATIONS = frozenset(
    {"$comment", "default", "deprecated", "description", "example", "examples"}
)
_ANNOTATIONS |= {"readOnly", "title", "writeOnly"}
_KEYWORDS = frozenset(
    {
        "additionalProperties",
        "anyOf",
        "enum",
        "format",
        "items",
        "maxItems",
        "properties",
        "propertyNames",
        "type",
    }
)


class Acceptance:
    """Functions that accept values, one for each schema, made when they are needed.

    Args:
        specification: Where the schemas stand.
    """

    def __init__(self, specification: Specification) -> None:
        self._specification = specification
        self._compiled: dict[str, Accepts] = {}
        self._finished: dict[str, Accepts] = {}
        self._lock = threading.Lock()

    def accepts(self, pointer: str, value: Any) -> bool:
        """Tell whether a value surely fits a schema.

        Args:
            pointer: Where the schema stands, as a JSON pointer.
            value: The JSON value.

        Returns:
            True if it fits; False if it does not, or if it would take more to know.
        """
        accepts = self._finished.get(pointer)
        if accepts is None:
            # Nobody else may meet what stands in for a function that is being made.
            with self._lock:
                accepts = self._finished[pointer] = self._compile(pointer)
        return accepts(value)

    def _compile(self, pointer: str) -> Accepts:
        known = self._compiled.get(pointer)
        if known is not None:
            return known
        # A schema may contain itself; then this is called, when all is made.
        self._compiled[pointer] = lambda value: self._compiled[pointer](value)
        try:
            made = self._made(pointer)
        except BaseException:
            del self._compiled[pointer]
            raise
        self._compiled[pointer] = made
        return made

    def _made(self, pointer: str) -> Accepts:
        where, schema = self._specification.resolve(pointer)
        if where != pointer:
            return self._compile(where)
        keywords = {name for name in schema if not name.startswith("x-")} - _ANNOTATIONS
        if not keywords <= _KEYWORDS:
            return _nothing
        checks: list[Accepts] = []
        if "type" in schema:
            names = schema["type"]
            names = [names] if isinstance(names, str) else names
            checks.append(_of_types({kind for name in names for kind in _TYPES[name]}))
        if "enum" in schema:
            if not all(isinstance(each, str) for each in schema["enum"]):
                return _nothing  # Python takes 1 and True for the same
            checks.append(_one_of(frozenset(schema["enum"])))
        if schema.get("format") in FORMATS:
            checks.append(FORMATS[schema["format"]])
        if "maxItems" in schema:
            checks.append(_at_most(schema["maxItems"]))
        if "anyOf" in schema:
            count = len(schema["anyOf"])
            checks.append(_any_of([self._compile(f"{where}/anyOf/{i}") for i in range(count)]))
        if "items" in schema:
            checks.append(_items(self._compile(f"{where}/items")))
        if "propertyNames" in schema:
            checks.append(_named(self._compile(f"{where}/propertyNames")))
        if "properties" in schema or "additionalProperties" in schema:
            checks.append(self._object(where, schema))
        return checks[0] if len(checks) == 1 else _all_of(checks)

    def _object(self, where: str, schema: Mapping[str, Any]) -> Accepts:
        properties = {
            name: self._compile(f"{where}/properties/{escaped(name)}")
            for name in schema.get("properties", ())
        }
        additional = schema.get("additionalProperties", True)
        other = (
            self._compile(f"{where}/additionalProperties")
            if isinstance(additional, Mapping)
            else (_anything if additional else _nothing)
        )

        def accepts(value: Any) -> bool:
            if type(value) is not dict:
                return True
            return all(properties.get(name, other)(item) for name, item in value.items())

        return accepts


def _anything(_value: Any) -> bool:
    return True


def _nothing(_value: Any) -> bool:
    return False


def _all_of(checks: list[Accepts]) -> Accepts:
    def accepts(value: Any) -> bool:
        return all(check(value) for check in checks)

    return accepts


def _any_of(checks: list[Accepts]) -> Accepts:
    return lambda value: any(check(value) for check in checks)


def _of_types(types: set[type]) -> Accepts:
    # The exact type: a boolean is an int for Python.
    return lambda value: type(value) in types


def _one_of(values: frozenset[str]) -> Accepts:
    return lambda value: isinstance(value, str) and value in values


def _at_most(count: int) -> Accepts:
    return lambda value: not isinstance(value, list) or len(value) <= count


def _named(check: Accepts) -> Accepts:
    return lambda value: not isinstance(value, dict) or all(map(check, value))


def _items(check: Accepts) -> Accepts:
    return lambda value: not isinstance(value, list) or all(map(check, value))
