"""Seeds as YAML files and as plain data: what they hold, and what they refuse."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.testing import CheckResult, FaultPlan, ManualClock, Seed, SeedError, State
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
        ("\n- a\n", 2, "expected a mapping, got ['a']"),
        ("connections: shop\n", 1, "connections: expected a list, got 'shop'"),
        ("connections:\n  - shop\n", 2, "connections[0]: expected a mapping, got 'shop'"),
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
            "users[0]: a role must be one of ('admin', 'editor', 'operator', 'viewer', 'none')",
        ),
        (
            "incidents:\n  - {connection: a, schema: b, table: c, first_seen: yesterday}\n",
            2,
            "incidents[0].first_seen: expected a time such as 2026-01-31T10:20:30Z, 'now'",
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
        ("connections: [\n", 2, "not YAML: "),
        ("a: 1\n\tb: 2\n", 2, "not YAML: "),
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


# Nine aliases for nine aliases, and so on: a short file, and more values than any memory holds.
LAUGHS = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
HOSTILE = {
    "lists": ("rules: " + "[" * 100_000, "nested more than 64 deep"),
    "closed lists": ("rules: " + "[" * 9000 + "]" * 9000, "nested more than 64 deep"),
    "objects": ("rules: " + "{a: " * 100_000, "nested more than 64 deep"),
    "indented": ("\n".join(" " * n + "a:" for n in range(2000)), "nested more than 64 deep"),
    "dashes": ("- " * 2000 + "a", "nested more than 64 deep"),
    "aliases in a chain": (
        "a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 2000)),
        "nested more than 64 deep",
    ),
    "many values": (f"l0: &l0 [lol]\n{LAUGHS}", "more than 1,000,000 values"),
    "many merged values": (
        "l0: &l0 {a: 1}\n"
        + "".join(f"l{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 9)}]}}\n" for n in range(1, 12)),
        "more than 1,000,000 values",
    ),
    "an endless list": ("rules: &a [*a]", "an alias stands inside of what it stands for"),
    "an endless object": ("rules: &a {b: {c: *a}}", "an alias stands inside of"),
    "an unknown alias": ("rules: *a", "found undefined alias"),
    "Python": ("rules: !!python/object/apply:os.getcwd []", "could not determine a constructor"),
    "bytes": ("rules: {a: {b: !!binary aGk=}}", "could not determine a constructor"),
    "a set": ("rules: !!set {a, b}", "could not determine a constructor"),
    "pairs": ("rules: !!pairs [a: b]", "could not determine a constructor"),
    "no time": ("rules: 2024-13-45", "month must be in 1..12"),
    "no number": ("rules: !!int x", "invalid literal for int"),
    "a long number": ("rules: " + "9" * 5000, "Exceeds the limit"),
    "NaN": ("rules: .nan", "nan is not a JSON number"),
    "infinity": ("rules: 1.0e+400", "inf is not a JSON number"),
    "a list as a key": ("rules: {[a]: b}", "found unhashable key"),
    "a zero character": ("rules: \x00", "unacceptable character"),
    "two documents": ("--- {}\n--- {}", "but found another document"),
}


@pytest.mark.parametrize(("text", "message"), HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    ("read", "kind"), [(Seed.from_file, SeedError), (FaultPlan.from_file, ValueError)]
)
def test_hostile_file_is_refused(
    tmp_path: Path, read: Any, kind: type[Exception], text: str, message: str
) -> None:
    """At once, with the name of the file."""
    path = written(tmp_path, text)
    with pytest.raises(kind) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}")
    assert message in str(caught.value)


def test_an_alias_stands_for_its_value(tmp_path: Path) -> None:
    """What is not too much is read."""
    text = "connections: [{name: a, labels: &l [x, y]}, {name: b, labels: *l}]"
    seed: Any = Seed.from_file(written(tmp_path, text))
    assert [("x", "y"), ("x", "y")] == [each.labels for each in seed.connections]


@pytest.mark.parametrize("kind", [list, dict])
def test_plain_data_that_is_nested_too_deeply_is_refused(kind: type) -> None:
    """With the same error as any other mistake."""
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep] if kind is list else {"a": deep}
    with pytest.raises(SeedError, match="nested too deeply"):
        Seed.of({"rules": {"a": deep}})
    # Python itself is not good at taking it apart.
    while not isinstance(deep, int):
        deep = deep[0] if kind is list else deep["a"]


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
