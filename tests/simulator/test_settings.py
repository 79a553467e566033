"""What a simulated server is told about itself, when it is made and while it runs."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from dqops.testing import Settings, SimulatedDqops, User

WRONG = [
    ({"job_duration": "3600"}, "job_duration must be a number of seconds >= 0, got '3600'"),
    ({"job_duration": -1}, "job_duration must be a number of seconds >= 0, got -1"),
    ({"queue_delay": float("nan")}, "queue_delay must be a number of seconds >= 0, got nan"),
    ({"wait_seconds": None}, "wait_seconds must be a number of seconds >= 0, got None"),
    ({"poll_seconds": True}, "poll_seconds must be a number of seconds >= 0, got True"),
    ({"job_history_seconds": "x"}, "job_history_seconds must be a number of seconds >= 0, or None"),
    ({"strict": "false"}, "strict must be True or False, got 'false'"),
    (
        {"job_mode": "fast"},
        "job_mode must be one of 'immediate', 'manual', 'seconds', 'skip', ",
    ),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG, ids=str)
def test_setting_that_cannot_be_is_refused(wrong: dict[str, Any], message: str) -> None:
    """What is wrong is told at once, and not by a strange response later."""
    with pytest.raises(ValueError, match=message):
        Settings(**wrong)


@pytest.mark.parametrize(("wrong", "message"), WRONG, ids=str)
def test_setting_is_checked_while_the_server_runs(wrong: dict[str, Any], message: str) -> None:
    """A field that is set later is checked like a keyword, and keeps its value if it is wrong."""
    settings = Settings()
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=message):
        setattr(settings, name, value)
    assert Settings() == settings


def test_misspelt_setting_is_refused() -> None:
    """It would change nothing, and the test that sets it would prove nothing."""
    settings: Any = Settings()
    with pytest.raises(AttributeError, match="job_duratoin"):
        settings.job_duratoin = 3600


def test_job_can_take_for_ever() -> None:
    """Infinite seconds are as good as a number."""
    with SimulatedDqops(job_duration=float("inf"), job_mode="manual") as simulated:
        with httpx.Client(base_url="http://x", transport=simulated.transport()) as http:
            started = http.post("/api/jobs/runchecks?wait=false", json={})
        simulated.advance(1e6)
        assert (201, "running") == (started.status_code, simulated.state.jobs[0].status)


@pytest.mark.parametrize("key", ["", 12345, "ключ", "line\nbreak"], ids=repr)
def test_api_key_that_no_header_can_carry_is_refused(key: Any) -> None:
    """An empty key would let in whoever sends an empty one; the message does not show the key."""
    with pytest.raises(ValueError, match=r"an API key must (be a string|not be empty)") as caught:
        SimulatedDqops(api_key=key)
    assert "12345" not in str(caught.value)
    with pytest.raises(ValueError, match=r"an API key must (be a string|not be empty)"):
        User("eve@example.com", api_key=key)


def test_clock_that_is_none_is_refused() -> None:
    """What has not the methods of a clock is told apart from a clock."""
    wrong: Any = 5
    with pytest.raises(TypeError, match="a clock must have the methods now and wait, got 5"):
        SimulatedDqops(clock=wrong)
