"""Connections, tables, columns and all that has a name: what is written can be read again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from dqops.testing import CheckResult
from dqops.testing.checks.column_types import data_type_category
from dqops.testing.http.messages import Request

from simulator.stateful import KNOWN, RICH, example_body, request_for, send, simulator
from simulator.support import NOW, SPECIFICATION

ROWS = {"volume": {"daily_row_count": {"warning": {"min_count": 5}}}}


class Stored(NamedTuple):
    """An operation that writes, one that reads what was written, and what is read."""

    writing: str
    reading: str
    body: Any
    #: Where the body is in what is read: None for the whole.
    within: str | None = None


def example(name: str) -> Any:
    """Give the specification's example of a body."""
    return example_body(SPECIFICATION.operations[name])


PARTS = [
    "connection_auto_import",
    "connection_comments",
    "connection_default_grouping_configuration",
    "connection_incident_grouping",
    "connection_labels",
    "connection_scheduling_group",
    "table_comments",
    "table_default_grouping_configuration",
    "table_incident_grouping",
    "table_profiling_checks",
    "table_daily_monitoring_checks",
    "table_monitoring_checks_monthly",
    "table_partitioned_checks_monthly",
    "table_scheduling_group_override",
    "column_comments",
    "column_labels",
    "column_profiling_checks",
    "column_monitoring_checks_daily",
    "column_monitoring_checks_monthly",
    "column_partitioned_checks_daily",
    "column_partitioned_checks_monthly",
]
STORED = [
    *(Stored(f"update_{part}", f"get_{part}", example(f"update_{part}")) for part in PARTS),
    Stored("update_table_labels", "get_table_labels", ["changed"]),
    Stored("update_table_partitioned_checks_daily", "get_table_daily_partitioned_checks", {}),
    Stored("update_connection", "get_connection", {"provider_type": "mysql"}, "spec"),
    Stored("update_table", "get_table", {"stage": "raw"}, "spec"),
    Stored("update_column", "get_column", {"sql_expression": "a + b"}, "spec"),
    Stored("update_default_schedules", "get_default_schedule", {"cron_expression": "1 * * * *"}),
    Stored(
        "update_table_quality_policy",
        "get_table_quality_policy",
        {"policy_spec": {"priority": 9, "monitoring_checks": {"daily": ROWS}}},
    ),
    Stored("update_rule", "get_rule", {"type": "java_class", "java_class_name": "Own"}),
    Stored("update_check", "get_check", {"sensor_name": "c", "rule_name": "d"}),
    Stored(
        "update_dictionary", "get_dictionary", {"dictionary_name": KNOWN, "file_content": "a\n1\n"}
    ),
    Stored(
        "update_shared_credential",
        "get_shared_credential",
        {"credential_name": KNOWN, "type": "binary", "binary_value": "AAEC"},
    ),
    Stored(
        "update_table_source_table", "get_table_source_table", {"data_lineage_source_tool": "x"}
    ),
    Stored(
        "update_connection_filtered_notification_configuration",
        "get_connection_filtered_notification_configuration",
        {"name": KNOWN, "priority": 77},
    ),
    Stored(
        "update_default_filtered_notification_configuration",
        "get_default_filtered_notification_configuration",
        {"name": KNOWN, "priority": 78},
    ),
    Stored(
        "update_table_grouping_configuration",
        "get_table_grouping_configuration",
        {"data_grouping_configuration_name": KNOWN, "spec": {"level_1": {"tag": "x"}}},
    ),
    Stored(
        "update_table_comparison_configuration",
        "get_table_comparison_configuration",
        {
            "table_comparison_configuration_name": KNOWN,
            "reference_connection": "other",
            "reference_table": {"schema_name": "a", "table_name": "b"},
            "check_type": "monitoring",
            "time_scale": "daily",
        },
    ),
    Stored(
        "update_table_partitioning",
        "get_table_partitioning",
        {
            "target": {"schema_name": "sales", "table_name": "orders"},
            "timestamp_columns": {"partition_by_column": "day"},
        },
    ),
    Stored("update_table_basic", "get_table_basic", {"stage": "x", "priority": 3, "filter": "1=1"}),
    Stored("update_column_basic", "get_column_basic", {"sql_expression": "a", "id": True}),
    Stored(
        "update_connection_basic",
        "get_connection_basic",
        {"provider_type": "mysql", "mysql": {"host": "h"}, "parallel_jobs_limit": 2},
    ),
    Stored("update_user", "get_user", {"email": KNOWN, "accountRole": "viewer"}),
]


def contains(whole: Any, part: Any) -> bool:
    """Tell whether all that was written is in what is read."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and contains(whole[name], part[name]) for name in part)
    return bool(whole == part)


@pytest.mark.parametrize("stored", STORED, ids=lambda each: each.writing)
def test_what_is_written_can_be_read_again(stored: Stored) -> None:
    """The response has it all; the old value is gone."""
    asked = simulator()
    old = send(asked, stored.reading)

    assert (204, None) == send(asked, stored.writing, body=stored.body)

    status, read = send(asked, stored.reading)
    assert 200 == status
    whole = read if stored.within is None else read[stored.within]
    assert contains(whole, stored.body)
    assert old != (status, read)


class Collected(NamedTuple):
    """Operations on a list of named things, and the property that has the name in the list."""

    listing: str
    creating: str
    getting: str
    deleting: str
    name: str
    path_parameter: str | None
    body: Any


COLLECTED = [
    Collected(
        "get_all_connections",
        "create_connection",
        "get_connection",
        "delete_connection",
        "connection_name",
        "connectionName",
        {"provider_type": "mysql"},
    ),
    Collected(
        "get_all_connections",
        "create_connection_basic",
        "get_connection_basic",
        "delete_connection",
        "connection_name",
        "connectionName",
        {"provider_type": "mysql", "mysql": {"host": "h"}},
    ),
    Collected(
        "get_columns",
        "create_column",
        "get_column",
        "delete_column",
        "column_name",
        "columnName",
        {},
    ),
    Collected(
        "get_all_rules",
        "create_rule",
        "get_rule",
        "delete_rule",
        "full_rule_name",
        "fullRuleName",
        {"type": "python"},
    ),
    Collected(
        "get_all_sensors",
        "create_sensor",
        "get_sensor",
        "delete_sensor",
        "full_sensor_name",
        "fullSensorName",
        {"sensor_definition_spec": {}},
    ),
    Collected(
        "get_all_checks",
        "create_check",
        "get_check",
        "delete_check",
        "full_check_name",
        "fullCheckName",
        {"sensor_name": "a"},
    ),
    Collected(
        "get_table_quality_policies",
        "create_table_quality_policy_pattern",
        "get_table_quality_policy",
        "delete_table_quality_policy",
        "policy_name",
        "patternName",
        {"policy_spec": {}},
    ),
    Collected(
        "get_column_quality_policies",
        "create_column_quality_policy",
        "get_column_quality_policy",
        "delete_column_quality_policy",
        "policy_name",
        "patternName",
        {"policy_spec": {}},
    ),
    Collected(
        "get_all_users",
        "create_user",
        "get_user",
        "delete_user",
        "email",
        None,
        {"email": "fresh", "accountRole": "viewer"},
    ),
    Collected(
        "get_all_dictionaries",
        "create_dictionary",
        "get_dictionary",
        "delete_dictionary",
        "dictionary_name",
        None,
        {"dictionary_name": "fresh", "file_content": "a"},
    ),
    Collected(
        "get_all_shared_credentials",
        "create_shared_credential",
        "get_shared_credential",
        "delete_shared_credential",
        "credential_name",
        None,
        {"credential_name": "fresh", "type": "text", "text_value": "a"},
    ),
    Collected(
        "get_table_grouping_configurations",
        "create_table_grouping_configuration",
        "get_table_grouping_configuration",
        "delete_table_grouping_configuration",
        "data_grouping_configuration_name",
        None,
        {"data_grouping_configuration_name": "fresh", "spec": {}},
    ),
    Collected(
        "get_table_comparison_configurations",
        "create_table_comparison_configuration",
        "get_table_comparison_configuration",
        "delete_table_comparison_configuration",
        "table_comparison_configuration_name",
        None,
        {"table_comparison_configuration_name": "fresh"},
    ),
    Collected(
        "get_default_filtered_notifications_configurations",
        "create_default_filtered_notification_configuration",
        "get_default_filtered_notification_configuration",
        "delete_default_filtered_notification_configuration",
        "name",
        None,
        {"name": "fresh"},
    ),
]
# They are successful whether there is something to delete or not.
DELETED_TWICE = {
    "delete_default_filtered_notification_configuration",
    "delete_table_comparison_configuration",
    "delete_table_grouping_configuration",
}
PATH_NAMES = {
    "email": "email",
    "dictionary_name": "dictionaryName",
    "credential_name": "credentialName",
    "data_grouping_configuration_name": "dataGroupingConfigurationName",
    "table_comparison_configuration_name": "tableComparisonConfigurationName",
    "name": "filteredNotificationName",
}


def test_a_sensor_without_a_specification_is_not_kept() -> None:
    """As recorded: both are successes; the one creates nothing, the other deletes."""
    asked = simulator()
    names = {"fullSensorName": "my/own"}
    whole: dict[str, Any] = {"sensor_definition_spec": {}, "provider_sensor_list": []}
    told = [
        send(asked, name, names, body=body)[0]
        for name, body in (
            ("create_sensor", {"provider_sensor_list": []}),
            ("get_sensor", None),
            ("update_sensor", whole),
            ("create_sensor", whole),
            ("update_sensor", {"sensor_definition_spec": {}}),
            ("get_sensor", None),
            ("update_sensor", {"provider_sensor_list": []}),
            ("get_sensor", None),
            ("update_sensor", {}),
            ("delete_sensor", None),
        )
    ]
    assert [201, 404, 404, 201, 204, 200, 204, 404, 404, 404] == told


@pytest.mark.parametrize("collected", COLLECTED, ids=lambda each: each.creating)
def test_named_things_come_and_go(collected: Collected) -> None:
    """Created, listed, found, deleted; then neither listed nor found."""
    asked = simulator()
    parameter = collected.path_parameter or PATH_NAMES[collected.name]
    names = {parameter: "fresh"}

    def listed() -> bool:
        _, items = send(asked, collected.listing)
        return "fresh" in [item[collected.name] for item in items]

    assert not listed()
    assert (201, None) == send(asked, collected.creating, names, body=collected.body)
    assert listed()
    assert 200 == send(asked, collected.getting, names)[0]
    assert send(asked, collected.deleting, names)[0] in {200, 204}
    assert not listed()
    assert 404 == send(asked, collected.getting, names)[0]
    assert (204 if collected.deleting in DELETED_TWICE else 404) == send(
        asked, collected.deleting, names
    )[0]


@pytest.mark.parametrize(
    ("creating", "body"),
    [
        ("create_user", {"accountRole": "viewer"}),
        ("create_dictionary", {"file_content": "a"}),
        ("create_dictionary", {"dictionary_name": "a"}),
        ("update_dictionary", {"dictionary_name": KNOWN}),
        ("create_shared_credential", {"credential_name": "a", "type": "text"}),
        ("create_shared_credential", {"type": "text", "text_value": "a"}),
        (
            "create_shared_credential",
            {"credential_name": "a", "type": "binary", "binary_value": "no base 64"},
        ),
        ("create_table_grouping_configuration", {"spec": {}}),
    ],
)
def test_incomplete_things_are_not_acceptable(creating: str, body: Any) -> None:
    """A name or value is missing: 406 without a body."""
    assert (406, None) == send(simulator(), creating, body=body)


def test_renamed_document_is_found_under_its_new_name_only() -> None:
    """A body with another name renames, unless that name is taken."""
    asked = simulator()
    key = "data_grouping_configuration_name"
    send(asked, "create_table_grouping_configuration", body={key: "other", "spec": {}})
    taken = send(asked, "update_table_grouping_configuration", body={key: "other", "spec": {}})
    renamed = send(asked, "update_table_grouping_configuration", body={key: "new", "spec": {}})
    _, listed = send(asked, "get_table_grouping_configurations")
    assert [(409, None), (204, None)] == [taken, renamed]
    assert ["new", "other"] == [each[key] for each in listed]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("update_dictionary", {"dictionary_name": "other", "file_content": "a"}),
        (
            "update_shared_credential",
            {"credential_name": "other", "type": "text", "text_value": "a"},
        ),
    ],
)
def test_some_documents_cannot_be_renamed(name: str, body: Any) -> None:
    """The API knows no conflict there, so another name is not acceptable."""
    assert (406, None) == send(simulator(), name, body=body)


def test_empty_dictionary_is_an_empty_file() -> None:
    """The download has no content, and is a file nevertheless."""
    asked = simulator()
    send(asked, "update_dictionary", body={"dictionary_name": KNOWN, "file_content": ""})
    response = asked.respond(request_for(SPECIFICATION.operations["download_dictionary"])).response
    assert (200, b"", "text/csv") == (
        response.status,
        response.body,
        response.headers["Content-Type"],
    )


def test_deleted_connection_takes_its_tables_and_data_with_it() -> None:
    """The job that deletes the data is told, and has done its work."""
    asked = simulator()
    status, job = send(asked, "delete_connection")
    assert 200 == status
    assert 200 == send(asked, "get_job", {"jobId": job["jobId"]})[0]
    assert ([], [], {}) == (
        asked.state.check_results,
        list(asked.state.tables()),
        asked.state.incidents,
    )
    assert (404, []) == send(asked, "get_schemas")


def test_deleted_table_keeps_the_results_of_others() -> None:
    """Only its own go."""
    asked = simulator()
    other = CheckResult("shop", "sales", "carts", "rows", "volume", 0, NOW)
    asked.state.add_check_result(other)
    send(asked, "delete_table")
    send(asked, "get_all_jobs")
    assert [replace(other, time_period=other.period)] == asked.state.check_results


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["carts", "orders"]),
        ({"filter": "ord"}, ["orders"]),
        ({"filter": "c*s"}, ["carts"]),
        ({"label": ["sales"]}, ["orders"]),
        ({"label": ["other"]}, []),
        ({"limit": 1}, ["carts"]),
        ({"limit": 1, "page": 2}, ["orders"]),
        ({"limit": 1, "page": 3}, []),
        ({"page": 0}, 406),
        ({"limit": 0}, 406),
    ],
    ids=str,
)
def test_tables_are_selected_and_paged(query: dict[str, Any], expected: Any) -> None:
    """By name and label; pages begin with 1."""
    status, tables = send(simulator(), "get_tables", query)
    if expected == 406:
        assert (406, []) == (status, tables)
    else:
        assert expected == [table["target"]["table_name"] for table in tables]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["daily", "known"]),
        ({"checkType": "profiling"}, ["known"]),
        ({"checkType": "monitoring"}, ["daily"]),
        ({"checkType": "monitoring", "checkTimeScale": "daily"}, ["daily"]),
        ({"checkTimeScale": "monthly"}, []),
    ],
    ids=str,
)
def test_comparisons_are_selected(query: dict[str, Any], expected: list[str]) -> None:
    """By the type and the time scale of their checks."""
    asked = simulator()
    body = {
        "table_comparison_configuration_name": "daily",
        "check_type": "monitoring",
        "time_scale": "daily",
    }
    send(asked, "create_table_comparison_configuration", body=body)
    _, found = send(asked, "get_table_comparison_configurations", query)
    assert expected == sorted(each["table_comparison_configuration_name"] for each in found)


@pytest.mark.parametrize(
    ("data_type", "category"),
    [
        ("BIGINT", "numeric_integer"),
        ("int4", "numeric_integer"),
        ("NUMERIC(10, 2)", "numeric_decimal"),
        ("double precision", "numeric_float"),
        ("BOOLEAN", "bool"),
        ("character varying", "text"),
        ("CLOB", "clob"),
        ("DATE", "datetime_date"),
        ("time without time zone", "datetime_time"),
        ("DATETIME", "datetime_datetime"),
        ("timestamp without time zone", "datetime_datetime"),
        ("TIMESTAMP", "datetime_timestamp"),
        ("timestamptz", "datetime_timestamp"),
        ("ARRAY<INT64>", "array"),
        ("integer[]", "array"),
        ("JSONB", "json"),
        ("BYTEA", "binary"),
        ("GEOGRAPHY", "other"),
        ("", "other"),
    ],
)
def test_types_of_columns_belong_to_categories(data_type: str, category: str) -> None:
    """Whatever the data source calls them, with and without length, in any case."""
    assert category == data_type_category(data_type)


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("find_tables", {"table": "o*"}, ["orders"]),
        ("find_tables", {"connection": "other"}, []),
        ("find_columns", {"column": "em*"}, ["email"]),
        ("find_columns", {"columnType": "BIGINT"}, ["id"]),
        ("find_columns", {"columnCategory": "numeric_integer"}, ["id"]),
        ("find_columns", {"columnCategory": "text"}, ["id", "email"]),
        ("find_columns", {"columnCategory": "array"}, []),
        ("find_columns", {"label": ["personal"]}, ["email"]),
        ("find_columns", {"label": ["PERS*"]}, ["email"]),
        ("find_columns", {"label": ["personal", "other"]}, []),
        ("find_columns", {"table": "carts"}, ["id"]),
        ("find_tables", {"label": ["sales", "production"]}, ["orders"]),
        ("find_tables", {"label": ["prod*"]}, ["carts", "orders"]),
        ("find_tables", {"label": ["sales", "other"]}, []),
    ],
)
def test_search_finds_by_pattern(name: str, query: dict[str, Any], expected: list[str]) -> None:
    """Every parameter restricts."""
    _, found = send(simulator(), name, query)
    names = [item.get("column_name") or item["target"]["table_name"] for item in found]
    assert expected == names


def test_what_is_disabled_is_not_listed() -> None:
    """As recorded: a disabled table has its columns, and is read by its name only."""
    asked = simulator()
    send(asked, "update_column", {"columnName": "email"}, body={"disabled": True})
    assert 2 == len(send(asked, "get_columns")[1])
    assert "email" not in [each["column_name"] for each in send(asked, "find_columns")[1]]
    spec = send(asked, "get_table")[1]["spec"]
    send(asked, "update_table", body={**spec, "disabled": True})
    for name in ("find_tables", "get_tables"):
        found = send(asked, name)[1]
        assert ["carts"] == [each["target"]["table_name"] for each in found]
    assert ["carts"] == [each["table"]["table_name"] for each in send(asked, "find_columns")[1]]
    assert 200 == send(asked, "get_table")[0]
    assert 2 == len(send(asked, "get_columns")[1])


def test_list_models_tell_which_checks_there_are() -> None:
    """Flags that are false are absent; a seed has the checks whose results it has."""
    _, listed = send(simulator(), "get_tables")
    flags = {
        each["target"]["table_name"]: {flag for flag in each if flag.startswith("has_any")}
        for each in listed
    }
    kinds = ("checks", "monitoring_checks", "partition_checks", "profiling_checks")
    expected = {f"has_any_configured_{kind}" for kind in kinds}
    assert {"orders": expected, "carts": set()} == flags


def test_check_model_shows_and_takes_configured_checks() -> None:
    """What is switched on in the model is in the specification, with the rule's parameters."""
    asked = simulator()
    names = {"checkName": "daily_row_count"}
    _, model = send(asked, "get_table_monitoring_checks_model_filter", names)
    ((check,),) = [category["checks"] for category in model["categories"]]
    assert check["configured"]
    assert 100 == check["rule"]["error"]["rule_parameters"][0]["long_value"]

    check["rule"]["error"]["configured"] = False
    check["rule"]["fatal"]["configured"] = True
    check["rule"]["fatal"]["rule_parameters"][0]["long_value"] = 7
    check["filter"] = "a > 1"
    assert 204 == send(asked, "update_table_monitoring_checks_model", body=model)[0]

    _, spec = send(asked, "get_table_daily_monitoring_checks")
    expected = {"fatal": {"min_count": 7}, "parameters": {"filter": "a > 1"}}
    assert expected == spec["volume"]["daily_row_count"]


def test_check_model_that_is_sent_back_unchanged_changes_nothing() -> None:
    """Every check of tables, columns and policies survives the way through its model."""
    asked = simulator()
    before = asked.state.snapshot()
    for name in SPECIFICATION.operations:
        if name.startswith("get_") and f"update_{name[4:]}" in SPECIFICATION.operations:
            body = send(asked, name)[1] if "_checks_model" in name else None
            if body is not None:
                assert 204 == send(asked, f"update_{name[4:]}", body=body)[0]
    assert before.catalog.tables == asked.state.catalog.tables


def test_check_lists_have_every_check_of_the_specification() -> None:
    """As many as the containers have; those that are configured are marked."""
    _, listed = send(simulator(), "get_table_monitoring_checks_basic_model")
    assert len(listed["checks"]) > 20
    assert ["daily_row_count"] == [
        each["check_name"] for each in listed["checks"] if each["configured"]
    ]


def test_labels_are_counted_with_those_below_them() -> None:
    """A label that is nested below another one counts for both."""
    _, labels = send(simulator(), "get_all_labels_for_tables")
    assert [("sales", 1, 1), ("sales/orders", 1, 0)] == [
        (each["label"], each["labels_count"], each["nested_labels_count"]) for each in labels
    ]


def test_incident_is_found_changed_and_counted() -> None:
    """Its status decides where it is listed."""
    asked = simulator()
    seen = []
    for status in ("acknowledged", "resolved", "muted", "open"):
        assert 204 == send(asked, "set_incident_status", {"status": status})[0]
        _, incident = send(asked, "get_incident")
        _, listed = send(asked, "find_recent_incidents_on_connection")
        _, stats = send(asked, "find_connection_incident_stats")
        seen.append((incident["status"], len(listed), stats[0]["openIncidents"]))
    expected = [("acknowledged", 1, 0), ("resolved", 0, 0), ("muted", 0, 0), ("open", 1, 1)]
    assert expected == seen
    send(asked, "set_incident_issue_url", {"issueUrl": "https://issues.example.com/1"})
    assert "https://issues.example.com/1" == send(asked, "get_incident")[1]["issueUrl"]


def test_issues_of_an_incident_are_its_check_results() -> None:
    """Those of its table, dimension and category since it began; but none of profiling checks."""
    asked = simulator()
    _, issues = send(asked, "get_incident_issues")
    assert [("daily_nulls_percent", 2)] * 2 == [
        (each["checkName"], each["severity"]) for each in issues
    ]
    _, histogram = send(asked, "get_incident_histogram")
    assert {"daily_nulls_percent": 2} == histogram["checks"]


def test_checks_of_an_incident_can_be_disabled() -> None:
    """The configured check of the column is switched off."""
    asked = simulator()
    send(asked, "disable_checks_for_incident")
    _, checks = send(asked, "get_column_monitoring_checks_daily")
    assert checks["nulls"]["daily_nulls_percent"]["disabled"] is True


def test_top_incidents_are_grouped_and_counted() -> None:
    """By category unless the caller says otherwise."""
    _, top = send(simulator(), "find_top_incidents_grouped")
    assert {"nulls": 1} == {name: len(each) for name, each in top["topIncidents"].items()}
    counts = top["openIncidentSeverityLevelCounts"]["errorCounts"]
    assert (1, 0, 1, "2024-05-01", "2024-04-01") == (
        counts["totalCount"],
        counts["countFromLast24h"],
        counts["countFromLast7days"],
        counts["currentMonthDate"],
        counts["previousMonthDate"],
    )


def test_results_have_readouts_errors_samples_and_an_overview() -> None:
    """All are views of the same stored results."""
    asked = simulator()
    target = "get_column_monitoring"
    (readouts,) = send(asked, f"{target}_sensor_readouts")[1]
    (errors,) = send(asked, f"{target}_errors")[1]
    (samples,) = send(asked, f"{target}_error_samples")[1]
    (overview,) = send(asked, f"{target}_checks_overview")[1]
    assert [3.5, 3.5] == [each["actualValue"] for each in readouts["sensorReadoutEntries"]]
    assert ["The sensor failed."] == [each["errorMessage"] for each in errors["errorEntries"]]
    assert ["a", 2] == [each["result"] for each in samples["errorSamplesEntries"]]
    assert ["valid", "error", "execution_error"] == overview["statuses"]
    _, file = send(asked, "get_monitoring_profiling_error_samples_download")
    assert 3 == len(file.splitlines())
    assert ",a,STRING," in file


def test_remote_tables_say_whether_they_are_imported() -> None:
    """The data source has more tables than the server knows."""
    _, tables = send(simulator(), "get_remote_data_source_tables")
    assert {"carts": True, "orders": True, "returns": False} == {
        each["tableName"]: each["alreadyImported"] for each in tables
    }


def test_lineage_goes_both_ways() -> None:
    """A source knows its targets."""
    asked = simulator()
    _, sources = send(asked, "get_table_source_tables")
    _, targets = send(asked, "get_table_target_tables", {"tableName": "carts"})
    assert [("carts", "orders")] == [
        (each["source_table"], each["target_table"]) for each in sources
    ]
    assert sources[0]["target_table"] == targets[0]["target_table"]


def test_definitions_are_shown_in_their_folders() -> None:
    """A slash in the name is a folder."""
    asked = simulator()
    send(asked, "create_rule", {"fullRuleName": "own/deep/limit"}, body={"type": "python"})
    _, tree = send(asked, "get_rule_folder_tree")
    inner = tree["folders"]["own"]["folders"]["deep"]
    assert ["own/deep/limit"] == [each["full_rule_name"] for each in inner["rules"]]
    assert {KNOWN, "own/deep/limit"} == {each["full_rule_name"] for each in tree["all_rules"]}


def test_data_domain_gets_a_technical_name() -> None:
    """Made of the one that people read; two cannot share it."""
    asked = simulator()
    _, made = send(asked, "create_data_domain", {"dataDomainName": "Marketing & Sales"})
    assert ("marketing_sales", "Marketing & Sales") == (made["domain_name"], made["display_name"])
    assert 409 == send(asked, "create_data_domain", {"dataDomainName": "marketing sales"})[0]
    assert 406 == send(asked, "create_data_domain", {"dataDomainName": "?!"})[0]
    _, domains = send(asked, "get_local_data_domains")
    assert ["(default)", KNOWN, "marketing_sales"] == [each["domain_name"] for each in domains]


@pytest.mark.parametrize(
    "body",
    [b'{"stage": "\\ud800"}', b'{"advanced_properties": {"a": 1e999}}', b'{"priority": 1e400}'],
)
def test_what_could_not_be_sent_back_is_refused(body: bytes) -> None:
    """Half characters and infinite numbers are no JSON that anybody could read."""
    asked = simulator()
    path = "/api/connections/shop/schemas/sales/tables/orders"
    request = Request("PUT", path, "", {"content-type": "application/json"}, body)
    assert 400 == asked.respond(request).response.status
    assert 200 == send(asked, "get_table")[0]


def test_seed_is_left_alone() -> None:
    """What one server changes, another one with the same seed does not see."""
    asked = simulator()
    send(asked, "update_table_labels", body=["changed"])
    assert ["sales", "sales/orders"] == send(simulator(), "get_table_labels")[1]
    assert ("sales", "sales/orders") == RICH.connections[0].tables[0].labels  # type: ignore[union-attr]


def test_statistics_are_there_once_they_are_collected() -> None:
    """Before, lists are empty; then each column of the job has some."""
    asked = simulator()
    _, before = send(asked, "get_columns_statistics")
    assert [[], []] == [each["statistics"] for each in before["column_statistics"]]
    assert [] == send(asked, "get_table_statistics")[1]["statistics"]
    filters = {"fullTableName": "sales.orders", "columnNames": ["id"]}
    send(asked, "collect_statistics_on_table", body=filters)
    _, after = send(asked, "get_columns_statistics")
    assert [4, 0] == [len(each["statistics"]) for each in after["column_statistics"]]
    assert [] == after["collect_column_statistics_job_template"]["columnNames"]
    _, table = send(asked, "get_table_statistics")
    assert ["row_count", "column_count"] == [each["collector"] for each in table["statistics"]]
    _, column = send(asked, "get_column_statistics", {"columnName": "id"})
    assert ["id"] == column["collect_column_statistics_job_template"]["columnNames"]
    assert 404 == send(asked, "get_column_statistics", {"columnName": "missing"})[0]


def test_lineage_leads_over_several_tables() -> None:
    """Sources of sources and targets of targets are in it, with the statuses of all."""
    asked = simulator()
    source = {"source_connection": "shop", "source_schema": "sales", "source_table": "orders"}
    spec = {"source_tables": [source], "columns": {}}
    assert 201 == send(asked, "create_table", {"tableName": "report"}, body=spec)[0]

    def flows(table: str, **wanted: str) -> list[str]:
        _, graph = send(asked, "get_table_data_lineage_graph", {"tableName": table, **wanted})
        return sorted(
            f"{each['source_table']['compact_key']} > {each['target_table']['compact_key']}"
            for each in graph["flows"]
        )

    both = ["shop.sales.carts > shop.sales.orders", "shop.sales.orders > shop.sales.report"]
    assert [both, both, both] == [flows(name) for name in ("carts", "orders", "report")]
    assert both[1:] == flows("orders", upstream="false")
    assert both[:1] == flows("orders", downstream="false")
    _, graph = send(asked, "get_table_data_lineage_graph", {"tableName": "report"})
    status = graph["relative_table_cumulative_quality_status"]
    assert ("error", "report") == (status["highest_historical_severity"], status["table_name"])
