"""Asset checks, in process against the embedded server, and in `dagster dev`."""

from __future__ import annotations

import _thread
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from dagster import (
    AssetCheckKey,
    AssetCheckSeverity,
    AssetKey,
    AssetSelection,
    DagsterInstance,
    Definitions,
    RetryPolicy,
    asset,
    materialize,
)
from dqops.dagster import DqopsResource, configured_checks, dqops_asset_checks
from dqops.testing import DqopsServer, Fault

from orchestrators.seeds import SHOP
from orchestrators.support import submitted

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> Iterator[DqopsServer]:
    """A server with one check on each of two tables."""
    with DqopsServer(SHOP, require_login=True, api_key="the-key") as server:
        yield server


@asset
def orders() -> None:
    """A table that somebody has made."""


@asset(deps=[orders])
def report() -> None:
    """What is made of it."""


def checks(**options: Any) -> Any:
    """Make the asset checks of a table."""
    given: dict[str, Any] = {"checks": ["daily_row_count"], **options}
    return dqops_asset_checks(orders, connection="shop", full_table_name="public.orders", **given)


def run(
    server: DqopsServer, *, selection: Any = None, asset_checks: Any = None, **options: Any
) -> Any:
    """Run assets and checks in process."""
    definitions = asset_checks or checks()
    resource = DqopsResource(url=server.url, api_key="the-key")
    return materialize(
        [orders, report, definitions],
        resources={"dqops": resource},
        raise_on_error=False,
        selection=selection,
        **options,
    )


def results(result: Any) -> dict[str, Any]:
    """Give the evaluations by the names of their checks."""
    return {each.check_name: each for each in result.get_asset_check_evaluations()}


def test_good_data(server: DqopsServer) -> None:
    """One job runs all checks of a table, each with its result."""
    result = run(server)
    assert result.success
    assert {"dqops": True, "daily_row_count": True} == {
        name: each.passed for name, each in results(result).items()
    }
    assert {"finished": 1} == submitted(server)


@pytest.mark.parametrize(
    ("severity", "expected", "whole"),
    [
        ("warning", AssetCheckSeverity.WARN, True),
        ("error", AssetCheckSeverity.ERROR, False),
        ("fatal", AssetCheckSeverity.ERROR, False),
    ],
)
def test_bad_data(
    server: DqopsServer, severity: str, expected: AssetCheckSeverity, whole: bool
) -> None:
    """Severities become those of Dagster; metadata tells value, time and link; twice the same."""
    server.next_outcome(severity, table="public.orders")
    for _ in range(2):
        found = results(run(server))
        assert (False, expected) == (
            found["daily_row_count"].passed,
            found["daily_row_count"].severity,
        )
        assert whole == found["dqops"].passed
        metadata = found["daily_row_count"].metadata
        assert severity == metadata["severity"].value
        assert {"check in DQOps", "evaluated at"} <= set(metadata)
    assert {"finished": 2} == submitted(server)


def test_blocking(server: DqopsServer) -> None:
    """A check that blocks keeps what is downstream from being made."""
    server.next_outcome("error", table="public.orders")
    result = run(server, asset_checks=checks(blocking=["daily_row_count"]))
    made = {event.asset_key for event in result.get_asset_materialization_events()}
    assert {AssetKey("orders")} == made


def test_subset(server: DqopsServer) -> None:
    """A single check can be run."""
    key = AssetCheckKey(AssetKey("orders"), "daily_row_count")
    result = run(server, selection=AssetSelection.checks(key))
    assert ["daily_row_count"] == list(results(result))
    assert {"finished": 1} == submitted(server)


def test_check_without_a_result(server: DqopsServer) -> None:
    """A check that DQOps does not know fails, and says so."""
    found = results(run(server, asset_checks=checks(checks=["email.daily_nulls_count"])))
    assert not found["email_daily_nulls_count"].passed
    assert "has no result of this check" in found["email_daily_nulls_count"].description


def test_configured_checks(server: DqopsServer) -> None:
    """A server can be asked which checks there are."""
    resource = DqopsResource(url=server.url, api_key="the-key")
    found = configured_checks(resource, connection="shop", full_table_name="public.orders")
    assert ["daily_row_count"] == found


def test_retry_takes_up_the_job(server: DqopsServer) -> None:
    """A step that is retried after technical trouble goes on with its job."""
    server.faults.add(Fault.status(403, operation="find_tables", times=1))
    result = run(server, asset_checks=checks(retry_policy=RetryPolicy(max_retries=2)))
    assert result.success
    assert {"finished": 1} == submitted(server)


def test_job_that_fails_is_run_anew(server: DqopsServer) -> None:
    """A job that failed is run anew by the retry."""
    server.next_outcome(table="public.orders", fails="the disk is full")
    result = run(server, asset_checks=checks(retry_policy=RetryPolicy(max_retries=1)))
    assert result.success
    assert {"failed": 1, "finished": 1} == submitted(server)


def test_key_is_not_shown(server: DqopsServer) -> None:
    """The key of the resource stands in no event of a run."""
    with DagsterInstance.ephemeral() as instance:
        result = run(server, instance=instance)
        records = instance.all_logs(result.run_id)
    assert records
    assert "the-key" not in str(records)


def test_interrupted_run(server: DqopsServer) -> None:
    """A run that Dagster ends cancels its job."""
    server.settings.job_duration = 60.0

    def interrupt() -> None:
        while {"running": 1} != submitted(server):
            time.sleep(0.02)
        _thread.interrupt_main()

    thread = threading.Thread(target=interrupt)
    thread.start()
    assert not run(server).success
    thread.join()
    assert {"cancelled": 1} == submitted(server)


def test_definitions(server: DqopsServer) -> None:
    """Definitions with the resource can be loaded."""
    definitions = Definitions(
        assets=[orders], asset_checks=[checks()], resources={"dqops": DqopsResource(url=server.url)}
    )
    Definitions.validate_loadable(definitions)
