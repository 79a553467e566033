"""The page about APIs of one's own is true: each command is run, from the built wheel."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .support import environment_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .support import Run

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "own-api.md"
BLOCK = re.compile(
    r'^```(?P<kind>\w+)(?: title="(?P<name>[^"]+)")?\n(?P<text>.*?)^```$', re.M | re.S
)
PORT = 8765


@pytest.fixture(scope="module")
def blocks() -> list[tuple[str, str, str]]:
    """Read the blocks of the page: kind, file name and text."""
    return [
        (found["kind"], found["name"] or "", found["text"])
        for found in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))
    ]


@pytest.fixture
def serving(tmp_path: Path, blocks: list[tuple[str, str, str]]) -> Iterator[int]:
    """Run the server of the page on a port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (text,) = (text for _, name, text in blocks if name == "server.py")
    program = tmp_path / "server.py"
    program.write_text(text.replace(str(PORT), str(port)))
    with subprocess.Popen([sys.executable, str(program)]) as process:
        for _ in range(500):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port
        process.terminate()


def test_every_command_of_the_page(
    run: Run, tmp_path: Path, blocks: list[tuple[str, str, str]], serving: int
) -> None:
    """In an empty folder, with what the wheel asks for, the page does what it says."""
    environment = tmp_path / "environment"
    environment.mkdir()
    python = environment_of(run, REPOSITORY / "scripts", environment, wanted="clientsmith")
    (environment / "bin" / "ruff").symlink_to(Path(sys.executable).with_name("ruff"))
    project = tmp_path / "project"
    project.mkdir()
    printed = ""
    for kind, name, text in blocks:
        content = text.replace(str(PORT), str(serving))
        if name:
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            (project / name).write_text(content, encoding="utf-8")
        elif kind == "console":
            for command in content.splitlines():
                first, *words = command.split()
                if first == "python" and words[:2] == ["-m", "pip"]:
                    continue  # this is what the environment was made with
                program = [python] if first == "python" else [python, "-m", first]
                done = subprocess.run(
                    [*map(str, program), *words],
                    cwd=project,
                    env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
                    capture_output=True,
                    text=True,
                    check=False,
                    timeout=120,
                )
                printed = done.stdout + done.stderr
        elif kind == "text":
            assert content.strip() in printed
            printed = ""
