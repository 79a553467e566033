"""Finds the tables that filters select."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...client.errors import ClientError, DecodeError, NotFound
from .. import verdicts
from ..steps import Call
from ..verdicts import LookUp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..steps import Steps
    from ..timing import Run
    from .selection import Selection

__all__ = ["Reader", "find_tables"]

# How many tables a request asks for.
_PAGE = 200
# How often the list is read again when it changes meanwhile.
_READINGS = 3
# For how many seconds a request is tried again that something on the way to the server fails, and
# how often one is that the server itself fails.
_PATIENCE = 60.0
_ATTEMPTS = 3


class Reader:
    """Reads from the server, over what goes wrong for a while.

    Args:
        run: The times of the call.
        as_client: Whether each request is as patient as the client, and tried again as that does.

    Attributes:
        requests: How many requests got a response.
    """

    def __init__(self, run: Run, *, as_client: bool = False) -> None:
        self.run = run
        self._as_client = as_client
        self.requests = 0

    def read(
        self,
        operation: str,
        path: tuple[Any, ...] = (),
        arguments: Mapping[str, Any] | None = None,
        *,
        patience: float = _PATIENCE,
    ) -> Steps[Any]:
        """Call an operation that reads.

        Args:
            operation: Its name with its group.
            path: The path parameters.
            arguments: The other arguments by name.
            patience: For how many seconds it is tried again.

        Returns:
            What it gives; None if the server itself says that there is no such thing.

        Raises:
            ClientError: It could not be read.
        """
        began = self.run.elapsed
        pauses = self.run.pauses()
        attempts = same = 0
        before = None
        while True:
            attempts += 1
            try:
                timeout = None if self._as_client else self.run.request_timeout()
                found = yield Call(operation, timeout, path, arguments or {})
            except ClientError as error:
                if isinstance(error, NotFound) and error.content.strip() in {b"", b"[]"}:
                    self.requests += 1
                    return None
                is_late = self.run.is_over or self.run.elapsed - began >= patience
                is_late = is_late or self._as_client
                status = getattr(error, "status_code", None)
                if status == 500 and attempts >= _ATTEMPTS:
                    is_late = True  # the same response will come again
                responder = verdicts.stubborn(error)
                same = same + 1 if responder == before else 1
                before = responder
                if responder and same >= self.run.enough_answers:
                    is_late = True  # so will that of a login page
                if is_late or verdicts.of_look_up(error) is LookUp.REFUSED:
                    raise
                pause = max(next(pauses), verdicts.seconds_to_wait(error))
            else:
                self.requests += 1
                return found
            yield from self.run.pause(pause)


def find_tables(reader: Reader, selection: Selection) -> Steps[list[Any]]:
    """Find all tables that are selected, also when tables come and go meanwhile.

    Args:
        reader: What reads.
        selection: What selects them.

    Returns:
        Their `TableListModel` objects in order.

    Raises:
        ClientError: The list could not be read.
    """
    found: dict[tuple[str, str, str], Any] = {}
    for _ in range(_READINGS):
        tables, is_whole = yield from _read_list(reader, selection)
        for table in tables:
            found[table_key(table)] = table
        if is_whole:
            break
    return list(found.values())


def table_key(table: Any) -> tuple[str, str, str]:
    """Tell which table it is.

    Args:
        table: A `TableListModel`.

    Returns:
        Connection, schema and table.
    """
    target = table.target
    return (
        table.connection_name or "",
        (target and target.schema_name) or "",
        (target and target.table_name) or "",
    )


def _read_list(reader: Reader, selection: Selection) -> Steps[tuple[list[Any], bool]]:
    """Read the list window by window.

    The windows overlap by a table, so that it shows when the list has changed between two of them
    and a table may have slipped through.
    """
    tables: list[Any] = []
    page, limit = 1, _PAGE
    is_whole = True
    while True:
        first = (page - 1) * limit
        window = yield from reader.read(
            "search/find_tables",
            arguments={
                "connection": selection.connection or None,
                "schema": selection.schema or None,
                "table": selection.table or None,
                "label": list(selection.labels) or None,
                "page": page,
                "limit": limit,
            },
        )
        window = window or []
        for place, table in enumerate(window):
            if not all(table_key(table)):
                raise DecodeError(
                    "a table without the names of its connection, schema and table",
                    operation="find_tables",
                    field_path=f"[{place}]",
                )
        overlap = [table_key(table) for table in tables[first:]]
        if overlap == [table_key(table) for table in window[: len(overlap)]]:
            tables += window[len(overlap) :]
        else:
            is_whole = False
            tables += window
        if len(window) != limit:  # fewer: the end; more: there are no pages
            return tables, is_whole
        page = 1 + max(1, (len(tables) - 1) // _PAGE)
        limit = (len(tables) - 1) // (page - 1)
