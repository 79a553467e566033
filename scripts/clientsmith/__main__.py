"""The command `clientsmith`: typed Python clients from OpenAPI documents."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if not __package__:
    # Run by its path, the folder itself is on the search path, where its modules would shadow
    # others; what belongs there is the folder that it is in.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from clientsmith.adopting.command import adopt, init
from clientsmith.errors import PipelineError, SeveralError
from clientsmith.reading.documents import line_of
from clientsmith.targets import REPOSITORY, TARGETS_FILE, Target, load_targets
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
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except PipelineError as error:
        print(_told(error, options.repository or _nearest(Path.cwd())), file=sys.stderr)
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


def main_of_process() -> NoReturn:
    """Run the command of the process, and end it."""
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(main())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="clientsmith", description=__doc__)
    parser.add_argument(
        "--repository", type=Path, help="the folder that holds openapi/targets.yaml"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("init", help="begin with an empty openapi/targets.yaml")
    adopting = commands.add_parser(
        "adopt", help="make a target of a document that others maintain, and generate it"
    )
    adopting.add_argument("document", type=Path, help="an OpenAPI 3 or Swagger 2 document")
    adopting.add_argument("--name", help="what to call it; by default the title of the document")
    adopting.add_argument(
        "--all", action="store_true", help="list every place that a note is about"
    )
    regenerating = commands.add_parser("regenerate", help="generate code from the specifications")
    checking = commands.add_parser("check", help="check that the generated code is up to date")
    checking.add_argument(
        "--quick", action="store_true", help="only compare hashes with the manifest"
    )
    for command in (regenerating, checking):
        command.add_argument("targets", nargs="*", metavar="target", help="some instead of all")
    comparing = commands.add_parser(
        "diff", help="what changes for Python programs from one document to another"
    )
    comparing.add_argument("old", type=Path)
    comparing.add_argument("new", type=Path)
    return parser


def _run(options: argparse.Namespace) -> int:
    if options.command == "diff":
        from clientsmith.diff import compare_documents

        return compare_documents(options.old, options.new)
    if options.command == "init":
        init((options.repository or Path.cwd()).resolve())
        return 0
    if options.command == "adopt":
        project = (options.repository or _nearest(Path.cwd(), Path.cwd())).resolve()
        adopt(project, options.document, options.name, all_places=options.all)
        return 0
    repository = (options.repository or _nearest(Path.cwd())).resolve()
    targets = load_targets(repository)
    for name in options.targets:
        if name not in targets:
            _parser().error(f"unknown target {name!r}; known: {', '.join(targets)}")
    chosen = [
        each for name, each in targets.items() if not options.targets or name in options.targets
    ]
    if options.command == "regenerate":
        regenerate(chosen)
        return 0
    return _check(chosen, quick=options.quick)


def _told(error: PipelineError, repository: Path) -> str:
    """Write an error with the lines that it is about."""
    texts: dict[str, str | None] = {}

    def place_of(each: PipelineError) -> str:
        if each.file is None or not each.pointer:
            return each.place
        if each.file not in texts:
            try:
                texts[each.file] = (repository / each.file).read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError):
                texts[each.file] = None
        text = texts[each.file]
        line = None if text is None else line_of(text, each.pointer)
        return each.place if line is None else f"{each.file}:{line}#{each.pointer}"

    if isinstance(error, SeveralError):
        return error.told(place_of)
    return str(error).replace(error.place, place_of(error), 1) if error.pointer else str(error)


def _nearest(folder: Path, otherwise: Path = REPOSITORY) -> Path:
    """Find the project that a folder is in; by default the repository that this module is in."""
    for each in (folder, *folder.parents):
        if (each / TARGETS_FILE).is_file():
            return each
    return otherwise


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
    main_of_process()
