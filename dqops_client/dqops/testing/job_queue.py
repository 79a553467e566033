"""The job queue: jobs that move from queued to running to finished when their time has come.

There are no worker threads. What is due is done when somebody looks, in the order and with the
times at which it became due, so nobody can tell the difference; and it works with any clock.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from .wire import compact, instant

if TYPE_CHECKING:
    import threading

    from .clock import Clock
    from .settings import Settings

__all__ = ["Job", "JobKind", "JobQueue"]

#: What a job does when it ends: it may change the state, and gives its result as JSON (or None).
Work = Callable[[], "dict[str, Any] | None"]

_ENDED = frozenset({"finished", "failed", "cancelled"})


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
        work: What the job does when it ends.
        created_at: When it was put into the queue (UTC).
        status: Its current status on the wire.
        status_changed_at: Since when it has this status (UTC).
        business_key: The key that the caller chose, or None.
        parent: The job that started it, or None.
        result: What the work gave.
        error_message: Why the job failed, or None.
        children: The jobs that it has started.
    """

    number: int
    kind: JobKind
    parameters: Mapping[str, Any]
    work: Work
    created_at: datetime
    status: str
    status_changed_at: datetime
    business_key: str | None = None
    parent: Job | None = None
    result: dict[str, Any] | None = None
    error_message: str | None = None
    children: list[Job] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        """Whether the job will not change any more."""
        return self.status in _ENDED

    def id_model(self) -> dict[str, Any]:
        """Give the job's identity (`DqoQueueJobId`).

        Returns:
            The JSON object.
        """
        return compact(
            {
                "jobId": self.number,
                "jobBusinessKey": self.business_key,
                "parentJobId": None if self.parent is None else self.parent.id_model(),
                "createdAt": instant(self.created_at),
            }
        )

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
                "jobId": self.id_model(),
                "jobType": self.kind.job_type,
                "parameters": {self.kind.parameters: parameters},
                "status": self.status,
                "errorMessage": self.error_message,
                "statusChangedAt": instant(self.status_changed_at),
            }
        )


class JobQueue:
    """The jobs of a server and the log of their changes.

    Every method must be called with the lock of `condition` held.

    Args:
        clock: Where the time comes from.
        condition: Notified at every change.
        settings: How long jobs take (`queue_delay`, `job_duration`).
    """

    def __init__(self, clock: Clock, condition: threading.Condition, settings: Settings) -> None:
        self._settings = settings
        self._clock = clock
        self._condition = condition
        self._closed = False
        self._jobs: dict[int, Job] = {}
        self._by_business_key: dict[str, Job] = {}
        self._changes: list[dict[str, Any]] = []
        self._numbers = itertools.count(1)
        # What is going to happen: when, a tie-breaker, what.
        self._due: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._order = itertools.count()

    @property
    def jobs(self) -> list[Job]:
        """All jobs, oldest first."""
        return list(self._jobs.values())

    @property
    def last_change(self) -> int:
        """The sequence number of the newest change; 0 before the first."""
        return len(self._changes)

    def changes_since(self, sequence_number: int) -> list[dict[str, Any]]:
        """Give the changes after a sequence number (`DqoJobChangeModel`).

        Args:
            sequence_number: The number of the last change that is known already.

        Returns:
            The JSON objects, oldest first.
        """
        return self._changes[max(sequence_number, 0) :]

    def find(self, text: str) -> Job | None:
        """Find a job by what stands in a path.

        Args:
            text: A business key or a job id; a business key comes first.

        Returns:
            The job, or None.
        """
        job = self._by_business_key.get(text)
        if job is None and text.isascii() and text.isdigit():
            job = self._jobs.get(int(text))
        return job

    def submit(
        self,
        kind: JobKind,
        parameters: Mapping[str, Any],
        work: Work,
        *,
        business_key: str | None = None,
        on_start: Callable[[Job, datetime], None] | None = None,
    ) -> Job:
        """Put a job into the queue.

        Args:
            kind: The type of the job.
            parameters: Its parameters.
            work: What it does when it ends.
            business_key: The key that the caller chose.
            on_start: Called when the job starts to run, to start its child jobs.

        Returns:
            The queued job.
        """
        now = self._clock.now()
        job = self._add(kind, parameters, work, now, business_key=business_key)

        def start(moment: datetime) -> None:
            if job.status != "queued":
                return
            self._change(job, "running", moment)
            if on_start is not None:
                on_start(job, moment)
            # After the children's ends, which are due at the same time and were planned before.
            self._plan(moment + timedelta(seconds=self._settings.job_duration), self._end_of(job))

        self._plan(now + timedelta(seconds=self._settings.queue_delay), start)
        return job

    def start_child(
        self,
        parent: Job,
        kind: JobKind,
        parameters: Mapping[str, Any],
        work: Work,
        moment: datetime,
    ) -> Job:
        """Start a job for a part of another one's work; both end at the same time.

        Args:
            parent: The job that starts it.
            kind: The type of the child.
            parameters: Its parameters.
            work: What it does when it ends.
            moment: The time at which the parent starts.

        Returns:
            The running job.
        """
        child = self._add(kind, parameters, work, moment, parent=parent)
        parent.children.append(child)
        self._change(child, "running", moment)
        self._plan(moment + timedelta(seconds=self._settings.job_duration), self._end_of(child))
        return child

    def cancel(self, job: Job) -> None:
        """Stop a job and its children; nothing happens to jobs that have ended.

        Args:
            job: The job.
        """
        now = self._clock.now()
        for each in (job, *job.children):
            if not each.ended and each.status != "cancel_requested":
                self._change(each, "cancel_requested", now)
                self._plan(now, self._cancellation_of(each))

    def advance(self) -> None:
        """Do everything that is due."""
        now = self._clock.now()
        while self._due and self._due[0][0] <= now:
            moment, _, action = heapq.heappop(self._due)
            action(moment)

    def wait_for(self, is_true: Callable[[], bool], seconds: float) -> bool:
        """Wait for something to become true; others can use the queue in the meantime.

        Args:
            is_true: What to wait for; looked at after every change.
            seconds: The longest time to wait.

        Returns:
            Whether it became true; False also if the server stops.
        """
        deadline = self._clock.now() + timedelta(seconds=min(max(seconds, 0.0), 1e9))
        while True:
            self.advance()
            if is_true():
                return True
            if self._closed or self._clock.now() >= deadline:
                return False
            until = min(deadline, self._due[0][0]) if self._due else deadline
            self._clock.wait(self._condition, until)

    def close(self) -> None:
        """End all waiting, now and until `open` is called."""
        self._closed = True
        self._condition.notify_all()

    def open(self) -> None:
        """Allow waiting again."""
        self._closed = False

    def _add(
        self,
        kind: JobKind,
        parameters: Mapping[str, Any],
        work: Work,
        moment: datetime,
        *,
        business_key: str | None = None,
        parent: Job | None = None,
    ) -> Job:
        number = next(self._numbers)
        job = Job(number, kind, parameters, work, moment, "queued", moment, business_key, parent)
        self._jobs[number] = job
        if business_key:
            self._by_business_key[business_key] = job
        self._record(job)
        return job

    def _plan(self, moment: datetime, action: Callable[[datetime], None]) -> None:
        heapq.heappush(self._due, (moment, next(self._order), action))
        # Those who wait may have to wake up earlier than they thought.
        self._condition.notify_all()

    def _end_of(self, job: Job) -> Callable[[datetime], None]:
        def end(moment: datetime) -> None:
            if job.status != "running":
                return
            try:
                job.result = job.work()
            except Exception as error:
                job.error_message = str(error)
                self._change(job, "failed", moment)
            else:
                self._change(job, "finished", moment)

        return end

    def _cancellation_of(self, job: Job) -> Callable[[datetime], None]:
        return lambda moment: self._change(job, "cancelled", moment)

    def _change(self, job: Job, status: str, moment: datetime) -> None:
        job.status = status
        job.status_changed_at = moment
        self._record(job)

    def _record(self, job: Job) -> None:
        self._changes.append(
            {
                "status": job.status,
                "jobId": job.id_model(),
                "changeSequence": len(self._changes) + 1,
                "updatedModel": job.model(),
                "statusChangedAt": instant(job.status_changed_at),
            }
        )
        self._condition.notify_all()
