"""Waits for the job of another task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from airflow.providers.common.compat.sdk import AirflowException

from dqops import jobs
from dqops.airflow.base import XCOM_JOB, DqopsJobOperator, given
from dqops.airflow.common.exceptions.dqops_unfinished_job_exception import (
    DqopsUnfinishedJobException,
)
from dqops.client.models import RuleSeverityLevel
from dqops.client.types import UNSET
from dqops.jobs.lookup import ENDED
from dqops.jobs.orchestrating import find_job

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dqops.client import AuthenticatedClient, Client
    from dqops.jobs import JobHandle, Outcome

__all__ = ["DqopsWaitForJobOperator"]


class DqopsWaitForJobOperator(DqopsJobOperator):
    """Waits for the end of a job of any kind; after a run of checks, the gate judges.

    It submits nothing, and cancels nothing when it is killed: the job is another task's.

    Args:
        task_id_to_wait_for: The task whose job it is; by default the first one upstream.
        fail_at_severity: After a run of checks, the lowest severity that is too bad.
        **kwargs: Those of `DqopsJobOperator`; `job_business_key` names the job itself.
    """

    template_fields: Sequence[str] = (
        *DqopsJobOperator.template_fields,
        "task_id_to_wait_for",
        "fail_at_severity",
    )

    _owns_job = False

    def __init__(
        self,
        *,
        task_id_to_wait_for: Any = UNSET,
        fail_at_severity: RuleSeverityLevel | str = RuleSeverityLevel.FATAL,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.task_id_to_wait_for = given(task_id_to_wait_for)
        self.fail_at_severity = given(fail_at_severity)

    def execute(self, context: Any) -> Any:
        """Wait for the job, or leave that to the triggerer.

        Args:
            context: The context of the task.

        Returns:
            What is known of the job, as JSON.
        """
        settings = self.hook().settings()
        with settings.client() as client:
            handle = find_job(client, self._gather_job_id(context))
            self.kind = handle._job.kind  # type: ignore[misc]
            self._tell(context, settings, handle)
            if self.deferrable and handle.status() not in ENDED:
                self._defer(context, settings, handle.business_key)
            return self._follow(context, client, handle, self._timeout())

    def on_kill(self) -> None:
        """Leave the job alone."""

    def _attach(self, client: AuthenticatedClient | Client, key: str) -> JobHandle[Any]:
        return find_job(client, key)

    def _gather_job_id(self, context: Any) -> str:
        """Find out which job to wait for."""
        if self.job_business_key:
            return str(self.job_business_key)
        task = self.task_id_to_wait_for or next(iter(sorted(self.upstream_task_ids)), None)
        if task is None:
            raise AirflowException(
                f"{self.task_id} has no task upstream; pass task_id_to_wait_for or job_business_key"
            )
        ti = context["ti"]
        told = ti.xcom_pull(task_ids=task, key="return_value")
        if isinstance(told, dict) and "jobId" in told:
            return str(told["jobId"].get("jobBusinessKey") or told["jobId"]["jobId"])
        told = ti.xcom_pull(task_ids=task, key=XCOM_JOB)
        if isinstance(told, dict):
            return str(told["business_key"])
        raise AirflowException(f"the task {task!r} has told of no job")

    def _finish(
        self, context: Any, client: AuthenticatedClient | Client, outcome: Outcome[Any]
    ) -> Any:
        value = {**self._value(outcome), "jobType": str(outcome.entry and outcome.entry.job_type)}
        if outcome.kind != jobs.RUN_CHECKS.name:
            return value
        verdict = outcome.judge(str(self.fail_at_severity), client=client)
        return self._gate(context, verdict, value, retry=False)

    def _raise_timeout(self, context: Any, value: dict[str, Any], error: Exception) -> NoReturn:
        context["ti"].xcom_push(key="return_value", value=value)
        raise DqopsUnfinishedJobException(str(error)) from error
