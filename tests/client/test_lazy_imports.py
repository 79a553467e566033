"""A program pays at import only for what it uses."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOADED = "; import sys; print(' '.join(sorted(sys.modules)))"


def modules_after(statement: str) -> set[str]:
    """Run a statement in a process of its own and list what it loaded."""
    run = subprocess.run(
        [sys.executable, "-c", statement + LOADED], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("from dqops.client.api.jobs import run_checks", {"httpx", "attr", "dateutil"}),
        ("from dqops.client.api.tables import get_table", {"httpx", "attr", "dateutil"}),
        ("from dqops.client.models import RunChecksResult", {"httpx", "dateutil"}),
        ("from dqops import client", {"httpx", "attr", "dateutil"}),
    ],
)
def test_import_loads_nothing_that_is_not_used(statement: str, absent: set[str]) -> None:
    """Neither the HTTP library nor a model that is not named, nor the simulator."""
    loaded = modules_after(statement)
    assert set() == loaded & {*absent, "dqops.testing", "dqops.client.downloads"}
    models = {name for name in loaded if name.startswith("dqops.client.models.")}
    expected = {"dqops.client.models.run_checks_result"} if "models" in statement else set()
    assert expected == models
