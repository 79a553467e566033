"""Waiting until services are healthy, as before a pipeline begins."""

from __future__ import annotations

import time
from itertools import zip_longest
from typing import TYPE_CHECKING

from .._runtime.public import publish
from .._runtime.settings.checks import as_seconds
from ..client.errors import InvalidRequest
from .report import SHORTEST_QUESTION, more_telling
from .services import DEFAULT_TIMEOUT, probe_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from .probes import Probe
    from .report import HealthReport
    from .services import Checkable

__all__ = ["NotHealthyInTime", "wait_until_healthy", "wait_until_healthy_async"]


class NotHealthyInTime(TimeoutError):  # noqa: N818 - as the other exceptions of the SDK
    """Not all services got healthy in time.

    Attributes:
        reports: The last report of each service, in the order of the clients. If there was no time
            left for a response in the last round, it is the report of the round before.
    """

    def __init__(self, timeout: float, reports: Sequence[HealthReport]) -> None:
        self.timeout = timeout
        self.reports = tuple(reports)
        bad = "; ".join(str(report) for report in reports if not report.healthy)
        super().__init__(f"not healthy within {timeout:g} s: {bad}")

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.timeout, self.reports))


def wait_until_healthy(
    *clients: Checkable, timeout: float | timedelta = 60.0, interval: float | timedelta = 1.0
) -> list[HealthReport]:
    """Ask services for their health until all of them are healthy at the same time.

    Args:
        *clients: What `check` takes.
        timeout: Seconds for all of it, or a timedelta. Each service is asked at least once.
        interval: Seconds between two rounds, or a timedelta.

    Returns:
        The reports of the last round, in the order of the clients.

    Raises:
        NotHealthyInTime: The time is over; `reports` tells what is wrong.
        TypeError: There is no way to ask with a client.
        InvalidRequest: There is no client, or a client, the timeout or the interval cannot be
            used.
    """
    rounds = _Rounds(clients, timeout, interval)
    while True:
        pause = rounds.pause_after([probe.ask(rounds.time_to_ask()) for probe in rounds.probes])
        if pause is None:
            return rounds.reports
        time.sleep(pause)


async def wait_until_healthy_async(
    *clients: Checkable,
    timeout: float | timedelta = 60.0,
    interval: float | timedelta = 1.0,
) -> list[HealthReport]:
    """Ask services for their health, all at once, until all of them are healthy.

    Args:
        *clients: What `check` takes.
        timeout: Seconds for all of it, or a timedelta. Each service is asked at least once.
        interval: Seconds between two rounds, or a timedelta.

    Returns:
        The reports of the last round, in the order of the clients.

    Raises:
        NotHealthyInTime: The time is over; `reports` tells what is wrong.
        TypeError: There is no way to ask with a client.
        InvalidRequest: There is no client, or a client, the timeout or the interval cannot be
            used.
    """
    import asyncio

    rounds = _Rounds(clients, timeout, interval)
    while True:
        questions = [probe.ask_async(rounds.time_to_ask()) for probe in rounds.probes]
        pause = rounds.pause_after(await asyncio.gather(*questions))
        if pause is None:
            return rounds.reports
        await asyncio.sleep(pause)


def _seconds(name: str, value: float | timedelta) -> float:
    seconds: float = as_seconds(value)
    is_number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
    if not is_number or not seconds >= 0:  # NaN is not either
        raise InvalidRequest(
            f"{name} must be a number of seconds >= 0 or a timedelta, got {value!r}"
        )
    return seconds


class _Rounds:
    """What was found out in the rounds of a wait, and when the next one is."""

    def __init__(
        self, clients: Sequence[Checkable], timeout: float | timedelta, interval: float | timedelta
    ) -> None:
        if not clients:
            raise InvalidRequest("no client was given, so that there is nothing to wait for")
        timeout, interval = _seconds("timeout", timeout), _seconds("interval", interval)
        self.probes: list[Probe] = [probe_of(client) for client in clients]
        self.reports: list[HealthReport] = []
        self._timeout = timeout
        self._interval = interval
        self._is_cut_short = False
        self._end = time.monotonic() + timeout

    @property
    def _left(self) -> float:
        return self._end - time.monotonic()

    def time_to_ask(self) -> float:
        """Give the seconds for a question."""
        seconds = max(SHORTEST_QUESTION, min(DEFAULT_TIMEOUT, self._left))
        self._is_cut_short = seconds < DEFAULT_TIMEOUT
        return seconds

    def pause_after(self, reports: Sequence[HealthReport]) -> float | None:
        """Take the reports of a round.

        Args:
            reports: One of each service.

        Returns:
            Seconds until the next round; None if there is none, because all are healthy.

        Raises:
            NotHealthyInTime: The time is over.
        """
        self.reports = [
            more_telling(report, earlier, is_cut_short=self._is_cut_short)
            for report, earlier in zip_longest(reports, self.reports)
        ]
        if all(report.healthy for report in reports):
            return None
        left = self._left
        if left <= 0:
            raise NotHealthyInTime(self._timeout, self.reports)
        return min(self._interval, left)


publish("health", (NotHealthyInTime,), package="dqops")
