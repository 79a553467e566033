"""The hook for pre-commit, in a project of a user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENT = """\
openapi: 3.1.0
info: {title: Bell, version: "1"}
servers: [{url: http://localhost:8000}]
paths:
  /ring:
    post:
      operationId: ring
      tags: [bells]
      responses:
        "204": {description: It rang.}
"""


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command in the project, where `clientsmith` is on the path, as its wheel puts it."""
    program = tmp_path / "bin" / "clientsmith"
    program.parent.mkdir()
    scripts = REPOSITORY / "scripts"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{scripts}" exec "{sys.executable}" -m clientsmith "$@"\n'
    )
    program.chmod(0o755)
    environment = {
        "PATH": f"{program.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PRE_COMMIT_HOME": str(tmp_path / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    project = tmp_path / "project"
    project.mkdir()

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=project, env=environment, capture_output=True, text=True, check=False
        )

    return command


def test_the_hook_in_a_project(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """It passes after `adopt`, names a file that was edited by hand, and stops the commit."""
    project = tmp_path / "project"
    (hook,) = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    # Installed from a clone it has an environment of its own, which needs a network.
    own = {**hook, "language": "system", "additional_dependencies": []}
    settings = {"repos": [{"repo": "local", "hooks": [own]}]}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump(settings))
    (project / "bell.yaml").write_text(DOCUMENT)
    assert 0 == (made := run("clientsmith", "adopt", "bell.yaml")).returncode, made.stderr
    author = ("-c", "user.name=a", "-c", "user.email=a@localhost")
    for words in (("init", "-q"), ("add", "-A")):
        assert 0 == run("git", *words).returncode
    assert 0 == (installed := run("pre-commit", "install")).returncode, installed.stdout
    committed = run("git", *author, "commit", "-q", "-m", "Generate")
    assert 0 == committed.returncode, committed.stdout + committed.stderr
    assert "generated clients are up to date" in committed.stderr + committed.stdout

    (edited,) = project.rglob("ring.py")
    edited.write_text(edited.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    run("git", "add", "-A")
    refused = run("git", *author, "commit", "-q", "-m", "Edit")
    assert 1 == refused.returncode
    assert edited.relative_to(project).as_posix() in refused.stdout + refused.stderr


def test_the_hook_is_defined_as_pre_commit_wants_it(
    run: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    """The file in the root of the repository is a manifest of pre-commit."""
    checked = run("pre-commit", "validate-manifest", str(REPOSITORY / ".pre-commit-hooks.yaml"))
    assert 0 == checked.returncode, checked.stdout
