"""Recipes against the embedded servers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from dqops.testing import DqopsServer
from dqops.testing.healthchecks import HealthchecksServer
from dqops.testing.healthchecks.checks import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parents[2]
RECIPES = REPOSITORY / "examples/recipes"


def seed(**severities: str) -> dict[str, Any]:
    """Make a seed with a table for each severity, and no default checks."""
    return {
        "connections": [
            {
                "name": "shop",
                "tables": [{"schema": "public", "name": name} for name in severities],
            }
        ],
        "default_policies": False,
        "check_results": [
            {
                "connection": "shop",
                "schema": "public",
                "table": name,
                "check_name": "daily_row_count",
                "category": "volume",
                "severity": severity,
                "executed_at": "-2h",
            }
            for name, severity in severities.items()
        ],
    }


def run(
    server: DqopsServer, command: list[str], folder: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a program that is to talk to the server."""
    variables = {"DQOPS_URL": server.url, "DQOPS_API_KEY": "the-key", **environment}
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[DqopsServer]:
    """A server with an API key."""
    severities: dict[str, str] = request.param
    with DqopsServer(seed(**severities), require_login=True, api_key="the-key") as server:
        yield server


GOOD = {"orders": "valid", "items": "valid"}
BAD = {"orders": "valid", "items": "error"}


@pytest.mark.parametrize(
    ("server", "code", "said"),
    [(GOOD, 0, "2 of 2 models are good"), (BAD, 1, "1 of 2 models are good")],
    indirect=["server"],
)
def test_dbt(server: DqopsServer, code: int, said: str, tmp_path: Path) -> None:
    """After `dbt build`, the tables of its models are gated; run again, by the same jobs."""
    target = tmp_path / "target"
    target.mkdir()
    model = {"resource_type": "model", "schema": "public"}
    nodes: dict[str, Any] = {
        f"model.shop.{name}": {**model, "alias": name} for name in ("orders", "items", "skipped")
    }
    nodes["test.shop.unique"] = {"resource_type": "test", "schema": "public", "alias": "unique"}
    results = [{"unique_id": name, "status": "success"} for name in nodes]
    results[2]["status"] = "skipped"
    (target / "manifest.json").write_text(json.dumps({"nodes": nodes}))
    (target / "run_results.json").write_text(
        json.dumps({"metadata": {"invocation_id": "abc-1"}, "results": results})
    )
    for _ in range(2):
        done = run(server, [sys.executable, str(RECIPES / "dbt_gate.py"), "shop"], tmp_path)
        assert (code, said) == (done.returncode, done.stdout.splitlines()[-1]), done.stderr
    assert 2 == len(server.calls("run_checks"))


@pytest.mark.parametrize(
    ("server", "code", "end"), [(GOOD, 0, ""), (BAD, 1, "/fail")], indirect=["server"]
)
def test_cron(server: DqopsServer, code: int, end: str, tmp_path: Path) -> None:
    """The line of cron tells Healthchecks.io how the checks ended."""
    with HealthchecksServer() as watching:
        check = Check(name="Nightly", slug="nightly")
        watching.project.checks.append(check)
        done = run(
            server,
            [sys.executable, str(RECIPES / "nightly.py"), "shop"],
            tmp_path,
            HC_PING_URL=watching.ping_url,
            HC_PING_KEY=watching.project.ping_key,
        )
        assert code == done.returncode, done.stderr
        place = f"/{watching.project.ping_key}/nightly"
        assert [f"{place}/start", f"{place}{end}"] == [
            each.path.partition("/ping")[2] for each in watching.requests
        ]


TABLES = {f"table_{number}": "valid" for number in range(8)}


def queue_command(action: str, folder: Path, *rest: str) -> list[str]:
    """Give the command that fills the queue, or works on it."""
    return [
        sys.executable,
        str(RECIPES / "table_queue.py"),
        action,
        str(folder / "queue.db"),
        *rest,
    ]


@pytest.mark.parametrize(
    ("server", "codes"),
    [(TABLES, {0}), ({**TABLES, "table_3": "error"}, {0, 1})],
    ids=["good", "bad"],
    indirect=["server"],
)
def test_queue(server: DqopsServer, codes: set[int], tmp_path: Path) -> None:
    """Workers share the tables; each is checked once, also that of a worker that was lost."""
    filled = run(server, queue_command("fill", tmp_path, "shop"), tmp_path)
    assert (0, "8 tables\n") == (filled.returncode, filled.stdout), filled.stderr
    server.settings.job_duration = 4.0
    environment = {**os.environ, "DQOPS_URL": server.url, "DQOPS_API_KEY": "the-key", "LEASE": "2"}
    command = queue_command("work", tmp_path)
    with subprocess.Popen(command, env=environment) as lost:
        until = time.monotonic() + 60
        while not server.calls("run_checks") and time.monotonic() < until:
            time.sleep(0.05)
        lost.kill()
    server.settings.job_duration = 0.2
    workers = [subprocess.Popen(command, env=environment) for _ in range(3)]
    assert codes == {each.wait(120) for each in workers}
    assert 8 == len(server.calls("run_checks"))


@pytest.mark.parametrize(("server", "code"), [(GOOD, 0), (BAD, 1)], indirect=["server"])
def test_github_action(server: DqopsServer, code: int, tmp_path: Path) -> None:
    """The steps of the action fail on bad data, with annotations."""
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text())
    (step,) = action["runs"]["steps"]
    inputs = {name: each.get("default", "") for name, each in action["inputs"].items()}
    inputs |= {"url": server.url, "api-key": "the-key", "tables": "shop.public.*"}
    variables = {
        name: inputs[value.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, value in step["env"].items()
    }
    # What pip installs from the registry there is installed here already.
    binaries = tmp_path / "dqops/bin"
    binaries.mkdir(parents=True)
    quiet = "#!/bin/sh\nexit 0\n"
    (binaries / "python").write_text(quiet)
    (binaries / "dqopsctl").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dqops.cli "$@"\n')
    (tmp_path / "python3").write_text(quiet)
    for each in (binaries / "python", binaries / "dqopsctl", tmp_path / "python3"):
        each.chmod(0o755)
    variables["PYTHON"] = str(tmp_path / "python3")
    summary = tmp_path / "summary.md"
    done = run(
        server,
        ["bash", "-eo", "pipefail", "-c", step["run"]],
        tmp_path,
        RUNNER_TEMP=str(tmp_path),
        GITHUB_STEP_SUMMARY=str(summary),
        GITHUB_ACTIONS="true",
        **variables,
    )
    assert code == done.returncode, done.stdout + done.stderr
    assert ("::error" in done.stdout) == (code == 1)
