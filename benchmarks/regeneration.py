"""How long it takes to generate everything: our pipeline, and openapi-python-client alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.environments import REPOSITORY, generate_default_client
from benchmarks.measure import Samples, interleave

__all__ = ["measure_regeneration"]

_ROUNDS = 3
# What is no part of the sources: environments, caches, temporary folders.
_ignored = shutil.ignore_patterns(".*", "__pycache__", "build", "dist")


def measure_regeneration() -> dict[str, Samples]:
    """Regenerate into throw-away folders, with the interpreter of the pipeline.

    Returns:
        Seconds: of `ours`, which bundles, validates, generates, formats and replaces, in a copy of
        the repository; and of `default`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "repository"
        shutil.copytree(REPOSITORY, copy, ignore=_ignored)

        def ours() -> float:
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "clientsmith", "regenerate", "dqops"],
                check=True,
                cwd=copy,
                stdout=subprocess.DEVNULL,
            )
            return time.perf_counter() - started

        def default() -> float:
            package = Path(scratch) / "default_client"
            shutil.rmtree(package, ignore_errors=True)
            started = time.perf_counter()
            generate_default_client(package)
            return time.perf_counter() - started

        return interleave({"ours": ours, "default": default}, _ROUNDS)
