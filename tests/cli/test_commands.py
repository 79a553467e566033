"""What commands do on the server, and what they keep."""

from __future__ import annotations

import json
import stat
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.shell_completion import ShellComplete
from dqops.cli.commands import api
from dqops.cli.running import root
from dqops.testing import DqopsServer

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


def test_login_uses_the_keyring(
    ctl: Callable[..., Ended], server: DqopsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is a keyring, the key is in no file."""
    passwords: dict[Any, str] = {}
    ring: Any = ModuleType("keyring")
    ring.get_keyring = object
    ring.set_password = lambda service, user, key: passwords.update({(service, user): key})
    ring.get_password = lambda service, user: passwords.get((service, user))
    nothing: Any = ModuleType("keyring.backends.fail")
    nothing.Keyring = type("Keyring", (), {})
    for name, module in (("keyring", ring), ("keyring.backends.fail", nothing)):
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setitem(sys.modules, "keyring.backends", ModuleType("keyring.backends"))
    monkeypatch.delenv("DQOPS_URL")
    key = tmp_path / "key"
    key.write_text(server.api_key, encoding="utf-8")
    assert 0 == ctl("login", "--url", server.url, "--api-key-file", str(key)).code
    assert {("dqopsctl", "default"): server.api_key} == passwords
    assert ["profiles.toml"] == [path.name for path in (tmp_path / "config").iterdir()]
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
    """Connections and tables are completed part by part; the server is asked once."""
    shell = ShellComplete(root, {}, "dqopsctl", "_DQOPSCTL_COMPLETE")

    def complete(incomplete: str) -> list[str]:
        return [item.value for item in shell.get_completions(["status"], incomplete)]

    assert ["warehouse"] == complete("ware")
    assert ["warehouse.public"] == complete("warehouse.")
    assert ["warehouse.public.customers", "warehouse.public.orders"] == complete(
        "warehouse.public."
    )
    assert 1 == len(server.calls("find_tables"))


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
