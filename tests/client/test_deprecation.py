"""What is deprecated warns whoever uses it, and says so in its docstring."""

from __future__ import annotations

import asyncio
import inspect
import warnings
from typing import Any

import pytest
from support.runtime import deprecated

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
