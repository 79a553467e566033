"""`dqopsctl report`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..options import MOST_DAYS, OutputFile, filter_options, needs_server, place_argument
from ..output import say

if TYPE_CHECKING:
    from pathlib import Path

    from ...client.models import CheckSearchFilters
    from ..options import Place, Session


@click.command()
@click.argument("output", type=OutputFile())
@place_argument()
@filter_options
@click.option(
    "--days",
    type=click.IntRange(min=1, max=MOST_DAYS),
    default=30,
    metavar="N",
    help="The last N days, today included.  [30]",
)
@click.option("--title", metavar="TEXT", help="The title of the page.")
@needs_server
def report(
    session: Session,
    output: Path,
    place: Place | None,  # noqa: ARG001  # it is in the filters
    filters: CheckSearchFilters,
    days: int,
    title: str | None,
) -> int:
    """Write a page about the data to OUTPUT, for people: one HTML file without scripts."""
    from ...reports import write_report

    findings = write_report(session.client, output, filters, days=days, title=title)
    if not session.quiet:
        say(f"{output}: {len(findings.results)} results, {len(findings.incidents)} incidents")
    return 0
