"""The command line of the pipeline: `python -m clientsmith`."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if not __package__:
    # Run by its path, the folder itself is on the search path, where its modules would shadow
    # others; what belongs there is the repository.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from clientsmith.errors import PipelineError
from clientsmith.targets import REPOSITORY, Target, load_targets
from clientsmith.writing.check import check, check_quickly, describe
from clientsmith.writing.regenerate import regenerate

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0 on success, 1 where specifications, configuration or generated files are not good.

    Raises:
        SystemExit: With 2, where the command line is not good.
    """
    parser = argparse.ArgumentParser(prog="python -m clientsmith", description=__doc__)
    parser.add_argument(
        "--repository", type=Path, default=REPOSITORY, help="the root of the repository"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    regenerate_parser = commands.add_parser(
        "regenerate", help="generate code from the specifications"
    )
    check_parser = commands.add_parser("check", help="check that the generated code is up to date")
    check_parser.add_argument(
        "--quick", action="store_true", help="only compare hashes with the manifest"
    )
    for command in (regenerate_parser, check_parser):
        command.add_argument("target", nargs="?", help="one target instead of all")
    options = parser.parse_args(arguments)

    try:
        targets = load_targets(options.repository)
        if options.target is not None and options.target not in targets:
            parser.error(f"unknown target {options.target!r}; known: {', '.join(targets)}")
        chosen = [target for name, target in targets.items() if options.target in {None, name}]
        if options.command == "regenerate":
            regenerate(chosen)
            return 0
        return _check(chosen, quick=options.quick)
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 1
    except RecursionError:
        print(
            "a document is nested, or refers to itself, more deeply than is supported",
            file=sys.stderr,
        )
        return 1
    except OSError as error:  # no permission, disk full
        print(f"{error.filename or 'the file system'}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; nothing has changed", file=sys.stderr)
        return 130


def _check(targets: Sequence[Target], *, quick: bool) -> int:
    is_good = True
    for target in targets:
        findings = (check_quickly if quick else check)(target)
        if findings:
            is_good = False
            print(f"{target.name}: the generated files are not what would be generated")
            for line in describe(findings):
                print(line)
        else:
            print(f"{target.name}: up to date")
    return 0 if is_good else 1


def _terminate(signal_number: int, _frame: object) -> NoReturn:
    # As an exception, so that temporary folders are removed on the way out.
    raise SystemExit(128 + signal_number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(main())
