"""A DAG that is run with `dag.test()`, as people do at their desks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from dqops.testing import DqopsServer

from orchestrators.seeds import SHOP
from orchestrators.support import submitted

PROGRAM = Path(__file__).parent / "one" / "one.py"


def test_dag(tmp_path: Path) -> None:
    """Tasks in the worker, deferred ones, a sensor and a status succeed, with templates."""
    kept = {name: value for name, value in os.environ.items() if "AIRFLOW" not in name}
    with DqopsServer(SHOP, job_duration=2.0, require_login=True, api_key="the-key") as server:
        connection = {"conn_type": "dqops", "host": server.url, "password": "the-key"}
        environment = {
            **kept,
            "AIRFLOW_HOME": str(tmp_path),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(PROGRAM.parent),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{tmp_path}/airflow.db",
            "AIRFLOW_CONN_DQOPS_DEFAULT": json.dumps({**connection, "extra": {"timeout": 30}}),
        }
        printed = ""
        for arguments in (["-m", "airflow", "db", "migrate"], [str(PROGRAM)]):
            done = subprocess.run(
                [sys.executable, *arguments],
                env=environment,
                capture_output=True,
                text=True,
                timeout=140,
                check=False,
            )
            printed = done.stdout
            assert done.returncode == 0, printed[-3000:] + done.stderr[-3000:]
        assert {"finished": 2} == submitted(server)
    tasks = dict(re.findall(r"^(\w+) became (\w+)$", printed, re.MULTILINE))
    assert dict.fromkeys(("worker", "deferred", "good", "status"), "success") == tasks
