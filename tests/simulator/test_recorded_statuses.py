"""Statuses that a real DQOps 1.13.2 returned, where one would expect others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import Client
from dqops.client.api.data_catalog_synchronization import push_data_quality_status_to_data_catalog
from dqops.testing import DEFAULT_API_KEY, DqopsServer, Incident

from simulator.stateful import send, simulator
from simulator.support import NOW

if TYPE_CHECKING:
    import httpx

MINING = {"category_filter": "", "check_name_filter": ""}
TOKEN = DEFAULT_API_KEY
MISSING = {"connectionName": "missing"}

# operation, names in the path and query, body, token, status
STATUSES: list[tuple[str, dict[str, Any], Any, str | None, int]] = [
    ("set_incident_status", {"incidentId": "missing"}, None, None, 204),
    ("set_incident_status", MISSING, None, None, 404),
    (
        "delete_table_comparison_configuration",
        {"tableComparisonConfigurationName": "missing"},
        None,
        None,
        204,
    ),
    ("delete_table_comparison_configuration", {"tableName": "missing"}, None, None, 404),
    (
        "delete_table_grouping_configuration",
        {"dataGroupingConfigurationName": "missing"},
        None,
        None,
        204,
    ),
    ("delete_table_grouping_configuration", {"tableName": "missing"}, None, None, 404),
    (
        "delete_connection_filtered_notification_configuration",
        {"filteredNotificationName": "missing"},
        None,
        None,
        204,
    ),
    ("delete_connection_filtered_notification_configuration", MISSING, None, None, 404),
    (
        "delete_default_filtered_notification_configuration",
        {"filteredNotificationName": "missing"},
        None,
        None,
        204,
    ),
    ("update_table_quality_policy", {"patternName": "new"}, {"policy_spec": {}}, None, 204),
    ("update_column_quality_policy", {"patternName": "new"}, {"policy_spec": {}}, None, 204),
    (
        "create_check",
        {"fullCheckName": "own"},
        {"check_name": "own", "sensor_name": "missing"},
        None,
        201,
    ),
]
FAILING: list[tuple[str, dict[str, Any], Any]] = [
    ("get_schema_profiling_checks_templates", MISSING, None),
    ("get_schema_monitoring_checks_templates", MISSING, None),
    ("get_schema_partitioned_checks_templates", MISSING, None),
    ("propose_table_profiling_checks", {}, {}),
    ("propose_table_monitoring_checks", {}, {"category_filter": ""}),
    ("propose_table_partitioned_checks", {}, {"check_name_filter": ""}),
    ("bulk_activate_connection_checks", {}, {}),
]


@pytest.mark.parametrize(("name", "names", "body", "token", "status"), STATUSES)
def test_status(
    name: str, names: dict[str, Any], body: Any, token: str | None, status: int
) -> None:
    """What is not there is deleted or changed all the same; what it belongs to must be there."""
    assert status == send(simulator(), name, names, body=body, token=token)[0]


@pytest.mark.parametrize(("name", "names", "body"), FAILING)
def test_failure(name: str, names: dict[str, Any], body: Any) -> None:
    """The server fails, and tells so in its usual form."""
    status, error = send(simulator(), name, names, body=body)
    assert (500, "Internal Server Error") == (status, error["error"])


@pytest.mark.parametrize("order", ["checkName", "dataGroup", "tablePriority"])
def test_incidents_without_the_property_cannot_be_sorted_by_it(order: str) -> None:
    """Two that are compared are enough; a single one is not compared."""
    asked = simulator()
    asked.state.incidents.clear()
    found = []
    for table in ("first", "second"):
        asked.state.add_incident(Incident("shop", "sales", table, NOW))
        found.append(send(asked, "find_recent_incidents_on_connection", {"order": order})[0])
    assert [200, 500] == found


def test_push_without_a_content_type_is_refused(server: DqopsServer, http: httpx.Client) -> None:
    """The SDK names the type of the body that is not there; who does not gets 415."""
    with Client(server.url) as client:
        push_data_quality_status_to_data_catalog.sync(client=client)
    assert [415, 204] == [
        http.put("/api/datacatalog/sync/pushdatahealth", headers=headers).status_code
        for headers in ({}, {"Content-Type": "application/json"})
    ]
