"""Named things inside of tables and connections: groupings, comparisons, notifications, lineage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..catalog import table_view
from ..documents import part_of, with_part
from ..messages import Answer
from ..metadata_models import access, physical_name
from ..quality_status import table_status
from ..wire import compact
from .crud import Crud, inside
from .resources import CONNECTION, TABLE, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalog import TableKey
    from ..documents import Document
    from .call import Call, Handler

__all__ = ["HANDLERS"]

_NOTIFICATIONS = ("incident_grouping", "incident_notification", "filtered_notifications")
_DEFAULT_GROUPING = "default_grouping_name"


def _default_webhooks(call: Call) -> Document:
    return call.state.collections["default_webhooks"][""]


def _store_default_webhooks(call: Call, document: Document) -> None:
    call.state.collections["default_webhooks"][""] = document


DEFAULT_WEBHOOKS = Resource(_default_webhooks, _store_default_webhooks)


def _grouping_item(call: Call, name: str, _: Document) -> dict[str, Any]:
    table = TABLE.find(call) or {}
    return {
        **_table_names(call),
        "data_grouping_configuration_name": name,
        "default_data_grouping_configuration": table.get(_DEFAULT_GROUPING) == name,
        **access(call.caller, ["can_edit"]),
    }


def _grouping_model(call: Call, name: str, document: Document) -> dict[str, Any]:
    return {
        **_table_names(call),
        "data_grouping_configuration_name": name,
        "spec": document,
        **access(call.caller, ["can_edit"]),
    }


def _table_names(call: Call) -> dict[str, str]:
    connection, schema, table = call.table_key
    return {"connection_name": connection, "schema_name": schema, "table_name": table}


def _set_default_grouping(call: Call) -> Answer:
    spec = TABLE.find(call)
    name = call.parameters["dataGroupingConfigurationName"]
    if spec is None or name not in (spec.get("groupings") or {}):
        return Answer(404)
    TABLE.store(call, with_part(spec, (_DEFAULT_GROUPING,), name))
    return Answer(204)


def _get_default_grouping(call: Call) -> Answer:
    spec = TABLE.find(call)
    if spec is None:
        return Answer(404)
    name = spec.get(_DEFAULT_GROUPING)
    grouping = None if name is None else part_of(spec, ("groupings", name))
    return Answer(200) if grouping is None else Answer.of_json(200, grouping)


def _update_default_grouping(call: Call) -> Answer:
    spec = TABLE.find(call)
    if spec is None:
        return Answer(404)
    # A table that has none gets one, under a name of our own.
    name = spec.get(_DEFAULT_GROUPING) or "default"
    spec = with_part(spec, ("groupings", name), call.body)
    TABLE.store(call, with_part(spec, (_DEFAULT_GROUPING,), name))
    return Answer(204)


def _notification_model(_: Call, name: str, document: Document) -> dict[str, Any]:
    return {"name": name, **document}


def _without_name(body: Document) -> Document:
    return {name: value for name, value in body.items() if name != "name"}


def _comparison_model(call: Call, name: str, document: Document) -> dict[str, Any]:
    reference = (
        "",
        document.get("reference_table_schema_name") or "",
        document.get("reference_table_name") or "",
    )
    copied = (
        "check_type",
        "time_scale",
        "compared_table_filter",
        "reference_table_filter",
        "grouping_columns",
    )
    actions = access(call.caller, ["can_edit", "can_run_checks", "can_delete_data"])
    return compact(
        {
            "table_comparison_configuration_name": name,
            "compared_connection": call.parameters["connectionName"],
            "compared_table": physical_name(call.table_key),
            "reference_connection": document.get("reference_table_connection_name"),
            "reference_table": physical_name(reference),
            **{each: document.get(each) for each in copied},
            "can_edit": actions["can_edit"],
            "can_run_compare_checks": actions["can_run_checks"],
            "can_delete_data": actions["can_delete_data"],
        }
    )


def _comparison_document(body: Document) -> Document:
    reference = body.get("reference_table") or {}
    copied = (
        "check_type",
        "time_scale",
        "compared_table_filter",
        "reference_table_filter",
        "grouping_columns",
    )
    return compact(
        {
            "reference_table_connection_name": body.get("reference_connection"),
            "reference_table_schema_name": reference.get("schema_name"),
            "reference_table_name": reference.get("table_name"),
            **{each: body.get(each) for each in copied},
        }
    )


def _source_key(call: Call) -> TableKey:
    connection, schema, table = call.named("sourceConnection", "sourceSchema", "sourceTable")
    return (connection, schema, table)


def _key_of(source: Document) -> TableKey:
    names = (source.get(f"source_{part}") or "" for part in ("connection", "schema", "table"))
    connection, schema, table = names
    return (connection, schema, table)


def _source_list_model(call: Call, target: TableKey, source: Document) -> dict[str, Any]:
    return compact(
        {
            "target_connection": target[0],
            "target_schema": target[1],
            "target_table": target[2],
            **{name: value for name, value in source.items() if name != "columns"},
            **access(call.caller, ["can_edit"]),
            "table_data_quality_status": _status(call, _key_of(source)),
        }
    )


def _status(call: Call, key: TableKey) -> dict[str, Any] | None:
    connection = call.state.connection(key[0])
    spec = call.state.catalog.tables.get(key)
    if connection is None or spec is None:
        return None
    only = {}
    if "checkType" in call.parameters:
        types = ("profiling", "monitoring", "partitioned")
        only = {name: name == call.parameters["checkType"] for name in types}
    results = call.state.results_of(*key)
    table = table_view(key, spec)
    return table_status(connection, table, results, only, call.state.clock.now())


def _get_source_tables(call: Call) -> Answer:
    spec = TABLE.find(call)
    if spec is None:
        return Answer.of_json(404, [])
    sources = spec.get("source_tables") or []
    models = [_source_list_model(call, call.table_key, source) for source in sources]
    return Answer.of_json(200, models)


def _get_target_tables(call: Call) -> Answer:
    if TABLE.find(call) is None:
        return Answer.of_json(404, [])
    models = [
        _source_list_model(call, key, source)
        for key, spec in call.state.catalog.tables.items()
        for source in spec.get("source_tables") or []
        if _key_of(source) == call.table_key
    ]
    return Answer.of_json(200, models)


def _get_source_table(call: Call) -> Answer:
    spec = TABLE.find(call)
    if spec is None:
        return Answer(404)
    found = [each for each in spec.get("source_tables") or [] if _key_of(each) == _source_key(call)]
    return Answer.of_json(200, found[0]) if found else Answer(404)


def _change_source_table(status: int, *, exists: bool, deletes: bool = False) -> Handler:
    """Make the handler of an operation that adds, replaces or deletes a source table."""

    def handler(call: Call) -> Answer:
        spec = TABLE.find(call)
        if spec is None:
            return Answer(404)
        key = _source_key(call)
        sources = spec.get("source_tables") or []
        others = [each for each in sources if _key_of(each) != key]
        if exists != (len(others) < len(sources)):
            return Answer(404 if exists else 409)
        if not deletes:
            names = {"source_connection": key[0], "source_schema": key[1], "source_table": key[2]}
            others.append({**call.body, **names})
        TABLE.store(call, with_part(spec, ("source_tables",), others))
        return Answer(status)

    return handler


HANDLERS: Mapping[str, Handler] = {
    **Crud(
        inside(TABLE, ("groupings",)),
        "dataGroupingConfigurationName",
        model=_grouping_model,
        item=_grouping_item,
        document=lambda body: body.get("spec") or {},
        name_in_body="data_grouping_configuration_name",
    ).handlers(
        listing="get_table_grouping_configurations",
        getting="get_table_grouping_configuration",
        creating="create_table_grouping_configuration",
        updating="update_table_grouping_configuration",
        deleting="delete_table_grouping_configuration",
    ),
    "get_table_default_grouping_configuration": _get_default_grouping,
    "set_table_default_grouping_configuration": _set_default_grouping,
    "update_table_default_grouping_configuration": _update_default_grouping,
    **Crud(
        inside(CONNECTION, _NOTIFICATIONS),
        "filteredNotificationName",
        model=_notification_model,
        document=_without_name,
        name_in_body="name",
    ).handlers(
        listing="get_connection_filtered_notifications_configurations",
        getting="get_connection_filtered_notification_configuration",
        creating="create_connection_filtered_notification_configuration",
        updating="update_connection_filtered_notification_configuration",
        deleting="delete_connection_filtered_notification_configuration",
    ),
    **Crud(
        inside(DEFAULT_WEBHOOKS, ("filtered_notifications",)),
        "filteredNotificationName",
        model=_notification_model,
        document=_without_name,
        name_in_body="name",
    ).handlers(
        listing="get_default_filtered_notifications_configurations",
        getting="get_default_filtered_notification_configuration",
        creating="create_default_filtered_notification_configuration",
        updating="update_default_filtered_notification_configuration",
        deleting="delete_default_filtered_notification_configuration",
    ),
    **Crud(
        inside(TABLE, ("table_comparisons",)),
        "tableComparisonConfigurationName",
        model=_comparison_model,
        document=_comparison_document,
        name_in_body="table_comparison_configuration_name",
    ).handlers(
        listing="get_table_comparison_configurations",
        getting="get_table_comparison_configuration",
        creating="create_table_comparison_configuration",
        updating="update_table_comparison_configuration",
        deleting="delete_table_comparison_configuration",
    ),
    "create_table_source_table": _change_source_table(201, exists=False),
    "delete_table_source_table": _change_source_table(204, exists=True, deletes=True),
    "get_table_source_table": _get_source_table,
    "get_table_source_tables": _get_source_tables,
    "get_table_target_tables": _get_target_tables,
    "update_table_source_table": _change_source_table(204, exists=True),
}
