"""Waits until a table is good."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import AirflowException, BaseSensorOperator, conf

from dqops import jobs
from dqops.airflow.base import XCOM_JOB, given, or_unset
from dqops.airflow.hooks import DqopsHook
from dqops.airflow.links import DqopsTableLink
from dqops.airflow.triggers import DqopsTableStatusTrigger
from dqops.client.models import CheckSearchFilters, RuleSeverityLevel
from dqops.jobs.orchestrating import table_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["DqopsTableStatusSensor"]


class DqopsTableStatusSensor(BaseSensorOperator):
    """Waits until the checks of tables, as they were last run, say that the data is good.

    It runs nothing. With `criteria={"max_age": 3600}` it waits for results of the last hour.

    Args:
        connection: The connection in DQOps.
        full_table_name: Schema and table, such as `public.orders` or `public.*`.
        check_type: `profiling`, `monitoring` or `partitioned`; None for all.
        check_name: The check; None for all.
        fail_at_severity: The lowest severity that is too bad.
        criteria: Further keywords of `dqops.jobs.Criteria`; durations in seconds.
        conn_id: The Airflow connection of type `dqops`; as with the operators.
        deferrable: Whether the triggerer waits, and no worker.
        **kwargs: Those of every sensor, such as `poke_interval` and `timeout`.
    """

    template_fields: Sequence[str] = (
        "conn_id",
        "connection",
        "full_table_name",
        "check_type",
        "check_name",
        "fail_at_severity",
        "criteria",
    )
    operator_extra_links = (DqopsTableLink(),)
    ui_color = "#c8f0d8"

    def __init__(
        self,
        *,
        connection: str,
        full_table_name: str,
        check_type: Any = None,
        check_name: str | None = None,
        fail_at_severity: RuleSeverityLevel | str = RuleSeverityLevel.ERROR,
        criteria: Mapping[str, Any] | None = None,
        conn_id: str | None = None,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.connection = connection
        self.full_table_name = full_table_name
        self.check_type = given(check_type)
        self.check_name = check_name
        self.fail_at_severity = given(fail_at_severity)
        self.criteria = criteria
        self.conn_id = conn_id
        self.deferrable = deferrable

    def execute(self, context: Any) -> Any:
        """Look at the tables, and leave further looks to the triggerer if it may wait.

        Args:
            context: The context of the task.

        Returns:
            None.
        """
        url = DqopsHook(self.conn_id).settings().url
        link = table_page(url, self.connection, self.full_table_name)
        context["ti"].xcom_push(key=XCOM_JOB, value={"table_link": link})
        if not self.deferrable:
            return super().execute(context)
        if not self.poke(context):
            limit = self.timeout
            seconds = limit.total_seconds() if hasattr(limit, "total_seconds") else float(limit)
            self.defer(
                trigger=DqopsTableStatusTrigger(
                    conn_id=self.conn_id,
                    filters=self._filters().to_dict(),
                    at_least=str(self.fail_at_severity),
                    options=dict(self.criteria or {}),
                    poke_interval=float(self.poke_interval),
                    wait_until=time.time() + seconds,
                ),
                method_name="execute_complete",
            )
        return None

    def execute_complete(self, context: Any, event: dict[str, Any]) -> None:  # noqa: ARG002
        """Go on when the triggerer has waited.

        Args:
            context: The context of the task.
            event: What the trigger tells.

        Raises:
            AirflowException: The time was over.
        """
        if event["what"] != "good":
            self._raise_for_timeout()

    def poke(self, context: Any) -> bool:  # noqa: ARG002
        """Look at the tables once.

        Args:
            context: The context of the task.

        Returns:
            Whether the data is good.
        """
        with DqopsHook(self.conn_id).get_conn() as client:
            verdict = jobs.judge(
                client, self._filters(), str(self.fail_at_severity), **(self.criteria or {})
            )
        self.log.info("%s", verdict)
        return verdict.passed

    def _filters(self) -> CheckSearchFilters:
        return CheckSearchFilters(
            connection=self.connection,
            full_table_name=self.full_table_name,
            check_type=or_unset(self.check_type),
            check_name=or_unset(self.check_name),
        )

    def _raise_for_timeout(self) -> None:
        what = f"{self.full_table_name} of {self.connection} did not become good in time"
        if self.soft_fail:
            from airflow.providers.common.compat.sdk import AirflowSkipException

            raise AirflowSkipException(what)
        raise AirflowException(what)
