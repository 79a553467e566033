"""The data quality status of a table, as lists of tables and columns show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..results.quality_status import TableStatus, table_list_status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..results.check_results import TableKey
    from .call import Call

__all__ = ["Statuses"]


class Statuses:
    """The statuses of tables for one request, of the type of checks that it asks for.

    Args:
        call: The request.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._known: dict[TableKey, TableStatus] = {}

    def of_table(self, key: TableKey) -> dict[str, Any] | None:
        """Give the status of a table.

        Args:
            key: The table's names.

        Returns:
            `TableCurrentDataQualityStatusModel` without checks and columns; None if there is no
            such table.
        """
        if key not in self._call.state.catalog.tables:
            return None
        return self._status(key).list_model(key, self._call.state.name)

    def whole(self, key: TableKey, sources: Iterable[TableKey] = ()) -> dict[str, Any]:
        """Give the status of a table together with that of others.

        Args:
            key: The table's names.
            sources: The names of the others, whose checks count as well.

        Returns:
            `TableCurrentDataQualityStatusModel` with checks and columns.
        """
        state = self._call.state
        results = [result for table in (key, *sources) for result in state.stored.of_table(table)]
        status = table_list_status(results, None, state.clock.now(), state.settings.zone)
        return status.model(key, state.name)

    def of_column(self, key: TableKey, column: str) -> dict[str, Any]:
        """Give the status of a column.

        Args:
            key: The names of its table.
            column: The column's name.

        Returns:
            `ColumnCurrentDataQualityStatusModel`.
        """
        return self._status(key).column_model(column)

    def _status(self, key: TableKey) -> TableStatus:
        if key not in self._known:
            state = self._call.state
            self._known[key] = table_list_status(
                state.stored.of_table(key),
                self._call.parameters.get("checkType"),
                state.clock.now(),
                state.settings.zone,
            )
        return self._known[key]
