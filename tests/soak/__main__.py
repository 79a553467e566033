"""Runs the experiment and prints the figures."""

from __future__ import annotations

import argparse
import sys
import tracemalloc
from typing import TYPE_CHECKING

from soak.experiment import ROUNDS, run

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all rounds and print the figures of each.

    Args:
        arguments: The command line; None for that of the process.

    Returns:
        The exit code: 1 if a claim fails.
    """
    parser = argparse.ArgumentParser(prog="python -m soak")
    parser.add_argument("--seconds", type=float, default=60, help="for each round (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="where all chance begins")
    parser.add_argument(
        "--share",
        type=float,
        default=0.01,
        help="the share of requests that each kind of fault hits (%(default)s)",
    )
    parser.add_argument(
        "--deadline", type=float, default=20, help="seconds for some calls (%(default)s)"
    )
    parser.add_argument("--rounds", nargs="*", choices=ROUNDS, default=list(ROUNDS))
    parser.add_argument(
        "--tracemalloc", action="store_true", help="count what Python allocates, too; slower"
    )
    chosen = parser.parse_args(arguments)
    if chosen.tracemalloc:
        tracemalloc.start()
    print(
        f"seed {chosen.seed}; {chosen.seconds:g} s for each round; each kind of fault hits "
        f"{chosen.share:.1%} of the requests",
        flush=True,
    )
    failed = False
    for name in chosen.rounds:
        report = run(
            ROUNDS[name],
            seconds=chosen.seconds,
            seed=chosen.seed,
            share=chosen.share,
            deadline=chosen.deadline,
        )
        claims = {
            "no error that is not asked for": report.verdict.is_good,
            "memory flat": report.is_flat,
            "all closed": report.is_closed,
        }
        kept = "; ".join(f"{claim}: {'yes' if holds else 'NO'}" for claim, holds in claims.items())
        print(f"{name}: {kept}\n{report}", flush=True)
        failed |= not all(claims.values())
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
