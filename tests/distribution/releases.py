"""`make release` in a throw-away clone, what it builds elsewhere, and the hook for pre-commit.

Not among the tests that `make test` runs, because packages are installed: `make test-release`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from maintenance.test_pythons import find_python

pytestmark = pytest.mark.timeout(900)  # packages are downloaded
REPOSITORY = Path(__file__).resolve().parents[2]
VERSION = "77.0.0"
DOCUMENT = """\
openapi: 3.1.0
info: {title: Bell, version: "1"}
paths:
  /ring:
    post: {operationId: ring, tags: [bells], responses: {"204": {description: OK}}}
"""
AUTHOR = {
    f"GIT_{role}_{field}": value
    for role in ("AUTHOR", "COMMITTER")
    for field, value in (("NAME", "Somebody"), ("EMAIL", "somebody@localhost"))
}


def run(
    *words: str | Path, folder: Path, environ: dict[str, str] | None = None, umask: int = -1
) -> tuple[int, str]:
    """Run a command in a folder, and give its exit code and what it printed."""
    done = subprocess.run(
        list(map(str, words)),
        cwd=folder,
        env={**os.environ, **AUTHOR, **(environ or {})},
        umask=umask,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def git(folder: Path, *words: str) -> str:
    """Run git in a folder."""
    code, printed = run("git", *words, folder=folder)
    assert 0 == code, printed
    return printed.strip()


def release(folder: Path, version: str) -> tuple[int, str]:
    """Run `make release` without its long steps, in this environment and not one of its own."""
    options = (f"RUN={sys.executable}", "INSTALLED=", "RELEASE_OPTIONS=--without-tests")
    return run("make", "release", f"VERSION={version}", *options, folder=folder)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clone what is committed."""
    folder = tmp_path_factory.mktemp("here") / "two words"
    git(REPOSITORY, "clone", "--quiet", "--no-hardlinks", str(REPOSITORY), str(folder))
    git(folder, "switch", "--quiet", "--create", "releasing")
    return folder


def test_what_is_refused(clone: Path) -> None:
    """A tree that is not clean, no version, and one that promises too little; nothing is left."""
    before = git(clone, "rev-parse", "HEAD")
    assert "" == refusal(clone, "1.2", "expected three numbers, such as 1.2.3, got '1.2'")

    (clone / "new.txt").touch()
    assert "" == refusal(clone, VERSION, "the tree is not clean:\n?? new.txt")
    (clone / "new.txt").unlink()

    git(clone, "rm", "--quiet", str(clone / "dqops_client" / "dqops" / "client" / "downloads.py"))
    git(clone, "commit", "--quiet", "--message", "Take downloads away")
    removed = git(clone, "rev-parse", "HEAD")
    assert "" == refusal(clone, "0.1.1", "whether the version promises enough: ")
    assert ("", removed) == (git(clone, "status", "--porcelain"), git(clone, "rev-parse", "HEAD"))
    git(clone, "reset", "--quiet", "--hard", before)
    assert "" == git(clone, "tag", "--list")


def refusal(clone: Path, version: str, reason: str) -> str:
    """Run `make release`, which is to refuse; what it printed, where it does not say why."""
    code, printed = release(clone, version)
    return "" if (code, f"no release: {reason}" in printed) == (2, True) else printed


def test_a_release_and_the_same_bytes_elsewhere(clone: Path, tmp_path: Path) -> None:
    """The tag has the SHA-256 of what another Python, folder, umask and time zone build from it."""
    code, printed = release(clone, VERSION)
    assert 0 == code, printed
    message = git(clone, "tag", "--list", "--format=%(contents)", f"v{VERSION}")
    assert "Made without checks and tests." in message
    sums = (clone / "dist" / "SHA256SUMS").read_text(encoding="utf-8")
    assert sums.strip() in message
    assert 3 == len(sums.splitlines())
    assert ("", f"Release {VERSION}") == (
        git(clone, "status", "--porcelain"),
        git(clone, "log", "-1", "--format=%s"),
    )
    changed = set(git(clone, "show", "--name-only", "--format=", "HEAD").splitlines())
    assert {
        "CHANGELOG.md",
        "baseline/VERSION",
        "pyproject.toml",
        "scripts/pyproject.toml",
    } <= changed
    assert f"## {VERSION}" in (clone / "CHANGELOG.md").read_text(encoding="utf-8")
    assert (
        f'"version": "{VERSION}"' in (clone / "distribution" / "dqops-client.cdx.json").read_text()
    )

    other = tmp_path / "elsewhere"
    git(tmp_path, "clone", "--quiet", "--branch", f"v{VERSION}", str(clone), str(other))
    python = find_python("3.13") or Path(sys.executable)
    code, printed = run(python, "-m", "venv", tmp_path / "environment", folder=tmp_path)
    assert 0 == code, printed
    inside = tmp_path / "environment" / "bin" / "python"
    install = ("-m", "pip", "install", "--quiet", "build", "editables", "hatchling==1.33.0")
    code, printed = run(inside, *install, folder=tmp_path)
    assert 0 == code, printed
    there = {"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONPATH": str(other / "scripts")}
    code, printed = run(
        inside, "-m", "releasing.building", folder=other, environ=there, umask=0o077
    )
    assert (0, sums) == (code, printed)

    code, printed = release(clone, VERSION)
    assert f"no release: {VERSION} does not come after v{VERSION}, which is released" in printed


def test_the_hook_from_a_clone(clone: Path, tmp_path: Path) -> None:
    """pre-commit installs the hook from a repository with what it needs, and it finds an edit."""
    project = tmp_path / "project"
    project.mkdir()
    environ = {"PRE_COMMIT_HOME": str(tmp_path / "cache"), "PYTHONPATH": ""}
    (project / "bell.yaml").write_text(DOCUMENT)
    (project / ".pre-commit-config.yaml").write_text(
        f'repos: [{{repo: "{clone}", rev: {git(clone, "rev-parse", "HEAD")}, '
        "hooks: [{id: clientsmith-check}]}]\n"
    )
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    hook = (sys.executable, "-m", "pre_commit")
    code, printed = run(*hook, "install-hooks", folder=project, environ=environ)
    assert 0 == code, printed
    # What generates is what checks: the same installed version.
    (command,) = (tmp_path / "cache").glob("*/py_env-*/bin/clientsmith")
    code, printed = run(command, "adopt", "bell.yaml", folder=project, environ=environ)
    assert 0 == code, printed
    git(project, "add", "--all")
    code, printed = run(*hook, "run", "--all-files", folder=project, environ=environ)
    assert (0, True) == (code, "Passed" in printed), printed

    (edited,) = project.rglob("ring.py")
    edited.write_text(edited.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    code, printed = run(*hook, "run", "--all-files", folder=project, environ=environ)
    assert 1 == code
    assert edited.relative_to(project).as_posix() in printed
