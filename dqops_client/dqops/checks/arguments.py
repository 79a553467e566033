"""Refuses wrong arguments, and tells which name a server does not know."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any

from .._runtime.declare.operation import check_client
from .._runtime.suggestions import did_you_mean, refuse_keywords
from ..client.errors import InvalidRequest
from .catalog import known_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["check_call", "listing_of", "table_path", "unknown_name"]

# How many of the names are listed that there are.
_MOST_NAMES = 8
_ORDER = "the order is client, table, check"


def check_call(
    function: Callable[..., Any], arguments: tuple[Any, ...], named: Mapping[str, Any]
) -> None:
    """Refuse what is no client, and misspelt keywords where an argument is missing.

    Args:
        function: What is called.
        arguments: Its arguments without a name.
        named: Those with one.

    Raises:
        InvalidRequest: There is something else in the place of the client.
        TypeError: A keyword is none of the function.
    """
    parameters = signature(function).parameters
    needed = [name for name, each in parameters.items() if each.default is Parameter.empty]
    known = [name for name in parameters if parameters[name].kind is not Parameter.VAR_KEYWORD]
    needed = [name for name in needed[len(arguments) :] if name in known]
    unknown = [name for name in named if name not in known]
    if unknown and (len(known) == len(parameters) or not named.keys() >= set(needed)):
        refuse_keywords(function.__name__, unknown, known)
    if arguments or "client" in named:
        client = arguments[0] if arguments else named["client"]
        check_client(function.__name__, client, order="the client comes first")


def table_path(table: str | tuple[str, str, str], column: str | None) -> tuple[str, ...]:
    """Give the path parameters of a table or column.

    Args:
        table: `connection.schema.table`, or the three names as a tuple.
        column: The name of the column; None for the table.

    Returns:
        The parameters in order.

    Raises:
        InvalidRequest: These are no three names, or the column has none.
    """
    names: Any = table.split(".", 2) if isinstance(table, str) else table
    if (
        not isinstance(names, Sequence)
        or len(names) != 3
        or not all(isinstance(name, str) and name for name in names)
    ):
        hint = ""
        if isinstance(table, str) and table in known_checks():
            hint = f", which is the name of a check: {_ORDER}"
        raise InvalidRequest(
            f"table must be 'connection.schema.table', or a tuple of three names where they have "
            f"dots, got {table!r}{hint}; nothing was sent"
        )
    if column is not None and not (isinstance(column, str) and column):
        raise InvalidRequest(
            f"column must be the name of a column, or None for the table, got {column!r}; nothing "
            "was sent"
        )
    return (*names, *(() if column is None else (column,)))


def listing_of(path: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Name the operation that lists what the last name of a path is one of.

    Args:
        path: The path parameters of a table or column.

    Returns:
        The operation with its group, and the path parameters that it takes.
    """
    return ("tables.get_tables" if len(path) == 3 else "columns.get_columns"), path[:-1]


def unknown_name(path: tuple[str, ...], listed: list[Any]) -> str:
    """Say which name of a path the server does not know.

    Args:
        path: The path parameters of a table or column.
        listed: The tables or columns that it lists; empty if it knows less of the path.

    Returns:
        The end of an error message; empty if it cannot be told.
    """
    connection, schema, table, *column = path
    if column:
        names = [each.column_name for each in listed]
        what = f"column {column[0]!r} of the table '{schema}.{table}'"
        nothing = f"table '{schema}.{table}' of the connection {connection!r} that has columns"
    else:
        names = [each.target.table_name for each in listed if each.target]
        what = f"table {table!r} of the schema {schema!r}"
        nothing = f"connection {connection!r} with a schema {schema!r} that has tables"
    names = [each for each in names if isinstance(each, str)]
    if path[-1] in names:
        return ""
    if not names:
        return f"The server knows no {nothing}."
    more = ", ..." if len(names) > _MOST_NAMES else "."
    hint = did_you_mean(path[-1], names) or f"; it has {', '.join(names[:_MOST_NAMES])}{more}"
    return f"The server knows no {what}{hint}"
