"""What results say: severities by table and day, histories of checks, KPIs."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

__all__ = [
    "BOUNDS",
    "SEVERITIES",
    "Check",
    "History",
    "histories",
    "issues_by_day",
    "kpi",
    "kpis_by_dimension",
    "rank",
    "worst_by_day",
]

#: From harmless to bad.
SEVERITIES = ("valid", "warning", "error", "fatal", "execution_error", "unknown")
#: The bounds of a result, the mildest first.
BOUNDS = tuple(
    f"{severity}_{side}_bound"
    for severity in ("warning", "error", "fatal")
    for side in ("lower", "upper")
)
_PASSED = {"valid", "warning"}
_COUNTED = {"valid", "warning", "error", "fatal"}


@dataclass(frozen=True, order=True)
class Check:
    """A check of a table or column, and the data group.

    Attributes:
        table: Connection, schema and table, with dots between them.
        column: The column; empty for a check of the table.
        check: The name of the check.
        data_group: The data group; empty if the data is not grouped.
    """

    table: str
    column: str
    check: str
    data_group: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Check:
        """Tell which check a result is of."""
        group = row["data_group"] or ""
        # What the server says where there are no groups.
        group = "" if group in {"all data", "no grouping"} else group
        return cls(table_of(row), row["column"] or "", row["check"] or "", group)

    def __str__(self) -> str:
        parts = (self.column, self.check, self.data_group and f"({self.data_group})")
        return " ".join(part for part in parts if part)


@dataclass
class History:
    """The results of a check, oldest first.

    Attributes:
        check: The check.
        rows: Its results.
    """

    check: Check
    rows: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def latest(self) -> Mapping[str, Any]:
        """The newest result."""
        return self.rows[-1]


def table_of(row: Mapping[str, Any]) -> str:
    """Name the table of a row."""
    return f"{row['connection']}.{row['schema']}.{row['table']}"


def rank(severity: str | None) -> int:
    """Tell how bad a severity is; -1 for none."""
    return -1 if severity is None else SEVERITIES.index(severity)


def moment_of(row: Mapping[str, Any]) -> datetime | None:
    """Tell what time a result is about, without a time zone."""
    if row["time_period"] is not None:
        period: datetime = row["time_period"]
        return period
    executed: datetime | None = row["executed_at"]
    return None if executed is None else executed.replace(tzinfo=None)


def worst_by_day(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[date, str]]:
    """Find the worst severity of each table and day.

    Args:
        rows: Results.

    Returns:
        Severities by table and day; the tables in order.
    """
    found: dict[str, dict[date, str]] = defaultdict(dict)
    for row in rows:
        moment, severity = moment_of(row), row["severity"]
        if moment is None or severity is None:
            continue
        days = found[table_of(row)]
        if rank(severity) > rank(days.get(moment.date())):
            days[moment.date()] = severity
    return dict(sorted(found.items()))


def issues_by_day(rows: Iterable[Mapping[str, Any]]) -> dict[date, Counter[str]]:
    """Count the results of each day that are not valid, by severity."""
    found: dict[date, Counter[str]] = defaultdict(Counter)
    for row in rows:
        moment = moment_of(row)
        if moment is not None and rank(row["severity"]) > 0:
            found[moment.date()][row["severity"]] += 1
    return dict(sorted(found.items()))


def histories(rows: Iterable[Mapping[str, Any]]) -> list[History]:
    """Put the results of each check together.

    Args:
        rows: Results.

    Returns:
        The histories in the order of the checks; results without a time are left out.
    """
    found: dict[Check, History] = {}
    for row in rows:
        if moment_of(row) is not None:
            check = Check.of(row)
            found.setdefault(check, History(check)).rows.append(row)
    for history in found.values():
        history.rows.sort(key=lambda row: str(moment_of(row)))
    return [found[check] for check in sorted(found)]


def kpi(rows: Iterable[Mapping[str, Any]]) -> float | None:
    """Tell how many percent of the results passed, warnings included.

    Results that the server leaves out of KPIs, and checks that failed technically, do not count.
    """
    counted = [row for row in rows if row["include_in_kpi"] and row["severity"] in _COUNTED]
    if not counted:
        return None
    return 100 * sum(row["severity"] in _PASSED for row in counted) / len(counted)


def kpis_by_dimension(rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[float, int]]:
    """Tell the KPI of each quality dimension, and of how many results it is; the worst first."""
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["quality_dimension"] or "none"].append(row)
    found = {
        name: (value, len(group))
        for name, group in groups.items()
        if (value := kpi(group)) is not None
    }
    return dict(sorted(found.items(), key=lambda item: (item[1][0], item[0])))
