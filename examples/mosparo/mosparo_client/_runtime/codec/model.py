# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What every generated model can do."""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, dataclass_transform

from attrs import define, field, setters

from ..declare.conversion import ANY, Converter, Property
from ..declare.unset import UNSET
from .interpreting import Encoders, Plan, create, generated_class, interpret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self

    from ..declare.fields import Field

__all__ = ["Model", "model"]

C = TypeVar("C", bound=type)

_COMPILING = Lock()
_MAKING = Lock()


def _as_extra_fields(value: Mapping[str, Any] | None) -> dict[str, Any]:
    return {} if value is None else dict(value)


@dataclass_transform(field_specifiers=(field,))
def model(cls: C) -> C:
    """Make an attrs class of a generated model, whose methods are compiled when first used.

    Args:
        cls: The class. Type checkers know the constructor's arguments from its annotations.

    Returns:
        The attrs class, with `additional_properties` as its last field.
    """
    cls.__annotations__ = {**cls.__annotations__, "additional_properties": "dict[str, Any]"}
    made: Any = cls  # for mypy, which knows no attributes of a `C`
    made.additional_properties = field(factory=dict, kw_only=True, converter=_as_extra_fields)
    return define(cls, init=False, repr=False, eq=False, on_setattr=setters.NO_OP)


if TYPE_CHECKING:

    @model
    class _Extensible:
        __attrs_attrs__: ClassVar[Any]  # for `attrs.fields`
        additional_properties: Field[dict[str, Any], Mapping[str, Any] | None] = field(
            default=None, kw_only=True
        )
else:

    class _Extensible:
        __slots__ = ()


class Model(_Extensible):
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
    #: Whether it selects what a request is about, so that a key that is ignored selects more.
    _selects: ClassVar[bool] = False

    # Made for each class: what reading needs, when the first object comes, and what writes values.
    _plan: ClassVar[Plan | None]
    _encode: ClassVar[Encoders]

    # The `additional_properties`, or None if nobody has asked for them yet; see `_make_on_demand`.
    _unlisted: Any

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        cls._plan = None
        cls._encode = Encoders(cls)

    if not TYPE_CHECKING:  # type checkers know the arguments of each model

        def __init__(self, *arguments: Any, **named: Any) -> None:
            _compile_constructor(type(self)).__init__(self, *arguments, **named)

    def _repr_html_(self) -> str:
        """Show the model in a notebook as a table."""
        from .display import as_html

        return as_html(self)

    def __rich__(self) -> Any:
        """Show the model by rich as a tree."""
        from .display import as_rich

        return as_rich(self)

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
        if cls._plan is None:
            cls._prepare()
            compiled = generated_class(cls).__dict__.get("from_dict")
            if compiled is not None:
                read: Self = compiled.__get__(None, cls)(src_dict)
                return read
        made: Self = interpret(cls, src_dict)
        return made

    @classmethod
    def _prepare(cls) -> Plan:
        """Find out how the class is read, and compile its reading method where that pays."""
        from .compiled import compile_blank, compile_from_dict, is_mostly_set, learn

        with _COMPILING:
            if cls._plan is None:
                learning = None
                if cls is generated_class(cls) and is_mostly_set(cls):
                    compiled = compile_from_dict(cls)
                    # Type checkers know `from_dict` as bound to its class.
                    reader: Any = classmethod(compiled)
                    cls.from_dict = reader
                    learning = partial(learn, compiled, cls)
                cls._plan = Plan(cls, compile_blank(cls), learning)
            return cls._plan

    def to_dict(self, *, python_names: bool = False, json: bool = True) -> dict[str, Any]:
        """Write the model as a JSON object.

        Args:
            python_names: Whether the keys are the names in Python, at every depth.
            json: Whether the values are those of JSON; else dates, times and members of
                enumerations stay.

        Returns:
            A new dictionary, which shares no list or dictionary with the model; properties that are
            `UNSET` are left out.
        """
        from .compiled import compile_to_dict

        owner = generated_class(type(self))
        write: Any = compile_to_dict(owner, Model)
        owner.to_dict = write
        written: dict[str, Any] = write(self, python_names=python_names, json=json)
        return written

    @classmethod
    def from_json(cls, document: bytes | str) -> Self:
        """Build the model from a JSON document; uses orjson where that is installed.

        Args:
            document: The document, as a string or in UTF-8, UTF-16 or UTF-32.

        Returns:
            The model.

        Raises:
            DecodeError: The document is not JSON, or not what the specification says.
        """
        from .documents import read_document

        content = (
            document.encode("utf-8", "surrogatepass") if isinstance(document, str) else document
        )
        read: Self = read_document(content, cls.from_dict)
        return read

    def to_json(self) -> bytes:
        """Write the model as a JSON document; uses orjson where that is installed.

        Returns:
            The document in UTF-8, without white space.

        Raises:
            InvalidRequest: A value has no JSON form, such as NaN or an unrelated object.
        """
        from .documents import write_document

        return write_document(self, type(self).__name__)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Tell pydantic how a field of this class is read and written."""
        from .pydantic_fields import core_schema_of

        return core_schema_of(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """Tell pydantic the JSON schema of such a field."""
        return {"type": "object", "title": cls.__name__}

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

    if not TYPE_CHECKING:  # which know it of every object

        @property
        def __dict__(self) -> dict[str, Any]:
            """The properties that are set, for `vars`; a new dictionary each time.

            Models have slots. Classes that users derive from them have a dictionary of their own.
            """
            return dict(self._set_properties())

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


def _make_on_demand() -> None:
    """Let `additional_properties` make the dictionary, and `_unlisted` be its slot.

    A dictionary for each model, most of them empty, takes a tenth of the time of reading.

    Generated classes list `additional_properties` as an attrs field. attrs finds a slot of that
    name in `Model`, so it gives them none, and uses what is there in its place.
    """
    if not TYPE_CHECKING:  # type checkers know both as attributes
        Model._unlisted = Model.__dict__["additional_properties"]
        Model.additional_properties = property(_get_extra, _set_extra)


def _get_extra(model: Model) -> dict[str, Any]:
    unlisted: dict[str, Any] | None = model._unlisted
    if unlisted is None:
        with _MAKING:  # two threads must not get two dictionaries
            unlisted = model._unlisted
            if unlisted is None:
                unlisted = model._unlisted = {}
    return unlisted


def _set_extra(model: Model, value: dict[str, Any]) -> None:
    model._unlisted = value


_make_on_demand()


class _Signature:
    """Lets `inspect.signature` see the arguments of a class that was not used yet."""

    def __get__(self, _: Model | None, owner: type[Model]) -> None:
        if owner.__init__ is Model.__init__:
            _compile_constructor(owner)
        raise AttributeError  # the constructor has it


Model.__signature__ = _Signature()  # type: ignore[attr-defined]


def _compile_constructor(cls: type[Model]) -> type[Model]:
    owner = generated_class(cls)
    if "__init__" not in owner.__dict__:
        from .compiled import compile_init

        owner.__init__ = compile_init(owner)
    return owner


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
