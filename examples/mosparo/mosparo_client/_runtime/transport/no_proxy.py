# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Which hosts no proxy is asked for: what NO_PROXY lists.

The HTTP libraries take a network in it for a host name.
"""

from __future__ import annotations

import ipaddress
import re
from functools import partial
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["exemptions"]

_PORTS = {"http": 80, "https": 443}
_HOST_AND_PORT = r"(\[[^\]]+\]|[^:\[\]]*)(?::([0-9]{1,5}))?"


def exemptions(text: str) -> Iterator[Callable[[httpx.URL], bool]]:
    """Read NO_PROXY; what is no host, address or network is ignored, as other programs do.

    Args:
        text: The value of the variable.

    Yields:
        Functions that tell whether a URL is exempt.
    """
    for entry in re.split(r"[\s,]+", text):
        rule = _rule(entry) if entry else None
        if rule is not None:
            yield rule


def _rule(entry: str) -> Callable[[httpx.URL], bool] | None:
    scheme, has_scheme, rest = entry.rpartition("://")
    if has_scheme:
        rest = rest.rstrip("/")
    addresses = _network(rest)
    if addresses is not None:
        return lambda url: _is_scheme(scheme, url) and _is_within(addresses, url)
    found = re.fullmatch(_HOST_AND_PORT, rest)
    if found is None:
        return None
    host, port = _ascii(found[1]), found[2]
    if host is None or (not host and not has_scheme):
        return None
    network = _network(host)
    is_host: Callable[[httpx.URL], bool]
    if network is not None:
        is_host = partial(_is_within, network)
    elif has_scheme:
        is_host = lambda url: host in ("", "*", _host(url))  # noqa: E731
    else:
        is_host = lambda url: _is_named(host, _host(url))  # noqa: E731
    return lambda url: _is_scheme(scheme, url) and _is_port(port, url) and is_host(url)


def _is_named(host: str, actual: str) -> bool:
    if host.startswith("*"):
        return actual.endswith(host[1:])
    if host.startswith("."):
        return actual.endswith(host)
    return actual == host or (host != "localhost" and actual.endswith(f".{host}"))


def _is_scheme(scheme: str, url: httpx.URL) -> bool:
    return scheme.lower() in ("", "all", url.scheme)


def _is_port(port: str | None, url: httpx.URL) -> bool:
    return port is None or int(port) == (url.port or _PORTS.get(url.scheme))


def _is_within(network: ipaddress.IPv4Network | ipaddress.IPv6Network, url: httpx.URL) -> bool:
    try:
        return ipaddress.ip_address(_host(url)) in network
    except ValueError:
        return False


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """Read an address as a network of one, too."""
    try:
        return ipaddress.ip_network(text.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        return None


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").rstrip(".").lower()


def _ascii(host: str) -> str | None:
    """Write a host name as it is sent; None if it cannot be sent."""
    if not host.isascii():
        try:
            host = httpx.URL(f"http://{host}").raw_host.decode("ascii")
        except (httpx.InvalidURL, ValueError):
            return None
    return host.rstrip(".").lower()
