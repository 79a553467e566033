"""Which checks there are, where they are kept, and which models they have: told by the models."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .._runtime.declare.conversion import ModelOf
from .._runtime.suggestions import did_you_mean
from ..client.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Container", "check_class", "containers", "find_container", "known_checks", "model_of"]

# The two maps of checks that users define: in a category of its own, and in each other one.
CUSTOM_CATEGORY = "custom"
CUSTOM_CHECKS = "custom_checks"
# Checks that belong to a table comparison, which has operations of its own.
COMPARISONS = "comparisons"


@dataclass(frozen=True, slots=True)
class Container:
    """Where the server keeps the checks of one kind, of a table or of a column.

    Attributes:
        prefix: How the names of its checks begin.
        operation: The operation that reads it, with its group.
        update: The one that replaces it.
        model: The class of its model.
    """

    prefix: str
    operation: str
    update: str
    model: str


# The longer prefixes come first, because `daily_` begins the others, too.
_TABLE = (
    Container(
        "daily_partition_",
        "tables.get_table_daily_partitioned_checks",
        "tables.update_table_partitioned_checks_daily",
        "TableDailyPartitionedCheckCategoriesSpec",
    ),
    Container(
        "monthly_partition_",
        "tables.get_table_partitioned_checks_monthly",
        "tables.update_table_partitioned_checks_monthly",
        "TableMonthlyPartitionedCheckCategoriesSpec",
    ),
    Container(
        "daily_",
        "tables.get_table_daily_monitoring_checks",
        "tables.update_table_daily_monitoring_checks",
        "TableDailyMonitoringCheckCategoriesSpec",
    ),
    Container(
        "monthly_",
        "tables.get_table_monitoring_checks_monthly",
        "tables.update_table_monitoring_checks_monthly",
        "TableMonthlyMonitoringCheckCategoriesSpec",
    ),
    Container(
        "profile_",
        "tables.get_table_profiling_checks",
        "tables.update_table_profiling_checks",
        "TableProfilingCheckCategoriesSpec",
    ),
)
_COLUMN = (
    Container(
        "daily_partition_",
        "columns.get_column_partitioned_checks_daily",
        "columns.update_column_partitioned_checks_daily",
        "ColumnDailyPartitionedCheckCategoriesSpec",
    ),
    Container(
        "monthly_partition_",
        "columns.get_column_partitioned_checks_monthly",
        "columns.update_column_partitioned_checks_monthly",
        "ColumnMonthlyPartitionedCheckCategoriesSpec",
    ),
    Container(
        "daily_",
        "columns.get_column_monitoring_checks_daily",
        "columns.update_column_monitoring_checks_daily",
        "ColumnDailyMonitoringCheckCategoriesSpec",
    ),
    Container(
        "monthly_",
        "columns.get_column_monitoring_checks_monthly",
        "columns.update_column_monitoring_checks_monthly",
        "ColumnMonthlyMonitoringCheckCategoriesSpec",
    ),
    Container(
        "profile_",
        "columns.get_column_profiling_checks",
        "columns.update_column_profiling_checks",
        "ColumnProfilingCheckCategoriesSpec",
    ),
)


def containers(column: str | None) -> tuple[Container, ...]:
    """List where the server keeps checks.

    Args:
        column: The name of the column; None for a table.

    Returns:
        The places, by kind.
    """
    return _TABLE if column is None else _COLUMN


def find_container(check: str, column: str | None) -> Container:
    """Find where a check is kept.

    Args:
        check: The name of the check, such as `daily_row_count`.
        column: The name of the column; None for a check of the table.

    Returns:
        The place.

    Raises:
        InvalidRequest: There is no such check; the message names similar ones.
    """
    if not isinstance(check, str):
        raise InvalidRequest(
            f"check must be the name of a check, such as 'daily_row_count', got {check!r}: the "
            "order is client, table, check; nothing was sent"
        )
    for container in containers(column):
        if check.startswith(container.prefix) and check in _classes(container):
            return container
    raise InvalidRequest(_unknown(check, column))


def check_class(container: Container, check: str) -> tuple[str, type[Any]]:
    """Tell which model a check has.

    Args:
        container: Where it is kept.
        check: Its name.

    Returns:
        Its category, and the class.
    """
    category, name = _classes(container)[check]
    return category, model_of(name)


def model_of(name: str) -> type[Any]:
    """Load a model.

    Args:
        name: The name of the class.

    Returns:
        The class.
    """
    found: type[Any] = getattr(import_module("dqops.client.models"), name)
    return found


def known_checks() -> set[str]:
    """Name all checks of tables and columns."""
    return {name for each in (*_TABLE, *_COLUMN) for name in _classes(each)}


def _unknown(check: str, column: str | None) -> str:
    """Say that there is no such check, and which one may be meant."""
    what = "a table" if column is None else "a column"
    elsewhere = {
        name for each in containers("" if column is None else None) for name in _classes(each)
    }
    if check in elsewhere:
        hint = (
            ". It is a check of columns: pass column="
            if column is None
            else ". It is a check of tables: leave out column"
        )
    elif "." in check:
        hint = ". The order is client, table, check"
    else:
        known = {name for each in containers(column) for name in _classes(each)}
        hint = did_you_mean(check, known) or did_you_mean(check, elsewhere)
    return f"there is no check {check!r} of {what}; nothing was sent{hint}"


@cache
def _classes(container: Container) -> Mapping[str, tuple[str, str]]:
    """Map the names of checks to their categories and classes."""
    return {
        check.name: (category.name, check.converter.name)
        for category in model_of(container.model)._properties
        if category.name not in {CUSTOM_CATEGORY, COMPARISONS}
        and isinstance(category.converter, ModelOf)
        for check in model_of(category.converter.name)._properties
        if check.name != CUSTOM_CHECKS and isinstance(check.converter, ModelOf)
    }
