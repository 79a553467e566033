"""The pytest plugin `dqops`: a simulated server for each test, and clients of it.

pytest loads this module whenever it starts, in any project that has dqops-client installed. So it
imports nothing of the server or the client before a test asks for one.
"""

from __future__ import annotations

import time
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from dqops.client import AuthenticatedClient

    from .recorded_requests import RecordedRequest
    from .server import DqopsServer
    from .simulated import SimulatedDqops

__all__ = [
    "async_dqops_client",
    "dqops_client",
    "dqops_server",
    "dqops_simulated",
    "pytest_configure",
    "pytest_runtest_makereport",
]

_MARKER = (
    "dqops(seed=None, faults=(), **settings): how the simulated DQOps server of a test begins and "
    "behaves: a seed (a dictionary, a Seed, or the path of a YAML file), faults, and the fields of "
    "Settings, such as job_mode. Of several marks on test, class and module the closest one wins, "
    "keyword by keyword."
)
# The clock of the machine, whatever takes its place in `time` later.
_monotonic = time.monotonic
_SERVERS = pytest.StashKey["list[SimulatedDqops]"]()
# As many requests as somebody reads below a failure.
_SHOWN = 50


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and keep the clocks of this package going in tests that stop others.

    A simulated server whose clock stands still ends no job, and no time is ever over for a client.
    """
    config.addinivalue_line("markers", _MARKER)
    if find_spec("freezegun") is not None:
        import_module("freezegun").configure(extend_ignore_list=["dqops."])


@pytest.fixture
def dqops_server(request: pytest.FixtureRequest) -> Iterator[DqopsServer]:
    """A simulated DQOps server on a free port of loopback, for this test only.

    The marker `dqops` configures it.
    """
    from .pytest_marks import server_for
    from .server import DqopsServer

    server = server_for(request, DqopsServer)
    request.node.stash.setdefault(_SERVERS, []).append(server)
    server.start()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def dqops_simulated(request: pytest.FixtureRequest) -> Iterator[SimulatedDqops]:
    """A simulated DQOps server without a socket, for this test only; `transport()` is its door.

    The marker `dqops` configures it.
    """
    from .pytest_marks import server_for
    from .simulated import SimulatedDqops

    with server_for(request, SimulatedDqops) as simulated:
        request.node.stash.setdefault(_SERVERS, []).append(simulated)
        yield simulated


@pytest.fixture
def dqops_client(dqops_server: DqopsServer) -> Iterator[AuthenticatedClient]:
    """A client of `dqops_server`, which raises on a status that is no success."""
    client = _client(dqops_server)
    try:
        yield client
    finally:
        client.close()


@pytest.fixture
def async_dqops_client(
    dqops_server: DqopsServer, monkeypatch: pytest.MonkeyPatch
) -> AuthenticatedClient:
    """A client of `dqops_server` for asynchronous calls; otherwise as `dqops_client`.

    Its calls go through the server's door without a socket. So it opens nothing that only the
    event loop of the test could close, and works with every plugin for asynchronous tests.
    """
    # The pauses and deadlines of calls are the event loop's: its clock goes on where tests stop
    # others, too.
    monkeypatch.setattr("asyncio.BaseEventLoop.time", lambda _: _monotonic())
    return _client(dqops_server, transport=dqops_server.transport())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """List below a failure what the server was asked for."""
    report = yield
    if report.failed:
        for server in item.stash.get(_SERVERS, []):
            report.sections.append(("DQOps requests", _requests_text(server)))
    return report


def _client(server: DqopsServer, **httpx_args: Any) -> AuthenticatedClient:
    from dqops.client import AuthenticatedClient, Retries

    return AuthenticatedClient(
        server.url,
        server.api_key,
        raise_on_unexpected_status=True,
        # As often as by default, but no test has time for the pauses.
        retries=Retries(backoff=0.001),
        # There is no TLS here, and to read the certificates of all authorities takes time.
        verify_ssl=False,
        # The proxy of the machine does not know the way to loopback.
        httpx_args={"trust_env": False, **httpx_args},
    )


def _requests_text(server: SimulatedDqops) -> str:
    """Write a line for each request: nothing of headers and bodies, which may hold secrets."""
    # Waiting for something is the same request again and again.
    alike = [(line, len(list(group))) for line, group in groupby(map(_line, server.requests))]
    lines = [line if times == 1 else f"{line} ({times} times)" for line, times in alike]
    if len(lines) > _SHOWN:
        left_out = sum(times for _, times in alike[:-_SHOWN])
        lines[:-_SHOWN] = [f"({left_out} earlier ones are left out)"]
    return "\n".join(lines) or "none"


def _line(request: RecordedRequest) -> str:
    response = "no response" if request.status is None else str(request.status)
    if request.is_example:
        response = f"{response} (the specification's example)"
    if request.message is not None:
        response = f"{response} ({request.message})"
    faults = "".join(f", {fault!r}" for fault in request.faults)
    return f"{request.method} {request.path} -> {response}{faults}"
