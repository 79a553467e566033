"""What all operators share: the connection, and the way of a job from its start to its end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from airflow.providers.common.compat.sdk import AirflowException, BaseOperator, conf

from dqops import jobs
from dqops.airflow.common.exceptions.dqops_data_quality_issue_detected_exception import (
    DqopsDataQualityIssueDetectedException,
    DqopsGateFailedException,
)
from dqops.airflow.common.exceptions.dqops_job_failed_exception import DqopsJobFailedException
from dqops.airflow.common.exceptions.dqops_timeout_exception import DqopsTimeoutException
from dqops.client.errors import ClientError, InvalidRequest
from dqops.client.types import UNSET, Unset
from dqops.jobs.lookup import ENDED
from dqops.jobs.orchestrating import job_page, logical_key, short_verdict, table_page
from dqops.jobs.timing import DEFAULT_TIMEOUT

from .hooks import DEFAULT_URL, DqopsHook
from .links import DqopsJobLink, DqopsTableLink
from .triggers import DqopsJobTrigger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dqops.client import AuthenticatedClient, Client
    from dqops.jobs import JobHandle, JobKind, JobRequest, Outcome, Verdict
    from dqops.jobs.submission import IfExists

    from .hooks import ServerSettings

__all__ = ["XCOM_JOB", "DqopsJobOperator", "DqopsOperator", "given", "or_unset"]

#: The key of the XCom that tells of the job as soon as it is submitted.
XCOM_JOB = "dqops_job"

# Seconds for a server that is down to come back, before the task fails and may be retried.
_SUBMIT_WITHIN = 300.0
# Airflow kills a task five seconds after SIGTERM.
_CANCEL_WITHIN = 4.0
# Seconds for the outcome of a job that has ended.
_OUTCOME_WITHIN = 300.0


def given(value: Any) -> Any:
    """Turn UNSET, which the official operators have as a default, into None.

    Args:
        value: An argument.

    Returns:
        None for UNSET; enumerations as strings, so that Airflow can store them.
    """
    if isinstance(value, Unset):
        return None
    return str(value) if hasattr(value, "is_known") else value


def or_unset(value: Any) -> Any:
    """Turn None into UNSET, for models.

    Args:
        value: A rendered argument.

    Returns:
        UNSET for None.
    """
    return UNSET if value is None else value


class DqopsOperator(BaseOperator):
    """Base of the operators: the connection to DQOps.

    Args:
        conn_id: The Airflow connection of type `dqops`. None for `dqops_default` where there is
            such a one, or else `base_url` with `api_key` or the environment's `DQOPS_API_KEY`.
        base_url: The URL of the server, if it is not that of the connection.
        api_key: The API key, if it is not that of the connection. Better use a connection: this
            one stands in the DAG.
        wait_timeout: Seconds to wait; an hour if it is left out.
        fail_on_timeout: Whether the task fails when they are over.
        **kwargs: Those of every operator.
    """

    template_fields: Sequence[str] = ("conn_id", "base_url", "wait_timeout")
    ui_color = "#c8f0d8"

    def __init__(
        self,
        *,
        conn_id: str | None = None,
        base_url: str = DEFAULT_URL,
        api_key: Any = UNSET,
        wait_timeout: Any = UNSET,
        fail_on_timeout: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.conn_id = conn_id
        self.base_url = base_url
        self.api_key = given(api_key)
        self.wait_timeout = given(wait_timeout)
        self.fail_on_timeout = fail_on_timeout
        if isinstance(self.api_key, str) and "{{" in self.api_key:
            raise InvalidRequest(
                "api_key is no template, because Airflow shows templates to users; put the key "
                "into a connection of type dqops, and pass its conn_id"
            )

    def hook(self) -> DqopsHook:
        """Make the hook of the server.

        Returns:
            The hook.
        """
        return DqopsHook(self.conn_id, base_url=self._own_url(), api_key=self.api_key)

    def _own_url(self) -> str | None:
        return None if self.base_url == DEFAULT_URL else self.base_url

    def _timeout(self) -> float:
        """Tell for how many seconds to wait; templates are rendered to strings."""
        return DEFAULT_TIMEOUT if self.wait_timeout in (None, "") else float(self.wait_timeout)

    def _place(self) -> tuple[str, str]:
        """Name the connection in DQOps, and schema and table, that the task is about."""
        return "", ""

    def _gate(self, context: Any, verdict: Verdict, value: dict[str, Any], *, retry: bool) -> Any:
        """Let good data pass, and stop on bad data.

        Args:
            context: The context of the task.
            verdict: What is true of the data.
            value: What the task returns.
            retry: Whether the task may be retried.

        Returns:
            The value with the verdict.
        """
        self._verdict = verdict
        value = {**value, "verdict": short_verdict(verdict)}
        self.log.info("%s", verdict)
        try:
            verdict.raise_if_failed()
        except jobs.QualityGateFailed as error:
            kind = DqopsDataQualityIssueDetectedException if retry else DqopsGateFailedException
            raise kind(context["ti"], value, str(error)) from error
        return value

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> Any:  # noqa: ARG002
        """Tell OpenLineage which checks passed; called only where its provider is installed.

        Args:
            task_instance: The task instance.

        Returns:
            The datasets with their assertions; None if nothing was judged.
        """
        verdict = getattr(self, "_verdict", None)
        if verdict is None:
            return None
        from .lineage import lineage_of

        return lineage_of(verdict)

    get_openlineage_facets_on_failure = get_openlineage_facets_on_complete


class DqopsJobOperator(DqopsOperator):
    """Base of the operators that run a job: submitted once, followed, cancelled with the task.

    The business key names the logical run (DAG, task, run, map index, and which clear), so that a
    retry takes up the job that a lost worker has left. A job that failed or was cancelled is run
    anew by a retry, and every job by a clear.

    Args:
        job_business_key: A key of your own. A job of that key is taken up as long as it has not
            ended.
        deferrable: Whether the triggerer waits, and no worker; by default as the option
            `default_deferrable` of Airflow says.
        **kwargs: Those of `DqopsOperator`.
    """

    template_fields: Sequence[str] = (*DqopsOperator.template_fields, "job_business_key")
    operator_extra_links = (DqopsTableLink(), DqopsJobLink())

    #: The kind of the job.
    kind: ClassVar[JobKind[Any, Any]]
    _running: tuple[ServerSettings, str] | None = None
    _is_killed = False
    # Whether the job is cancelled with the task.
    _owns_job = True

    def __init__(
        self,
        *,
        job_business_key: Any = UNSET,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.job_business_key = given(job_business_key)
        self.deferrable = deferrable

    def execute(self, context: Any) -> Any:
        """Submit the job and follow it to its end, or leave that to the triggerer.

        Args:
            context: The context of the task.

        Returns:
            What is known of the job, as JSON.
        """
        settings = self.hook().settings()
        key, if_exists = self._key(context)
        request = self._request(key)
        self._running = (settings, key)
        with settings.client() as client:
            handle = jobs.submit(
                client,
                request,
                timeout=_SUBMIT_WITHIN,
                if_exists=if_exists,
                cancel_on_interrupt=True,
            )
            if self._is_killed:  # while it was submitted
                handle.cancel(timeout=_CANCEL_WITHIN)
            self._tell(context, settings, handle)
            if self.deferrable and handle.status() not in ENDED:
                self._defer(context, settings, key)
            return self._follow(context, client, handle, self._timeout())

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Go on when the triggerer has waited.

        Args:
            context: The context of the task.
            event: What the trigger tells.

        Returns:
            What is known of the job, as JSON.
        """
        settings = self.hook().settings()
        self._running = (settings, event["business_key"])
        with settings.client() as client:
            handle = self._attach(client, event["business_key"])
            if event["what"] == "killed":
                became = "was cancelled" if self._owns_job else "goes on"
                raise AirflowException(
                    f"the task took longer than its execution_timeout; the job "
                    f"{event['business_key']!r} {became}"
                )
            # After a timeout, the job may have ended in the meantime.
            seconds = 0.0 if event["what"] == "timeout" else _OUTCOME_WITHIN
            return self._follow(context, client, handle, seconds)

    def on_kill(self) -> None:
        """Cancel the job of a task that is marked, cleared, stopped or timed out."""
        self._is_killed = True
        if self._running is None:
            return
        settings, key = self._running
        try:
            # A client of its own: the one of the task may be in the middle of a request.
            with settings.client() as client:
                status = self._attach(client, key).cancel(timeout=_CANCEL_WITHIN)
        except ClientError as error:
            self.log.warning("the job %s may go on: %s", key, error)
        else:
            self.log.info("the job %s is %s", key, status)

    def _request(self, key: str) -> JobRequest[Any]:
        """Say what the job is to do."""
        raise NotImplementedError

    def _finish(
        self,
        context: Any,  # noqa: ARG002 - for operators that judge
        client: AuthenticatedClient | Client,  # noqa: ARG002
        outcome: Outcome[Any],
    ) -> Any:
        """Tell what came of the job that has finished."""
        return self._value(outcome)

    def _key(self, context: Any) -> tuple[str, IfExists]:
        """Name the logical run, and say what to do about a job of that name."""
        if self.job_business_key:
            return str(self.job_business_key), "rerun"
        ti = context["ti"]
        parts = [ti.dag_id, ti.task_id, ti.run_id]
        parts.append("" if ti.map_index < 0 else ti.map_index)
        # Airflow adds the tries before a clear to those that are allowed.
        cleared = (ti.max_tries or 0) - (self.retries or 0)
        parts.append(f"clear{cleared}" if cleared > 0 else "")
        return logical_key("airflow", *parts), self._if_exists()

    def _if_exists(self) -> IfExists:
        """Say what a retry does about a job that an earlier try has left."""
        return "attach"

    def _attach(self, client: AuthenticatedClient | Client, key: str) -> JobHandle[Any]:
        return jobs.attach(client, key, self.kind)

    def _tell(self, context: Any, settings: ServerSettings, handle: JobHandle[Any]) -> None:
        """Tell of the job at once, so that it is known whatever happens to the task."""
        if handle.attached:
            self.log.info("taking up the job %s", handle.business_key)
        server = settings.url
        told = {
            "job_id": handle.job_id,
            "business_key": handle.business_key,
            "kind": handle.kind,
            "job_link": None if handle.job_id is None else job_page(server, handle.job_id),
            "table_link": table_page(server, *self._place()),
        }
        context["ti"].xcom_push(key=XCOM_JOB, value=told)

    def _defer(self, context: Any, settings: ServerSettings, key: str) -> None:
        """Leave the waiting to the triggerer, with absolute times."""
        now = time.time()
        kill_at = None
        if self.execution_timeout is not None:
            started = getattr(context["ti"], "start_date", None)
            begin = now if started is None else started.timestamp()
            kill_at = begin + self.execution_timeout.total_seconds()
        self.log.info("the triggerer waits for the job %s of %s", key, settings.url)
        self.defer(
            trigger=DqopsJobTrigger(
                conn_id=self.conn_id,
                base_url=self._own_url(),
                api_key=self.api_key,
                kind=self.kind.name,
                business_key=key,
                wait_until=now + self._timeout(),
                kill_at=kill_at,
                owns_job=self._owns_job,
            ),
            method_name="execute_complete",
        )

    def _follow(
        self,
        context: Any,
        client: AuthenticatedClient | Client,
        handle: JobHandle[Any],
        timeout: float,
    ) -> Any:
        """Wait for the end, and say what it means for the task."""
        try:
            outcome = handle.wait(timeout=timeout, cancel_on_interrupt=self._owns_job)
        except jobs.JobTimeout as error:
            value = self._job_value(handle, "running")
            if not self.fail_on_timeout:
                self.log.warning("%s", error)
                return value
            self._raise_timeout(context, value, error)
        except (jobs.JobFailed, jobs.JobCancelled) as error:
            status = "failed" if isinstance(error, jobs.JobFailed) else "cancelled"
            value = self._job_value(handle, status)
            raise DqopsJobFailedException(context["ti"], value, str(error)) from error
        return self._finish(context, client, outcome)

    def _raise_timeout(self, context: Any, value: dict[str, Any], error: Exception) -> NoReturn:
        context["ti"].xcom_push(key="return_value", value=value)
        raise DqopsTimeoutException(f"{error} A retry of the task takes it up.") from error

    def _value(self, outcome: Outcome[Any]) -> dict[str, Any]:
        """Give what the official operators return: which job it was, its status and result."""
        result = outcome.result
        return {
            "jobId": _identity(outcome.job_id, outcome.business_key, outcome.created_at),
            "status": str(outcome.status),
            **({} if result is None else {"result": result.to_dict()}),
        }

    def _job_value(self, handle: JobHandle[Any], status: str) -> dict[str, Any]:
        return {"jobId": _identity(handle.job_id, handle.business_key), "status": status}


def _identity(job_id: int | None, key: str, created_at: Any = None) -> dict[str, Any]:
    told = {} if created_at is None else {"createdAt": created_at.isoformat()}
    return {"jobId": job_id, "jobBusinessKey": key, **told}
