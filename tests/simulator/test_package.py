"""The package from outside: its names, its imports, its command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops import testing
from dqops.testing import __main__ as command
from support.platforms import not_on_windows

if TYPE_CHECKING:
    from pathlib import Path

IMPORTS = "import sys; import dqops.testing; print([n for n in sys.modules if n.startswith('{}')])"
WITHOUT = """
import sys
sys.modules[{package!r}] = None
try:
    from dqops.testing import Seed
except ImportError as error:
    print(error)
"""


def python(*arguments: str) -> str:
    """Run Python in a process of its own, and give what it prints."""
    done = subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout


def test_exported_names() -> None:
    """What users import, and nothing that appears by chance."""
    assert [
        "DEFAULT_API_KEY",
        "FAULT_KINDS",
        "SIMULATED_HEADER",
        "CheckResult",
        "Clock",
        "Column",
        "Connection",
        "DataDomain",
        "DqopsServer",
        "Fault",
        "FaultPlan",
        "Incident",
        "ManualClock",
        "MissingSpecificationError",
        "RecordedRequest",
        "Seed",
        "SeedError",
        "Settings",
        "SimulatedDqops",
        "SimulatedOperation",
        "SkippingClock",
        "Snapshot",
        "State",
        "SystemClock",
        "Table",
        "User",
        "simulated_operations",
    ] == testing.__all__


@pytest.mark.parametrize("package", ["dqops.client", "httpx"])
def test_simulator_is_independent_of_the_client(package: str) -> None:
    """What tests the client must not be made of it."""
    assert "[]\n" == python("-c", IMPORTS.format(package))


@pytest.mark.parametrize("package", ["jsonschema", "yaml"])
def test_missing_extra_is_told_with_the_remedy(package: str) -> None:
    """Without the extra, the import says how to get it."""
    printed = python("-c", WITHOUT.format(package=package))
    assert repr(package) in printed
    assert 'pip install "dqops-client[testing]"' in printed


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", (201, "finished")),
        ("--no-wait", (201, "queued")),
        ("--wait-seconds 0 --job-duration 60", (201, None)),
        ("--faults faults.yaml", (503, 503)),
        ("--strict --examples-only", (501, 501)),
    ],
)
def test_command_takes_faults_and_settings(
    options: str,
    expected: tuple[int, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a test says in Python, a program in another language says by options."""
    (tmp_path / "faults.yaml").write_text("- {kind: status, status: 503, operation: run_checks}\n")
    monkeypatch.chdir(tmp_path)
    responses: list[httpx.Response] = []

    def ask() -> None:
        url = capsys.readouterr().out.split()[3]
        responses.append(httpx.post(f"{url}api/jobs/runchecks", json={}))
        raise KeyboardInterrupt

    monkeypatch.setattr(
        command, "threading", SimpleNamespace(Event=lambda: SimpleNamespace(wait=ask))
    )
    assert 0 == command.main(["--port", "0", *options.split()])
    (response,) = responses
    status = response.json()["status"] if response.content else None
    assert expected == (response.status_code, status)


@not_on_windows("no process can be sent SIGINT")
def test_command_serves_until_it_is_interrupted() -> None:
    """It prints its address, serves, and ends with 0 and no traceback on Ctrl-C."""
    options = ["--port", "0", "--require-login", "--strict"]
    arguments = [sys.executable, "-m", "dqops.testing", *options]
    process = subprocess.Popen(
        arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background of a shell ignores interrupts, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    watchdog = threading.Timer(30, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = line.split()[3]
        statuses = [
            httpx.get(f"{url}api/{path}").status_code for path in ("ishealthy", "jobs/jobs")
        ]
        login = {"Authorization": f"Bearer {testing.DEFAULT_API_KEY}"}
        statuses.append(httpx.patch(f"{url}api/domains/", headers=login).status_code)
        os.kill(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=10)
    finally:
        watchdog.cancel()
        process.kill()
    assert ([200, 401, 501], 0, "stopped\n", "") == (statuses, process.returncode, output, errors)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--host", "0.0.0.0"], "not a loopback address"),
        (["--port", "{port}"], "in use"),
        (["--seed", "none.yaml"], "No such file or directory: 'none.yaml'"),
        (["--job-duration", "-1"], "job_duration must be a number of seconds >= 0, got -1.0"),
        (["--faults", "none.yaml"], "No such file or directory: 'none.yaml'"),
        (["--faults", "text.yaml"], "text.yaml: the kind of a fault must be one of "),
        (["--faults", "broken.yaml"], "broken.yaml, line 2: not YAML: expected <block end>"),
        (["--api-key", ""], "an API key must not be empty"),
    ],
)
def test_command_that_cannot_start(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    server: Any,
    arguments: list[str],
    expected: str,
) -> None:
    """It says why on the error output, and ends with 1."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.yaml").write_text("- {kind: rset}\n")
    (tmp_path / "broken.yaml").write_text("a: b\n- c\n")
    port = str(httpx.URL(server.url).port)
    assert 1 == command.main([argument.format(port=port) for argument in arguments])
    assert expected in capsys.readouterr().err
