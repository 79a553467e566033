"""What commands do on the server, and what they keep."""

from __future__ import annotations

import functools
import json
import os
import shutil
import stat
import subprocess
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click
import pytest
import yaml
from click.shell_completion import ShellComplete
from dqops.cli.commands import api
from dqops.cli.running import root
from dqops.testing import DqopsServer
from support.platforms import not_on_windows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.conftest import Ended


def test_every_operation_is_a_command() -> None:
    """Each of the operations is a command with help, and each option has a type."""
    groups = api.operation_groups()
    assert len(groups) >= 341
    for name, group in groups.items():
        command = api._command(group, name)
        assert command.help, name
        assert all(parameter.name for parameter in command.params), name


def test_api_calls_an_operation_with_typed_options(
    ctl: Callable[..., Ended], server: DqopsServer
) -> None:
    """Options become path and query parameters, and the result is the server's JSON."""
    ended = ctl(
        "api", "get-table-monitoring-checks-results", "--connection-name", "warehouse",
        "--schema-name", "public", "--table-name", "orders", "--time-scale", "daily",
        "--month-start", "2026-01-01", "--max-results-per-check", "1",
    )  # fmt: skip
    assert 0 == ended.code, ended.err
    assert isinstance(json.loads(ended.out), list)
    (call,) = server.calls("get_table_monitoring_checks_results")
    assert "2026-01-01" in str(call.parameters["monthStart"])


API_REFUSED: dict[str, tuple[str, ...]] = {
    "unknown operation": ("get_tabel",),
    "missing option": ("get_table", "--connection-name", "warehouse"),
    "no number": ("find_tables", "--page", "one"),
    "no value of the enumeration": ("find_tables", "--check-type", "none"),
    "no date": ("find_tables", "--page", "1", "--month-start", "yesterday"),
    "change without --yes": ("cancel_job", "--job-id", "1"),
}


@pytest.mark.parametrize("case", API_REFUSED)
def test_api_refuses_what_is_wrong(
    ctl: Callable[..., Ended], server: DqopsServer, case: str
) -> None:
    """What does not fit the specification is refused before anything is sent."""
    ended = ctl("api", *API_REFUSED[case])
    assert (2, []) == (ended.code, list(server.requests))


def test_values_of_enumerations_are_offered() -> None:
    """Every parameter that the specification says is of an enumeration offers its values."""
    offered: dict[str, set[str]] = {}
    for name, group in api.operation_groups().items():
        for parameter in api._command(group, name).params:
            if isinstance(parameter.type, click.Choice):
                offered.setdefault(str(parameter.name), set()).update(parameter.type.choices)
    assert {"daily", "monthly"} == offered["time_scale"]
    assert {"profiling", "monitoring", "partitioned"} == offered["check_type"]
    assert {"asc", "desc"} == offered["direction"]


BAD_BODIES = {
    "no object": ("update_table_labels", "{a: 1}"),
    "no array": ("update_connection_basic", "[1]"),
    "wrong type": ("update_connection_basic", "{parallel_jobs_limit: many}"),
    "no YAML": ("update_connection_basic", "{"),
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_api_refuses_a_wrong_body(
    ctl: Callable[..., Ended], server: DqopsServer, tmp_path: Path, case: str
) -> None:
    """A body that is not what the operation takes is refused before anything is sent."""
    operation, content = BAD_BODIES[case]
    body = tmp_path / "body.yaml"
    body.write_text(content, encoding="utf-8")
    place = ["--connection-name", "warehouse"]
    if "table" in operation:
        place += ["--schema-name", "public", "--table-name", "orders"]
    ended = ctl("api", operation, *place, "--body", str(body), "--yes")
    assert (2, True, []) == (ended.code, str(body) in ended.err, list(server.requests))


TREES: dict[str, tuple[tuple[str, ...], str]] = {
    "tables with what is not valid": (
        ("warehouse.public.orders*",),
        """\
warehouse  error
  public  error
    orders  error
      daily_partition_row_count  warning
      customer_id  error
        daily_nulls_percent  error
""",
    ),
    "a table with all checks": (
        ("warehouse.public.orders",),
        """\
warehouse  error
  public  error
    orders  error
      daily_row_count  valid
      daily_partition_row_count  warning
      customer_id  error
        daily_nulls_percent  error
""",
    ),
    "only what is not valid": (
        ("warehouse.public.customers", "--bad"),
        """\
warehouse  fatal
  public  fatal
    customers  fatal
      daily_data_freshness  execution_error
      email  fatal
        daily_invalid_email_format_found  fatal
""",
    ),
}


@pytest.mark.parametrize("case", TREES)
def test_status_is_shown_as_a_tree(ctl: Callable[..., Ended], case: str) -> None:
    """A tree has connections, schemas, tables, columns and checks below each other."""
    arguments, expected = TREES[case]
    ended = ctl("status", *arguments, "--format", "tree")
    assert (0, expected) == (ended.code, ended.out)


def test_api_sends_a_body(ctl: Callable[..., Ended], tmp_path: Path) -> None:
    """`--body` sends a file of JSON or YAML."""
    body = tmp_path / "labels.yaml"
    body.write_text("- 2026-01-01\n- b\n", encoding="utf-8")
    arguments = ("--connection-name", "warehouse", "--schema-name", "public")
    table = (*arguments, "--table-name", "orders")
    ended = ctl("api", "update_table_labels", *table, "--body", str(body), "--yes")
    assert 0 == ended.code, ended.err
    assert ["2026-01-01", "b"] == json.loads(ctl("api", "get_table_labels", *table).out)


def test_export_and_apply_send_only_what_changed(
    ctl: Callable[..., Ended], server: DqopsServer, tmp_path: Path
) -> None:
    """Files that were not edited send nothing, a dry run shows the difference and sends nothing."""
    folder = tmp_path / "tables"
    assert 0 == ctl("export", str(folder)).code
    path = folder / "warehouse" / "public.orders.dqotable.yaml"
    assert 0 == ctl("apply", str(folder), "--yes").code
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["spec"]["stage"] = "gold"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    dry = ctl("apply", str(folder), "--dry-run")
    assert "+stage: gold" in dry.out.splitlines()
    assert 2 == ctl("apply", str(folder)).code
    assert not server.calls("update_table")
    assert 0 == ctl("apply", str(folder), "--yes").code
    assert ["orders"] == [call.path.rpartition("/")[2] for call in server.calls("update_table")]
    assert "" == ctl("apply", str(folder), "--dry-run", "-q").out


def test_apply_adds_tables(ctl: Callable[..., Ended], tmp_path: Path) -> None:
    """A table that the server does not know is added; a name may have every character."""
    path = tmp_path / "warehouse" / "public.a%2Fb.csv.dqotable.yaml"
    path.parent.mkdir()
    path.write_text("spec:\n  stage: new\n", encoding="utf-8")
    assert 0 == ctl("apply", str(tmp_path), "--yes").code
    assert "a/b.csv" in ctl("tables", "list").out
    ctl("export", str(tmp_path / "out"))
    assert (tmp_path / "out" / "warehouse" / path.name).exists()


BAD_FILES = {
    "no YAML": "spec: [",
    "no spec": "kind: table\n",
    "wrong type": "spec:\n  priority: high\n",
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_apply_refuses_a_bad_file_before_anything_is_sent(
    ctl: Callable[..., Ended], server: DqopsServer, tmp_path: Path, case: str
) -> None:
    """A file that is no specification is named, and nothing is sent."""
    path = tmp_path / "warehouse" / "public.orders.dqotable.yaml"
    path.parent.mkdir()
    path.write_text(BAD_FILES[case], encoding="utf-8")
    ended = ctl("apply", str(tmp_path), "--yes")
    assert (2, True, []) == (ended.code, path.name in ended.err, list(server.requests))


def test_checks_are_activated_by_pattern(ctl: Callable[..., Ended]) -> None:
    """A check is activated and deactivated on all tables of a pattern; a dry run names them."""
    place = ("warehouse.public.*", "profile_row_count")
    dry = ctl("checks", "activate", *place, "--dry-run")
    assert ["warehouse.public.customers", "warehouse.public.orders"] == dry.out.split()
    assert 2 == ctl("checks", "activate", *place).code
    assert "profile_row_count" not in ctl("checks", "list", "warehouse.public.customers").out
    assert 0 == ctl("checks", "activate", *place, "--error", "min_count=7", "--yes").code
    listed = ctl("checks", "list", "warehouse.public.customers", "-f", "json").out
    rows = {row["check"]: row["error"] for row in json.loads(listed)["rows"]}
    assert "min_count=7" == rows["profile_row_count"]
    assert 0 == ctl("checks", "deactivate", *place, "--yes").code
    assert "profile_row_count" not in ctl("checks", "list", "warehouse.public.customers").out


def test_checks_of_columns_are_activated_by_pattern(ctl: Callable[..., Ended]) -> None:
    """With `--column`, a check is activated on all columns of the pattern."""
    arguments = ("warehouse.public", "profile_nulls_percent", "--column", "*_id", "--yes")
    assert 0 == ctl("checks", "activate", *arguments).code
    for table, column in (("orders", "order_id"), ("customers", "customer_id")):
        found = ctl("checks", "show", f"warehouse.public.{table}", "profile_nulls_percent",
                    "--column", column)  # fmt: skip
        assert (0, True) == (found.code, "error" in found.out)


def test_samples_are_collected(ctl: Callable[..., Ended], server: DqopsServer) -> None:
    """`collect --samples` collects samples of wrong values, and no statistics."""
    assert 0 == ctl("collect", "warehouse.public.orders", "--samples", "--column", "a*").code
    (call,) = server.calls("collect_error_samples")
    filters = {"connection": "warehouse", "fullTableName": "public.orders", "column": "a*"}
    assert filters == call.body["check_search_filters"]
    assert not server.calls("collect_statistics_on_table")


SAID: dict[str, tuple[tuple[str, ...], str]] = {
    "activate": (
        ("checks", "activate", "warehouse.public.*", "profile_row_count", "--yes"),
        "profile_row_count was activated in 2 places",
    ),
    "deactivate": (
        ("checks", "deactivate", "warehouse.public.orders", "daily_row_count", "--yes"),
        "daily_row_count was deactivated in 1 place",
    ),
    "login": (("login", "--url", "http://127.0.0.1:9", "--no-key", "--no-check"), "not needed"),
    "judge": (("judge", "warehouse.public.orders"), "gate: judging"),
    "option before the command": (
        ("--url", "http://127.0.0.1:9", "login"),
        "there is no option '--url' before the command; write options after it, as in: dqopsctl",
    ),
    "an age": (("judge", "warehouse.public.orders", "--max-age", "2d"), "gate: judging"),
    "no age": (
        ("judge", "warehouse", "--max-age", "-1d"),
        "'-1d' is no number of hours, and no duration such as 30m, 24h or 7d",
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_commands_say_what_they_have_done(ctl: Callable[..., Ended], case: str) -> None:
    """Messages are on standard error, and a command that changes something tells so."""
    arguments, expected = SAID[case]
    assert expected in ctl(*arguments).err


def test_judging_by_a_misspelt_check(ctl: Callable[..., Ended]) -> None:
    """The problem names what may be meant."""
    told = ctl("judge", "warehouse", "--check", "daily_nulls_percnt")
    assert (3, True) == (told.code, "did you mean 'daily_nulls_percent'" in told.out)


def test_cancelling_what_has_ended_says_so(ctl: Callable[..., Ended]) -> None:
    """A job that has ended is shown, and nothing is cancelled."""
    assert 0 == ctl("collect", "warehouse", "-q").code
    (row,) = json.loads(ctl("jobs", "list", "-f", "json").out)["rows"]
    ended = ctl("jobs", "cancel", str(row["job_id"]), "--yes")
    assert (0, True) == (ended.code, "there is nothing to cancel" in ended.err)


def test_a_business_key_is_used_once(ctl: Callable[..., Ended]) -> None:
    """A second run with the same key is refused, with the option that waits for the first."""
    arguments = ("run-checks", "warehouse", "--business-key", "nightly", "-q")
    assert 1 == ctl(*arguments).code
    again = ctl(*arguments)
    assert (2, True) == (again.code, "--if-exists attach" in again.err)
    assert 1 == ctl(*arguments, "--if-exists", "attach").code


def test_login_keeps_the_key_where_only_the_user_reads_it(
    ctl: Callable[..., Ended], server: DqopsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a keyring the key is in a file of mode 600, and commands use the profile."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.delenv("DQOPS_URL")
    key = tmp_path / "key"
    key.write_text(server.api_key, encoding="utf-8")
    ended = ctl("login", "--url", server.url, "--api-key-file", str(key))
    assert (0, False) == (ended.code, server.api_key in ended.out + ended.err)
    kept = tmp_path / "config" / "default.key"
    assert (0o600, server.api_key) == (stat.S_IMODE(kept.stat().st_mode), kept.read_text())
    assert server.api_key not in (tmp_path / "config" / "profiles.toml").read_text()
    assert 0 == ctl("tables", "list").code


class Keyring:
    """A keyring that keeps passwords in memory, or that is locked."""

    def __init__(self, priority: float = 5, locked: str = "") -> None:
        self.passwords: dict[tuple[str, str], str] = {}
        self.priority = priority
        self._locked = locked

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let it be what the package `keyring` finds."""
        ring: Any = ModuleType("keyring")
        ring.get_keyring = lambda: self
        ring.set_password = self._set
        ring.get_password = self._get
        monkeypatch.setitem(sys.modules, "keyring", ring)

    def _set(self, service: str, user: str, key: str) -> None:
        if self._locked:
            raise RuntimeError(self._locked)
        self.passwords[service, user] = key

    def _get(self, service: str, user: str) -> str | None:
        if self._locked:
            raise RuntimeError(self._locked)
        return self.passwords.get((service, user))


@pytest.fixture
def login(
    ctl: Callable[..., Ended], server: DqopsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ended]:
    """Log in with the key of the server, whose URL is only in the profile then."""
    monkeypatch.delenv("DQOPS_URL")
    key = tmp_path / "key"
    key.write_text(server.api_key, encoding="utf-8")
    return functools.partial(ctl, "login", "--url", server.url, "--api-key-file", str(key))


def test_login_uses_the_keyring(
    ctl: Callable[..., Ended],
    login: Callable[..., Ended],
    server: DqopsServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where there is a keyring, the key is in no file."""
    ring = Keyring()
    ring.install(monkeypatch)
    assert 0 == login().code
    assert {("dqopsctl", "default"): server.api_key} == ring.passwords
    assert ["profiles.toml"] == [path.name for path in (tmp_path / "config").iterdir()]
    assert 0 == ctl("tables", "list").code
    ring.passwords.clear()
    assert (2, True) == ((ended := ctl("tables", "list")).code, "dqopsctl login" in ended.err)


@pytest.mark.parametrize("priority", [-1, 0, 0.5])
def test_a_keyring_that_is_none_gets_no_key(
    ctl: Callable[..., Ended],
    login: Callable[..., Ended],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    priority: float,
) -> None:
    """One that keeps nothing, or keeps it unencrypted, is passed over: a private file is better."""
    ring = Keyring(priority)
    ring.install(monkeypatch)
    assert 0 == login().code
    assert ({}, True) == (ring.passwords, (tmp_path / "config" / "default.key").exists())
    assert 0 == ctl("tables", "list").code


def test_a_locked_keyring_is_named(
    ctl: Callable[..., Ended],
    login: Callable[..., Ended],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A keyring that refuses keeps nothing, and the message says what to do."""
    Keyring(locked="it is locked").install(monkeypatch)
    ended = login()
    assert (2, True) == (ended.code, "it is locked; --no-keyring" in ended.err)
    assert not (tmp_path / "config" / "profiles.toml").exists()
    assert 0 == login("--no-keyring").code
    assert 0 == ctl("tables", "list").code


def test_a_wrong_key_is_not_kept(
    ctl: Callable[..., Ended], server: DqopsServer, tmp_path: Path
) -> None:
    """`login` asks the server, and keeps nothing that it refuses."""
    key = tmp_path / "key"
    key.write_text("wrong", encoding="utf-8")
    assert 3 == ctl("login", "--url", server.url, "--api-key-file", str(key)).code
    assert not (tmp_path / "config").exists()


def test_the_key_of_a_profile_goes_to_its_server_only(
    ctl: Callable[..., Ended], server: DqopsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another server than that of the profile gets no key of it."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    key = tmp_path / "key"
    key.write_text(server.api_key, encoding="utf-8")
    assert 0 == ctl("login", "--url", server.url, "--api-key-file", str(key)).code
    with DqopsServer(api_key="of-another") as other:  # which would refuse the key
        monkeypatch.setenv("DQOPS_URL", other.url)
        assert 0 == ctl("tables", "list").code
        assert 2 == ctl("tables", "list", "--profile", "default").code


@pytest.mark.usefixtures("settings")
def test_names_of_the_server_are_completed_from_a_short_cache(server: DqopsServer) -> None:
    """Connections and tables are completed part by part; the server is asked once.

    What can go on is offered with a dot, too: a shell puts no space behind what has two ways on.
    """
    shell = ShellComplete(root, {}, "dqopsctl", "_DQOPSCTL_COMPLETE")

    def complete(incomplete: str) -> list[str]:
        return [item.value for item in shell.get_completions(["status"], incomplete)]

    assert ["warehouse", "warehouse."] == complete("ware")
    assert ["warehouse.public", "warehouse.public."] == complete("warehouse.")
    assert ["warehouse.public.customers", "warehouse.public.orders"] == complete(
        "warehouse.public."
    )
    assert 1 == len(server.calls("find_tables"))


@not_on_windows("the shells are those of other systems")
@pytest.mark.parametrize(
    ("shell", "script"),
    [
        (
            "bash",
            """eval "$(dqopsctl completion bash)"; COMP_WORDS=(dqopsctl status ware); COMP_CWORD=2
            _dqopsctl_completion dqopsctl ware; printf '%s\\n' "${COMPREPLY[@]}" """,
        ),
        ("fish", 'dqopsctl completion fish | source; complete -C "dqopsctl status ware"'),
    ],
)
@pytest.mark.usefixtures("settings")
def test_real_shells_complete(tmp_path: Path, shell: str, script: str) -> None:
    """A shell that was given the script completes names that the server knows."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    command = tmp_path / "dqopsctl"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dqops.cli "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    environ = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    run = subprocess.run(
        [shell, "-c", script], capture_output=True, text=True, env=environ, timeout=60, check=False
    )
    assert ["warehouse", "warehouse."] == run.stdout.split(), run.stderr


@pytest.mark.usefixtures("settings")
def test_kept_names_load_no_client() -> None:
    """Completion from the cache loads no HTTP library: it has to be quick."""
    program = (
        "import sys; from dqops.cli.main import main; code = main([]); "
        "print('httpx' in sys.modules, file=sys.stderr)"
    )
    words = {"COMP_WORDS": "dqopsctl status ware", "COMP_CWORD": "2"}
    environ = {**os.environ, **words, "_DQOPSCTL_COMPLETE": "bash_complete"}
    runs = [
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, env=environ, check=True
        )
        for _ in range(2)
    ]
    assert ["True", "False"] == [run.stderr.split()[-1] for run in runs]
    assert runs[0].stdout == runs[1].stdout


@pytest.mark.usefixtures("settings")
def test_completion_without_a_server_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the server cannot be asked, nothing is completed and nothing is said."""
    monkeypatch.setenv("DQOPS_URL", "http://127.0.0.1:9")
    shell = ShellComplete(root, {}, "dqopsctl", "_DQOPSCTL_COMPLETE")
    assert [] == shell.get_completions(["status"], "ware")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(ctl: Callable[..., Ended], shell: str) -> None:
    """There is a script for bash, zsh and fish."""
    ended = ctl("completion", shell)
    assert (0, True) == (ended.code, "_DQOPSCTL_COMPLETE" in ended.out)
