"""Makes the clients of the HTTP library with the settings of a client of ours."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from inspect import isawaitable, iscoroutinefunction
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

import httpx

from ..errors import InvalidRequest
from ..settings.headers import merge_headers
from .hooks import ACCEPT_ENCODING, bounding, is_exposed, set_cookies, stripping, warning
from .http_settings import library, library_of, user_agent
from .messages import as_tuple, without_account
from .sync_transport import Authorities, SyncTransport, is_needed_late

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import ModuleType

    from ..settings.config import Config
    from .auth import TokenAuth
    from .proxied_transport import ProxiedTransport

__all__ = ["create_async_client", "create_client"]


# What is given to the HTTP library in another form than it has in `httpx_args`.
_PREPARED = frozenset({"cert", "event_hooks", "mounts", "proxy", "transport"})
# The arguments that say how connections are opened.
_CONNECTING = frozenset({"cert", "http1", "http2", "limits", "trust_env", "verify"})


def create_client(config: Config) -> httpx.Client:
    """Make a client of the chosen HTTP library with the settings of a client of ours.

    Args:
        config: The settings of our client.

    Returns:
        The HTTP client, with no connection yet.
    """
    http = library(config.transport)
    _check_transports(config, http, "handle_request", "asynchronous")
    hooks = _with_ours(config, _our_hooks(config), _as_plain)
    client: httpx.Client = _made(config, http.Client, hooks, partial(SyncTransport, http))
    set_cookies(client, config.cookies)
    return client


def create_async_client(config: Config) -> httpx.AsyncClient:
    """Make an asynchronous client of the chosen HTTP library with the settings of a client of ours.

    Args:
        config: The settings of our client.

    Returns:
        The HTTP client, with no connection yet.
    """
    from .async_transport import AsyncTransport  # which loads asyncio

    http = library(config.transport)
    _check_transports(config, http, "handle_async_request", "synchronous")
    ours = {kind: [_as_async(hook) for hook in hooks] for kind, hooks in _our_hooks(config).items()}
    hooks = _with_ours(config, ours, _as_either)
    proxied = partial(AsyncTransport, http)
    direct = _aiohttp_transport if config.transport == "aiohttp" else None
    client: httpx.AsyncClient = _made(config, http.AsyncClient, hooks, proxied, direct)
    set_cookies(client, config.cookies)
    return client


def _made(
    config: Config,
    make: Callable[..., Any],
    hooks: dict[str, list[Any]],
    proxied: Callable[..., Any],
    direct: Callable[..., Any] | None = None,
) -> Any:
    """Make an HTTP client, and refuse in our own words what the library cannot use.

    Raises:
        InvalidRequest: An argument cannot be used.
    """
    problem = ""
    http = library(config.transport)
    given = config.httpx_args
    try:
        connecting = {name: given[name] for name in _CONNECTING & given.keys() - {"cert"}}
        trusting = partial(_verification, config)
        through = partial(_through_proxy, http, trusting, partial(proxied, **connecting))
        mounts = given.get("mounts") or {}
        if given.get("proxy") is not None:
            from .proxies import OF_ARGUMENTS, as_proxy

            mounts = {
                "all://": through(as_proxy(given["proxy"], OF_ARGUMENTS), OF_ARGUMENTS),
                **mounts,
            }
        transport = given.get("transport")
        if transport is None and direct is None and is_needed_late(config):
            transport = proxied(authorities=Authorities(trusting), **connecting)
        elif transport is None:
            transport = (direct or proxied)(verify=trusting(), **connecting)
        client = make(
            event_hooks=hooks, transport=transport, mounts=mounts, **_client_arguments(config)
        )
        # The library does not read the environment itself, because it was given a transport.
        is_environment_read = given.get("trust_env", True)
        if not {"proxy", "transport"} & given.keys() and is_environment_read and getproxies():
            from .proxies import add_routes

            add_routes(client._mounts, through)
        return client
    except InvalidRequest:
        raise
    except ImportError as error:
        problem = f"httpx_args need a library that is not installed: {error}"
    except Exception as error:
        # Without what it says, which may quote an argument with a password in it.
        names = ", ".join(repr(name) for name in config.httpx_args)
        problem = (
            f"{http.__name__} cannot use httpx_args ({names}): it raised {type(error).__name__}"
        )
    # Not above, because the frames of the library hold headers.
    raise InvalidRequest(problem)


def _verification(config: Config) -> Any:
    """Load whom TLS connections trust, and the module that finds them; without TLS, neither is."""
    try:
        from .trust import verification
    except OSError as error:
        problem = f"no certificate authorities can be loaded: {error.strerror}"
        raise InvalidRequest(problem) from None
    return verification(config)


def _through_proxy(
    http: ModuleType,
    trusting: Callable[[], Any],
    make: Callable[..., Any],
    proxy: httpx.Proxy,
    source: str,
) -> ProxiedTransport:
    from .proxied_transport import ProxiedTransport

    return ProxiedTransport(make(proxy=proxy, verify=trusting()), http, proxy, source)


def _aiohttp_transport(**connecting: Any) -> httpx.AsyncBaseTransport:
    from .async_transport import DEFAULT_LIMITS, is_http2

    if is_http2(connecting):
        raise InvalidRequest(
            "transport='aiohttp' supports no HTTP/2: leave out 'http1' and 'http2' in httpx_args, "
            "or choose 'httpx' or 'httpx2'"
        )
    try:
        from .aiohttp_transport import AiohttpTransport
    except OSError:  # aiohttp makes a TLS context when it is imported
        from .trust import key_log_problem

        problem = key_log_problem()
        if problem:
            raise InvalidRequest(problem) from None
        raise
    return AiohttpTransport(
        ssl_context=httpx.create_ssl_context(verify=connecting["verify"]),
        limits=connecting.get("limits", DEFAULT_LIMITS),
    )


def _check_transports(config: Config, http: ModuleType, method: str, other_kind: str) -> None:
    """Refuse a transport that cannot carry a kind of calls, or is of another library."""
    arguments = config.httpx_args
    named: dict[str, Any] = {"['transport']": arguments.get("transport")}
    mounts = arguments.get("mounts")
    if isinstance(mounts, Mapping):
        named.update({f"['mounts'][{name!r}]": mounts[name] for name in mounts})
    for name, transport in named.items():
        if transport is None:
            continue
        if not hasattr(transport, method):
            raise InvalidRequest(
                f"httpx_args{name} is a {type(transport).__name__}, which carries {other_kind} "
                "calls only: use a client of its own for each kind of calls"
            )
        other = library_of(transport, http)
        if other is not http:
            raise InvalidRequest(
                f"httpx_args{name} is a {type(transport).__name__} of {other.__name__}, which "
                f"{http.__name__} cannot use: create the client with transport={other.__name__!r}"
            )


def _auth(config: Config) -> TokenAuth | tuple[str, str] | None:
    """Make what authenticates requests, and load it where there is something to do it with."""
    if config.token is None and "@" not in config.base_url:
        return None
    from .auth import auth_of

    return auth_of(config)


def _client_arguments(config: Config) -> dict[str, Any]:
    # Built in one expression: a local variable would show the headers in tracebacks.
    return {
        "auth": _auth(config),
        # User name and password go to the authentication.
        "base_url": without_account(config.base_url),
        "headers": merge_headers(
            {
                "Accept-Encoding": ACCEPT_ENCODING,
                "User-Agent": user_agent(library(config.transport)),
            },
            config.headers,
        ),
        "timeout": as_tuple(config.timeout),
        "follow_redirects": config.follow_redirects,
        **{name: value for name, value in config.httpx_args.items() if name not in _PREPARED},
    }


def _our_hooks(config: Config) -> dict[str, list[Callable[[Any], None]]]:
    base_url = httpx.URL(config.base_url)
    requests = [stripping(base_url, config.auth_header_name)]
    if _auth(config) is not None and (is_exposed(base_url) or _is_proxied_openly(config)):
        requests.append(warning(base_url))
    return {"request": requests, "response": [bounding(config.max_body_bytes)]}


def _is_proxied_openly(config: Config) -> bool:
    """Whether a proxy on another machine is given what is sent without TLS."""
    from .proxies import proxy_of

    url = httpx.URL(config.base_url)
    proxy = proxy_of(url, config.httpx_args) if url.scheme == "http" else None
    return proxy is not None and is_exposed(proxy.copy_with(scheme="http"))


def _with_ours(
    config: Config, ours: Mapping[str, list[Any]], adapt: Callable[[Any], Any]
) -> dict[str, list[Any]]:
    """Add the caller's own hooks, which come after ours."""
    theirs: Any = config.httpx_args.get("event_hooks") or {}
    try:
        return {kind: [*ours[kind], *map(adapt, theirs.get(kind, ()))] for kind in ours}
    except (AttributeError, TypeError):
        raise InvalidRequest(
            "httpx_args['event_hooks'] must map 'request' and 'response' to lists of functions"
        ) from None


def _as_plain(hook: Any) -> Any:
    if iscoroutinefunction(hook):
        raise InvalidRequest(
            "httpx_args['event_hooks'] holds a coroutine function, which synchronous calls cannot "
            "await: use plain functions, which both kinds of calls take"
        )
    return hook


def _as_async(hook: Callable[[Any], None]) -> Callable[[Any], Awaitable[None]]:
    async def call(message: Any) -> None:
        hook(message)

    return call


def _as_either(hook: Callable[[Any], Any]) -> Callable[[Any], Awaitable[None]]:
    async def call(message: Any) -> None:
        result = hook(message)
        if isawaitable(result):
            await result

    return call
