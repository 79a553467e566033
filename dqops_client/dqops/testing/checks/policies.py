"""Quality policies: which checks they bring to tables and columns, and those of a new server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..documents import part_of
from ..patterns import matches
from .active import checks_of
from .column_types import data_type_category

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..documents import Document
    from ..results.check_results import TableKey
    from .active import ActiveCheck

    #: Name and document of a policy, and the step at which it changed last.
    Policy = tuple[str, Document, int]

__all__ = ["DEFAULT_COLUMN_POLICIES", "DEFAULT_TABLE_POLICIES", "policies_for", "policy_checks"]

_PRIORITY = 1000
# Categories whose checks are for columns of some types alone.
_NUMBERS = ("numeric_decimal", "numeric_float", "numeric_integer")
_TEXTS = ("clob", "text")
_ONLY_FOR: Mapping[str, tuple[str, ...]] = {
    "anomaly": _NUMBERS,
    "bool": ("bool",),
    "conversions": _TEXTS,
    "datatype": _TEXTS,
    "datetime": ("datetime_date", "datetime_datetime", "datetime_time", "datetime_timestamp"),
    "numeric": _NUMBERS,
    "patterns": _TEXTS,
    "pii": _TEXTS,
    "text": _TEXTS,
    "whitespace": _TEXTS,
}


def policies_for(policies: Iterable[Policy], table: TableKey, document: Document) -> list[Policy]:
    """Find the policies whose target is a table, or are columns of it.

    Args:
        policies: The policies for tables, or for columns.
        table: The table's names.
        document: Its `TableSpec`.

    Returns:
        Those that are not disabled, by their priorities.
    """
    found = [
        policy
        for policy in policies
        if not policy[1].get("disabled") and _is_for(policy[1].get("target") or {}, table, document)
    ]
    return sorted(found, key=_priority)


def policy_checks(
    policies: Sequence[Policy],
    document: Document,
    column: tuple[str, Document] | None = None,
) -> Iterator[ActiveCheck]:
    """Find the checks that policies bring to a table or to one of its columns.

    Args:
        policies: The policies for tables or for columns that `policies_for` has found.
        document: The `TableSpec`.
        column: The name of the column and its `ColumnSpec`; None for the table itself.

    Yields:
        The checks; of several policies that have the same check, the first one by priority counts.
        What the owner configures itself is among them.
    """
    name, spec = (None, document) if column is None else column
    data_type = data_type_category(part_of(spec, ("type_snapshot", "column_type")) or "")
    timestamps = document.get("timestamp_columns") or {}
    seen: set[tuple[str | None, ...]] = set()
    for _, policy, changed in policies:
        if column is not None and not _is_for_column(policy.get("target") or {}, name or "", spec):
            continue
        for check in checks_of(policy, name, changed, is_default=True):
            is_wanted = (
                (name is None or data_type in _ONLY_FOR.get(check.category, (data_type,)))
                and (check.check_type != "partitioned" or timestamps.get("partition_by_column"))
                and (check.category != "timeliness" or timestamps.get("event_timestamp_column"))
            )
            if is_wanted and check.identity not in seen:
                seen.add(check.identity)
                yield check


def _priority(policy: Policy) -> tuple[int, str]:
    return (policy[1].get("priority") or _PRIORITY, policy[0])


def _is_for(target: Document, table: TableKey, document: Document) -> bool:
    patterns = zip(("connection", "schema", "table"), table, strict=True)
    return (
        all(_any_matches(target.get(name), text) for name, text in patterns)
        and _any_matches(target.get("stage"), document.get("stage"))
        and target.get("table_priority") in (None, document.get("priority"))
    )


def _is_for_column(target: Document, name: str, spec: Document) -> bool:
    data_type = part_of(spec, ("type_snapshot", "column_type")) or ""
    category = target.get("data_type_category")
    return (
        _any_matches(target.get("column"), name)
        and _any_matches(target.get("data_type"), data_type)
        and category in (None, data_type_category(data_type))
    )


def _any_matches(patterns: str | None, text: str | None) -> bool:
    """Compare a text with patterns that commas divide."""
    return not patterns or any(matches(pattern.strip(), text) for pattern in patterns.split(","))


def _policy(description: str, *, disabled: bool = False, **checks: Any) -> dict[str, Any]:
    return {
        "priority": _PRIORITY,
        **({"disabled": True} if disabled else {}),
        "description": description,
        "target": {},
        **{f"{check_type}_checks": container for check_type, container in checks.items()},
    }


def _daily(category: str, **checks: Any) -> dict[str, Any]:
    return {"daily": {category: checks}}


_CHANGED: Mapping[str, Any] = {"warning": {}}
_UNUSUAL: Mapping[str, Any] = {"warning": {"anomaly_percent": 0.1}}
_UNUSUAL_NUMBER: Mapping[str, Any] = {"warning": {"anomaly_percent": 0.05}}
_JUMP: Mapping[str, Any] = {"warning": {"max_percent": 10.0}}
_NO_RULES: Mapping[str, Any] = {}

#: The policies for tables that every server begins with.
DEFAULT_TABLE_POLICIES: Mapping[str, Document] = {
    "Detect big day-to-day data volume changes": _policy(
        "Warns when the row count jumps from one day to the next.",
        monitoring=_daily("volume", daily_row_count_change=_JUMP),
    ),
    "Detect data freshness anomalies daily": _policy(
        "Warns when the newest row is unusually old.",
        monitoring=_daily("timeliness", daily_data_freshness_anomaly=_UNUSUAL),
    ),
    "Detect data volume anomalies": _policy(
        "Warns of unusual row counts, of tables and of their daily partitions.",
        monitoring=_daily("volume", daily_row_count_anomaly=_UNUSUAL),
        partitioned=_daily("volume", daily_partition_row_count_anomaly=_UNUSUAL),
    ),
    "Detect empty tables daily": _policy(
        "Warns of tables without rows.",
        monitoring=_daily("volume", daily_row_count={"warning": {"min_count": 1}}),
    ),
    "Detect table availability issues daily": _policy(
        "Warns of tables that cannot be queried.",
        monitoring=_daily(
            "availability", daily_table_availability={"warning": {"max_failures": 0}}
        ),
    ),
    "Detect table schema changes": _policy(
        "Warns when columns come, go, move or change their types.",
        monitoring=_daily(
            "schema",
            daily_column_count_changed=_CHANGED,
            daily_column_list_changed=_CHANGED,
            daily_column_list_or_order_changed=_CHANGED,
            daily_column_types_changed=_CHANGED,
        ),
    ),
    "Track volume of daily partitions": _policy(
        "Measures the row counts of daily partitions.",
        partitioned=_daily("volume", daily_partition_row_count=_NO_RULES),
    ),
}
#: The policies for columns that every server begins with.
DEFAULT_COLUMN_POLICIES: Mapping[str, Document] = {
    "Detect anomalies in the count of distinct values": _policy(
        "Warns of unusual numbers of distinct values.",
        monitoring=_daily("uniqueness", daily_distinct_count_anomaly=_UNUSUAL),
        partitioned=_daily("uniqueness", daily_partition_distinct_count_anomaly=_UNUSUAL),
    ),
    "Detect anomalies in the percentage of null values": _policy(
        "Warns of unusual shares of nulls.",
        monitoring=_daily("nulls", daily_nulls_percent_anomaly=_UNUSUAL),
        partitioned=_daily("nulls", daily_partition_nulls_percent_anomaly=_UNUSUAL),
    ),
    "Detect anomalies in the sum and average of numeric values": _policy(
        "Warns of unusual sums and averages.",
        monitoring=_daily(
            "anomaly", daily_mean_anomaly=_UNUSUAL_NUMBER, daily_sum_anomaly=_UNUSUAL_NUMBER
        ),
    ),
    "Detect anomalies in the sum and average of numeric values at a partition level": _policy(
        "Warns of unusual sums and averages of daily partitions.",
        partitioned=_daily(
            "anomaly",
            daily_partition_mean_anomaly=_UNUSUAL_NUMBER,
            daily_partition_sum_anomaly=_UNUSUAL_NUMBER,
        ),
    ),
    "Detect change of the data type of values in text columns": _policy(
        "Warns when texts begin to look like values of another type.",
        monitoring=_daily("datatype", daily_detected_datatype_in_text_changed=_CHANGED),
        partitioned=_daily("datatype", daily_partition_detected_datatype_in_text_changed=_CHANGED),
    ),
    "Detect column schema changes": _policy(
        "Warns of columns that are missing or have another type.",
        monitoring=_daily(
            "schema", daily_column_exists=_CHANGED, daily_column_type_changed=_CHANGED
        ),
    ),
    "Detect columns containing any null values": _policy(
        "Warns of every null.",
        disabled=True,
        monitoring=_daily("nulls", daily_nulls_count={"warning": {"max_count": 0}}),
        partitioned=_daily("nulls", daily_partition_nulls_count={"warning": {"max_count": 0}}),
    ),
    "Detect empty columns": _policy(
        "Warns of columns that have nulls only.",
        disabled=True,
        monitoring=_daily("nulls", daily_empty_column_found=_CHANGED),
        partitioned=_daily("nulls", daily_partition_empty_column_found=_CHANGED),
    ),
    "Detect outliers in numeric values": _policy(
        "Warns of unusual minima and maxima.",
        monitoring=_daily("anomaly", daily_min_anomaly=_UNUSUAL, daily_max_anomaly=_UNUSUAL),
    ),
    "Detect outliers in numeric values across daily partitions": _policy(
        "Warns of unusual minima and maxima of daily partitions.",
        disabled=True,
        partitioned=_daily(
            "anomaly",
            daily_partition_min_anomaly=_UNUSUAL,
            daily_partition_max_anomaly=_UNUSUAL,
        ),
    ),
    "Detect significant changes in the percentage of null values": _policy(
        "Warns when the share of nulls jumps from one day to the next.",
        disabled=True,
        monitoring=_daily("nulls", daily_nulls_percent_change=_JUMP),
        partitioned=_daily("nulls", daily_partition_nulls_percent_change=_JUMP),
    ),
    "Profile text columns to detect PII values (sensitive data)": _policy(
        "Measures how many texts contain mail addresses and phone numbers.",
        profiling={
            "pii": {
                "profile_contains_email_percent": _NO_RULES,
                "profile_contains_usa_phone_percent": _NO_RULES,
            }
        },
    ),
    "Track the count and percentage of null values": {
        **_policy(
            "Measures nulls.",
            monitoring=_daily("nulls", daily_nulls_count=_NO_RULES, daily_nulls_percent=_NO_RULES),
            partitioned=_daily(
                "nulls",
                daily_partition_nulls_count=_NO_RULES,
                daily_partition_nulls_percent=_NO_RULES,
            ),
        ),
        "priority": 2 * _PRIORITY,
    },
}
