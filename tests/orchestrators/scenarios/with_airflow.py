"""The scenarios in Airflow's real processes."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrators.airflow.processes import Airflow
from orchestrators.processes import wait_until
from orchestrators.scenarios.dags.scenarios import SCENARIOS
from orchestrators.scenarios.servers import Proxy, server_of_environment, wait_for_jobs
from orchestrators.scenarios.table import Came, Table, print_head

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrators.scenarios.servers import Server

EXPECTED = {
    "good data": Came("success", 1, {"finished": 1}),
    "bad data": Came("failed", 1, {"finished": 1}),
    "bad data, retried": Came("failed", 2, {"finished": 2}),
    "wrong key": Came("failed", 1, {}),
    "job failed, retried": Came("success", 2, {"failed": 1, "finished": 1}),
    "server unreachable": Came("success", 1, {"finished": 1}),
    "server restarted": Came("failed", 1, {}),
    "server restarted, retried": Came("success", 2, {"finished": 1}),
    "took too long": Came("failed", 1, {"cancelled": 1}),
    "ended by a user": Came("failed", 1, {"cancelled": 1}),
    "run again by a user": Came("success", 2, {"finished": 2}),
    "process killed, retried": Came("success", 2, {"finished": 1}),
    "triggerer restarted": Came("success", 1, {"finished": 1}),
}


def main() -> int:
    """Run all, or those that the arguments name."""
    print_head()
    server = server_of_environment()
    proxy = Proxy(server.url)
    home = Path(tempfile.mkdtemp(prefix="airflow-scenarios-"))
    servers = {
        "good": (server.url, server.key),
        "wrong": (server.url, "wrong"),
        "proxy": (proxy.url, server.key),
    }
    connections = {
        f"AIRFLOW_CONN_{name.upper()}": json.dumps(
            {"conn_type": "dqops", "host": url, "password": key}
        )
        for name, (url, key) in servers.items()
    }
    airflow = Airflow(home, Path(__file__).with_name("dags"), connections)
    try:
        airflow.start()
        tables = {
            way: Table(f"Airflow{', deferred' if way else ''}", server, sys.argv[1:])
            for way in (False, True)
        }
        for way, table in tables.items():
            for name, expected in EXPECTED.items():
                if (name, way) in SCENARIOS:
                    table.run(name, expected, _Scenario(name, way, airflow, server, proxy).act)
        return sum(table.finish() for table in tables.values())
    finally:
        airflow.stop()
        print(f"logs: {home}", file=sys.stderr)


class _Scenario:
    def __init__(
        self, name: str, deferred: bool, airflow: Airflow, server: Server, proxy: Proxy
    ) -> None:
        self.name, self.deferred = name, deferred
        self.dag, self.table, _ = SCENARIOS[name, deferred]
        self.airflow, self.server, self.proxy = airflow, server, proxy
        self.run = ""

    def act(self) -> tuple[str, int]:
        """Begin, do what is to happen, and wait for the end."""
        self.server.running_long(self.table)
        happens: dict[str, Callable[[], None]] = {
            "server unreachable": self._unreachable,
            "server restarted": self._restarted,
            "server restarted, retried": self._restarted,
            "ended by a user": self._ended,
            "run again by a user": self._again,
            "process killed, retried": self._killed,
            "triggerer restarted": self._triggerer,
        }
        if self.name == "job failed, retried":
            with self.server.failing():
                self.run = self.airflow.trigger(self.dag)
                wait_for_jobs(self.server, failed=1)
        else:
            self.run = self.airflow.trigger(self.dag)
            if happening := happens.get(self.name):
                happening()
        found = self.airflow.wait_for(self.dag, self.run, "success", "failed")
        self.airflow.wait_for_end(self.dag, self.run)
        return found["state"], found["try_number"]

    def _wait_until_busy(self) -> None:
        wait_for_jobs(self.server, running=1)
        self.airflow.wait_for(self.dag, self.run, "deferred" if self.deferred else "running")
        time.sleep(2)  # the triggerer has begun to wait

    def _unreachable(self) -> None:
        self._wait_until_busy()
        self.proxy.down()
        time.sleep(5)
        self.proxy.up()

    def _restarted(self) -> None:
        self._wait_until_busy()
        self.server.restart()

    def _ended(self) -> None:
        self._wait_until_busy()
        self.airflow.mark_failed(self.dag, self.run)

    def _again(self) -> None:
        self.airflow.wait_for(self.dag, self.run, "success", "failed")
        self.airflow.wait_for_end(self.dag, self.run)
        self.airflow.clear(self.dag, self.run)
        wait_until(
            lambda: self.airflow.task(self.dag, self.run)["try_number"] == 2, "the second try"
        )

    def _killed(self) -> None:
        self._wait_until_busy()
        self.airflow.kill_workers()
        wait_until(
            lambda: self.airflow.task(self.dag, self.run)["try_number"] == 2, "the second try"
        )

    def _triggerer(self) -> None:
        self._wait_until_busy()
        self.airflow.stop_process("triggerer", signal.SIGTERM)
        self.airflow.start_process("triggerer")


if __name__ == "__main__":
    sys.exit(main())
