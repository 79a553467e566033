"""The commands that list what `dqops.frames` reads: `dqopsctl results` and others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from ..options import (
    MOST_DAYS,
    OutputFile,
    day_option,
    filter_options,
    needs_server,
    place_argument,
)
from ..output import Listing, format_option, say, short_places, show_listing

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ...client.models import CheckSearchFilters
    from ...frames import FrameName
    from ..options import Place, Session

_SHOWN = {
    "check_results": (
        "table", "column", "check", "data_group", "time_period", "actual_value", "severity",
        "executed_at",
    ),
    "sensor_readouts": ("table", "column", "check", "data_group", "time_period", "actual_value"),
    "errors": ("table", "column", "check", "executed_at", "message"),
    "error_samples": ("table", "column", "check", "data_group", "value", "collected_at"),
    "incidents": (
        "table", "check", "category", "severity", "status", "failed_checks", "first_seen",
        "last_seen", "incident_id",
    ),
    "column_profiles": (
        "table", "column", "data_type", "nulls_percent", "distinct_count", "min_value",
        "max_value", "mean_value", "collected_at",
    ),
}  # fmt: skip


def _command(name: str, frame: FrameName, says: str) -> click.Command:
    """Make the command that lists a table of `dqops.frames`."""

    @click.command(name, help=says)
    @place_argument()
    @filter_options
    @day_option("--since", "The first day.")
    @day_option("--until", "The last day.")
    @click.option(
        "--days",
        type=click.IntRange(min=1, max=MOST_DAYS),
        metavar="N",
        help="The last N days, today included.",
    )
    @click.option("--limit", type=click.IntRange(min=1), metavar="N", help="N rows at most.")
    @format_option("table", "json", "csv", "parquet")
    @click.option(
        "--output",
        "-o",
        type=OutputFile(),
        metavar="FILE",
        help="Where to write; needed for parquet.",
    )
    @needs_server
    def command(
        session: Session,
        place: Place | None,  # noqa: ARG001  # it is in the filters
        filters: CheckSearchFilters,
        since: datetime | None,
        until: datetime | None,
        days: int | None,
        limit: int | None,
        format_: str,
        output: Path | None,
    ) -> int:
        if (format_ == "parquet") != (output is not None):
            raise click.UsageError("--output FILE is needed for --format parquet, and only for it")
        if days is not None and since is not None:
            raise click.UsageError("give --since or --days")
        from ...frames import stream

        first = None if since is None else since.date()
        if days is not None:
            first = date.today() - timedelta(days=days - 1)
        with stream(
            session.client,
            frame,
            filters,
            since=first,
            until=None if until is None else until.date(),
        ) as reader:
            if output is not None:
                count = _write_parquet(reader, output, limit)
                if not session.quiet:
                    say(f"rows written to {output}: {count}")
                return 0
            _show(name, frame, reader, limit, format_)
        return 0

    return command


def _write_parquet(reader: Any, output: Path, limit: int | None) -> int:
    from pyarrow.parquet import ParquetWriter

    count = 0
    with ParquetWriter(output, reader.schema) as file:
        for batch in _limited(reader, limit):
            file.write_batch(batch)
            count += batch.num_rows
    return count


def _limited(reader: Any, limit: int | None) -> Any:
    left = limit
    for batch in reader:
        part = batch if left is None else batch.slice(0, left)
        yield part
        if left is not None:
            left -= part.num_rows
            if left <= 0:
                return


def _show(name: str, frame: FrameName, reader: Any, limit: int | None, format_: str) -> None:
    columns = reader.schema.names
    batches = _limited(reader, limit)
    if format_ == "csv":
        _stream_csv(reader.schema, batches)
        return
    rows = [row for batch in batches for row in batch.to_pylist()]
    if format_ == "table":
        rows = short_places(rows)
    show_listing(Listing(name, columns, rows, _SHOWN[frame]), format_)


def _stream_csv(schema: Any, batches: Any) -> None:
    """Write as many rows as there are, without keeping them."""
    import csv
    import sys

    from ..output import exact_output, keep_quiet, plain

    exact_output()
    out = csv.writer(sys.stdout, lineterminator="\n")
    try:
        out.writerow(schema.names)
        for batch in batches:
            columns = [column.to_pylist() for column in batch.columns]
            out.writerows([plain(value) for value in row] for row in zip(*columns, strict=True))
    except BrokenPipeError:
        keep_quiet(sys.stdout)


_PLACE = (
    "Days are those of the periods that they are about: by default this month and the one before."
)

results = _command("results", "check_results", f"List the results of checks.\n\n{_PLACE}")
readouts = _command("readouts", "sensor_readouts", f"List what checks have measured.\n\n{_PLACE}")
errors = _command("errors", "errors", f"List why checks failed technically.\n\n{_PLACE}")
samples = _command("samples", "error_samples", "List samples of wrong values.")
incidents = _command(
    "incidents", "incidents", "List incidents of the months from --since on, of whatever state."
)
profiles = _command("profiles", "column_profiles", "List the statistics of columns.")
