"""docs/testing.md is true: its tests pass, and its tables are complete."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from dqops.testing import FAULT_KINDS, Settings

pytest_plugins = ["pytester"]

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "testing.md"
TEXT = GUIDE.read_text(encoding="utf-8")


def test_every_program_of_the_guide_runs(pytester: pytest.Pytester) -> None:
    """Each is a file of a project of its own, beside the seed that the guide shows."""
    programs = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    (seed,) = re.findall(r"```yaml\n# (\S+)\n(.*?)```", TEXT, re.DOTALL)
    (pytester.path / seed[0]).write_text(seed[1], encoding="utf-8")
    for number, program in enumerate(programs):
        (pytester.path / f"test_program_{number}.py").write_text(program, encoding="utf-8")
    pytester.makeini(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\n"
        "filterwarnings =\n error\n ignore:Module already imported so cannot be rewritten"
    )
    options = ("--strict-markers", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    result = pytester.runpytest_inprocess(*options)
    tests = sum(program.count("\ndef test_") for program in programs)
    cases = 3  # more than one of the test with parameters
    assert 10 == len(programs)
    result.assert_outcomes(passed=tests + cases)


@pytest.mark.parametrize(
    ("heading", "names"),
    [("Faults", FAULT_KINDS), ("Settings", [each.name for each in fields(Settings)])],
)
def test_tables_are_complete(heading: str, names: list[str]) -> None:
    """Every kind of fault and every setting has its row, and nothing else has."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    assert sorted(names) == sorted(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


def test_defaults_of_settings_are_right() -> None:
    """What the table says is what a server does."""
    section = TEXT.split("\n## Settings\n")[1]
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", section, re.MULTILINE)
    for name, shown in rows:
        assert repr(getattr(Settings(), name)).replace("'", '"') == shown
