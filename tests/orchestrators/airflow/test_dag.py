"""A DAG that is run with `dag.test()`, in the oldest Airflow that is supported as well."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_dag() -> None:
    """Tasks that wait in the worker, tasks that are deferred, sensors and templates succeed."""
    kept = {name: value for name, value in os.environ.items() if "AIRFLOW" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "orchestrators.airflow.one_dag"],
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
        env={**kept, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    assert "all tasks of the DAG succeeded" in done.stdout, done.stdout[-4000:] + done.stderr
