"""The configured time zone: periods, months, days and local times go by it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from dqops.testing import DqopsServer, ManualClock

from simulator.support import TABLE, seed

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    Connect = Callable[[DqopsServer], httpx.Client]

CHECKS = f"{TABLE}/monitoring/daily"
ROWS = {
    "volume": {"daily_row_count": {"error": {"min_count": 500}}},
    "schema": {"daily_column_count": {"error": {"expected_value": 3}}},
}
RUN = "/api/jobs/runchecks?wait=true"


class Place:
    """A server in a time zone whose table has an error at some time."""

    def __init__(self, connect: Connect, zone: str, now: datetime) -> None:
        self.server = DqopsServer(
            seed(), clock=ManualClock(now), job_mode="immediate", time_zone=zone
        )
        self.http = connect(self.server)
        assert 204 == self.http.put(CHECKS, json=ROWS).status_code
        self.server.set_value(100, check_name="daily_row_count")

    def run(self) -> int:
        """Run the checks; gives the number of errors that are counted."""
        errors: int = self.http.post(RUN, json={}).json()["result"]["errors"]
        return errors

    def ask(self, path: str) -> Any:
        """Ask for something of the table."""
        response = self.http.get(f"{TABLE}/{path}")
        assert 200 == response.status_code
        return response.json()

    def severity(self, query: str) -> str | None:
        """Ask for the status."""
        found: str | None = self.ask(f"status?{query}").get("current_severity")
        return found


# A zone, the day there at 22:30 (UTC) on May 31st, its beginning, and how overviews show it.
ZONES = [
    ("UTC", "2026-05-31", "2026-05-31T00:00:00Z", "2026-05-31 UTC"),
    ("America/New_York", "2026-05-31", "2026-05-31T04:00:00Z", "2026-05-31-04:00"),
    ("Asia/Kolkata", "2026-06-01", "2026-05-31T18:30:00Z", "2026-06-01+05:30"),
    ("Asia/Tokyo", "2026-06-01", "2026-05-31T15:00:00Z", "2026-06-01+09:00"),
]


@pytest.mark.parametrize(("zone", "day", "begins", "text"), ZONES)
def test_periods_are_days_of_the_zone(
    connect: Connect, zone: str, day: str, begins: str, text: str
) -> None:
    """Points in time stay in UTC; the periods of schema checks only claim to be."""
    place = Place(connect, zone, datetime(2026, 5, 31, 22, 30, 0, 120_000, tzinfo=UTC))
    place.run()
    results = {
        check["checkName"]: check["checkResultEntries"][0]
        for check in place.ask("monitoring/daily/results")
    }
    entry = results["daily_row_count"]
    assert ("2026-05-31T22:30:00.120Z", f"{day}T00:00:00") == (
        entry["executedAt"],
        entry["timePeriod"],
    )
    overviews = {check["checkName"]: check for check in place.ask("monitoring/daily/overview")}
    assert ([begins], [text]) == (
        overviews["daily_row_count"]["timePeriodsUtc"],
        overviews["daily_row_count"]["timePeriodDisplayTexts"],
    )
    assert [f"{day}T00:00:00Z"] == overviews["daily_column_count"]["timePeriodsUtc"]
    assert [day] == list(place.ask("histogram")["days"])
    assert place.ask(f"monitoring/daily/results?monthStart={day}&monthEnd={day}")


@pytest.mark.parametrize(
    ("zone", "listed"), [("UTC", 1), ("America/New_York", 1), ("Asia/Tokyo", 0)]
)
def test_month_of_an_incident_is_that_of_utc(connect: Connect, zone: str, listed: int) -> None:
    """Months are counted in the zone, so that a fresh incident can be in none of the last ones."""
    place = Place(connect, zone, datetime(2026, 5, 31, 22, 30, tzinfo=UTC))
    place.run()
    (stored,) = place.server.state.incidents.values()
    assert (2026, 5) == (stored.model()["year"], stored.model()["month"])
    assert listed == len(place.http.get("/api/incidents/shop?months=1").json())
    assert 1 == len(place.http.get("/api/incidents/shop?months=2").json())


@pytest.mark.parametrize(
    ("zone", "local"),
    [
        ("UTC", "2026-05-31T22:30:00.12"),
        ("America/New_York", "2026-05-31T18:30:00.12"),
        ("Asia/Kolkata", "2026-06-01T04:00:00.12"),
        ("Asia/Tokyo", "2026-06-01T07:30:00.12"),
    ],
)
def test_time_of_an_execution_error_is_local(connect: Connect, zone: str, local: str) -> None:
    """It has no offset, and at most three digits."""
    place = Place(connect, zone, datetime(2026, 5, 31, 22, 30, 0, 120_456, tzinfo=UTC))
    place.server.next_outcome("execution_error", check_name="daily_row_count")
    place.run()
    (check,) = place.ask("monitoring/daily/errors")
    (entry,) = check["errorEntries"]
    assert (local, "2026-05-31T22:30:00.120Z") == (entry["errorTimestamp"], entry["executedAt"])


@pytest.mark.parametrize(
    ("zone", "evening", "is_next_day"),
    [
        ("UTC", "2026-05-31T23:59:00+00:00", True),
        ("UTC", "2026-05-31T22:00:00+00:00", False),
        ("America/New_York", "2026-06-01T03:59:00+00:00", True),
        ("Asia/Kolkata", "2026-05-31T18:29:00+00:00", True),
        ("Asia/Tokyo", "2026-05-31T14:59:00+00:00", True),
        ("Asia/Tokyo", "2026-05-31T15:01:00+00:00", False),
        # The hour that is repeated in November, and the one that is left out in March.
        ("America/New_York", "2026-11-01T05:59:00+00:00", False),
        ("America/New_York", "2026-03-08T06:59:00+00:00", False),
    ],
)
def test_new_period_begins_at_local_midnight(
    connect: Connect, zone: str, evening: str, is_next_day: bool
) -> None:
    """Two minutes later the same bad data are counted again, or not."""
    place = Place(connect, zone, datetime.fromisoformat(evening))
    assert 1 == place.run()
    place.server.advance(120)
    assert int(is_next_day) == place.run()


@pytest.mark.parametrize(
    ("zone", "query", "expected"),
    [
        # The error was found at 22:30 (UTC) on the 31st; now it is 23:30.
        ("UTC", "", "error"),
        ("Asia/Tokyo", "", "error"),
        ("UTC", "since=2026-05-31T22:00:00", "error"),
        ("UTC", "since=2026-05-31T23:00:00", None),
        ("Asia/Tokyo", "since=2026-06-01T07:00:00", "error"),
        ("Asia/Tokyo", "since=2026-06-01T08:00:00", None),
        ("America/New_York", "since=2026-05-31T18:00:00", "error"),
        ("America/New_York", "since=2026-05-31T19:00:00", None),
        # An offset is dropped.
        ("UTC", "since=2026-05-31T23:00:00%2B09:00", None),
        ("Asia/Tokyo", "since=2026-06-01T07:00:00Z", "error"),
    ],
)
def test_since_is_what_clocks_show(
    connect: Connect, zone: str, query: str, expected: str | None
) -> None:
    """Whatever offset it has."""
    place = Place(connect, zone, datetime(2026, 5, 31, 22, 30, tzinfo=UTC))
    place.run()
    place.server.advance(3600)
    assert expected == place.severity(query)


@pytest.mark.parametrize(
    ("zone", "months", "expected"),
    [
        ("UTC", 1, None),
        ("UTC", 2, "error"),
        ("Asia/Tokyo", 1, "error"),
        ("America/New_York", 1, "error"),
        ("America/New_York", 0, None),
    ],
)
def test_months_are_those_of_the_zone(
    connect: Connect, zone: str, months: int, expected: str | None
) -> None:
    """On the first day of a month the error of the day before is not seen."""
    place = Place(connect, zone, datetime(2026, 5, 31, 22, 30, tzinfo=UTC))
    place.run()
    place.server.advance(2 * 3600)
    assert expected == place.severity(f"months={months}")


def test_time_zone_must_exist() -> None:
    """A misspelt one is refused where it is set."""
    with pytest.raises(ValueError, match="time_zone must be the name of a time zone, got 'Mars'"):
        DqopsServer(time_zone="Mars")
