"""Asset checks for the checks of a table."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    MetadataValue,
    multi_asset_check,
)

from dqops import jobs
from dqops.client.models import CheckSearchFilters, RuleSeverityLevel
from dqops.jobs import CheckVerdict, Verdict
from dqops.jobs.gates import judge_outcome
from dqops.jobs.orchestrating import logical_key, table_page
from dqops.jobs.timing import Run, Timing

from .resource import DqopsResource

__all__ = ["configured_checks", "dqops_asset_checks"]

# Seconds for judging after a run.
_JUDGE_WITHIN = 600.0
# The check that stands for all others of the table, also those that nobody has listed.
_WHOLE_TABLE = "dqops"


def dqops_asset_checks(
    asset: Any,
    *,
    connection: str,
    full_table_name: str,
    checks: Sequence[str] = (),
    blocking: Sequence[str] | bool = (),
    check_type: str | None = None,
    time_scale: str | None = None,
    fail_at_severity: str = "error",
    criteria: Mapping[str, Any] | None = None,
    name: str | None = None,
    resource_key: str = "dqops",
    timeout: float = 3600.0,
    retry_policy: Any = None,
) -> AssetChecksDefinition:
    """Make asset checks of the checks of a table: one job runs all, each is judged by itself.

    Each result is what is true of the data now. `fatal` and `error` count as ERROR, `warning` as
    WARN. The check `dqops` stands for the whole table: it fails where the data is not good, or not
    known to be, also by checks that are not listed here.

    The business key names the run, so that a retry takes up the job that a lost process has left;
    where Dagster ends the run, the job is cancelled.

    Args:
        asset: The asset that the table is.
        connection: The connection in DQOps.
        full_table_name: Schema and table.
        checks: The names of checks; those of a column with its name and a dot before, such as
            `email.daily_nulls_percent`. `configured_checks` asks a server for them.
        blocking: Those of them that keep assets downstream from being made; True for all.
        check_type: `profiling`, `monitoring` or `partitioned`; None for all.
        time_scale: `daily` or `monthly`; None for both.
        fail_at_severity: The lowest severity with which the whole table fails.
        criteria: Further keywords of `dqops.jobs.Criteria` for the whole table.
        name: The name of the op; by default made of connection and table.
        resource_key: The key of the `DqopsResource`.
        timeout: Seconds for the job.
        retry_policy: When Dagster is to try again over technical trouble. Bad data is a result,
            and never retried.

    Returns:
        The asset checks, for `Definitions(asset_checks=[...])`.
    """
    key = AssetKey.from_coercible_or_definition(asset)
    names = {_WHOLE_TABLE: _WHOLE_TABLE, **{_check_name(each): each for each in checks}}
    blocked = set(names.values()) if blocking is True else set(blocking or ())
    page = f"{connection}: {full_table_name}"
    specs = [
        AssetCheckSpec(
            name=check,
            asset=key,
            description=f"{page}: {told}" if told != _WHOLE_TABLE else f"All checks of {page}",
            blocking=told in blocked,
        )
        for check, told in names.items()
    ]
    filters = CheckSearchFilters(
        connection=connection,
        full_table_name=full_table_name,
        **_given(check_type=check_type, time_scale=time_scale),
    )
    op_name = name or _check_name(f"dqops_{connection}_{full_table_name}")
    judging = jobs.Criteria(at_least="warning", **(criteria or {}))
    limit = RuleSeverityLevel(jobs.Criteria(at_least=fail_at_severity).at_least)

    @multi_asset_check(
        name=op_name,
        specs=specs,
        can_subset=True,
        required_resource_keys={resource_key},
        compute_kind="dqops",
        retry_policy=retry_policy,
    )
    def run_and_judge(context: AssetCheckExecutionContext) -> Iterable[AssetCheckResult]:
        resource: DqopsResource = getattr(context.resources, resource_key)
        run = context.run
        # A run that Dagster itself has retried goes on with the job of the run before.
        is_retry = "dagster/retry_number" in run.tags
        run_id = (run.root_run_id or run.run_id) if is_retry else run.run_id
        request = jobs.RUN_CHECKS.request(
            filters, business_key=logical_key("dagster", op_name, run_id)
        )
        with resource.get_client() as client:
            outcome = jobs.run(
                client, request, timeout=timeout, if_exists="attach", cancel_on_interrupt=True
            )
            context.log.info(str(outcome))
            times = Run(Timing(), _JUDGE_WITHIN)
            # Severities are exact from the one on that is asked for.
            exact = judge_outcome(client, outcome, filters, judging, times)
        verdict = replace(exact, at_least=limit)
        context.log.info(str(verdict))
        link = table_page(resource.url, connection, full_table_name)
        selected = {each.name for each in context.selected_asset_check_keys}
        results = {**_of_table(verdict, link), **_of_checks(exact, names.values(), link)}
        for check, told in names.items():
            if check in selected:
                yield AssetCheckResult(asset_key=key, check_name=check, **results[told])

    return run_and_judge


def configured_checks(
    resource: DqopsResource,
    *,
    connection: str,
    full_table_name: str,
    check_type: str | None = None,
) -> list[str]:
    """Ask a server which checks of a table have results, for `dqops_asset_checks(checks=...)`.

    Args:
        resource: The server.
        connection: The connection in DQOps.
        full_table_name: Schema and table.
        check_type: `profiling`, `monitoring` or `partitioned`; None for all.

    Returns:
        The names, sorted.
    """
    filters = CheckSearchFilters(
        connection=connection,
        full_table_name=full_table_name,
        **_given(check_type=check_type),
    )
    with resource.get_client() as client:
        verdict = jobs.judge(client, filters)
    return sorted({_dqops_name(each) for each in verdict.checks()})


def _check_name(name: str) -> str:
    """Turn a name into one that Dagster takes."""
    return re.sub(r"\W", "_", name)


def _dqops_name(check: CheckVerdict) -> str:
    return check.check if check.column is None else f"{check.column}.{check.check}"


def _of_table(verdict: Verdict, link: str) -> dict[str, dict[str, Any]]:
    """Tell what is true of the whole table."""
    metadata: dict[str, Any] = {
        "checks": sum(1 for _ in verdict.checks()),
        "failed checks": len(verdict.failed_checks),
        "table in DQOps": MetadataValue.url(link),
    }
    if verdict.outcome is not None:
        metadata["job"] = str(verdict.outcome.job_id)
        metadata["business key"] = verdict.outcome.business_key
    told = {"passed": verdict.passed, "description": str(verdict), "metadata": metadata}
    if not verdict.passed:
        told["severity"] = AssetCheckSeverity.ERROR
    return {_WHOLE_TABLE: told}


def _of_checks(verdict: Verdict, names: Iterable[str], link: str) -> dict[str, dict[str, Any]]:
    """Tell what is true of each check that is listed."""
    found = {_dqops_name(each): each for each in verdict.checks()}
    rows: dict[str, Any] = {}
    for row in verdict.failures:
        rows.setdefault(row.check if row.column is None else f"{row.column}.{row.check}", row)
    results: dict[str, dict[str, Any]] = {}
    for name in names:
        if name == _WHOLE_TABLE:
            continue
        check = found.get(name)
        if check is None:
            results[name] = {
                "passed": False,
                "severity": AssetCheckSeverity.ERROR,
                "description": "DQOps has no result of this check: it was not run, was removed or "
                "disabled, or its name is another one",
                "metadata": {"table in DQOps": MetadataValue.url(link)},
            }
            continue
        results[name] = _of_check(check, rows.get(name), link)
    return results


def _of_check(check: CheckVerdict, row: Any, link: str) -> dict[str, Any]:
    severity = "" if check.severity is None else str(check.severity)
    passed = check.execution_error is None and severity in {"valid", ""}
    metadata: dict[str, Any] = {"severity": severity or "none"}
    if check.evaluated_at is not None:
        metadata["evaluated at"] = MetadataValue.timestamp(check.evaluated_at)
    if row is not None:
        for title in ("actual_value", "expected_value", "lower_bound", "upper_bound"):
            value = getattr(row, title)
            if value is not None:
                metadata[title.replace("_", " ")] = value
        if row.data_group is not None:
            metadata["data group"] = row.data_group
        link = row.link or link
    metadata["check in DQOps"] = MetadataValue.url(link)
    told: dict[str, Any] = {"passed": passed, "description": str(check), "metadata": metadata}
    if not passed:
        is_warning = severity == "warning" and check.execution_error is None
        told["severity"] = AssetCheckSeverity.WARN if is_warning else AssetCheckSeverity.ERROR
    return told


def _given(**filters: str | None) -> dict[str, Any]:
    """Leave out the filters that are not given."""
    return {name: value for name, value in filters.items() if value}
