"""A verdict for GitHub Actions: annotations, and a summary of the step."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from .output import printable, write
from .verdicts import expected, summary

if TYPE_CHECKING:
    from ..jobs import Verdict

__all__ = ["annotate"]

# GitHub shows ten annotations of each kind in a step.
_MOST = 10


def annotate(verdict: Verdict) -> None:
    """Print annotations, and add a table to the summary of the step.

    Args:
        verdict: What is true of the data.
    """
    failures = verdict.failures
    for failure in failures[:_MOST]:
        kind = "warning" if failure.severity == "warning" else "error"
        write(f"::{kind} title={_property(failure.name)}::{_data(str(failure))}")
    if len(failures) > _MOST:
        write(f"::notice::{len(failures) - _MOST} more are in the summary of the step")
    for problem in failures.problems:
        write(f"::error title={_property(problem.kind)}::{_data(problem.message)}")
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    heading, *problems = summary(verdict).splitlines()
    lines = [f"### Data quality: {_cell(heading)}", ""]
    lines += [f"- {_cell(problem)}" for problem in problems]
    if failures:
        lines += ["", "| table | column | check | actual | expected | severity |"]
        lines += ["| --- | --- | --- | ---: | --- | --- |"]
    for each in failures:
        actual = "" if each.actual_value is None else f"{each.actual_value:g}"
        place = f"{each.connection}.{each.schema}.{each.table}"
        cells = (
            place,
            each.column or "",
            each.check,
            actual,
            expected(each),
            str(each.severity or "execution_error"),
        )
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def _data(text: str) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(text)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _cell(text: str) -> str:
    """Write a string that Markdown leaves alone."""
    text = printable(text).replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{each}" if each in "\\`*_[]|" else each for each in text)
