"""SECURITY.md promises only what tests show."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
POLICY = (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def section(title: str) -> str:
    """Give a section of the policy."""
    return POLICY.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


PROMISES = [each for each in section("Promised").split("\n\n") if each.strip()]
LIMITS = [each for each in section("Limits").splitlines() if each.startswith("| ")][1:]


@cache
def functions_of(file: str) -> frozenset[str]:
    """List the test functions of a file."""
    tree = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, kinds))


@pytest.mark.parametrize("promise", [*PROMISES, *LIMITS])
def test_each_promise_names_its_tests(promise: str) -> None:
    """Every promise and every limit names a test at least, and each test that it names exists."""
    named = TEST.findall(promise)

    assert named, "a promise without a test"
    for file, name in named:
        assert name in functions_of(file), f"{file} has no test {name}"


def test_no_test_is_named_in_another_way() -> None:
    """A test that is named without its file could not be checked."""
    assert len(TEST.findall(POLICY)) == len(re.findall(r"\btest_\w+`", POLICY))


def test_there_are_promises() -> None:
    """The sections are found."""
    assert len(PROMISES) > 10
    assert len(LIMITS) > 8
