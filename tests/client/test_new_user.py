"""The program of a new user (tests/typing/new_user.py) runs."""

from __future__ import annotations

import re
from pathlib import Path
from pydoc import plain, render_doc
from runpy import run_path

import pytest
from dqops.client.api.jobs import run_checks
from dqops.testing import DqopsServer

TYPING = Path(__file__).resolve().parents[1] / "typing"
PROGRAM = TYPING / "new_user.py"
README = Path(__file__).resolve().parents[2] / "README.md"


def test_program_of_the_first_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It imports, sets checks, runs them, and gives what is wrong as rows."""
    with DqopsServer(job_duration=0.05, require_login=True) as server:
        server.set_value(3, check_name="daily_row_count", table="public.orders")
        rows = run_path(str(PROGRAM))["nightly"](server.url, server.api_key, tmp_path)
    wanted = {"table": "orders", "check": "daily_row_count", "severity": "error", "actual_value": 3}
    assert any(wanted.items() <= row.items() for row in rows)
    told = capsys.readouterr().out
    assert "healthy: True" in told
    assert "orders daily_row_count error http" in told
    assert len(list(tmp_path.iterdir())) == 1


def test_help_begins_with_what_an_operation_does() -> None:
    """`help` of an operation's module says what it does, and not who has generated it."""
    lines = plain(render_doc(run_checks)).splitlines()
    assert lines[3].endswith("run_checks - Start a job that runs data quality checks.")


@pytest.mark.parametrize("name", ["readme_first_call", "readme_gate"])
def test_types_of_the_readme_are_checked(name: str) -> None:
    """The programs that `make types` reads, strictly, are those of README."""
    blocks = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert (TYPING / f"{name}.py").read_text("utf-8").partition("annotations\n\n")[2] in blocks
