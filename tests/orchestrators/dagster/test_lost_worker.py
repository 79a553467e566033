"""A run whose process is killed, in `dagster dev`: its retry takes up the job."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from dqops.testing import DqopsServer

from orchestrators.dagster.processes import Dev
from orchestrators.processes import wait_until
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


def test_lost_run(tmp_path: Path) -> None:
    """Dagster retries the run in another process, and the job is followed to its end."""
    (tmp_path / "nightly.py").write_text(DEFINITIONS)
    (tmp_path / "dagster.yaml").write_text("run_retries: {enabled: true, max_retries: 1}\n")
    process_file = tmp_path / "process"
    with DqopsServer(SHOP, job_duration=15.0) as server:
        environment = {"DQOPS_URL": server.url, "PROCESS_FILE": str(process_file)}
        with Dev(tmp_path, environment) as dev:
            run = dev.launch("nightly")
            wait_until(lambda: {"running": 1} == submitted(server), "the job")
            os.kill(int(process_file.read_text()), signal.SIGKILL)
            retry = wait_until(lambda: dev.retry_of(run), "the retry")
            assert "SUCCESS" == dev.wait_for_end(retry)
        assert {"finished": 1} == submitted(server)
