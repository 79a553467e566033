"""What commands print for programs."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from dqops import jobs
from dqops.cli.junit import as_junit
from dqops.cli.verdicts import summary
from dqops.client.models import RuleSeverityLevel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dqops.testing import DqopsServer

    from cli.conftest import Ended

SCHEMAS = files("dqops.cli") / "schemas"

DOCUMENTS: dict[str, tuple[str, ...]] = {
    "health": ("health",),
    "gate bad": ("run-checks", "warehouse"),
    "gate good": ("judge", "warehouse.public.orders", "--check", "daily_row_count"),
    "gate unknown": ("judge", "nowhere"),
    "job collect": ("collect", "warehouse"),
    "job import-tables": ("import-tables", "warehouse.public", "--yes"),
    "job delete-data": ("delete-data", "warehouse", "--what", "samples", "--yes"),
    "listing results": ("results", "warehouse"),
    "listing readouts": ("readouts", "warehouse"),
    "listing errors": ("errors",),
    "listing samples": ("samples",),
    "listing incidents": ("incidents",),
    "listing profiles": ("profiles",),
    "listing status": ("status", "warehouse"),
    "listing status of a table": ("status", "warehouse.public.orders"),
    "listing tables": ("tables", "list"),
    "listing columns": ("columns", "list", "*"),
    "listing connections": ("connections", "list"),
    "listing checks": ("checks", "list"),
    "listing checks of a table": ("checks", "list", "warehouse.public.orders"),
    "listing jobs": ("jobs", "list"),
}


@pytest.mark.parametrize("case", DOCUMENTS)
def test_json_is_one_document_of_its_schema(ctl: Callable[..., Ended], case: str) -> None:
    """`--format json` prints one document, which is as its published schema says."""
    if DOCUMENTS[case][0] in {"results", "readouts", "errors", "samples", "incidents", "profiles"}:
        pytest.importorskip("pyarrow", reason="the extra `frames` is not installed")
    ended = ctl(*DOCUMENTS[case], "--format", "json", "--quiet")
    document = json.loads(ended.out)
    check(document, case.partition(" ")[0])
    assert "" == ended.err


def check(document: Any, name: str) -> None:
    """Compare a document with a schema of the package."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schema)
    validator(schema).validate(document)


def test_json_of_a_gate_tells_what_failed(ctl: Callable[..., Ended]) -> None:
    """The document of a gate has a row for each failure, with value, bounds and severity."""
    document = json.loads(ctl("run-checks", "warehouse.public.orders", "-f", "json").out)
    (row,) = (row for row in document["failures"] if row["severity"])
    assert (1, "customer_id", "daily_nulls_percent", "error", 1.0) == (
        document["exit_code"],
        row["column"],
        row["check"],
        row["severity"],
        row["upper_bound"],
    )


def test_junit_has_a_case_for_each_check(ctl: Callable[..., Ended], tmp_path: Path) -> None:
    """A JUnit document has a case for each check, and counts what failed."""
    path = tmp_path / "junit.xml"
    ended = ctl("run-checks", "warehouse", "--format", "junit", "--output", str(path))
    root = ET.parse(path).getroot()
    cases = list(root.iter("testcase"))
    failed = {case.get("name") for case in cases if case.find("failure") is not None}
    assert {"email: daily_invalid_email_format_found", "customer_id: daily_nulls_percent"} == failed
    assert len(cases) == int(root.attrib["tests"]) == sum(int(s.attrib["tests"]) for s in root)
    assert (str(len(failed)), "1") == (root.attrib["failures"], root.attrib["errors"])
    assert "failed:" in ended.out


def test_junit_tells_why_nothing_is_known(ctl: Callable[..., Ended]) -> None:
    """What keeps data from being known to be good is an error in a JUnit document."""
    root = ET.fromstring(ctl("judge", "nowhere", "-f", "junit", "-q").out)
    (error,) = root.iter("error")
    assert "nowhere" in error.attrib["message"]


def test_what_was_not_judged_is_told() -> None:
    """Checks that are switched off, and tables without others, are named with the reason."""
    place: dict[str, Any] = {"connection": "shop", "schema": "sales"}
    check: dict[str, Any] = {**place, "column": None, "check": "rows"}
    off = jobs.CheckVerdict(**check, table="orders", state="disabled")
    good = jobs.CheckVerdict(**check, table="carts", severity=RuleSeverityLevel.VALID)
    why = "no selected check of it is active"
    verdict = jobs.Verdict(
        at_least=RuleSeverityLevel.ERROR,
        tables=(
            jobs.TableVerdict(**place, table="carts", checks=(good,)),
            jobs.TableVerdict(**place, table="orders", skipped=why, inactive=(off,)),
            *(jobs.TableVerdict(**place, table=f"t{n}", skipped="disabled") for n in range(9)),
        ),
    )
    passed, not_counted, not_judged = summary(verdict).splitlines()
    assert "passed: 1 check of 1 table judged, 0 at error or worse" == passed
    assert "not counted: shop: sales.orders rows (disabled since)" == not_counted
    assert not_judged.startswith(
        f"not judged: shop: sales.orders ({why}), shop: sales.t0 (disabled)"
    )
    assert not_judged.endswith(" more")
    assert str(verdict).endswith(f"{not_counted}; {not_judged}")
    root = ET.fromstring(as_junit(verdict))
    assert ("0", "0", "10") == tuple(
        root.attrib[name] for name in ("failures", "errors", "skipped")
    )
    assert why == next(root.iter("skipped")).attrib["message"]


def test_github_gets_annotations_and_a_summary(
    ctl: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub gets an annotation for each failure, and a table in the summary of the step."""
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    ended = ctl("judge", "warehouse", "--format", "github", "-q")
    lines = ended.out.splitlines()
    form = re.compile(r"::(error|warning) title=([^:,]+)::(.+)")
    found = [match for line in lines if (match := form.fullmatch(line))]
    assert len(lines) == len(found) == 3
    assert "%3A" in found[0][2]
    table = [line for line in summary.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    assert 2 + 3 == len(table)
    assert {7} == {line.count("|") - line.count("\\|") for line in table}


def test_csv_has_a_head_and_a_line_for_each_row(ctl: Callable[..., Ended]) -> None:
    """CSV has the names of the columns, then a line for each row."""
    rows = list(csv.DictReader(io.StringIO(ctl("status", "warehouse", "-f", "csv").out)))
    assert ["customers", "orders"] == [row["table"] for row in rows]
    assert ["fatal", "error"] == [row["severity"] for row in rows]


def test_parquet_is_written(ctl: Callable[..., Ended], tmp_path: Path) -> None:
    """`--format parquet` writes a file that has all results."""
    pytest.importorskip("pyarrow", reason="the extra `frames` is not installed")
    from pyarrow import parquet

    path = tmp_path / "results.parquet"
    assert 0 == ctl("results", "warehouse", "-f", "parquet", "-o", str(path)).code
    rows = list(csv.DictReader(io.StringIO(ctl("results", "warehouse", "-f", "csv").out)))
    table = parquet.read_table(path)
    assert (len(rows), [row["id"] for row in rows]) == (table.num_rows, table["id"].to_pylist())


def test_a_listing_may_be_limited(ctl: Callable[..., Ended]) -> None:
    """`--limit` ends a listing after so many rows."""
    pytest.importorskip("pyarrow", reason="the extra `frames` is not installed")
    document = json.loads(ctl("results", "warehouse", "--limit", "2", "-f", "json").out)
    assert 2 == len(document["rows"])


def test_jobs_can_be_shown_waited_for_and_followed(
    ctl: Callable[..., Ended], server: DqopsServer
) -> None:
    """A job is found by its number and by its key, and its changes are told line by line."""
    ctl("run-checks", "warehouse", "--business-key", "nightly", "-q")
    (job,) = json.loads(ctl("jobs", "list", "-f", "json").out)["rows"]
    for name in ("nightly", str(job["job_id"])):
        for command in ("show", "wait", "cancel"):
            ended = ctl("jobs", command, name, "-f", "json")
            document = json.loads(ended.out)
            check(document, "job-record")
            assert (0, "finished") == (ended.code, document["status"])
    ended = ctl("jobs", "follow", "--since", "0", "--timeout", "0.1", "-f", "json")
    lines = [json.loads(line) for line in ended.out.splitlines()]
    for line in lines:
        check(line, "job-change")
    assert "finished" == lines[-1]["status"]
    assert not server.calls("cancel_job")
