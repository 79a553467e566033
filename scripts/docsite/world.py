"""The server on which examples are run: always in the same state, at the same time."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import httpx
from dqops.testing import CheckResult, DqopsServer, SkippingClock
from dqops.testing.seeds.demo import demo_seed

from docsite.calls import call_of, world_calls
from docsite.catalogue import described_operations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dqops.testing import Seed

    from docsite.calls import Call, Step

__all__ = ["NOW", "World", "open_world", "target_of"]

#: When the examples are run, by the clock of the server.
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)

#: How long jobs take, in seconds, by the clock of the server, which nobody waits for.
_JOB_DURATION = 42.0
_PREFIXES = {"profiling": "profile_", "monitoring": "daily_", "partitioned": "daily_partition_"}


class _Clock(SkippingClock):
    """A clock that can be set back."""

    def set(self, now: datetime) -> None:
        self._now = now


class World:
    """A running server that can be brought back to its first state.

    Args:
        server: The server.
        clock: Its clock.
        http: Sends requests to it.
    """

    def __init__(self, server: DqopsServer, clock: _Clock, http: httpx.Client) -> None:
        self.server = server
        self._clock = clock
        self._http = http
        self._by_name = {each.name: each for each in described_operations()}
        for step in world_calls():
            self._do(step)
        self._first = server.state.snapshot()
        self._time = clock.now()

    def reset(self, before: Step | None = None) -> None:
        """Bring the server back, its clock included.

        Args:
            before: What is called then.
        """
        self.server.state.restore(self._first)
        self._clock.set(self._time)
        if before is not None:
            self._do(before)

    def _do(self, step: Step) -> None:
        call = call_of(self._by_name[step.operation], step.chosen)
        method, target, headers, content = target_of(call)
        response = self._http.request(method, target, headers=headers, content=content)
        if not response.is_success:
            raise RuntimeError(f"{step.operation}: {method} {target} returned {response}")


@contextmanager
def open_world() -> Iterator[World]:
    """Start the server.

    Yields:
        The server, with what `calls.yaml` adds to the seed of `dqops.testing`.

    Raises:
        RuntimeError: A call of `calls.yaml` fails.
    """
    clock = _Clock(NOW)
    with (
        DqopsServer(
            _seed(),
            clock=clock,
            job_mode="skip",
            job_duration=_JOB_DURATION,
            license="ENTERPRISE",
            cloud_paired=True,
        ) as server,
        httpx.Client(
            base_url=server.url, headers={"Authorization": f"Bearer {server.api_key}"}
        ) as http,
    ):
        yield World(server, clock, http)


def target_of(call: Call) -> tuple[str, str, dict[str, str], str | None]:
    """Write a call as an HTTP request.

    Args:
        call: The call.

    Returns:
        Method, path with query, headers and content.
    """
    specified = call.operation.operation
    path, query = specified.path, []
    for each in call.operation.parameters:
        if each.key not in call.arguments:
            continue
        value = call.arguments[each.key]
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if each.place == "path":
            path = path.replace(f"{{{each.key}}}", quote(text, safe=""))
        else:
            query.append((each.key, text))
    target = f"{path}?{urlencode(query)}" if query else path
    headers, content = {}, None
    if specified.body_media_type is not None:
        headers["Content-Type"] = specified.body_media_type
    if call.body is not None:
        is_text = specified.body_media_type == "text/plain"
        content = call.body if is_text else json.dumps(call.body, ensure_ascii=False)
    return specified.method, target, headers, content


def _seed() -> Seed:
    """Add to the default seed what the operations about results look for."""
    seed = demo_seed(NOW)
    results = tuple(
        result
        for check_type, prefix in _PREFIXES.items()
        for result in (
            *_results(check_type, prefix, column=None, name="duplicate_record_count"),
            *_results(check_type, prefix, column="customer_id", name="duplicate_count"),
        )
    )
    return replace(seed, check_results=(*seed.check_results, *results))


def _results(
    check_type: str, prefix: str, *, column: str | None, name: str
) -> Iterator[CheckResult]:
    """Make a result with error samples, and an execution error."""
    common: dict[str, Any] = {
        "check_type": check_type,
        "column": column,
        "category": "uniqueness",
        "quality_dimension": "Uniqueness",
        "executed_at": NOW - timedelta(hours=1),
    }
    yield CheckResult(
        "warehouse", "public", "orders",
        check_name=f"{prefix}{name}", severity=2, actual_value=3.0,
        bounds={"errorUpperBound": 0.0}, samples=(17, 23, 42), **common,
    )  # fmt: skip
    yield CheckResult(
        "warehouse", "public", "orders",
        check_name=f"{prefix}{name.replace('duplicate', 'distinct')}", severity=4,
        error_message="Cannot connect to db.example.com:5432", **common,
    )  # fmt: skip
