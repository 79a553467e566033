"""The data quality status of a table, and the outcome of a run of its checks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..http.wire import compact, instant
from ..zones import instant_of, local_time, months_between
from .check_results import EXECUTION_ERROR, SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import tzinfo

    from .check_results import CheckResult, TableKey

__all__ = [
    "TableStatus",
    "run_checks_result",
    "status_filter",
    "sum_of_runs",
    "table_list_status",
]

_COUNTS = ("valid_results", "warnings", "errors", "fatals", "execution_errors")
# Which check types count if the caller does not say.
_TYPES_BY_DEFAULT = {"profiling": False, "monitoring": True, "partitioned": True}
_ROW_COUNTS = (
    "daily_row_count",
    "daily_row_count_anomaly",
    "profile_row_count",
    "profile_row_count_anomaly",
)
_FRESHNESS = (
    "daily_data_freshness",
    "daily_data_freshness_anomaly",
    "profile_data_freshness",
    "profile_data_freshness_anomaly",
)
# What lists of tables look back to, the current month included.
_MONTHS_IN_LISTS = 2


def status_filter(
    parameters: Mapping[str, Any], now: datetime, zone: tzinfo
) -> Callable[[CheckResult], bool]:
    """Tell which results count for the status of a table.

    Args:
        parameters: The query parameters. `months` counts calendar months, the current one included;
            1 by default, but all since `since`.
        now: The time (UTC).
        zone: The configured time zone.

    Returns:
        Whether a result counts.
    """
    local_now = local_time(now, zone)
    months = parameters.get("months", 1)
    since = None
    if "since" in parameters:
        local_since = _local(parameters["since"])
        since = instant_of(local_since, zone)
        months = max(months, months_between(local_since, local_now) + 1)
    category, _, comparison = parameters.get("category", "").partition("/")
    compared: dict[str, Callable[[CheckResult], str | None]] = {
        "checkTimeScale": lambda result: result.time_scale or "monthly",
        "dataGroup": lambda result: result.data_group,
        "checkName": lambda result: result.check_name,
        "tableComparison": lambda result: result.table_comparison,
        "qualityDimension": lambda result: result.quality_dimension,
    }
    wanted = [(read, parameters[name]) for name, read in compared.items() if parameters.get(name)]
    if category:
        wanted.append((lambda result: result.category, category))
    if comparison:
        wanted.append((lambda result: result.table_comparison, comparison))

    def counts(result: CheckResult) -> bool:
        kind = result.check_type
        return (
            parameters.get(kind, _TYPES_BY_DEFAULT[kind])
            and 0 <= months_between(result.period, local_now) < months
            and (since is None or result.executed_at >= since)
            and all(read(result) == value for read, value in wanted)
        )

    return counts


@dataclass
class _Summary:
    """What statuses of tables, columns and dimensions have in common.

    Attributes:
        current: The highest current severity of checks; None if none has been rated.
        highest: The highest severity that there has been.
        last: When the newest result was stored.
        counts: How many results there are of each severity.
    """

    current: int | None = None
    highest: int | None = None
    last: datetime | None = None
    counts: Counter[int] = field(default_factory=Counter)

    def add_check(self, check: CheckStatus, counted: Mapping[int, int]) -> None:
        """Take a check into account.

        Args:
            check: The check.
            counted: What to count for it, by severity.
        """
        self.current = _worse(self.current, check.current)
        self.highest = _worse(self.highest, check.highest)
        self.last = check.last if self.last is None else max(self.last, check.last)
        self.counts.update(counted)

    def model(self) -> dict[str, Any]:
        """Give the properties; what is not known is left out."""
        rated = sum(self.counts[severity] for severity in range(EXECUTION_ERROR))
        passed = self.counts[0] + self.counts[1]  # a warning is no failure for the KPI
        return compact(
            {
                **_severities(self.current, self.highest),
                "last_check_executed_at": None if self.last is None else instant(self.last),
                **_counted(self.counts),
                "data_quality_kpi": 100.0 * passed / rated if rated else None,
            }
        )


@dataclass
class CheckStatus:
    """The status of one check.

    Attributes:
        first: The result that says what check it is.
        current: The highest severity of the results that were stored last, all at the same time.
        highest: The highest severity that there has been; None for execution errors alone.
        last: When the newest results were stored.
        counts: How many results there are of each severity.
    """

    first: CheckResult
    current: int
    highest: int | None
    last: datetime
    counts: Counter[int]

    @classmethod
    def of(cls, results: list[CheckResult]) -> CheckStatus:
        """Summarize the results of a check.

        Args:
            results: The results, at least one.

        Returns:
            The status.
        """
        last = max(result.executed_at for result in results)
        rated = [result.severity for result in results if not result.is_execution_error]
        return cls(
            results[0],
            max(result.severity for result in results if result.executed_at == last),
            max(rated, default=None),
            last,
            Counter(result.severity for result in results),
        )

    def model(self) -> dict[str, Any]:
        """Give the status (`CheckCurrentDataQualityStatusModel`)."""
        return compact(
            {
                **_severities(self.current, self.highest),
                "last_executed_at": instant(self.last),
                "column_name": self.first.column,
                "check_type": self.first.check_type,
                "time_scale": self.first.time_scale or "monthly",
                "category": self.first.category,
                "quality_dimension": self.first.quality_dimension,
                **_counted(self.counts),
            }
        )


class TableStatus:
    """The status of a table.

    Args:
        results: The results and execution errors that count.
    """

    def __init__(self, results: Iterable[CheckResult]) -> None:
        self._results = list(results)
        by_check: dict[tuple[str | None, str], list[CheckResult]] = {}
        for result in self._results:
            by_check.setdefault((result.column, _name_of(result)), []).append(result)
        self.checks: dict[str, CheckStatus] = {}
        self.columns: dict[str, dict[str, CheckStatus]] = {}
        for (column, name), group in by_check.items():
            checks = self.checks if column is None else self.columns.setdefault(column, {})
            checks[name] = CheckStatus.of(group)

    def model(self, key: TableKey, domain: str) -> dict[str, Any]:
        """Give the status (`TableCurrentDataQualityStatusModel`).

        Args:
            key: The table's names.
            domain: The name of its data domain.

        Returns:
            The JSON object.
        """
        return compact(
            {
                **self._head(key, domain),
                **self._summary().model(),
                "checks": _models(self.checks),
                "columns": {
                    name: {
                        **_summary_of(checks).model(),
                        "checks": _models(checks),
                        "dimensions": _dimensions(checks),
                    }
                    for name, checks in self.columns.items()
                },
                "dimensions": self._dimensions(),
                "table_exist": True,
            }
        )

    def list_model(self, key: TableKey, domain: str) -> dict[str, Any]:
        """Give the status without checks and columns, as lists of tables show it.

        Args:
            key: The table's names.
            domain: The name of its data domain.

        Returns:
            The JSON object. Its time is that of the table's own checks.
        """
        summary = self._summary()
        summary.last = _summary_of(self.checks).last
        return compact(
            {
                **self._head(key, domain),
                **summary.model(),
                "dimensions": self._dimensions(),
                "table_exist": True,
            }
        )

    def column_model(self, name: str) -> dict[str, Any]:
        """Give the status of a column, as lists of columns show it.

        Args:
            name: The column's name.

        Returns:
            The JSON object; without results it has an empty map of checks.
        """
        checks = self.columns.get(name, {})
        model = {**_summary_of(checks).model(), "dimensions": _dimensions(checks)}
        return model if checks else {**model, "checks": {}}

    def _head(self, key: TableKey, domain: str) -> dict[str, Any]:
        connection, schema, table = key
        rows = self._newest(_ROW_COUNTS)
        delays = self._newest(_FRESHNESS)
        return {
            "data_domain": domain,
            "connection_name": connection,
            "schema_name": schema,
            "table_name": table,
            "total_row_count": int(sum(rows)) if rows else None,
            "data_freshness_delay_days": min(delays, default=None),
        }

    def _newest(self, names: tuple[str, ...]) -> list[float]:
        """Find what the first of some checks has measured last: a value of each data group."""
        for name in names:
            found = [
                (result.executed_at, result.actual_value)
                for result in self._results
                if result.check_name == name
                and result.column is None
                and result.actual_value is not None
            ]
            newest = max((moment for moment, _ in found), default=None)
            if found:
                return [value for moment, value in found if moment == newest]
        return []

    def _summary(self) -> _Summary:
        return _summary_of(self.checks, *self.columns.values())

    def _dimensions(self) -> dict[str, Any]:
        return _dimensions(*self.columns.values(), self.checks)


def table_list_status(
    results: Iterable[CheckResult],
    check_type: str | None,
    now: datetime,
    zone: tzinfo,
) -> TableStatus:
    """Find the status of a table as lists of tables and columns show it.

    Args:
        results: The results and execution errors of the table.
        check_type: The only type of checks that counts; None for those that count by default.
        now: The time (UTC).
        zone: The configured time zone.

    Returns:
        The status.
    """
    parameters: dict[str, Any] = {"months": _MONTHS_IN_LISTS}
    if check_type is not None:
        parameters |= {kind: kind == check_type for kind in _TYPES_BY_DEFAULT}
    return TableStatus(filter(status_filter(parameters, now, zone), results))


def run_checks_result(executed: int, results: Iterable[CheckResult]) -> dict[str, Any]:
    """Say what a run of checks finds (`RunChecksResult`).

    Args:
        executed: How many checks it executes.
        results: The results that are new, and the execution errors.

    Returns:
        The JSON object. A warning counts as valid as well.
    """
    severities = [result.severity for result in results]
    counts = Counter(severities)
    return {
        "highest_severity": _highest(severities),
        "executed_checks": executed,
        "valid_results": counts[0] + counts[1],
        **{name: counts[severity] for severity, name in enumerate(_COUNTS) if severity},
    }


def sum_of_runs(runs: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Add up the outcomes of runs on several tables.

    Args:
        runs: `RunChecksResult` objects.

    Returns:
        One `RunChecksResult` for all.
    """
    parts = list(runs)
    severities = (SEVERITIES.index(part["highest_severity"]) for part in parts)
    return {
        "highest_severity": _highest(severities),
        **{name: sum(part[name] for part in parts) for name in ("executed_checks", *_COUNTS)},
    }


def _highest(severities: Iterable[int]) -> str:
    """Name the highest severity; nothing at all is valid, and execution errors are none."""
    return SEVERITIES[max((each for each in severities if each != EXECUTION_ERROR), default=0)]


def _local(text: str) -> datetime:
    """Read a local time; an offset is dropped, as the server does."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _name_of(result: CheckResult) -> str:
    """Name the check of a result as statuses do."""
    if result.table_comparison is None:
        return result.check_name
    return f"{result.check_name}/{result.table_comparison}"


def _worse(known: int | None, severity: int | None) -> int | None:
    """Choose the higher severity; an execution error is none."""
    if severity is None or severity == EXECUTION_ERROR:
        return known
    return severity if known is None else max(known, severity)


def _severities(current: int | None, highest: int | None) -> dict[str, str | None]:
    return {
        "current_severity": None if current is None else SEVERITIES[current],
        "highest_historical_severity": None if highest is None else SEVERITIES[highest],
    }


def _counted(counts: Mapping[int, int]) -> dict[str, int]:
    return {
        "executed_checks": sum(counts.values()),
        **{name: counts[severity] for severity, name in enumerate(_COUNTS)},
    }


def _summary_of(*groups: Mapping[str, CheckStatus]) -> _Summary:
    summary = _Summary()
    for checks in groups:
        for check in checks.values():
            summary.add_check(check, check.counts)
    return summary


def _models(checks: Mapping[str, CheckStatus]) -> dict[str, Any]:
    return {name: check.model() for name, check in checks.items()}


def _dimensions(*groups: Mapping[str, CheckStatus]) -> dict[str, Any]:
    """Summarize checks by their dimensions; each check counts once, as it is now."""
    summaries: dict[str, _Summary] = {}
    for checks in groups:
        for check in checks.values():
            summary = summaries.setdefault(check.first.quality_dimension, _Summary())
            summary.add_check(check, {check.current: 1})
    return {name: {"dimension": name, **each.model()} for name, each in summaries.items()}
