"""What reading and writing a model needs to know about its class, found out when it is needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ...client.types import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import TypeAlias

    from ..declare.conversion import Converter
    from .model import Model

    #: How a property is read: the name in Python, the class of values that are taken as they are,
    #: the function for all others, and whether that takes null, too.
    Reading: TypeAlias = tuple[str, "type | None", Callable[[Any], Any], bool]

__all__ = ["Encoders", "FunctionsByProperty", "Plan", "is_generated", "models_of"]


class Plan:
    """What reading a model needs to know about its class."""

    __slots__ = (
        "_additional",
        "_model",
        "_places",
        "is_generated",
        "keys",
        "nullable",
        "readings",
        "starts_unset",
    )

    def __init__(self, model: type[Model]) -> None:
        self._model = model
        self._additional: Callable[[Any], Any] | None = None
        # Where in `_decoders` is what reads each property that is not taken as it is. An empty
        # dictionary stands for those of which no value has come yet: it can neither be called nor
        # has it anything in it, so generated methods leave the first value to `Model.from_dict`.
        converted = [item.key for item in model._properties if item.converter.exact is None]
        self._places = {key: place for place, key in enumerate(converted)}
        model._decoders = [{} for _ in converted]
        #: How properties are read that have come already, by their names in JSON.
        self.readings: dict[str, Reading] = {}
        #: The names in JSON of all properties.
        self.keys = frozenset(item.key for item in model._properties)
        #: Those for which null is a value.
        self.nullable = frozenset(item.key for item in model._properties if item.converter.nullable)
        #: Whether the class is no user's own, derived from a generated one.
        self.is_generated = is_generated(model)
        #: Whether the constructor, if it gets no arguments, sets nothing and does nothing else.
        defaults = getattr(model.__dict__.get("__init__"), "__defaults__", None) or ()
        self.starts_unset = (
            self.is_generated
            and len(defaults) == len(model._properties)
            and all(default is UNSET for default in defaults)
        )

    @property
    def additional(self) -> Callable[[Any], Any]:
        """What reads the properties that the specification does not list."""
        if self._additional is None:
            self._additional = self._model._additional.decoder(models_of(self._model))
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
        model = self._model
        item = next(item for item in model._properties if item.key == key)
        converter, models = item.converter, models_of(model)
        reading = (item.name, converter.exact, converter.decoder(models), converter.nullable)
        self.readings[key] = reading
        if key in self._places:
            model._decoders[self._places[key]] = converter.quick_decoder(models)
        else:
            model._decode[key] = reading[2]
        return reading


class FunctionsByProperty(dict[str, "Callable[[Any], Any]"]):
    """A function for each of a model's properties, by their names in JSON, made when needed.

    Args:
        model: The class.
    """

    __slots__ = ("_additional", "_model")

    def __init__(self, model: type[Model]) -> None:
        self._model = model
        self._additional: Callable[[Any], Any] | None = None

    def __missing__(self, key: str) -> Callable[[Any], Any]:
        converter = next(item.converter for item in self._model._properties if item.key == key)
        self[key] = function = self._make(converter, models_of(self._model))
        return function

    @property
    def additional(self) -> Callable[[Any], Any]:
        """The one for properties that the specification does not list."""
        if self._additional is None:
            self._additional = self._make(self._model._additional, models_of(self._model))
        return self._additional

    def _make(self, converter: Converter, models: ModuleType) -> Callable[[Any], Any]:
        raise NotImplementedError


class Encoders(FunctionsByProperty):
    """The functions that make plain JSON of the values of a model's properties."""

    __slots__ = ()

    def _make(self, converter: Converter, models: ModuleType) -> Callable[[Any], Any]:
        from .encoding import encode_any

        return converter.encoder(models) or encode_any


def is_generated(cls: type[Model]) -> bool:
    """Tell a generated class from a user's own, which is derived from one."""
    return "_properties" in cls.__dict__ or "_additional" in cls.__dict__


def models_of(cls: type[Model]) -> ModuleType:
    """Find the package of models that a class, or the one it was derived from, belongs to."""
    generated = next((base for base in cls.__mro__ if is_generated(base)), cls)
    return sys.modules[generated.__module__.rpartition(".")[0]]
