"""Operations with behaviour respond as the contract says that the real server does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from dqops.testing.handlers import HANDLERS

from simulator.support import SPECIFICATION, problems

if TYPE_CHECKING:
    import httpx

ORDERS = "/api/connections/warehouse/schemas/public/tables/orders"
MISSING = "/api/connections/warehouse/schemas/public/tables/missing"
JSON = "application/json"


class Case(NamedTuple):
    """A request and what comes back; `body` is the exact body, or None for JSON of any content."""

    operation: str
    method: str
    path: str
    status: int
    body: bytes | None = None
    json: Any = None


CASES = [
    Case("is_healthy", "GET", "/api/ishealthy", 200, b"OK"),
    Case("get_all_connections", "GET", "/api/connections", 200),
    Case(
        "get_column_monitoring_checks_results",
        "GET",
        f"{ORDERS}/columns/customer_id/monitoring/daily/results",
        200,
    ),
    Case(
        "get_column_monitoring_checks_results",
        "GET",
        f"{ORDERS}/columns/missing/monitoring/daily/results",
        404,
        b"[]",
    ),
    Case(
        "get_column_partitioned_checks_results",
        "GET",
        f"{ORDERS}/columns/amount/partitioned/monthly/results",
        200,
        b"[]",
    ),
    Case(
        "get_column_partitioned_checks_results",
        "GET",
        f"{MISSING}/columns/amount/partitioned/monthly/results",
        404,
        b"[]",
    ),
    Case(
        "get_column_profiling_checks_results",
        "GET",
        f"{ORDERS}/columns/amount/profiling/results",
        200,
    ),
    Case(
        "get_column_profiling_checks_results",
        "GET",
        f"{ORDERS}/columns/missing/profiling/results",
        404,
        b"[]",
    ),
    Case("get_table_monitoring_checks_results", "GET", f"{ORDERS}/monitoring/daily/results", 200),
    Case(
        "get_table_monitoring_checks_results",
        "GET",
        f"{MISSING}/monitoring/daily/results",
        404,
        b"[]",
    ),
    Case("get_table_partitioned_checks_results", "GET", f"{ORDERS}/partitioned/daily/results", 200),
    Case(
        "get_table_partitioned_checks_results",
        "GET",
        f"{MISSING}/partitioned/daily/results",
        404,
        b"[]",
    ),
    Case("get_table_profiling_checks_results", "GET", f"{ORDERS}/profiling/results", 200, b"[]"),
    Case("get_table_profiling_checks_results", "GET", f"{MISSING}/profiling/results", 404, b"[]"),
    Case("get_table_data_quality_status", "GET", f"{ORDERS}/status", 200),
    Case("get_table_data_quality_status", "GET", f"{MISSING}/status", 404, b""),
    Case("get_table_issues_histogram", "GET", f"{ORDERS}/histogram", 200),
    Case("get_table_issues_histogram", "GET", f"{MISSING}/histogram", 404, b""),
    Case("run_checks", "POST", "/api/jobs/runchecks?wait=true", 201, json={}),
    Case("run_checks", "POST", "/api/jobs/runchecks", 201, json={}),
    Case("run_checks", "POST", "/api/jobs/runchecks?wait=true&waitTimeout=0", 201, b"", {}),
    Case("collect_error_samples", "POST", "/api/jobs/collecterrorsamples?wait=true", 201, json={}),
    Case("collect_error_samples", "POST", "/api/jobs/collecterrorsamples", 201, json={}),
    Case(
        "collect_statistics_on_data_groups",
        "POST",
        "/api/jobs/collectstatistics/withgrouping?wait=true&samplesLimit=5",
        201,
        json={"columnNames": ["*_id"]},
    ),
    Case(
        "collect_statistics_on_table",
        "POST",
        "/api/jobs/collectstatistics/table?wait=true&configureTable=true",
        201,
        json={},
    ),
    Case(
        "delete_stored_data",
        "POST",
        "/api/jobs/deletestoreddata?wait=true",
        201,
        json={"connection": "warehouse", "deleteCheckResults": True},
    ),
    Case(
        "import_tables",
        "POST",
        "/api/jobs/importtables?wait=true",
        201,
        json={"connectionName": "warehouse", "schemaName": "public", "tableNames": ["orders"]},
    ),
    Case("import_tables", "POST", "/api/jobs/importtables?wait=true", 500, json={}),
    Case("synchronize_folders", "POST", "/api/jobs/synchronize?wait=true", 201, json={}),
    Case(
        "synchronize_folders",
        "POST",
        "/api/jobs/synchronize?wait=true",
        500,
        json={"sources": True},
    ),
    Case("synchronize_folders", "POST", "/api/jobs/synchronize", 201, json={"sources": True}),
    Case("get_all_jobs", "GET", "/api/jobs/jobs", 200),
    Case("get_job", "GET", "/api/jobs/jobs/first", 200),
    Case("get_job", "GET", "/api/jobs/jobs/9", 404, b""),
    Case("wait_for_job", "GET", "/api/jobs/jobs/first/wait", 200),
    Case("wait_for_job", "GET", "/api/jobs/jobs/9/wait", 404, b""),
    Case("wait_for_run_checks_job", "GET", "/api/jobs/runchecks/first/wait", 500),
    Case("wait_for_run_checks_job", "GET", "/api/jobs/runchecks/9/wait", 404, b""),
    Case(
        "wait_for_collect_error_samples_job",
        "GET",
        "/api/jobs/collecterrorsamples/second/wait",
        500,
    ),
    Case(
        "wait_for_collect_error_samples_job",
        "GET",
        "/api/jobs/collecterrorsamples/9/wait",
        404,
        b"",
    ),
    Case("cancel_job", "DELETE", "/api/jobs/jobs/first", 204, b""),
    Case("cancel_job", "DELETE", "/api/jobs/jobs/9", 204, b""),
    Case("get_job_changes_since", "GET", "/api/jobs/jobchangessince/0", 200),
    Case("is_cron_scheduler_running", "GET", "/api/jobs/scheduler/isrunning", 200, b"true"),
    Case("start_cron_scheduler", "POST", "/api/jobs/scheduler/status/start", 200, b""),
    Case("stop_cron_scheduler", "POST", "/api/jobs/scheduler/status/stop", 200, b""),
]


def test_every_handler_is_for_an_operation_of_the_specification() -> None:
    """None is made up, or named wrongly and so never called."""
    assert set() == set(HANDLERS) - set(SPECIFICATION.operations)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.operation}-{case.status}")
def test_operation_responds_as_specified(http: httpx.Client, case: Case) -> None:
    """Status, headers and body are those of the specification."""
    # Jobs for the operations that look for one; the tables' responses do not depend on them.
    http.post("/api/jobs/runchecks?jobBusinessKey=first&wait=true", json={})
    http.post("/api/jobs/collecterrorsamples?jobBusinessKey=second&wait=true", json={})

    plain = {"Accept-Encoding": "identity"}  # so that the length is that of what is read
    response = http.request(case.method, case.path, json=case.json, headers=plain)

    assert case.status == response.status_code, response.text
    assert [] == problems(case.operation, response)
    if case.body is None:
        assert response.json()
    else:
        assert case.body == response.content
    specified = SPECIFICATION.operations[case.operation]
    has_content = "content" in specified.responses[specified.result_status][1]
    content_type = response.headers.get("content-type")
    expected_type = f"{JSON};charset=UTF-8" if case.operation == "is_healthy" else JSON
    assert (expected_type if has_content else None) == content_type
    is_streamed = specified.is_list and response.content
    expected_length = None if case.status == 204 or is_streamed else str(len(response.content))
    assert expected_length == response.headers.get("content-length")


def test_health_is_bare_text_with_200_or_503(server: Any, http: httpx.Client) -> None:
    """The health check follows the server's switch, at run time."""
    seen = []
    for healthy in (True, False, True):
        server.healthy = healthy
        response = http.get("/api/ishealthy")
        seen.append((response.status_code, response.content, response.headers["content-type"]))
    text = f"{JSON};charset=UTF-8"
    assert [(200, b"OK", text), (503, b"UNAVAILABLE", text), (200, b"OK", text)] == seen


def test_scheduler_switch_is_remembered(http: httpx.Client) -> None:
    """Stop and start of the scheduler show in whether it runs."""
    seen = []
    for action in ("stop", "start"):
        http.post(f"/api/jobs/scheduler/status/{action}")
        seen.append(http.get("/api/jobs/scheduler/isrunning").json())
    assert [False, True] == seen


def test_connection_carries_its_own_parameters_only(http: httpx.Client) -> None:
    """Properties that are null on the real server are absent."""
    (connection,) = http.get("/api/connections").json()
    assert "warehouse" == connection["connection_name"]
    assert "db.example.com" == connection["postgresql"]["host"]
    assert "bigquery" not in connection
