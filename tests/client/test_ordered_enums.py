"""Enumerations whose order means something: they compare by rank, not as texts."""

from __future__ import annotations

import operator
import pickle
from itertools import pairwise, product
from typing import Any

import pytest
from dqops.client import models
from dqops.client.models import (
    CheckResultStatus,
    CheckType,
    DefaultRuleSeverityLevel,
    MinimumGroupingSeverityLevel,
    RuleSeverityLevel,
    TargetRuleSeverityLevel,
)

ORDERS: dict[Any, list[str]] = {
    RuleSeverityLevel: ["valid", "warning", "error", "fatal"],
    CheckResultStatus: ["valid", "warning", "error", "fatal", "execution_error"],
    DefaultRuleSeverityLevel: ["none", "warning", "error", "fatal"],
    MinimumGroupingSeverityLevel: ["warning", "error", "fatal"],
    TargetRuleSeverityLevel: ["warning", "error", "fatal"],
}
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge]


@pytest.mark.parametrize("enum", ORDERS)
def test_members_compare_by_rank(enum: Any) -> None:
    """With each other, and with plain strings on either side."""
    ranks = {value: rank for rank, value in enumerate(ORDERS[enum])}
    for (one, first), (other, second) in product(ranks.items(), repeat=2):
        for compare in COMPARISONS:
            expected = compare(first, second)
            assert expected is compare(enum(one), enum(other)), (compare, one, other)
            assert expected is compare(enum(one), other), (compare, one, other)
            assert expected is compare(one, enum(other)), (compare, one, other)


def test_lists_are_sorted_by_rank() -> None:
    """So the worst of several severities is their maximum."""
    found = sorted(RuleSeverityLevel, reverse=True)
    assert ["fatal", "error", "warning", "valid"] == [str(each) for each in found]
    assert max(RuleSeverityLevel.WARNING, RuleSeverityLevel.ERROR) is RuleSeverityLevel.ERROR
    assert not RuleSeverityLevel.WARNING >= RuleSeverityLevel.ERROR


def test_members_of_two_enumerations_compare() -> None:
    """The order of the one that has both values counts."""
    assert CheckResultStatus.ERROR >= RuleSeverityLevel.WARNING
    assert RuleSeverityLevel.FATAL < CheckResultStatus.EXECUTION_ERROR
    assert CheckResultStatus.EXECUTION_ERROR > RuleSeverityLevel.FATAL
    assert RuleSeverityLevel.ERROR > DefaultRuleSeverityLevel.WARNING


@pytest.mark.parametrize("compare", COMPARISONS)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RuleSeverityLevel.ERROR, "eror"),
        ("eror", RuleSeverityLevel.ERROR),
        (RuleSeverityLevel.decode("critical"), RuleSeverityLevel.ERROR),
        (RuleSeverityLevel.ERROR, RuleSeverityLevel.decode("critical")),
        (RuleSeverityLevel.decode("critical"), RuleSeverityLevel.decode("critical")),
        (RuleSeverityLevel.VALID, DefaultRuleSeverityLevel.NONE),
        (RuleSeverityLevel.ERROR, CheckType.PROFILING),
        (RuleSeverityLevel.ERROR, 2),
        (RuleSeverityLevel.ERROR, None),
    ],
)
def test_what_has_no_rank_cannot_be_compared(compare: Any, one: Any, other: Any) -> None:
    """A typing error, or a value of a newer server, does not quietly mean something."""
    with pytest.raises(TypeError):
        compare(one, other)


def test_everything_else_is_as_before() -> None:
    """Members are equal to their texts and to nothing else, and have their hash."""
    for enum in ORDERS:
        for member in enum:
            assert member == member.value
            assert hash(member) == hash(member.value)
            assert pickle.loads(pickle.dumps(member)) is member
    other: str = "fatal"
    assert other != RuleSeverityLevel.ERROR


def test_other_enumerations_compare_as_texts() -> None:
    """Their order means nothing, and sorts them by name as before."""
    plain = [
        value
        for name in models.__all__
        if hasattr(value := getattr(models, name), "decode") and value not in ORDERS
    ]
    assert len(plain) > 50
    for enum in plain:
        values = sorted(enum)
        assert all(one.value < other.value for one, other in pairwise(values)), enum
