# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What reading and writing a model needs to know about its class, found out when it is needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..declare.unset import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import TypeAlias

    #: How a property is read: the name in Python, the class of values that are taken as they are,
    #: the function for all others, and whether that takes null, too.
    Reading: TypeAlias = tuple[str, "type | None", Callable[[Any], Any], bool]

__all__ = ["Encoders", "Plan", "generated_class", "is_generated", "models_of"]


class Plan:
    """What reading a model needs to know about its class.

    Args:
        model: The class.
        compiled: Its compiled reading method, where it has one.
    """

    __slots__ = (
        "_additional",
        "_compiled",
        "_model",
        "is_generated",
        "keys",
        "nullable",
        "readings",
        "starts_unset",
    )

    def __init__(self, model: type[Any], compiled: Callable[..., Any] | None) -> None:
        self._model = model
        self._additional: Callable[[Any], Any] | None = None
        self._compiled = compiled
        #: How properties are read that have come already, by their names in JSON.
        self.readings: dict[str, Reading] = {}
        #: The names in JSON of all properties.
        self.keys = frozenset(item.key for item in model._properties)
        #: Those for which null is a value.
        self.nullable = frozenset(item.key for item in model._properties if item.converter.nullable)
        #: Whether the class is no user's own, derived from a generated one.
        self.is_generated = is_generated(model)
        #: Whether the constructor, if it gets no arguments, sets nothing and does nothing else.
        defaults = [field.default for field in getattr(model, "__attrs_attrs__", ())]
        self.starts_unset = (
            self.is_generated
            and len(defaults) == len(model._properties) + 1  # and `additional_properties`
            and all(default is UNSET for default in defaults[:-1])
        )

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
        if self._compiled is not None:
            from ..declare.conversion import EnumOf
            from .compiled import learn

            quick: Any = reading[2]
            if isinstance(converter, EnumOf) and converter.kind is str:
                quick = getattr(models, converter.name)._value2member_map_
            learn(self._compiled, model, key, quick)
        return reading


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
