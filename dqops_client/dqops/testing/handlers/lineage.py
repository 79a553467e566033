"""The lineage of tables: which tables their data comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..documents import with_part
from ..http.messages import Response
from ..http.wire import compact
from .metadata_models import access, physical_name
from .resources import TABLE
from .statuses import Statuses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents import Document
    from ..results.check_results import TableKey
    from .call import Call, Handler

__all__ = ["HANDLERS"]


def _source_key(call: Call) -> TableKey:
    connection, schema, table = call.named("sourceConnection", "sourceSchema", "sourceTable")
    return (connection, schema, table)


def _key_of(source: Document) -> TableKey:
    names = (source.get(f"source_{part}") or "" for part in ("connection", "schema", "table"))
    connection, schema, table = names
    return (connection, schema, table)


def _source_list_model(
    call: Call, statuses: Statuses, target: TableKey, source: Document
) -> dict[str, Any]:
    return compact(
        {
            "target_connection": target[0],
            "target_schema": target[1],
            "target_table": target[2],
            **{name: value for name, value in source.items() if name != "columns"},
            **access(call.caller, ["can_edit"]),
            "table_data_quality_status": statuses.of_table(_key_of(source)),
        }
    )


def _get_source_tables(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response.of_json(404, [])
    sources = spec.get("source_tables") or []
    statuses = Statuses(call)
    models = [_source_list_model(call, statuses, call.table_key, source) for source in sources]
    return Response.of_json(200, models)


def _get_target_tables(call: Call) -> Response:
    if TABLE.find(call) is None:
        return Response.of_json(404, [])
    statuses = Statuses(call)
    models = [
        _source_list_model(call, statuses, key, source)
        for key, spec in call.state.catalog.tables.items()
        for source in spec.get("source_tables") or []
        if _key_of(source) == call.table_key
    ]
    return Response.of_json(200, models)


def _get_source_table(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response(404)
    found = [each for each in spec.get("source_tables") or [] if _key_of(each) == _source_key(call)]
    return Response.of_json(200, found[0]) if found else Response(404)


def _change_source_table(status: int, *, exists: bool, deletes: bool = False) -> Handler:
    """Make the handler of an operation that adds, replaces or deletes a source table."""

    def handler(call: Call) -> Response:
        spec = TABLE.find(call)
        if spec is None:
            return Response(404)
        key = _source_key(call)
        sources = spec.get("source_tables") or []
        others = [each for each in sources if _key_of(each) != key]
        is_there = len(others) < len(sources)
        if exists and not is_there:
            return Response(404)
        if not deletes:
            names = {"source_connection": key[0], "source_schema": key[1], "source_table": key[2]}
            if any(call.body.get(name) != value for name, value in names.items()):
                return Response(406)
            others.append(call.body)
        if is_there and not exists:
            return Response(409)
        TABLE.store(call, with_part(spec, ("source_tables",), others))
        return Response(status)

    return handler


def _get_lineage_graph(call: Call) -> Response:
    if TABLE.find(call) is None:
        return Response(404)
    statuses = Statuses(call)
    flows = []
    if call.parameters.get("upstream", True):
        flows += _flows(call, call.table_key, upstream=True)
    if call.parameters.get("downstream", True):
        flows += _flows(call, call.table_key, upstream=False)
    model = {
        "relative_table": _key_model(call, call.table_key),
        "relative_table_cumulative_quality_status": statuses.whole(
            call.table_key, {source for source, target in flows if target != source}
        ),
        "flows": [
            compact(
                {
                    "source_table": _key_model(call, source),
                    "target_table": _key_model(call, target),
                    "source_table_quality_status": statuses.of_table(source),
                    "target_table_quality_status": statuses.of_table(target),
                    "upstream_combined_quality_status": statuses.of_table(source),
                    "row_count": (statuses.of_table(source) or {}).get("total_row_count", 0),
                }
            )
            for source, target in dict.fromkeys(flows)
        ],
        "data_lineage_fully_loaded": True,
    }
    return Response.of_json(200, model)


def _flows(call: Call, start: TableKey, *, upstream: bool) -> list[tuple[TableKey, TableKey]]:
    """Find the flows that lead to a table, or from it, over any number of tables."""
    edges = [
        (_key_of(source), key)
        for key, spec in call.state.catalog.tables.items()
        for source in spec.get("source_tables") or []
    ]
    near, far = (1, 0) if upstream else (0, 1)
    found: dict[tuple[TableKey, TableKey], None] = {}
    waiting = [start]
    while waiting:
        table = waiting.pop()
        for edge in edges:
            if edge[near] == table and edge not in found:
                found[edge] = None
                waiting.append(edge[far])
    return list(found)


def _key_model(call: Call, key: TableKey) -> dict[str, Any]:
    return {
        "data_domain": call.state.name,
        "connection_name": key[0],
        "physical_table_name": physical_name(key),
        "compact_key": ".".join(key),
    }


HANDLERS: Mapping[str, Handler] = {
    "create_table_source_table": _change_source_table(201, exists=False),
    "delete_table_source_table": _change_source_table(204, exists=True, deletes=True),
    "get_table_data_lineage_graph": _get_lineage_graph,
    "get_table_source_table": _get_source_table,
    "get_table_source_tables": _get_source_tables,
    "get_table_target_tables": _get_target_tables,
    "update_table_source_table": _change_source_table(204, exists=True),
}
