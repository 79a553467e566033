"""Airflow without a database, and servers to connect to."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

# Airflow reads these when it is first imported.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-tests-")
os.environ["AIRFLOW__CORE__UNIT_TEST_MODE"] = "True"
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
for name in ("DQOPS_URL", "DQOPS_API_KEY"):
    os.environ.pop(name, None)

import pytest
from dqops.testing import DqopsServer

from orchestrators.airflow.support import connect
from orchestrators.seeds import SHOP

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> Iterator[DqopsServer]:
    """A server whose checks can all run."""
    with DqopsServer(SHOP) as server:
        yield server


@pytest.fixture
def connection(server: DqopsServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """An Airflow connection to it."""
    return connect(monkeypatch, host=server.url)


@pytest.fixture(autouse=True)
def _eager_triggers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No scheduler looks at these triggers, so that they need not wait for it."""
    monkeypatch.setattr("dqops.airflow.triggers._LEAST_SECONDS", 0.0)
