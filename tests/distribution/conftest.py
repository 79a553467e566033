"""The built wheel, for every test that looks at it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .support import Run

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def run() -> Run:
    """Run commands in an environment of their own."""

    def run_command(*command: str | Path, folder: Path, search_path: str = "") -> str:
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": search_path, "HOME": str(folder)}
        done = subprocess.run(
            list(map(str, command)),
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    return run_command


@pytest.fixture(scope="session")
def wheel(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel once."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--wheel", "--no-isolation", "--outdir"]
    run(sys.executable, "-m", "build", *options, folder, REPOSITORY, folder=folder)
    (built,) = folder.glob("*.whl")
    return built
