"""Jobs as plain data: what a queue knows, and how it looks in JSON."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ..http.wire import compact, exact_instant

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
        defaults: Parameters that the server shows although nobody has sent them.
    """

    job_type: str
    parameters: str
    result: str | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict, hash=False)


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
        failure: The same in the words that those get who wait for the job, or None.
        data_domain: The name of the data domain that the job belongs to; empty for the default one.
        last_change: The sequence number of its last change.
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
    failure: str | None = None
    data_domain: str = ""
    last_change: int = 0
    children: list[int] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        """Whether the job will not change any more."""
        return self.status in _ENDED

    @property
    def is_over(self) -> bool:
        """Whether those who wait get a response, which is so as soon as it is to be cancelled."""
        return self.ended or self.status == "cancel_requested"

    def id_model(self) -> dict[str, Any]:
        """Give the job's identity (`DqoQueueJobId`).

        Returns:
            The JSON object.
        """
        return self.identity

    def model(self, *, with_result: bool = True) -> dict[str, Any]:
        """Give the job (`DqoJobHistoryEntryModel`).

        Args:
            with_result: Whether the parameters hold the result, where there is one.

        Returns:
            The JSON object.
        """
        parameters = {**self.kind.defaults, **self.parameters}
        if with_result and self.shows_result:
            parameters[str(self.kind.result)] = self.result
        return compact(
            {
                "jobId": self.identity,
                "jobType": self.kind.job_type,
                "parameters": {self.kind.parameters: parameters},
                "status": self.status,
                "errorMessage": self.error_message,
                "statusChangedAt": self._status_changed_at,
                "dataDomain": self.data_domain,
            }
        )

    @property
    def shows_result(self) -> bool:
        """Whether the result is among the parameters."""
        return self.kind.result is not None and self.result is not None

    def change_model(self) -> dict[str, Any]:
        """Give the last change of the job (`DqoJobChangeModel`).

        Returns:
            The JSON object. Only a change that says more than the status holds the whole job.
        """
        news = (
            self.status == "queued"
            or (self.status == "finished" and self.shows_result)
            or (self.status == "failed" and self.error_message is not None)
        )
        return compact(
            {
                "status": self.status,
                "jobId": self.identity,
                "changeSequence": self.last_change,
                "updatedModel": self.model() if news else None,
                "statusChangedAt": self._status_changed_at,
                "domainName": self.data_domain,
            }
        )

    @property
    def _status_changed_at(self) -> str:
        number = self.number if self.status == "queued" else self.last_change
        return exact_instant(self.status_changed_at, number)


@dataclass
class JobRecords:
    """All that a queue knows; plain data.

    Attributes:
        jobs: The jobs by their numbers, oldest first.
        by_business_key: The numbers of the newest jobs by their keys.
        changes: The log of changes: when, and what (`DqoJobChangeModel`), by sequence number.
        newest_number: The last number that was given to a job, a change or a request for changes.
        due: What is going to happen: when, a tie-breaker, what, and to which job.
        planned: How many steps have been planned so far.
    """

    jobs: dict[int, Job] = field(default_factory=dict)
    by_business_key: dict[str, int] = field(default_factory=dict)
    changes: dict[int, tuple[datetime, dict[str, Any]]] = field(default_factory=dict)
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
        data_domain: str = "",
    ) -> Job:
        """Add a job, which is queued.

        Args:
            number: Its id.
            kind: Its type.
            parameters: Its parameters.
            moment: When it is put into the queue (UTC).
            business_key: The key that the caller chose.
            parent: The job that starts it.
            data_domain: The name of the data domain that it belongs to.

        Returns:
            The job.
        """
        identity = compact(
            {
                "jobId": number,
                "jobBusinessKey": business_key,
                "parentJobId": None if parent is None else parent.identity,
                "createdAt": exact_instant(moment, number),
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
            data_domain=data_domain,
        )
        self.jobs[number] = job
        if business_key:
            self.by_business_key[business_key] = number
        if parent is not None:
            parent.children.append(number)
        return job

    def log(self, job: Job, status: str, moment: datetime, sequence: int) -> None:
        """Give a job a status, and note the change.

        Args:
            job: The job.
            status: The status on the wire.
            moment: Since when (UTC).
            sequence: The sequence number of the change.
        """
        job.status = status
        job.status_changed_at = moment
        job.last_change = sequence
        self.changes[sequence] = (moment, job.change_model())

    def forget_changes_before(self, moment: datetime) -> None:
        """Forget old changes.

        Args:
            moment: Earlier changes are forgotten.
        """
        old = [sequence for sequence, (changed, _) in self.changes.items() if changed < moment]
        for sequence in old:
            del self.changes[sequence]

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
            dict(self.changes),
            self.newest_number,
            list(self.due),
            self.planned,
        )
