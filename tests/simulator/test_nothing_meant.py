"""What a test gets wrong is refused, so that no test passes because nothing happened."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest
from dqops.testing import Fault, SimulatedDqops


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"operation": "is_helthy"}, "did you mean 'is_healthy'"),
        (
            {"operation": "is_healthy", "method": "POST"},
            "the method of is_healthy is GET, not POST",
        ),
        (
            {"operation": ["is_healthy", "get_job"], "method": ["POST", "PUT"]},
            "the method of get_job and is_healthy is GET, not POST or PUT",
        ),
        ({"method": "FETCH"}, "the method of the operations is DELETE and GET"),
    ],
)
def test_fault_that_can_hit_nothing(rule: dict[str, Any], said: str) -> None:
    """A fault for calls that there are not is refused, whenever it is added."""
    fault = Fault.reset(**rule)
    with SimulatedDqops() as simulated, pytest.raises(ValueError, match=said):
        simulated.faults.add(fault)
    with pytest.raises(ValueError, match=said):
        SimulatedDqops(faults=[fault])


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"table": "public.oders"}, "no table 'public.oders'.*did you mean 'public.orders'"),
        ({"table": "sales.*"}, "There are: public.customers, public.orders"),
        ({"connection": "warehose"}, "no connection 'warehose'.*did you mean 'warehouse'"),
        ({"table": "public.orders", "column": "emial"}, "no column 'emial'"),
        ({"connection": "zzz", "table": "public.orders"}, "There are: warehouse"),
    ],
)
def test_outcome_of_what_is_not_there(where: dict[str, Any], said: str) -> None:
    """An outcome or a value for a table or column that is not there is refused."""
    with SimulatedDqops() as simulated:
        with pytest.raises(ValueError, match=said):
            simulated.next_outcome("error", **where)
        with pytest.raises(ValueError, match=said):
            simulated.set_value(1, check_name="daily_row_count", **where)


@pytest.mark.parametrize("where", [{}, {"table": "PUBLIC.o*"}, {"connection": "ware*"}])
def test_outcome_of_what_is_there(where: dict[str, Any]) -> None:
    """Patterns and capitals count as they do in a run."""
    with SimulatedDqops() as simulated:
        simulated.next_outcome("error", **where)


@pytest.mark.parametrize(
    "fault", [Fault.timeout(), Fault.delay(3600), Fault.timeout(when="before")]
)
def test_timeouts_are_skipped(fault: Fault) -> None:
    """With `job_mode="skip"` a timeout of an hour takes no time at the door without a socket."""
    began = time.monotonic()
    with SimulatedDqops(faults=[fault], job_mode="skip") as simulated:
        client = httpx.Client(
            transport=simulated.transport(), base_url="http://dqops.test", timeout=1800
        )
        with client, pytest.raises(httpx.ReadTimeout):
            client.get("/api/ishealthy")
    assert time.monotonic() - began < 60


def test_delays_are_skipped() -> None:
    """So is a delay that the client would wait for."""
    began = time.monotonic()
    with SimulatedDqops(faults=[Fault.delay(1800)], job_mode="skip") as simulated:
        client = httpx.Client(
            transport=simulated.transport(), base_url="http://dqops.test", timeout=3600
        )
        with client:
            assert 200 == client.get("/api/ishealthy").status_code
    assert time.monotonic() - began < 60
