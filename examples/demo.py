"""The SDK at work: health, runs of checks, a quality gate, the status of a table.

Starts a simulated DQOps server on this machine, so nothing has to be installed or configured, and
calls it with both clients, synchronously and asynchronously. Ends with exit code 0 if everything
came back as expected, and with 1 and the reason if not. Run it with `make demo`.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import TypeVar

from dqops import jobs
from dqops.cli.main import main as dqopsctl
from dqops.client import AuthenticatedClient, Client
from dqops.client.api.check_results import (
    get_table_data_quality_status,
    get_table_monitoring_checks_results,
)
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.jobs import get_job, run_checks, wait_for_job
from dqops.client.errors import NotFound, Unauthorized, UnexpectedStatus
from dqops.client.models import (
    CheckResultsListModel,
    CheckSearchFilters,
    CheckTimeScale,
    CheckType,
    DqoJobHistoryEntryModel,
    DqoQueueJobId,
    RunChecksParameters,
    RunChecksQueueJobResult,
    RunChecksResult,
    TableCurrentDataQualityStatusModel,
)
from dqops.client.types import Unset
from dqops.jobs import aio
from dqops.testing import DqopsServer

T = TypeVar("T")

WAREHOUSE = CheckSearchFilters(connection="warehouse")
ALL_CHECKS = RunChecksParameters(check_search_filters=WAREHOUSE)
CHECKS_OF_ORDERS = RunChecksParameters(
    check_search_filters=CheckSearchFilters(
        connection="warehouse",
        full_table_name="public.orders",
        check_type=CheckType.MONITORING,
    )
)
ORDERS = ("warehouse", "public", "orders")
# In the simulated shop, a column of `orders` has too many nulls, and the e-mail addresses of
# `customers` are so bad that a check of them is fatal.
EXPECTED_SEVERITY = "fatal"
EXPECTED_SEVERITY_OF_ORDERS = "error"


class DemoFailed(Exception):  # noqa: N818 - it tells what happened to the demo
    """Something came back that was not expected."""


def main() -> int:
    """Run everything and print it.

    Returns:
        The exit code: 0 if everything was as expected.
    """
    started = time.monotonic()
    try:
        with DqopsServer(job_duration=0.2) as server:
            print(f"The DQOps SDK and a simulated server at {server.url}")
            plain = Client(server.url, raise_on_unexpected_status=True)
            authenticated = AuthenticatedClient(
                server.url, server.api_key, raise_on_unexpected_status=True
            )
            for client in (plain, authenticated):
                with client:
                    show(client)
                asyncio.run(show_asynchronously(client))
            show_errors(server.url, authenticated)
            show_command(server.url)
            calls = len(server.requests)
    except DemoFailed as failure:
        print(f"\nNot as expected: {failure}", file=sys.stderr)
        return 1
    print(f"\nAll as expected: {calls} calls in {time.monotonic() - started:.1f} seconds.")
    return 0


def show(client: Client | AuthenticatedClient) -> None:
    """Do the main job with a client, synchronously."""
    print_title(f"{type(client).__name__}, synchronous")
    print_health(is_healthy.sync(client=client))

    finished = run_checks.sync(client=client, json_body=ALL_CHECKS, wait=True, wait_timeout=30)
    print_job("run checks", finished)

    submitted = run_checks.sync(client=client, json_body=CHECKS_OF_ORDERS, wait=False)
    job_id = print_submitted(submitted)
    wait_for_job.sync(job_id, client=client, wait_timeout=30)  # its response has no result yet
    print_entry("wait for job", get_job.sync(job_id, client=client))

    print_verdict(jobs.gate(client, WAREHOUSE))
    print_status(get_table_data_quality_status.sync(*ORDERS, client=client))
    print_results(
        get_table_monitoring_checks_results.sync(
            *ORDERS, CheckTimeScale.DAILY, client=client, check_name="daily_row_count"
        )
    )


async def show_asynchronously(client: Client | AuthenticatedClient) -> None:
    """Do the main job with a client, asynchronously."""
    print_title(f"{type(client).__name__}, asynchronous")
    async with client:
        print_health(await is_healthy.asyncio(client=client))

        finished, submitted = await asyncio.gather(
            run_checks.asyncio(client=client, json_body=ALL_CHECKS, wait=True, wait_timeout=30),
            run_checks.asyncio(client=client, json_body=CHECKS_OF_ORDERS, wait=False),
        )
        print_job("run checks", finished)
        job_id = print_submitted(submitted)
        await wait_for_job.asyncio(job_id, client=client, wait_timeout=30)
        print_entry("wait for job", await get_job.asyncio(job_id, client=client))

        print_verdict(await aio.gate(client, WAREHOUSE))
        status, results = await asyncio.gather(
            get_table_data_quality_status.asyncio(*ORDERS, client=client),
            get_table_monitoring_checks_results.asyncio(
                *ORDERS, CheckTimeScale.DAILY, client=client, check_name="daily_row_count"
            ),
        )
        print_status(status)
        print_results(results)


def show_errors(url: str, client: AuthenticatedClient) -> None:
    """Show what a wrong token and an unknown table look like."""
    print_title("Errors")
    try:
        with AuthenticatedClient(url, "wrong-token", raise_on_unexpected_status=True) as stranger:
            is_healthy.sync(client=stranger)
    except Unauthorized as error:
        print_error("wrong token", error)
    else:
        raise DemoFailed("a wrong token was accepted")
    try:
        with client:
            get_table_data_quality_status.sync("warehouse", "public", "unknown", client=client)
    except NotFound as error:
        print_error("unknown table", error)
    else:
        raise DemoFailed("an unknown table was found")


def show_command(url: str) -> None:
    """Show the command: a gate with the table of what fails, and a page about the data."""
    print_title("dqopsctl run-checks warehouse")
    arguments = ["--url", url, "--quiet"]
    expect("the exit code of the gate", 1, dqopsctl(["run-checks", "warehouse", *arguments]))
    page = Path(__file__).resolve().parents[1] / "build" / "demo-report.html"
    page.parent.mkdir(exist_ok=True)
    print_title(f"dqopsctl report {page} warehouse")
    report = ["report", str(page), "warehouse", *arguments]
    expect("the exit code of the report", 0, dqopsctl(report))


def print_title(text: str) -> None:
    """Start a section."""
    print(f"\n{text}")


def print_line(label: str, text: str) -> None:
    """Print a line of a section."""
    print(f"  {label:<15}{text}")


def print_health(word: str | None) -> None:
    """Print what the health check says."""
    expect("the health", "OK", word)
    print_line("health", f"{word}")


def print_job(label: str, job: RunChecksQueueJobResult | None) -> None:
    """Print a run of checks that has ended."""
    job = present(label, job)
    expect(f"the status of {label}", "finished", job.status)
    print_result(label, number_of(job.job_id), job.result)


def print_entry(label: str, job: DqoJobHistoryEntryModel | None) -> None:
    """Print a run of checks that has ended, as it stands in the job history."""
    job = present(label, job)
    expect(f"the status of {label}", "finished", job.status)
    parameters = present("the parameters", job.parameters)
    result = present("the parameters of the run", parameters.run_checks_parameters)
    print_result(label, number_of(job.job_id), result.run_checks_result)


def print_result(label: str, number: int, result: RunChecksResult | Unset | None) -> None:
    """Print the summary of a run of checks, which counts only what has changed since the last."""
    result = present(f"the result of {label}", result)
    expect(f"whether checks ran in {label}", True, bool(result.executed_checks))
    print_line(
        label,
        f"job {number} finished: {result.executed_checks} checks; new results: "
        f"valid {result.valid_results}, warnings {result.warnings}, errors {result.errors}, "
        f"fatals {result.fatals}",
    )


def print_verdict(verdict: jobs.Verdict) -> None:
    """Print what a quality gate says: what is true of the data, whether or not it has changed."""
    expect("whether the gate passed", False, verdict.passed)
    expect("the severity of the worst check", EXPECTED_SEVERITY, verdict.failures[0].severity)
    print_line("gate", f"not passed, {len(verdict.failures)} reasons:")
    for failure in verdict.failures:
        print_line("", str(failure))


def print_submitted(job: RunChecksQueueJobResult | None) -> str:
    """Print a job that was only submitted.

    Returns:
        The id to wait for it by.
    """
    job = present("the submitted job", job)
    expect("the status of the submitted job", "queued", job.status)
    print_line("submit", f"job {number_of(job.job_id)} {job.status}")
    return str(number_of(job.job_id))


def number_of(identity: DqoQueueJobId | Unset) -> int:
    """Give the number of a job."""
    return present("the number", present("the job id", identity).job_id)


def print_status(table: TableCurrentDataQualityStatusModel | None) -> None:
    """Print the status of a table and of each of its checks."""
    table = present("the status of the table", table)
    expect("the severity of the table", EXPECTED_SEVERITY_OF_ORDERS, table.current_severity)
    last = present("the time of the last check", table.last_check_executed_at)
    print_line(
        "table status",
        f"{table.schema_name}.{table.table_name}: {table.current_severity}, "
        f"{table.total_row_count} rows, KPI {present('the KPI', table.data_quality_kpi):.1f} %, "
        f"checked {last:%Y-%m-%d %H:%M} UTC",
    )
    checks = [(name, check, "") for name, check in present("the checks", table.checks).items()]
    for column_name, column in present("the columns", table.columns).items():
        found = present("the checks of a column", column.checks)
        checks += [(name, check, f" (column {column_name})") for name, check in found.items()]
    bad = [each for each in checks if each[1].current_severity != "valid"]
    for name, check, place in bad:
        print_line("", f"{name:<32}{check.current_severity}{place}")
    print_line("", f"{len(checks) - len(bad)} other checks are valid")


def print_results(checks: list[CheckResultsListModel] | None) -> None:
    """Print the stored results of checks, newest first."""
    checks = present("the check results", checks)
    expect("the number of checks", 1, len(checks))
    for check in checks:
        for entry in present("the entries", check.check_result_entries):
            day = present("the period", entry.time_period)
            print_line(
                "check results",
                f"{check.check_name} {day:%Y-%m-%d}: value {entry.actual_value}, "
                f"severity {entry.severity}",
            )


def print_error(label: str, error: UnexpectedStatus) -> None:
    """Print an error that was expected."""
    print_line(label, f"{type(error).__name__}: {error}")


def present(what: str, value: T | Unset | None) -> T:
    """Insist on a value that a response may leave out."""
    if value is None or isinstance(value, Unset):
        raise DemoFailed(f"{what} is missing")
    return value


def expect(what: str, expected: object, actual: object) -> None:
    """Insist on a value."""
    if expected != actual:
        raise DemoFailed(f"{what} is {actual!r}, not {expected!r}")


if __name__ == "__main__":
    sys.exit(main())
