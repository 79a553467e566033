"""What becomes of tasks and jobs in a real Airflow, whatever happens to either.

Each scenario has a DAG and an embedded server of its own. At the end, a table says for each what
became of the task and which jobs its server had (`pytest -s` shows it).
"""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from dqops.testing import DqopsServer

from orchestrators.airflow.processes import Airflow
from orchestrators.processes import free_port, wait_until
from orchestrators.seeds import SHOP
from orchestrators.support import submitted

if TYPE_CHECKING:
    from collections.abc import Iterator

# Seconds that a job runs for ever in these tests.
LONG = 600.0

SCENARIOS = [
    "success",
    "success_deferred",
    "gate_failed",
    "gate_retried",
    "job_failed",
    "server_down",
    "server_down_deferred",
    "wrong_key",
    "marked_failed",
    "marked_failed_deferred",
    "triggerer_restarted",
    "worker_killed",
    "execution_timeout",
    "execution_timeout_deferred",
    "cleared",
]

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, DqopsServer]]:
    """A server for each scenario, which keeps its port."""
    found = {
        name: DqopsServer(
            SHOP,
            port=free_port(),
            require_login=True,
            api_key="the-key",
            job_duration=1.0,
        ).start()
        for name in SCENARIOS
    }
    yield found
    for server in found.values():
        server.stop()


@pytest.fixture(scope="module")
def airflow(
    servers: dict[str, DqopsServer], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Airflow]:
    """Airflow with its connections."""
    connections = {
        f"AIRFLOW_CONN_{name.upper()}": json.dumps(
            {
                "conn_type": "dqops",
                "host": server.url,
                "password": "wrong" if name == "wrong_key" else "the-key",
            }
        )
        for name, server in servers.items()
    }
    home = tmp_path_factory.mktemp("airflow")
    found = Airflow(home, Path(__file__).with_name("dags"), connections)
    try:
        found.start()
        yield found
    except BaseException:
        print(found.logs())
        raise
    finally:
        found.stop()


@pytest.fixture(scope="module")
def rows() -> Iterator[list[str]]:
    """The table of what happened."""
    found: list[str] = []
    yield found
    print("\n\n| scenario | task | tries | jobs |\n|---|---|---|---|")
    print("\n".join(found))


@pytest.fixture
def scenario(
    request: pytest.FixtureRequest,
    airflow: Airflow,
    servers: dict[str, DqopsServer],
    rows: list[str],
) -> Iterator[Scenario]:
    """The DAG and the server of a scenario; the name of the test says which."""
    name = request.node.name.removeprefix("test_")
    found = Scenario(name, airflow, servers[name])
    yield found
    if found.run:
        task = airflow.task(name, found.run)
        jobs = ", ".join(f"{count} {what}" for what, count in submitted(found.server).items())
        rows.append(f"| {name} | {task['state']} | {task['try_number']} | {jobs or 'none'} |")


class Scenario:
    """One scenario."""

    def __init__(self, name: str, airflow: Airflow, server: DqopsServer) -> None:
        self.name, self.airflow, self.server = name, airflow, server
        self.run = ""

    def begin(self) -> None:
        """Trigger the DAG."""
        self.run = self.airflow.trigger(self.name)

    def wait_for(self, *states: str) -> int:
        """Wait for a state of the task, and give the number of its try."""
        number: int = self.airflow.wait_for(self.name, self.run, *states)["try_number"]
        return number

    def wait_for_jobs(self, **expected: int) -> None:
        """Wait until the server has these jobs."""
        wait_until(lambda: submitted(self.server) == expected, f"{expected} in {self.name}")


def test_success(scenario: Scenario) -> None:
    """The task runs one job, and tells what came of it."""
    scenario.begin()
    assert 1 == scenario.wait_for("success", "failed")
    assert {"finished": 1} == submitted(scenario.server)
    told = scenario.airflow.xcom(scenario.name, scenario.run, "return_value")
    assert told["verdict"]["passed"]
    # Airflow stores the links one after the other when the task has ended.
    wait_until(
        lambda: all(scenario.airflow.links(scenario.name, scenario.run).values()), "the links"
    )
    links = scenario.airflow.links(scenario.name, scenario.run)
    assert links["Table in DQOps"].endswith("/table/orders/monitoring/daily")
    assert links["Job in DQOps"].endswith(f"/api/jobs/jobs/{told['jobId']['jobId']}")


def test_success_deferred(scenario: Scenario) -> None:
    """The triggerer waits for the job."""
    scenario.server.settings.job_duration = 3.0
    scenario.begin()
    scenario.wait_for("deferred")
    scenario.wait_for("success", "failed")
    assert {"finished": 1} == submitted(scenario.server)


def test_gate_failed(scenario: Scenario) -> None:
    """Bad data fails the task for good, although it might be retried."""
    scenario.server.next_outcome("error", table="public.orders")
    scenario.begin()
    assert 1 == scenario.wait_for("success", "failed")
    assert "failed" == scenario.airflow.task(scenario.name, scenario.run)["state"]
    told = scenario.airflow.xcom(scenario.name, scenario.run, "return_value")
    assert "daily_row_count" == told["verdict"]["failures"][0]["check"]
    assert {"finished": 1} == submitted(scenario.server)


def test_gate_retried(scenario: Scenario) -> None:
    """Where it is retried, the same bad data fails again."""
    scenario.server.set_value(0, table="public.orders", check_name="daily_row_count")
    scenario.server.next_outcome("error", table="public.orders")
    scenario.begin()
    assert 2 == scenario.wait_for("success", "failed")
    assert "failed" == scenario.airflow.task(scenario.name, scenario.run)["state"]
    assert {"finished": 2} == submitted(scenario.server)


def test_job_failed(scenario: Scenario) -> None:
    """A job that failed is run anew by the retry."""
    scenario.server.next_outcome(table="public.orders", fails="the disk is full")
    scenario.begin()
    assert 2 == scenario.wait_for("success", "failed")
    assert {"failed": 1, "finished": 1} == submitted(scenario.server)


@pytest.mark.parametrize("deferred", [False, True], ids=["worker", "triggerer"])
def test_server_down(
    airflow: Airflow, servers: dict[str, DqopsServer], rows: list[str], deferred: bool
) -> None:
    """While the server is down, worker and triggerer wait for it."""
    name = "server_down_deferred" if deferred else "server_down"
    scenario = Scenario(name, airflow, servers[name])
    scenario.server.settings.job_duration = 8.0
    scenario.begin()
    scenario.wait_for_jobs(running=1)
    if deferred:
        scenario.wait_for("deferred")
    scenario.server.stop()
    time.sleep(4)
    scenario.server.start()
    assert 1 == scenario.wait_for("success", "failed")
    assert {"finished": 1} == submitted(scenario.server)
    rows.append(f"| {name} | success | 1 | 1 finished |")


def test_wrong_key(scenario: Scenario) -> None:
    """A wrong key fails the task; nothing runs, and the log says why without the key."""
    scenario.begin()
    scenario.wait_for("failed")
    assert {} == submitted(scenario.server)
    assert "401" in scenario.airflow.logs()


def test_marked_failed(scenario: Scenario) -> None:
    """A task that is marked as failed cancels its job."""
    scenario.server.settings.job_duration = LONG
    scenario.begin()
    scenario.wait_for_jobs(running=1)
    scenario.wait_for("running")
    scenario.airflow.mark_failed(scenario.name, scenario.run)
    scenario.wait_for_jobs(cancelled=1)
    scenario.wait_for("failed")


def test_marked_failed_deferred(scenario: Scenario) -> None:
    """So does one that waits in the triggerer."""
    scenario.server.settings.job_duration = LONG
    scenario.begin()
    scenario.wait_for("deferred")
    wait_until(lambda: scenario.server.calls("get_job_changes_since"), "the trigger runs")
    scenario.airflow.mark_failed(scenario.name, scenario.run)
    scenario.wait_for_jobs(cancelled=1)
    scenario.wait_for("failed")


def test_triggerer_restarted(scenario: Scenario) -> None:
    """A triggerer that is restarted goes on waiting for the same job."""
    scenario.server.settings.job_duration = 20.0
    scenario.begin()
    scenario.wait_for("deferred")
    wait_until(lambda: scenario.server.calls("get_job_changes_since"), "the trigger runs")
    scenario.airflow.stop_process("triggerer", signal.SIGTERM)
    scenario.airflow.start_process("triggerer")
    scenario.wait_for("success", "failed")
    assert {"finished": 1} == submitted(scenario.server)


def test_worker_killed(scenario: Scenario) -> None:
    """The retry of a task whose worker was lost takes up the job."""
    scenario.server.settings.job_duration = 40.0
    scenario.begin()
    scenario.wait_for_jobs(running=1)
    scenario.wait_for("running")
    scenario.airflow.kill_workers()
    assert 2 == scenario.wait_for("success", "failed")
    assert {"finished": 1} == submitted(scenario.server)


def test_execution_timeout(scenario: Scenario) -> None:
    """A task that takes too long cancels its job."""
    scenario.server.settings.job_duration = LONG
    scenario.begin()
    scenario.wait_for("failed")
    scenario.wait_for_jobs(cancelled=1)


def test_execution_timeout_deferred(scenario: Scenario) -> None:
    """So does one that waits in the triggerer."""
    scenario.server.settings.job_duration = LONG
    scenario.begin()
    scenario.wait_for("failed")
    scenario.wait_for_jobs(cancelled=1)


def test_cleared(scenario: Scenario) -> None:
    """A task that is cleared runs its job anew."""
    scenario.begin()
    scenario.wait_for("success", "failed")
    # Cleared while the scheduler ends the run, the task would stay without a state for good.
    scenario.airflow.wait_for_end(scenario.name, scenario.run)
    scenario.airflow.clear(scenario.name, scenario.run)
    scenario.wait_for_jobs(finished=2)
    wait_until(
        lambda: scenario.airflow.task(scenario.name, scenario.run)["try_number"] == 2,
        "a second try",
    )
    scenario.wait_for("success", "failed")
    assert {"finished": 2} == submitted(scenario.server)


def test_connection_form(airflow: Airflow) -> None:
    """The form of a connection has fields for what is in its extra."""
    form = airflow.connection_form("dqops")
    assert "DQOps" == form["hook_name"]
    assert {"data_domain", "timeout", "verify", "proxy"} == set(form["extra_fields"])
    assert "URL" == form["standard_fields"]["host"]["title"]
