"""Gives a target example after example, and keeps those at which it breaks a promise."""

from __future__ import annotations

import faulthandler
import signal
import tempfile
import time
import traceback
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import hypothesis.errors
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.strategies import SearchStrategy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from types import FrameType

__all__ = ["Figures", "HungError", "Target", "run"]

# After so many, enough is known.
_MOST_FINDINGS = 10
_EXAMPLES_PER_ROUND = 200
_LONGEST_REPORT = 2000


class HungError(Exception):
    """An example has taken too long."""


@dataclass(frozen=True)
class Target:
    """What is fed with examples.

    Attributes:
        promise: What holds whatever the example is.
        examples: Where examples come from: chance, or what gives all that there are.
        prepare: Makes what an example is given to; it raises where the promise is broken.
        longest: How many seconds of processor time an example may take; of real time, ten times
            as many.
    """

    promise: str
    examples: SearchStrategy[Any] | Callable[[], Iterable[Any]]
    prepare: Callable[[], AbstractContextManager[Callable[[Any], None]]]
    longest: float = 2.0


@dataclass
class Figures:
    """What came of a target.

    Attributes:
        examples: How many there were.
        slowest: How many seconds of processor time the slowest took.
        seconds: How long all took.
        findings: The kinds of breach, each with one example.
    """

    examples: int = 0
    slowest: float = 0.0
    seconds: float = 0.0
    findings: dict[str, str] = field(default_factory=dict)


def run(
    target: Target, *, seed: int, seconds: float | None = None, examples: int | None = None
) -> Figures:
    """Give a target examples until the time is over, or until there were enough.

    Args:
        target: The target.
        seed: Where chance begins; the same seed and number of examples is the same run.
        seconds: How long; the last round of examples may end a little later.
        examples: How many; all that there are, if neither is given.

    Returns:
        The figures.
    """
    figures = Figures()
    start = time.monotonic()
    with target.prepare() as check, _note() as note:
        if not isinstance(target.examples, SearchStrategy):
            for example in islice(target.examples(), examples):
                _try(target, check, example, note, figures)
        else:
            number = seed
            while len(figures.findings) < _MOST_FINDINGS:
                _round(
                    target,
                    target.examples,
                    check,
                    number,
                    examples or _EXAMPLES_PER_ROUND,
                    note,
                    figures,
                )
                number += 1
                if seconds is None or time.monotonic() - start >= seconds:
                    break
    figures.seconds = time.monotonic() - start
    return figures


def _round(
    target: Target,
    strategy: SearchStrategy[Any],
    check: Callable[[Any], None],
    seed: int,
    examples: int,
    note: Path,
    figures: Figures,
) -> None:
    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
    @hypothesis.given(strategy)
    def each(example: Any) -> None:
        _give(target, check, example, note, figures)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", hypothesis.errors.HypothesisWarning)
            each()  # pyright: ignore[reportCallIssue] # hypothesis gives the example
    except ExceptionGroup as group:  # what does not happen again, and several kinds at once
        for error in group.exceptions:
            if isinstance(error, Exception):
                figures.findings[_kind(error)] = f"seed {seed}, once: {_report(error, note)}"
    except Exception as error:
        # The example that is noted last is the smallest: hypothesis shows it once more.
        figures.findings[_kind(error)] = f"seed {seed}: {_report(error, note)}"


def _try(
    target: Target, check: Callable[[Any], None], example: Any, note: Path, figures: Figures
) -> None:
    try:
        _give(target, check, example, note, figures)
    except Exception as error:
        figures.findings.setdefault(_kind(error), _report(error, note))


def _give(
    target: Target, check: Callable[[Any], None], example: Any, note: Path, figures: Figures
) -> None:
    """Let a target have an example; breaches that are known are not told again."""
    note.write_text(repr(example), encoding="utf-8")
    figures.examples += 1
    began = time.process_time()
    try:
        with _bounded(target.longest * 10):
            check(example)
        took = time.process_time() - began
        figures.slowest = max(figures.slowest, took)
        if took > target.longest:
            raise HungError(f"{took:.1f} s of processor time")
    except Exception as error:
        if _kind(error) not in figures.findings:
            raise


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    """End what takes longer; where Python cannot (in C code), end the process with a traceback."""

    def end(_: int, __: FrameType | None) -> None:
        raise HungError(f"more than {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, end)
    left, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    faulthandler.dump_traceback_later(seconds * 3, exit=True, file=2)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, left)  # that of the test in which this runs


@contextmanager
def _note() -> Iterator[Path]:
    """Give a file that holds the example under way; it stays if the process ends hard."""
    note = Path(tempfile.mkdtemp(prefix="fuzz-")) / "example.txt"
    yield note
    note.unlink(missing_ok=True)
    note.parent.rmdir()


def _kind(error: Exception) -> str:
    """Name a breach by its exception and by where it was raised."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "/dqops/" in frame.filename or "/scripts/" in frame.filename
    ]
    place = f"{Path(frames[-1].filename).name}: {frames[-1].name}" if frames else "the check"
    return f"{type(error).__name__} in {place}"


def _report(error: Exception, note: Path) -> str:
    message = "".join(traceback.format_exception_only(error)).splitlines()[0]
    example = note.read_text(encoding="utf-8")
    return f"{message[:_LONGEST_REPORT]}\n    {example[:_LONGEST_REPORT]}"
