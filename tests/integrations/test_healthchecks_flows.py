"""The fake of Healthchecks.io responds as the real server did, request by request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from dqops.testing import ManualClock
from dqops.testing.healthchecks import Channel, HealthchecksServer

from .healthchecks_flows import FLOWS, Call, Server, play

# Recorded from version 4.4-dev (29b5ec25) with a clock that was moved by hand.
RECORDED: dict[str, list[Any]] = json.loads(
    (Path(__file__).parent / "data" / "healthchecks_answers.json").read_text()
)


@pytest.mark.parametrize("name", FLOWS)
def test_flow(name: str) -> None:
    """Status, type, body and the headers that matter are those of the real server."""
    clock = ManualClock()
    with HealthchecksServer(clock=clock, metrics_key="the metrics key") as server:
        project, other = server.project, server.add_project("other")
        project.channels[:] = [Channel("On call"), Channel("Pager"), Channel("Pager")]
        project.check_limit = 20 if name == "limit of checks" else 200
        keys = {
            "write": project.api_key,
            "read": project.read_only_key,
            "other write": other.api_key,
            "other read": other.read_only_key,
        }
        target = Server(server.url, keys, project.ping_key, str(project.id), clock.advance)
        seen = play(FLOWS[name], target)
    calls = [step for step in FLOWS[name] if isinstance(step, Call)]
    wrong = [case for case in zip(calls, RECORDED[name], seen, strict=True) if case[1] != case[2]]
    assert [] == wrong


def test_every_flow_was_recorded() -> None:
    """No response is left of a flow that is gone."""
    assert list(FLOWS) == list(RECORDED)
