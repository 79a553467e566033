"""What integrations with orchestrators share: keys of logical runs, short verdicts, pages."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..client.errors import InvalidRequest
from . import kinds
from .handles import JobHandle
from .job import Job

if TYPE_CHECKING:
    from ..client import AuthenticatedClient, Client
    from .results import Verdict

__all__ = ["find_job", "job_page", "logical_key", "short_verdict", "table_page"]

# A key may have 200 characters; the rest is for the engine and the digest.
_READABLE = 150
_REFUSED = str.maketrans(dict.fromkeys("/\\;%", "_"))

# How many failures and problems a short verdict names, and how long its strings may be.
_NAMED = 20
_LONGEST = 500
_LONGEST_MESSAGE = 4000


def logical_key(engine: str, *parts: str | int) -> str:
    """Make the business key of a logical run, the same for each attempt at it.

    Args:
        engine: The orchestrator, such as `airflow`.
        *parts: What the run is known by there, such as DAG, task and run.

    Returns:
        A key that tells people what it is of, and that no other parts have.
    """
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
    told = ".".join(str(part) for part in parts if part != "").translate(_REFUSED)
    readable = "".join(letter if letter.isprintable() else "_" for letter in told[:_READABLE])
    return f"{engine}.{readable}.{digest}"


def find_job(client: AuthenticatedClient | Client, name: str) -> JobHandle[Any]:
    """Take up a job of any kind that was submitted elsewhere.

    Args:
        client: The client to send requests with; it raises on a status that is no success.
        name: Its business key, or its number.

    Returns:
        What waits for the job, looks it up or cancels it.

    Raises:
        ClientError: There is no such job, or the server could not be asked.
    """
    from ..client.api.jobs import get_job

    entry: Any = get_job.sync(name, client=client)
    found = [
        kind
        for kind in vars(kinds).values()
        if isinstance(kind, kinds.JobKind) and entry and kind.job_type == entry.job_type
    ]
    if not found:
        told = getattr(entry, "job_type", None)
        raise InvalidRequest(f"the job {name!r} is of type {str(told)!r}, which cannot be followed")
    job = Job(found[0], entry.job_id.job_business_key or f"job-{name}", attached=True)
    job.learn(entry.job_id)
    return JobHandle(client, job)


def short_verdict(verdict: Verdict) -> dict[str, Any]:
    """Give a verdict as JSON of bounded size, however much is wrong.

    Args:
        verdict: The verdict.

    Returns:
        The object; `failures` and `problems` hold the worst ones, and the counts tell how many
        there are.
    """
    failures = verdict.failures
    problems = verdict.problems
    outcome = verdict.outcome
    return {
        "passed": verdict.passed,
        "at_least": str(verdict.at_least),
        "severity": None if verdict.severity is None else str(verdict.severity),
        "message": _cut(str(verdict), _LONGEST_MESSAGE),
        "business_key": None if outcome is None else outcome.business_key,
        "job_id": None if outcome is None else outcome.job_id,
        "judged_at": None if verdict.judged_at is None else verdict.judged_at.isoformat(),
        "tables": len(verdict.tables),
        "checks": sum(len(table.checks) for table in verdict.tables),
        "failed_checks": len(verdict.failed_checks),
        "failures_count": len(failures),
        "failures": [
            {name: _cut(value, _LONGEST) for name, value in each.to_dict().items()}
            for each in failures[:_NAMED]
        ],
        "problems_count": len(problems),
        "problems": [
            {
                "kind": each.kind,
                "message": _cut(each.message, _LONGEST),
                "allowed": each.allowed,
                "tables_count": len(each.tables),
            }
            for each in problems[:_NAMED]
        ],
    }


def table_page(server: str, connection: str, full_table_name: str) -> str:
    """Name the page of a table's checks in the user interface of DQOps.

    Args:
        server: The URL of the server.
        connection: The name of the connection.
        full_table_name: The name of schema and table.

    Returns:
        The URL; that of the connection where the names select several tables, and that of the
        server where they select several connections.
    """
    schema, _, table = full_table_name.partition(".")
    if not connection or "*" in connection:
        return server
    names = ["monitoring", "connection", connection]
    if not table or "*" in full_table_name:
        names = ["sources", "connection", connection, "detail"]
    else:
        names += ["schema", schema, "table", table, "monitoring", "daily"]
    quoted = (quote(name, safe="").replace(".", "%2E") for name in names)
    return "/".join([server.rstrip("/"), *quoted])


def job_page(server: str, job_id: int) -> str:
    """Name what the server tells about a job; the user interface has no page for one.

    Args:
        server: The URL of the server.
        job_id: The number of the job.

    Returns:
        The URL.
    """
    return f"{server.rstrip('/')}/api/jobs/jobs/{job_id}"


def _cut(value: Any, longest: int) -> Any:
    """Cut a string; other values stay."""
    if isinstance(value, str) and len(value) > longest:
        return value[: longest - 1] + "…"
    return value
