# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Which proxy carries a request, as the environment and `httpx_args` say.

httpx reads the environment, too, but raises exceptions of its own about what it cannot use, and
takes a network in NO_PROXY for a host name.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import httpx

from ..errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "OF_ARGUMENTS",
    "Route",
    "add_routes",
    "as_proxy",
    "environment_routes",
    "proxy_of",
]

#: What names a proxy that the caller chose.
OF_ARGUMENTS = "httpx_args['proxy']"

_SCHEMES = ("http", "https", "socks5", "socks5h")
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]{0,30}"
_HIGHEST_PORT = 65_535
_TO_ENCODE = r"[#?/@\s]"


class Route:
    """Requests of a scheme, but for those that no proxy is to carry.

    It is a key of the mounts of an httpx client, as patterns of httpx are.

    Args:
        scheme: The scheme; "all" for any.
        is_exempt: Tells of a URL whether no proxy is to be asked.
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
            url: The URL.

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
    schemes = [scheme for scheme in ("http", "https", "all") if found.get(scheme)]
    if not schemes:
        return []
    from .no_proxy import exemptions

    rules = list(exemptions(found.get("no", "")))

    def is_exempt(url: httpx.URL) -> bool:
        return any(rule(url) for rule in rules)

    return [Route(scheme, is_exempt, found[scheme], _source(scheme)) for scheme in schemes]


def add_routes(mounts: dict[Any, Any], make: Callable[..., Any]) -> None:
    """Add the ways through the proxies of the environment to those of an httpx client.

    A proxy that cannot be used is refused when something is to be sent through it: desktops set
    several, of which a server on this machine needs none.

    Args:
        mounts: The mounts of the client; what the caller has mounted goes before.
        make: Makes a transport of a proxy and what names it.
    """
    for route in environment_routes():
        from .proxied_transport import RefusingTransport

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
    """Tell which proxy carries what is sent to a URL.

    Args:
        url: The URL.
        httpx_args: The arguments of an httpx client.

    Returns:
        The URL of the proxy; None for none, or for one that cannot be used.
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
    """Make httpx's proxy of a URL.

    Args:
        value: The URL; httpx's own kinds will do, too.
        source: What names it, for messages.

    Returns:
        The proxy.

    Raises:
        InvalidRequest: It is not the URL of a proxy. The message does not show it, because it may
            hold a password.
    """
    if hasattr(value, "raw_auth"):  # a Proxy of httpx or httpx2, which take each other's
        given: httpx.Proxy = value
        return given
    proxy = None
    is_url = isinstance(value, str) or hasattr(value, "raw_host")
    problem = _proxy_problem(str(value)) if is_url else "is no URL"
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
    if scheme.lower() not in _SCHEMES and re.fullmatch(_SCHEME, scheme):
        return (
            f"names a proxy of the scheme {scheme!r}, which cannot be used: it must be 'http', "
            "'https' or 'socks5'"
        )
    account, at, host = rest.rpartition("@")
    found = re.search(_TO_ENCODE, account)
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
