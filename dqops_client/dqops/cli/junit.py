"""A verdict as a JUnit document, which CI systems show: each check is a test case."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from ..jobs.judging.severities import rank
from .output import printable

if TYPE_CHECKING:
    from ..jobs import CheckVerdict, Verdict

__all__ = ["as_junit"]


def as_junit(verdict: Verdict) -> str:
    """Write a JUnit document.

    Args:
        verdict: What is true of the data.

    Returns:
        The document: a suite for each table with a case for each check, and one for what keeps the
        data from being known to be good.
    """
    root = ET.Element("testsuites", {"name": "DQOps"})
    limit = rank(verdict.at_least)
    for table in verdict.tables:
        suite = _suite(root, f"{table.connection}.{table.schema}.{table.table}")
        for check in table.checks:
            _case(suite, check, limit)
        if table.skipped is not None:
            case = ET.SubElement(
                suite, "testcase", {"name": "table", "classname": suite.get("name", "")}
            )
            ET.SubElement(case, "skipped", {"message": printable(table.skipped)})
    # Checks that failed technically have cases of their own.
    problems = verdict.failures.problems
    if problems:
        suite = _suite(root, "gate")
        for problem in problems:
            case = ET.SubElement(suite, "testcase", {"name": problem.kind, "classname": "gate"})
            error = ET.SubElement(case, "error", {"message": printable(problem.message)})
            error.text = printable("\n".join(problem.tables), lines=True)
    for each in (*root, root):
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            each.set(name, str(len(list(each.iter(tag)))))
        each.set("tests", str(len(list(each.iter("testcase")))))
    ET.indent(root)
    # Other characters are written as references, which no encoding on the way can break.
    document: bytes = ET.tostring(root, encoding="us-ascii")
    return document.decode() + "\n"


def _suite(root: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(root, "testsuite", {"name": printable(name)})


def _case(suite: ET.Element, check: CheckVerdict, limit: int) -> None:
    name = check.check if check.column is None else f"{check.column}: {check.check}"
    if check.comparison is not None:
        name += f"/{check.comparison}"
    attributes = {"name": printable(name), "classname": suite.get("name", "")}
    case = ET.SubElement(suite, "testcase", attributes)
    if rank(check.severity) >= limit:
        details = {"type": str(check.severity), "message": printable(str(check))}
        failure = ET.SubElement(case, "failure", details)
        failure.text = printable("\n".join(map(str, check.results)), lines=True)
    elif check.execution_error is not None:
        message = printable(check.execution_error)
        ET.SubElement(case, "error", {"type": "execution_error", "message": message})
