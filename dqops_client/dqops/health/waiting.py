"""Waiting until services are healthy, as before a pipeline begins."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .probes import DEFAULT_TIMEOUT, probe_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .probes import Checkable
    from .report import HealthReport

__all__ = ["NotHealthyInTime", "wait_until_healthy", "wait_until_healthy_async"]

# So that a question at the end of the time can be answered at all.
_SHORTEST_QUESTION = 0.05


class NotHealthyInTime(TimeoutError):  # noqa: N818 - as the other exceptions of the SDK
    """Not all services got healthy in time.

    Attributes:
        reports: The last report of each service, in the order of the clients.
    """

    def __init__(self, timeout: float, reports: Sequence[HealthReport]) -> None:
        self.timeout = timeout
        self.reports = tuple(reports)
        bad = "; ".join(str(report) for report in reports if not report.healthy)
        super().__init__(f"not healthy within {timeout:g} s: {bad}")

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.timeout, self.reports))


def wait_until_healthy(
    *clients: Checkable, timeout: float = 60.0, interval: float = 1.0
) -> list[HealthReport]:
    """Ask services for their health until all of them are healthy at the same time.

    Args:
        *clients: What `check` takes.
        timeout: Seconds for all of it. Each service is asked at least once.
        interval: Seconds between two rounds.

    Returns:
        The reports of the last round, in the order of the clients.

    Raises:
        NotHealthyInTime: The time is over; `reports` tells what is wrong.
        TypeError: There is no way to ask with a client.
        InvalidRequest: A client cannot be used.
    """
    probes = [probe_of(client) for client in clients]
    end = time.monotonic() + timeout
    while True:
        reports = [probe.ask(_time_to_ask(end)) for probe in probes]
        pause = _pause(reports, end, timeout, interval)
        if pause is None:
            return reports
        time.sleep(pause)


async def wait_until_healthy_async(
    *clients: Checkable,
    timeout: float = 60.0,
    interval: float = 1.0,
) -> list[HealthReport]:
    """Ask services for their health, all at once, until all of them are healthy.

    Args:
        *clients: What `check` takes.
        timeout: Seconds for all of it. Each service is asked at least once.
        interval: Seconds between two rounds.

    Returns:
        The reports of the last round, in the order of the clients.

    Raises:
        NotHealthyInTime: The time is over; `reports` tells what is wrong.
        TypeError: There is no way to ask with a client.
        InvalidRequest: A client cannot be used.
    """
    import asyncio

    probes = [probe_of(client) for client in clients]
    end = time.monotonic() + timeout
    while True:
        questions = [probe.ask_async(_time_to_ask(end)) for probe in probes]
        reports = list(await asyncio.gather(*questions))
        pause = _pause(reports, end, timeout, interval)
        if pause is None:
            return reports
        await asyncio.sleep(pause)


def _time_to_ask(end: float) -> float:
    return max(_SHORTEST_QUESTION, min(DEFAULT_TIMEOUT, end - time.monotonic()))


def _pause(
    reports: Sequence[HealthReport], end: float, timeout: float, interval: float
) -> float | None:
    if all(report.healthy for report in reports):
        return None
    left = end - time.monotonic()
    if left <= 0:
        raise NotHealthyInTime(timeout, reports)
    return min(interval, left)
