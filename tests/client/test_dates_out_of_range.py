"""Dates that exist and that Python cannot hold: they cost a property, not the response."""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import Client, errors
from dqops.client.api.check_results import get_table_profiling_checks_results
from dqops.client.models import (
    CheckResultEntryModel,
    IncidentModel,
    TimeWindowFilterParameters,
)
from dqops.client.models import CheckResultsOverviewDataModel as Overview
from dqops.client.types import UNSET, is_set

if TYPE_CHECKING:
    from support.raw_server import RawServer

# Java writes all of these.
INSTANTS = [
    "2024-01-31T24:00:00Z",
    "2016-12-31T23:59:60Z",
    "2016-12-31T23:59:60.123456789Z",
    "0000-01-01T00:00:00Z",
    "-0001-12-31T00:00:00Z",
    "+10000-01-01T00:00:00.000Z",
    "+292278994-08-17T07:12:55.807Z",
    "0000-02-29T00:00:00+01:00",
    10**400,  # milliseconds since 1970
    -1e300,
]
LOCALS = [str(each).removesuffix("Z") for each in INSTANTS[:-3]] + ["+10000-01-01T00:00"]
DATES = ["0000-01-01", "+10000-02-28", "-0044-03-15"]
WRONG = [
    "2024-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-01-31T24:00:01Z",
    "2024-01-31T25:00:00Z",
    "2024-01-31T10:60:00Z",
    "2024-01-31T10:00:61Z",
    "soon",
]


@pytest.mark.parametrize(
    ("model", "key", "name", "values"),
    [
        (CheckResultEntryModel, "executedAt", "executed_at", INSTANTS),
        (CheckResultEntryModel, "timePeriod", "time_period", LOCALS),
        (IncidentModel, "firstSeen", "first_seen", INSTANTS),
        (TimeWindowFilterParameters, "from_date", "from_date", DATES),
        (TimeWindowFilterParameters, "from_date_time", "from_date_time", LOCALS),
        (Overview, "timePeriods", "time_periods", [["2024-01-31T00:00:00", x] for x in LOCALS]),
        (Overview, "executedAtTimestamps", "executed_at_timestamps", [[x] for x in INSTANTS]),
    ],
)
def test_property_is_unset_and_its_value_is_kept(
    model: Any, key: str, name: str, values: list[Any]
) -> None:
    """The other properties are read, and what came is sent back unchanged."""
    other = next(each for each in model._properties if each.key not in {key, "schema"})
    for value in values:
        content = {key: value}
        for read in (model.from_dict(content), model.from_dict({**content, "new": 1})):
            assert getattr(read, name) is UNSET, value
            assert getattr(read, other.name) is UNSET
            assert read.additional_properties[key] == value
            assert read.to_dict()[key] == value
            assert json.loads(json.dumps(read.to_dict())) == read.to_dict()
            assert read == pickle.loads(pickle.dumps(read)) == copy.deepcopy(read)


def test_property_that_is_set_afterwards_counts() -> None:
    """What came gives way to what the program says."""
    read = TimeWindowFilterParameters.from_dict({"from_date": "0000-01-01"})
    read.from_date = TimeWindowFilterParameters.from_dict({"from_date": "2024-01-31"}).from_date
    assert {"from_date": "2024-01-31"} == read.to_dict()


@pytest.mark.parametrize("value", WRONG)
def test_what_is_no_date_is_an_error(value: str) -> None:
    """A day that there is not, or another text, is not what the specification says."""
    with pytest.raises(errors.DecodeError, match=f"executedAt.*{value[:4]}"):
        CheckResultEntryModel.from_dict({"executedAt": value})


@pytest.mark.parametrize("is_fast", [True, False])
def test_response_is_read_but_for_that_property(
    raw_server: RawServer, monkeypatch: pytest.MonkeyPatch, is_fast: bool
) -> None:
    """One partition of the year 10000 among thousands of results."""
    if not is_fast:
        from support.runtime import json_io as _json

        monkeypatch.setattr(_json, "orjson", None)
    entry = {
        "id": "a",
        "executedAt": "2024-01-31T10:20:30.123Z",
        "timePeriod": "2024-01-31T00:00:00",
    }
    odd = {**entry, "id": "b", "timePeriod": "+10000-01-01T00:00:00"}
    content = json.dumps([{"checkResultEntries": [entry, odd, entry]}]).encode()
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n"
    raw_server.respond = lambda _, __: (
        head + b"Content-Length: %d\r\n\r\n%b" % (len(content), content)
    )
    with Client(raw_server.url) as client:
        found = get_table_profiling_checks_results.sync("c", "s", "t", client=client)

    assert found
    entries = found[0].check_result_entries
    assert entries
    assert ["a", "b", "a"] == [each.id for each in entries]
    assert [False, True, False] == [not is_set(each.time_period) for each in entries]
    assert [entry, odd, entry] == [
        {**each.to_dict(), "executedAt": "2024-01-31T10:20:30.123Z"} for each in entries
    ]
