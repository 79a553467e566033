"""The parts of a quality gate: filters, lists of tables, verdicts, procedures together."""

from __future__ import annotations

import json
import pickle
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client.errors import ClientError, InvalidRequest, ServerError
from dqops.client.models import (
    CheckCurrentDataQualityStatusModel,
    CheckSearchFilters,
    CheckTarget,
    CheckTimeScale,
    CheckType,
    HierarchyIdModel,
    PhysicalTableName,
    RuleSeverityLevel,
    RunChecksParameters,
    RunChecksTarget,
    TableListModel,
)
from dqops.jobs.judging.criteria import Clock, Criteria, floored
from dqops.jobs.judging.facts import Facts
from dqops.jobs.judging.selection import Selection, matches, selection_of
from dqops.jobs.judging.tables import Reader, find_tables, table_key
from dqops.jobs.threads import run_in_threads

from jobs.support import FAST, World, status_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from dqops.jobs.steps import Call

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("", None, True),
        ("", "daily_row_count", True),
        ("daily_row_count", "daily_row_count", True),
        ("DAILY_row_count", "daily_row_count", True),
        ("daily_*", "daily_row_count", True),
        ("*_count", "daily_row_count", True),
        ("daily_*_count", "daily_row_count", True),
        ("*row*", "daily_row_count", True),
        ("*", "anything", True),
        ("daily", "daily_row_count", False),
        ("*_percent", "daily_row_count", False),
        ("*", None, False),
        ("a.c", "abc", False),
    ],
)
def test_patterns(pattern: str, text: str | None, expected: bool) -> None:
    """Names are compared as the server does: without regard to case, `*` for any characters."""
    assert expected is matches(pattern, text)


@pytest.mark.parametrize(
    ("name", "schema", "table"),
    [
        ("public.orders", "public", "orders"),
        ("files.house_price.csv", "files", "house_price.csv"),
        ("orders", "", "orders"),
        ("public.*", "public", "*"),
    ],
)
def test_table_names(name: str, schema: str, table: str) -> None:
    """A table's name is taken apart at its first dot, as the server does."""
    selection = selection_of(CheckSearchFilters(full_table_name=name))
    assert (schema, table) == (selection.schema, selection.table)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"profiling", "monitoring", "partitioned"}),
        ({"check_type": CheckType.MONITORING}, {"monitoring"}),
        # Profiling checks have no time scale, so that a time scale excludes them.
        ({"time_scale": CheckTimeScale.DAILY}, {"monitoring", "partitioned"}),
        ({"check_type": CheckType.PROFILING, "time_scale": CheckTimeScale.DAILY}, set()),
    ],
)
def test_check_types(filters: dict[str, Any], expected: set[str]) -> None:
    """Only the types of checks count that a run with the filters runs."""
    assert expected == selection_of(CheckSearchFilters(**filters)).check_types


@pytest.mark.parametrize(
    ("filters", "column", "expected"),
    [
        ({}, None, True),
        ({}, "price", True),
        ({"check_target": CheckTarget.TABLE}, None, True),
        ({"check_target": CheckTarget.TABLE}, "price", False),
        ({"check_target": CheckTarget.COLUMN}, None, False),
        ({"column": "pri*"}, "PRICE", True),
        ({"column": "pri*"}, None, False),
        ({"column": "pri*"}, "id", False),
        ({"check_name": "daily_*"}, None, True),
        ({"check_name": "monthly_*"}, None, False),
        ({"check_category": "Volume"}, None, True),
        ({"check_category": "schema"}, None, False),
        ({"quality_dimension": "complete*"}, None, True),
        ({"quality_dimension": "Accuracy"}, None, False),
        ({"table_comparison_name": "with_copy"}, None, False),
        ({"check_type": CheckType.PROFILING}, None, False),
        ({"time_scale": CheckTimeScale.MONTHLY}, None, False),
    ],
)
def test_checks(filters: dict[str, Any], column: str | None, expected: bool) -> None:
    """What the status tells of a check decides whether the filters select it."""
    status = CheckCurrentDataQualityStatusModel(
        check_type=CheckType.MONITORING,
        time_scale=CheckTimeScale.DAILY,
        category="volume",
        quality_dimension="Completeness",
    )
    selection = selection_of(CheckSearchFilters(**filters))
    assert expected is selection.selects(column, "daily_row_count", None, status)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (CheckSearchFilters(enabled=False), "enabled=False"),
        (CheckSearchFilters(max_results=3), "max_results"),
        (
            CheckSearchFilters(check_hierarchy_ids_models=[HierarchyIdModel(path=["x"])]),
            "check_hierarchy_ids_models",
        ),
        (RunChecksParameters(dummy_execution=True), "dummy_execution"),
        (
            RunChecksParameters(execution_target=RunChecksTarget.ONLY_SENSORS),
            "execution_target='only_sensors'",
        ),
        ("warehouse", "got str"),
        (
            CheckSearchFilters(full_table_name=["public.orders"]),  # type: ignore[arg-type]
            r"full_table_name of the filters must be a string, .* got \['public.orders'\]",
        ),
        *(
            (CheckSearchFilters(**{name: ["x"]}), f"{name} of the filters must be a string")  # type: ignore[arg-type]
            for name in (
                "connection",
                "column",
                "column_data_type",
                "check_category",
                "quality_dimension",
                "table_comparison_name",
                "check_name",
                "sensor_name",
            )
        ),
        (
            CheckSearchFilters(labels="gold"),  # type: ignore[arg-type]
            r"labels: expected a list, got 'gold': write \['gold'\]; nothing was sent",
        ),
        (
            CheckSearchFilters(check_type="monitorin"),  # type: ignore[arg-type]
            "check_type of the filters must be one of .*; did you mean 'monitoring'",
        ),
        (
            CheckSearchFilters(time_scale="dayly"),  # type: ignore[arg-type]
            "time_scale of the filters must be one of .*; did you mean 'daily'",
        ),
        (
            CheckSearchFilters(check_target="tables"),  # type: ignore[arg-type]
            "check_target of the filters must be one of .*; did you mean 'table'",
        ),
    ],
)
def test_what_no_gate_can_judge_by(parameters: Any, message: str) -> None:
    """Parameters by which a gate would judge wrongly are refused before anything is sent."""
    with pytest.raises(InvalidRequest, match=message):
        selection_of(parameters)


@pytest.mark.parametrize("value", ["false", "true", 0, 1])
@pytest.mark.parametrize("name", ["enabled", "column_nullable"])
def test_filters_that_are_neither_true_nor_false(name: str, value: Any) -> None:
    """They are refused, where they would select what was not meant, or everything."""
    with pytest.raises(InvalidRequest, match=f"{name} of the filters must be True or False, got"):
        selection_of(CheckSearchFilters(**{name: value}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"at_least": "bad"},
        {"months": 1},
        {"max_age": -1},
        {"max_age": timedelta(seconds=-1)},
        {"max_age": "a day"},
        {"max_age": float("nan")},
        {"max_age": True},
        {"max_age": timedelta.max},
        {"clock_tolerance": timedelta.max},
        {"clock_tolerance": -1},
        {"max_concurrent": 0},
        {"months": 1201},
        {"months": 2.5},
        {"months": float("inf")},
        *({"allow_nothing_selected": value} for value in ("false", "", 0, 1, None)),
        *(
            {f"allow_{name}": "false"}
            for name in (
                "not_evaluated",
                "not_in_this_run",
                "execution_errors",
                "old_results",
                "clock_difference",
            )
        ),
    ],
)
def test_impossible_criteria(wrong: dict[str, Any]) -> None:
    """What a gate cannot judge by is refused by its name."""
    with pytest.raises(InvalidRequest, match=next(iter(wrong))):
        Criteria(**wrong)


@pytest.mark.parametrize(("of_server", "slack"), [(True, 0), (False, 300)])
def test_oldest(of_server: bool, slack: int) -> None:
    """An age is exact by the server's clock, and tolerant by that of another machine."""
    clock = Clock(NOON, is_of_server=of_server)
    expected = NOON - timedelta(seconds=3600 + slack)
    assert expected == Criteria(max_age=3600).oldest(clock)
    assert expected == Criteria(max_age=timedelta(hours=1)).oldest(clock)
    assert None is Criteria().oldest(clock)


@pytest.mark.parametrize(
    ("now", "months", "expected"),
    [
        # In UTC+14 it may be the first of the next month already, in UTC-12 the last of the
        # month before: the earlier beginning counts.
        (datetime(2026, 3, 1, 0, 1, tzinfo=UTC), 2, datetime(2026, 1, 1)),
        (datetime(2026, 3, 2, 0, 1, tzinfo=UTC), 2, datetime(2026, 2, 1)),
        (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), 2, datetime(2025, 12, 1)),
        (datetime(2026, 1, 15, 12, tzinfo=UTC), 13, datetime(2025, 1, 1)),
    ],
)
def test_beginning_of_months(now: datetime, months: int, expected: datetime) -> None:
    """Months begin early enough for every zone that the server may be in."""
    start = Facts(clock=Clock(now, is_of_server=True)).start_of(months)
    assert timedelta(0) <= expected.replace(tzinfo=UTC) - start <= timedelta(hours=14)


def test_floored() -> None:
    """A job's time has nine digits, results three: the job's is cut, so that both compare."""
    assert NOON.replace(microsecond=123000) == floored(NOON.replace(microsecond=123999))


class Tables:
    """A server that lists tables in pages, and may change the list between two of them."""

    def __init__(self, count: int, *changes: tuple[int, Callable[[list[str]], object]]) -> None:
        self.names = [f"t{number:04}" for number in range(count)]
        self._changes = dict(changes)
        self.windows: list[tuple[int, int]] = []

    def __call__(self, call: Call) -> object:
        """Respond to a call of `find_tables`."""
        page, limit = call.arguments["page"], call.arguments["limit"]
        change = self._changes.get(len(self.windows))
        if change is not None:
            change(self.names)
        self.windows.append((page, limit))
        return [
            TableListModel(
                connection_name="c", target=PhysicalTableName(schema_name="s", table_name=name)
            )
            for name in self.names[(page - 1) * limit : page * limit]
        ]


def found_tables(server: Tables) -> list[str]:
    """List the tables that are found, in order."""
    world = World(server)
    reader = Reader(world.run(FAST))
    tables = world.drive(find_tables(reader, Selection()))
    assert len(server.windows) == reader.requests
    return [table_key(table)[2] for table in tables]


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 399, 1_000, 2_345])
def test_list_of_tables(count: int) -> None:
    """All tables are found, in few requests."""
    server = Tables(count)
    assert server.names == found_tables(server)
    assert len(server.windows) <= count / 200 + 2


@pytest.mark.parametrize(
    "change",
    [
        lambda names: names.remove("t0000"),
        lambda names: names.remove("t0199"),
        lambda names: names.insert(0, "new"),
        lambda names: names.insert(199, "new"),
        lambda names: names.append("t9999"),
    ],
)
def test_list_that_changes(change: Callable[[list[str]], object]) -> None:
    """No table slips through because another one comes or goes between two pages."""
    server = Tables(500, (1, change))
    found = found_tables(server)
    assert [] == sorted(set(server.names) - set(found))


def test_list_that_always_changes() -> None:
    """A list that never stays the same does not keep a gate busy for ever."""
    server = Tables(
        500, *((turn, lambda names: names.insert(0, f"new{len(names)}")) for turn in range(99))
    )
    assert set(server.names[-500:]) <= set(found_tables(server))
    assert len(server.windows) < 20


def test_reading_again() -> None:
    """What fails on the way is read again, what the server itself fails only a few times."""
    responses: list[object] = [status_error(502), status_error(503), []]
    world = World(lambda _: responses.pop(0))
    assert [] == world.drive(Reader(world.run(FAST)).read("search/find_tables"))

    world = World(lambda _: status_error(500))
    with pytest.raises(ServerError):
        world.drive(Reader(world.run(FAST)).read("search/find_tables"))
    assert 3 == len(world.calls)


@pytest.mark.parametrize(("body", "missing"), [(b"", True), (b"[]", True), (b"<html>", False)])
def test_missing(body: bytes, missing: bool) -> None:
    """Only the server itself can say that there is no such thing; a proxy cannot."""
    world = World(lambda _: status_error(404, body), seconds_per_call=30)
    reader = Reader(world.run(FAST))
    if missing:
        assert None is world.drive(reader.read("search/find_tables"))
    else:
        with pytest.raises(ClientError):
            world.drive(reader.read("search/find_tables"))


def check(**details: Any) -> jobs.CheckVerdict:
    """Make what is true of a check."""
    known: dict[str, Any] = {
        "connection": "warehouse",
        "schema": "public",
        "table": "orders",
        "column": None,
        "check": "daily_row_count",
        "severity": "error",
    }
    return jobs.CheckVerdict(**{**known, **details})


def verdict(*checks: jobs.CheckVerdict, **details: Any) -> jobs.Verdict:
    """Make a verdict about one table."""
    active = tuple(each for each in checks if each.state == "active")
    table = jobs.TableVerdict(
        connection="warehouse",
        schema="public",
        table="orders",
        checks=active,
        inactive=tuple(each for each in checks if each.state != "active"),
    )
    return jobs.Verdict(**{"at_least": "error", "tables": (table,), **details})


BAD = check(
    evaluated_at=NOON,
    in_this_run=True,
    results=(
        jobs.FailedResult(
            severity=RuleSeverityLevel.ERROR,
            actual_value=3,
            expected_value=5,
            thresholds=(
                jobs.Threshold(RuleSeverityLevel.WARNING, 100, None),
                jobs.Threshold(RuleSeverityLevel.ERROR, 5, 1000),
            ),
            data_group="EU",
            time_period=NOON.replace(tzinfo=None),
            executed_at=NOON,
        ),
    ),
)


@pytest.mark.parametrize(
    ("found", "passes"),
    [
        (verdict(check(severity="valid")), True),
        (verdict(check(severity="warning")), True),
        (verdict(check(severity="warning"), at_least="warning"), False),
        (verdict(BAD), False),
        (verdict(BAD, at_least="fatal"), True),
        (verdict(check(severity="catastrophic"), at_least="fatal"), False),
        (verdict(check(state="disabled")), True),
        (verdict(problems=(jobs.Problem(kind="not_evaluated", message="x"),)), False),
        (verdict(problems=(jobs.Problem(kind="not_evaluated", message="x", allowed=True),)), True),
    ],
)
def test_passed(found: jobs.Verdict, passes: bool) -> None:
    """Data is good without failures and without problems that are not allowed."""
    assert passes is found.passed
    if passes:
        found.raise_if_failed()
    else:
        with pytest.raises(jobs.QualityGateFailed) as caught:
            found.raise_if_failed()
        assert found is caught.value.verdict
        assert str(found) == str(caught.value)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("nothing_selected", jobs.NothingSelected),
        ("not_evaluated", jobs.NothingEvaluated),
        ("not_in_this_run", jobs.NotInThisRun),
        ("execution_errors", jobs.ChecksNotExecuted),
        ("old_results", jobs.ResultsTooOld),
        ("clocks_differ", jobs.ClocksDiffer),
        ("unseen_results", jobs.QualityGateFailed),
    ],
)
def test_exceptions(kind: Any, expected: type[Exception]) -> None:
    """Each problem has an exception of its own; bad data comes before all of them."""
    problem = jobs.Problem(kind=kind, message="what is the matter")
    with pytest.raises(jobs.QualityGateFailed, match="what is the matter") as caught:
        verdict(problems=(problem,)).raise_if_failed()
    assert expected is caught.type
    with pytest.raises(jobs.QualityGateFailed) as caught:
        verdict(BAD, problems=(problem,)).raise_if_failed()
    assert jobs.QualityGateFailed is caught.type


def test_verdict_in_words() -> None:
    """A verdict says which checks failed and why, the worst first, and what does not count."""
    found = verdict(
        BAD,
        check(column="id", check="daily_nulls_percent", severity="fatal"),
        check(check="daily_column_count", state="removed"),
    )
    assert str(found) == (
        "the data is not good: 2 checks of 1 table judged, error or worse fails; 2 checks failed; "
        "warehouse: public.orders id daily_nulls_percent: fatal; "
        "warehouse: public.orders daily_row_count: error, actual value 3, expected 5, warning "
        "unless >= 100, error unless >= 5 and <= 1000, data group EU, evaluated in this run, at "
        "2026-01-15T12:00:00+00:00; "
        "not counted: warehouse: public.orders daily_column_count (removed since)"
    )
    many = verdict(*(check(check=f"daily_{number}") for number in range(9)))
    assert "9 checks failed" in str(many)
    assert "and 4 more" in str(many)


def test_verdict_as_data() -> None:
    """A verdict can be pickled, compared, and written as JSON; it is no truth value."""
    found = verdict(
        BAD, check(state="disabled"), problems=(jobs.Problem(kind="old_results", message="x"),)
    )
    assert found == pickle.loads(pickle.dumps(found))
    told = json.loads(json.dumps(found.to_dict()))
    assert told["passed"] is False
    assert ["daily_row_count"] == [each["check"] for each in told["failures"]]
    assert 3 == told["failures"][0]["actual_value"]
    assert 3 == told["failed_checks"][0]["results"][0]["actual_value"]
    assert ["disabled"] == [each["state"] for each in told["inactive"]]
    assert ["old_results"] == [each["kind"] for each in told["problems"]]
    with pytest.raises(TypeError, match=r"verdict\.passed"):
        bool(found)
    with pytest.raises(AttributeError):
        found.at_least = RuleSeverityLevel.FATAL  # type: ignore[misc]


def test_threads() -> None:
    """So many functions run at the same time, and their results come in order."""
    running: list[int] = []
    most: list[int] = []
    ended: list[int] = []
    gate = threading.Barrier(3)

    def task(number: int) -> Callable[[threading.Event], int]:
        def work(_: threading.Event) -> int:
            running.append(number)
            gate.wait(10)  # only if three are there at the same time
            most.append(len(running))
            running.remove(number)
            return number

        return work

    results = run_in_threads([task(number) for number in range(9)], 3, ended.append)
    assert list(range(9)) == results
    assert list(range(1, 10)) == ended
    assert max(most) <= 3
    assert [] == run_in_threads([], 3, ended.append)


def test_threads_after_an_error() -> None:
    """The first error goes to the caller, and nothing more begins."""
    begun: list[int] = []

    def task(number: int) -> Callable[[threading.Event], None]:
        def work(is_over: threading.Event) -> None:
            begun.append(number)
            if not number:
                raise ClientError("no")
            is_over.wait(10)

        return work

    with pytest.raises(ClientError, match="no"):
        run_in_threads([task(number) for number in range(50)], 2, lambda _: None)
    time.sleep(0.05)
    assert len(begun) <= 3
