"""`dqopsctl status`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import click

from ..options import MOST_MONTHS, needs_server, place_argument
from ..output import Branch, Listing, format_option, say, short_places, show_listing, show_tree
from ..running import NOT_KNOWN

if TYPE_CHECKING:
    from ...jobs.judging.status import CheckStatus
    from ..options import Place, Session

#: A table, and its status.
Told: TypeAlias = "tuple[tuple[str, str, str], Any]"

_GOOD = {"valid", None}

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
@click.option(
    "--months",
    type=click.IntRange(min=1, max=MOST_MONTHS),
    default=2,
    metavar="N",
    help="Look at the last N months, this one included.  [2]",
)
@format_option("table", "tree", "json", "csv")
@needs_server
def status(session: Session, place: Place, bad: bool, months: int, format_: str) -> int:
    """Show the current status of tables; of one table, that of its checks.

    As a tree, tables have their columns and checks that are not valid below them; one table has all
    of its checks. It is what the server says, without profiling checks; `dqopsctl judge` tells
    whether the data is good.
    """
    from ...jobs.judging.status import all_checks as checks_of

    told = _read(session, place, months)
    columns: tuple[str, ...] = _CHECK if place.is_table else _TABLE
    if place.is_table:
        rows = [_check_row(each) for _, found in told for each in checks_of(found)]
    else:
        rows = [_table_row(key, found) for key, found in told]
    if not rows:
        say("nothing was found: the names are case-sensitive, and * stands for any characters")
        return 0 if bad else NOT_KNOWN
    if format_ == "tree":
        show_tree(_branches(told, only_bad=bad, all_checks=place.is_table))
        return 0
    if bad:
        rows = [row for row in rows if row["severity"] not in _GOOD]
    if format_ == "table" and not place.is_table:
        rows = short_places(rows)
    hidden = {"connection", "schema", "executed_checks", "freshness_delay_days"}
    shown = [name for name in columns if name not in hidden]
    show_listing(Listing("status", columns, rows, shown), format_)
    return 0


def _read(session: Session, place: Place, months: int) -> list[Told]:
    """Read the status of a table, or of all tables of a place."""
    from ...client.api.check_results import get_table_data_quality_status

    def read(key: tuple[str, str, str]) -> Told:
        found = get_table_data_quality_status.sync(*key, client=session.client, months=months)
        return key, found

    if place.is_table:
        return [read(place.key)]
    from ...frames.fetching import Pool
    from ...jobs.drivers import drive
    from ...jobs.judging.selection import Selection
    from ...jobs.judging.tables import Reader, find_tables, table_key
    from ...jobs.timing import Run, Timing

    connection = "" if place.connection == "*" else place.connection
    selection = Selection(connection=connection, schema=place.schema, table=place.table)
    found = drive(
        session.client, find_tables(Reader(Run(Timing(), None), as_client=True), selection)
    )
    pool = Pool(8)
    with pool.closing():
        return list(pool.map(read, map(table_key, found)))


def _table_row(key: tuple[str, str, str], status: Any) -> dict[str, Any]:
    return {
        "connection": key[0],
        "schema": key[1],
        "table": key[2],
        "severity": status.current_severity,
        "kpi": status.data_quality_kpi,
        "executed_checks": status.executed_checks,
        "warnings": status.warnings,
        "errors": status.errors,
        "fatals": status.fatals,
        "execution_errors": status.execution_errors,
        "row_count": status.total_row_count,
        "freshness_delay_days": status.data_freshness_delay_days,
        "last_checked_at": status.last_check_executed_at,
    }


def _check_row(check: CheckStatus) -> dict[str, Any]:
    return {
        "column": check.column,
        "check": check.name,
        "severity": check.status.current_severity,
        "category": check.status.category,
        "quality_dimension": check.status.quality_dimension,
        "check_type": check.place[0],
        "time_scale": check.place[1],
        "last_checked_at": check.stored_at,
    }


def _branches(told: list[Told], *, only_bad: bool, all_checks: bool) -> list[Branch]:
    """Put connections, schemas, tables, columns and checks below each other."""
    from ...jobs.judging.status import all_checks as checks_of

    root = Branch("")
    for (connection, schema, table), found in told:
        severity = found.current_severity or None
        if only_bad and severity in _GOOD:
            continue
        branch = root.below(connection).below(schema).below(table)
        branch.severity = severity
        for check in checks_of(found):
            current = check.status.current_severity or None
            if current in _GOOD and (only_bad or not all_checks):
                continue
            parent = branch if check.column is None else branch.below(check.column)
            name = check.name if check.comparison is None else f"{check.name}/{check.comparison}"
            parent.below(name).severity = current
    for branch in root.branches:
        _give_worst(branch)
    return root.branches


def _give_worst(branch: Branch) -> None:
    """Give what has no severity of its own the worst of what is below it."""
    from ...jobs.judging.severities import rank

    for each in branch.branches:
        _give_worst(each)
    if branch.severity is None and branch.branches:
        branch.severity = max((each.severity for each in branch.branches), key=rank)
