"""How fast the package is, beside others.

python -m benchmarks                        # measure everything, write docs/performance.md
python -m benchmarks --only "decode table"  # some rows, to see what a change does
python -m benchmarks --check                # exit with 1 where a "must" is missed
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from benchmarks.environments import prepare
from benchmarks.measurements import MEASUREMENTS, better, missed
from benchmarks.memory import measure_memory
from benchmarks.plot import draw
from benchmarks.report import DOCUMENT, print_rows, write_document
from benchmarks.results import Results, describe_machine, load_all, save

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.environments import Environments
    from benchmarks.measurements import Rows

# A machine that does other things, too, can make a good row look bad, but no bad one good.
_ATTEMPTS = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0; or 1 where a "must" is missed and the command line asks to check that.
    """
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--python", default=sys.executable, help="the interpreter to measure with")
    parser.add_argument("--only", metavar="NAME", help="only what begins with this; write nothing")
    parser.add_argument("--check", action="store_true", help="fail where a must is missed")
    options = parser.parse_args(arguments)
    chosen = {
        name: measure
        for name, measure in MEASUREMENTS.items()
        if options.only is None or name.startswith(options.only)
    }
    if not chosen:
        parser.error(f"nothing begins with {options.only!r}; there is: {', '.join(MEASUREMENTS)}")
    environments = prepare(options.python)
    if options.check:
        return _check(chosen, environments)
    rows = _measure(chosen, environments)
    if options.only is None:
        _publish(rows, environments)
    return 0


def _measure(chosen: dict[str, Callable[[Environments], Rows]], environments: Environments) -> Rows:
    rows: Rows = {}
    for measure in chosen.values():
        found = measure(environments)
        print_rows(found)
        rows.update(found)
    return rows


def _publish(rows: Rows, environments: Environments) -> None:
    """Measure memory, too, and renew the document and its picture."""
    results = Results(environments.full_version, describe_machine(), rows)
    results.memory = measure_memory(environments)
    save(results, environments)
    everything = load_all()
    write_document(everything)
    draw(everything[0], environments)
    print(f"written: {DOCUMENT}")


def _check(chosen: dict[str, Callable[[Environments], Rows]], environments: Environments) -> int:
    """Measure again what misses a must, and tell what has always missed it."""
    failures: list[str] = []
    for measure in chosen.values():
        rows = measure(environments)
        print_rows(rows)
        for _ in range(_ATTEMPTS - 1):
            if not missed(rows):
                break
            again = measure(environments)
            print_rows({key: again[key] for key in missed(rows)})
            rows = {key: better(key, figures, again[key]) for key, figures in rows.items()}
        failures += missed(rows)
    for key in failures:
        print(f"missed: {key}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
