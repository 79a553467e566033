"""Bodies that the server could not live with, and bodies that are only a type."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import pytest
from dqops import DQOps
from dqops.client import Client, errors
from dqops.client.api.columns import create_column, update_column
from dqops.client.api.connections import (
    bulk_activate_connection_checks,
    bulk_deactivate_connection_checks,
)
from dqops.client.api.data_catalog_synchronization import push_data_quality_status_to_data_catalog
from dqops.client.api.jobs import (
    collect_error_samples,
    collect_statistics_on_table,
    delete_stored_data,
    run_checks,
)
from dqops.client.api.rule_mining import (
    propose_table_monitoring_checks,
    propose_table_partitioned_checks,
    propose_table_profiling_checks,
)
from dqops.client.api.sensors import update_sensor
from dqops.client.api.tables import create_table, update_table, update_table_partitioning
from dqops.client.models import (
    AllChecksPatchParameters,
    BulkCheckDeactivateParameters,
    CheckMiningParametersModel,
    CheckSearchFilters,
    CheckTimeScale,
    CollectErrorSamplesParameters,
    ColumnSpec,
    ColumnStatisticsCollectorsRootCategoriesSpec,
    DeleteStoredDataQueueJobParameters,
    RunChecksParameters,
    SensorModel,
    StatisticsCollectorSearchFilters,
    TableSpec,
    TableStatisticsCollectorsRootCategoriesSpec,
)
from operations_under_test import OPERATIONS, module

if TYPE_CHECKING:
    from dqops.testing import DqopsServer
    from support.raw_server import RawServer

NO_CONTENT = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
COLUMN = ColumnSpec(statistics=ColumnStatisticsCollectorsRootCategoriesSpec())
TABLE = TableSpec(statistics=TableStatisticsCollectorsRootCategoriesSpec())
DAILY = CheckTimeScale.DAILY
PLACE = ("c", "s", "t")

POISONED: list[tuple[Any, tuple[str, ...], Any, str]] = [
    (create_table, PLACE, TABLE, "create_table: json_body.statistics must not be sent: the server"),
    (update_table, PLACE, TABLE, "update_table: json_body.statistics must"),
    (update_table, PLACE, {"statistics": {}}, "update_table: json_body.statistics must"),
    (
        create_table,
        PLACE,
        TableSpec.from_dict({"columns": {"a": {}, "b": {"statistics": {"text": {}}}}}),
        r"create_table: json_body.columns\['b'\].statistics must not be sent",
    ),
    (create_column, (*PLACE, "x"), COLUMN, "create_column: json_body.statistics must"),
    (update_column, (*PLACE, "x"), COLUMN, "update_column: json_body.statistics must"),
]
LACKING: list[tuple[Any, tuple[Any, ...], Any, str]] = [
    (
        bulk_activate_connection_checks,
        ("c", "n"),
        AllChecksPatchParameters(),
        "json_body.check_search_filters must be set: without it the server returns 500",
    ),
    (
        propose_table_monitoring_checks,
        (*PLACE, DAILY),
        {"check_name_filter": ""},
        "json_body.category_filter must be set",
    ),
    (
        propose_table_partitioned_checks,
        (*PLACE, DAILY),
        {"category_filter": None, "check_name_filter": ""},
        "json_body.category_filter must be set",
    ),
    (
        propose_table_profiling_checks,
        PLACE,
        {"category_filter": ""},
        "json_body.check_name_filter must be set",
    ),
    (
        update_sensor,
        ("my/own",),
        SensorModel(provider_sensor_list=[]),
        "json_body.sensor_definition_spec must be set: .* an update deletes the one that there is",
    ),
]
COMPLETE: list[tuple[Any, tuple[Any, ...], Any]] = [
    (bulk_deactivate_connection_checks, ("c", "n"), BulkCheckDeactivateParameters()),
    (
        bulk_activate_connection_checks,
        ("c", "n"),
        AllChecksPatchParameters(check_search_filters=CheckSearchFilters()),
    ),
    (
        propose_table_monitoring_checks,
        (*PLACE, DAILY),
        CheckMiningParametersModel(category_filter="", check_name_filter=""),
    ),
    (update_table, PLACE, TableSpec(columns=TableSpec.from_dict({"columns": {"a": {}}}).columns)),
]


@pytest.mark.parametrize(("operation", "arguments", "body", "message"), POISONED)
def test_body_that_would_make_a_table_unreadable_is_refused(
    raw_server: RawServer, operation: Any, arguments: Any, body: Any, message: str
) -> None:
    """Nothing is sent unless the caller insists, who then gets what was asked for."""
    raw_server.respond = lambda _, __: NO_CONTENT
    with Client(raw_server.url) as client:
        with pytest.raises(errors.InvalidRequest, match=f"^{message}") as caught:
            operation.sync(*arguments, client=client, json_body=body)
        with pytest.raises(errors.InvalidRequest):
            asyncio.run(operation.asyncio(*arguments, client=client, json_body=body))
        nothing = list(raw_server.requests)
        operation.sync(*arguments, client=client, json_body=body, allow_statistics=True)

    ending = "allow_statistics=True to send it anyway; nothing was sent"
    assert str(caught.value).endswith(ending)
    assert [] == nothing
    assert b'"statistics":{' in raw_server.requests[0]


@pytest.mark.parametrize(("operation", "arguments", "body", "message"), LACKING)
def test_body_that_lacks_what_the_server_needs_is_refused(
    raw_server: RawServer, operation: Any, arguments: Any, body: Any, message: str
) -> None:
    """It is told before the server fails, and where."""
    with pytest.raises(errors.InvalidRequest, match=message):
        operation.sync(*arguments, client=Client(raw_server.url), json_body=body)
    assert [] == raw_server.requests


@pytest.mark.parametrize(("operation", "arguments", "body"), COMPLETE)
def test_complete_body_is_sent(
    raw_server: RawServer, operation: Any, arguments: Any, body: Any
) -> None:
    """What is needed is there; an empty text or object is enough."""
    raw_server.respond = lambda _, __: NO_CONTENT
    with Client(raw_server.url) as client:
        operation.sync(*arguments, client=client, json_body=body)
    assert 1 == len(raw_server.requests)


def test_request_names_the_type_of_a_body_that_is_not_there(raw_server: RawServer) -> None:
    """The server refuses the request without it (415)."""
    raw_server.respond = lambda _, __: NO_CONTENT
    with Client(raw_server.url) as client:
        push_data_quality_status_to_data_catalog.sync(client=client)
    assert ("application/json", "0") == (
        raw_server.header("Content-Type"),
        raw_server.header("Content-Length"),
    )


def test_every_body_is_required() -> None:
    """The server refuses all operations that lack their body, so `json_body` is required."""
    for operation in OPERATIONS:
        parameter = inspect.signature(module(operation).sync).parameters.get("json_body")
        assert parameter is None or parameter.default is parameter.empty, operation.name


SELECTIONS: list[tuple[Any, tuple[str, ...], Any, str]] = [
    (
        run_checks,
        (),
        RunChecksParameters.from_dict({"check_search_filter": {"connection": "c"}}),
        "RunChecksParameters has no property 'check_search_filter'; did you mean",
    ),
    (
        run_checks,
        (),
        RunChecksParameters(CheckSearchFilters.from_dict({"conection": "c"})),
        "CheckSearchFilters has no property 'conection'; did you mean 'connection'?",
    ),
    (
        run_checks,
        (),
        RunChecksParameters.from_dict({"time_window_filter": {"daily_partitioning_recent_day": 1}}),
        "TimeWindowFilterParameters has no property 'daily_partitioning_recent_day'; did you mean",
    ),
    (
        run_checks,
        (),
        RunChecksParameters(RunChecksParameters()),  # type: ignore[arg-type]
        "RunChecksParameters.check_search_filters must be CheckSearchFilters, got RunChecksParam",
    ),
    (
        collect_error_samples,
        (),
        CollectErrorSamplesParameters(CheckSearchFilters.from_dict({"fulltablename": "s.t"})),
        "CheckSearchFilters has no property 'fulltablename'; did you mean 'fullTableName'?",
    ),
    (
        collect_statistics_on_table,
        (),
        StatisticsCollectorSearchFilters.from_dict({"conection": "c"}),
        "StatisticsCollectorSearchFilters has no property 'conection'; did you mean",
    ),
    (
        delete_stored_data,
        (),
        DeleteStoredDataQueueJobParameters.from_dict({"fulTableName": "s.t"}),
        "DeleteStoredDataQueueJobParameters has no property 'fulTableName'; did you mean",
    ),
    (
        bulk_activate_connection_checks,
        ("c", "n"),
        AllChecksPatchParameters(CheckSearchFilters.from_dict({"conection": "c"})),
        "CheckSearchFilters has no property 'conection'; did you mean",
    ),
]


@pytest.mark.parametrize(("operation", "place", "body", "told"), SELECTIONS)
def test_misspelt_keys_of_what_selects(
    dqops_server: DqopsServer, operation: Any, place: tuple[str, ...], body: Any, told: str
) -> None:
    """The server would ignore a key that `from_dict` kept, and select more than is meant."""
    with Client(dqops_server.url) as client, pytest.raises(errors.InvalidRequest) as caught:
        operation.sync(*place, client=client, json_body=body)
    assert told in str(caught.value)
    assert str(caught.value).endswith(("? Nothing was sent", "; nothing was sent"))
    assert [] == dqops_server.requests


def test_unknown_keys_of_other_models(dqops_server: DqopsServer) -> None:
    """What selects nothing is sent with them, and so is a key that resembles none."""
    filters = CheckSearchFilters.from_dict({"connection": "c", "zyx": 1})
    table = TableSpec.from_dict({"labls": ["a"]})
    with DQOps(dqops_server.url) as dq:
        dq.jobs.run_checks(json_body=RunChecksParameters(filters), wait=False)
        dq.tables.update_table("warehouse", "public", "orders", json_body=table)
    first, second = dqops_server.requests
    assert 1 == first.body["check_search_filters"]["zyx"]
    assert ["a"] == second.body["labls"]


MEANT: list[tuple[Any, tuple[str, ...], Any, str]] = [
    (
        update_table_partitioning,
        PLACE,
        {"foo": 1},
        "json_body: TablePartitioningModel has none of 'foo', but 'connection_name', 'target', ",
    ),
    (
        run_checks,
        (),
        {"check_search_filters": {"zyx": 1, "zxy": 2}},
        "json_body: CheckSearchFilters has none of 'zyx', 'zxy', but 'connection', ",
    ),
    (
        update_table,
        PLACE,
        {"columns": {"id": {"zyx": 1}}},
        "json_body: ColumnSpec has none of 'zyx', but ",
    ),
]


@pytest.mark.parametrize(("operation", "place", "body", "told"), MEANT)
def test_dictionary_without_any_known_key(
    dqops_server: DqopsServer, operation: Any, place: tuple[str, ...], body: Any, told: str
) -> None:
    """It is never meant: the server would take it for an empty object."""
    with Client(dqops_server.url) as client, pytest.raises(errors.InvalidRequest) as caught:
        operation.sync(*place, client=client, json_body=body)
    assert str(caught.value).startswith(f"{operation.__name__.rpartition('.')[2]}: {told}")
    assert ".from_dict() sends what newer servers know" in str(caught.value)
    assert [] == dqops_server.requests


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"labels": ["a"], "zyx": 1},
        {"columns": {}},
        TableSpec.from_dict({"zyx": 1}),
    ],
    ids=["empty", "one known key", "empty inside", "read by from_dict"],
)
def test_dictionaries_that_newer_servers_may_know(dqops_server: DqopsServer, body: Any) -> None:
    """What is empty is sent, and what has a known key, or is a model on purpose."""
    with Client(dqops_server.url) as client:
        update_table.sync("c", "s", "t", client=client, json_body=body)
    assert 1 == len(dqops_server.requests)
