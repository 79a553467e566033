"""How commands end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from dqops.cli.overview import EXIT_CODES, overview
from dqops.testing import DqopsServer
from support.platforms import not_on_windows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.conftest import Ended

CODES: dict[str, tuple[int, tuple[str, ...]]] = {
    "help": (0, ("--help",)),
    "help of a command": (0, ("run-checks", "--help")),
    "version": (0, ("--version",)),
    "healthy": (0, ("health",)),
    "good data": (0, ("judge", "warehouse.public.orders", "--check", "daily_row_count")),
    "bad data": (1, ("judge", "warehouse")),
    "bad data after a run": (1, ("run-checks", "warehouse", "-q")),
    "only worse is too bad": (0, ("judge", "warehouse.public.orders", "--fail-at", "fatal")),
    "nothing selected": (3, ("judge", "nowhere")),
    "nothing selected, allowed": (0, ("judge", "nowhere", "--allow-nothing-selected")),
    "results of nothing": (3, ("results", "nowhere")),
    "incidents of nothing": (3, ("incidents", "warehouse.public.oders")),
    "results too old": (
        3,
        ("judge", "warehouse.public.orders", "--fail-at", "fatal", "--max-age", "0"),
    ),
    "results not too old": (
        0,
        ("judge", "warehouse.public.orders", "--fail-at", "fatal", "--max-age", "9d"),
    ),
    "no age": (2, ("judge", "warehouse", "--max-age", "1 week")),
    "option before the command": (2, ("--url", "http://127.0.0.1:9", "health")),
    "no arguments": (2, ()),
    "no such command": (2, ("nonsense",)),
    "no such option": (2, ("health", "--nonsense")),
    "no such severity": (2, ("judge", "warehouse", "--fail-at", "bad")),
    "no place": (2, ("run-checks",)),
    "no such profile": (2, ("health", "--profile", "nobody")),
    "no such key file": (2, ("health", "--api-key-file", "/nowhere/key")),
    "not confirmed": (2, ("delete-data", "warehouse", "--what", "all")),
    "no such job": (2, ("jobs", "show", "12345")),
    "unreachable": (3, ("tables", "list", "--url", "http://127.0.0.1:9")),
    "unhealthy": (3, ("health", "--url", "http://127.0.0.1:9")),
    "days without end": (2, ("results", "warehouse", "--days", "99999999")),
    "days without end, as a page": (2, ("report", "out.html", "warehouse", "--days", "99999999")),
    "months without end": (2, ("status", "warehouse", "--months", "99999999")),
    "months without end, judged": (2, ("judge", "warehouse", "--months", "99999999")),
    "no folder for the verdict": (2, ("run-checks", "warehouse", "-o", "/nowhere/junit.xml")),
    "no folder for the page": (2, ("report", "/nowhere/out.html", "warehouse")),
    "import of nothing": (3, ("import-tables", "warehouse.public.nothing")),
    "import of nothing, tried": (3, ("import-tables", "warehouse.nothing", "--dry-run")),
    "import of what is there": (0, ("import-tables", "warehouse.public.orders")),
    "statistics of nothing": (3, ("collect", "nowhere")),
    "statistics": (0, ("collect", "warehouse.public.orders")),
    "export of nothing": (3, ("export", "/tmp", "nowhere")),
    "empty schema": (2, ("delete-data", "warehouse..orders", "--what", "all", "--yes")),
    "empty schema and table": (2, ("delete-data", "warehouse..", "--what", "all", "--yes")),
    "empty table": (2, ("run-checks", "warehouse.public.")),
    "empty connection": (2, ("judge", ".public.orders")),
    "empty label": (2, ("judge", "warehouse", "--label", "")),
    "no such table": (3, ("tables", "show", "warehouse.public.nothing")),
}  # fmt: skip


@pytest.mark.parametrize("case", CODES)
def test_exit_code_says_what_happened(ctl: Callable[..., Ended], case: str) -> None:
    """The exit code says whether the data is good, and whether that is known."""
    expected, arguments = CODES[case]
    ended = ctl(*arguments)
    assert expected == ended.code, ended.err
    assert "Traceback" not in ended.err


def test_nothing_is_done_where_a_name_is_empty(
    ctl: Callable[..., Ended], server: DqopsServer
) -> None:
    """A variable of a shell that is not set does not delete the data of everything."""
    ended = ctl("delete-data", "warehouse..orders", "--what", "all", "--yes")
    assert "the name of the schema is empty in 'warehouse..orders'" in ended.err
    assert [] == server.requests


def test_nothing_is_run_where_the_verdict_cannot_be_written(
    ctl: Callable[..., Ended], server: DqopsServer, tmp_path: Path
) -> None:
    """An hour of checks is not run for a verdict that is lost."""
    ended = ctl("run-checks", "warehouse", "--output", str(tmp_path / "nowhere" / "junit.xml"))
    assert "there is no folder" in ended.err
    assert [] == server.requests


def test_a_folder_without_specifications_is_no_success(
    ctl: Callable[..., Ended], tmp_path: Path
) -> None:
    """`apply` of a wrong folder says so."""
    ended = ctl("apply", str(tmp_path))
    assert (2, True) == (ended.code, "has no file" in ended.err)


@pytest.mark.parametrize("command", ["status", "results", "incidents", "tables list"])
def test_a_server_that_is_not_there_is_told_soon(ctl: Callable[..., Ended], command: str) -> None:
    """Lists are tried again as the client does, and not for a minute."""
    began = time.monotonic()
    ended = ctl(*command.split(), "warehouse", "--url", "http://127.0.0.1:9")
    assert 3 == ended.code, ended.err
    assert "could not connect" in ended.err
    assert time.monotonic() - began < 20


@pytest.mark.usefixtures("settings")
def test_results_of_an_unknown_check_are_warned_of() -> None:
    """A mistyped check is warned of on one line, without the place in a program."""
    command = [sys.executable, "-m", "dqops.cli", "results", "warehouse"]
    command += ["--check", "daily_row_cuont"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert re.fullmatch(
        r"dqopsctl: the filters select no check.* 'daily_row_count'.*\n", run.stderr
    )


def test_a_failed_job_is_not_bad_data(ctl: Callable[..., Ended], server: DqopsServer) -> None:
    """A job that failed gives exit code 3, with what the server says."""
    server.next_outcome(fails="out of memory")
    ended = ctl("run-checks", "warehouse", "-q")
    assert (3, True) == (ended.code, "out of memory" in ended.err)


def test_a_wrong_key_is_refused(ctl: Callable[..., Ended], tmp_path: Path) -> None:
    """A key that the server refuses gives exit code 3, and shows nowhere."""
    path = tmp_path / "key"
    path.write_text("a-wrong-key", encoding="utf-8")
    ended = ctl("tables", "list", "--api-key-file", str(path))
    assert (3, False) == (ended.code, "a-wrong-key" in ended.out + ended.err)


def test_a_missing_key_is_asked_for(ctl: Callable[..., Ended]) -> None:
    """A server that wants a key gets a message about options, and not about classes."""
    with DqopsServer(require_login=True) as server:
        ended = ctl("tables", "list", "--url", server.url)
    assert (3, True) == (ended.code, "dqopsctl login" in ended.err)
    assert "AuthenticatedClient" not in ended.err


def test_exit_codes_are_documented() -> None:
    """The help lists all exit codes."""
    for code, says in EXIT_CODES:
        assert f"{code:>5}  {says}" in overview()


@not_on_windows("no process can be sent SIGINT")
def test_ctrl_c_cancels_the_job_and_ends_with_130() -> None:
    """Ctrl-C cancels the job that runs, and the exit code is 130."""
    with DqopsServer(job_duration=600) as server:
        process = subprocess.Popen(
            [sys.executable, "-m", "dqops.cli", "run-checks", "warehouse"],
            env={**os.environ, "DQOPS_URL": server.url},
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # A suite that runs in the background ignores it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        with process:
            for _ in range(1000):
                if server.calls("run_checks"):
                    break
                time.sleep(0.02)
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            try:
                _, err = process.communicate(timeout=30)
            finally:
                process.kill()
        assert (130, 1) == (process.returncode, len(server.calls("cancel_job"))), err
    assert "interrupted" in err


def test_following_ends_where_nobody_reads(ctl: Callable[..., Ended]) -> None:
    """`jobs follow` ends as soon as nobody reads what it prints."""
    assert 0 == ctl("collect", "warehouse", "-q").code
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "dqops.cli", "jobs", "follow", "--since", "0"]
    run = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(write)
    assert (0, b"") == (run.returncode, run.stderr)


@pytest.mark.usefixtures("settings")
def test_a_reader_that_goes_away_is_no_failure() -> None:
    """`| head` ends a command quietly, and the exit code of a gate is still its own."""
    for command, expected in (("api --list", 0), ("judge warehouse --format junit -q", 1)):
        shell = f"{sys.executable} -m dqops.cli {command} | head -n 1; echo ${{PIPESTATUS[0]}}"
        run = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
        assert ("", str(expected)) == (run.stderr, run.stdout.split()[-1])
