"""The README is true: its programs run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from dqops.client import Client
from dqops.testing import DqopsServer

README = Path(__file__).resolve().parents[2] / "README.md"
BLOCKS = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
TESTS = [block for block in BLOCKS if "\ndef test_" in block]
PROGRAMS = [block for block in BLOCKS if block not in TESTS]

pytest_plugins = ["pytester"]


def test_readme_has_programs() -> None:
    """The programs are found, so that the test below tests something."""
    assert len(PROGRAMS) >= 2
    assert len(TESTS) >= 1


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda text: text.split("\n", 1)[0])
def test_program_of_the_readme_runs(program: str) -> None:
    """A program runs as it stands, but for the address and the key of the server."""
    with DqopsServer() as server:
        text = program.replace("http://localhost:8888/", server.url)
        text = text.replace("the API key", server.api_key)
        assert server.url in text or "DqopsServer" in text
        names: dict[str, Any] = {"__name__": "readme"}
        exec(compile(text, str(README), "exec"), names)
        for value in names.values():
            if isinstance(value, Client):
                value.close()
        assert server.requests or "DqopsServer" in text


@pytest.mark.parametrize("text", TESTS)
def test_test_of_the_readme_passes(pytester: pytest.Pytester, text: str) -> None:
    """A test passes as it stands, in a project of its own."""
    pytester.makepyfile(text)
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")
    options = ("--strict-markers", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    result = pytester.runpytest_inprocess(*options)
    result.assert_outcomes(passed=text.count("\ndef test_"))
