"""What every generated model can do."""

from __future__ import annotations

import sys
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

from ._conversion import ANY, Converter, encode_any
from ._mismatch import mismatch
from .errors import DecodeError
from .types import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from typing_extensions import Self

__all__ = ["MapModel", "Model", "Property"]

V = TypeVar("V")


class Property(NamedTuple):
    """One property of a model.

    Attributes:
        key: Its name in JSON.
        name: Its name in Python.
        converter: How its values are read and written.
        required: Whether a JSON object without it is refused.
    """

    key: str
    name: str
    converter: Converter
    required: bool = False


class _Plan(NamedTuple):
    """The properties of one model, prepared for reading and writing many objects."""

    names: tuple[str, ...]
    required: frozenset[str]
    # By JSON name: Python name, class of values to take as they are, reading function, nullable.
    decoders: dict[str, tuple[str, type | None, Callable[[Any], Any], bool]]
    # JSON name, Python name, writing function.
    encoders: tuple[tuple[str, str, Callable[[Any], Any] | None], ...]
    decode_additional: Callable[[Any], Any] | None
    encode_additional: Callable[[Any], Any]
    # Whether the class is a user's own, derived from a generated one.
    is_derived: bool


class Model:
    """Base of the generated models: reading, writing, comparing and printing.

    Properties that the specification does not list are kept in `additional_properties` and sent
    back. A null where the specification does not expect one leaves the property `UNSET` and is
    kept there as well, so that nothing is lost and no attribute has a value outside of its type.
    """

    __slots__ = ()

    #: The properties, in the order of the specification.
    _properties: ClassVar[tuple[Property, ...]] = ()
    #: How properties that are not listed are read and written.
    _additional: ClassVar[Converter] = ANY
    _plan: ClassVar[_Plan | None] = None

    additional_properties: dict[str, Any]

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        cls._plan = None  # the plan of the base may be of other properties

    @classmethod
    def _prepare(cls) -> _Plan:
        models: ModuleType = sys.modules[_models_package(cls)]
        plan = _Plan(
            names=tuple(item.name for item in cls._properties),
            required=frozenset(item.key for item in cls._properties if item.required),
            decoders={
                item.key: (
                    item.name,
                    item.converter.exact,
                    item.converter.decoder(models),
                    item.converter.nullable,
                )
                for item in cls._properties
            },
            encoders=tuple(
                (item.key, item.name, item.converter.encoder(models)) for item in cls._properties
            ),
            decode_additional=None if cls._additional is ANY else cls._additional.decoder(models),
            encode_additional=cls._additional.encoder(models) or encode_any,
            is_derived=not {"_properties", "_additional"} & cls.__dict__.keys(),
        )
        cls._plan = plan
        return plan

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Build the model from a JSON object.

        Args:
            src_dict: The object, as `json.loads` gives it; it is not changed. Lists and objects
                under names that the specification does not list are kept, not copied.

        Returns:
            The model.

        Raises:
            DecodeError: The object, or something in it, is not what the specification says.
        """
        if not isinstance(src_dict, Mapping):
            raise mismatch(f"an object ({cls.__name__})", src_dict)
        plan = cls._plan or cls._prepare()
        decoders = plan.decoders
        self = object.__new__(cls)
        for name in plan.names:
            setattr(self, name, UNSET)
        additional: dict[str, Any] = {}
        for key, value in src_dict.items():
            decoder = decoders.get(key)
            if decoder is None:
                additional[key] = value
                continue
            name, exact, decode, nullable = decoder
            if type(value) is exact:
                setattr(self, name, value)
            elif value is None and not nullable:
                additional[key] = None
            else:
                try:
                    setattr(self, name, decode(value))
                except DecodeError as error:
                    error.within(key)
                    raise
        if plan.required and not plan.required <= src_dict.keys():
            missing = ", ".join(sorted(plan.required - src_dict.keys()))
            raise DecodeError(f"{cls.__name__} lacks the required {missing}")
        if plan.decode_additional is not None:
            additional = _convert_values(additional, plan.decode_additional)
        self.additional_properties = additional  # type: ignore[misc]  # a slot of the subclass
        return cls._constructed(self) if plan.is_derived else self

    @classmethod
    def _constructed(cls, read: Self) -> Self:
        """Call the constructor of a user's subclass, which may do more than keep the properties."""
        from inspect import signature

        arguments = dict(read._set_properties())
        try:
            signature(cls).bind(**arguments)
        except TypeError:
            return read  # it wants something that no JSON object has
        made = cls(**arguments)
        made.additional_properties = read.additional_properties  # type: ignore[misc]  # see above
        return made

    def to_dict(self) -> dict[str, Any]:
        """Write the model as a JSON object.

        Returns:
            A new dictionary of plain JSON values, which shares nothing with the model; properties
            that are `UNSET` are left out.
        """
        plan = self._plan or self._prepare()
        result = self.additional_properties
        result = _convert_values(result, plan.encode_additional) if result else {}
        for key, name, encode in plan.encoders:
            value = getattr(self, name)
            if value is not UNSET:
                result[key] = value if encode is None or value is None else encode(value)
        return result

    def _set_properties(self) -> Iterator[tuple[str, Any]]:
        for item in self._properties:
            value = getattr(self, item.name)
            if value is not UNSET:
                yield item.name, value

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.additional_properties == other.additional_properties and all(
            getattr(self, item.name) == getattr(other, item.name) for item in self._properties
        )

    # Models are mutable, so a hash would go stale.
    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        # By name and without what is not set: so pickles are small, another version of the SDK can
        # read them, and attributes that a user's subclass adds are in them. It serves `copy`, too.
        unset = {item.name for item in self._properties if getattr(self, item.name) is UNSET}
        values = {
            name: getattr(self, name)
            for name in _slot_names(type(self))
            if name not in unset and hasattr(self, name)
        }
        values["additional_properties"] = dict(self.additional_properties)
        return _restore, (type(self), {**values, **getattr(self, "__dict__", {})})

    def __repr__(self) -> str:
        parts = [f"{name}={value!r}" for name, value in self._set_properties()]
        if self.additional_properties:
            parts.append(f"additional_properties={self.additional_properties!r}")
        return f"{type(self).__name__}({', '.join(parts)})"

    @property
    def additional_keys(self) -> list[str]:
        """The names of the properties that the specification does not list."""
        return list(self.additional_properties)

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: object) -> bool:
        return key in self.additional_properties

    if not TYPE_CHECKING:  # type checkers find no method to iterate with, as it is
        # Python would otherwise try the positions 0, 1, 2 ... as keys. See `additional_keys`.
        __iter__ = None


class MapModel(Model, MutableMapping[str, V]):
    """Base of the models whose keys are free and whose values are all of one kind.

    Args:
        additional_properties: What the map holds at first; nothing if absent.
    """

    __slots__ = ()

    additional_properties: dict[str, V]

    def __init__(self, additional_properties: Mapping[str, V] | None = None) -> None:
        self.additional_properties = dict(additional_properties or {})

    def __getitem__(self, key: str) -> V:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: V) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.additional_properties)

    def __len__(self) -> int:
        return len(self.additional_properties)

    def __contains__(self, key: object) -> bool:
        return key in self.additional_properties

    def __eq__(self, other: object) -> bool:
        if isinstance(other, MapModel):
            return self.additional_properties == other.additional_properties
        if isinstance(other, Mapping):
            return self.additional_properties == other
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.additional_properties!r})"


def _slot_names(cls: type) -> list[str]:
    names: list[str] = []
    for base in cls.__mro__:
        slots = base.__dict__.get("__slots__", ())
        names += [slots] if isinstance(slots, str) else slots
    return [name for name in names if name not in {"__dict__", "__weakref__"}]


def _restore(cls: type[Model], values: dict[str, Any]) -> Model:
    model = object.__new__(cls)
    for item in cls._properties:
        setattr(model, item.name, UNSET)
    for name, value in values.items():
        setattr(model, name, value)
    return model


def _models_package(cls: type) -> str:
    """Find the package of models that a class, or the one it was derived from, belongs to."""
    for base in cls.__mro__:
        # A subclass in a user's own module shares the properties of the generated class.
        if "_properties" in base.__dict__ or "_additional" in base.__dict__:
            return base.__module__.rpartition(".")[0]
    return cls.__module__.rpartition(".")[0]


def _convert_values(values: dict[str, Any], convert: Callable[[Any], Any]) -> dict[str, Any]:
    converted: dict[str, Any] = {}
    for key, value in values.items():
        try:
            converted[key] = None if value is None else convert(value)
        except DecodeError as error:  # noqa: PERF203  # the key belongs into the error
            error.within(key)
            raise
    return converted
