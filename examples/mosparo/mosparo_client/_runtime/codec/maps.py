# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Models whose keys are free."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define, field

from ..declare.conversion import ModelOf
from ..declare.unset import UNSET
from .interpreting import constructed, convert_values, create, write_extra_fields
from .model import Model
from .problems import mismatch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from ..declare.fields import Field

__all__ = ["MapModel", "map_model"]

V = TypeVar("V")
C = TypeVar("C", bound=type)


def map_model(cls: C) -> C:
    """Make an attrs class of a generated map model, with `additional_properties` as its field.

    Args:
        cls: The class.

    Returns:
        The attrs class.
    """
    cls.__annotations__ = {"additional_properties": "dict[str, Any]"}
    made: Any = cls  # for mypy, which knows no attributes of a `C`
    made.additional_properties = field(factory=dict, kw_only=True)
    return define(cls, init=False, repr=False, eq=False)


class MapModel(Model, MutableMapping[str, V]):
    """Base of the models whose keys are free and whose values are all of one kind.

    Args:
        additional_properties: What the map holds at first; nothing if absent.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        additional_properties: Field[dict[str, V], Mapping[str, V]]

    def __init__(self, additional_properties: Mapping[str, V] | None = None) -> None:
        self._unlisted = {} if additional_properties is None else dict(additional_properties)

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Build the model from a JSON object; see `Model.from_dict`."""
        if type(src_dict) is not dict and not isinstance(src_dict, Mapping):
            raise mismatch(f"an object ({cls.__name__})", src_dict)
        model = create(cls)
        plan = cls._plan or cls._prepare()
        model._unlisted = convert_values(src_dict, plan.additional)
        return model if plan.is_generated else constructed(cls, model)

    def to_dict(self, *, python_names: bool = False, json: bool = True) -> dict[str, Any]:
        """Write the model as a JSON object; see `Model.to_dict`."""
        if python_names or not json:
            from .plain import to_plain

            return to_plain(self, python_names=python_names, json=json)
        return (_write_models if isinstance(self._additional, ModelOf) else write_extra_fields)(
            self
        )

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


def _write_models(values: MapModel[Any]) -> dict[str, Any]:
    """Write a map whose values are models.

    It is a function of its own, because some versions of Python 3.13 count the depth only of calls
    that fill in no default, so that a map which holds itself would end the process:
    https://github.com/python/cpython/issues/132744
    """
    written: dict[str, Any] = {}
    for key, value in (values._unlisted or {}).items():
        # To try costs nothing where the value is what it should be.
        try:
            written[key] = value.to_dict()
        except (AttributeError, TypeError):
            if isinstance(value, Model):
                raise  # something is wrong in it
            if value is not UNSET:
                written[key] = values._encode.additional(value)
    return written
