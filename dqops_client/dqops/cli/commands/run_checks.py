"""`dqopsctl run-checks` and `dqopsctl judge`: gates for pipelines."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import click

from ..options import (
    MOST_MONTHS,
    OutputFile,
    filter_options,
    needs_server,
    place_argument,
    read_age,
    timeout_option,
)
from ..output import (
    Listing,
    format_option,
    say,
    short_places,
    show_listing,
    write,
    write_exact,
    write_json,
)
from ..running import NOT_GOOD, NOT_KNOWN
from ..verdicts import expected, summary

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from pathlib import Path

    from ...client.models import CheckSearchFilters
    from ...jobs import Verdict
    from ..options import Place, Session

_ALLOWED = {
    "nothing-selected": "Pass if no table or check is selected.",
    "not-evaluated": "Pass if tables have no result.",
    "execution-errors": "Pass if checks fail technically.",
    "old-results": "Pass if results are older than --max-age.",
}
_COLUMNS = ("table", "column", "check", "data_group", "actual_value", "expected", "severity")


def _gate_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what both gates have."""

    @functools.wraps(command)
    def with_criteria(
        *args: Any, fail_at: str, max_age: timedelta | None, months: int, **others: Any
    ) -> Any:
        criteria: dict[str, Any] = {"at_least": fail_at, "months": months}
        if max_age is not None:
            criteria["max_age"] = max_age
        for name in _ALLOWED:
            key = f"allow_{name.replace('-', '_')}"
            criteria[key] = others.pop(key)
        return command(*args, criteria=criteria, **others)

    for name, says in reversed(_ALLOWED.items()):
        with_criteria = click.option(f"--allow-{name}", is_flag=True, help=says)(with_criteria)
    for option in (
        click.option(
            "--output",
            "-o",
            type=OutputFile(),
            metavar="FILE",
            help="Write the JSON or junit document there, and the table to standard output.",
        ),
        format_option("table", "json", "csv", "junit", "github"),
        timeout_option("How long everything may take."),
        click.option(
            "--months",
            type=click.IntRange(min=2, max=MOST_MONTHS),
            default=2,
            metavar="N",
            help="Look at the last N months, this one included.  [2]",
        ),
        click.option(
            "--max-age",
            callback=read_age,
            metavar="HOURS",
            help="How old the latest result of a check may be: hours, or such as 30m or 7d.  "
            "[any age]",
        ),
        click.option(
            "--fail-at",
            type=click.Choice(("warning", "error", "fatal")),
            default="error",
            help="The lowest severity that is too bad.  [error]",
        ),
    ):
        with_criteria = option(with_criteria)
    return with_criteria


@click.command("run-checks")
@place_argument(required=True)
@_gate_options
@filter_options
@click.option(
    "--business-key", metavar="KEY", help="The key by which the job can be looked up.  [a new one]"
)
@click.option(
    "--if-exists",
    type=click.Choice(("fail", "attach")),
    default="fail",
    help="What to do if there is a job with this key: attach waits for it, and runs the checks "
    "again if it failed, or if the data was not good when it had ended.  [fail]",
)
@needs_server
def run_checks(
    session: Session,
    place: Place,  # noqa: ARG001  # it is in the filters
    filters: CheckSearchFilters,
    criteria: dict[str, Any],
    business_key: str | None,
    if_exists: str,
    timeout: float,
    format_: str,
    output: Path | None,
) -> int:
    """Run checks and judge the data: a gate for pipelines.

    '*' runs all checks of all connections. What counts is the state of the data after the run.

    \b
    Exit codes: 0 the data is good, 1 it is not good enough, 2 wrong usage,
    3 it is not known (no table selected, nothing evaluated, server or job
    failed), 130 interrupted (the job was cancelled).
    """  # noqa: D301  # click knows the character
    from ...jobs import JobAlreadyExists, gate

    try:
        with session.progress() as progress:
            verdict = gate(
                session.client,
                filters,
                business_key=business_key,
                if_exists="attach" if if_exists == "attach" else "raise",
                timeout=timeout,
                on_progress=progress,
                cancel_on_interrupt=True,
                **criteria,
            )
    except JobAlreadyExists:
        raise click.UsageError(
            f"there is a job with the business key {business_key!r} already; nothing was sent. "
            "Choose another key, or wait for that job with --if-exists attach"
        ) from None
    return _show(session, "run-checks", verdict, format_, output)


@click.command()
@place_argument(required=True)
@_gate_options
@filter_options
@needs_server
def judge(
    session: Session,
    place: Place,  # noqa: ARG001  # it is in the filters
    filters: CheckSearchFilters,
    criteria: dict[str, Any],
    timeout: float,
    format_: str,
    output: Path | None,
) -> int:
    """Judge the data by its latest results, without running anything.

    Give --max-age: nothing else proves that the results are not from long ago. Exit codes are those
    of `dqopsctl run-checks`.
    """
    from ...jobs import judge as judging

    with session.progress() as progress:
        verdict = judging(
            session.client, filters, timeout=timeout, on_progress=progress, **criteria
        )
    return _show(session, "judge", verdict, format_, output)


def _show(
    session: Session, command: str, verdict: Verdict, format_: str, output: Path | None
) -> int:
    """Print a verdict.

    Returns:
        The exit code.
    """
    code = exit_code(verdict)
    if format_ == "json" or (output and output.suffix == ".json"):
        document = {"command": command, "version": 1, "exit_code": code, **verdict.to_dict()}
        _deliver(document, output)
    if format_ == "junit" or (output and output.suffix == ".xml"):
        from ..junit import as_junit

        _deliver(as_junit(verdict), output)
    if format_ == "github":
        from ..github import annotate

        annotate(verdict)
    elif format_ == "csv":
        show_listing(_failures(command, verdict), "csv")
    elif format_ == "table" or output:
        if verdict.failures:
            listing = _failures(command, verdict)
            listing.rows = short_places(list(listing.rows))
            show_listing(listing, "table")
        write(summary(verdict))
    if format_ != "table" and not session.quiet:
        say(summary(verdict))
    return code


def exit_code(verdict: Verdict) -> int:
    """Tell how a gate ends.

    Args:
        verdict: What is true of the data.

    Returns:
        0 if it is good, 1 if it is bad, 3 if that is not known.
    """
    if verdict.passed:
        return 0
    return NOT_GOOD if verdict.failed_checks else NOT_KNOWN


def _failures(command: str, verdict: Verdict) -> Listing:
    rows = [
        {
            **failure.to_dict(),
            "expected": expected(failure),
            "severity": failure.severity or "execution_error",
        }
        for failure in verdict.failures
    ]
    names = ("connection", "schema", *_COLUMNS, "executed_at", "error_message", "link")
    return Listing(command, names, rows, _COLUMNS)


def _deliver(document: Any, output: Path | None) -> None:
    import json

    if output is None:
        if isinstance(document, str):
            write_exact(document.rstrip("\n"))
        else:
            write_json(document)
        return
    text = document if isinstance(document, str) else json.dumps(document, indent=2)
    output.write_text(text, encoding="utf-8")
