"""`python -m dqops`: what there is."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version

import pytest


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [sys.executable, "-m", "dqops", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_what_there_is() -> None:
    """It names version, modules, commands, extras and environment variables."""
    found = command()
    assert (0, "") == (found.returncode, found.stderr)
    named = ["dqops.jobs", "dqops.checks", "python -m dqops.health URL", "speed", "DQOPS_URL"]
    assert [] == [each for each in [version("dqops-client"), *named] if each not in found.stdout]
    assert f"dqops-client {version('dqops-client')}\n" == command("--version").stdout


@pytest.mark.parametrize(
    ("argument", "said"),
    [("health", "run python -m dqops.health"), ("--vrsion", "did you mean '--version'?")],
)
def test_wrong_argument(argument: str, said: str) -> None:
    """What it does not know is reported with what may be meant, and exit code 2."""
    found = command(argument)
    assert (2, "") == (found.returncode, found.stdout)
    assert said in found.stderr


def test_nobody_reads_to_the_end() -> None:
    """As with `| head -1`, it ends without a word where nobody reads what it prints."""
    reads, writes = os.pipe()
    os.close(reads)
    command = [sys.executable, "-m", "dqops"]
    try:
        found = subprocess.run(
            command, stdout=writes, stderr=subprocess.PIPE, timeout=60, check=False
        )
    finally:
        os.close(writes)
    assert (0, b"") == (found.returncode, found.stderr)
