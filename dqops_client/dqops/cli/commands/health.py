"""`dqopsctl health`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..options import needs_server
from ..output import format_option, write, write_json
from ..running import NOT_KNOWN

if TYPE_CHECKING:
    from ..options import Session


@click.command()
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="SECONDS",
    help="Ask again until it is up, for at most this long.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=5.0,
    metavar="SECONDS",
    help="How long one response may take.  [5]",
)
@format_option("table", "json")
@needs_server
def health(session: Session, wait: float, timeout: float, format_: str) -> int:
    """Tell whether the server is up: exit code 0 if it is, 3 if not."""
    from ...health import NotHealthyInTime, check, wait_until_healthy

    if wait:
        try:
            (report,) = wait_until_healthy(session.client, timeout=wait)
        except NotHealthyInTime as error:
            (report,) = error.reports
    else:
        report = check(session.client, timeout=timeout)
    if format_ == "json":
        write_json({"command": "health", "version": 1, **report.to_dict()})
    else:
        write(str(report))
    return 0 if report.healthy else NOT_KNOWN
