"""Hosts that there cannot be, and times that no clock counts: refused in the SDK's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import Client, Retries
from dqops.client.api.healthcheck import is_healthy
from dqops.client.errors import InvalidRequest, TransportFailure
from support.calls import get, send

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.raw_server import RawServer

#: What a redirection may name as its host.
HOSTS = {
    "empty label": "http://a..b/",
    "empty label, no scheme": "//a..b/x",
    "label at the beginning": "http://.a/",
    "long label": f"http://{'a' * 64}.example/",
    "long name": f"http://{'a' * 300}/",
    "longer than a name can be": f"http://{'a.' * 200}example/",
    "bad international name": "http://xn--/",
    "beyond ASCII": "http://\u00fc..b/",
    "white space": "http://a b/",
    "numbers": "http://1.2.3.999/",
    "open bracket": "http://[::1/",
    "large port": "http://h:99999/",
    "no number": "http://h:x/",
    "nothing": "http:///x",
    "signs": "http://a_b-.-c/",
}


@pytest.mark.parametrize("location", HOSTS.values(), ids=list(HOSTS))
def test_redirections_to_impossible_hosts(location: str, raw_server: RawServer, mode: str) -> None:
    """They raise what every failure of the connection raises."""
    head = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {location}\r\n"
    raw_server.respond = lambda _, __: f"{head}Content-Length: 0\r\n\r\n".encode("latin-1")
    client = Client(raw_server.url, follow_redirects=True, retries=None, timeout=5)
    with pytest.raises(TransportFailure) as caught:
        send(client, mode, get())
    assert "idna" not in str(caught.value)
    assert len(raw_server.requests) == 1


SECONDS: list[Any] = [10**400, 10**5000, 1e300, float("inf"), float("nan"), -1, -(10**400), "5", []]
SETTINGS: dict[str, Callable[[Any], Any]] = {
    "timeout": lambda value: Client("http://h", timeout=value),
    "with_timeout": Client("http://h").with_timeout,
    "with_options": lambda value: Client("http://h").with_options(timeout=value),
    "httpx.Timeout": lambda value: Client("http://h", timeout=httpx.Timeout(5, read=value)),
    "deadline": lambda value: Client("http://h", deadline=value),
    "deadline of a view": lambda value: Client("http://h").with_options(deadline=value),
    "backoff": lambda value: Retries(backoff=value),
    "max_wait": lambda value: Retries(max_wait=value),
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_seconds_that_no_clock_counts(setting: str) -> None:
    """They are refused when they are set, and not when the clock is asked."""
    for value in SECONDS:
        with pytest.raises(InvalidRequest, match="must be a number of seconds"):
            SETTINGS[setting](value)


def test_the_longest_times(raw_server: RawServer, mode: str) -> None:
    """Thirty years are as good as no limit."""
    client = Client(raw_server.url, timeout=1e9, deadline=1e9, retries=Retries(max_wait=1e9))
    assert send(client, mode, get()) == 200


def test_every_operation_knows_them(raw_server: RawServer) -> None:
    """A limit of a call that is as long as may be does not fail in the operating system."""
    with Client(raw_server.url, timeout=1e9) as client:
        assert is_healthy.sync(client=client) == "OK"
