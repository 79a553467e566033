"""Runs programs of users of each release: what they print, and what mypy says of their types.

    python -m releasing.downstream                    # fail where mypy says anything else now
    python -m releasing.downstream --record v1_2_0    # keep what a new folder of programs does

`tests/downstream/` has a folder for each release, which is not edited once it is recorded.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import subprocess
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from releasing.baseline import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["FOLDER", "changed_files", "main", "programs", "releases", "run_program"]

FOLDER = REPOSITORY / "tests" / "downstream"
_SUMS = "SHA256SUMS"
_TYPES = "types.txt"
_MODULES = re.compile(r"\b(?:\w+\.)+(?=[A-Z]\w*)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Those of the command line.

    Returns:
        0; 1 where mypy says something else than it did at the release.
    """
    parser = argparse.ArgumentParser(prog="python -m releasing.downstream", description=__doc__)
    parser.add_argument("--record", metavar="FOLDER")
    chosen = parser.parse_args(arguments)
    if chosen.record:
        return _record(FOLDER / chosen.record)
    differing = [each for each in releases() if _types(each) != _read(each / _TYPES)]
    for each in differing:
        said, now = _read(each / _TYPES).splitlines(), _types(each).splitlines()
        print(f"{each.name}: types are not what they were", file=sys.stderr)
        for sign, lines, others in (("-", said, now), ("+", now, said)):
            for line in lines:
                if line not in others:
                    print(f"  {sign} {line}", file=sys.stderr)
    return 1 if differing else 0


def releases() -> list[Path]:
    """List the folders of programs, by release."""
    return sorted(path for path in FOLDER.iterdir() if path.name.startswith("v"))


def programs(release: Path) -> list[Path]:
    """List the programs of a release."""
    return sorted(path for path in release.glob("*.py") if path.stem != "__init__")


def run_program(path: Path) -> str:
    """Run a program against an embedded server, whose URL and key take the place of its own.

    Args:
        path: The program.

    Returns:
        What it prints.
    """
    from dqops.testing import DqopsServer

    with DqopsServer(job_duration=0.01) as server:
        source = _read(path).replace("http://localhost:8888/", server.url)
        code = compile(source.replace("the API key", server.api_key), str(path), "exec")
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(code, {"__name__": path.stem})  # noqa: S102 - a file of this repository
    return printed.getvalue()


def changed_files(release: Path) -> list[str]:
    """Name the files of a release that are not what was recorded."""
    lines = (line.split("  ") for line in _read(release / _SUMS).splitlines())
    recorded = {name: digest for digest, name in lines}
    now = dict(_sums(release))
    return sorted(name for name in {*recorded, *now} if recorded.get(name) != now.get(name))


def _record(release: Path) -> int:
    if (release / _SUMS).exists():
        print(f"{release.name} is recorded, and is not edited any more", file=sys.stderr)
        return 1
    for path in programs(release):
        path.with_suffix(".out").write_text(run_program(path), encoding="utf-8", newline="\n")
    (release / _TYPES).write_text(_types(release), encoding="utf-8", newline="\n")
    lines = [f"{digest}  {name}\n" for name, digest in _sums(release)]
    (release / _SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")
    return 0


def _sums(release: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(release.iterdir()):
        if path.is_file() and path.name != _SUMS:
            # Whatever line endings a checkout has.
            yield path.name, hashlib.sha256(_read(path).encode()).hexdigest()


def _types(release: Path) -> str:
    """Ask mypy, without its count of files and mistakes."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary"]
    names = [str(path.relative_to(REPOSITORY)) for path in programs(release)]
    done = subprocess.run(  # noqa: S603 - mypy
        [*command, *names], cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False
    )
    if done.stderr:
        raise RuntimeError(done.stderr)
    prefix = f"{release.relative_to(REPOSITORY).as_posix()}/"
    said = done.stdout.replace("\\", "/").replace(prefix, "")
    # Modules that classes are written in are private, and mypy has no order of its own.
    return "".join(sorted(_MODULES.sub("", line) for line in said.splitlines(keepends=True)))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
