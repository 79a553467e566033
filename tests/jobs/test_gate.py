"""Quality gates against a simulated server."""

from __future__ import annotations

import asyncio
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client.errors import InvalidRequest
from dqops.client.models import CheckSearchFilters
from dqops.jobs import aio

from jobs.shop import TIMING

if TYPE_CHECKING:
    from dqops.client import Client

    from jobs.conftest import Calling


@pytest.mark.parametrize("name", ["gate", "judge"])
@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"connection": "warehouse", "full_table_name": "public.ordres"}, "public.ordres"),
        ({"connection": "zzz"}, "connection 'zzz'"),
    ],
)
def test_mistyped_name(
    client: Client, calling: Calling, name: str, filters: dict[str, Any], said: str
) -> None:
    """Filters that select nothing never say that data is good."""
    verdict = calling(client, name, CheckSearchFilters(**filters), timing=TIMING)
    assert not verdict.passed
    with pytest.raises(jobs.NothingSelected, match=said):
        verdict.raise_if_failed()
    calling(
        client, name, CheckSearchFilters(**filters), allow_nothing_selected=True, timing=TIMING
    ).raise_if_failed()


def test_gate_of_an_outcome(client: Client) -> None:
    """An outcome knows its client, and what it judged; it does not take the client along."""
    filters = CheckSearchFilters(connection="zzz")
    outcome = jobs.run_checks(client, filters, timing=TIMING)
    with pytest.raises(jobs.NothingSelected) as caught:
        outcome.raise_for_severity()
    assert outcome is caught.value.outcome
    outcome.raise_for_severity(allow_no_results=True)
    copy = pickle.loads(pickle.dumps(outcome))
    with pytest.raises(InvalidRequest, match="pass client="):
        copy.judge()
    with pytest.raises(jobs.NothingSelected):
        copy.raise_for_severity(client=client)


def test_gate_of_an_asynchronous_outcome(client: Client) -> None:
    """An outcome of an asynchronous run is judged by `aio.raise_for_severity`, or by itself."""

    async def main() -> None:
        async with client:
            outcome = await aio.run_checks(
                client, CheckSearchFilters(connection="zzz"), timing=TIMING
            )
            with pytest.raises(jobs.NothingSelected):
                await aio.raise_for_severity(outcome)
            await aio.raise_for_severity(outcome, allow_nothing_selected=True)
            with pytest.raises(jobs.NothingSelected):
                outcome.raise_for_severity()

    asyncio.run(main())
