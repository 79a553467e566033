"""What the tests of jobs share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from dqops.client.errors import ClientError, NotFound, kind_of_status
from dqops.client.models import (
    CheckSearchFilters,
    DqoJobEntryParametersModel,
    DqoJobHistoryEntryModel,
    DqoJobStatus,
    DqoJobType,
    DqoQueueJobId,
    RunChecksParameters,
    RunChecksQueueJobResult,
    RunChecksResult,
)
from dqops.jobs import RUN_CHECKS, Timing
from dqops.jobs.job import Job
from dqops.jobs.steps import Call, Pause, Together
from dqops.jobs.timing import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from dqops.client import Client
    from dqops.client.errors import UnexpectedStatus
    from dqops.jobs.progress import JobProgress
    from dqops.jobs.steps import Steps
    from dqops.testing import DqopsServer

    #: The fixture `calling`.
    Calling = Callable[..., Any]
    #: The fixture `handling`.
    Handling = Callable[[Client, str, str], Any]

FILTERS = CheckSearchFilters(connection="warehouse")

#: How long the servers of these tests take to list a new job by its business key, in seconds.
KEY_DELAY = 0.1
#: Patient enough for these servers, and no more.
FAST = Timing(
    registered_within=0.3,
    listed_within=0.3,
    connect_within=0.3,
    request=2,
    turn=1,
    report_every=1,
    first_pause=0.02,
    longest_pause=0.1,
    cancel_within=1,
)


def submitted(server: DqopsServer) -> Counter[str]:
    """Count the jobs that the server took on, by business key; without the children."""
    jobs = server.state.queue.jobs
    return Counter(job.business_key or "" for job in jobs if job.parent is None)


def status_error(status: int, content: bytes = b"", **headers: str) -> UnexpectedStatus:
    """Make the error of a status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return kind_of_status(status)(status, content, operation="get_job", headers=named)


UNKNOWN = NotFound(404, b"", operation="get_job")


def identity(number: int = 7, key: str = "nightly") -> DqoQueueJobId:
    """Make what a server says about who a job is."""
    return DqoQueueJobId(job_id=number, job_business_key=key)


def entry(status: str = "running", number: int = 7, key: str = "nightly") -> Any:
    """Make what `get_job` gives."""
    return DqoJobHistoryEntryModel(
        job_id=identity(number, key),
        job_type=DqoJobType.RUN_CHECKS,
        status=DqoJobStatus.decode(status),
    )


def finished(result: RunChecksResult | None = None) -> Any:
    """Make what `get_job` gives at the end; without a result it is what a wait gives."""
    done = entry("finished")
    parameters = RunChecksParameters()
    if result is not None:
        parameters.run_checks_result = result
    done.parameters = DqoJobEntryParametersModel(run_checks_parameters=parameters)
    return done


def accepted(number: int = 7, key: str = "nightly") -> Any:
    """Make what a submission gives."""
    return RunChecksQueueJobResult(job_id=identity(number, key), status=DqoJobStatus.QUEUED)


class World:
    """Drives procedures in a time that only pauses and calls move on.

    Args:
        response: Gives the result of a call, or the error to raise; it may look at the time.
        seconds_per_call: How long each call takes.
    """

    def __init__(
        self, response: Callable[[Call], object], *, seconds_per_call: float = 0.0
    ) -> None:
        self._response = response
        self._seconds_per_call = seconds_per_call
        self.time = 0.0
        self.calls: list[tuple[float, str]] = []
        self.timeouts: list[float] = []
        self.pauses: list[float] = []
        self.progress: list[JobProgress] = []

    def run(self, timing: Timing, timeout: float | None = None) -> Run:
        """Make the times of a run in this world."""
        return Run(timing, timeout, clock=lambda: self.time)

    def drive(self, steps: Steps[Any]) -> Any:
        """Drive a procedure to its end."""
        response: Any = None
        error: ClientError | None = None
        while True:
            try:
                step = steps.send(response) if error is None else steps.throw(error)
            except StopIteration as end:
                return end.value
            response, error = None, None
            if isinstance(step, Call):
                self.calls.append((self.time, step.operation))
                self.timeouts.append(step.timeout or 0.0)
                found = self._response(step)
                self.time += self._seconds_per_call
                if isinstance(found, ClientError):
                    error = found
                else:
                    response = found
            elif isinstance(step, Pause):
                self.pauses.append(step.seconds)
                self.time += step.seconds
            elif isinstance(step, Together):
                response = [self.drive(each) for each in step.procedures]
            else:
                self.progress.append(step.progress)

    def count(self, operation: str) -> int:
        """Count the calls of an operation."""
        return sum(name == operation for _, name in self.calls)


def new_job(key: str = "nightly") -> Job:
    """Make a job that was not sent yet."""
    return Job(RUN_CHECKS, key)


def attached_job(key: str = "nightly") -> Job:
    """Make a job that somebody else has submitted."""
    return Job(RUN_CHECKS, key, attached=True)


def known_job(key: str = "nightly") -> Job:
    """Make a job that the server has told about."""
    return Job(RUN_CHECKS, key, job_id=7, submissions=1, is_listed=True)
