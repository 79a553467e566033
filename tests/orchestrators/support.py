"""What the tests of all orchestrators share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dqops.testing import DqopsServer


def submitted(server: DqopsServer) -> Counter[str]:
    """Count the jobs of the server by their status; without the children."""
    jobs = server.state.queue.jobs
    return Counter(str(job.status) for job in jobs if job.parent is None)
