"""Reads models with a loop over what there is, and keeps what reading needs to know of a class."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..declare.unset import UNSET
from ..errors import DecodeError
from .problems import OutOfRangeError, mismatch

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet
    from types import ModuleType
    from typing import TypeAlias

    #: How a property is read: the name in Python, the class of values that are taken as they are,
    #: the function for all others, and whether that takes null, too.
    Reading: TypeAlias = tuple[str, "type | None", Callable[[Any], Any], bool]

__all__ = [
    "Encoders",
    "Plan",
    "constructed",
    "convert_values",
    "create",
    "extra_fields",
    "generated_class",
    "interpret",
    "models_of",
    "write_extra_fields",
]

# Makes a model on which nothing is set, not even `UNSET`. To find it by its name takes a moment.
create = object.__new__


class Plan:
    """What reading a model needs to know about its class.

    Args:
        model: The class.
        blank: Makes a model of it, or of a class derived from it, on which nothing is set.
        learn: Tells its compiled reading method, where it has one, how a property is read.
    """

    __slots__ = (
        "_additional",
        "_blank",
        "_learn",
        "_model",
        "is_generated",
        "keys",
        "nullable",
        "readings",
        "required",
    )

    def __init__(
        self,
        model: type[Any],
        blank: Callable[[type[Any]], Any],
        learn: Callable[[str, Any], None] | None,
    ) -> None:
        self._model = model
        self._blank = blank
        self._additional: Callable[[Any], Any] | None = None
        self._learn = learn
        #: How properties are read that have come already, by their names in JSON.
        self.readings: dict[str, Reading] = {}
        #: The names in JSON of all properties.
        self.keys = frozenset(item.key for item in model._properties)
        #: Those for which null is a value.
        self.nullable = frozenset(item.key for item in model._properties if item.converter.nullable)
        #: Those that every object must have.
        self.required = frozenset(item.key for item in model._properties if item.required)
        #: Whether the class is no user's own, derived from a generated one.
        self.is_generated = is_generated(model)

    @property
    def additional(self) -> Callable[[Any], Any]:
        """What reads the extra fields."""
        if self._additional is None:
            from .converters import decoder

            self._additional = decoder(self._model._additional, models_of(self._model))
        return self._additional

    def reading(self, key: str) -> Reading | None:
        """Find out how a property is read, and keep it for the next time.

        That loads the models that it names, and most documents use few of them.

        Args:
            key: The property's name in JSON.

        Returns:
            How to read it; None, which is not kept, for a name that the specification does not
            list: a server could send any number of those.
        """
        if key not in self.keys:
            return None
        from .converters import decoder

        model = self._model
        item = next(item for item in model._properties if item.key == key)
        converter, models = item.converter, models_of(model)
        reading = (item.name, converter.exact, decoder(converter, models), converter.nullable)
        self.readings[key] = reading
        if self._learn is not None:
            self._learn(key, reading[2])
        return reading

    def read(self, src_dict: Mapping[str, Any]) -> Any:
        """Read an object with a loop over what there is.

        Args:
            src_dict: The object.

        Returns:
            The model.

        Raises:
            DecodeError: The object, or something in it, is not what the specification says.
        """
        cls = self._model
        if type(src_dict) is not dict and not isinstance(src_dict, Mapping):
            raise mismatch(f"an object ({cls.__name__})", src_dict)
        readings = self.readings
        model = self._blank(cls)
        additional: dict[str, Any] | None = None
        as_they_came: dict[str, Any] | None = None
        for key in src_dict:  # faster than `items` where there are few, as in most objects
            value = src_dict[key]
            try:
                name, exact, decode, nullable = readings[key]
            except KeyError:
                reading = self.reading(key)
                if reading is None:
                    additional = additional or {}
                    additional[key] = value
                    continue
                name, exact, decode, nullable = reading
            if type(value) is exact:
                setattr(model, name, value)
            elif value is None and not nullable:
                additional = additional or {}
                additional[key] = None
            else:
                try:
                    setattr(model, name, decode(value))
                except OutOfRangeError:
                    as_they_came = {**(as_they_came or {}), key: value}
                except DecodeError as error:
                    error.within(key)
                    raise
        if self.required:
            _check_required(cls, self.required - src_dict.keys())
        if additional:
            _refuse_python_names(cls, additional, src_dict)
            model._unlisted = convert_values(additional, self.additional)
        if as_they_came:
            model._unlisted = {**(model._unlisted or {}), **as_they_came}
        return model if self.is_generated else constructed(cls, model)


class Encoders(dict[str, "Callable[[Any], Any]"]):
    """The functions that write a model's properties, by their names in JSON, made when needed.

    Args:
        model: The class.
    """

    __slots__ = ("_additional", "_model")

    def __init__(self, model: type[Any]) -> None:
        self._model = model
        self._additional: Callable[[Any], Any] | None = None

    def __missing__(self, key: str) -> Callable[[Any], Any]:
        from .converters import encoder
        from .encoding import encode_any

        kind = next(item.converter for item in self._model._properties if item.key == key)
        self[key] = function = encoder(kind, models_of(self._model)) or encode_any
        return function

    @property
    def additional(self) -> Callable[[Any], Any]:
        """The one for extra fields."""
        if self._additional is None:
            from .converters import encoder
            from .encoding import encode_any

            kind = self._model._additional
            self._additional = encoder(kind, models_of(self._model)) or encode_any
        return self._additional


def is_generated(cls: type[Any]) -> bool:
    """Tell a generated class from a user's own, which is derived from one."""
    return "_properties" in cls.__dict__ or "_additional" in cls.__dict__


def generated_class(cls: type[Any]) -> type[Any]:
    """Find the generated class that a class is, or is derived from."""
    return next((base for base in cls.__mro__ if is_generated(base)), cls)


def models_of(cls: type[Any]) -> ModuleType:
    """Find the package of models that a class, or the one it was derived from, belongs to."""
    return sys.modules[generated_class(cls).__module__.rpartition(".")[0]]


def interpret(cls: type[Any], src_dict: Mapping[str, Any]) -> Any:
    """Read an object with a loop over what there is; see `Plan.read`."""
    plan = cls._plan or cls._prepare()
    return plan.read(src_dict)


def extra_fields(cls: type[Any], src_dict: Mapping[str, Any]) -> dict[str, Any]:
    """Find what a compiled method left: extra fields, and nulls that are not values.

    Args:
        cls: The class of the model.
        src_dict: The object.

    Returns:
        The fields, read.

    Raises:
        DecodeError: One is a property by its name in Python.
    """
    plan = cls._plan or cls._prepare()
    left = {
        key: value
        for key, value in src_dict.items()
        if key not in plan.keys or (value is None and key not in plan.nullable)
    }
    _refuse_python_names(cls, left, src_dict)
    return convert_values(left, plan.additional)


def _refuse_python_names(
    cls: type[Any], extra: Mapping[str, Any], src_dict: Mapping[str, Any]
) -> None:
    """Refuse what servers would ignore: a filter that is ignored selects everything."""
    for item in cls._properties:
        if item.name in extra and item.name != item.key and item.key not in src_dict:
            raise DecodeError(
                f"{cls.__name__} has no property {item.name!r} in JSON; write {item.key!r}"
            )


def _check_required(cls: type[Any], missing: AbstractSet[str]) -> None:
    if missing:
        raise DecodeError(
            f"required properties of {cls.__name__} are missing: {', '.join(sorted(missing))}"
        )


def constructed(cls: type[Any], read: Any) -> Any:
    """Call the constructor of a user's subclass, which may do more than keep the properties.

    Args:
        cls: The subclass.
        read: The model as it was read.

    Returns:
        The model that the constructor made; `read` where it wants other arguments.
    """
    from inspect import signature

    arguments = dict(read._set_properties())
    try:
        signature(cls).bind(**arguments)
    except TypeError:
        return read  # it wants something that no JSON object has
    made = cls(**arguments)
    made._unlisted = read._unlisted
    return made


def convert_values(values: Mapping[str, Any], convert: Callable[[Any], Any]) -> dict[str, Any]:
    """Read extra fields.

    Args:
        values: The values by name.
        convert: Reads a value other than null.

    Returns:
        A new dictionary.
    """
    converted: dict[str, Any] = {}
    for key, value in values.items():
        try:
            converted[key] = None if value is None else convert(value)
        except DecodeError as error:  # the key belongs into the error
            error.within(key)
            raise
    return converted


def write_extra_fields(model: Any) -> dict[str, Any]:
    """Write the extra fields of a model.

    Args:
        model: The model.

    Returns:
        A new dictionary.
    """
    if not model._unlisted:
        return {}
    encode = model._encode.additional
    unlisted = model._unlisted.items()
    return {key: encode(value) for key, value in unlisted if value is not UNSET}
