"""Runs a command, and makes an exit code of whatever comes of it."""

from __future__ import annotations

import importlib
import io
import sys
import warnings
from typing import TYPE_CHECKING, Any

import click

from .output import keep_quiet, printable
from .overview import COMMANDS, overview

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NOT_GOOD", "NOT_KNOWN", "Root", "root", "run"]

NOT_GOOD, WRONG_USAGE, NOT_KNOWN, INTERRUPTED = 1, 2, 3, 130


class Root(click.Group):
    """The command as a whole, whose commands are loaded when they are used."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what stands before the command."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            ctx.fail(
                f"there is no option {error.option_name!r} before the command; write options after "
                "it, as in: dqopsctl health --url URL"
            )

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Name the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in COMMANDS:
            matches = [name for name in COMMANDS if name.startswith(cmd_name[:3])]
            hint = f" Did you mean {' or '.join(matches)}?" if cmd_name and matches else ""
            ctx.fail(f"there is no command {cmd_name!r}.{hint}")
        module = importlib.import_module(f"dqops.cli.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the help that needs no click."""
        formatter.write(overview())


def run(arguments: Sequence[str]) -> int:
    """Run a command.

    Args:
        arguments: The command line.

    Returns:
        The exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that the terminal cannot show is no reason to fail.
            stream.reconfigure(errors="replace")
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        return _run(arguments)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    print(f"dqopsctl: {printable(str(message), lines=True)}", file=sys.stderr)


def _run(arguments: Sequence[str]) -> int:
    try:
        code = root.main(list(arguments), prog_name="dqopsctl", standalone_mode=False)
    except click.exceptions.Exit as end:
        code = end.exit_code
    except click.ClickException as error:
        error.show(file=sys.stderr)
        code = WRONG_USAGE
    except (click.Abort, KeyboardInterrupt):
        print("dqopsctl: interrupted", file=sys.stderr)
        code = INTERRUPTED
    except SystemExit:  # how click ends where nobody reads what is printed
        keep_quiet(sys.stdout)
        code = 0
    except Exception as error:
        code = _of_error(error)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        keep_quiet(sys.stdout)
    return code if isinstance(code, int) else 0


def _of_error(error: Exception) -> int:
    from ..client.errors import ClientError, InvalidRequest

    if isinstance(error, ImportError) and error.name in {"pyarrow", "matplotlib"}:
        print(f"dqopsctl: {error}", file=sys.stderr)
        return WRONG_USAGE
    if not isinstance(error, (ClientError, OSError)):
        # A mistake of this program: nothing is known of the data.
        import traceback

        traceback.print_exception(error)
        return NOT_KNOWN
    message, no_key, _ = str(error).partition("No API key was sent: ")
    if no_key:  # what follows is for programs
        message += f"{no_key}run `dqopsctl login`, give --api-key-file, or set DQOPS_API_KEY."
    print(f"dqopsctl: {printable(message, lines=True)}", file=sys.stderr)
    return WRONG_USAGE if isinstance(error, InvalidRequest) else NOT_KNOWN


@click.command(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
def root(**_: Any) -> None:
    """The data quality platform DQOps, from a shell."""
