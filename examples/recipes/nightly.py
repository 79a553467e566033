"""A line of cron that somebody watches: 0 5 * * * python nightly.py CONNECTION.

It runs the checks of a connection, and tells Healthchecks.io that it began and how it ended.
DQOPS_URL and DQOPS_API_KEY say where DQOps is, HC_PING_URL (such as https://hc-ping.com/) and
HC_PING_KEY whom to tell. The exit code is 1 if the data is not good, or not known to be.
"""

from __future__ import annotations

import os
import sys

from dqops import DQOps, jobs
from dqops.client.models import CheckSearchFilters
from dqops.integrations.healthchecks_io import CheckTrap
from dqops.integrations.healthchecks_io import Client as Healthchecks


def main(connection: str) -> int:
    """Run the checks, judge, and tell.

    Args:
        connection: The connection in DQOps.

    Returns:
        The exit code.
    """
    watching = Healthchecks(
        ping_key=os.environ["HC_PING_KEY"],
        ping_url=os.environ.get("HC_PING_URL", "https://hc-ping.com/"),
    )
    with DQOps.from_env() as dq, watching, CheckTrap(watching, slug="nightly") as trap:
        verdict = jobs.gate(dq, CheckSearchFilters(connection=connection))
        trap.add_log(str(verdict))
        verdict.raise_if_failed()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except jobs.QualityGateFailed as error:
        sys.exit(str(error))
