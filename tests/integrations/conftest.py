"""A fake Healthchecks.io server, and clients of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import AuthenticatedClient, Client, Retries
from dqops.integrations import healthchecks_io as hc
from dqops.testing import ManualClock
from dqops.testing.healthchecks import HealthchecksServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def clock() -> ManualClock:
    """The time of `server`."""
    return ManualClock()


@pytest.fixture
def server(clock: ManualClock) -> Iterator[HealthchecksServer]:
    """A running server with one empty project."""
    with HealthchecksServer(clock=clock, metrics_key="the metrics key") as running:
        yield running


@pytest.fixture
def http(server: HealthchecksServer) -> Iterator[httpx.Client]:
    """A plain HTTP client of `server`."""
    with httpx.Client(base_url=server.url, timeout=10, verify=False) as client:
        yield client


@pytest.fixture
def api(server: HealthchecksServer) -> Iterator[AuthenticatedClient]:
    """A client of the Management API, with the key that can write."""
    with AuthenticatedClient(
        f"{server.api_url}v3",
        token=server.project.api_key,
        prefix="",
        auth_header_name="X-Api-Key",
        verify_ssl=False,  # reading the certificate authorities takes longer than a test
        raise_on_unexpected_status=True,
    ) as client:
        yield client


@pytest.fixture
def pinger(server: HealthchecksServer) -> Iterator[Client]:
    """A client of the Pinging API, without a token."""
    with Client(server.ping_url, verify_ssl=False, raise_on_unexpected_status=True) as client:
        yield client


@pytest.fixture
def site(server: HealthchecksServer) -> Iterator[Client]:
    """A client of what is public: badges."""
    with Client(server.url, verify_ssl=False, raise_on_unexpected_status=True) as client:
        yield client


@pytest.fixture(params=["sync", "async"])
def calling(request: pytest.FixtureRequest, server: HealthchecksServer) -> Callable[..., Any]:
    """Call a method of a client of either world by its name."""
    settings: dict[str, Any] = {
        "api_key": server.project.api_key,
        "ping_key": server.project.ping_key,
        "api_url": server.api_url,
        "ping_url": server.ping_url,
        "api_version": 3,
        "retries": Retries(backoff=0.01),
    }

    def call(name: str, *arguments: Any, **options: Any) -> Any:
        if request.param == "sync":
            with hc.Client(**settings) as client:
                return getattr(client, name)(*arguments, **options)

        async def main() -> Any:
            async with hc.AsyncClient(**settings) as client:
                return await getattr(client, name)(*arguments, **options)

        return asyncio.run(main())

    return call
