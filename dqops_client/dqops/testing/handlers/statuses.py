"""The data quality status of a table, as lists of tables and columns show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..quality_status import table_status
from ..stored_results import CHECK_TYPES

if TYPE_CHECKING:
    from ..catalog import TableKey
    from .call import Call

__all__ = ["status_of"]


def status_of(call: Call, key: TableKey, check_type: str | None) -> dict[str, Any] | None:
    """Give the status of a table.

    Args:
        call: The request.
        key: The table's names.
        check_type: The only type of checks that counts; None for those that count by default.

    Returns:
        `TableCurrentDataQualityStatusModel`; None if there is no such table.
    """
    connection = call.state.connection(key[0])
    table = call.state.table(*key)
    if connection is None or table is None:
        return None
    wanted = {} if check_type is None else {name: name == check_type for name in CHECK_TYPES}
    results = call.state.results_of(*key)
    return table_status(connection, table, results, wanted, call.state.clock.now())
