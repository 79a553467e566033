"""`json.dumps(..., default=dqops.to_json)` writes models, whatever they are in."""

from __future__ import annotations

import datetime
import json
import uuid

import dqops
import pytest
from dqops.client.models import CheckResultEntryModel, CheckSearchFilters, CheckTimeScale
from dqops.client.types import UNSET


def test_models_are_written_as_their_dictionaries() -> None:
    """Within lists and dictionaries, beside times, enumerations and what was left out."""
    filters = CheckSearchFilters(connection="warehouse", time_scale=CheckTimeScale.DAILY)
    value = {
        "filters": [filters],
        "scale": CheckTimeScale.DAILY,
        "at": datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.UTC),
        "id": uuid.UUID(int=1),
        "none": UNSET,
    }

    assert json.loads(json.dumps(value, default=dqops.to_json)) == {
        "filters": [{"connection": "warehouse", "timeScale": "daily"}],
        "scale": "daily",
        "at": "2026-11-30T12:00:00Z",
        "id": "00000000-0000-0000-0000-000000000001",
        "none": None,
    }


def test_what_is_no_value_of_the_sdk_is_refused_as_json_does() -> None:
    """An object of the program's own is its own matter."""
    with pytest.raises(TypeError, match="object of type object is not JSON serializable"):
        json.dumps(object(), default=dqops.to_json)


def test_formatting_what_was_left_out_names_it() -> None:
    """In an f-string that reads the attribute; elsewhere the message goes without a name."""
    entry = CheckResultEntryModel()
    with pytest.raises(TypeError, match=r"^'actual_value' was left out \(UNSET\)"):
        f"{entry.id} {entry.actual_value:.2f}"
    value = entry.actual_value
    with pytest.raises(TypeError, match=r"^the value was left out \(UNSET\)"):
        f"{value:.2f}"


def test_what_was_left_out_reaches_no_dictionary() -> None:
    """In lists and dictionaries it is null or absent, in listed properties and in extra fields."""
    filters = CheckSearchFilters(
        connection="warehouse",
        labels=["sales", UNSET],  # type: ignore[list-item]
        additional_properties={"new": [UNSET, {"a": UNSET, "b": [UNSET]}], "left": UNSET},
    )
    expected = {
        "connection": "warehouse",
        "labels": ["sales", None],
        "new": [None, {"b": [None]}],
    }

    assert expected == filters.to_dict()
    assert expected == filters.to_dict(json=False)
    assert expected == json.loads(filters.to_json())
