"""`dagster dev` on loopback, asked by GraphQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Self

import httpx

from orchestrators.processes import free_port, wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LAUNCH = """
mutation Launch($job: String!) { launchRun(executionParams: {
  selector: {
    repositoryLocationName: "nightly.py", repositoryName: "__repository__", jobName: $job
  },
  runConfigData: {}
}) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
_RUNS = "{ runsOrError { ... on Runs { results { runId status parentRunId } } } }"
_TERMINATE = "mutation Terminate($run: String!) { terminateRun(runId: $run) { __typename } }"
_EVENTS = """
query Events($run: ID!) { runOrError(runId: $run) { ... on Run { eventConnection { events {
  __typename
  ... on AssetCheckEvaluationEvent { evaluation { success } }
} } } } }
"""


class Dev:
    """A `dagster dev` with a home of its own, which holds `nightly.py`; used in a `with` block.

    Args:
        home: The folder.
        environment: Further variables.
    """

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self.home = home
        self._environment = {
            **os.environ,
            "DAGSTER_HOME": str(home),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            **environment,
        }
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        command = ["-m", "dagster", "dev", "--python-file", "nightly.py", "--host", "127.0.0.1"]
        with (self.home / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, *command, "--port", str(self._port)],
                env=self._environment,
                cwd=self.home,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            wait_until(lambda: self.ask("{ version }"), "the page", 180)
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, *error: object) -> None:
        if error[0] is not None:
            print((self.home / "log").read_text(errors="replace")[-6000:])
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)

    def ask(self, query: str, **variables: str) -> Any:
        """Ask Dagster; None while it is not there."""
        body = {"query": query, "variables": variables}
        try:
            response = httpx.post(f"http://127.0.0.1:{self._port}/graphql", json=body, timeout=60)
        except httpx.TransportError:
            return None
        return response.json().get("data") if response.status_code == 200 else None

    def launch(self, job: str) -> str:
        """Launch a run of a job, and give its id."""
        told = self.ask(_LAUNCH, job=job)["launchRun"]
        assert told["__typename"] == "LaunchRunSuccess", told
        run: str = told["run"]["runId"]
        return run

    def runs(self) -> list[dict[str, Any]]:
        """Give all runs, the newest first."""
        found = self.ask(_RUNS)
        return found["runsOrError"]["results"] if found else []

    def wait_for_end(self, run: str) -> str:
        """Wait until a run has ended, and give its status."""

        def look() -> Any:
            (status,) = [each["status"] for each in self.runs() if each["runId"] == run] or [""]
            return status if status in {"SUCCESS", "FAILURE", "CANCELED"} else None

        status: str = wait_until(look, f"the end of the run {run}")
        return status

    def retry_of(self, run: str) -> str | None:
        """Give the run that Dagster has launched in place of a lost one."""
        return next((each["runId"] for each in self.runs() if each["parentRunId"] == run), None)

    def terminate(self, run: str) -> None:
        """End a run, as a user does."""
        self.ask(_TERMINATE, run=run)

    def evaluations(self, run: str) -> list[bool]:
        """Tell of each asset check of a run whether it passed."""
        return [each["evaluation"]["success"] for each in self._events(run) if "evaluation" in each]

    def count_events(self, run: str, kind: str) -> int:
        """Count the events of a kind."""
        return sum(each["__typename"] == kind for each in self._events(run))

    def _events(self, run: str) -> list[dict[str, Any]]:
        found = self.ask(_EVENTS, run=run)["runOrError"]
        events: list[dict[str, Any]] = found["eventConnection"]["events"]
        return events
