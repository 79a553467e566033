"""Airflow's real processes on loopback, one by one: `airflow standalone` listens everywhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import psutil

from orchestrators.processes import free_port, wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COMMANDS = {
    "api-server": ["api-server", "--host", "127.0.0.1", "--workers", "1"],
    "dag-processor": ["dag-processor"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}

# Seconds for a process to start on a busy machine.
_START_WITHIN = 180.0


class Airflow:
    """An Airflow with a database of its own.

    Args:
        home: A folder for it.
        dags: The folder with the DAGs.
        environment: Further variables, such as connections.
    """

    def __init__(self, home: Path, dags: Path, environment: Mapping[str, str]) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        settings = {
            "CORE__EXECUTOR": "LocalExecutor",
            "CORE__PARALLELISM": "2",
            "CORE__LOAD_EXAMPLES": "False",
            "CORE__DAGS_FOLDER": str(dags),
            "CORE__FERNET_KEY": "bm90IGEgc2VjcmV0LCBvbmx5IGZvciB0ZXN0cyE5OTk=",
            "CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
            "API__BASE_URL": self.url,
            "API__SECRET_KEY": "not-a-secret-only-for-tests-0123456789",
            "API_AUTH__JWT_SECRET": "not-a-secret-only-for-tests-0123456789",
            "LOGGING__BASE_LOG_FOLDER": f"{home}/logs",
            # Workers beat each second, and one that is silent for ten is lost.
            "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
            "SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "1",
            "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "15",
            "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "2",
            "TRIGGERER__JOB_HEARTBEAT_SEC": "1",
            "TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": "10",
            "DAG_PROCESSOR__REFRESH_INTERVAL": "300",
        }
        self.environment = {
            **kept,
            **{f"AIRFLOW__{name}": value for name, value in settings.items()},
            "AIRFLOW_HOME": str(home),
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        }
        self._client = httpx.Client(base_url=self.url, timeout=60)

    def start(self) -> None:
        """Make the database, start all processes, and wait for the DAGs."""
        self._run("db", "migrate")
        for name in COMMANDS:
            self.start_process(name)
        wait_until(self._sign_in, "the API server", _START_WITHIN)

    def stop(self) -> None:
        """Stop all processes and their children."""
        for name in list(self.processes):
            self.stop_process(name, signal.SIGTERM)
        self._client.close()

    def start_process(self, name: str) -> None:
        """Start one process in a group of its own."""
        port = ["--port", str(self.port)] if name == "api-server" else []
        log = self.log_of(name).open("ab")
        with log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "airflow", *COMMANDS[name], *port],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log_of(self, name: str) -> Path:
        """Name the file with what a process prints."""
        return self.home / f"{name}.log"

    def stop_process(self, name: str, number: int) -> None:
        """Send a signal to a process, wait for its end, and end what is left of its group."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)

    def kill_workers(self) -> None:
        """End each worker that runs a task, and the task, with SIGKILL."""
        scheduler = psutil.Process(self.processes["scheduler"].pid)
        busy = [each for each in scheduler.children() if each.children()]
        assert busy, "no worker runs a task"
        for worker in busy:
            for each in [worker, *worker.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    each.kill()

    def trigger(self, dag: str) -> str:
        """Begin a run of a DAG, and give its id."""

        def begin() -> Any:
            answer = self._client.post(f"/api/v2/dags/{dag}/dagRuns", json={"logical_date": None})
            return answer.json() if answer.status_code == 200 else None

        wait_until(lambda: self._client.get(f"/api/v2/dags/{dag}").status_code == 200, "the DAG")
        self._change("PATCH", f"/api/v2/dags/{dag}", {"is_paused": False})
        run: str = wait_until(begin, "the run")["dag_run_id"]
        return run

    def _change(self, method: str, path: str, body: dict[str, Any]) -> None:
        """Change something, again where the server fails: SQLite takes one writer at a time."""

        def change() -> httpx.Response | None:
            response = self._client.request(method, path, json=body)
            return None if response.status_code == 500 else response

        wait_until(change, f"{method} {path}").raise_for_status()

    def task(self, dag: str, run: str, task: str = "gate") -> dict[str, Any]:
        """Tell what is known of a task."""
        path = f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances/{task}"
        found: dict[str, Any] = self._client.get(path).raise_for_status().json()
        return found

    def count_tasks(self, dag: str, run: str, state: str) -> int:
        """Count the tasks of a run that are in a state."""
        path = f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances"
        found = self._client.get(path, params={"state": state, "limit": 1}).raise_for_status()
        count: int = found.json()["total_entries"]
        return count

    def wait_for(self, dag: str, run: str, *states: str, task: str = "gate") -> dict[str, Any]:
        """Wait until a task is in one of some states."""

        def look() -> Any:
            found = self.task(dag, run, task)
            return found if found["state"] in states else None

        found: dict[str, Any] = wait_until(look, f"{dag} is {' or '.join(states)}")
        return found

    def wait_for_end(self, dag: str, run: str) -> None:
        """Wait until a run has ended, which the scheduler notes after the end of its last task."""
        path = f"/api/v2/dags/{dag}/dagRuns/{run}"

        def has_ended() -> bool:
            response = self._client.get(path).raise_for_status()
            return response.json()["state"] in {"success", "failed"}

        wait_until(has_ended, f"the run of {dag} has ended")

    def mark_failed(self, dag: str, run: str) -> None:
        """Mark a task as failed, as a user does."""
        path = f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances/gate"
        self._change("PATCH", path, {"new_state": "failed"})

    def clear(self, dag: str, run: str) -> None:
        """Clear a task, as a user does."""
        body = {"dry_run": False, "dag_run_id": run, "task_ids": ["gate"], "only_failed": False}
        path = f"/api/v2/dags/{dag}/clearTaskInstances"
        self._change("POST", path, body)

    def xcom(self, dag: str, run: str, key: str) -> Any:
        """Give an XCom of the task."""
        path = f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances/gate/xcomEntries/{key}"
        answer = self._client.get(path, params={"deserialize": "true"})
        return answer.raise_for_status().json()["value"]

    def links(self, dag: str, run: str) -> dict[str, str]:
        """Give the URLs of the buttons of the task by their names."""
        path = f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances/gate/links"
        found: dict[str, str] = self._client.get(path).raise_for_status().json()["extra_links"]
        return found

    def connection_form(self, kind: str) -> dict[str, Any]:
        """Give what the form of a type of connections has."""
        found = self._client.get("/ui/connections/hook_meta").raise_for_status().json()
        form: dict[str, Any] = next(each for each in found if each["connection_type"] == kind)
        return form

    def logs(self) -> str:
        """Give the ends of all logs."""
        files = [*self.home.glob("*.log"), *self.home.glob("logs/**/*.log")]
        return "\n".join(f"== {each}\n{each.read_text(errors='replace')[-4000:]}" for each in files)

    def _sign_in(self) -> bool:
        try:
            answer = self._client.get("/auth/token")
        except httpx.TransportError:
            return False
        if answer.status_code not in (200, 201):
            return False
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return True

    def _run(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "airflow", *arguments]
        subprocess.run(command, env=self.environment, check=True, capture_output=True, timeout=300)
