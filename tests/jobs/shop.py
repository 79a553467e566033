"""A shop whose data is judged: what the tests of quality gates share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dqops.client import Client
from dqops.client.models import (
    CheckContainerModel,
    CheckCurrentDataQualityStatusModel,
    CheckSearchFilters,
    EffectiveScheduleModel,
    PhysicalTableName,
    TableCurrentDataQualityStatusModel,
    TableCurrentDataQualityStatusModelChecks,
    TableListModel,
)
from dqops.jobs import Timing
from dqops.jobs.judging.criteria import Criteria
from dqops.jobs.judging.selection import Selection
from dqops.jobs.results import judging
from dqops.testing import CheckResult, Column, Connection, DqopsServer, ManualClock, Seed, Table

from jobs.support import World

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timezone

    from dqops.jobs import CheckVerdict, Outcome, Verdict
    from dqops.jobs.steps import Call

    from jobs.support import Calling

#: As patient as usual with a busy machine, and quick where the simulated server has a response.
TIMING = Timing(turn=1, report_every=1, first_pause=0.02, longest_pause=0.1)

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
DAY = 86400
MINUTE = 60
TABLE = "/api/connections/shop/schemas/sales/tables/orders"
CARTS = "/api/connections/shop/schemas/sales/tables/carts"

ROWS = {"volume": {"daily_row_count": {"error": {"min_count": 500}}}}


class Shop:
    """A simulated server with two tables, and a client of it.

    Args:
        calling: Calls a function of `dqops.jobs`.
        now: What time it is.
        more: Further tables.
        **settings: Settings of the server.
    """

    def __init__(
        self, calling: Calling, now: datetime = NOON, more: Sequence[Table] = (), **settings: Any
    ) -> None:
        columns = (Column("id", "BIGINT", nullable=False), Column("email"))
        tables = (
            Table("sales", "orders", columns=columns),
            Table("sales", "carts", columns=columns),
            *more,
        )
        self.server = DqopsServer(
            Seed((Connection("shop", tables=tables),), default_policies=False),
            clock=ManualClock(now),
            job_mode="immediate",
            job_duration=0,
            **settings,
        )
        self.server.start()
        self.client = Client(self.server.url)
        self._calling = calling

    def put(self, checks: dict[str, Any], path: str = f"{TABLE}/monitoring/daily") -> Shop:
        """Configure checks."""
        response = self.client.get_httpx_client().put(path, json=checks)
        assert 204 == response.status_code, response.text
        return self

    def partitioned(self) -> Shop:
        """Say which column the table is partitioned by."""
        return self.put(
            {
                "connection_name": "shop",
                "target": {"schema_name": "sales", "table_name": "orders"},
                "timestamp_columns": {"partition_by_column": "id"},
            },
            f"{TABLE}/partitioning",
        )

    def change_column(self, name: str, **properties: Any) -> Shop:
        """Change properties of a column."""
        http = self.client.get_httpx_client()
        path = f"{TABLE}/columns/{name}"
        return self.put({**http.get(path).json()["spec"], **properties}, path)

    def value(self, value: float, check: str = "daily_row_count", **where: Any) -> Shop:
        """Say what a check measures from now on."""
        self.server.set_value(value, check_name=check, **{"table": "sales.orders", **where})
        return self

    def later(self, seconds: float) -> Shop:
        """Let time pass."""
        self.server.advance(seconds)
        return self

    def stored(self, check: str, severity: int, **details: Any) -> Shop:
        """Store a result of now."""
        self.server.state.add_check_result(
            CheckResult(
                connection="shop",
                schema="sales",
                table="orders",
                check_name=check,
                severity=severity,
                executed_at=self.server.state.clock.now(),
                **{"category": "volume", **details},
            )
        )
        return self

    def next_run(self, outcome: str) -> Shop:
        """Say how the next run ends."""
        self.server.next_outcome(outcome)
        return self

    def run(self, **filters: Any) -> Shop:
        """Run checks."""
        found = CheckSearchFilters(**{"connection": "shop", **filters})
        self._calling(self.client, "run_checks", found, timing=TIMING)
        return self

    def gate(self, name: str = "gate", filters: Any = None, **options: Any) -> Verdict:
        """Ask for a verdict."""
        wanted = {"connection": "shop", "full_table_name": "sales.orders", **(filters or {})}
        found: Verdict = self._calling(
            self.client, name, CheckSearchFilters(**wanted), **{"timing": TIMING, **options}
        )
        return found

    def close(self) -> None:
        """End both."""
        self.client.close()
        self.server.stop()


def outcome_of(verdict: Verdict) -> dict[str, Any]:
    """Tell what a verdict says, as the cases do."""

    def named(check: CheckVerdict, more: str | None) -> str:
        return " ".join(part for part in (check.column, check.check, more) if part)

    return {
        "failures": sorted(named(check, check.severity) for check in verdict.failed_checks),
        "inactive": sorted(named(check, check.state) for check in verdict.inactive),
        "problems": sorted(each.kind for each in verdict.problems if not each.allowed),
        "requests": verdict.requests,
    }


class Told:
    """A server that tells one table, whose only check was stored a minute ago, and its clock.

    Args:
        now: What time it is there.
        zone: In which zone it tells when the next run is due; None if none is.
    """

    def __init__(self, now: datetime, zone: timezone | None) -> None:
        self._now = now
        self._schedule = (
            None
            if zone is None
            else EffectiveScheduleModel(
                time_of_execution=(now + timedelta(hours=10)).astimezone(zone),
                time_until_execution=timedelta(hours=10),
            )
        )

    def __call__(self, call: Call) -> object:
        """Respond to a call."""
        if call.operation == "search/find_tables":
            target = PhysicalTableName(schema_name="sales", table_name="orders")
            return [
                TableListModel(
                    connection_name="shop", target=target, partitioning_configuration_missing=True
                )
            ]
        if call.operation.endswith("checks_model_filter"):
            found = CheckContainerModel(categories=[])
            if self._schedule is not None:
                found.effective_schedule = self._schedule
            return found
        if call.operation.endswith("data_quality_status"):
            check = CheckCurrentDataQualityStatusModel.from_dict(
                {
                    "current_severity": "valid",
                    "highest_historical_severity": "valid",
                    "last_executed_at": (self._now - timedelta(minutes=1)).isoformat(),
                    "check_type": "monitoring",
                    "time_scale": "daily",
                    "category": "volume",
                    "valid_results": 1,
                }
            )
            checks = TableCurrentDataQualityStatusModelChecks()
            checks["daily_row_count"] = check
            return TableCurrentDataQualityStatusModel(checks=checks)
        return []


def judged(
    server: Callable[[Call], object], outcome: Outcome[Any] | None = None, **options: Any
) -> Verdict:
    """Judge what such a server tells, after a run or without one."""
    world = World(server)
    steps = judging(Selection(), Criteria(**options), world.run(TIMING), outcome)
    found: Verdict = world.drive(steps)
    return found
