"""A seed that has one of everything, and requests that find it, or that do not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from dqops.testing import DEFAULT_API_KEY, ManualClock, Seed, Settings, State
from dqops.testing.documents import with_part
from dqops.testing.handlers.incomplete import NEEDED
from dqops.testing.http.messages import Request
from dqops.testing.simulator import Simulator

from simulator.support import NOW, SPECIFICATION

if TYPE_CHECKING:
    from dqops.testing.specification import Operation

NULLS = {"nulls": {"daily_nulls_percent": {"error": {"max_percent": 1.0}}}}
ROWS = {"volume": {"daily_row_count": {"error": {"min_count": 100}}}}
# Parts of a body that some operations compare with the path when they have found what it names.
_SOURCE = tuple(
    ((f"source_{part}",), f"source{part.title()}") for part in ("connection", "schema", "table")
)
REPEATED = {
    "create_table_source_table": _SOURCE,
    "update_table_source_table": _SOURCE,
    "update_table_comparison_configuration": (
        (("table_comparison_configuration_name",), "tableComparisonConfigurationName"),
    ),
}
#: Everything that has a name is called like this, where the API lets it choose.
KNOWN = "known"

RICH = Seed.of(
    {
        "connections": [
            {
                "name": "shop",
                "parameters": {"host": "db.example.com"},
                "labels": ["production"],
                "spec": {
                    "comments": [{"comment": "moved in May", "comment_by": "anna"}],
                    "schedules": {"profiling": {"cron_expression": "0 3 * * *"}},
                    "incident_grouping": {
                        "incident_notification": {
                            "filtered_notifications": {KNOWN: {"priority": 1}}
                        }
                    },
                },
                "tables": [
                    {
                        "schema": "sales",
                        "name": "orders",
                        "labels": ["sales", "sales/orders"],
                        "columns": [
                            {"name": "id", "data_type": "BIGINT", "nullable": False},
                            {
                                "name": "email",
                                "spec": {
                                    "labels": ["personal"],
                                    "monitoring_checks": {"daily": NULLS},
                                },
                            },
                        ],
                        "spec": {
                            "owner": {"data_steward": "anna"},
                            "groupings": {KNOWN: {"level_1": {"source": "tag", "tag": "web"}}},
                            "table_comparisons": {KNOWN: {"check_type": "profiling"}},
                            "monitoring_checks": {"daily": ROWS},
                            "source_tables": [
                                {
                                    "source_connection": "shop",
                                    "source_schema": "sales",
                                    "source_table": "carts",
                                }
                            ],
                        },
                    },
                    {"schema": "sales", "name": "carts", "columns": [{"name": "id"}]},
                    {"schema": "sales", "name": "returns", "imported": False},
                ],
            }
        ],
        "check_results": [
            {
                "connection": "shop",
                "schema": "sales",
                "table": "orders",
                "column": column,
                "check_type": check_type,
                "time_scale": time_scale,
                "check_name": "daily_nulls_percent" if column else "daily_row_count",
                "category": "nulls" if column else "volume",
                "quality_dimension": "Completeness",
                "severity": severity,
                "actual_value": 3.5,
                "samples": ["a", 2] if severity == "error" else [],
                "executed_at": executed_at,
            }
            for column in (None, "email")
            for check_type, time_scale in (
                ("profiling", None),
                ("monitoring", "daily"),
                ("partitioned", "daily"),
            )
            for severity, executed_at in ((0, "-3d"), ("error", "-2d"), ("execution_error", "-1d"))
        ],
        "incidents": [
            {
                "connection": "shop",
                "schema": "sales",
                "table": "orders",
                "first_seen": "-2d",
                "severity": "error",
                "quality_dimension": "Completeness",
                "check_category": "nulls",
                "incident_id": KNOWN,
            }
        ],
        "users": [{"email": KNOWN, "role": "editor", "api_key": "a key"}],
        "data_domains": [KNOWN],
        "default_policies": False,
        "credentials": {KNOWN: "secret"},
        "dictionaries": {KNOWN: "code,name\nDE,Germany\n"},
        "rules": {KNOWN: {"type": "python"}},
        "sensors": {KNOWN: {}},
        "checks": {KNOWN: {"sensor_name": "a", "rule_name": "b"}},
        "table_policies": {KNOWN: {"priority": 1, "target": {"table": "o*"}}},
        "column_policies": {KNOWN: {"priority": 1, "monitoring_checks": {"daily": NULLS}}},
        "default_schedules": {"profiling": {"cron_expression": "0 4 * * *"}},
        "default_webhooks": {"filtered_notifications": {KNOWN: {"priority": 2}}},
    }
)

#: What path and query parameters are called that name something of the seed.
NAMES: dict[str, Any] = {
    "connectionName": "shop",
    "schemaName": "sales",
    "tableName": "orders",
    "columnName": "email",
    "timeScale": "daily",
    "schedulingGroup": "profiling",
    "checkCategory": "volume",
    "checkName": "daily_row_count",
    "sourceConnection": "shop",
    "sourceSchema": "sales",
    "sourceTable": "carts",
    "sequenceNumber": 0,
    "jobId": KNOWN,
    "incidentId": KNOWN,
    "year": 2024,
    "month": 5,
}
#: Names of the connection and so on that there are not.
UNKNOWN = {
    name: "missing" if isinstance(value, str) else value
    for name, value in NAMES.items()
    if name not in {"timeScale", "schedulingGroup"}
}


# The server fails at them where nobody is there to act for.
TOKEN_NEEDED = {"switch_to_data_domain"}


def simulator(**settings: Any) -> Simulator:
    """Make a simulator with the rich seed, at the time of the other tests."""
    clock = ManualClock(NOW)
    settings.setdefault("job_mode", "immediate")
    settings.setdefault("license", "ENTERPRISE")
    made = Simulator(State(RICH, clock=clock, settings=Settings(**settings)))
    made.state.collections["default_table_pattern"][KNOWN] = {"priority": 1}
    made.state.collections["default_column_pattern"][KNOWN] = {"priority": 1}
    return made


def send(
    asked: Simulator,
    name: str,
    names: dict[str, Any] | None = None,
    *,
    body: Any = None,
    token: str | None = None,
) -> tuple[int, Any]:
    """Send a request; gives status and JSON (or text, or None)."""
    request = request_for(SPECIFICATION.operations[name], names, body)
    headers = dict(request.headers)
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    sent = Request(request.method, request.path, request.query, headers, request.body)
    response = asked.respond(sent).response
    assert "X-Simulated" not in response.headers
    if not response.body:
        return response.status, None
    try:
        return response.status, json.loads(response.body)
    except ValueError:
        return response.status, response.body.decode()


def request_for(
    operation: Operation, names: dict[str, Any] | None = None, body: Any = None
) -> Request:
    """Make a valid request; the body is the specification's example by default."""
    path = operation.path
    query: dict[str, Any] = {}
    for _, parameter in operation.parameters:
        name = parameter["name"]
        if parameter["in"] == "path":
            value = {**NAMES, **(names or {})}.get(name, KNOWN)
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        elif names is not None and name in names:
            query[name] = names[name]
        elif parameter.get("required"):
            query[name] = "resolved" if name == "status" else KNOWN
    content = b""
    headers: dict[str, str] = {}
    if operation.name in TOKEN_NEEDED:
        headers["authorization"] = f"Bearer {DEFAULT_API_KEY}"
    if operation.body_media_type is not None:
        headers["content-type"] = operation.body_media_type
    if operation.body is not None:
        value = example_body(operation) if body is None else body
        value = _fitting(operation.name, value, {**NAMES, **(names or {})})
        is_json = operation.body_media_type == "application/json"
        content = json.dumps(value).encode() if is_json else value.encode()
    return Request(operation.method, path, urlencode(query, doseq=True), headers, content)


def _fitting(name: str, body: Any, names: dict[str, Any]) -> Any:
    """Put the names of the path into a body that must repeat them."""
    repeated = [*NEEDED.get(name, ()), *REPEATED.get(name, ())]
    for path, parameter in repeated:
        if parameter is not None:
            body = with_part(body, path, str(names.get(parameter, KNOWN)).split("/")[-1])
    return body


def example_body(operation: Operation) -> Any:
    """Look up the specification's first example of a body."""
    assert operation.body is not None
    place = operation.body.removesuffix("/schema")
    _, examples = SPECIFICATION.resolve(f"{place}/examples")
    _, example = SPECIFICATION.resolve(f"{place}/examples/{next(iter(examples))}")
    return example["value"]
