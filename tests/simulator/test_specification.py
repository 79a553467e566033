"""The specification: found, read and understood."""

from __future__ import annotations

import gc
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from dqops.testing import MissingSpecificationError
from dqops.testing.http.messages import Response
from dqops.testing.specification import shipped
from dqops.testing.specification.acceptance import Acceptance
from dqops.testing.specification.formats import FORMATS
from dqops.testing.specification.shipped import load_specification

from simulator.support import SPECIFICATION, VALIDATION

if TYPE_CHECKING:
    from pathlib import Path

SMALL = """
{
  "paths": {
    "/a/{name}": {
      "get": {
        "operationId": "getThing",
        "tags": ["things"],
        "parameters": [{"name": "name", "in": "path", "schema": {"type": "string"}}],
        "responses": {"200": {"$ref": "#/components/responses/Thing"}}
      }
    },
    "/a/fixed": {
      "get": {
        "operationId": "getFixed",
        "tags": ["things"],
        "responses": {"204": {"description": "Nothing."}}
      }
    }
  },
  "components": {"responses": {"Thing": {"description": "A thing."}}}
}
"""


def test_all_operations_are_there() -> None:
    """Every operation of the document is found, by the name that it has in Python."""
    methods = {"get", "put", "post", "delete", "patch"}
    expected = sum(len(methods & item.keys()) for item in SPECIFICATION.document["paths"].values())
    assert expected == len(SPECIFICATION.operations)
    assert "get_column_monitoring_checks_results" in SPECIFICATION.operations


@pytest.mark.parametrize(
    ("name", "status", "media_types", "body"),
    [
        ("get_all_connections", 200, ("application/json",), None),
        ("run_checks", 201, ("application/json",), "application/json"),
        ("cancel_job", 204, ("application/json",), None),
        ("is_healthy", 200, ("application/json",), None),
        ("switch_to_data_domain", 303, ("application/json",), None),
        ("get_table_target_tables", 200, ("application/json",), None),
        ("download_logs", 200, ("application/zip",), None),
        ("change_caller_password", 204, ("application/json",), "text/plain"),
    ],
)
def test_results_and_bodies_are_understood(
    name: str, status: int, media_types: tuple[str, ...], body: str | None
) -> None:
    """The result is the first 2xx, or what is a response nevertheless."""
    operation = SPECIFICATION.operations[name]
    assert (status, media_types, body) == (
        operation.result_status,
        operation.result_media_types,
        operation.body_media_type,
    )


def test_only_the_health_check_is_public() -> None:
    """All other operations need a login where login is required."""
    public = [name for name, each in SPECIFICATION.operations.items() if each.is_public]
    assert ["is_healthy"] == public


def test_missing_specification_is_told_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The message says where it was looked for, and what to do."""
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "a/b/c/d/shipped.py"))
    with pytest.raises(MissingSpecificationError, match="run 'make regenerate'"):
        load_specification()
    with pytest.raises(MissingSpecificationError, match="there is no specification at"):
        load_specification(tmp_path / "missing.json")


def test_specification_inside_the_package_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As in an installed wheel."""
    (tmp_path / "dqops.bundle.json").write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "specification/shipped.py"))
    assert ["get_fixed", "get_thing"] == list(load_specification().operations)


@pytest.mark.parametrize("enabled", [True, False])
def test_reading_leaves_the_garbage_collector_as_it_was(tmp_path: Path, enabled: bool) -> None:
    """It is paused while a document is read, also if reading fails."""
    path = tmp_path / "broken.json"
    path.write_text('{"paths": [', encoding="utf-8")
    was_enabled = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        with pytest.raises(json.JSONDecodeError):
            load_specification(path)
        assert enabled == gc.isenabled()
    finally:
        (gc.enable if was_enabled else gc.disable)()


def test_small_document_is_understood(tmp_path: Path) -> None:
    """References are followed, fixed paths come first, and names may be percent-encoded."""
    path = tmp_path / "small.json"
    path.write_text(SMALL, encoding="utf-8")
    small = load_specification(path)
    assert "A thing." == small.operations["get_thing"].responses[200][1]["description"]
    assert ("get_fixed", {}) == (small.match("GET", "/a/fixed")[0].name, {})
    assert {"name": "x/y"} == small.match("GET", "/a/x%2Fy")[1]


def test_specification_is_read_once() -> None:
    """A second server does not wait for it."""
    assert load_specification() is load_specification()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("date", "2024-02-29", True),
        ("date", "2023-02-29", False),
        ("date", "20240229", False),
        ("date", "٢٠٢٤-01-01", False),
        ("date-time", "2024-01-31T10:20:30Z", True),
        ("date-time", "2024-01-31T10:20:30.123456789+01:00", True),
        ("date-time", "2024-01-31T10:20:30.1234567891Z", False),
        ("date-time", "2024-01-31T10:20:30", False),
        ("date-time", "2024-01-31T25:20:30Z", False),
        ("date-time-local", "2024-01-31T10:20", True),
        ("date-time-local", "2024-01-31T10:20:30.5", True),
        ("date-time-local", "2024-01-31T10:20:30Z", False),
        ("date-time-local", "2024-01-31 10:20:30", False),
        ("duration", "PT1H30M", True),
        ("duration", "-P2DT0.5S", True),
        ("duration", "P", False),
        ("duration", "1h", False),
        ("int32", 2147483647, True),
        ("int32", 2147483648, False),
        ("int64", -(2**63), True),
        ("int64", 2**63, False),
        ("date", 5, True),
        ("int32", "x", True),
    ],
)
def test_formats(name: str, value: object, expected: bool) -> None:
    """Formats say what they mean for Java; other types than theirs are not their business."""
    assert expected == FORMATS[name](value)


@pytest.mark.parametrize(
    ("operation", "response", "expected"),
    [
        ("get_all_jobs", Response(201), ["status 201 is not specified"]),
        ("get_all_jobs", Response(200), ["the body is missing"]),
        ("get_job", Response(404, b"{}"), ["there must be no body"]),
        ("get_all_jobs", Response(200, b"{}"), ["Content-Type is None"]),
        (
            "get_all_jobs",
            Response.of_json(200, {"jobs": [{"status": "asleep"}]}),
            ["/jobs/0/status: 'asleep' is none of "],
        ),
        ("run_checks", Response(201), []),
        ("get_available_zone_ids", Response.of_bare_text(200, "Europe/BerlinUTC"), []),
        (
            "get_available_zone_ids",
            Response(200, b"UTC", {"Content-Type": "text/csv"}),
            ["Content-"],
        ),
        ("download_logs", Response(200, b"\xff", {"Content-Type": "application/zip"}), []),
        ("download_logs", Response.of_json(200, {}), ["Content-Type is 'application/json'"]),
    ],
)
def test_wrong_responses_are_found(operation: str, response: Response, expected: list[str]) -> None:
    """The comparison that the tests of the operations rely on can fail."""
    found = VALIDATION.response_problems(SPECIFICATION.operations[operation], response)
    assert len(expected) == len(found)
    assert all(text.startswith(start) for text, start in zip(found, expected, strict=True))


def test_threads_that_compile_a_schema_at_the_same_time() -> None:
    """None of them meets a function that is half made."""
    pointer = SPECIFICATION.operations["run_checks"].body or ""
    value = {"check_search_filters": {"connection": "warehouse"}}
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for _ in range(20):
            acceptance = Acceptance(SPECIFICATION)
            with ThreadPoolExecutor(8) as pool:
                found = list(pool.map(acceptance.accepts, [pointer] * 8, [value] * 8))
            assert [True] * 8 == found
    finally:
        sys.setswitchinterval(before)
