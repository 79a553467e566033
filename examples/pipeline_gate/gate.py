"""A gate in a data pipeline: run the checks of a table, and stop where the data is not good.

    pipeline-gate http://localhost:8888/ warehouse public.orders

The API key comes from the environment variable DQOPS_API_KEY. Exit codes: 0 the data is good,
1 it is not, 2 the command line is wrong, 3 nobody knows, because the checks did not run to their
end.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress

from dqops.client import AuthenticatedClient
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.jobs import get_job, run_checks, wait_for_job
from dqops.client.errors import ClientError, ServerError
from dqops.client.models import (
    CheckSearchFilters,
    DqoJobHistoryEntryModel,
    DqoJobStatus,
    RuleSeverityLevel,
    RunChecksParameters,
    RunChecksResult,
)

__all__ = ["BAD", "GOOD", "UNKNOWN", "GateError", "check_table", "decide", "main"]

GOOD, BAD, UNKNOWN = 0, 1, 3

_STOPPING = (RuleSeverityLevel.ERROR, RuleSeverityLevel.FATAL)
_ENDED = (DqoJobStatus.FINISHED, DqoJobStatus.FAILED, DqoJobStatus.CANCELLED)


class GateError(Exception):
    """The checks did not run to their end, so nothing is known about the data."""


def check_table(
    client: AuthenticatedClient, connection: str, table: str, *, minutes: int = 60
) -> RunChecksResult:
    """Run all checks of a table, and wait for them.

    Args:
        client: The client, which raises on a status that is no success.
        connection: The connection's name.
        table: The table as `schema.table`.
        minutes: The longest time to wait, in minutes.

    Returns:
        What the checks found.

    Raises:
        GateError: The server is unhealthy, there is nothing to check, or the job did not finish.
        ClientError: The server could not be asked.
    """
    if is_healthy.sync(client=client) != "OK":
        raise GateError("DQOps says that it is unhealthy")
    filters = CheckSearchFilters(connection=connection, full_table_name=table, enabled=True)
    # Start and wait are two calls: if the second one fails, the job goes on and has a name.
    started = run_checks.sync(
        client=client, json_body=RunChecksParameters(check_search_filters=filters), wait=False
    )
    if not started or not started.job_id or not started.job_id.job_id:
        raise GateError("DQOps gave no job id")
    job = str(started.job_id.job_id)
    ended = _wait(client, job, minutes)
    if ended.status != DqoJobStatus.FINISHED:
        raise GateError(f"job {job} ended as {ended.status}")
    parameters = ended.parameters and ended.parameters.run_checks_parameters
    result = parameters and parameters.run_checks_result
    if not result:
        raise GateError(f"DQOps does not tell the result of job {job}")
    if not result.executed_checks:
        raise GateError(f"{connection}: {table} has no checks to run")
    return result


def _wait(client: AuthenticatedClient, job: str, minutes: int) -> DqoJobHistoryEntryModel:
    # One request for each minute: proxies cut longer ones, and so does the client's time-out.
    for _ in range(minutes):
        with suppress(ServerError):  # how DQOps answers a wait for a job that fails
            wait_for_job.sync(job, client=client, wait_timeout=60)
        entry = get_job.sync(job, client=client)
        if entry is not None and entry.status in _ENDED:
            return entry
    raise GateError(f"job {job} still runs after {minutes} minutes")


def decide(result: RunChecksResult) -> int:
    """Turn what the checks found into an exit code.

    Args:
        result: What they found.

    Returns:
        `GOOD`; `BAD` from severity error on; or `UNKNOWN` if a check itself failed.
    """
    if result.highest_severity in _STOPPING:
        return BAD
    return UNKNOWN if result.execution_errors else GOOD


def main(arguments: list[str] | None = None) -> int:
    """Run the gate as a command.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(description="Stop a pipeline when the data is not good.")
    parser.add_argument("url", help="address of DQOps")
    parser.add_argument("connection", help="name of the connection")
    parser.add_argument("table", help="table, as schema.table")
    options = parser.parse_args(arguments)
    try:
        with AuthenticatedClient(
            options.url, os.environ["DQOPS_API_KEY"], raise_on_unexpected_status=True
        ) as client:
            result = check_table(client, options.connection, options.table)
    except KeyError:
        parser.error("the environment variable DQOPS_API_KEY is not set")
    except (GateError, ClientError) as error:
        print(f"unknown: {error}", file=sys.stderr)
        return UNKNOWN
    print(f"{result.executed_checks} checks, highest severity {result.highest_severity or 'none'}")
    return decide(result)


if __name__ == "__main__":
    sys.exit(main())
