"""Tasks, run by an ephemeral Prefect server against the embedded DQOps."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "120"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["DO_NOT_TRACK"] = "1"

import pytest
from dqops import jobs
from dqops.prefect import DqopsCredentials, assert_table_status, run_checks
from dqops.testing import DqopsServer, Fault
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.testing.utilities import prefect_test_harness
from pydantic import SecretStr

from orchestrators.seeds import SHOP
from orchestrators.support import submitted

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", autouse=True)
def prefect() -> Iterator[None]:
    """A Prefect server with a database of its own."""
    with prefect_test_harness(server_startup_timeout=180):
        yield


@pytest.fixture
def server() -> Iterator[DqopsServer]:
    """A server with one check on each of two tables."""
    with DqopsServer(SHOP, require_login=True, api_key="the-key") as server:
        yield server


@pytest.fixture
def credentials(server: DqopsServer) -> DqopsCredentials:
    """The credentials for it."""
    return DqopsCredentials(url=server.url, api_key=SecretStr("the-key"))


def run(
    credentials: DqopsCredentials, task: Any = run_checks, retries: int = 0, **options: Any
) -> Any:
    """Run a flow of one task."""

    @flow(name="nightly")
    async def nightly() -> Any:
        given = task.with_options(retries=retries) if retries else task
        return await given(credentials, "shop", "public.orders", **options)

    return asyncio.run(nightly())


def test_good_data(server: DqopsServer, credentials: DqopsCredentials) -> None:
    """One job runs, and the verdict comes back."""
    verdict = run(credentials)
    assert verdict["passed"]
    assert verdict["business_key"].startswith("prefect.shop.public.orders.")
    assert {"finished": 1} == submitted(server)


def test_bad_data(server: DqopsServer, credentials: DqopsCredentials) -> None:
    """Bad data is not retried, and becomes an artifact."""
    server.next_outcome("error", table="public.orders")
    with pytest.raises(jobs.QualityGateFailed, match="daily_row_count: error"):
        run(credentials, retries=2)
    assert {"finished": 1} == submitted(server)
    with pytest.raises(jobs.QualityGateFailed, match="daily_row_count: error"):
        run(credentials, assert_table_status, retries=2)
    assert {"finished": 1} == submitted(server)

    async def artifacts() -> Any:
        async with get_client() as client:
            return await client.read_artifacts()

    found = [each for each in asyncio.run(artifacts()) if each.key == "dqops-shop-public-orders"]
    assert any("daily_row_count" in str(each.data) for each in found)


def test_table_status(server: DqopsServer, credentials: DqopsCredentials) -> None:
    """A table is judged without running anything."""
    assert run(credentials, assert_table_status)["passed"]
    assert {} == submitted(server)


def test_retry_takes_up_the_job(server: DqopsServer, credentials: DqopsCredentials) -> None:
    """A task that is retried after technical trouble goes on with its job."""
    server.faults.add(Fault.status(403, operation="find_tables", times=1))
    assert run(credentials, retries=1)["passed"]
    assert {"finished": 1} == submitted(server)


def test_job_that_fails_is_run_anew(server: DqopsServer, credentials: DqopsCredentials) -> None:
    """A job that failed is run anew by the retry."""
    server.next_outcome(table="public.orders", fails="the disk is full")
    assert run(credentials, retries=1)["passed"]
    assert {"failed": 1, "finished": 1} == submitted(server)


def test_cancellation(server: DqopsServer, credentials: DqopsCredentials) -> None:
    """A flow that is cancelled cancels its job."""
    server.settings.job_duration = 60.0

    @flow(name="cancelled")
    async def nightly() -> Any:
        return await run_checks(credentials, "shop", "public.orders")

    async def main() -> None:
        running = asyncio.create_task(nightly())
        while {"running": 1} != submitted(server):
            await asyncio.sleep(0.05)
        running.cancel()
        with pytest.raises(BaseException):  # noqa: B017, PT011
            await running

    asyncio.run(main())
    assert {"cancelled": 1} == submitted(server)


def test_block(server: DqopsServer, credentials: DqopsCredentials) -> None:
    """Prefect keeps the credentials, and shows no key."""
    assert "the-key" not in repr(credentials) + str(credentials.model_dump())

    async def kept() -> Any:
        await credentials.save("production", overwrite=True)
        return await DqopsCredentials.load("production")

    loaded = asyncio.run(kept())
    assert run(loaded)["passed"]


def test_wrong_key(server: DqopsServer) -> None:
    """A wrong key is said to be one."""
    wrong = DqopsCredentials(url=server.url, api_key=SecretStr("wrong"))
    with pytest.raises(Exception, match="401"):
        run(wrong)
    assert {} == submitted(server)
