"""`dqopsctl collect`, `import-tables` and `delete-data`: the other jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..options import (
    confirm,
    day_option,
    filters_of,
    needs_server,
    place_argument,
    timeout_option,
    yes_option,
)
from ..output import format_option, many, printable, say, write, write_json
from ..running import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ..options import Place, Session

# The kinds of jobs that count what they have collected, 0 only where nothing is selected.
_STATISTICS = {"collect_statistics_on_table"}

_timeout = timeout_option("How long everything may take.")


@click.command()
@place_argument(required=True)
@click.option(
    "--column", multiple=True, metavar="NAME", help="Only this column; may be given several times."
)
@click.option("--category", metavar="NAME", help="Only this category of statistics, such as nulls.")
@click.option("--samples", is_flag=True, help="Collect rows that fail checks, not statistics.")
@_timeout
@format_option("table", "json")
@needs_server
def collect(
    session: Session,
    place: Place,
    column: tuple[str, ...],
    category: str | None,
    samples: bool,
    timeout: float,
    format_: str,
) -> int:
    """Collect statistics of tables and columns, or samples of wrong values.

    `dqopsctl profiles` lists the statistics, `dqopsctl samples` the samples.
    """
    from ...client.models import CollectErrorSamplesParameters, StatisticsCollectorSearchFilters
    from ...jobs import collect_error_samples, collect_statistics_on_table

    if samples:
        if category or len(column) > 1:
            raise click.UsageError("--samples goes with one --column at most, and no --category")
        parameters = CollectErrorSamplesParameters(
            check_search_filters=filters_of(place, column=column[0] if column else None)
        )
        return _run(session, collect_error_samples, parameters, timeout, format_, "collect")
    given: dict[str, Any] = {}
    if column:
        given["column_names"] = list(column)
    if category:
        given["collector_category"] = category
    if place.full_table_name:
        given["full_table_name"] = place.full_table_name
    filters = StatisticsCollectorSearchFilters(connection=place.connection, **given)
    return _run(session, collect_statistics_on_table, filters, timeout, format_, "collect")


@click.command("import-tables")
@place_argument(required=True)
@click.option("--dry-run", is_flag=True, help="Only list the tables that would be imported.")
@yes_option
@_timeout
@format_option("table", "json")
@needs_server
def import_tables(
    session: Session, place: Place, dry_run: bool, yes: bool, timeout: float, format_: str
) -> int:
    """Import the tables of CONNECTION.SCHEMA that are not imported yet.

    The name of a table, or a pattern of names, after the schema leaves out others.
    """
    from ...client.api.data_sources import get_remote_data_source_tables
    from ...client.models import ImportTablesQueueJobParameters
    from ...jobs import import_tables as importing
    from ...jobs.judging.selection import matches

    if not place.schema or "*" in f"{place.connection}{place.schema}":
        raise click.UsageError("name one schema: CONNECTION.SCHEMA")
    found = get_remote_data_source_tables.sync(
        place.connection, place.schema, client=session.client
    )
    there = [
        each for each in found or () if each.table_name and matches(place.table, each.table_name)
    ]
    if not there:
        say(
            f"the data source has no table {place.table or '*'!r} in the schema {place.schema!r}. "
            "Check the names"
        )
        return NOT_KNOWN
    names = [str(each.table_name) for each in there if not each.already_imported]
    if dry_run or not names:
        for name in names:
            write(printable(name))
        say(f"tables to import: {len(names)}")
        return 0
    confirm(
        f"This imports {many(len(names), 'table')} of {place.connection}.{place.schema}.", yes=yes
    )
    parameters = ImportTablesQueueJobParameters(
        connection_name=place.connection, schema_name=place.schema, table_names=names
    )
    return _run(session, importing, parameters, timeout, format_, "import-tables")


_KINDS = {
    "results": "delete_check_results",
    "readouts": "delete_sensor_readouts",
    "errors": "delete_errors",
    "samples": "delete_error_samples",
    "statistics": "delete_statistics",
    "incidents": "delete_incidents",
}


@click.command("delete-data")
@place_argument(required=True)
@click.option(
    "--what",
    multiple=True,
    required=True,
    type=click.Choice(("all", *_KINDS)),
    help="What to delete; may be given several times.",
)
@day_option("--since", "The first day.")
@day_option("--until", "The last day.")
@click.option("--column", multiple=True, metavar="NAME", help="Only of this column.")
@click.option("--check", metavar="NAME", help="Only of this check.")
@yes_option
@_timeout
@format_option("table", "json")
@needs_server
def delete_data(
    session: Session,
    place: Place,
    what: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    column: tuple[str, ...],
    check: str | None,
    yes: bool,
    timeout: float,
    format_: str,
) -> int:
    """Delete stored results of a connection or of some of its tables."""
    from ...client.models import DeleteStoredDataQueueJobParameters
    from ...jobs import delete_stored_data

    if "*" in place.connection:
        raise click.UsageError("name one connection")
    kinds = list(_KINDS) if "all" in what else list(what)
    given: dict[str, Any] = {_KINDS[kind]: True for kind in kinds}
    if place.full_table_name:
        given["full_table_name"] = place.full_table_name
    if since:
        given["date_start"] = since.date()
    if until:
        given["date_end"] = until.date()
    if column:
        given["column_names"] = list(column)
    if check:
        given["check_name"] = check
    where = place.full_table_name or "all tables"
    confirm(f"This deletes {', '.join(kinds)} of {place.connection}: {where}.", yes=yes)
    parameters = DeleteStoredDataQueueJobParameters(connection=place.connection, **given)
    return _run(session, delete_stored_data, parameters, timeout, format_, "delete-data")


def _run(
    session: Session,
    job: Callable[..., Any],
    parameters: Any,
    timeout: float,
    format_: str,
    command: str,
) -> int:
    """Run a job and say how it ended."""
    with session.progress() as progress:
        outcome = job(
            session.client,
            parameters,
            timeout=timeout,
            on_progress=progress,
            cancel_on_interrupt=True,
        )
    if format_ == "json":
        write_json(
            {
                "command": command,
                "version": 1,
                "job_id": outcome.job_id,
                "business_key": outcome.business_key,
                "status": outcome.status,
                "created_at": outcome.created_at,
                "finished_at": outcome.finished_at,
                "result": outcome.result.to_dict() if outcome.result else None,
            }
        )
    else:
        write(str(outcome))
    result = outcome.result
    if outcome.kind in _STATISTICS and result and not result.executed_statistics_collectors:
        say("nothing is selected, so that nothing was collected. Check the names")
        return NOT_KNOWN
    return 0
