"""The scenarios in `dagster dev`, which starts a process for each run."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrators.dagster.processes import Dev
from orchestrators.processes import wait_until
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

DEFINITIONS = """
import os
import dagster as dg
from dqops.dagster import DqopsResource, dqops_asset_checks

RETRIED = {"retry_policy": dg.RetryPolicy(max_retries=1, delay=8)}
TABLES = {
    "good": ("files.customers.csv", {}),
    "bad": ("files.orders.csv", {"blocking": True}),
    "bad_retried": ("files.orders.csv", {"blocking": True, **RETRIED}),
    "good_retried": ("files.customers.csv", RETRIED),
    "long": ("files.big*", {}),
    "long_retried": ("files.big*", RETRIED),
    "long_lost": ("files.big*", {}),
    "wrong": ("files.customers.csv", {"resource_key": "wrong"}),
    "proxied": ("files.big*", {"resource_key": "proxy"}),
}
made, checks, jobs = [], [], []
for name, (table, options) in TABLES.items():

    @dg.asset(name=name)
    def asset() -> None:
        with open(os.environ["PROCESS_FILE"], "w") as file:
            file.write(str(os.getpid()))

    made.append(asset)
    checks.append(
        dqops_asset_checks(
            asset,
            connection="shop",
            full_table_name=table,
            name=f"judge_{name}",
            criteria={"allow_execution_errors": True},
            **options,
        )
    )
    jobs.append(
        dg.define_asset_job(
            f"run_{name}",
            selection=dg.AssetSelection.assets(asset),
            executor_def=dg.in_process_executor,
            tags={"dagster/max_retries": "1" if name == "long_lost" else "0"},
        )
    )

key = os.environ["DQOPS_KEY"]
defs = dg.Definitions(
    assets=made,
    asset_checks=checks,
    jobs=jobs,
    resources={
        "dqops": DqopsResource(url=os.environ["SERVER"], api_key=key),
        "wrong": DqopsResource(url=os.environ["SERVER"], api_key="wrong"),
        "proxy": DqopsResource(url=os.environ["PROXY"], api_key=key),
    },
)
"""

#: What must come of each scenario, and which table it is about.
EXPECTED = {
    "good data": ("good", GOOD, Came("SUCCESS, check passed", 1, {"finished": 1})),
    "bad data": ("bad", BAD, Came("FAILURE, check failed", 1, {"finished": 1})),
    "bad data, retried": ("bad_retried", BAD, Came("FAILURE, check failed", 1, {"finished": 1})),
    "wrong key": ("wrong", GOOD, Came("FAILURE", 1, {})),
    "job failed, retried": (
        "good_retried",
        GOOD,
        Came("SUCCESS, check passed", 2, {"failed": 1, "finished": 1}),
    ),
    "server unreachable": ("proxied", LONG, Came("SUCCESS, check passed", 1, {"finished": 1})),
    "server restarted": ("long", LONG, Came("FAILURE", 1, {})),
    "server restarted, retried": (
        "long_retried",
        LONG,
        Came("SUCCESS, check passed", 2, {"finished": 1}),
    ),
    "ended by a user": ("long", LONG, Came("CANCELED", 1, {"cancelled": 1})),
    "run again by a user": ("good", GOOD, Came("SUCCESS, check passed", 2, {"finished": 2})),
    "process killed, retried": (
        "long_lost",
        LONG,
        Came("SUCCESS, check passed", 2, {"finished": 1}),
    ),
}


def main() -> int:
    """Run all, or those that the arguments name."""
    print_head()
    server = server_of_environment()
    proxy = Proxy(server.url)
    home = Path(tempfile.mkdtemp(prefix="dagster-scenarios-"))
    (home / "nightly.py").write_text(DEFINITIONS)
    (home / "dagster.yaml").write_text("run_retries: {enabled: true, max_retries: 0}\n")
    table = Table("Dagster", server, sys.argv[1:])
    environment = {
        "SERVER": server.url,
        "PROXY": proxy.url,
        "DQOPS_KEY": server.key,
        "PROCESS_FILE": str(home / "process"),
    }
    try:
        with Dev(home, environment) as dev:
            for name, (asset, selected, expected) in EXPECTED.items():
                scenario = _Scenario(name, asset, selected, dev, server, proxy)
                table.run(name, expected, scenario.act)
    finally:
        print(f"logs: {home}", file=sys.stderr)
    return table.finish()


class _Scenario:
    def __init__(
        self, name: str, asset: str, selected: str, dev: Dev, server: Server, proxy: Proxy
    ) -> None:
        self.name, self.asset, self.selected = name, asset, selected
        self.dev, self.server, self.proxy = dev, server, proxy

    def act(self) -> tuple[str, int]:
        """Begin, do what is to happen, and wait for the end."""
        self.server.running_long(self.selected)
        run = ""
        happens: dict[str, Callable[[str], None]] = {
            "server unreachable": self._unreachable,
            "server restarted": self._restarted,
            "server restarted, retried": self._restarted,
            "ended by a user": self._ended,
            "process killed, retried": self._killed,
        }
        if self.name == "job failed, retried":
            with self.server.failing():
                run = self.dev.launch(f"run_{self.asset}")
                wait_for_jobs(self.server, failed=1)
        else:
            run = self.dev.launch(f"run_{self.asset}")
            if happening := happens.get(self.name):
                happening(run)
        status = self.dev.wait_for_end(run)
        tries = 1 + self.dev.count_events(run, "ExecutionStepRestartEvent")
        if self.name == "process killed, retried":
            run = wait_until(lambda: self.dev.retry_of(run), "the retry of the run")
            status, tries = self.dev.wait_for_end(run), 2
        if self.name == "run again by a user":
            run = self.dev.launch(f"run_{self.asset}")
            status, tries = self.dev.wait_for_end(run), 2
        results = self.dev.evaluations(run)
        told = ["check passed" if each else "check failed" for each in results]
        return ", ".join([status, *told]), tries

    def _wait_until_busy(self) -> None:
        wait_for_jobs(self.server, running=1)
        time.sleep(1)

    def _unreachable(self, run: str) -> None:  # noqa: ARG002
        self._wait_until_busy()
        self.proxy.down()
        time.sleep(5)
        self.proxy.up()

    def _restarted(self, run: str) -> None:  # noqa: ARG002
        self._wait_until_busy()
        self.server.restart()

    def _ended(self, run: str) -> None:
        self._wait_until_busy()
        self.dev.terminate(run)

    def _killed(self, run: str) -> None:  # noqa: ARG002
        self._wait_until_busy()
        os.kill(int((self.dev.home / "process").read_text()), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
