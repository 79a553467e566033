"""Bodies that the specification allows and the real server refuses, as it was seen on 1.13.2."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from dqops.testing import DqopsServer

TABLE = "connections/c/schemas/s/tables/t"
UNKNOWN = "connections/c/schemas/s/tables/nope"
SOURCE = f"{TABLE}/lineage/sources/c/schemas/s/tables"
TARGET = {"schema_name": "s", "table_name": "t"}
OTHER = {"schema_name": "s", "table_name": "o"}
COLUMN = {"connection_name": "c", "column_name": "x", "table": TARGET}
KEY = {"source_connection": "c", "source_schema": "s", "source_table": "o"}
GROUPING = "data_grouping_configuration_name"
DUCKDB = {"provider_type": "duckdb"}
SEED = {
    "connections": [
        {
            "name": "c",
            "tables": [
                {"schema": "s", "name": "t", "columns": [{"name": "x"}]},
                {"schema": "s", "name": "o"},
            ],
        }
    ],
    "default_policies": False,
}

# Method, path, body, and the status that the real server gave.
SEEN: list[tuple[str, str, Any, int]] = [
    ("PUT", f"{TABLE}/partitioning", {}, 406),
    ("PUT", f"{TABLE}/partitioning", {"foo": 1}, 406),
    ("PUT", f"{TABLE}/partitioning", {"connection_name": "c"}, 406),
    ("PUT", f"{TABLE}/partitioning", {"target": OTHER}, 406),
    ("PUT", f"{TABLE}/partitioning", {"target": TARGET}, 204),
    ("PUT", f"{TABLE}/partitioning", {"target": TARGET, "connection_name": "o"}, 204),
    ("PUT", f"{UNKNOWN}/partitioning", {}, 406),
    ("PUT", f"{UNKNOWN}/partitioning", {"target": {**TARGET, "table_name": "nope"}}, 404),
    ("PUT", f"{TABLE}/basic", {}, 406),
    ("PUT", f"{TABLE}/basic", {"target": OTHER}, 406),
    ("PUT", f"{TABLE}/basic", {"target": TARGET}, 204),
    ("PUT", f"{UNKNOWN}/basic", {}, 406),
    ("PUT", f"{TABLE}/columns/x/basic", {}, 406),
    ("PUT", f"{TABLE}/columns/x/basic", {**COLUMN, "connection_name": "o"}, 406),
    ("PUT", f"{TABLE}/columns/x/basic", {"connection_name": "c", "column_name": "x"}, 406),
    ("PUT", f"{TABLE}/columns/x/basic", COLUMN, 204),
    ("PUT", f"{TABLE}/columns/nope/basic", {**COLUMN, "column_name": "nope"}, 404),
    ("PUT", "connections/c/basic", {}, 406),
    ("PUT", "connections/c/basic", {"connection_name": "o"}, 406),
    ("PUT", "connections/c/basic", {"connection_name": "c"}, 204),
    ("PUT", "connections/nope/basic", {}, 406),
    ("PUT", "connections/nope/basic", {"connection_name": "nope"}, 404),
    ("POST", "connections/c", {}, 406),
    ("POST", "connections/c", DUCKDB, 409),
    ("POST", "connections/new", {}, 406),
    ("POST", "connections/new", DUCKDB, 201),
    ("POST", "connections/new/basic", {"connection_name": "new"}, 406),
    ("POST", "connections/new/basic", {**DUCKDB, "connection_name": "o"}, 201),
    ("POST", f"{SOURCE}/o", {}, 406),
    ("POST", f"{SOURCE}/o", {**KEY, "source_connection": "o"}, 406),
    ("POST", f"{SOURCE}/o", KEY, 201),
    ("PUT", f"{SOURCE}/o", {}, 404),
    ("POST", f"{UNKNOWN}/lineage/sources/c/schemas/s/tables/o", {}, 404),
    ("POST", f"{TABLE}/groupings", {}, 406),
    ("POST", f"{TABLE}/groupings", {GROUPING: "g"}, 500),
    ("POST", f"{TABLE}/groupings", {GROUPING: "g", "spec": {}}, 201),
    ("PUT", f"{TABLE}/groupings/g", {}, 404),
    ("POST", "policies/checks/table/p", {}, 406),
    ("POST", "policies/checks/table/p", {"policy_name": "o", "policy_spec": {}}, 201),
    ("PUT", "policies/checks/table/p", {"policy_name": "p"}, 406),
    ("PUT", "policies/checks/table/p/target", {}, 406),
    ("PUT", "policies/checks/table/p/target", {"target_table": {}}, 204),
    ("POST", "policies/checks/column/p", {}, 406),
    ("PUT", "policies/checks/column/p", {}, 406),
    ("PUT", "policies/checks/column/p/target", {}, 406),
    ("PUT", "policies/checks/column/p/target", {"target_column": {}}, 204),
    ("POST", "checks/table%2Fmine", {}, 400),
    ("POST", "checks/table%2Fmine", {"check_name": "table/mine"}, 400),
    ("POST", "checks/table%2Fmine", {"check_name": "mine"}, 201),
    # What is accepted empty.
    ("PUT", f"{TABLE}", {}, 204),
    ("PUT", f"{TABLE}/columns/x", {"foo": 1}, 204),
    ("PUT", f"{TABLE}/labels", [], 204),
    ("PUT", f"{TABLE}/labels", {}, 400),
    ("PUT", f"{TABLE}/comments", [{"foo": 1}], 204),
    ("PUT", f"{TABLE}/incidentgrouping", {}, 204),
    ("PUT", f"{TABLE}/schedulesoverride/profiling", {}, 204),
    ("PUT", "connections/c", {"foo": 1}, 204),
    ("PUT", "connections/c/incidentgrouping", {"foo": 1}, 204),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), SEEN)
def test_status(method: str, path: str, body: Any, status: int) -> None:
    """The status is that of the real server, whose refusals have no body; the record says why."""
    with DqopsServer(seed=SEED) as server:
        headers = {"Authorization": f"Bearer {server.api_key}"}
        response = httpx.request(method, f"{server.url}api/{path}", json=body, headers=headers)
        (request,) = server.requests
    assert status == response.status_code
    if status == 406:
        assert b"" == response.content
    if status == 406 and "lineage" not in path and "groupings" not in path:
        assert "of the body must be" in str(request.message)


def test_comparison_under_another_name() -> None:
    """A comparison cannot be renamed: the server fails."""
    place = f"{TABLE}/tablecomparisonconfigurations"
    name = "table_comparison_configuration_name"
    comparison = {
        name: "tc",
        "compared_connection": "c",
        "compared_table": TARGET,
        "reference_connection": "c",
        "reference_table": OTHER,
        "check_type": "monitoring",
        "time_scale": "daily",
        "grouping_columns": [],
    }
    with DqopsServer(seed=SEED) as server:
        url = f"{server.url}api/{place}"
        with httpx.Client(headers={"Authorization": f"Bearer {server.api_key}"}) as http:
            made = http.post(url, json=comparison).status_code
            kept = http.put(f"{url}/tc", json=comparison).status_code
            renamed = http.put(f"{url}/tc", json={**comparison, name: "o"}).status_code
    assert (201, 204, 500) == (made, kept, renamed)
