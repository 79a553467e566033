"""The recipe for dbt with dbt itself, which writes to DuckDB (`make test-recipes`)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from dqops.testing import DqopsServer
from orchestrators.seeds import seed
from orchestrators.support import submitted

GATE = Path(__file__).resolve().parents[2] / "examples/recipes/dbt_gate.py"

FILES = {
    "dbt_project.yml": "name: shop\nprofile: shop\nmodels: {+materialized: table}\n",
    "profiles.yml": "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb}}}\n",
    "seeds/raw.csv": "id,amount\n1,10\n2,20\n",
    "models/orders.sql": "select * from {{ ref('raw') }}",
    "models/cents.sql": "{{ config(materialized='ephemeral') }} select 100 * amount as cents from "
    "{{ ref('orders') }}",
    "models/report.sql": "{{ config(alias='monthly', schema='reports', materialized='view') }} "
    "select sum(cents) as cents from {{ ref('cents') }}",
    "models/models.yml": "models:\n- name: orders\n  columns:\n  - name: id\n    tests: [unique]\n",
}
#: The names of the models' tables in DuckDB.
TABLES = [("main", "orders"), ("main_reports", "monthly")]


def run(command: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder."""
    environment = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", **variables}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def build(folder: Path, **changed: str) -> int:
    """Write the project, and build it."""
    for name, text in {**FILES, **changed}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    dbt = str(Path(sys.executable).with_name("dbt"))
    done = run([dbt, "build", "--profiles-dir", "."], folder)
    assert (folder / "target/run_results.json").exists(), done.stdout + done.stderr
    return done.returncode


def gate(server: DqopsServer, folder: Path) -> tuple[int, str]:
    """Run the recipe, and give its exit code and what it says last."""
    command = [sys.executable, str(GATE), "shop"]
    done = run(command, folder, DQOPS_URL=server.url, DQOPS_API_KEY="the-key")
    assert done.stdout, done.stderr
    return done.returncode, done.stdout.splitlines()[-1]


def shop(bad: str = "") -> DqopsServer:
    """Make a server that has the tables of the models, and one that dbt does not know."""
    found = seed("shop", [])
    for schema, name in [*TABLES, ("main", "other")]:
        one = seed("shop", [name], "error" if name in (bad, "other") else "valid")
        for result in one["check_results"]:
            found["check_results"].append({**result, "schema": schema})
        found["connections"][0]["tables"].append({"schema": schema, "name": name})
    return DqopsServer(found, require_login=True, api_key="the-key")


@pytest.mark.parametrize(
    ("bad", "expected"),
    [("", (0, "2 of 2 models are good")), ("monthly", (1, "1 of 2 models are good"))],
    ids=["good", "bad"],
)
def test_build(tmp_path: Path, bad: str, expected: tuple[int, str]) -> None:
    """Tables and views that were built are judged; where that is repeated, by the same jobs."""
    assert 0 == build(tmp_path)
    with shop(bad) as server:
        for _ in range(2):
            assert expected == gate(server, tmp_path)
            assert {"finished": 2} == submitted(server)


def test_another_build(tmp_path: Path) -> None:
    """Another build runs the checks anew."""
    with shop() as server:
        for count in (2, 4):
            assert 0 == build(tmp_path)
            assert (0, "2 of 2 models are good") == gate(server, tmp_path)
            assert {"finished": count} == submitted(server)


def test_model_that_was_not_built(tmp_path: Path) -> None:
    """What dbt could not build, or skipped over that, is not judged."""
    assert 1 == build(tmp_path, **{"models/report.sql": "select nothing from nowhere"})
    with shop() as server:
        assert (0, "1 of 1 models are good") == gate(server, tmp_path)
        assert {"finished": 1} == submitted(server)
