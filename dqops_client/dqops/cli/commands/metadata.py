"""`dqopsctl connections`, `tables` and `columns`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..options import Place, needs_server, place_argument
from ..output import Listing, format_option, show_listing, write_exact, write_json
from ..yaml_text import as_yaml

if TYPE_CHECKING:
    from ..options import Session

_CONNECTIONS = ("connection", "provider", "parallel_jobs", "can_edit")
_TABLES = (
    "connection",
    "schema",
    "table",
    "severity",
    "has_checks",
    "stage",
    "priority",
    "labels",
    "disabled",
)
_COLUMNS = (
    "connection",
    "schema",
    "table",
    "column",
    "data_type",
    "nullable",
    "severity",
    "has_checks",
    "labels",
    "disabled",
)
_PAGE = 500


@click.group()
def connections() -> None:
    """List and show connections."""


@connections.command("list")
@format_option("table", "json", "csv")
@needs_server
def list_connections(session: Session, format_: str) -> int:
    """List the connections."""
    from ...client.api.connections import get_all_connections

    rows = [
        {
            "connection": each.connection_name,
            "provider": each.provider_type,
            "parallel_jobs": each.parallel_jobs_limit,
            "can_edit": each.can_edit,
        }
        for each in get_all_connections.sync(client=session.client) or ()
    ]
    show_listing(Listing("connections list", _CONNECTIONS, rows), format_)
    return 0


@connections.command("show")
@click.argument("connection")
@format_option("yaml", "json")
@needs_server
def show_connection(session: Session, connection: str, format_: str) -> int:
    """Show the settings of a connection."""
    from ...client.api.connections import get_connection_basic

    return _show(get_connection_basic.sync(connection, client=session.client), format_)


@click.group()
def tables() -> None:
    """List and show tables."""


@tables.command("list")
@place_argument()
@click.option("--label", multiple=True, metavar="LABEL", help="Only tables with this label.")
@format_option("table", "json", "csv")
@needs_server
def list_tables(session: Session, place: Place | None, label: tuple[str, ...], format_: str) -> int:
    """List tables."""
    from ...client.api.search import find_tables

    rows = [
        {
            "connection": each.connection_name,
            "schema": each.target and each.target.schema_name,
            "table": each.target and each.target.table_name,
            "severity": each.data_quality_status and each.data_quality_status.current_severity,
            "has_checks": each.has_any_configured_checks,
            "stage": each.stage,
            "priority": each.priority,
            "labels": list(each.labels or ()),
            "disabled": bool(each.disabled),
        }
        for each in pages(session, find_tables, place, label=list(label) or None)
    ]
    show_listing(Listing("tables list", _TABLES, rows), format_)
    return 0


@tables.command("show")
@place_argument(table=True)
@format_option("yaml", "json")
@needs_server
def show_table(session: Session, place: Place, format_: str) -> int:
    """Show the specification of a table, with its checks."""
    from ...client.api.tables import get_table

    found = get_table.sync(*place.key, client=session.client)
    return _show(found and found.spec, format_)


@click.group()
def columns() -> None:
    """List columns."""


@columns.command("list")
@place_argument(required=True)
@click.option("--column", metavar="PATTERN", help="Only this column; a pattern such as '*_id'.")
@click.option("--data-type", metavar="TYPE", help="Only this type of the data source.")
@format_option("table", "json", "csv")
@needs_server
def list_columns(
    session: Session, place: Place, column: str | None, data_type: str | None, format_: str
) -> int:
    """List columns."""
    from ...client.api.search import find_columns

    rows = [
        {
            "connection": each.connection_name,
            "schema": each.table and each.table.schema_name,
            "table": each.table and each.table.table_name,
            "column": each.column_name,
            "data_type": each.type_snapshot and each.type_snapshot.column_type,
            "nullable": each.type_snapshot.nullable if each.type_snapshot else None,
            "severity": each.data_quality_status and each.data_quality_status.current_severity,
            "has_checks": each.has_any_configured_checks,
            "labels": list(each.labels or ()),
            "disabled": bool(each.disabled),
        }
        for each in pages(session, find_columns, place, column=column, column_type=data_type)
    ]
    show_listing(Listing("columns list", _COLUMNS, rows), format_)
    return 0


def pages(session: Session, operation: Any, place: Place | None, **others: Any) -> Any:
    """Read all pages of a search."""
    place = place or Place()
    page = 1
    while True:
        found = operation.sync(
            client=session.client,
            connection=place.connection or None,
            schema=place.schema or None,
            table=place.table or None,
            page=page,
            limit=_PAGE,
            **others,
        )
        yield from found or ()
        if len(found or ()) < _PAGE:
            return
        page += 1


def _show(model: Any, format_: str) -> int:
    document = model.to_dict() if model else {}
    if format_ == "json":
        write_json(document)
    else:
        write_exact(as_yaml(document).rstrip("\n"))
    return 0
