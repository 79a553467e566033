"""What is deprecated warns whoever uses it, and says so in its docstring."""

from __future__ import annotations

import asyncio
import inspect
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from dqops import AsyncDQOps, DQOps
from dqops.client import Client
from dqops.client.api.default_table_check_patterns import get_all_default_table_checks_patterns
from support.runtime import deprecated

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.raw_server import RawServer

WORDS = {"since": "0.3", "until": "0.4", "replacement": "use `new`"}


@deprecated(**WORDS)
def old(value: int) -> int:
    """Give the value."""
    return value


@deprecated(**WORDS)
async def old_async(value: int) -> int:
    """Give the value later."""
    return value


@deprecated(**WORDS)
class Old:
    """A thing of the past."""

    def __init__(self, value: int) -> None:
        self.value = value


@deprecated(argument="old", **WORDS)
def with_argument(*, old: int = 1, new: int = 2) -> int:
    """Add."""
    return old + new


async def _awaited() -> int:
    return await old_async(1)


@pytest.mark.parametrize(
    ("use", "subject"),
    [
        (lambda: old(1), "old()"),
        (lambda: asyncio.run(_awaited()), "old_async()"),
        (lambda: Old(1).value, "Old()"),
        (lambda: with_argument(old=-1), "the argument 'old' of with_argument()"),
    ],
)
def test_use(use: Any, subject: str) -> None:
    """Whoever uses it is told since when, until when and what to use, at the place of the use."""
    message = f"{subject} is deprecated since 0.3, and 0.4 removes it: use `new`"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert use() == 1
    assert [message] == [str(each.message) for each in told]
    assert issubclass(told[0].category, DeprecationWarning)
    assert told[0].filename == __file__


def test_what_does_not_use_it() -> None:
    """Another argument warns of nothing, and a class stays a class."""
    assert with_argument(new=4) == 5
    assert isinstance(Old, type)
    assert inspect.iscoroutinefunction(old_async)


@pytest.mark.parametrize("decorated", [old, old_async, Old, with_argument])
def test_docstring(decorated: Any) -> None:
    """The docstring says it in a paragraph of its own."""
    assert "\n\nDeprecated: " in (inspect.getdoc(decorated) or "")
    assert "0.4 removes it: use `new`." in (inspect.getdoc(decorated) or "")


EMPTY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]"
NAME = "get_all_default_table_checks_patterns"
WORDS_OF_OPERATION = (
    f"{NAME} is deprecated: newer servers have table_quality_policies.get_table_quality_policies"
)


async def _by_object(url: str) -> None:
    async with AsyncDQOps(url) as dq:
        await dq.default_table_check_patterns.get_all_default_table_checks_patterns()


async def _by_function(url: str) -> None:
    async with Client(url) as client:
        await get_all_default_table_checks_patterns.asyncio(client=client)


def _blocking(url: str) -> None:
    with DQOps(url) as dq:
        dq.default_table_check_patterns.get_all_default_table_checks_patterns()


def _by_blocking_function(url: str) -> None:
    with Client(url) as client:
        get_all_default_table_checks_patterns.sync(client=client)


CALLS: dict[str, Callable[[str], Any]] = {
    "method": _blocking,
    "awaited method": lambda url: asyncio.run(_by_object(url)),
    "function": _by_blocking_function,
    "awaited function": lambda url: asyncio.run(_by_function(url)),
}


@pytest.mark.parametrize("way", CALLS)
def test_deprecated_operations(raw_server: RawServer, way: str) -> None:
    """A call of one warns at the line of the program that makes it."""
    raw_server.respond = lambda _, __: EMPTY
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        CALLS[way](raw_server.url)
    (warning,) = told
    assert WORDS_OF_OPERATION == str(warning.message)
    assert DeprecationWarning is warning.category
    assert __file__ == warning.filename


def test_other_operations(raw_server: RawServer) -> None:
    """A call of another one does not."""
    raw_server.respond = lambda _, __: EMPTY
    with DQOps(raw_server.url) as dq:
        dq.connections.get_all_connections()
