"""A test of one's own program against the embedded server."""

from typing import TYPE_CHECKING

import httpx
from dqops import DQOps, jobs
from dqops.client.models import CheckSearchFilters
from dqops.testing import DqopsServer, SimulatedDqops

SHOP = {
    "connections": [
        {
            "name": "shop",
            "tables": [{"schema": "public", "name": "carts", "columns": [{"name": "id"}]}],
        }
    ]
}


def is_good(url: str, api_key: str) -> bool:
    """The program under test."""
    with DQOps(url, api_key=api_key) as dq:
        outcome = jobs.run_checks(dq, CheckSearchFilters(connection="shop"), timeout=30)
        return outcome.execution_errors == 0


with DqopsServer(SHOP, job_duration=0.01) as server:
    print(is_good(server.url, server.api_key))
    print(any(request.path == "/api/jobs/runchecks" for request in server.requests))

simulated = SimulatedDqops(SHOP)
with httpx.Client(transport=simulated.transport(), base_url="http://dqops.test") as http:
    print([each["connection_name"] for each in http.get("/api/connections").json()])

if TYPE_CHECKING:
    reveal_type(server.requests)
