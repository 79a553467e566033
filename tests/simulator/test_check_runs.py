"""Runs of checks: what is evaluated, what is counted, and what the results keep saying."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dqops.testing import Column, Connection, DqopsServer, ManualClock, Seed, Table

from simulator.support import NOW, TABLE, result, seed

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    Connect = Callable[[DqopsServer], httpx.Client]

DAY = 86400
CHECKS = f"{TABLE}/monitoring/daily"
ROWS = {"volume": {"daily_row_count": {"error": {"min_count": 500}}}}


class Shop:
    """A server at noon whose table has some checks, and a client of it."""

    def __init__(self, connect: Connect, *results: Any) -> None:
        self.server = DqopsServer(
            seed(*results), clock=ManualClock(NOW), job_mode="immediate", job_duration=0
        )
        self.http = connect(self.server)

    def put(self, checks: dict[str, Any], path: str = CHECKS) -> None:
        """Configure the daily monitoring checks of the table."""
        assert 204 == self.http.put(path, json=checks).status_code

    def partitioned(self) -> None:
        """Say which column the table is partitioned by."""
        spec = self.http.get(TABLE).json()["spec"]
        spec["timestamp_columns"] = {"partition_by_column": "created_at"}
        self.put(spec, TABLE)

    def run(self, **filters: Any) -> str:
        """Run checks; gives the counts and the highest severity."""
        body = {"check_search_filters": {"connection": "shop", **filters}}
        response = self.http.post("/api/jobs/runchecks?wait=true", json=body)
        return " ".join(
            str(response.json()["result"][name])
            for name in (
                "executed_checks",
                "valid_results",
                "warnings",
                "errors",
                "fatals",
                "execution_errors",
                "highest_severity",
            )
        )

    def times(self, form: str, key: str, path: str = CHECKS) -> list[str]:
        """Ask when results or readouts were stored."""
        (check,) = self.http.get(f"{path}/{form}").json()
        return [entry["executedAt"] for entry in check[key]]

    def status(self) -> dict[str, Any]:
        """Ask for the status of the table."""
        found: dict[str, Any] = self.http.get(f"{TABLE}/status").json()
        return found


@pytest.fixture
def shop(connect: Connect) -> Shop:
    """A table whose row count has been too small this morning."""
    shop = Shop(connect)
    shop.put(ROWS)
    shop.server.set_value(100, check_name="daily_row_count")
    return shop


def test_run_on_unchanged_data_counts_nothing(shop: Shop) -> None:
    """The first run finds an error; the second one says valid, and the status goes on."""
    assert "1 0 0 1 0 0 error" == shop.run()
    assert "1 0 0 0 0 0 valid" == shop.run()
    assert "error" == shop.status()["current_severity"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (lambda shop: shop.status(), "1 0 0 0 0 0 valid"),
        (lambda shop: shop.server.advance(DAY), "1 0 0 1 0 0 error"),
        (
            lambda shop: shop.server.set_value(99, check_name="daily_row_count"),
            "1 0 0 1 0 0 error",
        ),
        (
            lambda shop: shop.server.set_value(900, check_name="daily_row_count"),
            "1 1 0 0 0 0 valid",
        ),
        (lambda shop: shop.put(ROWS), "1 0 0 0 0 0 valid"),
        (
            lambda shop: shop.put({"volume": {"daily_row_count": {"fatal": {"min_count": 200}}}}),
            "1 0 0 0 1 0 fatal",
        ),
        (
            lambda shop: shop.put({"volume": {"daily_row_count": {"warning": {"min_count": 200}}}}),
            "1 1 1 0 0 0 warning",
        ),
        (
            lambda shop: shop.put({"volume": {"daily_row_count": {"error": {"min_count": 50}}}}),
            "1 1 0 0 0 0 valid",
        ),
        (
            lambda shop: shop.put({"volume": {"daily_row_count": {**ROWS, "disabled": True}}}),
            "0 0 0 0 0 0 valid",
        ),
        (lambda shop: shop.put({}), "0 0 0 0 0 0 valid"),
        (lambda shop: shop.server.next_outcome("error"), "1 0 0 1 0 0 error"),
        (lambda shop: shop.server.next_outcome("valid"), "1 1 0 0 0 0 valid"),
        (lambda shop: shop.server.next_outcome("execution_error"), "1 0 0 0 0 1 valid"),
    ],
    ids=[
        "nothing",
        "next_day",
        "other_bad_value",
        "good_value",
        "same_configuration",
        "fatal_limit",
        "warning_limit",
        "lower_limit",
        "disabled",
        "removed",
        "outcome_error",
        "outcome_valid",
        "outcome_failure",
    ],
)
def test_rule_is_evaluated_where_something_is_new(
    shop: Shop, changes: Callable[[Shop], None], expected: str
) -> None:
    """A new period, another value or configuration, or an outcome; a warning is valid, too."""
    shop.run()
    changes(shop)
    assert expected == shop.run()


def test_edit_of_one_check_has_all_of_the_table_evaluated(shop: Shop) -> None:
    """The server knows only when the table was changed, not which of its checks."""
    checks = {**ROWS, "schema": {"daily_column_count": {"error": {"expected_value": 9}}}}
    shop.put(checks)
    assert "2 1 0 1 0 0 error" == shop.run()
    checks["schema"] = {"daily_column_count": {"error": {"expected_value": 8}}}
    shop.put(checks)
    assert "2 0 0 2 0 0 error" == shop.run()
    assert "2 0 0 0 0 0 valid" == shop.run()


def test_mixed_run_shows_the_new_part_only(connect: Connect) -> None:
    """The table that is bad and unchanged is silent beside the one that was edited."""
    shop = Shop(connect, result("rows", table="carts", days_ago=1))
    shop.put(ROWS)
    shop.server.set_value(100, check_name="daily_row_count", table="sales.orders")
    assert "2 1 0 1 0 0 error" == shop.run()
    assert 204 == shop.http.put(f"{TABLE}/../carts/labels", json=["hot"]).status_code
    assert "2 1 0 0 0 0 valid" == shop.run()


def test_rerun_keeps_the_time_of_the_result_and_renews_that_of_the_readout(shop: Shop) -> None:
    """`executedAt` of a result is when it was stored."""
    shop.run()
    shop.server.advance(60)
    shop.run()
    assert ["2024-05-20T12:00:00Z"] == shop.times("results", "checkResultEntries")
    assert ["2024-05-20T12:01:00Z"] == shop.times("readouts", "sensorReadoutEntries")
    assert "2024-05-20T12:00:00Z" == shop.status()["last_check_executed_at"]


def test_evaluation_replaces_the_result_of_the_period(shop: Shop) -> None:
    """There is one result for each day, with the identifier that it had before."""
    shop.run()
    (before,) = shop.http.get(f"{CHECKS}/results").json()[0]["checkResultEntries"]
    shop.server.advance(60)
    shop.server.set_value(900, check_name="daily_row_count")
    shop.run()
    (after,) = shop.http.get(f"{CHECKS}/results").json()[0]["checkResultEntries"]
    assert ("error", "valid") == tuple(
        ("valid", "warning", "error")[entry["severity"]] for entry in (before, after)
    )
    assert before["id"] == after["id"]
    assert ("updatedAt" not in before, "2024-05-20T12:01:00Z") == (True, after["updatedAt"])


def test_check_that_needs_history_measures_without_a_result(connect: Connect) -> None:
    """A change is found from the second period on, an anomaly after thirty."""
    shop = Shop(connect)
    warning: dict[str, Any] = {"warning": {}}
    names = ("daily_row_count", "daily_row_count_change", "daily_row_count_anomaly")
    shop.put({"volume": dict.fromkeys(names, warning)})
    seen = []
    for _ in range(32):
        seen.append(shop.run())
        shop.server.advance(DAY)
    assert ["3 1 0 0 0 0 valid", "3 2 0 0 0 0 valid"] == seen[:2]
    assert ["3 2 0 0 0 0 valid", "3 3 0 0 0 0 valid"] == seen[29:31]
    measured = shop.http.get(f"{CHECKS}/readouts?monthStart=2024-05-01").json()
    assert set(names) == {each["checkName"] for each in measured}


@pytest.mark.parametrize("checks", [{}, {"volume": {"daily_row_count": {"disabled": True}}}])
def test_status_keeps_what_is_no_longer_checked(shop: Shop, checks: dict[str, Any]) -> None:
    """A check that was disabled or removed keeps its last result."""
    shop.run()
    shop.put(checks)
    assert "0 0 0 0 0 0 valid" == shop.run()
    status = shop.status()
    assert ("error", "error") == (
        status["current_severity"],
        status["checks"]["daily_row_count"]["current_severity"],
    )


def test_sensor_that_fails_does_so_again_until_told_otherwise(connect: Connect) -> None:
    """Each run stores an execution error; the result from before stays."""
    shop = Shop(connect, result("daily_row_count", 2))
    shop.server.advance(60)
    shop.server.next_outcome("execution_error")
    assert ["1 0 0 0 0 1 valid"] * 2 == [shop.run(), shop.run()]
    check = shop.status()["checks"]["daily_row_count"]
    assert ("execution_error", 1, 2) == (
        check["current_severity"],
        check["errors"],
        check["execution_errors"],
    )
    shop.server.advance(60)
    shop.server.next_outcome("valid")
    assert "1 1 0 0 0 0 valid" == shop.run()
    assert "valid" == shop.status()["checks"]["daily_row_count"]["current_severity"]


def test_execution_error_outlives_a_run_that_finds_nothing_new(shop: Shop) -> None:
    """The sensor works again, but its value is the old one, so that the error stays the newest."""
    shop.run()
    shop.server.advance(60)
    shop.server.next_outcome("execution_error")
    assert ["1 0 0 0 0 1 valid", "1 0 0 0 0 0 valid"] == [shop.run(), shop.run()]
    status = shop.status()
    assert ("error", "execution_error") == (
        status["highest_historical_severity"],
        status["checks"]["daily_row_count"]["current_severity"],
    )


def test_partitions_are_evaluated_one_by_one(connect: Connect) -> None:
    """A run measures the last days; the outcome is that of the newest."""
    shop = Shop(connect)
    path = f"{TABLE}/partitioned/daily"
    shop.partitioned()
    shop.put({"volume": {"daily_partition_row_count": {"error": {"min_count": 10}}}}, path)
    assert "1 7 0 0 0 0 valid" == shop.run()
    shop.server.next_outcome("error")
    assert "1 6 0 1 0 0 error" == shop.run()
    assert "1 0 0 0 0 0 valid" == shop.run()
    (check,) = shop.http.get(f"{path}/results").json()
    days = [(each["timePeriod"][:10], each["severity"]) for each in check["checkResultEntries"]]
    assert [("2024-05-19", 2), ("2024-05-18", 0), ("2024-05-13", 0)] == [*days[:2], days[-1]]


def test_partitioned_checks_need_a_column_that_partitions(connect: Connect) -> None:
    """As recorded: without one each run fails technically, and its summary says valid."""
    shop = Shop(connect)
    path = f"{TABLE}/partitioned/daily"
    shop.put({"volume": {"daily_partition_row_count": {"error": {"min_count": 10}}}}, path)
    shop.server.set_value(1000, check_name="daily_partition_row_count")
    assert "1 0 0 0 0 1 valid" == shop.run()
    assert "1 0 0 0 0 1 valid" == shop.run()
    assert [] == shop.http.get(f"{path}/results").json()
    (check,) = shop.http.get(f"{path}/errors").json()
    assert "partition_by_column" in check["errorEntries"][0]["errorMessage"]
    shop.partitioned()
    assert "1 7 0 0 0 0 valid" == shop.run()


def test_results_of_partitions_are_of_a_table_that_has_a_column_for_them(connect: Connect) -> None:
    """Who seeds such a result need not say what partitions the table."""
    partition: dict[str, Any] = {"check_type": "partitioned", "time_scale": "daily"}
    shop = Shop(connect, result("daily_partition_row_count", 0, **partition))
    timestamps = shop.http.get(TABLE).json()["spec"]["timestamp_columns"]
    assert {"partition_by_column": "date"} == timestamps
    assert "0 valid" == shop.run(checkType="partitioned")[-7:]


def test_removed_check_can_be_seeded(connect: Connect) -> None:
    """A result whose check is not configured belongs to one that was removed."""
    results = (result("daily_row_count", 2, configured=False), result("rows", 1, days_ago=1))
    shop = Shop(connect, *results)
    assert "1 1 1 0 0 0 warning" == shop.run()
    assert "error" == shop.status()["current_severity"]
    assert {"volume": {"custom_checks": {"rows": {"warning": {}}}}} == shop.http.get(CHECKS).json()


GROUPINGS: list[tuple[dict[str, Any], list[tuple[str | None, str | None, str | None]]]] = [
    ({}, [("Completeness", "volume", None), ("Completeness", "schema", None)]),
    ({"grouping_level": "table"}, [(None, None, None)]),
    ({"grouping_level": "table_dimension"}, [("Completeness", None, None)]),
    (
        {"grouping_level": "table_dimension_category_name"},
        [
            ("Completeness", "volume", "daily_row_count"),
            ("Completeness", "schema", "daily_column_count"),
        ],
    ),
    ({"minimum_severity": "fatal"}, [("Completeness", "schema", None)]),
    ({"disabled": True}, []),
]


@pytest.mark.parametrize(("grouping", "expected"), GROUPINGS, ids=str)
def test_issues_are_grouped_into_incidents_as_the_connection_says(
    connect: Connect,
    grouping: dict[str, Any],
    expected: list[tuple[str | None, str | None, str | None]],
) -> None:
    """By dimension, category and check, from a severity on, or not at all."""
    shop = Shop(connect)
    path = "/api/connections/shop/incidentgrouping"
    assert 204 == shop.http.put(path, json=grouping).status_code
    shop.put({**ROWS, "schema": {"daily_column_count": {"fatal": {"expected_value": 9}}}})
    shop.server.set_value(100, check_name="daily_row_count")
    shop.server.set_value(2, check_name="daily_column_count")
    shop.run()
    incidents = shop.server.state.incidents.values()
    assert expected == [
        (each.quality_dimension, each.check_category, each.check_name) for each in incidents
    ]


def test_incident_ends_after_the_days_of_the_connection(connect: Connect) -> None:
    """An issue after that opens another one."""
    shop = Shop(connect)
    shop.put(ROWS)
    shop.server.set_value(100, check_name="daily_row_count")
    shop.run()
    shop.server.advance(60 * DAY)
    shop.run()
    shop.server.advance(DAY)
    shop.run()
    listed = shop.http.get("/api/incidents/shop").json()
    assert [(1, "2024-09-18T12:00:00Z"), (2, "2024-07-19T12:00:00Z")] == [
        (each["failedChecksCount"], each["incidentUntil"]) for each in listed
    ]


@pytest.mark.parametrize(
    ("order", "status"), [("lastSeen", 200), ("checkName", 500), ("tablePriority", 500)]
)
def test_incidents_cannot_be_sorted_by_what_they_lack(
    connect: Connect, order: str, status: int
) -> None:
    """The server fails to compare two of them, as the real one does."""
    shop = Shop(connect)
    shop.put({**ROWS, "schema": {"daily_column_count": {"fatal": {"expected_value": 9}}}})
    shop.server.set_value(100, check_name="daily_row_count")
    shop.server.set_value(2, check_name="daily_column_count")
    shop.run()
    path = f"/api/incidents/shop?order={order}"
    assert status == shop.http.get(path).status_code
    body = {"target": {"schema_name": "sales", "table_name": "orders"}, "priority": 3}
    # With a priority of the table its incidents can be compared.
    assert 204 == shop.http.put(f"{TABLE}/basic", json=body).status_code
    for incident_id in shop.server.state.incidents:
        resolved = f"/api/incidents/shop/2024/5/{incident_id}/status?status=resolved"
        assert 204 == shop.http.post(resolved).status_code
    shop.server.advance(DAY)
    shop.run()
    expected = 200 if order == "tablePriority" else status
    assert expected == shop.http.get(path).status_code


def test_recorded_story_of_disabled_and_removed_checks(connect: Connect) -> None:
    """With the default checks of a new server, each number is as a DQOps 1.13.2 gave it."""
    house = Table("files", "house_price.csv", [Column("price", "DOUBLE")], imported=False)
    server = DqopsServer(
        Seed([Connection("real", "duckdb", tables=[house])]),
        clock=ManualClock(NOW),
        job_mode="immediate",
    )
    http = connect(server)
    table = "/api/connections/real/schemas/files/tables/house_price.csv"
    body = {"connectionName": "real", "schemaName": "files", "tableNames": ["house_price.csv"]}
    assert 201 == http.post("/api/jobs/importtables?wait=true", json=body).status_code
    server.set_value(6701, check_name="daily_row_count")
    with pytest.warns(UserWarning, match="daily_column_count"):  # it comes below
        server.set_value(14, check_name="daily_column_count")
    rows: dict[str, Any] = {"error": {"min_count": 1_000_000_000}}
    columns = {"daily_column_count": {"error": {"expected_value": 999}}}

    def put(checks: dict[str, Any]) -> None:
        assert 204 == http.put(f"{table}/monitoring/daily", json=checks).status_code

    def run() -> list[int | str]:
        server.advance(1)
        filters = {
            "connection": "real",
            "fullTableName": "files.house_price.csv",
            "checkType": "monitoring",
            "checkTarget": "table",
        }
        response = http.post(
            "/api/jobs/runchecks?wait=true", json={"check_search_filters": filters}
        )
        found = response.json()["result"]
        names = ("executed_checks", "valid_results", "errors", "highest_severity")
        return [found[name] for name in names]

    put({"volume": {"daily_row_count": rows}, "schema": columns})
    assert [9, 5, 2, "error"] == run()
    status = http.get(f"{table}/status").json()
    assert [7, 5, 2, 6701, 71.42857142857143] == [
        status[name]
        for name in (
            "executed_checks",
            "valid_results",
            "errors",
            "total_row_count",
            "data_quality_kpi",
        )
    ]
    assert {"Completeness": 2, "Availability": 1, "Consistency": 4} == {
        name: each["executed_checks"] for name, each in status["dimensions"].items()
    }
    assert [9, 0, 0, "valid"] == run()
    put({"volume": {"daily_row_count": {**rows, "disabled": True}}, "schema": columns})
    assert [8, 5, 1, "error"] == run()
    put({"volume": {"daily_row_count": {**rows, "disabled": True}}})
    assert [7, 5, 0, "valid"] == run()
    status = http.get(f"{table}/status").json()
    assert ("error", 2) == (status["current_severity"], status["errors"])
    (listed,) = http.get("/api/search/tables?connection=real").json()
    shown = listed["data_quality_status"]
    assert ("error", 2) == (shown["current_severity"], shown["errors"])
    assert "checks" not in shown


@pytest.mark.parametrize(
    ("change", "severities"),
    [
        ({"data_group": "b"}, ("valid", "error")),
        ({"data_group": "a"}, ("error", "error")),
        ({}, ("error", "error")),
    ],
    ids=str,
)
def test_status_of_a_check_is_that_of_the_data_groups_that_changed_last(
    connect: Connect, change: dict[str, Any], severities: tuple[str, str]
) -> None:
    """A group that is bad and unchanged is not seen behind one that was evaluated later."""
    groups = [
        result("daily_row_count", severity, data_group=group, actual_value=value)
        for group, severity, value in (("a", 2, 10.0), ("b", 0, 900.0))
    ]
    shop = Shop(connect, *groups)
    shop.put(ROWS)
    shop.run()
    shop.server.advance(60)
    value = 20.0 if change.get("data_group") == "a" else 950.0
    shop.server.set_value(value, check_name="daily_row_count", **change)
    if not change:
        shop.server.set_value(20.0, check_name="daily_row_count", data_group="a")
    shop.run()
    status = shop.status()
    check = status["checks"]["daily_row_count"]
    assert severities == (check["current_severity"], check["highest_historical_severity"])
    assert (severities[0], 2) == (status["current_severity"], check["executed_checks"])
    times = {
        entry["executedAt"]
        for each in ("a", "b")
        for found in shop.http.get(f"{CHECKS}/readouts?dataGroup={each}").json()
        for entry in found["sensorReadoutEntries"]
    }
    assert {"2024-05-20T12:01:00Z"} == times


def test_status_hides_a_bad_partition_behind_one_that_changed_later(connect: Connect) -> None:
    """Its severity stays in the history and in the list of results."""
    shop = Shop(connect)
    path = f"{TABLE}/partitioned/daily"
    shop.partitioned()
    shop.put({"volume": {"daily_partition_row_count": {"error": {"min_count": 10}}}}, path)
    shop.server.next_outcome("error")
    shop.run()
    assert "error" == shop.status()["current_severity"]
    shop.server.advance(DAY)
    window = {"from_date": "2024-05-18", "to_date": "2024-05-18"}
    shop.server.set_value(5000, check_name="daily_partition_row_count")
    body = {"check_search_filters": {}, "time_window_filter": window}
    found = shop.http.post("/api/jobs/runchecks?wait=true", json=body).json()["result"]
    assert (1, 1, 0) == (found["executed_checks"], found["valid_results"], found["errors"])
    status = shop.status()
    assert ("valid", "error", 1) == (
        status["current_severity"],
        status["highest_historical_severity"],
        status["errors"],
    )


@pytest.mark.parametrize(
    ("truncation", "period"),
    [
        (None, "2024-05-01T00:00:00"),
        ("store_the_most_recent_result_per_month", "2024-05-01T00:00:00"),
        ("store_the_most_recent_result_per_week", "2024-05-20T00:00:00"),
        ("store_the_most_recent_result_per_day", "2024-05-20T00:00:00"),
        ("store_the_most_recent_result_per_hour", "2024-05-20T12:00:00"),
        ("store_all_results_without_date_truncation", "2024-05-20T12:00:07"),
    ],
)
def test_table_says_how_many_results_profiling_keeps(
    connect: Connect, truncation: str | None, period: str
) -> None:
    """One a month, unless it says otherwise."""
    shop = Shop(connect)
    path = f"{TABLE}/profiling"
    checks: dict[str, Any] = {"volume": {"profile_row_count": {"error": {"min_count": 5}}}}
    shop.put(checks if truncation is None else {**checks, "result_truncation": truncation}, path)
    shop.server.advance(7)
    shop.run()
    (check,) = shop.http.get(f"{path}/results").json()
    assert [period] == [entry["timePeriod"] for entry in check["checkResultEntries"]]
