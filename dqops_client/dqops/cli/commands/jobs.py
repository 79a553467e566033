"""`dqopsctl jobs`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from ..options import confirm, needs_server, timeout_option, yes_option
from ..output import Listing, format_option, plain, printable, say, show_listing, write_json
from ..running import NOT_KNOWN

if TYPE_CHECKING:
    from ...jobs import JobRecord
    from ..options import Session

_COLUMNS = (
    "job_id",
    "job_type",
    "status",
    "business_key",
    "created_at",
    "changed_at",
    "parent_job_id",
    "data_domain",
    "error_message",
)
_SHOWN = ("job_id", "job_type", "status", "business_key", "changed_at", "error_message")
_children = click.option("--children", is_flag=True, help="Also jobs of single tables.")
_timeout = timeout_option("How long to wait.")


@click.group()
def jobs() -> None:
    """List, show, wait for, cancel and follow jobs.

    The server remembers the changes of jobs for five minutes; of a job that has not changed for
    longer it knows by its number only.
    """


@jobs.command("list")
@_children
@format_option("table", "json", "csv")
@needs_server
def list_(session: Session, children: bool, format_: str) -> int:
    """List the jobs of the last minutes, whoever submitted them."""
    from ...jobs import list_jobs

    rows = [_row(record) for record in list_jobs(session.client, children=children)]
    show_listing(Listing("jobs list", _COLUMNS, rows, _SHOWN), format_)
    return 0


@jobs.command()
@click.argument("job")
@format_option("table", "json")
@needs_server
def show(session: Session, job: str, format_: str) -> int:
    """Show a job, by its number or its business key."""
    return _show(_find(session, job), format_, "jobs show")


@jobs.command()
@click.argument("job")
@_timeout
@format_option("table", "json")
@needs_server
def wait(session: Session, job: str, timeout: float, format_: str) -> int:
    """Wait for the end of a job.

    The exit code is 0 if it finished, and 3 if it failed or was cancelled.
    """
    record = _end_of(session, _find(session, job), timeout)
    _show(record, format_, "jobs wait")
    return 0 if record.status == "finished" else NOT_KNOWN


@jobs.command()
@click.argument("job")
@yes_option
@_timeout
@format_option("table", "json")
@needs_server
def cancel(session: Session, job: str, yes: bool, timeout: float, format_: str) -> int:
    """Cancel a job, and wait until it has ended."""
    from ...client.api.jobs import cancel_job

    record = _find(session, job)
    if record.has_ended:
        say(f"{record}: there is nothing to cancel")
    else:
        confirm(f"This cancels {record}.", yes=yes)
        cancel_job.sync(str(record.job_id), client=session.client)
        record = _end_of(session, record, timeout)
    return _show(record, format_, "jobs cancel")


@jobs.command()
@_children
@timeout_option("Stop after this time.", default=None)
@click.option(
    "--since", type=int, metavar="N", help="Begin after change N (`sequence` in JSON), 0 for all."
)
@format_option("table", "json")
@needs_server
def follow(
    session: Session, children: bool, timeout: float | None, since: int | None, format_: str
) -> int:
    """Print each change of a job as it happens.

    It ends with Ctrl-C, or after --timeout. As JSON, each change is one document on a line.
    """
    from ...jobs import changes

    for record in changes(session.client, since=since, children=children, timeout=timeout):
        if format_ == "json":
            row = {"sequence": record.sequence, **_row(record)}
            line = json.dumps({name: plain(value) for name, value in row.items()})
        else:
            moment = "" if record.changed_at is None else f"{record.changed_at:%H:%M:%S} "
            error = f": {record.error_message}" if record.error_message else ""
            line = printable(f"{moment}{record}{error}")
        # Where nobody reads any more, this raises and ends the command.
        print(line, flush=True)
    return 0


def _row(record: JobRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in _COLUMNS}


def _find(session: Session, job: str) -> JobRecord:
    """Look a job up by its number or its business key."""
    from ...client.api.jobs import get_job
    from ...client.errors import NotFound
    from ...jobs import JobRecord, list_jobs

    records = list_jobs(session.client, children=True)
    for record in reversed(records):
        if job in {str(record.job_id), record.business_key}:
            return record
    try:
        entry = get_job.sync(job, client=session.client) if job.isdigit() else None
    except NotFound:
        entry = None
    if entry is None or not entry.status:
        raise click.UsageError(f"the server knows no job {job!r} (any more)")
    identity = entry.job_id or None
    return JobRecord(
        sequence=0,
        job_id=int(job),
        status=entry.status,
        changed_at=entry.status_changed_at or None,
        business_key=(identity and identity.job_business_key) or None,
        created_at=(identity and identity.created_at) or None,
        job_type=entry.job_type or None,
        error_message=entry.error_message or None,
        entry=entry,
    )


def _end_of(session: Session, record: JobRecord, timeout: float) -> JobRecord:
    """Wait for the end of a job by the changes that the server tells."""
    from ...client.api.jobs import get_job
    from ...client.errors import NotFound
    from ...jobs import JobTimeout, changes

    if record.has_ended:
        return record
    if not session.quiet:
        say(str(record))
    for change in changes(session.client, since=0, children=True, timeout=timeout):
        if change.job_id == record.job_id and change.has_ended:
            return change
    try:
        get_job.sync(str(record.job_id), client=session.client)
    except NotFound:
        raise JobTimeout("the server does not know the job any more", None) from None
    raise JobTimeout(f"{record}: it has not ended in {timeout:g} s; it goes on", None)


def _show(record: JobRecord, format_: str, command: str) -> int:
    row = {name: plain(value) for name, value in _row(record).items()}
    result = record.result.to_dict() if record.result else None
    if format_ == "json":
        write_json({"command": command, "version": 1, **row, "result": result})
    else:
        shown = [{"property": name, "value": value} for name, value in row.items() if value]
        shown += [{"property": name, "value": value} for name, value in (result or {}).items()]
        show_listing(Listing(command, ("property", "value"), shown), "table")
    return 0
