"""A gate in a data pipeline: run the checks of a table, and stop where the data is not good.

    pipeline-gate http://localhost:8888/ warehouse public.orders

The API key comes from the environment variable DQOPS_API_KEY. Exit codes: 0 the data is good,
1 it is not, 2 the command line is wrong, 3 nobody knows, because the checks did not run to their
end or proved nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from dqops import jobs
from dqops.client import AuthenticatedClient
from dqops.client.api.healthcheck import is_healthy
from dqops.client.errors import ClientError
from dqops.client.models import CheckSearchFilters

if TYPE_CHECKING:
    from dqops.jobs import Verdict

__all__ = ["BAD", "GOOD", "UNKNOWN", "GateError", "check_table", "decide", "main"]

GOOD, BAD, UNKNOWN = 0, 1, 3


class GateError(Exception):
    """The server is not fit to run checks, so nothing is known about the data."""


def check_table(
    client: AuthenticatedClient, connection: str, table: str, *, minutes: int = 60
) -> Verdict:
    """Run all checks of a table, and judge what is true of it now.

    Args:
        client: The client.
        connection: The connection's name.
        table: The table as `schema.table`.
        minutes: The longest time to wait, in minutes.

    Returns:
        The verdict.

    Raises:
        GateError: The server is unhealthy.
        ClientError: The checks did not run to their end, or the server could not be asked.
    """
    if is_healthy.sync(client=client) != "OK":
        raise GateError("DQOps says that it is unhealthy")
    filters = CheckSearchFilters(connection=connection, full_table_name=table, enabled=True)
    return jobs.gate(client, filters, at_least="error", timeout=60 * minutes)


def decide(verdict: Verdict) -> int:
    """Turn a verdict into an exit code.

    Args:
        verdict: The verdict.

    Returns:
        `GOOD`; `BAD` where a check has the severity error or worse; `UNKNOWN` where nothing says
        that the data is bad, and nothing proves that it is good.
    """
    if verdict.passed:
        return GOOD
    return BAD if verdict.failed_checks else UNKNOWN


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
            verdict = check_table(client, options.connection, options.table)
    except KeyError:
        parser.error("the environment variable DQOPS_API_KEY is not set")
    except (GateError, ClientError) as error:
        print(f"unknown: {error}", file=sys.stderr)
        return UNKNOWN
    print(verdict)
    return decide(verdict)


if __name__ == "__main__":
    sys.exit(main())
