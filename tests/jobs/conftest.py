"""Servers and clients, and both ways to call."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client import Client
from dqops.jobs import aio
from dqops.testing import DqopsServer
from support.spans import spans as spans

from jobs.support import FAST, KEY_DELAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobs.support import Calling, Handling


@pytest.fixture
def server() -> Iterator[DqopsServer]:
    """A server that lists a job by its business key a moment after it took it on.

    It has a key for DQOps Cloud, so that synchronizations do not fail.
    """
    with DqopsServer(business_key_delay=KEY_DELAY, job_duration=0.05, cloud_paired=True) as server:
        yield server


@pytest.fixture
def client(server: DqopsServer) -> Iterator[Client]:
    """A client of it."""
    with Client(server.url) as client:
        yield client


def _sync(client: Client, name: str, *arguments: Any, **options: Any) -> Any:
    options.setdefault("timing", FAST)
    return getattr(jobs, name)(client, *arguments, **options)


def _async(client: Client, name: str, *arguments: Any, **options: Any) -> Any:
    options.setdefault("timing", FAST)

    async def main() -> Any:
        async with client:
            return await getattr(aio, name)(client, *arguments, **options)

    return asyncio.run(main())


@pytest.fixture(params=[_sync, _async], ids=["sync", "async"])
def calling(request: pytest.FixtureRequest) -> Calling:
    """Call a function of `dqops.jobs` by its name: synchronously, then asynchronously."""
    way: Calling = request.param
    return way


def _sync_handle(client: Client, key: str, method: str) -> Any:
    return getattr(jobs.attach(client, key, jobs.RUN_CHECKS, timing=FAST), method)()


def _async_handle(client: Client, key: str, method: str) -> Any:
    async def main() -> Any:
        async with client:
            return await getattr(aio.attach(client, key, jobs.RUN_CHECKS, timing=FAST), method)()

    return asyncio.run(main())


@pytest.fixture(params=[_sync_handle, _async_handle], ids=["sync", "async"])
def handling(request: pytest.FixtureRequest) -> Handling:
    """Call a method of the handle of a run of checks: synchronously, then asynchronously."""
    way: Handling = request.param
    return way
