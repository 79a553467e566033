"""Builds what is published: the same bytes from the same commit, wherever and whenever.

python -m releasing.building [--outdir dist]
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from . import contents

if TYPE_CHECKING:
    from collections.abc import Sequence

REPOSITORY = Path(__file__).resolve().parents[2]
SUMS = "SHA256SUMS"


def build(folder: Path) -> list[Path]:
    """Build the wheels and the source distribution.

    Args:
        folder: Where to put them; what is in it is removed first.

    Returns:
        The files.
    """
    shutil.rmtree(folder, ignore_errors=True)
    # The time that is written into archives is that of the commit.
    stamp = _run("git", "log", "-1", "--format=%ct").strip()
    environment = {**os.environ, "SOURCE_DATE_EPOCH": stamp}
    for project, kinds in ((".", ()), ("scripts", ("--wheel",))):
        options = ("--no-isolation", "--outdir", str(folder), *kinds, project)
        _run(sys.executable, "-m", "build", *options, environment=environment)
    return sorted((*folder.glob("*.whl"), *folder.glob("*.tar.gz")))


def sums_of(files: Sequence[Path]) -> str:
    """Write the SHA-256 of files, as `sha256sum` does.

    Args:
        files: The files.

    Returns:
        A line for each.
    """
    return "".join(
        f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.name}\n" for each in files
    )


def write_sums(files: Sequence[Path]) -> str:
    """Write the SHA-256 of files beside them.

    Args:
        files: The files, all in one folder.

    Returns:
        What was written.
    """
    text = sums_of(files)
    (files[0].parent / SUMS).write_text(text, encoding="utf-8", newline="\n")
    return text


def _run(*command: str, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(  # noqa: S603  # our own commands
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, and compare the wheels with the lists of what is to be in them.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0, or 1 where a wheel is not what its list says.
    """
    parser = argparse.ArgumentParser(prog="releasing.building")
    parser.add_argument("--outdir", type=Path, default=REPOSITORY / "dist")
    options = parser.parse_args(arguments)
    files = build(options.outdir.resolve())
    print(write_sums(files), end="", flush=True)
    return contents.main([str(each) for each in files if each.suffix == ".whl"])


if __name__ == "__main__":
    sys.exit(main())
