"""What `transport/` uses of the HTTP libraries beyond their public names is still there.

A library may change it in any version. What changes an object looks first and leaves a library that
is different as it is, so the loss would be silent: a patch that patches nothing. Here it is not.
"""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import dqops
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TRANSPORT = Path(dqops.__file__).parent / "_runtime" / "transport"
# Of the standard library.
STANDARD = {"_cookies_lock", "_getframe"}


class Internal(NamedTuple):
    """Something private of a library: where it is, how it must look, and what breaks without it."""

    owner: str
    names: str
    needed_by: str
    signature: str = ""


# The libraries; names are those of synchronous and asynchronous classes alike.
CORES = ("httpcore", "httpcore2")
CLIENTS = ("httpx", "httpx2")
OF_CORES = [
    Internal("{}ConnectionPool", "_connections _requests", "keep_apart"),
    Internal(
        "{}ConnectionPool", "_http2 _max_connections _max_keepalive_connections", "keep_apart"
    ),
    Internal("{}ConnectionPool", "_assign_requests_to_connections", "keep_apart", "()"),
    Internal("{}ConnectionPool", "_ssl_context", "Authorities.prepare"),
    Internal("{}ConnectionPool", "_optional_thread_lock", "use_lock"),
    Internal("{}ConnectionPool", "_network_backend", "heed_deadlines"),
    Internal("{}PoolRequest", "connection request", "keep_apart"),
    Internal("{}HTTPConnection", "_connection", "keep_apart"),
    Internal("{}TunnelHTTPConnection", "_connection", "keep_apart"),
    Internal("{}HTTP11Connection", "_h11_state", "keep_apart"),
]
OF_CLIENTS = [
    Internal("{}Client", "_mounts _transport", "let_go, add_routes"),
    Internal("{}HTTPTransport", "_pool", "all patches of pools"),
    Internal("Response", "_content", "bounding"),
    Internal("RemoteProtocolError", "_request", "translate"),
]
OF_AIOHTTP = [
    Internal("ClientSession", "_retry_connection", "send_once"),
    Internal("Connector", "_factory _loop", "Connector"),
    Internal("Connector", "_get", "Connector", "(key, traces)"),
    Internal("Connector", "_release", "Connector", "(key, protocol, *, should_close=False)"),
    Internal("ResponseHandler", "force_close", "Connector", "()"),
    Internal("ResponseHandler", "data_received", "Connector", "(data)"),
    Internal("ResponseHandler", "should_close", "Connector"),
    Internal("Payload", "write_with_length", "_LargeBody", "(writer, content_length)"),
]


def samples_of_core(name: str) -> dict[str, Any]:
    """Make one of each class that is looked into, of httpcore or httpcore2."""
    core: Any = importlib.import_module(name)
    request, origin = core.Request("GET", "http://h/"), core.Origin(b"http", b"h", 80)
    found = {}
    for prefix, folder in (("", "_sync"), ("Async", "_async")):
        pools: Any = importlib.import_module(f"{name}.{folder}.connection_pool")
        proxies: Any = importlib.import_module(f"{name}.{folder}.http_proxy")
        tunnel = getattr(proxies, f"{prefix}TunnelHTTPConnection")
        made = {
            "ConnectionPool": getattr(core, f"{prefix}ConnectionPool")(),
            "PoolRequest": getattr(pools, f"{prefix}PoolRequest")(request),
            "HTTPConnection": getattr(core, f"{prefix}HTTPConnection")(origin),
            "TunnelHTTPConnection": tunnel(proxy_origin=origin, remote_origin=origin),
            "HTTP11Connection": getattr(core, f"{prefix}HTTP11Connection")(origin, None),
        }
        found.update({f"{prefix}{each}": made[each] for each in made})
    return found


def samples_of_client(name: str) -> dict[str, Any]:
    """Make one of each class that is looked into, of httpx or httpx2."""
    http: Any = importlib.import_module(name)
    return {
        "Client": http.Client(trust_env=False),
        "AsyncClient": http.AsyncClient(trust_env=False),
        "HTTPTransport": http.HTTPTransport(),
        "AsyncHTTPTransport": http.AsyncHTTPTransport(),
        "Response": http.Response(200, content=b"OK"),
        "RemoteProtocolError": http.RemoteProtocolError(""),
    }


def samples_of_aiohttp() -> dict[str, Any]:
    """Make one of each class that is looked into, of aiohttp."""
    import aiohttp
    from aiohttp.client_proto import ResponseHandler

    async def make() -> dict[str, Any]:
        async with aiohttp.ClientSession() as session:
            return {
                "ClientSession": session,
                "Connector": aiohttp.TCPConnector(),
                "ResponseHandler": ResponseHandler(asyncio.get_running_loop()),
                "Payload": aiohttp.BytesIOPayload(__import__("io").BytesIO()),
            }

    return asyncio.run(make())


def problems(library: str, samples: dict[str, Any], expected: Iterable[Internal]) -> list[str]:
    """List what a library no longer has, or has in another form."""
    found = []
    for each in expected:
        for prefix in ("", "Async") if "{}" in each.owner else ("",):
            owner = each.owner.format(prefix)
            for name in each.names.split():
                place = f"{library} {version(library)}: {owner}.{name}"
                if not hasattr(samples[owner], name):
                    found.append(f"{place} is gone, which {each.needed_by} needs")
                elif each.signature:
                    shape = signature_of(getattr(samples[owner], name))
                    if shape != each.signature:
                        said = f"takes {shape} and not {each.signature}"
                        found.append(f"{place} {said}, as {each.needed_by} needs")
    return found


def signature_of(function: Callable[..., Any]) -> str:
    """Write the parameters of a function, without types."""
    signature = inspect.signature(function)
    bare = [
        each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()
    ]
    return str(inspect.Signature(bare))


@pytest.mark.parametrize("library", CORES)
def test_what_is_used_of_httpcore(library: str) -> None:
    """Every internal of httpcore and httpcore2 that a patch uses is there."""
    assert [] == problems(library, samples_of_core(library), OF_CORES)


@pytest.mark.parametrize("library", CLIENTS)
def test_what_is_used_of_httpx(library: str) -> None:
    """Every internal of httpx and httpx2 that is used is there."""
    assert [] == problems(library, samples_of_client(library), OF_CLIENTS)


def test_what_is_used_of_aiohttp() -> None:
    """Every internal of aiohttp that is used or overridden is there, with its parameters."""
    assert [] == problems("aiohttp", samples_of_aiohttp(), OF_AIOHTTP)


def test_the_version_that_broke_it_is_named() -> None:
    """What is gone or takes other arguments is reported with the version of its library."""

    class Pool:
        def assign(self, pool: object) -> None: ...

    expected = [
        Internal("Pool", "lock", "use_lock"),
        Internal("Pool", "assign", "keep_apart", "()"),
    ]
    at = f"httpcore {version('httpcore')}: Pool."
    assert [
        f"{at}lock is gone, which use_lock needs",
        f"{at}assign takes (pool) and not (), as keep_apart needs",
    ] == problems("httpcore", {"Pool": Pool()}, expected)


def test_nothing_private_is_used_besides() -> None:
    """Each private name in `transport/` that is not our own stands in one of the tables."""
    known = {name for each in (*OF_CORES, *OF_CLIENTS, *OF_AIOHTTP) for name in each.names.split()}
    own, used = set[str](), dict[str, str]()
    for file in sorted(TRANSPORT.parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                own.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                own.add(node.id)
            elif isinstance(node, ast.Attribute):
                is_self = isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
                if is_self and isinstance(node.ctx, ast.Store):
                    own.add(node.attr)
                elif file.parent == TRANSPORT:
                    used.setdefault(node.attr, f"{file.name}:{node.lineno}")
            elif isinstance(node, ast.Call) and file.parent == TRANSPORT:
                for word in _named_by(node):
                    used.setdefault(word, f"{file.name}:{node.lineno}")
    private = {name for name in used if name.startswith("_") and not name.endswith("__")}
    assert {} == {name: used[name] for name in private - own - known - STANDARD}


def _named_by(call: ast.Call) -> list[str]:
    """Give the name that `getattr` or `hasattr` is called with."""
    if not (isinstance(call.func, ast.Name) and call.func.id in {"getattr", "hasattr"}):
        return []
    return [each.value for each in call.args[1:2] if isinstance(each, ast.Constant)]  # type: ignore[misc]
