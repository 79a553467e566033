"""Judges a table without running anything."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dqops import jobs
from dqops.airflow.base import XCOM_JOB, DqopsOperator, given, or_unset
from dqops.airflow.links import DqopsTableLink
from dqops.client.models import CheckSearchFilters, RuleSeverityLevel
from dqops.client.types import UNSET
from dqops.jobs.judging.criteria import LEAST_MONTHS
from dqops.jobs.judging.selection import selection_of
from dqops.jobs.orchestrating import table_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dqops.jobs import Verdict
    from dqops.jobs.judging.selection import Selection

__all__ = ["DqopsAssertTableStatusOperator"]


class DqopsAssertTableStatusOperator(DqopsOperator):
    """Fails if the checks of a table, as they were last run, say that its data is not good.

    Args:
        connection_name: The connection in DQOps.
        schema_name: The schema.
        table_name: The table.
        months: How many calendar months to look at; at least two, so that the last day of a month
            is seen on the first of the next one.
        profiling: Whether profiling checks count.
        monitoring: Whether monitoring checks count.
        partitioned: Whether partitioned checks count. If none of the three is told, the latter two
            count.
        check_time_scale: `daily` or `monthly`.
        data_group: The data group.
        check_name: The check.
        category: The category of the checks, such as `volume`.
        table_comparison: The table comparison.
        quality_dimension: The quality dimension, such as `Completeness`.
        fail_at_severity: The lowest severity that is too bad.
        retry_on_bad_data: Whether the task may be retried then.
        criteria: Further keywords of `dqops.jobs.Criteria`, such as `max_age`.
        **kwargs: Those of `DqopsOperator`.
    """

    template_fields: Sequence[str] = (
        *DqopsOperator.template_fields,
        "connection_name",
        "schema_name",
        "table_name",
        "months",
        "check_time_scale",
        "data_group",
        "check_name",
        "category",
        "table_comparison",
        "quality_dimension",
        "fail_at_severity",
        "criteria",
    )
    operator_extra_links = (DqopsTableLink(),)

    def __init__(
        self,
        connection_name: str,
        schema_name: str,
        table_name: str,
        *,
        months: Any = UNSET,
        profiling: Any = UNSET,
        monitoring: Any = UNSET,
        partitioned: Any = UNSET,
        check_time_scale: Any = UNSET,
        data_group: Any = UNSET,
        check_name: Any = UNSET,
        category: Any = UNSET,
        table_comparison: Any = UNSET,
        quality_dimension: Any = UNSET,
        fail_at_severity: RuleSeverityLevel | str = RuleSeverityLevel.FATAL,
        retry_on_bad_data: bool = False,
        criteria: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.connection_name = connection_name
        self.schema_name = schema_name
        self.table_name = table_name
        self.months = given(months)
        self.profiling = given(profiling)
        self.monitoring = given(monitoring)
        self.partitioned = given(partitioned)
        self.check_time_scale = given(check_time_scale)
        self.data_group = given(data_group)
        self.check_name = given(check_name)
        self.category = given(category)
        self.table_comparison = given(table_comparison)
        self.quality_dimension = given(quality_dimension)
        self.fail_at_severity = given(fail_at_severity)
        self.retry_on_bad_data = retry_on_bad_data
        self.criteria = criteria

    def execute(self, context: Any) -> Any:
        """Judge the table.

        Args:
            context: The context of the task.

        Returns:
            What is true of it, as JSON.
        """
        settings = self.hook().settings()
        link = table_page(settings.url, *self._place())
        context["ti"].xcom_push(key=XCOM_JOB, value={"table_link": link})
        with settings.client() as client:
            try:
                verdict = jobs.judge(
                    client,
                    self._selection(),
                    str(self.fail_at_severity),
                    timeout=self._timeout(),
                    **self._options(),
                )
            except jobs.JobTimeout as error:
                if self.fail_on_timeout:
                    raise
                self.log.warning("%s", error)
                return None
        verdict = self._narrowed(verdict)
        return self._gate(context, verdict, self._value(verdict), retry=self.retry_on_bad_data)

    def _selection(self) -> Selection:
        filters = CheckSearchFilters(
            connection=self.connection_name,
            full_table_name=f"{self.schema_name}.{self.table_name}",
            time_scale=or_unset(self.check_time_scale),
            check_name=or_unset(self.check_name),
            check_category=or_unset(self.category),
            table_comparison_name=or_unset(self.table_comparison),
            quality_dimension=or_unset(self.quality_dimension),
        )
        # What the server does about those that are left out.
        wanted = {
            "profiling": bool(self.profiling),
            "monitoring": self.monitoring is None or bool(self.monitoring),
            "partitioned": self.partitioned is None or bool(self.partitioned),
        }
        selection = selection_of(filters)
        types = frozenset(name for name, is_wanted in wanted.items() if is_wanted)
        return replace(selection, check_types=selection.check_types & types)

    def _options(self) -> dict[str, Any]:
        # With one month, the server shows nothing of yesterday on the first of a month.
        months = (
            {} if self.months in (None, "") else {"months": max(int(self.months), LEAST_MONTHS)}
        )
        return {**months, **(self.criteria or {})}

    def _place(self) -> tuple[str, str]:
        return self.connection_name, f"{self.schema_name}.{self.table_name}"

    def _narrowed(self, verdict: Verdict) -> Verdict:
        """Keep the results of one data group, if one is wanted."""
        if not self.data_group:
            return verdict
        tables = []
        for table in verdict.tables:
            checks = []
            for check in table.checks:
                results = tuple(
                    each for each in check.results if each.data_group == self.data_group
                )
                severity = max((each.severity for each in results), default=None)
                if check.results:
                    severity = severity or RuleSeverityLevel.VALID
                    check = replace(check, results=results, severity=severity)
                checks.append(check)
            known = [each.severity for each in checks if each.severity is not None]
            worst = max(known, default=None)
            tables.append(replace(table, checks=tuple(checks), severity=worst))
        return replace(verdict, tables=tuple(tables))

    def _value(self, verdict: Verdict) -> dict[str, Any]:
        """Give what the official operator returns, but for the checks themselves."""
        checks = list(verdict.checks())
        counts = Counter(str(each.severity) for each in checks)
        return {
            "connection_name": self.connection_name,
            "schema_name": self.schema_name,
            "table_name": self.table_name,
            "current_severity": None if verdict.severity is None else str(verdict.severity),
            "executed_checks": len(checks),
            "valid_results": counts["valid"],
            "warnings": counts["warning"],
            "errors": counts["error"],
            "fatals": counts["fatal"],
            "execution_errors": sum(each.execution_error is not None for each in checks),
        }
