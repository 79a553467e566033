"""Stored check results: lists, status and histogram with their filters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.testing import CheckResult, Column, Connection, DqopsServer, Seed, SeedError, Table
from dqops.testing.http.wire import instant, local_date_time

from simulator.support import NOW, TABLE, ManualClock, problems, result, seed

if TYPE_CHECKING:
    from collections.abc import Callable

    Connect = Callable[[DqopsServer], httpx.Client]

LISTS = {
    "get_table_monitoring_checks_results": f"{TABLE}/monitoring/daily/results",
    "get_column_profiling_checks_results": f"{TABLE}/columns/email/profiling/results",
}


def history() -> list[CheckResult]:
    """Results of several checks, days, months and data groups."""
    return [
        result("rows", 0, days_ago=60),
        result("rows", 1, days_ago=1),
        result("rows", 0),
        result("fresh", 2, category="timeliness", days_ago=31, quality_dimension="Timeliness"),
        result("compare", 3, category="comparisons", table_comparison="copy"),
        result("split", 0, data_group="b"),
        result("split", 1, data_group="a", hour=1),
        result("split", 2, data_group="a", days_ago=2),
        result("weekly", 1, time_scale="monthly"),
        result("column", 1, column="email"),
        result("profile", 2, column="email", check_type="profiling"),
        result("partition", 1, check_type="partitioned", time_period=datetime(2024, 5, 1)),
        result("partition", 0, check_type="partitioned", time_period=datetime(2024, 5, 2)),
        result("broken", 4, column="id"),
    ]


@pytest.fixture
def shop(connect: Connect) -> httpx.Client:
    """A client of a server with `history`, where it is May 20th, 2024."""
    return connect(DqopsServer(seed(*history()), clock=ManualClock()))


def entries(http: httpx.Client, query: str = "") -> dict[str, list[int]]:
    """Ask for the daily monitoring results of the table: severities by check."""
    response = http.get(f"{LISTS['get_table_monitoring_checks_results']}?{query}")
    assert [] == problems("get_table_monitoring_checks_results", response)
    return {
        each["checkName"]: [entry["severity"] for entry in each["checkResultEntries"]]
        for each in response.json()
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"split": [1, 2], "compare": [3], "rows": [0, 1, 0], "fresh": [2]}),
        ("checkName=rows", {"rows": [0, 1, 0]}),
        ("category=timeliness", {"fresh": [2]}),
        ("tableComparison=copy", {"compare": [3]}),
        ("dataGroup=b", {"split": [0]}),
        ("dataGroup=missing", {}),
        ("monthStart=2024-05-31", {"split": [1, 2], "compare": [3], "rows": [0, 1]}),
        ("monthEnd=2024-04-01", {"fresh": [2], "rows": [0]}),
        ("monthStart=2024-04-30&monthEnd=2024-04-01", {"fresh": [2]}),
        ("checkName=rows&maxResultsPerCheck=2", {"rows": [0, 1]}),
        ("checkName=split&loadMode=first_data_group", {"split": [1, 2]}),
    ],
)
def test_list_filters(shop: httpx.Client, query: str, expected: dict[str, list[int]]) -> None:
    """Newest first; a filter of the query leaves out everything else."""
    assert expected == entries(shop, query)


def test_list_names_all_data_groups_of_the_check(shop: httpx.Client) -> None:
    """`dataGroup` is the one that is shown, `dataGroups` are those that can be asked for."""
    path = LISTS["get_table_monitoring_checks_results"]
    (check,) = shop.get(f"{path}?checkName=split").json()
    assert ("a", ["a", "b"]) == (check["dataGroup"], check["dataGroups"])


def test_list_of_the_newest_result_of_each_data_group(shop: httpx.Client) -> None:
    """Each group has an entry of its own, which does not tell of the others."""
    path = LISTS["get_table_monitoring_checks_results"]
    found = shop.get(f"{path}?checkName=split&loadMode=most_recent_per_group").json()
    assert [("a", [1]), ("b", [0])] == [
        (each["dataGroup"], [entry["severity"] for entry in each["checkResultEntries"]])
        for each in found
    ]
    assert all("dataGroups" not in each for each in found)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("monitoring/monthly", ["weekly"]),
        ("partitioned/daily", ["partition"]),
        ("partitioned/monthly", []),
        ("profiling", []),
        ("columns/email/monitoring/daily", ["column"]),
        ("columns/email/monitoring/monthly", []),
        ("columns/email/profiling", ["profile"]),
        # An execution error is no result.
        ("columns/id/monitoring/daily", []),
    ],
)
def test_list_holds_one_level_type_and_time_scale(
    shop: httpx.Client, path: str, expected: list[str]
) -> None:
    """Checks of the table and of columns, of types and of time scales are kept apart."""
    assert expected == [each["checkName"] for each in shop.get(f"{TABLE}/{path}/results").json()]


def test_entry_leaves_out_what_is_null(connect: Connect) -> None:
    """A result without value, column and comparison has no such properties."""
    http = connect(DqopsServer(seed(result("rows", bounds={"errorLowerBound": 2.5}))))
    (check,) = http.get(LISTS["get_table_monitoring_checks_results"]).json()
    (entry,) = check["checkResultEntries"]
    absent = {"actualValue", "expectedValue", "columnName", "tableComparison", "fatalLowerBound"}
    assert set() == absent & set(entry)
    assert (2.5, "2024-05-20T00:00:00") == (entry["errorLowerBound"], entry["timePeriod"])


def status(http: httpx.Client, query: str = "") -> dict[str, Any]:
    """Ask for the status of the table."""
    response = http.get(f"{TABLE}/status?{query}")
    assert [] == problems("get_table_data_quality_status", response)
    found: dict[str, Any] = response.json()
    return found


def test_status_of_a_table(shop: httpx.Client) -> None:
    """Severity now and ever, counts of results, and the share of those without error."""
    table = status(shop, "months=2")
    assert "fatal" == table["current_severity"]
    assert "fatal" == table["highest_historical_severity"]
    assert "2024-05-20T13:00:00Z" == table["last_check_executed_at"]
    counts = ("executed_checks", "valid_results", "warnings", "errors", "fatals")
    assert [12, 3, 5, 2, 1] == [table[name] for name in counts]
    assert 1 == table["execution_errors"]
    assert 100 * 8 / 11 == table["data_quality_kpi"]
    assert ["email", "id"] == list(table["columns"])
    assert ["Reasonableness", "Timeliness"] == list(table["dimensions"])
    assert table["table_exist"] is True


def test_current_severity_is_that_of_the_newest_results(shop: httpx.Client) -> None:
    """What was bad is history; of groups and partitions the worst counts that ran last."""
    current = {
        name: (check["current_severity"], check["highest_historical_severity"])
        for name, check in status(shop, "months=2")["checks"].items()
    }
    assert {
        "compare/copy": ("fatal", "fatal"),
        "fresh": ("error", "error"),
        "partition": ("warning", "warning"),
        "rows": ("valid", "warning"),
        "split": ("warning", "error"),
        "weekly": ("warning", "warning"),
    } == current


def test_execution_error_is_a_status_of_a_check_and_no_severity_of_a_column(
    shop: httpx.Client,
) -> None:
    """A column whose only check failed to run has no severity and no share of passed results."""
    column = status(shop)["columns"]["id"]
    assert "execution_error" == column["checks"]["broken"]["current_severity"]
    assert set() == {"current_severity", "highest_historical_severity", "data_quality_kpi"} & set(
        column
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("profiling=true&monitoring=false&partitioned=false", ["profile"]),
        ("monitoring=false", ["partition"]),
        ("checkTimeScale=monthly", ["weekly"]),
        ("dataGroup=b", ["split"]),
        ("checkName=rows", ["rows"]),
        ("category=timeliness&months=2", ["fresh"]),
        ("tableComparison=copy", ["compare/copy"]),
        ("category=comparisons/copy", ["compare/copy"]),
        ("qualityDimension=Timeliness&months=2", ["fresh"]),
        ("months=0", []),
        ("checkName=fresh", []),
        ("months=1&checkName=fresh", []),
        ("months=2&checkName=fresh", ["fresh"]),
        ("since=2024-04-01T00:00:00&checkName=fresh", ["fresh"]),
        ("since=2024-05-20T12:30:00", ["split"]),
        ("since=2024-05-20T13:00:00.000001", []),
    ],
)
def test_status_filters(shop: httpx.Client, query: str, expected: list[str]) -> None:
    """Profiling checks count only if asked for; each filter restricts what counts."""
    table = status(shop, query)
    names = list(table["checks"])
    for column in table["columns"].values():
        names += column["checks"]
    assert expected == names


def test_status_without_results_has_no_severity(connect: Connect) -> None:
    """Counts are zero, and what cannot be said is absent."""
    table = status(connect(DqopsServer(seed())))
    assert 0 == table["executed_checks"]
    assert "current_severity" not in table
    assert "last_check_executed_at" not in table


def histogram(http: httpx.Client, query: str = "") -> dict[str, Any]:
    """Ask for the histogram of the table."""
    response = http.get(f"{TABLE}/histogram?{query}")
    assert [] == problems("get_table_issues_histogram", response)
    found: dict[str, Any] = response.json()
    return found


def totals(found: dict[str, Any]) -> dict[str, int]:
    """Give the days of a histogram that have issues, with their numbers."""
    counts = {day: counts["totalCount"] for day, counts in found["days"].items()}
    return {day: count for day, count in counts.items() if count}


def test_histogram_counts_issues_only(shop: httpx.Client) -> None:
    """Passed results, execution errors and profiling do not count; days are those of periods."""
    found = histogram(shop)
    assert {
        "2024-04-19": 1,
        "2024-05-01": 2,
        "2024-05-18": 1,
        "2024-05-19": 1,
        "2024-05-20": 3,
    } == totals(found)
    assert {"warnings": 2, "errors": 0, "fatals": 1, "totalCount": 3} == found["days"]["2024-05-20"]
    assert 32 == len(found["days"])  # days without issues are in between
    assert {"": 7, "email": 1} == found["columns"]
    assert [False, True, True, True, False] == [
        found[f"has{kind}Issues"]
        for kind in (
            "Profiling",
            "DailyMonitoring",
            "MonthlyMonitoring",
            "DailyPartitioned",
            "MonthlyPartitioned",
        )
    ]


@pytest.mark.parametrize(
    ("query", "checks", "issues"),
    [
        (
            "executedSince=2024-05-20&checkType=monitoring",
            ["column", "compare", "split", "weekly"],
            4,
        ),
        # A filter for a day, column or check does not narrow the list of those.
        ("date=2024-05-19", ["rows"], 8),
        ("column=email", ["column"], 1),
        ("check=split", ["column", "compare", "fresh", "partition", "rows", "split", "weekly"], 2),
        ("days=0", ["column", "compare", "partition", "split", "weekly"], 5),
        ("days=1", ["column", "compare", "partition", "rows", "split", "weekly"], 6),
        ("days=2147483647&filter=rows", ["rows"], 1),
        ("checkType=profiling", ["profile"], 1),
        ("filter=time*", ["fresh"], 1),
        ("filter=vol*+ro*", ["rows"], 1),
        ("filter=nothing", [], 0),
    ],
)
def test_histogram_filters(shop: httpx.Client, query: str, checks: list[str], issues: int) -> None:
    """Each query parameter narrows what is counted."""
    found = histogram(shop, query)
    assert (checks, issues) == (sorted(found["checks"]), sum(totals(found).values()))


def test_names_with_any_character_are_found(connect: Connect) -> None:
    """Percent-encoded names mean what they say, a slash included."""
    odd = CheckResult("a/b", "s %", "ü?", "rows", "volume", 1, NOW)
    http = connect(DqopsServer({"check_results": [odd]}, clock=ManualClock()))
    response = http.get("/api/connections/a%2Fb/schemas/s%20%25/tables/%C3%BC%3F/status")
    assert "warning" == response.json()["current_severity"]


def test_seed_of_plain_data() -> None:
    """A seed can be written as dictionaries; it equals one of objects."""
    row = {
        "connection": "shop",
        "schema": "sales",
        "table": "orders",
        "check_name": "rows",
        "category": "volume",
        "severity": 1,
        "executed_at": NOW,
    }
    assert Seed(check_results=[result("rows", 1)]) == Seed.of({"check_results": [row]})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"check_type": "hourly"}, "check_type must be one of"),
        ({"severity": 5}, "severity must be an integer from 0 to 4"),
        ({"time_scale": "weekly"}, "time_scale must be one of"),
        ({"check_type": "profiling", "time_scale": "daily"}, "have no time_scale"),
    ],
    ids=str,
)
def test_impossible_result_is_refused(wrong: dict[str, Any], message: str) -> None:
    """A wrong seed fails where it is written, not in a response."""
    values: dict[str, Any] = {"severity": 0, **wrong}
    with pytest.raises(ValueError, match=message):
        result("rows", **values)


def test_unknown_field_of_a_seed_is_refused() -> None:
    """A misspelt key is named, with those that are possible."""
    with pytest.raises(SeedError, match=r"^connections\[0\]\.nmae: .* mean 'name'\? Known keys:"):
        Seed.of({"connections": [{"nmae": "shop"}]})


@pytest.mark.parametrize(
    ("microsecond", "as_instant", "as_local"),
    [
        (0, "2024-01-31T10:20:30Z", "2024-01-31T10:20:30"),
        (120000, "2024-01-31T10:20:30.120Z", "2024-01-31T10:20:30.12"),
        (123456, "2024-01-31T10:20:30.123456Z", "2024-01-31T10:20:30.123456"),
    ],
)
def test_times_are_written_as_java_writes_them(
    microsecond: int, as_instant: str, as_local: str
) -> None:
    """An Instant has 0, 3 or 6 fraction digits, a LocalDateTime as many as it needs."""
    moment = datetime(2024, 1, 31, 10, 20, 30, microsecond, tzinfo=UTC)
    assert (as_instant, as_local) == (instant(moment), local_date_time(moment))


def test_added_result_shows_at_once(server: DqopsServer, http: httpx.Client) -> None:
    """Results can be added while the server runs."""
    moment = datetime.now(UTC) - timedelta(minutes=1)
    added = CheckResult("warehouse", "public", "orders", "daily_row_count", "volume", 3, moment)
    server.state.add_check_result(added)
    # A minute ago may be in the month before.
    path = "/api/connections/warehouse/schemas/public/tables/orders/status?months=2"
    response = http.get(path).json()
    assert "fatal" == response["current_severity"]


def test_a_table_without_any_result_gives_500() -> None:
    """So does the server, unless the first month is given; an unknown column gives 404."""
    table = Table("public", "orders", columns=(Column("id", "BIGINT"),))
    empty = Seed((Connection("shop", tables=(table,)),), default_policies=False)
    path = "/api/connections/shop/schemas/public/tables/orders"
    with DqopsServer(empty) as server, httpx.Client(base_url=server.url) as http:
        statuses = {
            each: http.get(f"{path}/{each}").status_code
            for each in (
                "monitoring/daily/results",
                "columns/id/profiling/results",
                "monitoring/daily/results?monthStart=2026-01-01",
                "columns/nope/profiling/results",
            )
        }
    assert [500, 500, 200, 404] == list(statuses.values())
