"""Runs scenarios, and makes a row of a table of each."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, NamedTuple

from orchestrators.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrators.scenarios.servers import Server

__all__ = ["Came", "Table", "print_head"]

_UNENDED = {"running", "queued", "waiting", "cancel_requested"}


class Came(NamedTuple):
    """What came of a scenario: the end of task or run, at which try, and the jobs of the server."""

    state: str
    tries: int
    jobs: dict[str, int]


def print_head() -> None:
    """Print the head of the table."""
    print("| scenario | orchestrator | server | ended as | tries | jobs |", flush=True)
    print("|---|---|---|---|---|---|", flush=True)


class Table:
    """The table of an orchestrator.

    Args:
        engine: The orchestrator.
        server: The server.
        only: The scenarios to run; empty for all.
    """

    def __init__(self, engine: str, server: Server, only: list[str]) -> None:
        self._engine, self._server, self._only = engine, server, only
        self._wrong: list[str] = []

    def run(self, name: str, expected: Came, act: Callable[[], tuple[str, int]]) -> None:
        """Run a scenario.

        Args:
            name: Its name.
            expected: What must come of it.
            act: Does it, and gives the end and the number of tries.
        """
        if self._only and name not in self._only:
            return
        self._server.mark()
        try:
            state, tries = act()
            wait_until(lambda: not _UNENDED & set(self._server.count()), "the end of all jobs")
        except Exception:
            traceback.print_exc()
            state, tries = "error", 0
        came = Came(state, tries, dict(self._server.count()))
        jobs = ", ".join(f"{count} {status}" for status, count in sorted(came.jobs.items()))
        row = (name, self._engine, self._server.name, state, str(tries), jobs or "none")
        print(f"| {' | '.join(row)} |", flush=True)
        if came != expected:
            self._wrong.append(f"{name}: expected {expected}, got {came}")

    def finish(self) -> int:
        """Tell which rows are not what they must be, and give the status of the program."""
        print("\n".join(self._wrong), file=sys.stderr, flush=True)
        return bool(self._wrong)
