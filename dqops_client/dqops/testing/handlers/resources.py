"""Where the documents are kept that paths name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..documents import part_of, with_part

if TYPE_CHECKING:
    from ..documents import Document
    from .call import Call

__all__ = ["COLUMN", "CONNECTION", "TABLE", "Resource", "named"]


@dataclass(frozen=True)
class Resource:
    """A kind of documents that paths name.

    Args:
        find: Gives the document that a request names; None if there is none.
        store: Puts another document in its place.
    """

    find: Callable[[Call], Document | None]
    store: Callable[[Call, Document], None]


def named(kind: str, parameter: str) -> Resource:
    """Make a resource of the documents of a kind that have a name.

    Args:
        kind: The key in `DataDomain.collections`.
        parameter: The path parameter that has the name.

    Returns:
        The resource.
    """

    def find(call: Call) -> Document | None:
        return call.state.collections[kind].get(call.parameters[parameter])

    def store(call: Call, document: Document) -> None:
        documents = call.state.collections[kind]
        call.state.store_collection(kind, {**documents, call.parameters[parameter]: document})

    return Resource(find, store)


def _connection(call: Call) -> Document | None:
    return call.state.catalog.connections.get(call.parameters["connectionName"])


def _store_connection(call: Call, document: Document) -> None:
    call.state.catalog.connections[call.parameters["connectionName"]] = document


def _table(call: Call) -> Document | None:
    return call.state.catalog.tables.get(call.table_key)


def _store_table(call: Call, document: Document) -> None:
    call.state.store_table(call.table_key, document)


def _column(call: Call) -> Document | None:
    table = _table(call)
    part: Any = None if table is None else part_of(table, _column_path(call))
    return part if isinstance(part, Mapping) else None


def _store_column(call: Call, document: Document) -> None:
    table = call.state.catalog.tables[call.table_key]
    call.state.store_table(call.table_key, with_part(table, _column_path(call), document))


def _column_path(call: Call) -> tuple[str, str]:
    return ("columns", call.parameters["columnName"])


CONNECTION = Resource(_connection, _store_connection)
TABLE = Resource(_table, _store_table)
COLUMN = Resource(_column, _store_column)
