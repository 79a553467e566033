"""What commands show people."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support.platforms import not_on_windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from dqops.testing import DqopsServer

    from cli.conftest import Ended


def on_terminal(*arguments: str, columns: int = 120, **environ: str) -> str:
    """Run the command on a terminal of its own.

    Returns:
        What the terminal was sent.
    """
    import pty

    master, slave = pty.openpty()
    settings = {"TERM": "xterm-256color", "COLUMNS": str(columns), **environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "dqops.cli", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **settings},
    )
    os.close(slave)
    shown = bytearray()
    try:
        while piece := os.read(master, 65536):
            shown += piece
    except OSError as error:  # how Linux says that the other end was closed
        if error.errno != errno.EIO:
            raise
    finally:
        os.close(master)
    process.wait(30)
    return shown.decode()


@not_on_windows("there are no pseudo-terminals")
@pytest.mark.usefixtures("settings")
def test_a_terminal_gets_a_table_with_colours() -> None:
    """On a terminal there is a drawn table with coloured severities."""
    shown = on_terminal("status", "warehouse")
    assert "\x1b[31merror" in shown
    assert "─" in shown


@not_on_windows("there are no pseudo-terminals")
@pytest.mark.usefixtures("settings")
def test_a_terminal_gets_a_tree_with_colours() -> None:
    """On a terminal a tree has lines and coloured severities, however narrow it is."""
    shown = on_terminal("status", "warehouse", "-f", "tree")
    assert "└── " in shown
    assert "\x1b[31merror" in shown
    narrow = on_terminal("status", "warehouse", "-f", "tree", columns=30, NO_COLOR="1")
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in narrow.splitlines()]
    assert max(map(len, lines)) <= 30


@not_on_windows("there are no pseudo-terminals")
@pytest.mark.usefixtures("settings")
def test_no_color_is_heeded() -> None:
    """With NO_COLOR there are no colours on a terminal."""
    assert "\x1b[3" not in on_terminal("status", "warehouse", NO_COLOR="1")


@not_on_windows("there are no pseudo-terminals")
@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("columns", [20, 40])
def test_narrow_terminals_lose_nothing(columns: int) -> None:
    """However narrow the terminal is, all names can be read, and no line is longer than it is."""
    shown = on_terminal("tables", "list", columns=columns, NO_COLOR="1")
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in shown.splitlines()]
    assert "customers" in shown.replace("\r\n", "").replace(" ", "")
    assert max(map(len, lines)) <= columns


def test_a_pipe_gets_no_colours_and_messages_go_to_stderr(ctl: Callable[..., Ended]) -> None:
    """Elsewhere there are no colours, and progress is on standard error."""
    ended = ctl("run-checks", "warehouse")
    assert "\x1b" not in ended.out + ended.err
    assert "finished" in ended.err
    assert ended.out.splitlines()[0].split() == [
        "table", "column", "check", "actual", "value", "expected", "severity"
    ]  # fmt: skip


def test_quiet_says_nothing_else(ctl: Callable[..., Ended]) -> None:
    """With `--quiet` there is only what was asked for."""
    assert "" == ctl("run-checks", "warehouse", "--quiet").err


@pytest.mark.dqops(seed={"connections": [{"name": "shop", "tables": [
    {"schema": "public", "name": "evil\x1b[2Jtable\u202e"}]}]})  # fmt: skip
def test_names_cannot_control_the_terminal(
    dqops_server: DqopsServer, ctl: Callable[..., Ended]
) -> None:
    """What controls a terminal is written out."""
    shown = ctl("tables", "list", "--url", dqops_server.url).out
    assert "evil\\x1b[2Jtable\\u202e" in shown


@pytest.mark.usefixtures("settings")
def test_a_text_that_the_terminal_cannot_show_is_no_failure() -> None:
    """An encoding without a character gives a question mark in its place."""
    environ = {**os.environ, "PYTHONIOENCODING": "ascii"}
    program = "from dqops.cli.running import run; from dqops.cli.output import write; "
    program += "run(['--help']); write('Zürich')"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environ, check=True
    )
    assert "Z?rich" in run.stdout


ABROAD = {"connections": [{"name": "日本", "tables": [{"schema": "µ", "name": "Ł"}]}]}
EXACT: dict[str, tuple[tuple[str, ...], str]] = {
    "json": (("tables", "list", "-f", "json"), '"日本"'),
    "csv": (("tables", "list", "-f", "csv"), "日本,µ,Ł,"),
    "yaml": (("connections", "show", "日本"), "connection_name: 日本"),
    "api": (("api", "get_schemas", "--connection-name", "日本"), '"µ"'),
    "junit": (("judge", "日本", "-f", "junit"), "&#26085;&#26412;"),
    "table": (("tables", "list"), "??          µ       ?"),
}


@pytest.mark.dqops(seed=ABROAD)
@pytest.mark.parametrize("case", EXACT)
def test_code_pages_lose_nothing_that_programs_read(dqops_server: DqopsServer, case: str) -> None:
    """With a Windows code page, documents are UTF-8, and tables have question marks."""
    arguments, expected = EXACT[case]
    environ = {**os.environ, "PYTHONIOENCODING": "cp1252", "DQOPS_URL": dqops_server.url}
    run = subprocess.run(
        [sys.executable, "-m", "dqops.cli", *arguments], capture_output=True, env=environ
    )
    assert b"Traceback" not in run.stderr
    assert expected in run.stdout.decode("cp1252" if case == "table" else "utf-8")


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("arguments", [("status", "warehouse"), ("status", "*", "-f", "tree")])
def test_code_pages_get_lines_that_they_have(arguments: tuple[str, ...]) -> None:
    """A terminal with a Windows code page gets tables and trees without a question mark."""
    shown = on_terminal(*arguments, PYTHONIOENCODING="cp1252", NO_COLOR="1")
    assert "orders" in shown
    assert "?" not in re.sub(r"\x1b\[[0-9;?]*[a-z]", "", shown)


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_load_no_library(option: str) -> None:
    """`--version` and `--help` load neither click nor any other library."""
    program = (
        "import sys; from dqops.cli.main import main; main(sys.argv[1:]); "
        "print(sorted(sys.modules), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, option], capture_output=True, text=True, check=True
    )
    for name in ("click", "rich", "httpx", "attrs", "json", "asyncio", "importlib.metadata"):
        assert f"'{name}'" not in run.stderr


@pytest.mark.parametrize("command", ["status", "run-checks", "results", "api", "jobs"])
def test_help_of_a_command_loads_no_client(command: str) -> None:
    """What a command needs for its work is loaded when it works."""
    program = (
        "import sys; from dqops.cli.main import main; main(sys.argv[1:]); "
        "print(sorted(sys.modules), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, command, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    for name in ("rich", "httpx", "attr", "dqops.client", "hashlib", "asyncio"):
        assert f"'{name}'" not in run.stderr, name


def test_the_version_is_that_of_the_distribution() -> None:
    """The version of the command is the one in the metadata."""
    from importlib.metadata import version

    from dqops._identity import VERSION

    assert version("dqops-client") == VERSION


def test_without_click_the_message_says_how_to_get_it() -> None:
    """Without click, the command says which extra brings it."""
    program = (
        "import sys; sys.modules['click'] = None; from dqops.cli.main import main; "
        "sys.exit(main(['health']))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (2, True) == (run.returncode, 'pip install "dqops-client[cli]"' in run.stderr)
