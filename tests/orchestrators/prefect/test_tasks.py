"""Tasks, run by an ephemeral Prefect server against the embedded DQOps."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
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
from prefect.settings import get_current_settings
from prefect.testing.utilities import prefect_test_harness
from pydantic import SecretStr

from orchestrators.pages import run_page
from orchestrators.processes import wait_until
from orchestrators.seeds import SHOP, seed
from orchestrators.support import submitted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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


def test_flow_that_is_retried(server: DqopsServer, credentials: DqopsCredentials) -> None:
    """A flow run that is retried keeps its business keys; its jobs, which have ended, run anew."""
    keys: list[str] = []

    @flow(name="retried", retries=1)
    async def nightly() -> None:
        for table in ("public.orders", "public.items"):
            verdict = await run_checks(credentials, "shop", table)
            keys.append(verdict["business_key"])
        if len(keys) == 2:
            raise RuntimeError("lost")

    asyncio.run(nightly())
    assert keys[:2] == keys[2:]
    assert keys[0] != keys[1]
    assert {"finished": 4} == submitted(server)


def test_same_call_twice(server: DqopsServer, credentials: DqopsCredentials) -> None:
    """Equal calls, one after the other or at once, run a job each, also if they are retried."""
    server.faults.add(Fault.status(403, operation="find_tables", times=2))

    @flow(name="twice")
    async def nightly() -> set[str]:
        given = run_checks.with_options(retries=2)
        first = await given(credentials, "shop", "public.orders")
        others = (given(credentials, "shop", "public.orders") for _ in range(2))
        return {each["business_key"] for each in (first, *await asyncio.gather(*others))}

    assert 3 == len(asyncio.run(nightly()))
    assert {"finished": 3} == submitted(server)


def test_other_filters(server: DqopsServer, credentials: DqopsCredentials) -> None:
    """Calls with other filters have other business keys."""
    filters: list[dict[str, str]] = [
        {"check_type": "monitoring"},
        {"time_scale": "daily"},
        {"check_name": "daily_row_count"},
    ]

    @flow(name="filters")
    async def nightly() -> set[str]:
        verdicts = [await run_checks(credentials, "shop", "public.orders", **e) for e in filters]
        return {each["business_key"] for each in verdicts}

    assert len(filters) == len(asyncio.run(nightly()))


LOST = """
import asyncio, sys
from dqops.prefect import DqopsCredentials, run_checks
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.flow_engine import run_flow

@flow(name="lost")
async def nightly() -> None:
    await run_checks(DqopsCredentials(url=sys.argv[1]), "shop", "public.orders")

async def main() -> None:
    async with get_client() as client:
        if sys.argv[2:]:
            run = await client.read_flow_run(sys.argv[2])
        else:
            run = await client.create_flow_run(nightly)
    print(run.id, flush=True)
    await run_flow(nightly, flow_run=run)

asyncio.run(main())
"""


def test_lost_process(tmp_path: Path) -> None:
    """A flow run whose process was killed takes up its job when it is run again."""
    program = tmp_path / "lost.py"
    program.write_text(LOST)
    environment = {**os.environ, **get_current_settings().to_environment_variables()}

    def start(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(program), *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    with DqopsServer(SHOP, job_duration=20.0) as server:
        process = start(server.url)
        try:
            wait_until(lambda: {"running": 1} == submitted(server), "the job")
        finally:
            process.kill()
        identity = process.communicate()[0].strip()
        process = start(server.url, identity)
        process.communicate(timeout=150)
        assert 0 == process.returncode
        assert {"finished": 1} == submitted(server)


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


def test_page() -> None:
    """The code of docs/prefect.md runs, and its flow judges two tables."""
    with DqopsServer(seed("warehouse", ["orders", "customers"])) as server:

        async def main() -> None:
            await DqopsCredentials(url=server.url).save("production", overwrite=True)
            await run_page("prefect.md", {})["nightly"]()

        asyncio.run(main())
        assert {"finished": 1} == submitted(server)


def test_wrong_key(server: DqopsServer) -> None:
    """A wrong key is said to be one."""
    wrong = DqopsCredentials(url=server.url, api_key=SecretStr("wrong"))
    with pytest.raises(Exception, match="401"):
        run(wrong)
    assert {} == submitted(server)
