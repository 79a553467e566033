"""A little of each target, always the same; `make fuzz` goes on for minutes."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from fuzz.__main__ import main
from fuzz.running import Target, run
from fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What has broken a promise once: the target and the example.
FOUND: list[tuple[str, Any]] = [
    ("requests", b"GET /api/ishealthy\r\nHost: h\r\n\r\n"),  # taken for HTTP/0.9, without a head
]


@pytest.mark.parametrize("name", TARGETS)
def test_a_few_examples(name: str) -> None:
    """No example of the first round breaks the promise."""
    figures = run(TARGETS[name], seed=1, examples=20)
    assert {} == figures.findings
    assert figures.examples >= 20


@pytest.mark.parametrize(("name", "example"), FOUND)
def test_what_was_found(name: str, example: Any) -> None:
    """It is mended."""
    with TARGETS[name].prepare() as check:
        check(example)


def test_findings_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the exception and the smallest example; the exit code is 1."""

    @contextmanager
    def prepare() -> Iterator[Callable[[int], None]]:
        def check(number: int) -> None:
            assert number < 100, "too great"

        yield check

    monkeypatch.setitem(TARGETS, "broken", Target("numbers are small", st.integers(), prepare))
    assert 1 == main(["broken", "--seconds", "0"])
    printed = capsys.readouterr().out
    assert "1 findings" in printed
    assert "AssertionError: too great\n    100\n" in printed


def test_an_example_that_takes_too_long_is_a_finding() -> None:
    """It is ended."""

    @contextmanager
    def prepare() -> Iterator[Callable[[int], None]]:
        def check(_: int) -> None:
            threading.Event().wait(60)

        yield check

    figures = run(Target("quick", lambda: [1], prepare, longest=0.02), seed=1)
    assert ["HungError in the check"] == list(figures.findings)
