"""Servers for the tests of the simulated server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from dqops.testing import DqopsServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def server() -> Iterator[DqopsServer]:
    """A running server with the default seed."""
    with DqopsServer(job_duration=0.02, poll_seconds=0.05, wait_by_default=False) as running:
        yield running


@pytest.fixture
def http(server: DqopsServer) -> Iterator[httpx.Client]:
    """A client of `server`."""
    with httpx.Client(base_url=server.url, timeout=10, verify=False) as client:
        yield client


@pytest.fixture
def connect() -> Iterator[Callable[[DqopsServer], httpx.Client]]:
    """Start a server and make a client of it; both end with the test."""
    started: list[tuple[DqopsServer, httpx.Client]] = []

    def start(server: DqopsServer) -> httpx.Client:
        server.start()
        client = httpx.Client(base_url=server.url, timeout=10, verify=False)
        started.append((server, client))
        return client

    yield start
    for server, client in started:
        client.close()
        server.stop()
