"""`dqopsctl status`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from ..options import needs_server, place_argument
from ..output import Listing, format_option, say, show_listing
from ..running import NOT_KNOWN

if TYPE_CHECKING:
    from ..options import Place, Session

_TABLE = (
    "connection",
    "schema",
    "table",
    "severity",
    "kpi",
    "executed_checks",
    "warnings",
    "errors",
    "fatals",
    "execution_errors",
    "row_count",
    "freshness_delay_days",
    "last_checked_at",
)
_CHECK = (
    "column",
    "check",
    "severity",
    "category",
    "quality_dimension",
    "check_type",
    "time_scale",
    "last_checked_at",
)


@click.command()
@place_argument(required=True)
@click.option("--bad", is_flag=True, help="Only what is not valid.")
@click.option("--months", type=click.IntRange(min=1), default=2, help="Months to look at.  [2]")
@format_option("table", "json", "csv")
@needs_server
def status(session: Session, place: Place, bad: bool, months: int, format_: str) -> int:
    """Show the current status of tables; of one table, that of its checks.

    It is what the server says; `dqopsctl judge` tells whether the data is good.
    """
    columns: tuple[str, ...] = _CHECK if place.is_table else _TABLE
    read = _checks if place.is_table else _tables
    rows = read(session, place, months)
    if not rows:
        say("nothing was found: the names are case-sensitive, and * stands for any characters")
    if bad:
        rows = [row for row in rows if row["severity"] not in {"valid", None}]
    hidden = {"executed_checks", "freshness_delay_days"}
    if len({row.get("connection") for row in rows}) == 1:
        hidden.add("connection")
    shown = [
        name
        for name in columns
        if name not in hidden and any(row.get(name) not in {None, ""} for row in rows)
    ]
    show_listing(Listing("status", columns, rows, shown), format_)
    return 0 if rows or bad else NOT_KNOWN


def _tables(session: Session, place: Place, months: int) -> list[dict[str, Any]]:
    from ...frames.fetching import Pool
    from ...jobs.drivers import drive
    from ...jobs.judging.selection import Selection
    from ...jobs.judging.tables import Reader, find_tables, table_key
    from ...jobs.timing import Run, Timing

    connection = "" if place.connection == "*" else place.connection
    selection = Selection(connection=connection, schema=place.schema, table=place.table)
    found = drive(session.client, find_tables(Reader(Run(Timing(), None)), selection))
    pool = Pool(8)
    with pool.closing():
        read = partial(_status, session, months)
        return list(pool.map(read, map(table_key, found)))


def _status(session: Session, months: int, key: tuple[str, str, str]) -> dict[str, Any]:
    told = _read(session, key, months)
    return {
        "connection": key[0],
        "schema": key[1],
        "table": key[2],
        "severity": told.current_severity,
        "kpi": told.data_quality_kpi,
        "executed_checks": told.executed_checks,
        "warnings": told.warnings,
        "errors": told.errors,
        "fatals": told.fatals,
        "execution_errors": told.execution_errors,
        "row_count": told.total_row_count,
        "freshness_delay_days": told.data_freshness_delay_days,
        "last_checked_at": told.last_check_executed_at,
    }


def _checks(session: Session, place: Place, months: int) -> list[dict[str, Any]]:
    from ...jobs.judging.status import all_checks

    return [
        {
            "column": each.column,
            "check": each.name,
            "severity": each.status.current_severity,
            "category": each.status.category,
            "quality_dimension": each.status.quality_dimension,
            "check_type": each.place[0],
            "time_scale": each.place[1],
            "last_checked_at": each.stored_at,
        }
        for each in all_checks(_read(session, place.key, months))
    ]


def _read(session: Session, key: tuple[str, str, str], months: int) -> Any:
    from ...client.api.check_results import get_table_data_quality_status

    return get_table_data_quality_status.sync(*key, client=session.client, months=months)
