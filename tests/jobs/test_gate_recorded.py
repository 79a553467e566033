"""What a real DQOps did, step by step, and what a gate says then, with the requests that it takes.

Each case brings a simulated server, which behaves as recorded, to a state and asks for a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client.models import CheckType

from jobs.shop import CARTS, DAY, MINUTE, ROWS, TABLE, Shop, outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.support import Calling


ROWS_OFF = {"volume": {"daily_row_count": {"error": {"min_count": 500}, "disabled": True}}}
COLUMNS = {"schema": {"daily_column_count": {"error": {"expected_value": 9}}}}
CHANGE = {"volume": {"daily_row_count_change": {"error": {"max_percent": 10}}}}
PARTITIONS = {"volume": {"daily_partition_row_count": {"error": {"min_count": 10}}}}
PARTITION: dict[str, Any] = {
    "check_type": "partitioned",
    "time_scale": "daily",
    "time_period": datetime(2026, 1, 14),
}
POLICY = "/api/policies/checks/table/rows"
NULLS = {"nulls": {"daily_nulls_percent": {"error": {"max_percent": 5}}}}


@dataclass(frozen=True, kw_only=True)
class Case:
    """What was done, and what a gate says then.

    Args:
        name: What it shows.
        steps: What was done before.
        filters: What the gate is asked about, besides the table `orders`.
        options: How it is asked.
        failures: The checks that fail, with column and severity.
        inactive: The checks that do not count, and why.
        problems: The problems.
        requests: How many requests the judging takes.
    """

    name: str
    steps: Callable[[Shop], Shop]
    filters: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    inactive: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    requests: int


def bad_rows(shop: Shop) -> Shop:
    """A table with too few rows, evaluated once."""
    shop.put(ROWS)
    shop.value(100)
    shop.run()
    shop.later(MINUTE)
    return shop


def good_rows(shop: Shop) -> Shop:
    """A table with enough rows, evaluated once."""
    shop.put(ROWS)
    shop.value(900)
    shop.run()
    shop.later(MINUTE)
    return shop


def both(shop: Shop) -> Shop:
    """One table bad and unchanged, the other one good and edited."""
    bad_rows(shop)
    shop.put(ROWS, f"{CARTS}/monitoring/daily")
    shop.value(900, table="sales.carts")
    return shop


def disabled(shop: Shop) -> Shop:
    """One of two failing checks disabled, as recorded."""
    shop.put({**ROWS, **COLUMNS})
    shop.value(100)
    shop.value(14, "daily_column_count")
    shop.run()
    shop.put({**ROWS_OFF, **COLUMNS})
    shop.later(MINUTE)
    return shop


def removed(shop: Shop) -> Shop:
    """The one disabled, the other removed, and a good one left."""
    disabled(shop)
    shop.run()
    shop.put(
        {**ROWS_OFF, "availability": {"daily_table_availability": {"error": {"max_failures": 0}}}}
    )
    shop.value(0, "daily_table_availability")
    return shop


def all_removed(shop: Shop) -> Shop:
    """Every check removed after it had failed."""
    bad_rows(shop)
    shop.put({})
    return shop


def by_policy(shop: Shop) -> Shop:
    """A failing check taken out of the table, and brought back by a default policy."""
    bad_rows(shop)
    policy = {"priority": 1000, "monitoring_checks": {"daily": ROWS}}
    shop.put({"policy_name": "rows", "policy_spec": policy}, POLICY)
    return shop.put({})


def old_partition(shop: Shop) -> Shop:
    """A bad partition of 2014, and good ones of this month, evaluated together."""
    columns = {"timestamp_columns": {"partition_by_column": "id"}}
    target = {"schema_name": "sales", "table_name": "orders"}
    shop.put({"connection_name": "shop", "target": target, **columns}, f"{TABLE}/partitioning")
    shop.put(PARTITIONS, f"{TABLE}/partitioned/daily")
    shop.stored("daily_partition_row_count", 0, actual_value=50, **PARTITION)
    old = {**PARTITION, "time_period": datetime(2014, 5, 19)}
    return shop.stored("daily_partition_row_count", 2, actual_value=1, **old)


def bad_column(shop: Shop) -> Shop:
    """A column with too many nulls in a table with enough rows."""
    shop.put(ROWS).value(900)
    shop.put(NULLS, f"{TABLE}/columns/email/monitoring/daily")
    return shop.value(20, "daily_nulls_percent", column="email").run().later(MINUTE)


def groups(shop: Shop) -> Shop:
    """Data in two groups, of which one is bad."""
    shop.put(ROWS)
    shop.stored("daily_row_count", 2, actual_value=100, data_group="EU")
    shop.stored("daily_row_count", 0, actual_value=900, data_group="US")
    return shop.value(900, data_group="US").value(100, data_group="EU").run().later(MINUTE)


def partitions(shop: Shop) -> Shop:
    """Partitions of some days, of which an older one is bad."""
    shop.partitioned()
    shop.put(PARTITIONS, f"{TABLE}/partitioned/daily")
    shop.next_run("error").run().later(DAY)
    return shop.run()


CASES = [
    Case(name="good data", steps=good_rows, requests=3),
    Case(name="good data, nothing new", steps=lambda shop: good_rows(shop).run(), requests=3),
    Case(
        name="mistyped table",
        steps=bad_rows,
        filters={"full_table_name": "sales.oders"},
        problems=["nothing_selected"],
        requests=2,
    ),
    Case(
        name="unknown connection",
        steps=bad_rows,
        filters={"connection": "ship"},
        problems=["nothing_selected"],
        requests=2,
    ),
    Case(
        name="mistyped check",
        steps=bad_rows,
        filters={"check_name": "daily_row_cuont"},
        problems=["nothing_selected"],
        requests=4,
    ),
    Case(
        name="first run of bad data",
        steps=lambda shop: shop.put(ROWS).value(100),
        failures=["daily_row_count error"],
        requests=6,
    ),
    Case(
        name="rerun of unchanged bad data",
        steps=bad_rows,
        failures=["daily_row_count error"],
        requests=6,
    ),
    Case(
        name="third run of unchanged bad data",
        steps=lambda shop: bad_rows(shop).run().run(),
        failures=["daily_row_count error"],
        requests=6,
    ),
    Case(name="the limit is fatal", steps=bad_rows, options={"at_least": "fatal"}, requests=3),
    Case(
        name="the limit is a warning",
        steps=bad_rows,
        options={"at_least": "warning"},
        failures=["daily_row_count error"],
        requests=6,
    ),
    Case(
        name="mixed run",
        steps=both,
        filters={"full_table_name": "sales.*"},
        failures=["daily_row_count error"],
        requests=7,
    ),
    Case(
        name="edited check",
        steps=lambda shop: bad_rows(shop).put(
            {"volume": {"daily_row_count": {"error": {"min_count": 50}}}}
        ),
        requests=3,
    ),
    Case(
        name="data repaired",
        steps=lambda shop: bad_rows(shop).value(900),
        requests=3,
    ),
    Case(
        name="data repaired the next day",
        steps=lambda shop: bad_rows(shop).later(DAY).value(900),
        requests=4,
    ),
    Case(
        name="one check disabled",
        steps=disabled,
        failures=["daily_column_count error"],
        inactive=["daily_row_count disabled"],
        requests=8,
    ),
    Case(
        name="one check disabled, one removed",
        steps=removed,
        inactive=["daily_column_count removed", "daily_row_count disabled"],
        requests=8,
    ),
    Case(
        name="check that came back through a default policy, only judged",
        steps=by_policy,
        options={"name": "judge"},
        failures=["daily_row_count error"],
        requests=6,
    ),
    Case(
        name="check that came back through a default policy",
        steps=by_policy,
        failures=["daily_row_count error"],
        requests=6,
    ),
    Case(
        name="default policy disabled again",
        steps=lambda shop: (
            by_policy(shop)
            .run()
            .put({"policy_name": "rows", "policy_spec": {"disabled": True}}, POLICY)
        ),
        options={"name": "judge"},
        inactive=["daily_row_count removed"],
        problems=["nothing_selected"],
        requests=22,
    ),
    Case(
        name="all columns removed, judged only",
        steps=lambda shop: bad_column(shop).put({"monitoring_checks": {"daily": ROWS}}, TABLE),
        options={"name": "judge"},
        inactive=["email daily_nulls_percent column_removed"],
        requests=5,
    ),
    Case(
        name="all checks removed",
        steps=all_removed,
        inactive=["daily_row_count removed"],
        problems=["nothing_selected"],
        requests=6,
    ),
    Case(
        name="first run without history",
        steps=lambda shop: shop.put(CHANGE).value(100, "daily_row_count_change"),
        problems=["not_evaluated"],
        requests=3,
    ),
    Case(
        name="first run without history, allowed",
        steps=lambda shop: shop.put(CHANGE).value(100, "daily_row_count_change"),
        options={"allow_not_evaluated": True},
        requests=3,
    ),
    Case(
        name="never run, only judged",
        steps=lambda shop: shop.put(ROWS),
        options={"name": "judge"},
        problems=["not_evaluated"],
        requests=3,
    ),
    Case(
        name="execution error",
        steps=lambda shop: shop.put(ROWS).next_run("execution_error"),
        problems=["execution_errors"],
        requests=7,
    ),
    Case(
        name="execution error, allowed",
        steps=lambda shop: shop.put(ROWS).next_run("execution_error"),
        options={"allow_execution_errors": True},
        requests=7,
    ),
    Case(
        name="execution error over a bad result",
        steps=lambda shop: bad_rows(shop).next_run("execution_error"),
        options={"allow_execution_errors": True},
        failures=["daily_row_count error"],
        requests=7,
    ),
    Case(
        name="execution error that is over, nothing new",
        steps=lambda shop: good_rows(shop).next_run("execution_error").run().later(MINUTE),
        requests=5,
    ),
    Case(
        name="column check on unchanged bad data",
        steps=lambda shop: (
            shop.put(NULLS, f"{TABLE}/columns/email/monitoring/daily")
            .value(20, "daily_nulls_percent", column="email")
            .run()
            .later(MINUTE)
        ),
        failures=["email daily_nulls_percent error"],
        requests=7,
    ),
    Case(
        name="column disabled since",
        steps=lambda shop: bad_column(shop).change_column("email", disabled=True),
        inactive=["email daily_nulls_percent column_disabled"],
        requests=7,
    ),
    Case(
        name="column disabled since, only judged",
        steps=lambda shop: bad_column(shop).change_column("email", disabled=True),
        options={"name": "judge"},
        inactive=["email daily_nulls_percent column_disabled"],
        requests=7,
    ),
    Case(
        name="only other columns are asked about",
        steps=lambda shop: (
            shop.put(NULLS, f"{TABLE}/columns/email/monitoring/daily")
            .put(NULLS, f"{TABLE}/columns/id/monitoring/daily")
            .value(20, "daily_nulls_percent", column="email")
            .value(0, "daily_nulls_percent", column="id")
            .run()
        ),
        filters={"column": "id"},
        requests=3,
    ),
    Case(
        name="data groups, one bad",
        steps=groups,
        failures=["daily_row_count error"],
        requests=7,
    ),
    Case(
        name="data groups, another one changed",
        steps=lambda shop: groups(shop).value(950, data_group="US"),
        failures=["daily_row_count error"],
        requests=7,
    ),
    Case(
        name="partitions, one of many days bad",
        steps=partitions,
        failures=["daily_partition_row_count error"],
        requests=6,
    ),
    Case(
        name="partitions, the next day",
        steps=lambda shop: partitions(shop).later(DAY),
        failures=["daily_partition_row_count error"],
        requests=6,
    ),
    Case(
        name="partition of years ago, evaluated the last time",
        steps=lambda shop: old_partition(shop),
        options={"name": "judge"},
        failures=["daily_partition_row_count error"],
        requests=7,
    ),
    Case(
        name="partition of years ago, not evaluated the last time",
        steps=lambda shop: (
            old_partition(shop)
            .later(MINUTE)
            .stored("daily_partition_row_count", 0, actual_value=50, **PARTITION)
        ),
        options={"name": "judge"},
        requests=6,
    ),
    Case(
        name="profiling and monitoring checks",
        steps=lambda shop: (
            good_rows(shop)
            .put(
                {"volume": {"profile_row_count": {"error": {"min_count": 500}}}},
                f"{TABLE}/profiling",
            )
            .value(100, "profile_row_count")
            .run()
        ),
        failures=["profile_row_count error"],
        requests=6,
    ),
    Case(
        name="execution error of a profiling check",
        steps=lambda shop: shop.put(
            {"volume": {"profile_row_count": {"error": {"min_count": 500}}}}, f"{TABLE}/profiling"
        ).next_run("execution_error"),
        problems=["execution_errors"],
        requests=7,
    ),
    Case(
        name="monitoring checks only",
        steps=lambda shop: (
            good_rows(shop)
            .put(
                {"volume": {"profile_row_count": {"error": {"min_count": 500}}}},
                f"{TABLE}/profiling",
            )
            .value(100, "profile_row_count")
            .run()
        ),
        filters={"check_type": CheckType.MONITORING},
        requests=3,
    ),
    Case(
        name="own checks of one name in two types",
        steps=lambda shop: (
            shop.stored("rows", 2, check_type="profiling")
            .later(MINUTE)
            .stored("rows", 0, check_type="monitoring", time_scale="daily")
        ),
        options={"name": "judge"},
        failures=["rows error"],
        requests=10,
    ),
    Case(
        name="pattern and other case",
        steps=bad_rows,
        filters={"check_name": "DAILY_row*", "check_category": "Volume"},
        failures=["daily_row_count error"],
        requests=6,
    ),
    Case(
        name="last minute of the day",
        steps=lambda shop: shop.later(DAY / 2 - MINUTE).put(ROWS).value(100).run(),
        failures=["daily_row_count error"],
        requests=6,
    ),
    Case(
        name="first minute of the day after, only judged",
        steps=lambda shop: (
            shop.later(DAY / 2 - MINUTE).put(ROWS).value(100).run().later(2 * MINUTE)
        ),
        options={"name": "judge"},
        failures=["daily_row_count error"],
        requests=6,
    ),
    Case(
        name="first minute of the day after, run",
        steps=lambda shop: (
            shop.later(DAY / 2 - MINUTE).put(ROWS).value(100).run().later(2 * MINUTE)
        ),
        failures=["daily_row_count error"],
        requests=6,
    ),
    Case(
        name="first of the month, only judged",
        steps=lambda shop: bad_rows(shop).later(17 * DAY - 12 * 3600),
        options={"name": "judge"},
        failures=["daily_row_count error"],
        requests=6,
    ),
    Case(
        name="first of the month, run",
        steps=lambda shop: bad_rows(shop).later(17 * DAY - 12 * 3600),
        failures=["daily_row_count error"],
        requests=6,
    ),
    Case(
        name="older than max_age, only judged",
        steps=lambda shop: good_rows(shop).later(7200),
        options={"name": "judge", "max_age": 3600},
        problems=["old_results"],
        requests=6,
    ),
    Case(
        name="rerun that changes nothing is new",
        steps=lambda shop: good_rows(shop).later(7200).run(),
        options={"name": "judge", "max_age": 3600},
        requests=5,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "_"))
def test_recorded_case(calling: Calling, case: Case) -> None:
    """The verdict is what is true of the data, and takes so many requests."""
    shop = Shop(calling)
    try:
        case.steps(shop)
        verdict = shop.gate(filters=case.filters, **case.options)
        expected = {
            "failures": case.failures,
            "inactive": case.inactive,
            "problems": case.problems,
            "requests": case.requests,
        }
        assert expected == outcome_of(verdict), str(verdict)
        assert verdict.passed is not bool(case.failures or case.problems)
    finally:
        shop.close()
