"""Checks as the user interface shows them: what is active, how, and when it runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from dqops.testing import DqopsServer, ManualClock
from dqops.testing.handlers.cron import next_time

from simulator.support import NOW, TABLE, problems, result, seed

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    Connect = Callable[[DqopsServer], httpx.Client]

CHECKS = f"{TABLE}/monitoring/daily"
RUN = "/api/jobs/runchecks?wait=true"


class Shop:
    """A server with default policies and a table that has some checks."""

    def __init__(self, connect: Connect, *results: Any, zone: str = "UTC") -> None:
        self.server = DqopsServer(
            seed(*results, default_policies=True),
            clock=ManualClock(NOW),
            job_mode="immediate",
            time_zone=zone,
        )
        self.http = connect(self.server)

    def put(self, checks: dict[str, Any], path: str = CHECKS) -> None:
        """Configure checks."""
        assert 204 == self.http.put(path, json=checks).status_code

    def run(self, **filters: Any) -> tuple[int, int, str]:
        """Run checks; gives the checks, the valid results and the highest severity."""
        body = {"check_search_filters": filters}
        found = self.http.post(RUN, json=body).json()["result"]
        return found["executed_checks"], found["valid_results"], found["highest_severity"]

    def model(self, path: str = CHECKS) -> dict[str, Any]:
        """Ask for the model of checks."""
        response = self.http.get(f"{path}/model")
        name = "column" if "/columns/" in path else "table"
        assert [] == problems(f"get_{name}_monitoring_checks_model", response)
        model: dict[str, Any] = response.json()
        return model

    def check(self, category: str, name: str, path: str = CHECKS) -> dict[str, Any]:
        """Ask for the model of one check."""
        found = self.http.get(f"{path}/model/filter/{category}/{name}").json()
        ((check,),) = ([each["checks"] for each in found["categories"]],)
        only: dict[str, Any] = check[0]
        assert 1 == len(check)
        return only


def state(check: dict[str, Any]) -> tuple[bool, bool, bool]:
    """Tell whether a check is configured, disabled, and brought by a policy."""
    return check["configured"], check["disabled"], check.get("default_check", False)


CONFIGURED: list[tuple[dict[str, Any], tuple[bool, bool, bool]]] = [
    ({"error": {"min_count": 9}}, (True, False, False)),
    ({"error": {"min_count": 9}, "disabled": True}, (True, True, False)),
    ({}, (True, False, False)),
]


@pytest.mark.parametrize(("spec", "expected"), CONFIGURED)
def test_configured_check_is_shown_with_its_rules(
    connect: Connect, spec: dict[str, Any], expected: tuple[bool, bool, bool]
) -> None:
    """Values that nobody has set are the defaults of the rule."""
    shop = Shop(connect)
    shop.put({"volume": {"daily_row_count": spec}})
    check = shop.check("volume", "daily_row_count")
    assert expected == state(check)
    rule = check["rule"]["error"]
    assert ("error" in spec, "comparison/min_count") == (rule["configured"], rule["rule_name"])
    (parameter,) = rule["rule_parameters"]
    value = 9 if "error" in spec else 1
    assert (value, str(value), True) == (
        parameter["long_value"],
        parameter["definition"]["default_value"],
        parameter["definition"]["required"],
    )
    assert ("table/volume/row_count", "Completeness", "error") == (
        check["sensor_name"],
        check["quality_dimension"],
        check["default_severity"],
    )
    assert [
        "profile_row_count",
        "daily_row_count",
        "monthly_row_count",
        "daily_partition_row_count",
        "monthly_partition_row_count",
    ] == [each["check_name"] for each in check["similar_checks"]]


def test_removed_check_comes_back_through_a_policy(connect: Connect) -> None:
    """`daily_row_count` has a default policy, `daily_column_count` has none."""
    shop = Shop(connect)
    shop.put(
        {
            "volume": {"daily_row_count": {"error": {"min_count": 9}}},
            "schema": {"daily_column_count": {"error": {"expected_value": 9}}},
        }
    )
    shop.put({})
    assert (False, False, True) == state(shop.check("volume", "daily_row_count"))
    assert (False, False, False) == state(shop.check("schema", "daily_column_count"))
    names = ["daily_row_count", "daily_column_count"]
    assert [1, 0] == [shop.run(checkName=name)[0] for name in names]


def test_policies_of_a_new_server_bring_checks_to_tables_and_columns(connect: Connect) -> None:
    """The first run has no history, so that some checks measure without a result."""
    shop = Shop(connect)
    columns = [f"{TABLE}/columns/{name}/monitoring/daily" for name in ("id", "email")]
    brought = [
        sorted(
            check["check_name"]
            for category in shop.model(path)["categories"]
            for check in category["checks"]
            if check.get("default_check")
        )
        for path in (CHECKS, *columns)
    ]
    numeric = ["max", "mean", "min", "sum"]
    everywhere = ["column_exists", "column_type_changed", "nulls_count", "nulls_percent"]
    history = ["distinct_count_anomaly", "nulls_percent_anomaly"]
    assert [
        [
            "daily_column_count_changed",
            "daily_column_list_changed",
            "daily_column_list_or_order_changed",
            "daily_column_types_changed",
            "daily_row_count",
            "daily_row_count_anomaly",
            "daily_row_count_change",
            "daily_table_availability",
        ],
        sorted(
            f"daily_{name}"
            for name in (*everywhere, *history, *(f"{each}_anomaly" for each in numeric))
        ),
        sorted(
            f"daily_{name}" for name in (*everywhere, *history, "detected_datatype_in_text_changed")
        ),
    ] == brought
    assert (8, 6, "valid") == shop.run(checkTarget="table")
    # Two PII checks of the text column are profiling checks.
    assert (10 + 9, 4 + 7, "valid") == shop.run(column="*")


def test_partitioned_default_checks_need_a_partition_column(connect: Connect) -> None:
    """As those of timeliness need an event timestamp."""
    shop = Shop(connect)
    assert 0 == shop.run(checkType="partitioned")[0]
    body = {
        "target": {"schema_name": "sales", "table_name": "orders"},
        "timestamp_columns": {"partition_by_column": "id", "event_timestamp_column": "id"},
    }
    assert 204 == shop.http.put(f"{TABLE}/partitioning", json=body).status_code
    assert 2 == shop.run(checkType="partitioned", checkTarget="table")[0]
    assert 1 == shop.run(checkCategory="timeliness")[0]
    assert "id" == shop.model()["partition_by_column"]


def test_policy_applies_to_its_target_until_it_is_disabled(connect: Connect) -> None:
    """Patterns of its target can be divided by commas; a change has its checks evaluated again."""
    shop = Shop(connect)
    policy = {
        "target": {"connection": "x,sh*", "table": "orders"},
        "monitoring_checks": {"daily": {"schema": {"daily_column_count": {"error": {}}}}},
    }
    path = "/api/policies/checks/table/own"
    assert 201 == shop.http.post(path, json={"policy_spec": policy}).status_code
    name = {"checkName": "daily_column_count"}
    assert [(1, 1, "valid"), (1, 0, "valid")] == [shop.run(**name), shop.run(**name)]
    changed = {**policy, "description": "changed"}
    assert 204 == shop.http.put(path, json={"policy_spec": changed}).status_code
    assert (1, 1, "valid") == shop.run(**name)
    disabled = {**policy, "disabled": True}
    assert 204 == shop.http.put(path, json={"policy_spec": disabled}).status_code
    assert (0, 0, "valid") == shop.run(**name)
    assert "daily_column_count" in shop.http.get(f"{TABLE}/status").json()["checks"]


def test_disabled_check_is_not_brought_back_by_a_policy(connect: Connect) -> None:
    """The table's own configuration counts, whatever it says."""
    shop = Shop(connect)
    shop.put({"volume": {"daily_row_count": {"disabled": True}}})
    assert (True, True, False) == state(shop.check("volume", "daily_row_count"))
    assert 0 == shop.run(checkName="daily_row_count")[0]


def test_checks_of_seeded_results_are_configured(connect: Connect) -> None:
    """With the limits of the results; those that the server does not know are custom checks."""
    shop = Shop(
        connect,
        result("daily_row_count", 2, bounds={"errorLowerBound": 5.0, "warningLowerBound": 9.0}),
        result("rows", 1),
        result("daily_row_count_match", 2, category="comparisons", table_comparison="copy"),
    )
    known = shop.check("volume", "daily_row_count")
    assert (True, False, False) == state(known)
    assert [5.0, 9.0] == [
        known["rule"][name]["rule_parameters"][0]["long_value"] for name in ("error", "warning")
    ]
    custom = shop.check("volume", "rows")
    assert (True, True) == (custom["configured"], custom["rule"]["warning"]["configured"])
    comparisons = {
        category["category"]: [each["check_name"] for each in category["checks"]]
        for category in shop.model()["categories"]
        if category.get("comparison_name") == "copy"
    }
    assert "daily_row_count_match" in comparisons["comparisons/copy"]


def test_results_have_the_hash_of_the_model(connect: Connect) -> None:
    """It is how checks and results are told apart."""
    shop = Shop(connect)
    shop.put({"volume": {"daily_row_count": {"error": {"min_count": 9}}}})
    shop.run()
    (found,) = shop.http.get(f"{CHECKS}/results?checkName=daily_row_count").json()
    assert shop.check("volume", "daily_row_count")["check_hash"] == found["checkHash"]


@pytest.mark.parametrize(
    ("zone", "due", "until"),
    [
        # It is noon in UTC, and the checks run at noon.
        ("UTC", "2024-05-21T12:00:00Z", "PT24H"),
        ("America/New_York", "2024-05-20T12:00:00-04:00", "PT4H"),
        ("Asia/Kolkata", "2024-05-21T12:00:00+05:30", "PT18H30M"),
    ],
)
def test_schedule_tells_the_time_of_the_server(
    connect: Connect, zone: str, due: str, until: str
) -> None:
    """What remains until then, and the offset of the configured time zone."""
    model = Shop(connect, zone=zone).model()
    assert {
        "schedule_group": "monitoring_daily",
        "schedule_level": "connection",
        "cron_expression": "0 12 * * *",
        "time_of_execution": due,
        "time_until_execution": until,
        "disabled": False,
    } == model["effective_schedule"]
    assert "enabled" == model["effective_schedule_enabled_status"]


def test_schedules_of_tables_and_checks_come_first(connect: Connect) -> None:
    """One that is disabled is never due."""
    shop = Shop(connect)
    path = f"{TABLE}/schedulesoverride/monitoring_daily"
    schedule = {"cron_expression": "0 3 * * *"}
    assert 204 == shop.http.put(path, json=schedule).status_code
    level = shop.model()["effective_schedule"]["schedule_level"]
    assert 204 == shop.http.put(path, json={**schedule, "disabled": True}).status_code
    model = shop.model()
    assert ("table_override", "disabled") == (level, model["effective_schedule_enabled_status"])
    assert "time_of_execution" not in model["effective_schedule"]
    shop.put({"volume": {"daily_row_count": {"schedule_override": schedule}}})
    check = shop.check("volume", "daily_row_count")
    assert ("check_override", "enabled") == (
        check["effective_schedule"]["schedule_level"],
        check["schedule_enabled_status"],
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 12 * * *", "2026-12-01T12:00"),
        ("0 2 1 1 *", "2027-01-01T02:00"),
        ("*/15 * * * *", "2026-11-30T12:15"),
        ("0 3 * * MON", "2026-12-07T03:00"),
        ("0 3 * * 7", "2026-12-06T03:00"),
        ("30 8-10/2 * 1,6 *", "2027-01-01T08:30"),
        ("0 0 30 2 *", None),
        ("now", None),
        ("0 25 * * *", None),
    ],
)
def test_cron_expression_is_due(expression: str, expected: str | None) -> None:
    """After now, by minutes, hours, days, months and days of the week."""
    due = next_time(expression, datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert expected == (None if due is None else due.strftime("%Y-%m-%dT%H:%M"))
