"""What a test gets wrong is refused, so that no test passes because nothing happened."""

from __future__ import annotations

import time
import warnings
from typing import Any

import httpx
import pytest
from dqops import DQOps, jobs
from dqops.client.models import ImportTablesQueueJobParameters
from dqops.testing import DqopsServer, Fault, SimulatedDqops


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"operation": "is_helthy"}, "did you mean 'is_healthy'"),
        (
            {"operation": "is_healthy", "method": "POST"},
            "the method of is_healthy is GET, not POST",
        ),
        (
            {"operation": ["is_healthy", "get_job"], "method": ["POST", "PUT"]},
            "the method of get_job and is_healthy is GET, not POST or PUT",
        ),
        ({"method": "FETCH"}, "the method of the operations is DELETE and GET"),
    ],
)
def test_fault_that_can_hit_nothing(rule: dict[str, Any], said: str) -> None:
    """A fault for calls that there are not is refused, whenever it is added."""
    fault = Fault.reset(**rule)
    with SimulatedDqops() as simulated, pytest.raises(ValueError, match=said):
        simulated.faults.add(fault)
    with pytest.raises(ValueError, match=said):
        SimulatedDqops(faults=[fault])


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"table": "public.oders"}, "no table 'public.oders'.*did you mean 'public.orders'"),
        ({"table": "sales.*"}, "There are: public.customers, public.orders"),
        ({"connection": "warehose"}, "no connection 'warehose'.*did you mean 'warehouse'"),
        ({"table": "public.orders", "column": "emial"}, "no column 'emial'"),
        ({"connection": "zzz", "table": "public.orders"}, "There are: warehouse"),
    ],
)
def test_outcome_of_what_is_not_there(where: dict[str, Any], said: str) -> None:
    """An outcome or a value for a table or column that is not there is refused."""
    with SimulatedDqops() as simulated:
        with pytest.raises(ValueError, match=said):
            simulated.next_outcome("error", **where)
        with pytest.raises(ValueError, match=said):
            simulated.set_value(1, check_name="daily_row_count", **where)


@pytest.mark.parametrize("where", [{}, {"table": "PUBLIC.o*"}, {"connection": "ware*"}])
def test_outcome_of_what_is_there(where: dict[str, Any]) -> None:
    """Patterns and capitals count as they do in a run."""
    with SimulatedDqops() as simulated:
        simulated.next_outcome("error", **where)


def test_check_that_there_is_not() -> None:
    """An outcome or a value for a check that no server knows is refused."""
    said = "no check 'daily_row_cuont'.*did you mean 'daily_row_count'"
    with SimulatedDqops() as simulated:
        with pytest.raises(ValueError, match=said):
            simulated.next_outcome("error", table="public.orders", check_name="daily_row_cuont")
        with pytest.raises(ValueError, match=said):
            simulated.set_value(5, check_name="daily_row_cuont")


def test_check_of_the_users_own() -> None:
    """A check that a table configures is known, whatever its name is."""
    checks: dict[str, Any] = {"daily": {"custom": {"our_check": {"error": {}}}}}
    table = {"schema": "s", "name": "t", "spec": {"monitoring_checks": checks}}
    with SimulatedDqops({"connections": [{"name": "c", "tables": [table]}]}) as simulated:
        simulated.set_value(5, check_name="our_check")
        simulated.next_outcome("error", check_name="our_check")


def test_value_for_a_check_that_no_table_has_yet() -> None:
    """It counts as soon as a table has the check; until then a warning tells."""
    with SimulatedDqops() as simulated:
        said = "no table that is meant has the check 'daily_data_staleness' yet"
        with pytest.warns(UserWarning, match=said):
            simulated.set_value(5, check_name="daily_data_staleness")
        with pytest.warns(UserWarning, match="'daily_partition_row_count' yet"):
            simulated.set_value(1, check_name="daily_partition_row_count", table="*.customers")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            simulated.set_value(5, check_name="daily_row_count")


@pytest.mark.parametrize("value", ["x", None, True, float("nan")])
def test_value_that_is_no_number(value: Any) -> None:
    """What a sensor measures is a number."""
    with SimulatedDqops() as simulated:
        with pytest.raises(ValueError, match="value must be a number, got"):
            simulated.set_value(value, check_name="daily_row_count")
        if value is not None:
            with pytest.raises(ValueError, match="actual_value must be a number, got"):
                simulated.next_outcome("error", actual_value=value)


def _imported(provider: str, schema: str, names: list[str]) -> list[str] | str:
    """Import tables: the names of those that there are then, or why the job failed."""
    tables = [
        {"schema": "s", "name": "a", "columns": [{"name": "x"}], "imported": True},
        {"schema": "s", "name": "b", "columns": [{"name": "x"}], "imported": False},
    ]
    seed = {"connections": [{"name": "c", "provider": provider, "tables": tables}]}
    parameters = ImportTablesQueueJobParameters("c", schema, table_names=names)
    with DqopsServer(seed) as server, DQOps(server.url) as dq:
        try:
            jobs.import_tables(dq, parameters)
        except jobs.JobFailed as failure:
            return failure.error_message or ""
        return sorted(table.target.table_name for table in dq.tables.iterate("c", "s"))


@pytest.mark.parametrize(
    ("schema", "names", "said"),
    [
        ("s", ["nope"], "no file for the table 's.nope'"),
        ("s", ["b", "nope"], "no file for the table 's.nope'"),
        ("", ["nope"], "no file for the table 's.nope'"),
        ("z", ["b"], "no folder for the schema 'z'"),
    ],
)
def test_import_of_files_that_there_are_not(schema: str, names: list[str], said: str) -> None:
    """From files, DQOps reads each table that the job names, and fails at the first it lacks."""
    assert said in _imported("duckdb", schema, names)


@pytest.mark.parametrize(
    ("provider", "schema", "names", "there"),
    [
        ("duckdb", "s", ["b"], ["a", "b"]),
        ("duckdb", "s*", ["a", "b"], ["a", "b"]),
        ("duckdb", "z*", ["b"], ["a"]),
        ("postgresql", "s", ["b", "nope"], ["a", "b"]),
        ("postgresql", "z", ["b"], ["a"]),
    ],
)
def test_import_of_tables(provider: str, schema: str, names: list[str], there: list[str]) -> None:
    """Of a database, DQOps asks for the columns of all tables, and imports those that it gets."""
    assert there == _imported(provider, schema, names)


@pytest.mark.parametrize(
    "fault", [Fault.timeout(), Fault.delay(3600), Fault.timeout(when="before")]
)
def test_timeouts_are_skipped(fault: Fault) -> None:
    """With `job_mode="skip"` a timeout of an hour takes no time at the door without a socket."""
    began = time.monotonic()
    with SimulatedDqops(faults=[fault], job_mode="skip") as simulated:
        client = httpx.Client(
            transport=simulated.transport(), base_url="http://dqops.test", timeout=1800
        )
        with client, pytest.raises(httpx.ReadTimeout):
            client.get("/api/ishealthy")
    assert time.monotonic() - began < 60


def test_delays_are_skipped() -> None:
    """So is a delay that the client would wait for."""
    began = time.monotonic()
    with SimulatedDqops(faults=[Fault.delay(1800)], job_mode="skip") as simulated:
        client = httpx.Client(
            transport=simulated.transport(), base_url="http://dqops.test", timeout=3600
        )
        with client:
            assert 200 == client.get("/api/ishealthy").status_code
    assert time.monotonic() - began < 60
