"""The scenarios with a Prefect server, and a process for each flow run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from orchestrators.processes import free_port, wait_until
from orchestrators.scenarios.servers import (
    BAD,
    GOOD,
    LONG,
    Proxy,
    Server,
    server_of_environment,
    wait_for_jobs,
)
from orchestrators.scenarios.table import Came, Table, print_head

if TYPE_CHECKING:
    from collections.abc import Callable

FLOW = """
import asyncio, json, sys
from dqops.prefect import DqopsCredentials, run_checks
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.flow_engine import run_flow
from pydantic import SecretStr

url, key, table, options, identity = sys.argv[1:]

@flow(name="nightly")
async def nightly() -> None:
    credentials = DqopsCredentials(url=url, api_key=SecretStr(key))
    task = run_checks.with_options(**json.loads(options))
    await task(credentials, "shop", table, criteria={"allow_execution_errors": True})

async def main() -> None:
    async with get_client() as client:
        if identity:
            run = await client.read_flow_run(identity)
        else:
            run = await client.create_flow_run(nightly)
    print("flow run", run.id, flush=True)
    await run_flow(nightly, flow_run=run)

asyncio.run(main())
"""

RETRIED = {"retries": 1, "retry_delay_seconds": 8}

#: What must come of each scenario: its table, the options of the task, and the end.
EXPECTED: dict[str, tuple[str, dict[str, Any], Came]] = {
    "good data": (GOOD, {}, Came("COMPLETED", 1, {"finished": 1})),
    "bad data": (BAD, {}, Came("FAILED", 1, {"finished": 1})),
    "bad data, retried": (BAD, RETRIED, Came("FAILED", 1, {"finished": 1})),
    "wrong key": (GOOD, {}, Came("FAILED", 1, {})),
    "job failed, retried": (GOOD, RETRIED, Came("COMPLETED", 2, {"failed": 1, "finished": 1})),
    "server unreachable": (LONG, {}, Came("COMPLETED", 1, {"finished": 1})),
    "server restarted": (LONG, {}, Came("FAILED", 1, {})),
    "server restarted, retried": (LONG, RETRIED, Came("COMPLETED", 2, {"finished": 1})),
    "took too long": (LONG, {"timeout_seconds": 5}, Came("FAILED", 1, {"cancelled": 1})),
    "ended by a user": (LONG, {}, Came("CRASHED", 1, {"cancelled": 1})),
    "run again by a user": (GOOD, {}, Came("COMPLETED", 2, {"finished": 2})),
    "process killed, retried": (LONG, {}, Came("COMPLETED", 2, {"finished": 1})),
}


def main() -> int:
    """Run all, or those that the arguments name."""
    print_head()
    server = server_of_environment()
    proxy = Proxy(server.url)
    home = Path(tempfile.mkdtemp(prefix="prefect-scenarios-"))
    (home / "nightly.py").write_text(FLOW)
    port = free_port()
    environment = {
        **os.environ,
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
    }
    command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until(lambda: _is_up(environment["PREFECT_API_URL"]), "Prefect's server", 180)
        table = Table("Prefect", server, sys.argv[1:])
        for name, (selected, options, expected) in EXPECTED.items():
            scenario = _Scenario(name, selected, options, home, environment, server, proxy)
            table.run(name, expected, scenario.act)
        return table.finish()
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        print(f"logs: {home}", file=sys.stderr)


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health").status_code == 200
    except httpx.TransportError:
        return False


class _Scenario:
    def __init__(
        self,
        name: str,
        selected: str,
        options: dict[str, Any],
        home: Path,
        environment: dict[str, str],
        server: Server,
        proxy: Proxy,
    ) -> None:
        self.name, self.selected, self.options = name, selected, options
        self.home, self.environment = home, environment
        self.server, self.proxy = server, proxy
        self.process: subprocess.Popen[bytes] | None = None
        self.log = home / f"{name.replace(' ', '-')}.log"

    def act(self) -> tuple[str, int]:
        """Begin, do what is to happen, and wait for the end."""
        self.server.running_long(self.selected)
        happens: dict[str, Callable[[], None]] = {
            "server unreachable": self._unreachable,
            "server restarted": self._restarted,
            "server restarted, retried": self._restarted,
            "ended by a user": self._ended,
            "run again by a user": self._again,
            "process killed, retried": self._killed,
        }
        if self.name == "job failed, retried":
            with self.server.failing():
                self._start()
                wait_for_jobs(self.server, failed=1)
        else:
            self._start()
            if happening := happens.get(self.name):
                happening()
        assert self.process is not None
        self.process.wait(200)
        found = self._ask(f"/flow_runs/{self._identity()}")
        return found["state"]["type"], max(found["run_count"], self._tries())

    def _start(self, identity: str = "") -> None:
        url = self.proxy.url if self.name == "server unreachable" else self.server.url
        key = "wrong" if self.name == "wrong key" else self.server.key
        arguments = [url, key, self.selected, json.dumps(self.options), identity]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(self.home / "nightly.py"), *arguments],
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def _identity(self) -> str:
        found: str = self.log.read_text().partition("flow run ")[2].split()[0]
        return found

    def _ask(self, path: str, **body: Any) -> Any:
        url = self.environment["PREFECT_API_URL"] + path
        response = httpx.post(url, json=body) if body else httpx.get(url)
        return response.raise_for_status().json()

    def _tries(self) -> int:
        runs = self._ask("/task_runs/filter", flow_runs={"id": {"any_": [self._identity()]}})
        return max((each["run_count"] for each in runs), default=0)

    def _wait_until_busy(self) -> None:
        wait_for_jobs(self.server, running=1)
        time.sleep(1)

    def _unreachable(self) -> None:
        self._wait_until_busy()
        self.proxy.down()
        time.sleep(5)
        self.proxy.up()

    def _restarted(self) -> None:
        self._wait_until_busy()
        self.server.restart()

    def _ended(self) -> None:
        """Send what Prefect's worker sends to the process of a flow run that somebody cancels."""
        self._wait_until_busy()
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)

    def _again(self) -> None:
        assert self.process is not None
        self.process.wait(200)
        self._start(self._retry())

    def _killed(self) -> None:
        self._wait_until_busy()
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self._start(self._retry())

    def _retry(self) -> str:
        """Set the state that Prefect's page sets for a retry."""
        identity = self._identity()
        path = f"/flow_runs/{identity}/set_state"
        self._ask(path, state={"type": "SCHEDULED", "name": "AwaitingRetry"}, force=True)
        return identity


if __name__ == "__main__":
    sys.exit(main())
