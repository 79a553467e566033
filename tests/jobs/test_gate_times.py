"""Quality gates around midnight, the ends of months, DST, and with clocks that differ."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from dqops.client.models import DqoJobStatus, RunChecksResult
from dqops.jobs import Outcome

from jobs.shop import MINUTE, NOON, ROWS, Shop, Told, judged, outcome_of
from jobs.support import known_job

if TYPE_CHECKING:
    from jobs.support import Calling

ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Asia/Tokyo"]
BAD = ["daily_row_count error"]


@pytest.mark.parametrize(
    ("wall", "fold", "later"),
    [
        (datetime(2026, 1, 15, 23, 59), 0, 2 * MINUTE),
        (datetime(2026, 1, 31, 23, 59), 0, 2 * MINUTE),
        (datetime(2025, 12, 31, 23, 59), 0, 2 * MINUTE),
        (datetime(2026, 2, 28, 12, 0), 0, 86400),
        # The hour that New York has twice, in which 01:10 comes after 01:50.
        (datetime(2026, 11, 1, 1, 50), 0, 20 * MINUTE),
        # The hour that it leaves out.
        (datetime(2026, 3, 8, 1, 59), 0, 2 * MINUTE),
    ],
    ids=["midnight", "end_of_month", "end_of_year", "end_of_february", "repeated_hour", "gap"],
)
@pytest.mark.parametrize("zone", ZONES)
def test_moments(calling: Calling, zone: str, wall: datetime, fold: int, later: float) -> None:
    """Bad data stay bad over the moment, whether or not they are evaluated again after it."""
    now = wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
    shop = Shop(calling, now, time_zone=zone)
    try:
        shop.put(ROWS).value(100).run().later(later)
        assert BAD == outcome_of(shop.gate("judge"))["failures"]
        again = shop.gate()
        assert (BAD, []) == (outcome_of(again)["failures"], outcome_of(again)["problems"])
        assert [True] == [check.in_this_run for check in again.failed_checks]
        assert BAD == outcome_of(shop.later(1).gate())["failures"]
        assert shop.value(900).gate().passed
        assert shop.later(1).gate("judge").passed
    finally:
        shop.close()


@pytest.mark.parametrize("skew", [timedelta(minutes=7), timedelta(minutes=-7)])
def test_clocks_seven_minutes_apart(calling: Calling, skew: timedelta) -> None:
    """A gate compares times of the server only, so that another clock here does no harm."""
    shop = Shop(calling, datetime.now(UTC) + skew)
    try:
        shop.put(ROWS).value(900)
        verdict = shop.gate(max_age=MINUTE)
        assert [] == outcome_of(verdict)["problems"]
        assert verdict.judged_at is not None
        assert abs(verdict.judged_at - datetime.now(UTC) - skew) < timedelta(minutes=5)
        assert BAD == outcome_of(shop.value(100).gate(max_age=MINUTE))["failures"]
    finally:
        shop.close()


@pytest.mark.parametrize("skew", [timedelta(minutes=7), timedelta(minutes=-7), timedelta(days=9)])
@pytest.mark.parametrize("hours", [0, -5, 5.5, 9, 14, -12])
def test_clock_of_the_server(hours: float, skew: timedelta) -> None:
    """The server's clock is when its next run is due, less how long that is off, in any zone."""
    now = datetime.now(UTC) + skew
    server = Told(now, timezone(timedelta(hours=hours)))
    verdict = judged(server, max_age=90)
    assert (True, now) == (verdict.passed, verdict.judged_at)
    assert ["old_results"] == outcome_of(judged(server, max_age=30))["problems"]


@pytest.mark.parametrize(
    ("skew", "options", "problems"),
    [
        (timedelta(0), {"max_age": 90}, []),
        (timedelta(minutes=7), {"max_age": 90}, ["clocks_differ"]),
        (timedelta(minutes=7), {}, ["clocks_differ"]),
        (timedelta(minutes=7), {"allow_clock_difference": True}, []),
        (timedelta(minutes=7), {"clock_tolerance": timedelta(minutes=10)}, []),
        # A clock that is behind makes results look older than they are.
        (timedelta(minutes=-7), {"max_age": 90}, ["old_results"]),
        (timedelta(minutes=-7), {"max_age": 90, "allow_old_results": True}, []),
        (timedelta(minutes=-7), {"max_age": 90, "clock_tolerance": timedelta(minutes=10)}, []),
        (timedelta(minutes=-7), {}, []),
    ],
)
def test_clock_of_this_machine(
    skew: timedelta, options: dict[str, Any], problems: list[str]
) -> None:
    """Where the server does not tell the time, this clock is used, with a tolerance."""
    verdict = judged(Told(datetime.now(UTC) + skew, None), **options)
    assert (problems, None) == (outcome_of(verdict)["problems"], verdict.judged_at)


@pytest.mark.parametrize(
    ("created_at", "problems"),
    [
        (NOON - timedelta(minutes=2), []),
        (NOON - timedelta(seconds=30), ["not_in_this_run"]),
        (None, ["not_in_this_run"]),
    ],
)
def test_run_that_began_nobody_knows_when(created_at: datetime | None, problems: list[str]) -> None:
    """What was stored before is no proof of a run, and some time or other is no time at all."""
    ran = Outcome(
        kind="run_checks",
        business_key="nightly",
        job_id=7,
        status=DqoJobStatus.FINISHED,
        result=RunChecksResult(executed_checks=1, valid_results=1),
        created_at=created_at,
        finished_at=NOON,
        entry=None,
        submissions=1,
        _job=known_job(),
    )
    assert problems == outcome_of(judged(Told(NOON, UTC), ran))["problems"]
