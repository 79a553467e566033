"""Jobs as plain data: what a queue knows, and how it looks in JSON."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from .wire import compact, instant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = ["Job", "JobKind", "JobRecords", "Step"]

_ENDED = frozenset({"finished", "failed", "cancelled"})
#: What happens to a job when its time has come.
Step = Literal["start", "end", "cancel"]


@dataclass(frozen=True)
class JobKind:
    """How jobs of a type look in JSON.

    Args:
        job_type: The type's name on the wire.
        parameters: The property of the job that holds its parameters.
        result: The property of the parameters that holds the result; None where there is none.
    """

    job_type: str
    parameters: str
    result: str | None = None


@dataclass
class Job:
    """A job, as far as the API shows it.

    Attributes:
        number: The job's id.
        kind: The type of the job.
        parameters: The parameters as they came, or as the server made them for a child job.
        created_at: When it was put into the queue (UTC).
        identity: The job's id in JSON (`DqoQueueJobId`).
        status: Its current status on the wire.
        status_changed_at: Since when it has this status (UTC).
        business_key: The key that the caller chose, or None.
        parent: The number of the job that started it, or None.
        result: What its work gave.
        error_message: Why the job failed, or None.
        children: The numbers of the jobs that it has started.
    """

    number: int
    kind: JobKind
    parameters: Mapping[str, Any]
    created_at: datetime
    identity: dict[str, Any]
    status: str
    status_changed_at: datetime
    business_key: str | None = None
    parent: int | None = None
    result: dict[str, Any] | None = None
    error_message: str | None = None
    children: list[int] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        """Whether the job will not change any more."""
        return self.status in _ENDED

    def id_model(self) -> dict[str, Any]:
        """Give the job's identity (`DqoQueueJobId`).

        Returns:
            The JSON object.
        """
        return self.identity

    def model(self) -> dict[str, Any]:
        """Give the job (`DqoJobHistoryEntryModel`).

        Returns:
            The JSON object.
        """
        parameters = dict(self.parameters)
        if self.kind.result is not None and self.result is not None:
            parameters[self.kind.result] = self.result
        return compact(
            {
                "jobId": self.identity,
                "jobType": self.kind.job_type,
                "parameters": {self.kind.parameters: parameters},
                "status": self.status,
                "errorMessage": self.error_message,
                "statusChangedAt": instant(self.status_changed_at),
            }
        )


@dataclass
class JobRecords:
    """All that a queue knows; plain data.

    Attributes:
        jobs: The jobs by their numbers, oldest first.
        by_business_key: The numbers of the newest jobs by their keys.
        changes: The log of changes (`DqoJobChangeModel`).
        newest_number: The number of the newest job.
        due: What is going to happen: when, a tie-breaker, what, and to which job.
        planned: How many steps have been planned so far.
    """

    jobs: dict[int, Job] = field(default_factory=dict)
    by_business_key: dict[str, int] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    newest_number: int = 0
    due: list[tuple[datetime, int, Step, int]] = field(default_factory=list)
    planned: int = 0

    def add(
        self,
        number: int,
        kind: JobKind,
        parameters: Mapping[str, Any],
        moment: datetime,
        *,
        business_key: str | None = None,
        parent: Job | None = None,
    ) -> Job:
        """Add a job, which is queued.

        Args:
            number: Its id.
            kind: Its type.
            parameters: Its parameters.
            moment: When it is put into the queue (UTC).
            business_key: The key that the caller chose.
            parent: The job that starts it.

        Returns:
            The job.
        """
        identity = compact(
            {
                "jobId": number,
                "jobBusinessKey": business_key,
                "parentJobId": None if parent is None else parent.identity,
                "createdAt": instant(moment),
            }
        )
        job = Job(
            number,
            kind,
            parameters,
            created_at=moment,
            identity=identity,
            status="queued",
            status_changed_at=moment,
            business_key=business_key,
            parent=None if parent is None else parent.number,
        )
        self.newest_number = number
        self.jobs[number] = job
        if business_key:
            self.by_business_key[business_key] = number
        if parent is not None:
            parent.children.append(number)
        self._log(job)
        return job

    def change(self, job: Job, status: str, moment: datetime) -> None:
        """Give a job another status.

        Args:
            job: The job.
            status: The status on the wire.
            moment: Since when (UTC).
        """
        job.status = status
        job.status_changed_at = moment
        self._log(job)

    def forget_ended_before(self, moment: datetime) -> None:
        """Forget the jobs that have ended long ago; the log of changes stays.

        Args:
            moment: Jobs that have ended earlier are forgotten.
        """
        old = [job for job in self.jobs.values() if job.ended and job.status_changed_at < moment]
        for job in old:
            del self.jobs[job.number]
            if self.by_business_key.get(job.business_key or "") == job.number:
                del self.by_business_key[job.business_key or ""]

    def copied(self) -> JobRecords:
        """Make a copy that does not change when this one does.

        Returns:
            The copy.
        """
        jobs = {number: copy.copy(job) for number, job in self.jobs.items()}
        for job in jobs.values():
            job.children = list(job.children)
        return JobRecords(
            jobs,
            dict(self.by_business_key),
            list(self.changes),
            self.newest_number,
            list(self.due),
            self.planned,
        )

    def _log(self, job: Job) -> None:
        self.changes.append(
            {
                "status": job.status,
                "jobId": job.identity,
                "changeSequence": len(self.changes) + 1,
                "updatedModel": job.model(),
                "statusChangedAt": instant(job.status_changed_at),
            }
        )
