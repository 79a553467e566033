"""Which proxy carries a request, as the environment and `httpx_args` say.

httpx reads the environment, too, but raises exceptions of its own about what it cannot use, and
takes a network in NO_PROXY for a host name.
"""

from __future__ import annotations

import ipaddress
import os
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from ..errors import InvalidRequest
from ..settings.redaction import mask_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = [
    "CONNECTING",
    "OF_ARGUMENTS",
    "ProxiedTransport",
    "RefusingTransport",
    "Route",
    "add_routes",
    "as_proxy",
    "environment_routes",
    "proxy_of",
]

#: What names a proxy that the caller chose.
OF_ARGUMENTS = "httpx_args['proxy']"
#: The arguments of an httpx client that say how connections are opened.
CONNECTING = frozenset({"cert", "http1", "http2", "limits", "trust_env", "verify"})

_SCHEMES = ("http", "https", "socks5", "socks5h")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}")
_PORTS = {"http": 80, "https": 443}
_HIGHEST_PORT = 65_535
_HOST_AND_PORT = re.compile(r"(\[[^\]]+\]|[^:\[\]]*)(?::([0-9]{1,5}))?")
_TO_ENCODE = re.compile(r"[#?/@\s]")


class Route:
    """Requests of a scheme, but for those that no proxy is to carry.

    It is a key of the mounts of an httpx client, as patterns of httpx are.

    Args:
        scheme: The scheme; "all" for any.
        is_exempt: Tells of an address whether no proxy is to be asked.
        proxy: The proxy as it is written.
        source: What names it, for messages.
    """

    def __init__(
        self, scheme: str, is_exempt: Callable[[httpx.URL], bool], proxy: str, source: str
    ) -> None:
        self._scheme = scheme
        self._is_exempt = is_exempt
        self.proxy = proxy
        self.source = source

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._scheme!r}, source={self.source!r})"

    def matches(self, url: httpx.URL) -> bool:
        """Tell whether a request goes this way.

        Args:
            url: The address.

        Returns:
            Whether it does.
        """
        return self._scheme in ("all", url.scheme) and not self._is_exempt(url)


def environment_routes() -> list[Route]:
    """Read the environment variables HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY.

    Returns:
        The ways through proxies, the more specific first. The settings of Windows and macOS count
        where the variables are not set, as for all of Python.
    """
    from urllib.request import getproxies

    found = getproxies()
    rules = list(_rules(found.get("no", "")))

    def is_exempt(url: httpx.URL) -> bool:
        return any(rule(url) for rule in rules)

    return [
        Route(scheme, is_exempt, found[scheme], _source(scheme))
        for scheme in ("http", "https", "all")
        if found.get(scheme)
    ]


def add_routes(mounts: dict[Any, Any], make: Callable[..., Any]) -> None:
    """Add the ways through the proxies of the environment to those of an httpx client.

    A proxy that cannot be used is refused when something is to be sent through it: desktops set
    several, of which a server on this machine needs none.

    Args:
        mounts: The mounts of the client; what the caller has mounted goes before.
        make: Makes a transport of a proxy and what names it.
    """
    for route in environment_routes():
        try:
            mounts[route] = make(as_proxy(route.proxy, route.source), route.source)
        except InvalidRequest as error:
            mounts[route] = RefusingTransport(str(error))
        except ImportError:
            mounts[route] = RefusingTransport(
                f"{route.source} names a SOCKS proxy, which needs the package socksio: run "
                'pip install "httpx[socks]"; nothing was sent'
            )


def proxy_of(url: httpx.URL, httpx_args: Mapping[str, Any]) -> httpx.URL | None:
    """Tell which proxy carries what is sent to an address.

    Args:
        url: The address.
        httpx_args: The arguments of an httpx client.

    Returns:
        The address of the proxy; None for none, or for one that cannot be used.
    """
    try:
        if httpx_args.get("proxy") is not None:
            return as_proxy(httpx_args["proxy"], OF_ARGUMENTS).url
        if not httpx_args.get("trust_env", True) or httpx_args.get("transport") is not None:
            return None
        route = next((each for each in environment_routes() if each.matches(url)), None)
        return None if route is None else as_proxy(route.proxy, route.source).url
    except InvalidRequest:
        return None


def as_proxy(value: Any, source: str) -> httpx.Proxy:
    """Make httpx's proxy of an address.

    Args:
        value: The address; httpx's own kinds will do, too.
        source: What names it, for messages.

    Returns:
        The proxy.

    Raises:
        InvalidRequest: It is no address of a proxy. The message does not show it, because it may
            hold a password.
    """
    if isinstance(value, httpx.Proxy):
        return value
    proxy = None
    problem = _proxy_problem(str(value)) if isinstance(value, (str, httpx.URL)) else "is no URL"
    if not problem:
        text = str(value).strip()
        try:
            proxy = httpx.Proxy(text if "://" in text else f"http://{text}")
        except (httpx.InvalidURL, ValueError):
            problem = _NO_PROXY_URL
        del text
    del value
    if proxy is None:
        raise InvalidRequest(f"{source} {problem}; nothing was sent")
    return proxy


_NO_PROXY_URL = "holds no valid URL of a proxy: write for example 'http://proxy.example.com:3128'"


def _proxy_problem(text: str) -> str:
    scheme, _, rest = text.strip().rpartition("://")
    scheme = scheme or "http"
    if scheme.lower() not in _SCHEMES and _SCHEME.fullmatch(scheme):
        return (
            f"names a proxy of the scheme {scheme!r}, which cannot be used: it must be 'http', "
            "'https' or 'socks5'"
        )
    account, at, host = rest.rpartition("@")
    found = _TO_ENCODE.search(account)
    if at and found:
        return (
            "holds no valid URL of a proxy: in its user name and password, write "
            f"{found.group()!r} as %{ord(found.group()):02X}"
        )
    try:
        url = httpx.URL(f"http://{host}")
        is_valid = bool(url.host) and 0 < (url.port or 80) <= _HIGHEST_PORT
    except (httpx.InvalidURL, ValueError):
        is_valid = False
    return "" if is_valid else _NO_PROXY_URL


def _source(scheme: str) -> str:
    """Name the environment variable that `getproxies` has read."""
    name = f"{scheme}_proxy"
    for each in (name, name.upper(), *os.environ):
        if each.lower() == name and os.environ.get(each):
            return f"the environment variable {each}"
    return f"the {scheme} proxy of this machine's settings"


def _rules(text: str) -> Iterator[Callable[[httpx.URL], bool]]:
    """Read NO_PROXY; what is no host, address or network is ignored, as other programs do."""
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
    found = _HOST_AND_PORT.fullmatch(rest)
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


class RefusingTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Refuses what a proxy was to carry that cannot be used, as soon as something is to be sent.

    Args:
        problem: What is wrong.
    """

    def __init__(self, problem: str) -> None:
        self._problem = problem

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Refuse a request.

        Args:
            request: The request.

        Raises:
            InvalidRequest: In any case.
        """
        del request
        raise InvalidRequest(self._problem)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Refuse a request.

        Args:
            request: The request.

        Raises:
            InvalidRequest: In any case.
        """
        del request
        raise InvalidRequest(self._problem)


class ProxiedTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Says of a connection that cannot be opened that it is the one to a proxy.

    Args:
        inner: What carries requests through the proxy.
        proxy: The proxy.
        source: What names it, for messages.
    """

    def __init__(self, inner: Any, proxy: httpx.Proxy, source: str) -> None:
        self._inner = inner
        self._pool = getattr(inner, "_pool", None)  # as httpx's own transport has it
        self._description = (mask_url(str(proxy.url)), source)
        if proxy.auth is not None:
            scheme, slashes, rest = self._description[0].partition("://")
            self._description = (f"{scheme}{slashes}***@{rest}", source)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Args:
            request: The request.

        Returns:
            The response.
        """
        try:
            response: httpx.Response = self._inner.handle_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            del request
            error.proxy = self._description  # type: ignore[union-attr]  # for `_explanations`
            raise
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Args:
            request: The request.

        Returns:
            The response.
        """
        try:
            response: httpx.Response = await self._inner.handle_async_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            del request
            error.proxy = self._description  # type: ignore[union-attr]  # for `_explanations`
            raise
        return response

    def let_go(self) -> None:
        """Give back the lock of the pool after an interrupt."""
        self._inner.let_go()

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()
