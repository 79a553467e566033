"""JSON text straight from models: the same as over dictionaries, whatever the models hold."""

from __future__ import annotations

import datetime
import math
import random
from typing import TYPE_CHECKING, Any

import pytest
from dqops._runtime.codec import json_io, json_text
from dqops._runtime.codec.encoding import encode_any
from dqops._runtime.codec.model import MapModel, Model
from dqops._runtime.exchange.content import json_content
from dqops.client import models
from dqops.client.errors import ClientError, InvalidRequest
from dqops.client.types import UNSET
from odd_python_values import WRITTEN
from wire import MODELS, UNKNOWN, object_for

if TYPE_CHECKING:
    from collections.abc import Callable

UTC = datetime.UTC
MOMENT = datetime.datetime(2024, 1, 31, 10, 20, 30, 123456, UTC)


class Moment(datetime.datetime):
    """A time of a class of its own."""


class Spoken(datetime.datetime):
    """A time that writes itself in another way."""

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:  # noqa: ARG002
        """Give something that needs escapes in JSON."""
        return 'about "noon"'


ODD: dict[str, Any] = {
    **WRITTEN,
    "point in time": MOMENT,
    "point in time without a zone": MOMENT.replace(tzinfo=None),
    "point in time elsewhere": MOMENT.astimezone(datetime.timezone(datetime.timedelta(hours=5.5))),
    "point in time of a subclass": Moment(2024, 1, 31, tzinfo=UTC),
    "point in time that writes itself": Spoken(2024, 1, 31, tzinfo=UTC),
    "time that is a text": '2024-01-31 "about noon"',
    "date": datetime.date(2024, 1, 31),
    "duration": datetime.timedelta(seconds=90.5),
    "true": True,
    "false": False,
    "whole number": 7,
    "fraction": 7.5,
    "not set": UNSET,
    "model": models.CheckResultEntryModel(id="odd"),
    "models": [models.CheckResultEntryModel(id="odd"), None, {"id": "plain"}],
    "models in a tuple": (models.CheckResultEntryModel(id="odd"),),
    "models by name": {"a": models.CheckResultEntryModel(id="odd", severity=1)},
    "map of models": models.ColumnCurrentDataQualityStatusModelChecks(
        {"a": models.CheckCurrentDataQualityStatusModel(warnings=1)}
    ),
    "class of models": models.CheckResultEntryModel,
    "empty list": [],
    "empty object": {},
}
LINE_BY_LINE = [model for model in MODELS.values() if "_json_pieces" in vars(model)]


@pytest.fixture(autouse=True)
def _without_orjson(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_io, "orjson", None)


def outcome(write: Callable[[Any], bytes], value: Any) -> tuple[type, str]:
    """Call a function; return the class and the text of the result, or of the error."""
    try:
        result = write(value)
    except ClientError as error:
        return type(error), str(error)
    return type(result), repr(result)


def over_dictionaries(value: Any) -> bytes:
    """Write a body as without the code under test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "write_any", lambda plain: json_io.dumps(encode_any(plain)))
        return json_content(value)


def thinned(value: Any, chance: random.Random, share: float) -> Any:
    """Leave out some properties, nulls, and what the specification does not list, at any depth."""
    if isinstance(value, list):
        return [thinned(item, chance, share) for item in value]
    if isinstance(value, dict):
        return {
            key: thinned(item, chance, share)
            for key, item in value.items()
            if key not in UNKNOWN and item is not None and chance.random() < share
        }
    return value


def model_of(model: type[Model], chance: random.Random, share: float) -> Model:
    """Make a model of which some properties are set, and that has only those that are listed."""
    return model.from_dict(thinned(object_for(model, chance, depth=3), chance, share))


def test_most_models_write_themselves() -> None:
    """The tests below would prove nothing if none did."""
    assert 200 <= len(LINE_BY_LINE)
    assert models.CheckResultEntryModel in LINE_BY_LINE


@pytest.mark.parametrize("share", [0, 0.3, 0.8, 1])
def test_every_model_writes_itself_as_its_dictionary(share: float) -> None:
    """All properties set, some, none; the first or not; models in models, lists and maps."""
    for name, model in MODELS.items():
        chance = random.Random(f"{name} {share}")
        for _ in range(3):
            made = model_of(model, chance, share)
            assert over_dictionaries(made) == json_content(made), name
            assert over_dictionaries([made, made]) == json_content([made, made]), name


@pytest.mark.parametrize("model", LINE_BY_LINE, ids=lambda model: model.__name__)
def test_odd_values_are_written_as_in_a_dictionary(model: type[Model]) -> None:
    """Whatever a program puts into a property: the same text, or the same refusal."""
    chance = random.Random(model.__name__)
    for item in model._properties:
        for odd in chance.sample(list(ODD), 8):
            made = model_of(model, chance, 0.8)
            setattr(made, item.name, ODD[odd])
            assert outcome(over_dictionaries, made) == outcome(json_content, made), (item, odd)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_values_of_a_check_result(odd: Any) -> None:
    """Every odd value in every kind of property, in a list, and in a map."""
    for item in models.CheckResultEntryModel._properties:
        result = models.CheckResultEntryModel(id="1", severity=2)
        setattr(result, item.name, odd)
        results = models.CheckResultsListModel(check_result_entries=[result, odd])
        assert outcome(over_dictionaries, results) == outcome(json_content, results), item.key
    many: Any = models.ColumnCurrentDataQualityStatusModelChecks({"a": odd})
    assert outcome(over_dictionaries, many) == outcome(json_content, many)
    results = models.CheckResultsListModel(check_result_entries=odd, data_groups=odd)
    assert outcome(over_dictionaries, results) == outcome(json_content, results)


@pytest.mark.parametrize("key", [1, None, True, 1.5, 'a"b', "ä", models.CheckType.PROFILING, (1,)])
def test_odd_keys_of_a_map(key: Any) -> None:
    """Keys become texts as in a dictionary, or are refused."""
    status = models.CheckCurrentDataQualityStatusModel(warnings=1)
    found: Any = models.ColumnCurrentDataQualityStatusModelChecks()
    found[key] = status
    assert outcome(over_dictionaries, found) == outcome(json_content, found)


class Renamed(models.CheckResultEntryModel):
    """A model of a user, who writes it in another way."""

    def to_dict(self) -> dict[str, Any]:
        """Give something else."""
        return {"renamed": self.id}


class Rated(models.CheckResultEntryModel):
    """A model of a user, who writes it as no object at all."""

    def to_dict(self) -> Any:
        """Give a number of one digit."""
        return 7


class Counted(models.ColumnCurrentDataQualityStatusModelChecks):
    """A map of a user, who writes it in another way."""

    def to_dict(self) -> dict[str, Any]:
        """Give something else."""
        return {"count": len(self)}


def test_a_users_own_to_dict_counts() -> None:
    """Alone, in a list, in a model, in a list of a model."""
    results = models.CheckResultsListModel(check_result_entries=[Renamed("1"), Renamed("2")])
    column = models.ColumnCurrentDataQualityStatusModel(checks=Counted())

    assert b'{"renamed":"1"}' == json_content(Renamed("1"))
    assert b'[{"renamed":"1"}]' == json_content([Renamed("1")])
    assert b'{"checkResultEntries":[{"renamed":"1"},{"renamed":"2"}]}' == json_content(results)
    assert b'{"checks":{"count":0}}' == json_content(column)
    assert b"7" == json_content(Rated())
    assert b"[7]" == json_content([Rated()])


def test_no_dictionary_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is as the specification says does not go over `to_dict`, at any depth."""

    def refuse(_: Any) -> Any:
        raise AssertionError("a dictionary was made")

    status = models.CheckCurrentDataQualityStatusModel(
        models.CheckResultStatus.VALID,
        last_executed_at=datetime.datetime(2024, 1, 31, tzinfo=UTC),
        column_name="a",
        warnings=1,
    )
    checks = models.ColumnCurrentDataQualityStatusModelChecks({"b": status})
    column = models.ColumnCurrentDataQualityStatusModel(checks=checks, data_quality_kpi=1.5)
    for model in LINE_BY_LINE:
        monkeypatch.setattr(model, "to_dict", refuse)

    assert json_content([column]) == (
        b'[{"data_quality_kpi":1.5,"checks":{"b":{"current_severity":"valid",'
        b'"last_executed_at":"2024-01-31T00:00:00Z","column_name":"a","warnings":1}}}]'
    )


def test_additional_properties_go_over_the_dictionary() -> None:
    """They are written first, as ever."""
    result = models.CheckResultEntryModel(id="1", additional_properties={"new": [1.5]})
    assert b'{"new":[1.5],"id":"1"}' == json_content(result)


def test_what_holds_itself_is_refused() -> None:
    """Models in a circle, through a list and through a map."""
    results = models.CheckResultsListModel()
    results.check_result_entries = [results]  # type: ignore[list-item]  # what is refused
    checks: Any = models.ColumnCurrentDataQualityStatusModelChecks()
    checks["a"] = checks
    for value in (results, checks, [results]):
        with pytest.raises(InvalidRequest, match="holds itself"):
            json_content(value)


def test_the_place_of_a_problem_is_named() -> None:
    """As deep as it is."""
    result = models.CheckResultEntryModel(id="1", actual_value=math.nan)
    results = models.CheckResultsListModel(check_result_entries=[result])
    with pytest.raises(InvalidRequest, match=r"checkResultEntries\[0\]\.actualValue"):
        json_content([results])


def test_an_empty_model_is_an_empty_object() -> None:
    """Whatever its base."""
    for model in (models.CheckResultEntryModel, models.ColumnCurrentDataQualityStatusModelChecks):
        assert b"{}" == json_content(model())
    assert UNSET is models.CheckResultEntryModel().id
    assert issubclass(models.ColumnCurrentDataQualityStatusModelChecks, MapModel)
