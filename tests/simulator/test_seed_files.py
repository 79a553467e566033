"""Seeds as YAML files and as plain data: what they hold, and what they refuse."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.testing import CheckResult, ManualClock, Seed, SeedError, State
from dqops.testing import __main__ as command

from simulator.support import NOW

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
connections:
  - name: shop
    provider: snowflake
    parameters: {account: abc}
    labels: [production]
    parallel_jobs_limit: 2
    tables:
      - schema: sales
        name: orders
        labels: [sales]
        columns:
          - {name: id, data_type: BIGINT, nullable: false}
          - name: email
            spec:
              monitoring_checks:
                daily: {nulls: {daily_nulls_percent: {error: {max_percent: 1.0}}}}
        spec:
          owner: {data_steward: anna}
      - {schema: sales, name: returns, imported: false}
check_results:
  - connection: shop
    schema: sales
    table: orders
    check_name: daily_row_count
    category: volume
    severity: error
    executed_at: -2h
  - connection: shop
    schema: sales
    table: orders
    check_name: daily_row_count
    category: volume
    severity: execution_error
    error_message: no such table
    executed_at: 2024-05-01T10:20:30Z
incidents:
  - connection: shop
    schema: sales
    table: orders
    severity: fatal
    first_seen: -3d
users:
  - {email: anna@example.com, role: operator, api_key: a key}
data_domains: [marketing]
credentials: {password: secret}
dictionaries: {countries.csv: "code\\nDE\\n"}
rules: {own/limit: {type: python}}
table_policies: {all: {priority: 5, target: {table: "*"}}}
default_schedules: {profiling: {cron_expression: 0 3 * * *}}
scheduler_running: false
"""


def written(folder: Path, text: str) -> Path:
    """Write a file."""
    path = folder / "seed.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_file_seeds_everything(tmp_path: Path) -> None:
    """Each part of the file is in the state."""
    state = State(Seed.from_file(written(tmp_path, WHOLE)), clock=ManualClock(NOW))
    (connection,) = state.connections
    assert ("snowflake", {"account": "abc"}, 2) == (
        connection.provider,
        connection.parameters,
        connection.parallel_jobs_limit,
    )
    assert ["orders"] == [table.name for _, table in state.tables()]
    assert ["returns"] == [table.name for _, table in state.tables(imported=False)]
    assert [(2, NOW - timedelta(hours=2)), (4, datetime(2024, 5, 1, 10, 20, 30))] == [
        (
            each.severity,
            each.executed_at.replace(tzinfo=None) if each.severity == 4 else each.executed_at,
        )
        for each in state.check_results
    ]
    assert [(3, NOW - timedelta(days=3))] == [
        (each.severity, each.first_seen) for each in state.incidents.values()
    ]
    assert ["operator"] == [user.role for user in state.users.values()]
    assert "marketing" in state.collections["data_domain"]
    assert "secret" == state.collections["credential"]["password"]["text_value"]
    assert "own/limit" in state.collections["rule"]
    assert {"data_steward": "anna"} == state.catalog.tables["shop", "sales", "orders"]["owner"]
    assert state.scheduler_running is False


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}"])
def test_empty_file_is_an_empty_seed(tmp_path: Path, text: str) -> None:
    """A server may know nothing at all."""
    assert Seed() == Seed.from_file(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("conections: []\n", 1, "conections: unknown key. Did you mean 'connections'? Known keys:"),
        ("\n- a\n", 2, "a mapping is needed here, not ['a']"),
        ("connections: shop\n", 1, "connections: a list is needed here, not 'shop'"),
        ("connections:\n  - shop\n", 2, "connections[0]: a mapping is needed here, not 'shop'"),
        (
            "connections:\n  - name: a\n  - name: b\n    tabels: []\n",
            4,
            "connections[1].tabels: unknown key. Did you mean 'tables'?",
        ),
        (
            "connections:\n  - name: a\n    tables:\n      - {schema: s, nam: t}\n",
            4,
            "connections[0].tables[0].nam: unknown key. Did you mean 'name'?",
        ),
        (
            "connections:\n  - provider: mysql\n",
            2,
            "connections[0]: missing 1 required positional argument: 'name'",
        ),
        (
            "users:\n  - email: a\n    role: boss\n",
            2,
            "users[0]: a role is one of ('admin', 'editor', 'operator', 'viewer', 'none')",
        ),
        (
            "incidents:\n  - {connection: a, schema: b, table: c, first_seen: yesterday}\n",
            2,
            "incidents[0].first_seen: a time is needed here, such as 2026-01-31T10:20:30Z, 'now'",
        ),
        (
            "connections:\n  - name: a\n    spec:\n      schedule: {}\n",
            4,
            "connections[0].spec.schedule: unknown key. Did you mean 'schedules'?",
        ),
        (
            "connections:\n  - name: a\n    spec:\n      labels: 5\n",
            4,
            "connections[0].spec.labels: 5 is not of type array",
        ),
        (
            "table_policies:\n  all:\n    prioriti: 5\n",
            3,
            "table_policies.all.prioriti: unknown key. Did you mean 'priority'?",
        ),
        ("connections: [\n", 2, "no YAML: "),
        ("a: 1\n\tb: 2\n", 2, "no YAML: "),
    ],
)
def test_error_names_file_line_and_place(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    """Whoever wrote the file finds the mistake at once."""
    path = written(tmp_path, text)
    with pytest.raises(SeedError) as caught:
        Seed.from_file(path)
    assert str(caught.value).startswith(f"{path}, line {line}: {message}")


def test_missing_file_is_no_seed_error(tmp_path: Path) -> None:
    """The usual exception says that there is no file."""
    with pytest.raises(FileNotFoundError):
        Seed.from_file(tmp_path / "missing.yaml")


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("now", timedelta(0)),
        ("-90s", timedelta(seconds=90)),
        ("-15m", timedelta(minutes=15)),
        ("-2h", timedelta(hours=2)),
        ("-3d", timedelta(days=3)),
        ("-1w", timedelta(weeks=1)),
    ],
)
def test_relative_time_refers_to_the_clock_of_the_server(text: str, ago: timedelta) -> None:
    """The same seed is as old at any time; the seed itself does not change."""
    seed = Seed.of({"check_results": [{**RESULT, "executed_at": text}]})
    for now in (NOW, NOW + timedelta(days=400)):
        (stored,) = State(seed, clock=ManualClock(now)).check_results
        assert now - ago == stored.executed_at


RESULT: dict[str, Any] = {
    "connection": "shop",
    "schema": "sales",
    "table": "orders",
    "check_name": "rows",
    "category": "volume",
    "severity": "valid",
}


@pytest.mark.parametrize("text", ["2h", "-2", "-2y", "+2h", "-h", "yesterday", "-1234567d", 5])
def test_other_times_are_refused(text: Any) -> None:
    """There is one form of relative times, and the message shows it."""
    with pytest.raises(SeedError, match=r"^check_results\[0\]\.executed_at: .*'-2h' for two hours"):
        Seed.of({"check_results": [{**RESULT, "executed_at": text}]})


def test_severity_may_be_a_name_or_a_number() -> None:
    """Both mean the same."""
    made = [
        CheckResult("a", "b", "c", "d", "e", severity, NOW)  # type: ignore[arg-type]
        for severity in ("execution_error", 4)
    ]
    assert made[0] == made[1]


def test_seed_does_not_change_with_what_it_was_made_of() -> None:
    """Specifications are copied."""
    spec: dict[str, Any] = {"labels": ["a"]}
    seed = Seed.of({"connections": [{"name": "shop", "spec": spec}]})
    spec["labels"].append("b")
    state = State(seed, clock=ManualClock(datetime(2024, 1, 1, tzinfo=UTC)))
    assert ["a"] == state.catalog.connections["shop"]["labels"]


def test_command_serves_the_seed(tmp_path: Path) -> None:
    """Programs in other languages have a seed and immediate jobs, too."""
    path = written(tmp_path, WHOLE)
    options = ["--port", "0", "--seed", str(path), "--job-mode", "immediate"]
    process = subprocess.Popen(
        [sys.executable, "-m", "dqops.testing", *options], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[3]
        connections = httpx.get(f"{url}api/connections").json()
        job = httpx.post(f"{url}api/jobs/runchecks", json={}).json()
    finally:
        process.kill()
        process.communicate(timeout=10)
    assert ["shop"] == [connection["connection_name"] for connection in connections]
    assert "finished" == job["status"]


def test_command_tells_what_is_wrong_with_the_seed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends with 1, and names file and line."""
    path = written(tmp_path, "users:\n  - {mail: a}\n")
    assert 1 == command.main(["--seed", str(path)])
    expected = f"cannot start the server: {path}, line 2: users[0].mail: unknown key. Did you mean"
    assert capsys.readouterr().err.startswith(expected)
    assert 1 == command.main(["--seed", str(tmp_path / "missing.yaml")])
