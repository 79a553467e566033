"""Models as JSON documents: `to_json` and `from_json`, and what is refused."""

from __future__ import annotations

import json
import math
import random
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import models
from dqops.client.errors import DecodeError, InvalidRequest
from dqops.client.types import is_set
from support.runtime import MapModel, json_content, json_io
from wire import MODELS, UNKNOWN, object_for

if TYPE_CHECKING:
    from support.runtime import Model


@pytest.fixture(params=["json", "orjson"], autouse=True)
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write and read with orjson, and without; `both` leaves the choice to the test."""
    if request.param == "json":
        monkeypatch.setattr(json_io, "orjson", None)
    elif request.param == "orjson" and json_io.orjson is None:
        pytest.skip("orjson is not installed")
    name: str = request.param
    return name


def thinned(value: Any, chance: random.Random, share: float) -> Any:
    """Leave out some properties, nulls, and extra fields, at any depth."""
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
    """Make a model of which some properties are set."""
    return model.from_dict(thinned(object_for(model, chance, depth=3), chance, share))


@pytest.mark.parametrize("library", ["both"], indirect=True)
@pytest.mark.parametrize("share", [0, 0.3, 0.8, 1])
def test_every_model_is_written_as_its_dictionary(
    share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All properties set, some, none; models in models, lists and maps; read again, it is equal."""
    libraries = [None] if json_io.orjson is None else [None, json_io.orjson]
    for name, model in MODELS.items():
        chance = random.Random(f"{name} {share}")
        for _ in range(3):
            made = model_of(model, chance, share)
            expected = made.to_dict()
            for library in libraries:
                monkeypatch.setattr(json_io, "orjson", library)
                document = made.to_json()
                assert expected == json.loads(document), name
                assert document == json_content(made), name
                assert made == model.from_json(document), name
                assert made == model.from_json(document.decode()), name


def test_a_document_that_is_no_json() -> None:
    """What cannot be read is refused as a response is."""
    for document in (b"", b"{", "[1", b"\xff", b"null", "7", "[]"):
        with pytest.raises(DecodeError):
            models.CheckResultEntryModel.from_json(document)


def test_long_integers_keep_their_digits() -> None:
    """Also where a library makes floats of them."""
    made = models.CheckResultEntryModel.from_json(b'{"id":"1","durationMs":123456789012345678901}')
    assert 123456789012345678901 == made.duration_ms


class Renamed(models.CheckResultEntryModel):
    """A model of a user, who writes it in another way."""

    def to_dict(self, **_: Any) -> dict[str, Any]:
        """Give something else."""
        return {"renamed": self.id}


class Rated(models.CheckResultEntryModel):
    """A model of a user, who writes it as no object at all."""

    def to_dict(self, **_: Any) -> Any:
        """Give a number of one digit."""
        return 7


class Counted(models.ColumnCurrentDataQualityStatusModelChecks):
    """A map of a user, who writes it in another way."""

    def to_dict(self, **_: Any) -> dict[str, Any]:
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


def test_additional_properties_are_written_first() -> None:
    """They are written first, as ever."""
    result = models.CheckResultEntryModel(id="1", additional_properties={"new": [1.5]})
    assert b'{"new":[1.5],"id":"1"}' == json_content(result) == result.to_json()


def test_what_holds_itself_is_refused() -> None:
    """Models in a circle, through a list and through a map."""
    results = models.CheckResultsListModel()
    results.check_result_entries = [results]  # type: ignore[list-item]  # what is refused
    checks: Any = models.ColumnCurrentDataQualityStatusModelChecks()
    checks["a"] = checks
    for value in (results, checks, [results]):
        with pytest.raises(InvalidRequest, match="contains itself"):
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
    assert not is_set(models.CheckResultEntryModel().id)
    assert issubclass(models.ColumnCurrentDataQualityStatusModelChecks, MapModel)
