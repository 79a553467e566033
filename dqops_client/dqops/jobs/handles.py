"""Handles: what a caller keeps of a job that was submitted."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from .._runtime.public import publish
from ..client.errors import ClientError
from .cancelling import cancel
from .drivers import cancel_quietly, cancel_quietly_async, drive, drive_async
from .job_errors import JobError
from .spans import job_span
from .timing import DEFAULT_TIMEOUT, Run, timing_of
from .waiting import follow, read_entry

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator
    from typing import Self

    from ..client import AuthenticatedClient, Client
    from ..client.models import DqoJobHistoryEntryModel, DqoJobStatus
    from .job import Job
    from .progress import AsyncProgressCallback, ProgressCallback
    from .results import Outcome
    from .steps import Steps
    from .timing import Seconds, Timing

__all__ = ["AsyncJobHandle", "JobHandle"]

R = TypeVar("R")
T = TypeVar("T")

# Seconds for what the server responds to at once if all goes well.
_SHORT_TIMEOUT = 60.0


class _Handle(Generic[R]):
    def __init__(
        self, client: AuthenticatedClient | Client, job: Job, timing: Timing | None = None
    ) -> None:
        self._client = client
        self._job = job
        job.client = client
        self._timing = timing_of(timing)
        self._outcome: Outcome[R] | None = None

    @property
    def business_key(self) -> str:
        """The key by which `attach` finds the job, also in another process."""
        return self._job.business_key

    @property
    def job_id(self) -> int | None:
        """The server's number for the job; None as long as it is not known."""
        return self._job.job_id

    @property
    def attached(self) -> bool:
        """Whether somebody else submitted the job."""
        return self._job.attached

    @property
    def kind(self) -> str:
        """The kind of the job, such as `run_checks`."""
        return self._job.kind.name

    def __repr__(self) -> str:
        number = "" if self.job_id is None else f" {self.job_id}"
        return f"<{type(self).__name__} {self.kind}{number} {self.business_key!r}>"

    def _run(self, timeout: Seconds | None, *, reports: bool = False) -> Run:
        return Run(self._timing, timeout, reports=reports)

    @contextmanager
    def _named_in_errors(self) -> Iterator[Self]:
        try:
            yield self
        except JobError as error:
            error.handle = self  # type: ignore[assignment]  # one of the two subclasses
            raise


class JobHandle(_Handle[R]):
    """A job that was submitted; `submit` and `attach` make one.

    Several threads may use it at the same time.
    """

    def entry(self, *, timeout: Seconds | None = _SHORT_TIMEOUT) -> DqoJobHistoryEntryModel:
        """Ask what the server tells about the job.

        Args:
            timeout: Seconds for trying again over whatever goes wrong; None for no limit.

        Returns:
            The entry of the server's job history.

        Raises:
            JobTimeout: The time was over.
            JobForgotten: The server does not know the job.
            JobUnreachable: The server refuses to tell.
        """
        found: DqoJobHistoryEntryModel = self._drive(read_entry(self._job, self._run(timeout)))
        return found

    def status(self, *, timeout: Seconds | None = _SHORT_TIMEOUT) -> DqoJobStatus:
        """Ask for the status of the job.

        Args:
            timeout: Seconds for trying again over whatever goes wrong; None for no limit.

        Returns:
            The status, whatever it is: a job that failed is no error here.

        Raises:
            JobTimeout: The time was over.
            JobForgotten: The server does not know the job.
            JobUnreachable: The server refuses to tell.
        """
        return self.entry(timeout=timeout).status

    def wait(
        self,
        *,
        timeout: Seconds | None = DEFAULT_TIMEOUT,
        on_progress: ProgressCallback | None = None,
        cancel_on_interrupt: bool = False,
    ) -> Outcome[R]:
        """Wait for the end of the job.

        Args:
            timeout: Seconds to wait at most; None for no limit. The job goes on after them.
            on_progress: Called with a `JobProgress` whenever there is news, and every few seconds.
            cancel_on_interrupt: Whether an interrupt cancels the job: Ctrl-C, SystemExit, what a
                signal handler raises, and every other exception that is none of `ClientError`.

        Returns:
            What came out.

        Raises:
            JobFailed: The job ended with an error.
            JobCancelled: It was cancelled.
            JobTimeout: The time was over.
            JobForgotten: The server does not know the job any more.
            JobUnreachable: The server refuses to tell.
        """
        if self._outcome is not None:
            return self._outcome
        run = self._run(timeout, reports=on_progress is not None)
        outcome: Outcome[R] = self._drive(
            follow(self._job, run), on_progress, cancel_on_interrupt=cancel_on_interrupt
        )
        self._outcome = outcome
        return outcome

    def result(self, *, timeout: Seconds | None = DEFAULT_TIMEOUT) -> R | None:
        """Wait for the end of the job and give only its result; `wait` tells more.

        Args:
            timeout: Seconds to wait at most; None for no limit. The job goes on after them.

        Returns:
            The result; None for jobs that have none.

        Raises:
            JobError: As with `wait`.
        """
        return self.wait(timeout=timeout).result

    def cancel(self, *, timeout: Seconds | None = _SHORT_TIMEOUT) -> DqoJobStatus:
        """Stop the job, and come back when it has ended; nothing happens if it has before.

        The server confirms to cancel whatever it is asked, even what it does not know. So the job
        is looked up, cancelled, and followed until the server says that it has ended.

        Args:
            timeout: Seconds for all of that, and for trying again over whatever goes wrong; None
                for no limit.

        Returns:
            The status with which the job ended: `cancelled`, or `finished` or `failed` if that came
            first.

        Raises:
            JobTimeout: The time was over; the message says whether the server has noted the
                request.
            JobForgotten: The server does not know the job.
            JobUnreachable: The server refuses.
        """
        return self._drive(cancel(self._job, self._run(timeout)))

    def _drive(
        self,
        steps: Steps[T],
        on_progress: ProgressCallback | None = None,
        *,
        cancel_on_interrupt: bool = False,
        is_interrupted: threading.Event | None = None,
    ) -> T:
        with self._named_in_errors(), job_span(self._job):
            try:
                return drive(
                    self._client, steps, on_progress=on_progress, is_interrupted=is_interrupted
                )
            except BaseException as error:
                if cancel_on_interrupt and not isinstance(error, ClientError):
                    cancel_quietly(self._client, self._job, self._timing)
                raise


class AsyncJobHandle(_Handle[R]):
    """A job that was submitted; `aio.submit` and `aio.attach` make one.

    Several tasks may use it at the same time.
    """

    async def entry(self, *, timeout: Seconds | None = _SHORT_TIMEOUT) -> DqoJobHistoryEntryModel:
        """Ask what the server tells about the job; as `JobHandle.entry`.

        Args:
            timeout: Seconds for trying again over whatever goes wrong; None for no limit.

        Returns:
            The entry of the server's job history.

        Raises:
            JobTimeout: The time was over.
            JobForgotten: The server does not know the job.
            JobUnreachable: The server refuses to tell.
        """
        steps = read_entry(self._job, self._run(timeout))
        found: DqoJobHistoryEntryModel = await self._drive(steps)
        return found

    async def status(self, *, timeout: Seconds | None = _SHORT_TIMEOUT) -> DqoJobStatus:
        """Ask for the status of the job; as `JobHandle.status`.

        Args:
            timeout: Seconds for trying again over whatever goes wrong; None for no limit.

        Returns:
            The status, whatever it is: a job that failed is no error here.

        Raises:
            JobTimeout: The time was over.
            JobForgotten: The server does not know the job.
            JobUnreachable: The server refuses to tell.
        """
        return (await self.entry(timeout=timeout)).status

    async def wait(
        self,
        *,
        timeout: Seconds | None = DEFAULT_TIMEOUT,
        on_progress: AsyncProgressCallback | None = None,
        cancel_on_interrupt: bool = False,
    ) -> Outcome[R]:
        """Wait for the end of the job; as `JobHandle.wait`.

        Args:
            timeout: Seconds to wait at most; None for no limit. The job goes on after them.
            on_progress: Called with a `JobProgress` whenever there is news, and every few seconds;
                what it returns is awaited if it can be.
            cancel_on_interrupt: Whether an interrupt cancels the job, too: the cancellation of the
                task or of a scope of anyio or trio around it, Ctrl-C, and every other exception
                that is none of `ClientError`.

        Returns:
            What came out.

        Raises:
            JobFailed: The job ended with an error.
            JobCancelled: It was cancelled.
            JobTimeout: The time was over.
            JobForgotten: The server does not know the job any more.
            JobUnreachable: The server refuses to tell.
        """
        if self._outcome is not None:
            return self._outcome
        run = self._run(timeout, reports=on_progress is not None)
        outcome: Outcome[R] = await self._drive(
            follow(self._job, run), on_progress, cancel_on_interrupt=cancel_on_interrupt
        )
        self._outcome = outcome
        return outcome

    async def result(self, *, timeout: Seconds | None = DEFAULT_TIMEOUT) -> R | None:
        """Wait for the end of the job and give only its result; `wait` tells more.

        Args:
            timeout: Seconds to wait at most; None for no limit. The job goes on after them.

        Returns:
            The result; None for jobs that have none.

        Raises:
            JobError: As with `wait`.
        """
        return (await self.wait(timeout=timeout)).result

    async def cancel(self, *, timeout: Seconds | None = _SHORT_TIMEOUT) -> DqoJobStatus:
        """Stop the job, and come back when it has ended; as `JobHandle.cancel`.

        Args:
            timeout: Seconds for all of that, and for trying again over whatever goes wrong; None
                for no limit.

        Returns:
            The status with which the job ended: `cancelled`, or `finished` or `failed` if that came
            first.

        Raises:
            JobTimeout: The time was over; the message says whether the server has noted the
                request.
            JobForgotten: The server does not know the job.
            JobUnreachable: The server refuses.
        """
        return await self._drive(cancel(self._job, self._run(timeout)))

    async def _drive(
        self,
        steps: Steps[T],
        on_progress: AsyncProgressCallback | None = None,
        *,
        cancel_on_interrupt: bool = False,
    ) -> T:
        with self._named_in_errors(), job_span(self._job):
            try:
                return await drive_async(self._client, steps, on_progress=on_progress)
            except BaseException as error:
                # A coroutine that is closed cannot wait for anything any more.
                is_own = isinstance(error, ClientError | GeneratorExit)
                if cancel_on_interrupt and not is_own:
                    await cancel_quietly_async(self._client, self._job, self._timing)
                raise


publish("jobs", (AsyncJobHandle, JobHandle), package="dqops")
