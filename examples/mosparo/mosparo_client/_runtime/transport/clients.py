# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Makes the clients of the HTTP library with the settings of a client of ours."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from inspect import isawaitable, iscoroutinefunction
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from ..errors import InvalidRequest
from ..settings.headers import merge_headers
from .auth import auth_of
from .bounded import ACCEPT_ENCODING, bounding
from .cookies import set_cookies
from .deadline import TimedClient
from .hooks import is_exposed, stripping, warning
from .proxies import OF_ARGUMENTS, as_proxy, proxy_of
from .trust import verification
from .user_agent import user_agent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ..settings.config import Config

__all__ = ["create_async_client", "create_client"]


_HttpxClient = TypeVar("_HttpxClient", bound="httpx.Client | httpx.AsyncClient")

# What is given to httpx in another form than it has in `httpx_args`.
_PREPARED = frozenset({"cert", "event_hooks", "proxy"})


def create_client(config: Config) -> httpx.Client:
    """Make an httpx client with the settings of a client of ours.

    Args:
        config: The settings of our client.

    Returns:
        The httpx client, with no connection yet.
    """
    _check_transports(config, "handle_request", "asynchronous")
    hooks = _with_ours(config, _our_hooks(config), _as_plain)
    httpx_client = _made(config, partial(TimedClient, event_hooks=hooks))
    set_cookies(httpx_client, config.cookies)
    return httpx_client


def create_async_client(config: Config) -> httpx.AsyncClient:
    """Make an asynchronous httpx client with the settings of a client of ours.

    Args:
        config: The settings of our client.

    Returns:
        The httpx client, with no connection yet.
    """
    from .async_client import AsyncClient  # which loads asyncio

    _check_transports(config, "handle_async_request", "synchronous")
    ours = {kind: [_as_async(hook) for hook in hooks] for kind, hooks in _our_hooks(config).items()}
    hooks = _with_ours(config, ours, _as_either)
    httpx_client = _made(config, partial(AsyncClient, config.async_transport, event_hooks=hooks))
    set_cookies(httpx_client, config.cookies)
    return httpx_client


def _made(config: Config, make: Callable[..., _HttpxClient]) -> _HttpxClient:
    """Make an httpx client, and refuse in our own words what httpx cannot use.

    Raises:
        InvalidRequest: An argument cannot be used.
    """
    problem = ""
    try:
        return make(**_client_arguments(config))
    except InvalidRequest:
        raise
    except ImportError as error:
        problem = f"httpx_args need a library that is not installed: {error}"
    except Exception as error:
        # Without what it says, which may quote an argument with a password in it.
        names = ", ".join(repr(name) for name in config.httpx_args)
        problem = f"httpx cannot use httpx_args ({names}): it raised {type(error).__name__}"
    # Not above, because the frames of httpx hold headers.
    raise InvalidRequest(problem)


def _check_transports(config: Config, method: str, other_kind: str) -> None:
    """Refuse a transport that cannot carry a kind of calls."""
    arguments = config.httpx_args
    named: dict[str, Any] = {"['transport']": arguments.get("transport")}
    mounts = arguments.get("mounts")
    if isinstance(mounts, Mapping):
        named.update({f"['mounts'][{name!r}]": mounts[name] for name in mounts})
    for name, transport in named.items():
        if transport is not None and not hasattr(transport, method):
            raise InvalidRequest(
                f"httpx_args{name} is a {type(transport).__name__}, which carries {other_kind} "
                "calls only: use a client of its own for each kind of calls"
            )


def _client_arguments(config: Config) -> dict[str, Any]:

    # Built in one expression: a local variable would show the headers in tracebacks.
    return {
        "auth": auth_of(config),
        # User name and password go to the authentication: httpx logs the address of each request.
        "base_url": httpx.URL(config.base_url).copy_with(userinfo=b""),
        "headers": merge_headers(
            {"Accept-Encoding": ACCEPT_ENCODING, "User-Agent": user_agent(httpx.__version__)},
            config.headers,
        ),
        "timeout": config.timeout,
        "verify": verification(config),
        "follow_redirects": config.follow_redirects,
        **{name: value for name, value in config.httpx_args.items() if name not in _PREPARED},
        **_proxy_argument(config),
    }


def _proxy_argument(config: Config) -> dict[str, httpx.Proxy]:
    if config.httpx_args.get("proxy") is None:
        return {}

    return {"proxy": as_proxy(config.httpx_args["proxy"], OF_ARGUMENTS)}


def _our_hooks(config: Config) -> dict[str, list[Callable[[Any], None]]]:

    base_url = httpx.URL(config.base_url)
    requests = [stripping(base_url, config.auth_header_name)]
    if auth_of(config) is not None and (is_exposed(base_url) or _is_proxied_openly(config)):
        requests.append(warning(base_url))
    return {"request": requests, "response": [bounding(config.max_body_bytes)]}


def _is_proxied_openly(config: Config) -> bool:
    """Whether a proxy on another machine is given what is sent without TLS."""
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
