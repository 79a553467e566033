"""Quality gates say the same of servers that evaluate every rule again, as those before 1.10 do."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest
from dqops import DqopsWarning, jobs
from dqops.client import Client
from dqops.client.models import CheckSearchFilters
from dqops.testing import DqopsServer
from support.runtime import warned

from jobs.shop import TIMING

if TYPE_CHECKING:
    from jobs.support import Calling

FILTERS = CheckSearchFilters(connection="warehouse", full_table_name="public.orders")
# What the summaries of three runs count as errors: the second is on unchanged data, the third on
# mended data.
SUMMARIES = {"1.7": [1, 1, 0], "1.9": [1, 1, 0], "1.10": [1, 0, 0], "1.13": [1, 0, 0]}


@pytest.mark.parametrize("version", SUMMARIES)
@pytest.mark.parametrize("knows", [True, False], ids=["known", "unknown"])
def test_a_gate_on_a_server_of_each_kind(
    calling: Calling, monkeypatch: pytest.MonkeyPatch, version: str, knows: bool
) -> None:
    """A run on unchanged bad data fails, whatever its summary says; nothing is warned of."""
    monkeypatch.setattr(warned, "_told", set())
    errors, verdicts = [], []
    with (
        DqopsServer(server_version=version, job_duration=0.01) as server,
        Client(server.url, server_version=version if knows else None) as client,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("error", DqopsWarning)
        server.next_outcome("error", table="public.orders")
        for number in range(3):
            if number == 2:
                server.next_outcome("valid", table="public.orders")
            outcome = jobs.run_checks(client, FILTERS, timing=TIMING)
            assert outcome.result is not None
            errors.append(outcome.result.errors)
            verdicts.append(calling(client, "judge", FILTERS, timing=TIMING).passed)

    assert SUMMARIES[version] == errors
    assert [False, False, True] == verdicts


@pytest.mark.parametrize("version", ["1.7", "1.13"])
def test_a_gate_that_runs_checks_again(calling: Calling, version: str) -> None:
    """The verdict of a run on unchanged data is that of the first."""
    with (
        DqopsServer(server_version=version, job_duration=0.01) as server,
        Client(server.url) as client,
    ):
        server.next_outcome("fatal", table="public.orders")
        verdicts = [calling(client, "gate", FILTERS, timing=TIMING) for _ in range(2)]

    assert [False, False] == [verdict.passed for verdict in verdicts]
