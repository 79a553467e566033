"""`failures`: what is wrong with the data now, row by row."""

from __future__ import annotations

import json
import pickle
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client.errors import InvalidRequest
from dqops.client.models import CheckSearchFilters, RuleSeverityLevel
from dqops.testing import Table

from jobs.shop import DAY, MINUTE, NOON, ROWS, TABLE, TIMING, Shop
from jobs.test_gate_recorded import (
    ROWS_OFF,
    bad_column,
    bad_rows,
    good_rows,
    groups,
    partitions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobs.support import Calling


@contextmanager
def shop_of(calling: Calling, steps: Callable[[Shop], Shop], **settings: Any) -> Iterator[Shop]:
    """A shop after some steps."""
    shop = Shop(calling, **settings)
    try:
        yield steps(shop)
    finally:
        shop.close()


def failures_of(shop: Shop, calling: Calling, **options: Any) -> jobs.Failures:
    """Ask for the failures of all of its tables."""
    filters = CheckSearchFilters(connection="shop", **options.pop("filters", {}))
    found: jobs.Failures = calling(shop.client, "failures", filters, timing=TIMING, **options)
    return found


@dataclass(frozen=True, kw_only=True)
class Case:
    """What was done, and what is listed then.

    Args:
        name: What it shows.
        steps: What was done before.
        options: How it is asked.
        rows: Column, check, data group, severity and actual value of each row.
    """

    name: str
    steps: Callable[[Shop], Shop]
    options: dict[str, Any] = field(default_factory=dict)
    rows: list[tuple[str | None, str, str | None, str | None, float | None]]


ROW_COUNT = (None, "daily_row_count", None, "error", 100.0)
CASES = [
    Case(name="good data", steps=good_rows, rows=[]),
    Case(name="bad data", steps=bad_rows, rows=[ROW_COUNT]),
    Case(
        name="two reruns of unchanged data",
        steps=lambda s: bad_rows(s).run().run(),
        rows=[ROW_COUNT],
    ),
    Case(
        name="check disabled meanwhile",
        steps=lambda s: bad_rows(s).put(ROWS_OFF),
        rows=[],
    ),
    Case(name="milder than asked for", steps=bad_rows, options={"at_least": "fatal"}, rows=[]),
    Case(
        name="data group hidden behind one that changed",
        steps=groups,
        rows=[(None, "daily_row_count", "EU", "error", 100.0)],
    ),
    Case(
        name="column",
        steps=bad_column,
        rows=[("email", "daily_nulls_percent", None, "error", 20.0)],
    ),
    Case(
        name="bad partition of yesterday",
        steps=partitions,
        rows=[(None, "daily_partition_row_count", None, "error", None)],
    ),
    Case(
        name="evaluated since, though stored before",
        steps=lambda s: bad_rows(s).later(10 * MINUTE).run().later(MINUTE),
        options={"since": timedelta(minutes=5)},
        rows=[ROW_COUNT],
    ),
    Case(
        name="not evaluated since",
        steps=lambda s: bad_rows(s).later(DAY // 2),
        options={"since": timedelta(minutes=5)},
        rows=[],
    ),
    Case(
        name="not evaluated since a time",
        steps=lambda s: bad_rows(s).later(DAY // 2),
        options={"since": NOON + timedelta(hours=1)},
        rows=[],
    ),
    Case(
        name="not evaluated since a day",
        steps=lambda s: bad_rows(s).later(DAY),
        options={"since": NOON.date() + timedelta(days=1)},
        rows=[],
    ),
    Case(
        name="evaluated on the day",
        steps=bad_rows,
        options={"since": NOON.date()},
        rows=[ROW_COUNT],
    ),
    Case(
        name="evaluated since a time",
        steps=bad_rows,
        options={"since": NOON - timedelta(hours=1)},
        rows=[ROW_COUNT],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rows(calling: Calling, case: Case) -> None:
    """Each bad result that is true now is a row, and nothing else is."""
    with shop_of(calling, case.steps) as shop:
        found = failures_of(shop, calling, **case.options)
    told = [
        (row.column, row.check, row.data_group, row.severity, row.actual_value) for row in found
    ]
    if case.name == "bad partition of yesterday":
        told = [(*row[:4], None) for row in told]
    assert case.rows == told


def test_a_row(calling: Calling) -> None:
    """A row tells what, where, how bad, since when, and where to look."""
    with shop_of(calling, bad_rows) as shop:
        (row,) = failures_of(shop, calling)
        url = shop.server.url
    assert row.severity is RuleSeverityLevel.ERROR
    assert ("shop", "sales", "orders") == (row.connection, row.schema, row.table)
    assert (500.0, None) == (row.lower_bound, row.upper_bound)
    assert ("monitoring", "daily", "volume") == (row.check_type, row.time_scale, row.category)
    assert row.executed_at is not None
    assert row.executed_at.replace(microsecond=0) == NOON
    assert "shop: sales.orders daily_row_count: error, actual value 100" in str(row)
    assert row.link == (
        f"{url}monitoring/connection/shop/schema/sales/table/orders/monitoring/daily/volume/"
        "daily_row_count"
    )


def test_records(calling: Calling) -> None:
    """Records hold plain values: strings, numbers, times and None; as objects they are JSON."""
    with shop_of(calling, bad_column) as shop:
        found = failures_of(shop, calling)
    (record,) = found.to_records()
    assert str is type(record["severity"])
    assert isinstance(record["executed_at"], datetime)
    assert "/columns/email/monitoring/daily/nulls/daily_nulls_percent" in record["link"]
    assert "error" == json.loads(json.dumps([row.to_dict() for row in found]))[0]["severity"]
    assert found == pickle.loads(pickle.dumps(found))


def test_no_rows_have_columns(calling: Calling) -> None:
    """A frame of no rows has the columns of a row where it is given `columns`."""
    with shop_of(calling, good_rows) as shop:
        found = failures_of(shop, calling)
    with shop_of(calling, bad_rows) as shop:
        (record,) = failures_of(shop, calling).to_records()
    assert (0, list(record)) == (len(found), found.columns)
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    assert 0 == len(pandas.DataFrame(found.to_records(), columns=found.columns)["severity"])
    polars = pytest.importorskip("polars", reason="polars is not installed")
    assert 0 == len(polars.DataFrame(found.to_records(), schema=found.columns)["severity"])


def test_worst_first(calling: Calling) -> None:
    """The worst rows come first, whatever their tables, and the message of a gate names five."""
    names = [f"t{number}" for number in range(7)]
    folder = TABLE.rpartition("/")[0]

    def steps(shop: Shop) -> Shop:
        for number, name in enumerate(names):
            rule = "fatal" if number % 2 else "error"
            rows = {"volume": {"daily_row_count": {rule: {"min_count": 500}}}}
            shop.put(rows, f"{folder}/{name}/monitoring/daily")
            shop.value(number, table=f"sales.{name}")
        return shop.run().later(MINUTE)

    with shop_of(calling, steps, more=[Table("sales", name) for name in names]) as shop:
        verdict = shop.gate("judge", {"full_table_name": "sales.t*"})
        found = failures_of(shop, calling)
    assert list(map(str, found)) == str(found).splitlines()[: len(found)]
    assert ["fatal"] * 3 + ["error"] * 4 == [row.severity for row in found]
    assert list(verdict.failures) == list(found)
    with pytest.raises(jobs.QualityGateFailed, match="and 2 more") as caught:
        verdict.raise_if_failed()
    assert found == caught.value.failures
    assert 5 == str(caught.value).count("sales.")


def test_failed_technically(calling: Calling) -> None:
    """A check that could not be executed is a row without a severity, with the reason."""
    with shop_of(calling, lambda s: s.put(ROWS).next_run("execution_error").run().later(1)) as shop:
        found = failures_of(shop, calling)
    (row,) = found
    assert row.severity is None
    assert row.error_message
    assert "failed technically" in str(row)


@pytest.mark.parametrize(
    ("filters", "error", "told"),
    [
        ({"full_table_name": "sales.oders"}, jobs.NothingSelected, ". Check the names"),
        (
            {"check_name": "daily_row_cuont"},
            jobs.NothingEvaluated,
            "check_name 'daily_row_cuont' is unknown to this version; did you mean 'daily_row_c",
        ),
        (
            {"check_name": "my_own"},
            jobs.NothingEvaluated,
            "sales.orders. Run the checks first, or check the names",
        ),
        ({"check_name": "daily_nulls_*"}, jobs.NothingEvaluated, ". Run the checks first, or"),
        ({"check_name": "Daily_Nulls_Percent"}, jobs.NothingEvaluated, ". Run the checks first"),
    ],
)
def test_mistyped_names(
    calling: Calling, filters: dict[str, Any], error: type[jobs.QualityGateFailed], told: str
) -> None:
    """No rows never mean that a name was mistyped."""
    with shop_of(calling, bad_rows) as shop, pytest.raises(error) as caught:
        failures_of(shop, calling, filters=filters)
    assert told in str(caught.value)


def test_judging_by_a_mistyped_check(calling: Calling) -> None:
    """The problem names what may be meant."""
    with shop_of(calling, bad_rows) as shop:
        filters = CheckSearchFilters(connection="shop", check_name="daily_row_cuont")
        (problem,) = calling(shop.client, "judge", filters, timing=TIMING).problems
    assert "did you mean 'daily_row_count'" in str(problem)


@pytest.mark.parametrize(
    ("lower", "upper", "told"),
    [
        (None, 10.0, "actual value 20, error unless <= 10"),
        (5.0, None, "actual value 20, error unless >= 5"),
        (5.0, 10.0, "actual value 20, expected 1, error unless >= 5 and <= 10"),
        (None, None, "actual value 20, expected 1"),
    ],
)
def test_expected_value_in_words(
    calling: Calling, lower: float | None, upper: float | None, told: str
) -> None:
    """Beside a single bound it is that of a warning, which is not what has failed."""
    with shop_of(calling, bad_rows) as shop:
        (row,) = failures_of(shop, calling)
    changed = replace(
        row, actual_value=20.0, expected_value=1.0, lower_bound=lower, upper_bound=upper
    )
    assert told in str(changed)


def test_tables_without_results(calling: Calling) -> None:
    """Tables without a result are no failures, but a problem."""
    with shop_of(calling, bad_rows) as shop:
        (problem,) = failures_of(shop, calling).problems
    assert ("not_evaluated", ("shop: sales.carts",)) == (problem.kind, problem.tables)


@pytest.mark.parametrize(
    "since",
    [datetime(2026, 1, 1), "2026-01-01", 7, -timedelta(days=1), timedelta.max],
    ids=str,
)
def test_what_is_no_time(calling: Calling, since: object) -> None:
    """A time without a zone, and what is no time, is refused before anything is sent."""
    with shop_of(calling, bad_rows) as shop:
        before = len(shop.server.requests)
        with pytest.raises(InvalidRequest, match=r"^since must .* time zone"):
            failures_of(shop, calling, since=since)
        assert before == len(shop.server.requests)


@pytest.mark.parametrize(
    "since", [date(2131, 1, 1), datetime(2131, 1, 1, tzinfo=UTC)], ids=["day", "time"]
)
def test_since_a_time_to_come(calling: Calling, since: object) -> None:
    """Nothing can have been evaluated since then, so that no row would tell nothing."""
    with shop_of(calling, bad_rows) as shop:
        before = len(shop.server.requests)
        with pytest.raises(InvalidRequest, match=r"^since must not be in the future, got 2131-"):
            failures_of(shop, calling, since=since)
        assert before == len(shop.server.requests)


def test_requests(calling: Calling) -> None:
    """A table whose data is good takes one request; no number of runs adds any."""
    with shop_of(calling, lambda s: good_rows(s).run().run()) as shop:
        before = len(shop.server.requests)
        failures_of(shop, calling, filters={"full_table_name": "sales.orders"})
        # the list of tables, what time it is, the status
        assert 3 == len(shop.server.requests) - before
