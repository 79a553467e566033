"""The job queue: jobs that move from queued to running to finished when their time has come.

There are no worker threads. What is due is done when somebody looks, in the order and with the
times at which it became due, so nobody can tell the difference; and it works with any clock.
"""

from __future__ import annotations

import heapq
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from ..settings import LONGEST
from .records import JobRecords

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from ..clock import Clock
    from ..settings import Settings
    from .records import Job, JobKind, Step

__all__ = ["LONGEST_JOB_ID", "ForgottenJobError", "JobQueue", "JobWorker"]

#: How many digits a job id has at most: it is a Java `long`.
LONGEST_JOB_ID = 19

_NUMBERS_PER_SECOND = 1_000_000


class ForgottenJobError(Exception):
    """A job that somebody waits for is gone: the server forgot its history."""


class JobWorker(Protocol):
    """What does the work of jobs."""

    def children_of(self, job: Job) -> Iterable[tuple[JobKind, Mapping[str, Any]]]:
        """Tell which jobs do the work of a job.

        Args:
            job: A job that has just started to run.

        Returns:
            Kind and parameters of each.
        """
        ...

    def finish_job(
        self, job: Job, children: Sequence[Job], moment: datetime
    ) -> dict[str, Any] | None:
        """Do the work; what fails here makes the job fail.

        Args:
            job: A job that ends now.
            children: The jobs that have done its work.
            moment: When (UTC).

        Returns:
            The result in JSON; None if there is none.
        """
        ...


class JobQueue:
    """The jobs of a server and the log of their changes.

    Every method must be called with the lock of `condition` held.

    Args:
        clock: Where the time comes from.
        condition: Notified at every change.
        settings: How long jobs take, and how long they are remembered.
        worker: What does the work of the jobs.
        newest_number: Gives the greatest number that was given so far, here or in other queues.
        data_domain: The name of the data domain that the jobs belong to; empty for the default one.
    """

    def __init__(
        self,
        clock: Clock,
        condition: threading.Condition,
        settings: Settings,
        worker: JobWorker,
        newest_number: Callable[[], int],
        data_domain: str = "",
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._condition = condition
        self._worker = worker
        self._newest_number = newest_number
        self._data_domain = data_domain
        self._closed = False
        self._records = JobRecords()
        self._first_number = self._number_of_the_time()

    @property
    def jobs(self) -> list[Job]:
        """All jobs as they were when the queue was last looked at, oldest first."""
        return list(self._records.jobs.values())

    @property
    def newest_number(self) -> int:
        """The greatest number that this queue has given; 0 before the first."""
        return self._records.newest_number

    def next_number(self) -> int:
        """Give the next number, of which jobs, changes and requests for changes have one each.

        Returns:
            The seconds since 1970 and six digits that count within the second, as on the real
            server: numbers of a restarted server go on where those of the former one were.
        """
        number = max(self._newest_number() + 1, self._number_of_the_time())
        self._records.newest_number = number
        return number

    def number_before_changes(self) -> int:
        """Give the number from which a client can ask for all changes that there are.

        Returns:
            The one before the oldest change; a new one if there is none.
        """
        oldest = next(iter(self._records.changes), None)
        return self.next_number() if oldest is None else oldest - 1

    def changes_since(self, sequence_number: int) -> list[dict[str, Any]]:
        """Give the changes after a sequence number (`DqoJobChangeModel`).

        Args:
            sequence_number: The number of the last change that is known already.

        Returns:
            The JSON objects, oldest first.
        """
        changes = self._records.changes
        return [change for number, (_, change) in changes.items() if number > sequence_number]

    def wait_for_changes(
        self, sequence_number: int, seconds: float, cut: threading.Event | None = None
    ) -> None:
        """Wait until there is a change after a sequence number.

        Nobody waits who asks with a number from before the start of the server, because the real
        server has the state of its folders to tell then.

        Args:
            sequence_number: The number of the last change that is known already.
            seconds: The longest time to wait.
            cut: Set when nobody waits any more; whoever sets it notifies the condition.
        """
        if sequence_number < self._first_number:
            return

        def has_changes() -> bool:
            newest = next(reversed(self._records.changes), 0)
            return newest > sequence_number

        self.wait_for(has_changes, seconds, cut)

    def find(self, text: str) -> Job | None:
        """Find a job by what stands in a path.

        Args:
            text: A business key or a job id; a business key comes first.

        Returns:
            The job, or None.
        """
        number = self._records.by_business_key.get(text)
        if number is not None:
            job = self._records.jobs[number]
            age = (self._clock.now() - job.created_at).total_seconds()
            if age >= self._settings.business_key_delay:
                return job
        if not (text.isascii() and text.isdigit()) or len(text) > LONGEST_JOB_ID:
            return None
        return self._records.jobs.get(int(text))

    def child_jobs(self, job: Job) -> list[Job]:
        """Give the jobs that a job has started.

        Args:
            job: The job.

        Returns:
            The children, oldest first; without those that are forgotten.
        """
        jobs = self._records.jobs
        return [jobs[number] for number in job.children if number in jobs]

    def submit(
        self, kind: JobKind, parameters: Mapping[str, Any], *, business_key: str | None = None
    ) -> Job:
        """Put a job into the queue.

        Args:
            kind: The type of the job.
            parameters: Its parameters.
            business_key: The key that the caller chose.

        Returns:
            The queued job.
        """
        now = self._clock.now()
        job = self._add(kind, parameters, now, business_key=business_key)
        self._plan(now + timedelta(seconds=self._settings.seconds_queued), "start", job)
        return job

    def cancel(self, job: Job) -> None:
        """Stop a job and its children; nothing happens to jobs that have ended.

        Args:
            job: The job.
        """
        now = self._clock.now()
        for each in (job, *self.child_jobs(job)):
            if not each.is_over:
                self._change(each, "cancel_requested", now)
                until_then = timedelta(seconds=self._settings.seconds_to_cancel)
                self._plan(now + until_then, "cancel", each)

    def start_next(self) -> Job | None:
        """Start the oldest queued job now, whatever its time in the queue.

        Returns:
            The job, which runs by now; None if none is queued.
        """
        for job in self.jobs:
            if job.status == "queued":
                self._start(job, self._clock.now())
                return job
        return None

    def finish(self, job: Job) -> None:
        """End a job and its children now, whatever their run time; start it first if need be.

        Args:
            job: The job; nothing happens if it has ended.
        """
        now = self._clock.now()
        if job.status == "queued":
            self._start(job, now)
        for each in (*self.child_jobs(job), job):
            self._end(each, now)

    def advance(self) -> None:
        """Do everything that is due, and forget what is too old."""
        now = self._clock.now()
        due = self._records.due
        while due and due[0][0] <= now:
            moment, _, step, number = heapq.heappop(due)
            job = self._records.jobs.get(number)
            if job is None:
                continue
            if step == "start":
                self._start(job, moment)
            elif step == "end":
                self._end(job, moment)
            elif not job.ended:
                self._change(job, "cancelled", moment)
        history = self._settings.job_history_seconds
        if history is not None and history < LONGEST:
            self._records.forget_ended_before(now - timedelta(seconds=history))
        history = self._settings.change_history_seconds
        if history is not None and history < LONGEST:
            self._records.forget_changes_before(now - timedelta(seconds=history))

    def wait_for(
        self, is_true: Callable[[], bool], seconds: float, cut: threading.Event | None = None
    ) -> bool:
        """Wait for something to become true; others can use the queue in the meantime.

        Args:
            is_true: What to wait for; looked at after every change.
            seconds: The longest time to wait.
            cut: Set when nobody waits any more; whoever sets it notifies the condition.

        Returns:
            Whether it became true; False also if the server stops.
        """
        deadline = self._clock.now() + timedelta(seconds=min(max(seconds, 0.0), LONGEST))
        while True:
            # Before what is due is done: the clock may leap over the deadline in the meantime.
            now = self._clock.now()
            self.advance()
            if is_true():
                return True
            if self._closed or now >= deadline:
                return False
            if cut is not None and cut.is_set():
                return False
            if self._settings.job_mode == "immediate":
                return False  # what has not happened by now takes somebody else to do it
            due = self._records.due
            until = min(deadline, due[0][0]) if due else deadline
            self._clock.wait(self._condition, until)

    def wait_for_end(self, job: Job, seconds: float, cut: threading.Event | None = None) -> bool:
        """Wait for the end of a job, or for the request to cancel it, which ends all waiting.

        Args:
            job: The job.
            seconds: The longest time to wait.
            cut: Set when nobody waits any more; whoever sets it notifies the condition.

        Returns:
            Whether it has ended.

        Raises:
            ForgottenJobError: The server has forgotten the job in the meantime.
        """

        def is_over() -> bool:
            return job.is_over or self._records.jobs.get(job.number) is not job

        self.wait_for(is_over, seconds, cut)
        if not job.is_over and is_over():
            raise ForgottenJobError
        return job.is_over

    def close(self) -> None:
        """End all waiting, now and until `open` is called."""
        self._closed = True
        self._condition.notify_all()

    def open(self) -> None:
        """Allow waiting again."""
        self._closed = False

    def forget(self) -> None:
        """Forget all jobs, keys and changes; only their numbers go on where they were."""
        self.replace(JobRecords(newest_number=self._records.newest_number))
        self._first_number = self.next_number()

    def records(self) -> JobRecords:
        """Give what the queue knows.

        Returns:
            A copy.
        """
        return self._records.copied()

    def replace(self, records: JobRecords) -> None:
        """Know something else from now on; waiting for jobs that there are no more ends.

        Args:
            records: What to know; it is copied.
        """
        self._records = records.copied()
        self._condition.notify_all()

    def _add(
        self,
        kind: JobKind,
        parameters: Mapping[str, Any],
        moment: datetime,
        *,
        business_key: str | None = None,
        parent: Job | None = None,
    ) -> Job:
        job = self._records.add(
            self.next_number(),
            kind,
            parameters,
            moment,
            business_key=business_key,
            parent=parent,
            data_domain=self._data_domain,
        )
        self._change(job, "queued", moment)
        return job

    def _plan(self, moment: datetime, step: Step, job: Job) -> None:
        records = self._records
        records.planned += 1
        heapq.heappush(records.due, (moment, records.planned, step, job.number))
        # Those who wait may have to wake up earlier than they thought.
        self._condition.notify_all()

    def _start(self, job: Job, moment: datetime) -> None:
        if job.status != "queued":
            return
        self._change(job, "running", moment)
        for kind, parameters in self._worker.children_of(job):
            self._start_child(job, kind, parameters, moment)
        # After the children's ends, which are due at the same time and were planned before.
        self._plan(moment + timedelta(seconds=self._settings.seconds_running), "end", job)

    def _start_child(
        self, parent: Job, kind: JobKind, parameters: Mapping[str, Any], moment: datetime
    ) -> None:
        child = self._add(kind, parameters, moment, parent=parent)
        self._change(child, "running", moment)
        self._plan(moment + timedelta(seconds=self._settings.seconds_running), "end", child)

    def _end(self, job: Job, moment: datetime) -> None:
        if job.status != "running":
            return
        try:
            job.result = self._worker.finish_job(job, self.child_jobs(job), moment)
        except Exception as error:
            job.failure = str(error)
            job.error_message = str(getattr(error, "error_message", error))
            self._change(job, "failed", moment)
        else:
            self._change(job, "finished", moment)

    def _change(self, job: Job, status: str, moment: datetime) -> None:
        self._records.log(job, status, moment, self.next_number())
        self._condition.notify_all()

    def _number_of_the_time(self) -> int:
        return int(self._clock.now().timestamp()) * _NUMBERS_PER_SECOND
