"""Tables that the real server writes and can no longer read.

It takes a `TableSpec` with `statistics`, and from then on fails with status 500 wherever it reads
the table, until the table is replaced by one without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http.errors import RefusedRequestError
from ..patterns import matches

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..documents import Document
    from ..specification import Operation
    from ..state.data_domain import DataDomain

__all__ = ["check_tables"]

# What is found although the table cannot be read.
_UNHARMED = frozenset(
    {
        "create_table",
        "find_similar_tables",
        "get_table_statistics",
        "get_table_target_tables",
        "update_table",
    }
)
# What reads all tables of a connection, or of a schema, whichever are wanted.
_OF_MANY = frozenset(
    {
        "delete_connection",
        "find_columns",
        "find_tables",
        "get_connection_common_columns",
        "get_schema_monitoring_checks_model",
        "get_schema_partitioned_checks_model",
        "get_schema_profiling_checks_model",
        "get_tables",
    }
)


def check_tables(operation: Operation, parameters: Mapping[str, Any], state: DataDomain) -> None:
    """Fail where the real server cannot read a table.

    Args:
        operation: What a request is for.
        parameters: The parameters of the request.
        state: What the server knows.

    Raises:
        RefusedRequestError: It has to read a table that cannot be read (500).
    """
    is_of_one = "{tableName}" in operation.path and operation.name not in _UNHARMED
    if not is_of_one and operation.name not in _OF_MANY:
        return
    wanted = (
        parameters.get("connectionName") or parameters.get("connection"),
        parameters.get("schemaName") or parameters.get("schema"),
        parameters.get("tableName") if is_of_one else None,
    )
    for key, table in list(state.catalog.tables.items()):
        # In this order: few tables are broken, and patterns take longer.
        if _is_broken(table) and all(map(matches, wanted, key)):
            message = f"The table {'.'.join(key)!r} cannot be read: its spec has `statistics`."
            raise RefusedRequestError(500, message)


def _is_broken(table: Document) -> bool:
    columns = (table.get("columns") or {}).values()
    return bool(table.get("statistics")) or any(column.get("statistics") for column in columns)
