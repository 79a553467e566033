"""Where `dqopsctl` begins: what needs no library is done here, everything else is loaded."""

from __future__ import annotations

import os
import sys

from .overview import overview

__all__ = ["main", "say"]


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if "_DQOPSCTL_COMPLETE" not in os.environ:
        if not arguments or arguments[0] in {"--help", "-h"}:
            return say(overview(), code=0 if arguments else 2)
        if arguments[0] in {"--version", "-V"}:
            from .._identity import VERSION

            return say(f"dqopsctl {VERSION}")
    try:
        from .running import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"click", "rich", "yaml"}:
            raise
        print(
            f"dqopsctl: the package {error.name!r} is not installed. Install it with: "
            'pip install "dqops-client[cli]"',
            file=sys.stderr,
        )
        return 2
    return run(arguments)


def say(text: str, code: int = 0) -> int:
    """Print a text, also where nobody reads it to its end, as with `| head`.

    Args:
        text: The text.
        code: The exit code.

    Returns:
        The exit code.
    """
    try:
        print(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads; the interpreter would complain about it when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code
