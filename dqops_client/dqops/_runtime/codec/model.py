"""What every generated model can do."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

from ...client.errors import DecodeError
from ...client.types import UNSET
from ..declare.conversion import ANY, Converter
from .extra import make_on_demand
from .mismatch import OutOfRangeError, mismatch
from .plan import Encoders, Plan, models_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Self

    from .json_text import Writers

__all__ = ["MapModel", "Model", "Property", "create"]

V = TypeVar("V")

# Makes a model on which nothing is set, not even `UNSET`. To find it by its name takes a moment.
create = object.__new__


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


class Model:
    """Base of the generated models: reading, writing, comparing and printing.

    Properties that the specification does not list are kept in `additional_properties` and sent
    back. A null where the specification does not expect one, and a date or time that Python cannot
    hold, leave the property `UNSET` and are kept there as well, so that nothing is lost and no
    attribute has a value outside of its type.
    """

    __slots__ = ("additional_properties",)

    #: The properties, in the order of the specification.
    _properties: ClassVar[tuple[Property, ...]] = ()
    #: How properties that are not listed are read and written.
    _additional: ClassVar[Converter] = ANY
    #: Whether there may be models of the same class in it, at any depth.
    _is_recursive: ClassVar[bool] = False

    # Made for each class, and filled when the first object with a property comes. The generated
    # methods take from the last three what converts the values of properties: `_decoders` has those
    # that every value needs, in the order of the properties, and `_decode` those for values that
    # are not of the usual class.
    _plan: ClassVar[Plan | None]
    _decoders: ClassVar[list[Any]]
    _decode: ClassVar[dict[str, Callable[[Any], Any]]]
    _encode: ClassVar[Encoders]
    # Made when the first model of the class is written as text.
    _writers: ClassVar[Writers | None]

    additional_properties: dict[str, Any]
    # The same, or None if nobody has asked for it yet; see `codec.extra`. It is `Any`,
    # because mypy takes the fields of an attrs class for all of its slots.
    _unlisted: Any

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        cls._plan = None
        cls._decoders = []
        cls._decode = {}
        cls._encode = Encoders(cls)
        cls._writers = None

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
        # Generated models with many plain values read those line by line, which is faster, and
        # come here with what is out of the ordinary: a property that was never there before, a
        # null, a value of a wrong kind.
        if type(src_dict) is not dict and not isinstance(src_dict, Mapping):
            raise mismatch(f"an object ({cls.__name__})", src_dict)
        plan = cls._plan or cls._make_plan()
        readings = plan.readings
        starts_unset = plan.starts_unset
        model = cls() if starts_unset else cls._blank()
        additional: dict[str, Any] | None = None
        as_they_came: dict[str, Any] | None = None
        for key in src_dict:  # faster than `items` where there are few, as in most objects
            value = src_dict[key]
            try:
                name, exact, decode, nullable = readings[key]
            except KeyError:
                reading = plan.reading(key)
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
        if not starts_unset:
            cls._check_required(src_dict)
        if additional:
            model._unlisted = _convert_values(additional, plan.additional)
        if as_they_came:
            model._unlisted = {**(model._unlisted or {}), **as_they_came}
        return model if starts_unset or plan.is_generated else cls._constructed(model)

    @classmethod
    def _make_plan(cls) -> Plan:
        cls._plan = plan = Plan(cls)
        return plan

    @classmethod
    def _not_taken(cls, src_dict: Mapping[str, Any]) -> dict[str, Any]:
        """Find what a generated method left: what is not listed, and nulls that are no values."""
        plan = cls._plan or cls._make_plan()
        left = {
            key: value
            for key, value in src_dict.items()
            if key not in plan.keys or (value is None and key not in plan.nullable)
        }
        return _convert_values(left, plan.additional)

    @classmethod
    def _blank(cls) -> Self:
        """Make a model on which nothing is set."""
        model = create(cls)
        model._unlisted = None
        for item in cls._properties:
            setattr(model, item.name, UNSET)
        return model

    @classmethod
    def _check_required(cls, src_dict: Mapping[str, Any]) -> None:
        missing = {item.key for item in cls._properties if item.required} - src_dict.keys()
        if missing:
            raise DecodeError(f"{cls.__name__} lacks the required {', '.join(sorted(missing))}")

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
        made._unlisted = read._unlisted
        return made

    def to_dict(self) -> dict[str, Any]:
        """Write the model as a JSON object.

        Returns:
            A new dictionary of plain JSON values, which shares nothing with the model; properties
            that are `UNSET` are left out.
        """
        # Generated models add their properties to this.
        if not self._unlisted:
            return {}
        encode = self._encode.additional
        return {key: encode(value) for key, value in self._unlisted.items()}

    def _json_pieces(self, write: Writers) -> Iterable[str]:
        """Write the model as JSON text; see `codec.json_text`.

        Args:
            write: What writes the values of its properties.

        Returns:
            The text in pieces. If the first property is not set, there may be a comma too many
            before the first that is. Those of models that hold models are written as they are
            asked for.

        Raises:
            TypeError: A value is none that the specification would allow, so the document must be
                made of `to_dict`. This may be found out after some pieces.
        """
        # Generated models that are mostly set have a faster way, and come here if it is not for
        # them, because they have properties that the specification does not list.
        return (write.plain(self.to_dict()),)

    @classmethod
    def _writes_itself(cls) -> bool:
        """Whether `_json_pieces` is faster than the way over a dictionary."""
        return cls._json_pieces is not Model._json_pieces

    def _set_properties(self) -> Iterator[tuple[str, Any]]:
        for item in self._properties:
            value = getattr(self, item.name)
            if value is not UNSET:
                yield item.name, value

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return (self._unlisted or {}) == (other._unlisted or {}) and all(
            getattr(self, item.name) == getattr(other, item.name) for item in self._properties
        )

    # Models are mutable, so a hash would go stale.
    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        # By name and without what is not set: so pickles are small, another version of the SDK can
        # read them, and attributes that a user's subclass adds are in them. It serves `copy`, too.
        left_out = {item.name for item in self._properties if getattr(self, item.name) is UNSET}
        left_out.add("additional_properties")
        values = {
            name: getattr(self, name)
            for name in _slot_names(type(self))
            if name not in left_out and hasattr(self, name)
        }
        values["additional_properties"] = dict(self._unlisted or {})
        return _restore, (type(self), {**values, **getattr(self, "__dict__", {})})

    def __repr__(self) -> str:
        parts = [f"{name}={value!r}" for name, value in self._set_properties()]
        if self._unlisted:
            parts.append(f"additional_properties={self._unlisted!r}")
        return f"{type(self).__name__}({', '.join(parts)})"

    @property
    def additional_keys(self) -> list[str]:
        """The names of the properties that the specification does not list."""
        return list(self._unlisted or ())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: object) -> bool:
        return key in (self._unlisted or ())

    if not TYPE_CHECKING:  # type checkers find no method to iterate with, as it is
        # Python would otherwise try the positions 0, 1, 2 ... as keys. See `additional_keys`.
        __iter__ = None


make_on_demand(Model)


class MapModel(Model, MutableMapping[str, V]):
    """Base of the models whose keys are free and whose values are all of one kind.

    Args:
        additional_properties: What the map holds at first; nothing if absent.
    """

    __slots__ = ()

    additional_properties: dict[str, V]

    def __init__(self, additional_properties: Mapping[str, V] | None = None) -> None:
        self._unlisted = {} if additional_properties is None else dict(additional_properties)

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Build the model from a JSON object; see `Model.from_dict`."""
        if type(src_dict) is not dict and not isinstance(src_dict, Mapping):
            raise mismatch(f"an object ({cls.__name__})", src_dict)
        model = create(cls)
        plan = cls._plan or cls._make_plan()
        model._unlisted = _convert_values(src_dict, plan.additional)
        return model if plan.is_generated else cls._constructed(model)

    @classmethod
    def _writes_itself(cls) -> bool:
        return not cls._is_recursive and cls._additional.writes_models(models_of(cls))

    def _json_pieces(self, write: Writers) -> Iterable[str]:
        if not write.is_faster or type(self).to_dict is not Model.to_dict:
            yield from super()._json_pieces(write)
            return
        quote, write_value = write.quote, write.additional
        before = "{"
        for key, value in self.additional_properties.items():
            yield f"{before}{quote(key)}:{write_value(value)}"
            before = ","
        yield "}" if before == "," else "{}"

    def __getitem__(self, key: str) -> V:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: V) -> None:
        self.additional_properties[key] = value

    def __iter__(self) -> Iterator[str]:
        return iter(self.additional_properties)

    def __len__(self) -> int:
        return len(self.additional_properties)

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
    model = create(cls)
    for item in cls._properties:
        setattr(model, item.name, UNSET)
    for name, value in values.items():
        setattr(model, name, value)
    return model


def _convert_values(values: Mapping[str, Any], convert: Callable[[Any], Any]) -> dict[str, Any]:
    converted: dict[str, Any] = {}
    for key, value in values.items():
        try:
            converted[key] = None if value is None else convert(value)
        except DecodeError as error:  # the key belongs into the error
            error.within(key)
            raise
    return converted
