"""Makes a release: everything up to the tag, which is then pushed by hand.

    python -m releasing.release 1.2.3 [--without-tests]

In this order, each step only after the one before: the tree is clean and the version a new one; it
promises what has changed since the last release; checks and tests pass; changelog, baseline and the
list of dependencies are those of the version; all that is committed; the packages are built from
the commit and hold what is listed; the tag names their SHA-256. Where a step fails, the branch is
as it was. With `--without-tests`, `make check` and `make test` are left out, to try the rest: the
tag says so.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.version import Version

from . import building, contents, sbom

if TYPE_CHECKING:
    from collections.abc import Sequence

REPOSITORY = Path(__file__).resolve().parents[2]
# Both distributions have one version.
PROJECTS = ("pyproject.toml", "scripts/pyproject.toml")
_NUMBERS = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", re.ASCII)
_VERSION = re.compile(r'^version = "([^"]+)"$', re.M)


class RefusedError(Exception):
    """Why there is no release."""


def release(version: str, *, with_tests: bool) -> str:
    """Make a release.

    Args:
        version: Its version.
        with_tests: Whether checks and tests are run.

    Returns:
        The SHA-256 of each file in `dist/`.

    Raises:
        RefusedError: There is none; the branch is as it was.
    """
    refuse(version)
    start = _git("rev-parse", "HEAD").strip()
    try:
        return _steps(version, with_tests=with_tests)
    except BaseException:
        # What is here now was made by the steps, because the tree was clean.
        _git("add", "--all")
        _git("reset", "--quiet", "--hard", start)
        raise


def refuse(version: str) -> None:
    """Refuse what cannot be released.

    Args:
        version: The version.

    Raises:
        RefusedError: The tree is not clean, or the version none that comes next.
    """
    if not _NUMBERS.fullmatch(version):
        raise RefusedError(f"expected three numbers, such as 1.2.3, got {version!r}")
    if changed := _git("status", "--porcelain").rstrip():
        raise RefusedError(f"the tree is not clean:\n{changed}\ncommit it or put it away first")
    for tag in _git("tag", "--list", "v*").split():
        # A tag such as `vendored` is no release.
        if _NUMBERS.fullmatch(tag.removeprefix("v")) and Version(tag) >= Version(version):
            raise RefusedError(f"{version} does not come after {tag}, which is released")


def _steps(version: str, *, with_tests: bool) -> str:
    for name in PROJECTS:
        place = REPOSITORY / name
        text, count = _VERSION.subn(f'version = "{version}"', place.read_text(encoding="utf-8"), 1)
        assert count == 1, name
        place.write_text(text, encoding="utf-8", newline="\n")
    _step(
        "whether the version promises enough", sys.executable, "-m", "releasing.api_diff", "--check"
    )
    sbom.write(REPOSITORY)
    if with_tests:
        _step("checks and tests", "make", "check", "test")
    _step("the changelog", sys.executable, "-m", "releasing.news", "--build", version)
    _step("the baseline", sys.executable, "-m", "releasing.api_diff", "--write")
    _git("add", "--all")
    _git("commit", "--quiet", "--message", f"Release {version}")
    print("the packages", flush=True)
    files = building.build(REPOSITORY / "dist")
    if differences := contents.differences_of(files):
        raise RefusedError("\n".join(differences))
    sums = building.write_sums(files)
    note = "" if with_tests else "Made without checks and tests.\n\n"
    _git("tag", "--annotate", f"v{version}", "--message", f"Release {version}\n\n{note}{sums}")
    return sums


def _step(what: str, *command: str) -> None:
    print(what, flush=True)
    done = subprocess.run(command, cwd=REPOSITORY, check=False)  # noqa: S603  # our own commands
    if done.returncode:
        raise RefusedError(f"{what}: {' '.join(command)} ended with {done.returncode}")


def _git(*words: str) -> str:
    command = ["git", *words]
    done = subprocess.run(  # noqa: S603  # our own commands
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RefusedError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def main(arguments: Sequence[str] | None = None) -> int:
    """Make a release, or say why there is none.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0, or 1 where there is none.
    """
    parser = argparse.ArgumentParser(prog="releasing.release")
    parser.add_argument("version")
    parser.add_argument("--without-tests", action="store_true", help="leave out `make check test`")
    options = parser.parse_args(arguments)
    try:
        sums = release(options.version, with_tests=not options.without_tests)
    except RefusedError as error:
        print(f"no release: {error}", file=sys.stderr)
        return 1
    print(
        f"{sums}tagged v{options.version}; next: git push --atomic origin HEAD v{options.version}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
