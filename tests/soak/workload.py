"""The calls of the experiment: what each worker does, in a task or in a thread.

A worker creates a dictionary, reads it, downloads it, changes it and deletes it, then begins anew
with another one. Names and contents are of its own, so that a result tells whose it is.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from dqops.client.api.dictionaries import (
    create_dictionary,
    delete_dictionary,
    download_dictionary,
    get_dictionary,
    update_dictionary,
)
from dqops.client.errors import ClientError
from dqops.client.models import DataDictionaryModel

from soak.journal import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from dqops.client import AuthenticatedClient

    from soak.journal import Journal

__all__ = ["Load", "work_in_task", "work_in_threads"]

# Lengths of contents in characters; most responses are small, some are large.
_LENGTHS = (100,) * 7 + (2_000,) * 2 + (100_000,)
# Shares of the calls.
_CANCELLED = 0.03
_LEFT_HALF_READ = 0.1


@dataclass
class Load:
    """What all workers share.

    Attributes:
        client: The one client.
        journal: Where the outcomes are written.
        seed: Where the chance begins.
        seconds: How long dictionaries are begun.
        deadline: Seconds for each of the calls that have a deadline.
        under_way: How many calls are under way now.
        end: When to begin no more dictionaries, by `time.monotonic`.
    """

    client: AuthenticatedClient
    journal: Journal
    seed: int
    seconds: float
    deadline: float
    under_way: int = 0
    end: float = field(init=False)

    def __post_init__(self) -> None:
        self.end = time.monotonic() + self.seconds
        self._lock = threading.Lock()

    @property
    def is_over(self) -> bool:
        """Whether no more dictionaries are to be begun."""
        return time.monotonic() >= self.end

    @contextmanager
    def call(self, step: _Step) -> Iterator[_Call]:
        """Write down what becomes of a call.

        Args:
            step: The call.

        Yields:
            What the result is handed to.
        """
        call = _Call(step)
        began = time.monotonic()
        with self._lock:
            self.under_way += 1
        try:
            yield call
        except ClientError as error:
            call.outcome = type(error).__name__
            call.attempts = getattr(error, "attempts", 0)
            call.detail = str(error)[:300]
        except asyncio.CancelledError:
            call.outcome = Entry.CANCELLED
        except Exception as error:  # never expected; the program goes on to count them
            call.outcome = type(error).__name__
            call.detail = repr(error)[:300]
        finally:
            with self._lock:
                self.under_way -= 1
        self.journal.add(
            Entry(
                step.operation,
                step.name,
                call.outcome,
                call.attempts,
                time.monotonic() - began,
                self.deadline if step.has_deadline else float("inf"),
                call.detail,
            )
        )

    def view(self, step: _Step) -> AuthenticatedClient:
        """Make the client of a call, with options of its own."""
        if step.has_deadline:
            return self.client.with_options(deadline=self.deadline, headers={"X-Name": step.name})
        return self.client.with_options(headers={"X-Name": step.name})


@dataclass(frozen=True)
class _Step:
    """A call that a worker makes.

    Attributes:
        module: The operation's module.
        name: The dictionary that it is about.
        content: What the dictionary holds then.
        arguments: The keywords of the operation.
    """

    module: ModuleType
    name: str
    content: str
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def operation(self) -> str:
        """The operation's name."""
        return self.module.__name__.rpartition(".")[2]

    @property
    def path(self) -> tuple[str, ...]:
        """The path parameters."""
        return () if self.module is create_dictionary else (self.name,)

    @property
    def has_deadline(self) -> bool:
        """Whether the call has a deadline."""
        return self.module is get_dictionary

    def is_right(self, result: Any) -> bool:
        """Tell whether the result is that of this call."""
        if self.module is not get_dictionary:
            return result is None
        return (self.name, self.content) == (result.dictionary_name, result.file_content)


@dataclass
class _Call:
    """A call under way, and what became of it."""

    step: _Step
    outcome: str = Entry.WRONG
    attempts: int = 0
    detail: str = ""

    def ended(self, *, is_right: bool) -> None:
        """Take the judgement of its result."""
        if is_right:
            self.outcome = Entry.OK


def _steps(name: str, chance: random.Random) -> Iterator[_Step]:
    content = name + "," * chance.choice(_LENGTHS)
    changed = f"{content}\nchanged"
    body, changed_body = (
        {"json_body": DataDictionaryModel(dictionary_name=name, file_content=text)}
        for text in (content, changed)
    )
    yield _Step(create_dictionary, name, content, body)
    yield _Step(get_dictionary, name, content)
    yield _Step(update_dictionary, name, changed, changed_body)
    yield _Step(download_dictionary, name, changed)
    yield _Step(delete_dictionary, name, changed)


def work_in_threads(load: Load, how_many: int) -> None:
    """Let threads make calls until the time is over.

    Args:
        load: What they share.
        how_many: How many threads.
    """
    threads = [
        threading.Thread(target=_work, args=(load, f"thread-{number}"))
        for number in range(how_many)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _work(load: Load, worker: str) -> None:
    for name, chance in _names(load, worker):
        for step in _steps(name, chance):
            with load.call(step) as call:
                _carry_out(load, call, chance)
            if call.outcome != Entry.OK:
                break


def _carry_out(load: Load, call: _Call, chance: random.Random) -> None:
    step, client = call.step, load.view(call.step)
    if step.module is not download_dictionary:
        result = step.module.sync(*step.path, client=client, **step.arguments)
        call.ended(is_right=step.is_right(result))
        return
    expected, read = step.content.encode(), b""
    is_left = chance.random() < _LEFT_HALF_READ
    with download_dictionary.stream(step.name, client=client) as download:
        for piece in download.iter_bytes():
            read += piece
            if is_left:
                break
    call.ended(is_right=expected.startswith(read) and (is_left or read == expected))


async def work_in_task(load: Load, worker: str) -> None:
    """Make calls, one after the other, until the time is over; some of them are cancelled.

    Args:
        load: What all workers share.
        worker: The worker's name.
    """
    for name, chance in _names(load, worker):
        for step in _steps(name, chance):
            with load.call(step) as call:
                if chance.random() < _CANCELLED:
                    await _cancelled(_carry_out_async(load, call, chance), chance)
                else:
                    await _carry_out_async(load, call, chance)
            if call.outcome != Entry.OK:
                break


async def _carry_out_async(load: Load, call: _Call, chance: random.Random) -> None:
    step, client = call.step, load.view(call.step)
    if step.module is not download_dictionary:
        result = await step.module.asyncio(*step.path, client=client, **step.arguments)
        call.ended(is_right=step.is_right(result))
        return
    expected, read = step.content.encode(), b""
    is_left = chance.random() < _LEFT_HALF_READ
    async with download_dictionary.asyncio_stream(step.name, client=client) as download:
        async for piece in download.iter_bytes():
            read += piece
            if is_left:
                break
    call.ended(is_right=expected.startswith(read) and (is_left or read == expected))


async def _cancelled(call: Any, chance: random.Random) -> None:
    """Start a call and cancel it at any point, which may be after its end."""
    task = asyncio.ensure_future(call)
    await asyncio.wait([task], timeout=chance.expovariate(1 / 0.3))
    task.cancel()
    await task


def _names(load: Load, worker: str) -> Iterator[tuple[str, random.Random]]:
    chance = random.Random(f"{load.seed}:{worker}")
    for number in count(1):
        # Each worker makes one in any case: a busy machine must not make a short run say nothing.
        if number > 1 and load.is_over:
            return
        yield f"{worker}-{number}", chance
