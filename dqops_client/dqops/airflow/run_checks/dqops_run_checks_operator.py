"""Runs checks, then judges what is true of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dqops import jobs
from dqops.airflow.base import DqopsJobOperator, given, or_unset
from dqops.client.models import CheckSearchFilters, RuleSeverityLevel
from dqops.client.types import UNSET
from dqops.jobs.gates import judge_outcome
from dqops.jobs.timing import Run, Timing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dqops.client import AuthenticatedClient, Client
    from dqops.jobs import JobRequest, Outcome
    from dqops.jobs.submission import IfExists

__all__ = ["DqopsRunChecksOperator"]

# Seconds for judging after a run.
_JUDGE_WITHIN = 600.0

_FILTERS = (
    "connection",
    "full_table_name",
    "enabled",
    "tags",
    "labels",
    "column",
    "column_data_type",
    "column_nullable",
    "check_target",
    "check_type",
    "time_scale",
    "check_category",
    "table_comparison_name",
    "check_name",
    "sensor_name",
)


class DqopsRunChecksOperator(DqopsJobOperator):
    """Runs the checks that filters select, and fails if the data is not good.

    The gate judges by the current state of the checks, not by the summary of the run, which says
    nothing about bad data that did not change. It returns the result of the run, and as `verdict`
    which checks failed and why; so does the XCom of a task that failed.

    Args:
        connection: The connection in DQOps; a pattern such as `prod_*`. As all other filters, it
            may be left out, and may be a template.
        full_table_name: Schema and table, such as `public.orders` or `public.*`.
        enabled: Whether to select enabled tables, columns and checks.
        tags: Sent as it is; DQOps ignores it, so that it restricts nothing.
        labels: Labels that the table must have, each.
        column: The column.
        column_data_type: The data type of the column.
        column_nullable: Whether the column takes nulls.
        check_target: `table` or `column`.
        check_type: `profiling`, `monitoring` or `partitioned`.
        time_scale: `daily` or `monthly`.
        check_category: The category, such as `volume`.
        table_comparison_name: The table comparison.
        check_name: The check, such as `daily_row_count`.
        sensor_name: The sensor.
        fail_at_severity: The lowest severity that is too bad.
        retry_on_bad_data: Whether a failed gate is retried, running the checks again: for those
            who mend the data in between. Otherwise the task fails for good.
        criteria: Further keywords of `dqops.jobs.Criteria`, such as `allow_execution_errors`.
        **kwargs: Those of `DqopsJobOperator`: `conn_id`, `base_url`, `api_key`,
            `job_business_key`, `deferrable`, `wait_timeout`, `fail_on_timeout`.
    """

    template_fields: Sequence[str] = (
        *DqopsJobOperator.template_fields,
        *_FILTERS,
        "fail_at_severity",
        "criteria",
    )
    kind = jobs.RUN_CHECKS

    def __init__(
        self,
        *,
        connection: Any = UNSET,
        full_table_name: Any = UNSET,
        enabled: Any = UNSET,
        tags: Any = UNSET,
        labels: Any = UNSET,
        column: Any = UNSET,
        column_data_type: Any = UNSET,
        column_nullable: Any = UNSET,
        check_target: Any = UNSET,
        check_type: Any = UNSET,
        time_scale: Any = UNSET,
        check_category: Any = UNSET,
        table_comparison_name: Any = UNSET,
        check_name: Any = UNSET,
        sensor_name: Any = UNSET,
        fail_at_severity: RuleSeverityLevel | str = RuleSeverityLevel.FATAL,
        retry_on_bad_data: bool = False,
        criteria: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.connection = given(connection)
        self.full_table_name = given(full_table_name)
        self.enabled = given(enabled)
        self.tags = given(tags)
        self.labels = given(labels)
        self.column = given(column)
        self.column_data_type = given(column_data_type)
        self.column_nullable = given(column_nullable)
        self.check_target = given(check_target)
        self.check_type = given(check_type)
        self.time_scale = given(time_scale)
        self.check_category = given(check_category)
        self.table_comparison_name = given(table_comparison_name)
        self.check_name = given(check_name)
        self.sensor_name = given(sensor_name)
        self.fail_at_severity = given(fail_at_severity)
        self.retry_on_bad_data = retry_on_bad_data
        self.criteria = criteria

    def _if_exists(self) -> IfExists:
        return "rerun" if self.retry_on_bad_data else "attach"

    def _filters(self) -> CheckSearchFilters:
        told = {name: or_unset(getattr(self, name)) for name in _FILTERS}
        return CheckSearchFilters(**told)

    def _request(self, key: str) -> JobRequest[Any]:
        return self.kind.request(self._filters(), business_key=key)

    def _place(self) -> tuple[str, str]:
        return str(self.connection or ""), str(self.full_table_name or "")

    def _finish(
        self, context: Any, client: AuthenticatedClient | Client, outcome: Outcome[Any]
    ) -> Any:
        criteria = jobs.Criteria(at_least=str(self.fail_at_severity), **(self.criteria or {}))
        run = Run(Timing(), _JUDGE_WITHIN)
        verdict = judge_outcome(client, outcome, self._filters(), criteria, run)
        return self._gate(context, verdict, self._value(outcome), retry=self.retry_on_bad_data)
