"""Runs targets and prints their figures."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from fuzz.running import run
from fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run targets one after the other.

    Args:
        arguments: The command line; None for that of the process.

    Returns:
        The exit code: 1 if a target broke its promise.
    """
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("targets", nargs="*", metavar="target", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=float, default=600, help="for each (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="where all chance begins")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.targets) - set(TARGETS)
    if unknown:
        parser.error(f"unknown target {min(unknown)!r}; there are {', '.join(TARGETS)}")
    found = 0
    for name in chosen.targets or TARGETS:
        target = TARGETS[name]
        print(f"{name}: {target.promise}", flush=True)
        figures = run(target, seed=chosen.seed, seconds=chosen.seconds)
        found += len(figures.findings)
        print(
            f"    {figures.examples:,} examples in {figures.seconds:.0f} s, the slowest "
            f"{figures.slowest:.2f} s; {len(figures.findings)} findings",
            flush=True,
        )
        for kind, report in figures.findings.items():
            print(f"    {kind}: {report}", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
