"""Tables whose checks are switched off: gate and judge say the same, and neither is fooled.

Each case has another table beside it that is good, so that nothing else fails the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client.models import CheckSearchFilters, CheckTarget, CheckType
from dqops.testing import Fault

from jobs.shop import CARTS, MINUTE, ROWS, TABLE, TIMING, Shop, outcome_of
from jobs.test_gate_recorded import (
    CHANGE,
    COLUMNS,
    NULLS,
    PARTITIONS,
    POLICY,
    ROWS_OFF,
    all_removed,
    bad_column,
    bad_rows,
    by_policy,
    good_rows,
    groups,
    partitions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dqops.jobs import JobProgress, Verdict

    from jobs.support import Calling

ALL = {"full_table_name": "sales.*"}
EMAIL = f"{TABLE}/columns/email/monitoring/daily"
AVAILABILITY = {"availability": {"daily_table_availability": {"error": {"max_failures": 0}}}}
CUSTOM = {"sensor_name": "table/volume/row_count", "error": {"min_count": 5}}
MY_ROWS = {"custom_checks": {"my_rows": CUSTOM}}
MATCH = {"daily_row_count_match": {"error": {"max_diff_percent": 0}}}
NOT_RUN = "the run executed no check of it"
NOT_ACTIVE = "no selected check of it is active"


@dataclass(frozen=True, kw_only=True)
class Case:
    """What was done, and what gate and judge say then.

    Args:
        name: What it shows.
        steps: What was done to the table `orders`.
        filters: What is asked about besides both tables.
        options: How it is asked.
        inactive: The checks that do not count, and why.
        failures: The checks that fail.
        gate: The problems of a gate; None if it skips the table.
        judge: The problems of a judge; None if it skips the table.
    """

    name: str
    steps: Callable[[Shop], object]
    filters: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    inactive: tuple[str, ...] = ("daily_row_count disabled",)
    failures: tuple[str, ...] = ()
    gate: tuple[str, ...] | None = None
    judge: tuple[str, ...] | None = None


def off(shop: Shop) -> Shop:
    """The only check of the table disabled after it had failed."""
    return bad_rows(shop).put(ROWS_OFF)


def off_partitions(shop: Shop) -> Shop:
    """A failing partitioned check disabled."""
    checks = {"volume": {"daily_partition_row_count": {"disabled": True}}}
    return partitions(shop).put(checks, f"{TABLE}/partitioned/daily")


def policy(shop: Shop, checks: dict[str, Any]) -> Shop:
    """Add a default policy for tables."""
    spec = {"priority": 1000, "monitoring_checks": {"daily": checks}}
    return shop.put({"policy_name": "rows", "policy_spec": spec}, POLICY)


CASES = [
    Case(name="disabled", steps=off),
    Case(name="removed", steps=all_removed, inactive=("daily_row_count removed",)),
    Case(
        name="removed, back through a default policy",
        steps=by_policy,
        inactive=(),
        failures=("daily_row_count error",),
        gate=(),
        judge=(),
    ),
    Case(
        name="disabled in the table, though a default policy has it, too",
        steps=lambda shop: policy(off(shop), ROWS),
    ),
    Case(
        name="the column is gone",
        steps=lambda shop: (
            shop.put(NULLS, EMAIL)
            .value(20, "daily_nulls_percent", column="email")
            .run()
            .later(MINUTE)
            .put({}, TABLE)
        ),
        inactive=("email daily_nulls_percent column_removed",),
    ),
    Case(
        name="the column is disabled",
        steps=lambda shop: bad_column(shop).put({}).change_column("email", disabled=True),
        filters={"column": "*"},
        inactive=("email daily_nulls_percent column_disabled",),
    ),
    Case(
        name="the check of a column is disabled",
        steps=lambda shop: (
            bad_column(shop)
            .put({})
            .put({"nulls": {"daily_nulls_percent": {"disabled": True}}}, EMAIL)
        ),
        filters={"check_name": "daily_nulls*"},
        inactive=("email daily_nulls_percent disabled",),
    ),
    Case(
        name="partitioned",
        steps=off_partitions,
        inactive=("daily_partition_row_count disabled",),
    ),
    Case(
        name="failed technically before",
        steps=lambda shop: (
            shop.put(ROWS).next_run("execution_error").run().later(MINUTE).put(ROWS_OFF)
        ),
    ),
    Case(name="filtered by check", steps=off, filters={"check_name": "daily_row_count"}),
    Case(name="filtered by pattern", steps=off, filters={"check_name": "DAILY_row*"}),
    Case(name="filtered by sensor", steps=off, filters={"sensor_name": "table/volume/row_count"}),
    Case(name="filtered by type", steps=off, filters={"check_type": CheckType.MONITORING}),
    Case(
        name="the limit is a warning",
        steps=off,
        options={"at_least": "warning"},
    ),
    Case(
        name="another active check that has no result yet",
        steps=lambda shop: off(shop).put({"volume": {**ROWS_OFF["volume"], **CHANGE["volume"]}}),
        gate=("not_evaluated",),
        judge=("not_evaluated",),
    ),
    Case(
        name="another active check that was never evaluated, but not asked about",
        steps=lambda shop: off(shop).put({**ROWS_OFF, **COLUMNS}),
        filters={"check_category": "volume"},
    ),
    *(
        Case(
            name=f"another active check that was never evaluated, but has another {name}",
            steps=lambda shop: off(shop).put({**ROWS_OFF, **AVAILABILITY}).put(NULLS, EMAIL),
            filters=filters,
        )
        for name, filters in (
            ("name", {"check_name": "daily_row*"}),
            ("dimension", {"quality_dimension": "Completeness", "check_target": "table"}),
            ("sensor", {"sensor_name": "*/row_count"}),
            ("time scale", {"check_category": "vol*", "time_scale": "daily"}),
        )
    ),
    Case(
        name="an active check in a disabled column",
        steps=lambda shop: off(shop).put(NULLS, EMAIL).change_column("email", disabled=True),
    ),
    Case(
        name="one data group gone",
        steps=lambda shop: groups(shop).stored(
            "daily_row_count", 0, actual_value=900, data_group="US"
        ),
        options={"name": "judge"},
        inactive=("daily_row_count group_gone",),
        judge=(),
    ),
]


@pytest.fixture
def shop(calling: Calling) -> Iterator[Shop]:
    """A shop whose table `carts` is good: all that could be asked about is."""
    shop = Shop(calling)
    for checks, path in (
        (ROWS, f"{CARTS}/monitoring/daily"),
        (NULLS, f"{CARTS}/columns/email/monitoring/daily"),
        (PARTITIONS, f"{CARTS}/partitioned/daily"),
    ):
        shop.put(checks, path)
    target = {"schema_name": "sales", "table_name": "carts"}
    columns = {"timestamp_columns": {"partition_by_column": "id"}}
    shop.put({"connection_name": "shop", "target": target, **columns}, f"{CARTS}/partitioning")
    shop.value(900, table="sales.carts")
    shop.value(900, "daily_partition_row_count", table="sales.carts")
    shop.value(0, "daily_nulls_percent", table="sales.carts", column="email")
    yield shop
    shop.close()


def told(verdict: Verdict) -> dict[str, Any]:
    """Tell what a verdict says, and why it does not judge the table `orders`."""
    found = outcome_of(verdict)
    del found["requests"]
    skipped = {table.table: table.skipped for table in verdict.tables}
    return {**found, "skipped": skipped["orders"], "passed": verdict.passed}


@pytest.mark.parametrize(
    ("case", "name"),
    [
        pytest.param(case, name, id=f"{name}_{case.name}".replace(" ", "_"))
        for case in CASES
        for name in ("gate", "judge")
        if case.options.get("name", name) == name
    ],
)
def test_checks_that_are_switched_off(shop: Shop, case: Case, name: str) -> None:
    """They are listed, and fail nothing; active ones do, whatever is beside them."""
    case.steps(shop)
    if name == "judge":
        shop.run(full_table_name="sales.carts")
    verdict = shop.gate(**{"name": name, **case.options}, filters={**ALL, **case.filters})
    problems = case.gate if name == "gate" else case.judge
    why = NOT_RUN if name == "gate" else NOT_ACTIVE
    expected = {
        "failures": [*case.failures],
        "inactive": [*case.inactive],
        "problems": [*(problems or ())],
        "skipped": why if problems is None else None,
        "passed": not (case.failures or problems),
    }
    assert expected == told(verdict), str(verdict)


@pytest.mark.parametrize(
    "change",
    [
        lambda shop: shop.put(NULLS, EMAIL),
        lambda shop: shop.put({**ROWS_OFF, **COLUMNS}),
        lambda shop: policy(shop, COLUMNS),
        lambda shop: shop.put(
            {"volume": {"profile_row_count": {"error": {"min_count": 5}}}}, f"{TABLE}/profiling"
        ),
        lambda shop: shop.put({**ROWS_OFF, "custom": {"my_rows": CUSTOM}}),
        lambda shop: shop.put({**ROWS_OFF, "volume": {**ROWS_OFF["volume"], **MY_ROWS}}),
        lambda shop: shop.put({**ROWS_OFF, "comparisons": {"copy": MATCH}}),
        # Without a column to partition by, a run executes it, and it fails technically.
        lambda shop: shop.put(PARTITIONS, f"{TABLE}/partitioned/daily"),
    ],
    ids=["column", "table", "policy", "profiling", "custom", "own", "copy", "partitioned"],
)
def test_active_check_that_was_never_evaluated(shop: Shop, change: Callable[[Shop], Shop]) -> None:
    """A judge does not take a table for switched off that has an active check without a result."""
    change(off(shop)).run(full_table_name="sales.carts")
    found = told(shop.gate("judge", ALL))
    assert not found["passed"]
    assert (["not_evaluated"], None) == (found["problems"], found["skipped"])
    assert ["daily_row_count disabled"] == found["inactive"]


@pytest.mark.parametrize(
    "filters",
    [
        {"check_name": "daily_row*"},
        {"check_category": "COMPARISONS"},
        {"table_comparison_name": "c*"},
        {"check_name": "daily_row_count_match"},
    ],
)
def test_active_check_that_is_asked_about_but_was_never_evaluated(
    shop: Shop, filters: dict[str, Any]
) -> None:
    """Filters do not hide an active check of a table comparison from a judge."""
    off(shop).stored(
        "daily_row_count_match",
        2,
        category="comparisons",
        table_comparison="old",
        check_type="monitoring",
        time_scale="daily",
    )
    shop.put({**ROWS_OFF, "comparisons": {"copy": MATCH}})  # and no other one any more
    shop.run(full_table_name="sales.carts")
    found = told(shop.gate("judge", {**ALL, **filters}))
    assert (["not_evaluated"], None) == (found["problems"], found["skipped"])


@pytest.mark.parametrize(
    ("filters", "requests"),
    [
        # The list, the clock, a status of each table, results, readouts, model of the bad check;
        # then the models of every place where an active one could be.
        ({"check_name": "daily_row_count"}, 8),
        ({"check_name": "daily_row*"}, 23),
        ({"check_type": CheckType.MONITORING, "check_target": CheckTarget.TABLE}, 9),
    ],
)
def test_requests_of_a_judge(shop: Shop, filters: dict[str, Any], requests: int) -> None:
    """Where a table may be switched off, all models are read in which an active check may be."""
    off(shop).run(full_table_name="sales.carts")
    verdict = shop.gate("judge", {**ALL, **filters})
    assert NOT_ACTIVE == told(verdict)["skipped"]
    assert requests == verdict.requests


def test_check_that_is_enabled_again_meanwhile(shop: Shop) -> None:
    """An active check that is bad fails a gate, also where the run has not executed it."""
    off(shop)

    def enable(progress: JobProgress) -> None:
        if progress.phase == "judging" and progress.tables is None:
            shop.put(ROWS)

    verdict = shop.gate(filters=ALL, on_progress=enable)
    assert not verdict.passed
    assert ["daily_row_count error"] == outcome_of(verdict)["failures"]
    assert ["not_in_this_run"] == outcome_of(verdict)["problems"]


def test_history_of_jobs_that_is_gone(shop: Shop) -> None:
    """A gate that is not told what the run executed comes to the same end by itself."""
    off(shop)
    shop.server.faults.add(Fault.status(503, operation="get_job_changes_since"))
    verdict = shop.gate(filters=ALL)
    assert verdict.passed, str(verdict)
    assert NOT_ACTIVE == told(verdict)["skipped"]


@pytest.mark.parametrize(("name", "why"), [("gate", NOT_RUN), ("judge", NOT_ACTIVE)])
def test_nothing_but_checks_that_are_switched_off(shop: Shop, name: str, why: str) -> None:
    """Where no table is left, nothing is selected, and the message says why."""
    off(shop)
    verdict = shop.gate(name)
    assert ["nothing_selected"] == outcome_of(verdict)["problems"]
    assert ["daily_row_count disabled"] == outcome_of(verdict)["inactive"]
    with pytest.raises(jobs.NothingSelected, match=rf"sales\.orders \({why}\)") as caught:
        verdict.raise_if_failed()
    assert 1 == str(caught.value).count(why)
    assert shop.gate(name, allow_nothing_selected=True).passed


@pytest.mark.parametrize("name", ["gate", "judge"])
def test_table_without_any_result(shop: Shop, name: str) -> None:
    """A table of which nothing is known is never taken for one that is switched off."""
    shop.put(CHANGE).value(100, "daily_row_count_change").run(full_table_name="sales.carts")
    found = told(shop.gate(name, ALL))
    assert (["not_evaluated"], None) == (found["problems"], found["skipped"])


def test_good_results_of_switched_off_checks(shop: Shop) -> None:
    """They take no more than two requests a table, and are not listed by a gate."""
    good_rows(shop).put(ROWS_OFF)
    verdict = shop.gate(filters=ALL)
    assert verdict.passed
    assert () == verdict.inactive
    assert NOT_RUN == told(verdict)["skipped"]
    # The list, the jobs of the run, and a status of each table.
    assert 4 == verdict.requests
    aged = shop.later(60 * MINUTE).gate(filters=ALL, max_age=10 * MINUTE)
    assert aged.passed, str(aged)
    shop.later(60 * MINUTE).run(full_table_name="sales.carts")
    old = shop.gate("judge", ALL, max_age=10 * MINUTE)
    assert old.passed, str(old)
    assert ["daily_row_count disabled"] == outcome_of(old)["inactive"]


@pytest.mark.parametrize("name", ["gate", "judge"])
def test_words_about_tables_that_were_not_judged(shop: Shop, name: str) -> None:
    """A verdict names them, and why, as text and as JSON."""
    off(shop).run(full_table_name="sales.carts")
    verdict = shop.gate(name, ALL)
    why = NOT_RUN if name == "gate" else NOT_ACTIVE
    assert f"not judged: shop: sales.orders ({why})" in str(verdict)
    skipped = {each["table"]: each["skipped"] for each in verdict.to_dict()["tables"]}
    assert {"carts": None, "orders": why} == skipped


def test_failures_without_checks_that_are_switched_off(shop: Shop, calling: Calling) -> None:
    """They are no failures, and no reason to raise anything."""
    off(shop).run(full_table_name="sales.carts")
    for table in ("sales.*", "sales.orders"):
        filters = CheckSearchFilters(connection="shop", full_table_name=table)
        found = calling(shop.client, "failures", filters, timing=TIMING)
        assert [] == list(found)
    filters = CheckSearchFilters(connection="shop", full_table_name="sales.nothing")
    with pytest.raises(jobs.NothingSelected):
        calling(shop.client, "failures", filters, timing=TIMING)
