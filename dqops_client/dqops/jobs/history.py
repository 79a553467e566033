"""The jobs of a server: what it has in its queue and history, and what becomes of them.

The server's list of jobs is always empty. Its jobs come as changes since a sequence number, each
with a job's new status, and where it says more than that with the whole job.
"""

from __future__ import annotations

import logging
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._runtime.public import publish
from ..client.errors import ClientError, DecodeError, InvalidRequest
from . import verdicts
from .lookup import ENDED
from .steps import Call, Steps
from .verdicts import LookUp

if TYPE_CHECKING:
    from datetime import datetime

    from ..client.models import (
        DqoJobChangeModel,
        DqoJobHistoryEntryModel,
        DqoJobStatus,
        DqoJobType,
    )
    from .timing import Run

__all__ = ["Feed", "JobRecord", "complete", "newest"]

_logger = logging.getLogger("dqops.jobs")

# Seconds for which the server holds back a response that would have no changes.
_POLL = 20.0
# A response without changes that took less than this, in seconds, was not held back.
_HELD_BACK = 1.0
# Jobs that go on are remembered, because most changes name nothing but a number and a status.
_MOST_REMEMBERED = 10_000
# Seconds between warnings while nothing can be had.
_WARN_EVERY = 60.0

_RESULTS = {
    "run_checks": ("run_checks_parameters", "run_checks_result"),
    "run_checks_on_table": ("run_checks_on_table_parameters", "run_checks_result"),
    "collect_error_samples": ("collect_error_samples_parameters", "error_sampler_result"),
    "collect_error_samples_on_table": (
        "collect_error_samples_on_table_parameters",
        "error_sampler_result",
    ),
    "collect_statistics": ("collect_statistics_parameters", "collect_statistics_result"),
    "collect_statistics_on_table": (
        "collect_statistics_on_table_parameters",
        "collect_statistics_result",
    ),
}


@dataclass(frozen=True, kw_only=True)
class JobRecord:
    """A job of the server as it was after a change, whoever submitted it.

    Attributes:
        sequence: The number of the change, by which `changes` can go on from here.
        job_id: The server's number for the job.
        status: Its status.
        changed_at: Since when it has this status (UTC).
        created_at: When the server created it (UTC).
        business_key: The key that it was submitted with; None where there is none.
        parent_job_id: The number of the job that started this one for a single table; None for
            other jobs.
        job_type: What it does; None if the server did not tell.
        data_domain: The data domain that it belongs to; empty for the default one.
        error_message: Why it failed; None for other jobs.
        entry: All that the server tells about the job; None if it did not.
    """

    sequence: int
    job_id: int
    status: DqoJobStatus
    changed_at: datetime | None = None
    created_at: datetime | None = None
    business_key: str | None = None
    parent_job_id: int | None = None
    job_type: DqoJobType | None = None
    data_domain: str = ""
    error_message: str | None = None
    entry: DqoJobHistoryEntryModel | None = None

    @property
    def has_ended(self) -> bool:
        """Whether the job will not change any more."""
        return self.status in ENDED

    @property
    def is_child(self) -> bool:
        """Whether another job started this one for a single table."""
        return self.parent_job_id is not None

    @property
    def result(self) -> Any:
        """The result, such as a `RunChecksResult`; None where there is none."""
        names = _RESULTS.get(str(self.job_type or ""))
        if names is None or self.entry is None:
            return None
        parameters = getattr(self.entry.parameters, names[0], None)
        return getattr(parameters, names[1], None) or None

    def __str__(self) -> str:
        key = "" if self.business_key is None else f" (business key {self.business_key!r})"
        return f"{self.job_type or 'unknown'} job {self.job_id}{key}: {self.status}"


class Feed:
    """Reads the changes of jobs, each once, over whatever goes wrong in between.

    Args:
        since: The number of the last change that is known; None for those from now on.
        entries: Whether records have what the server tells about each job; without it, jobs that
            go on take no memory.

    Attributes:
        sequence: From where it goes on.
    """

    def __init__(self, since: int | None, *, entries: bool = True) -> None:
        if since is not None and not isinstance(since, int):
            raise InvalidRequest(
                f"since must be the `sequence` of a record, an integer, got {since!r}; nothing was "
                "sent"
            )
        self.sequence = since or 0
        self._skips = since is None
        self._keeps_entries = entries
        self._known: dict[int, DqoJobHistoryEntryModel] = {}
        self._warned: float | None = None
        self._is_busy = False

    def history(self, run: Run) -> Steps[list[JobRecord]]:
        """Read what the server remembers, and wait for nothing.

        Args:
            run: The times of the call.

        Returns:
            The changes, oldest first.

        Raises:
            ClientError: The server refuses, or could not be reached before the time was over.
        """
        return (yield from self._next(run, waits=False)) or []

    def batch(self, run: Run) -> Steps[list[JobRecord] | None]:
        """Wait for changes.

        Args:
            run: The times of the call; it may be the same for all batches.

        Returns:
            The next changes, oldest first, at least one; None when the time is over.

        Raises:
            ClientError: The server refuses, or could not be reached before the time was over.
        """
        return (yield from self._next(run, waits=True))

    def _next(self, run: Run, *, waits: bool) -> Steps[list[JobRecord] | None]:
        if self._is_busy:  # where much happens, not each change costs a request
            yield from run.pause(run.timing.first_pause)
        pauses = run.pauses()
        failure: ClientError | None = None
        while True:
            if run.is_over:
                if failure is not None:
                    raise failure
                return None
            left = run.remaining
            began = run.elapsed
            try:
                response = yield Call(
                    "get_job_changes_since", run.request_timeout(_POLL), (self.sequence,)
                )
                records = self._read(response)
            except ClientError as error:
                if verdicts.of_look_up(error) is not LookUp.PASSING:
                    raise
                if run.is_over and left < _POLL:
                    continue  # what the deadline has cut short need not be a failure
                failure = error
                self._warn(error, run)
                pause = max(next(pauses), verdicts.seconds_to_wait(error))
                yield from run.pause(pause)
                continue
            self._warned = failure = None
            self._is_busy = bool(records)
            if records or not waits:
                return records
            if run.elapsed - began >= _HELD_BACK:
                pauses = run.pauses()
            yield from run.pause(next(pauses))

    def _read(self, response: Any) -> list[JobRecord]:
        """Take over a response."""
        sequence = getattr(response, "last_sequence_number", None)
        if not isinstance(sequence, int):
            raise DecodeError(
                "the response has no sequence number to go on from",
                operation="get_job_changes_since",
            )
        changes: list[DqoJobChangeModel] = list(response.job_changes or ())
        if sequence < self.sequence and not changes:
            # Numbers are made of the server's time, so that they go on after a restart, but for a
            # clock that was set back. Then all that this server has is new.
            _logger.warning(
                "the server counts changes of jobs anew, so all that it has are read: %d after %d",
                sequence,
                self.sequence,
            )
            self.sequence = 0
            self._known.clear()
            return []
        records = [record for change in changes if (record := self._record(change)) is not None]
        self.sequence = sequence
        if self._skips:
            self._skips = False
            return []
        return records

    def _record(self, change: DqoJobChangeModel) -> JobRecord | None:
        """Put together what is known of a job after a change."""
        identity: Any = change.job_id
        number = getattr(identity, "job_id", None)
        status: Any = change.status or None
        if not isinstance(number, int) or status is None:
            return None  # a change of something else
        if not self._keeps_entries:
            return _record(change.change_sequence or self.sequence, identity, status, change, None)
        entry: Any = change.updated_model or self._known.get(number)
        if entry is not None and not change.updated_model:
            entry = copy(entry)
            entry.status, entry.status_changed_at = status, change.status_changed_at
        self._known.pop(number, None)
        if entry is not None and status not in ENDED:
            self._known[number] = entry
            if len(self._known) > _MOST_REMEMBERED:
                del self._known[next(iter(self._known))]
        return _record(change.change_sequence or self.sequence, identity, status, change, entry)

    def _warn(self, error: ClientError, run: Run) -> None:
        now = run.elapsed
        if self._warned is None or now - self._warned >= _WARN_EVERY:
            self._warned = now
            _logger.warning("changes of jobs cannot be read, trying again: %s", error)


def newest(records: list[JobRecord], *, children: bool) -> list[JobRecord]:
    """Keep the last change of each job.

    Args:
        records: Changes, oldest first.
        children: Whether to keep those of jobs that others have started.

    Returns:
        A record for each job, by its number.
    """
    found = {each.job_id: each for each in records if children or not each.is_child}
    return [found[number] for number in sorted(found)]


def complete(record: JobRecord, run: Run) -> Steps[JobRecord]:
    """Ask for what no change has told about a job; nothing is asked if all is known.

    Args:
        record: What is known of it.
        run: The times of the call.

    Returns:
        The job with all that the server tells; the same record if it does not know the job.

    Raises:
        ClientError: The server could not be asked.
    """
    if record.entry is not None:
        return record
    try:
        entry = yield Call("get_job", run.request_timeout(), (str(record.job_id),))
    except ClientError as error:
        if verdicts.of_look_up(error) is LookUp.UNKNOWN_JOB:
            return record
        raise
    identity: Any = getattr(entry, "job_id", None)
    if getattr(identity, "job_id", None) != record.job_id:
        return record
    return _record(record.sequence, identity, entry.status, entry, entry)


def _record(sequence: int, identity: Any, status: Any, source: Any, entry: Any) -> JobRecord:
    parent = getattr(identity.parent_job_id, "job_id", None)
    domain = getattr(source, "domain_name", None) or getattr(entry, "data_domain", None) or ""
    return JobRecord(
        sequence=sequence,
        job_id=identity.job_id,
        status=status,
        changed_at=source.status_changed_at or None,
        created_at=identity.created_at or None,
        business_key=identity.job_business_key or None,
        parent_job_id=parent if isinstance(parent, int) else None,
        job_type=getattr(entry, "job_type", None) or None,
        data_domain=domain,
        error_message=getattr(entry, "error_message", None) or None,
        entry=entry,
    )


publish("jobs", (JobRecord,), package="dqops")
