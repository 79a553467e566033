"""Enumerations are open for the server's news and closed for the program's typing errors."""

from __future__ import annotations

import copy
import json
import pickle
from enum import Enum
from typing import Any

import pytest
from dqops.client import models
from dqops.client.models import CheckType, DqoJobStatus, RunChecksQueueJobResult
from support.runtime import OpenIntEnum, OpenStrEnum

ENUMS: dict[str, type[Enum]] = {
    name: found
    for name in models.__all__
    if isinstance(found := getattr(models, name), type) and issubclass(found, Enum)
}


class Level(OpenIntEnum):
    """An enumeration of numbers, of which DQOps has none."""

    LOW = 1
    HIGH = 2


class Named(OpenStrEnum):
    """A member has the name that an unknown value would be given."""

    UNKNOWN_x = "y"


KNOWN: list[Any] = [member for found in ENUMS.values() for member in found] + [*Level, *Named]
UNKNOWN: list[Any] = [
    DqoJobStatus.decode("paused"),
    DqoJobStatus.decode(""),
    DqoJobStatus.decode("two words\nand ☃"),
    Level.decode(7),
    Named.decode("x"),
]


def test_there_are_many_enumerations() -> None:
    """The table below has every enumeration of the package."""
    assert len(ENUMS) >= 20


def test_known_values() -> None:
    """Every value of every enumeration is its member, by decoding and by calling the class."""
    for member in KNOWN:
        assert member is type(member).decode(member.value) is type(member)(member.value)
        assert (str(member.value), True) == (str(member), member.is_known)


@pytest.mark.parametrize("member", UNKNOWN, ids=range(len(UNKNOWN)))
def test_unknown_values(member: Any) -> None:
    """An unknown value compares, prints, hashes and is written as the value itself."""
    value = member.value

    assert value == member
    assert member == type(member).decode(value)
    assert hash(value) == hash(member)
    assert (str(value), f"{value}") == (str(member), f"{member}")
    assert json.dumps([value]) == json.dumps([member])
    assert (f"UNKNOWN_{value}", False) == (member.name, member.is_known)
    assert isinstance(member, type(member))
    assert all(member is not known for known in member.__class__)
    assert f"<{type(member).__name__}.UNKNOWN_{value}: {value!r}>" == repr(member)


@pytest.mark.parametrize("member", [*UNKNOWN, CheckType.PROFILING, Level.LOW], ids=repr)
def test_copies(member: Any) -> None:
    """Members survive pickling and copying, known and unknown."""
    pickles = [pickle.loads(pickle.dumps(member, protocol)) for protocol in range(6)]

    for copied in [*pickles, copy.copy(member), copy.deepcopy([member])[0]]:
        assert (member, type(member), member.name) == (copied, type(copied), copied.name)
        assert member.is_known == (
            copied is member and any(copied is known for known in copied.__class__)
        )


def test_unknown_is_sent_back() -> None:
    """What was not understood goes back as it came."""
    result = RunChecksQueueJobResult.from_dict({"status": "paused"})

    assert {"status": "paused"} == result.to_dict()
    assert str is type(result.to_dict()["status"])
    assert "paused" == result.status
    assert result.status not in {DqoJobStatus.FINISHED, DqoJobStatus.FAILED}
    assert "RunChecksQueueJobResult(status=<DqoJobStatus.UNKNOWN_paused: 'paused'>)" == repr(result)


@pytest.mark.parametrize(("kind", "value"), [(CheckType, "typo"), (Level, 9), (CheckType, None)])
def test_typing_errors(kind: Any, value: Any) -> None:
    """Calling the class with an unknown value still fails."""
    with pytest.raises(ValueError, match=f"{value!r} is not a valid"):
        kind(value)


def test_decoding_registers_nothing() -> None:
    """Unknown values do not pile up in the class."""
    before = len(DqoJobStatus.__members__)
    for number in range(100):
        DqoJobStatus.decode(f"new {number}")

    assert before == len(DqoJobStatus.__members__) == len(DqoJobStatus._value2member_map_)
