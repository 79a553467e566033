"""A run whose process is killed, in `dagster dev`: its retry takes up the job."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
from dqops.testing import DqopsServer

from orchestrators.processes import free_port, wait_until
from orchestrators.seeds import SHOP
from orchestrators.support import submitted

if TYPE_CHECKING:
    from pathlib import Path

DEFINITIONS = """
import os
import dagster as dg
from dqops.dagster import DqopsResource, dqops_asset_checks

@dg.asset
def orders() -> None:
    with open(os.environ["PROCESS_FILE"], "w") as file:
        file.write(str(os.getpid()))

defs = dg.Definitions(
    assets=[orders],
    asset_checks=[dqops_asset_checks(orders, connection="shop", full_table_name="public.orders")],
    jobs=[dg.define_asset_job("nightly", executor_def=dg.in_process_executor)],
    resources={"dqops": DqopsResource(url=os.environ["DQOPS_URL"])},
)
"""

LAUNCH = """
mutation { launchRun(executionParams: {
  selector: {
    repositoryLocationName: "nightly.py", repositoryName: "__repository__", jobName: "nightly"
  },
  runConfigData: {}
}) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""

RUNS = "{ runsOrError { ... on Runs { results { status } } } }"


def ask(url: str, query: str) -> Any:
    """Ask Dagster's GraphQL interface; None while it is not there."""
    try:
        response = httpx.post(f"{url}/graphql", json={"query": query}, timeout=60)
    except httpx.TransportError:
        return None
    return response.json().get("data") if response.status_code == 200 else None


def statuses(url: str) -> list[str]:
    """Give the statuses of all runs, the newest first."""
    found = ask(url, RUNS)
    return [each["status"] for each in found["runsOrError"]["results"]] if found else []


def test_lost_run(tmp_path: Path) -> None:
    """Dagster retries the run in another process, and the job is followed to its end."""
    (tmp_path / "nightly.py").write_text(DEFINITIONS)
    (tmp_path / "dagster.yaml").write_text("run_retries: {enabled: true, max_retries: 1}\n")
    process_file = tmp_path / "process"
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with DqopsServer(SHOP, job_duration=15.0) as server:
        environment = {
            **os.environ,
            "DAGSTER_HOME": str(tmp_path),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            "DQOPS_URL": server.url,
            "PROCESS_FILE": str(process_file),
        }
        command = ["-m", "dagster", "dev", "--python-file", "nightly.py", "--host", "127.0.0.1"]
        with (tmp_path / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *command, "--port", str(port)],
                env=environment,
                cwd=tmp_path,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            wait_until(lambda: ask(url, "{ version }"), "the page", 180)
            assert "LaunchRunSuccess" == ask(url, LAUNCH)["launchRun"]["__typename"]
            wait_until(lambda: {"running": 1} == submitted(server), "the job")
            os.kill(int(process_file.read_text()), signal.SIGKILL)
            wait_until(lambda: ["SUCCESS", "FAILURE"] == statuses(url), "the retry")
        except BaseException:
            print((tmp_path / "log").read_text(errors="replace")[-6000:])
            raise
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        assert {"finished": 1} == submitted(server)
