"""Compare the generated client with an official one that is installed somewhere.

    python -m comparing.official PATH [--only-ours]

PATH is the folder of the official package, or the site-packages folder that it is in. The official
package is imported in a process of its own, by the interpreter that it is installed for, so it is
no dependency of this repository; nothing needs a network. Exit code 0 means that every difference
is an intended one, with its reason.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.errors import PipelineError

from comparing.clients import client_facts, describe, find_interpreter, find_root
from comparing.facts import compare
from comparing.report import report
from comparing.review import load_intended, review
from comparing.targets import add_target_option, choose_target, data_file

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and print the outcome.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0 where every difference is intended and no entry is stale, 1 otherwise.

    Raises:
        SystemExit: With 2, where the command line is not good.
    """
    parser = argparse.ArgumentParser(prog="python -m comparing.official", description=__doc__)
    parser.add_argument("official", type=Path, metavar="PATH", help="the official package")
    parser.add_argument("--python", type=Path, help="the interpreter that can import it")
    parser.add_argument("--ours", type=Path, help="our package; by default the target's")
    parser.add_argument("--import-name", help="the import name of both; by default the target's")
    parser.add_argument(
        "--differences", type=Path, help="the intended differences; by default the target's"
    )
    parser.add_argument(
        "--only-ours", action="store_true", help="leave out modules that ours does not have"
    )
    add_target_option(parser)
    options = parser.parse_args(arguments)
    try:
        if None in (options.ours, options.import_name, options.differences):
            target = choose_target(options)
            options.ours = options.ours or target.package
            options.import_name = options.import_name or target.import_name
            options.differences = options.differences or data_file(target, "official-differences")
        entries = load_intended(options.differences)
        root = find_root(options.official, options.import_name)
        interpreter = options.python or find_interpreter(root)
        official = describe(root, options.import_name, interpreter)
        our_root = find_root(options.ours, options.import_name)
        ours = describe(our_root, options.import_name, Path(sys.executable))
        comparison = compare(
            client_facts(official),
            client_facts(ours, listed_only=True),
            only_ours=options.only_ours,
        )
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 1
    reviewed = review(comparison, entries)
    # An entry about what ours does not have yet is not stale.
    is_complete = not options.only_ours
    for line in report(reviewed, with_stale=is_complete):
        print(line)
    return 1 if reviewed.unexplained or (is_complete and reviewed.stale) else 0


if __name__ == "__main__":
    sys.exit(main())
