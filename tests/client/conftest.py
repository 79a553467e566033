"""Servers whose every byte a test decides, and what carries the calls to them."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from support.certificates import SELF_SIGNED
from support.raw_server import RawServer
from support.spans import spans as spans
from support.transports import ASYNC_TRANSPORTS, MODES, SYNC_TRANSPORTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What is slow is a busy machine.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture
def raw_server() -> Iterator[RawServer]:
    """A server on loopback that speaks plain HTTP."""
    server = RawServer()
    yield server
    server.close()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """The file of the TLS server's certificate and key."""
    path = tmp_path / "self-signed.pem"
    path.write_text(SELF_SIGNED)
    return path


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[RawServer]:
    """A server on loopback that speaks HTTP over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = RawServer(context)
    yield server
    server.close()


@pytest.fixture(params=ASYNC_TRANSPORTS)
def async_transport(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What carries asynchronous calls, one after the other: all that can be chosen."""
    return _carry_with(request.param, monkeypatch)


@pytest.fixture(params=SYNC_TRANSPORTS)
def sync_transport(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What carries synchronous calls, one after the other: all that can be chosen."""
    return _carry_with(request.param, monkeypatch)


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether to call synchronously or asynchronously, each with every transport."""
    kind, _, transport = request.param.partition("-")
    _carry_with(transport, monkeypatch)
    return str(kind)


def _carry_with(transport: str, monkeypatch: pytest.MonkeyPatch) -> str:
    if transport != "httpx":
        pytest.importorskip(transport)
    monkeypatch.setenv("DQOPS_TRANSPORT", transport)
    return transport


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's proxy settings away from the loopback servers."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
