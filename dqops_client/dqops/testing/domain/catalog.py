"""The connections, tables and columns that a server knows, as documents of the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..checks.active import with_check
from ..checks.column_types import data_type_category
from ..documents import part_of, with_part
from ..seeds.seed import Column, Connection, Table
from .new_connections import INCREMENTAL_TIME_WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..documents import Document
    from ..results.check_results import CheckResult, TableKey
    from ..results.incidents import Incident

__all__ = ["PARTITION_COLUMN", "Catalog", "column_view", "connection_view", "table_view"]

#: Where a table names the column that it is partitioned by.
PARTITION_COLUMN = ("timestamp_columns", "partition_by_column")


@dataclass
class Catalog:
    """Connections with their tables; plain data.

    Attributes:
        connections: `ConnectionSpec` documents by the connections' names.
        tables: `TableSpec` documents of the tables that the server knows; the columns are in them.
        remote_tables: The same for the tables that only the data source knows.
    """

    connections: dict[str, Document] = field(default_factory=dict)
    tables: dict[TableKey, Document] = field(default_factory=dict)
    remote_tables: dict[TableKey, Document] = field(default_factory=dict)

    @classmethod
    def of(cls, connections: Iterable[Connection]) -> Catalog:
        """Make a catalog of the connections of a seed.

        Args:
            connections: The connections with their tables.

        Returns:
            The catalog.
        """
        catalog = cls()
        for connection in connections:
            catalog.connections[connection.name] = connection.document()
            for table in connection.tables:
                tables = catalog.tables if table.imported else catalog.remote_tables
                tables[connection.name, table.schema, table.name] = table.document()
        return catalog

    def copied(self) -> Catalog:
        """Make a copy that does not change when this one does.

        Returns:
            The copy.
        """
        return Catalog(dict(self.connections), dict(self.tables), dict(self.remote_tables))

    def tables_of(self, connection: str) -> Iterator[tuple[TableKey, Document]]:
        """Go through the tables of a connection.

        Args:
            connection: The connection's name.

        Yields:
            Keys and documents of the tables that the server knows.
        """
        for key, document in self.tables.items():
            if key[0] == connection:
                yield key, document

    def import_table(self, key: TableKey) -> None:
        """Make a table known that was in the data source only.

        Args:
            key: Its names.
        """
        document = self.remote_tables.pop(key)
        self.tables[key] = {"incremental_time_window": dict(INCREMENTAL_TIME_WINDOW), **document}

    def ensure_table(self, owner: CheckResult | Incident) -> None:
        """Add the connection, table and column of a result, where they are new.

        Args:
            owner: A check result or an incident.
        """
        key = (owner.connection, owner.schema, owner.table)
        if owner.connection not in self.connections:
            self.connections[owner.connection] = Connection(owner.connection).document()
        if key in self.remote_tables:
            self.import_table(key)
        document = self.tables.setdefault(key, Table(owner.schema, owner.table).document())
        column = getattr(owner, "column", None)
        if column is not None and part_of(document, ("columns", column)) is None:
            self.tables[key] = with_part(document, ("columns", column), Column(column).document())

    def ensure_check(self, result: CheckResult) -> None:
        """Configure the check of a result, where it is new.

        A table with a partitioned result names the column that it is partitioned by.

        Args:
            result: A result of a table that there is.
        """
        document = with_check(self.tables[result.table_key], result)
        if result.check_type == "partitioned" and part_of(document, PARTITION_COLUMN) is None:
            # Without one, there could be no result.
            document = with_part(document, PARTITION_COLUMN, _time_column(document))
        self.tables[result.table_key] = document

    def delete_connection(self, name: str) -> None:
        """Delete a connection with its tables.

        Args:
            name: The connection's name.
        """
        del self.connections[name]
        self.tables = {key: spec for key, spec in self.tables.items() if key[0] != name}
        self.remote_tables = {
            key: spec for key, spec in self.remote_tables.items() if key[0] != name
        }


def _time_column(document: Document) -> str:
    """Find the first column of a time."""
    columns = (document.get("columns") or {}).items()
    for name, column in columns:
        kind = (column.get("type_snapshot") or {}).get("column_type") or ""
        if data_type_category(kind).startswith("datetime_"):
            return str(name)
    return "date"


def connection_view(name: str, document: Document, tables: Iterable[Table] = ()) -> Connection:
    """Read a connection.

    Args:
        name: Its name.
        document: Its `ConnectionSpec`.
        tables: Its tables.

    Returns:
        What selections and responses need of it.
    """
    provider = document.get("provider_type") or "postgresql"
    return Connection(
        name,
        provider,
        document.get(provider) or {},
        tuple(tables),
        document.get("parallel_jobs_limit"),
        document.get("labels") or (),
    )


def table_view(key: TableKey, document: Document, *, imported: bool = True) -> Table:
    """Read a table.

    Args:
        key: Its names.
        document: Its `TableSpec`.
        imported: Whether the server knows it.

    Returns:
        What selections and responses need of it.
    """
    columns = (document.get("columns") or {}).items()
    return Table(
        key[1],
        key[2],
        tuple(column_view(name, column) for name, column in columns),
        document.get("labels") or (),
        imported,
    )


def column_view(name: str, document: Document) -> Column:
    """Read a column.

    Args:
        name: Its name.
        document: Its `ColumnSpec`.

    Returns:
        What selections and responses need of it.
    """
    snapshot = document.get("type_snapshot") or {}
    return Column(name, snapshot.get("column_type") or "", snapshot.get("nullable") is not False)
