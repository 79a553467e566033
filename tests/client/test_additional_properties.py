"""The dictionary of additional properties: made when asked for, and then a model's for good."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from dqops.client.models import (
    CheckResultEntryModel,
    CommentSpec,
    MaxCountRule0ErrorParametersSpec,
    TableSpec,
)
from dqops.integrations.healthchecks_io.client.models import Flip
from support.runtime import json_content, model_module
from wire import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.runtime import Model


class UserTable(TableSpec):
    """A subclass as a program may have it."""


# Read line by line, read by the loop, made by a program.
MADE: dict[str, Callable[[], Model]] = {
    "line by line": lambda: MaxCountRule0ErrorParametersSpec.from_dict({"max_count": 5}),
    "many lines": lambda: CheckResultEntryModel.from_dict({"id": "1"}),
    "loop": lambda: TableSpec.from_dict({"disabled": True}),
    "with required properties": lambda: Flip.from_dict({"timestamp": "2024-01-31", "up": 1}),
    "of a user": lambda: UserTable.from_dict({"disabled": True}),
    "constructor": lambda: TableSpec(disabled=True),
}


@pytest.fixture(params=MADE.values(), ids=list(MADE))
def model(request: pytest.FixtureRequest) -> Model:
    """A model without additional properties."""
    made: Model = request.param()
    return made


def test_there_is_none_before_it_is_asked_for(model: Model) -> None:
    """Reading, comparing, printing, copying and writing do without; so do questions for keys."""
    twin = copy.deepcopy(model)
    assert model == twin
    assert "additional_properties" not in repr(model)
    assert [] == model.additional_keys
    assert "new" not in model
    assert model.to_dict() == type(model).from_dict(model.to_dict()).to_dict()
    json_content(model)
    assert model._unlisted is None


def test_it_stays_the_same(model: Model) -> None:
    """What is put into it is there for everyone who asks, and is written."""
    kept = model.additional_properties
    kept["new"] = [1]
    model["newer"] = 2

    assert kept is model.additional_properties
    assert ["new", "newer"] == model.additional_keys
    assert {"new": [1], "newer": 2} == kept
    assert {"new": [1], "newer": 2} == {key: model.to_dict()[key] for key in kept}
    assert b'"new":[1],"newer":2' in json_content(model)


def test_an_empty_one_is_as_good_as_none(model: Model) -> None:
    """To have asked for it changes nothing."""
    twin = copy.copy(model)
    assert {} == model.additional_properties
    assert model == twin
    assert repr(model) == repr(twin)
    assert pickle.dumps(model) == pickle.dumps(twin)
    assert json_content(model) == json_content(twin)


def test_models_do_not_share_it(model: Model) -> None:
    """Neither with others of the class nor with copies."""
    copies = [copy.copy(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))]
    copies.append(attrs.evolve(model))  # type: ignore[misc]  # all models are of attrs
    model["new"] = 1
    for other in copies:
        assert "new" not in other
        other["new"] = 2
    assert {"new": 1} == model.additional_properties


def test_another_can_be_put_in_its_place(model: Model) -> None:
    """It is a plain attribute to those who use it."""
    model.additional_properties = {"new": 1}
    assert {"new": 1} == model.additional_properties
    assert model["new"] == 1


def test_attrs_gives_it_no_second_slot() -> None:
    """Where one were, it would hide what makes the dictionary."""
    for name, cls in MODELS.items():
        field: Any = attrs.fields_dict(cls)["additional_properties"]
        assert field.default is not attrs.NOTHING, name
        assert "additional_properties" not in vars(cls)["__slots__"], name
        assert cls.__dictoffset__ == 0, name


def test_threads_get_the_same_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that another thread made in the meantime is taken."""
    model = CommentSpec()
    theirs: dict[str, Any] = {"new": 1}

    class LockOfAnother:
        """A lock that another thread had until its dictionary was made."""

        def __enter__(self) -> None:
            model._unlisted = theirs

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(model_module, "_MAKING", LockOfAnother())
    assert theirs is model.additional_properties
