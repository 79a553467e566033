"""Ask a mosparo server whether it is healthy: `python check_health.py http://localhost:8080`.

Exit code 0 means healthy, 1 means anything else, 2 a wrong command line.
"""

from __future__ import annotations

import sys

from mosparo_client import Client, errors
from mosparo_client.api.health import check_health


def main(arguments: list[str]) -> int:
    """Print what the server says of itself.

    Args:
        arguments: The URL of the server.

    Returns:
        The exit code.
    """
    if len(arguments) != 1:
        print("usage: python check_health.py URL", file=sys.stderr)
        return 2
    try:
        # mosparo explains its refusals only to those who ask for JSON.
        with Client(
            arguments[0], headers={"Accept": "application/json"}, raise_on_unexpected_status=True
        ) as client:
            report = check_health.sync(client=client)
    except errors.ClientError as error:
        print(error)
        return 1
    if report is None:
        print("the server sent nothing")
        return 1
    print(f"healthy: {report.healthy}, database: {report.database_status}")
    if report.error:
        print(report.error)
    return 1 if report.healthy is False else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
