"""What the tests of the simulated server share."""

from __future__ import annotations

import threading
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dqops.testing import CheckResult, Column, Connection, Seed, Table
from dqops.testing.http.messages import Response
from dqops.testing.specification.shipped import load_specification
from dqops.testing.specification.validation import Validation

if TYPE_CHECKING:
    import httpx

NOW = datetime(2024, 5, 20, 12, 0, tzinfo=UTC)
TABLE = "/api/connections/shop/schemas/sales/tables/orders"

SPECIFICATION = load_specification()
VALIDATION = Validation(SPECIFICATION)
#: The names of operations by group: a test of all of them is a loop for each group.
GROUPS: dict[str, list[str]] = defaultdict(list)
for _operation in SPECIFICATION.operations.values():
    GROUPS[_operation.tag].append(_operation.name)


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        """Tell the time."""
        return self._now

    def wait(self, condition: threading.Condition, until: datetime) -> None:  # noqa: ARG002
        """Move on to the time that is waited for, as if it had passed."""
        self._now = max(self._now, until)

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)


def result(
    check: str, severity: int = 0, *, days_ago: int = 0, hour: int = 0, **details: Any
) -> CheckResult:
    """Make a check result of the table `shop`, `sales.orders`."""
    executed_at = NOW - timedelta(days=days_ago) + timedelta(hours=hour)
    details.setdefault("category", "volume")
    return CheckResult(
        connection="shop",
        schema="sales",
        table=details.pop("table", "orders"),
        check_name=check,
        severity=severity,
        executed_at=executed_at,
        **details,
    )


def seed(*results: CheckResult, default_policies: bool = False) -> Seed:
    """Make a seed of check results, with a table that can be imported; without default checks."""
    columns = (Column("id", "BIGINT", nullable=False), Column("email"))
    tables = (
        Table("sales", "orders", columns=columns, labels=("hot",)),
        Table("sales", "returns", columns=columns, imported=False),
    )
    connections = (Connection("shop", tables=tables),)
    return Seed(connections, results, default_policies=default_policies)


def problems(operation: str, response: httpx.Response) -> list[str]:
    """Compare a response with the specification."""
    content_type = response.headers.get("content-type")
    headers = {} if content_type is None else {"Content-Type": content_type}
    sent = Response(response.status_code, response.content, headers)
    return VALIDATION.response_problems(SPECIFICATION.operations[operation], sent)


def simulator_threads() -> list[threading.Thread]:
    """List the threads of simulated servers."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("dqops-")]
