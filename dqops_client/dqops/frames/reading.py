"""From the body of a response to a record batch.

Arrow reads the JSON itself, column by column and without the interpreter's lock. Whatever it does
not take is asked for again through the models, which read more tolerantly, and whose error says
what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from json import dumps
from typing import TYPE_CHECKING, Any

from ..client import raw
from ..client.types import Unset
from .arrow import pa
from .schemas import SEVERITIES, snake_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..client import AuthenticatedClient, Client
    from .schemas import Column, Frame

__all__ = ["Request", "Rows", "array_of", "batch_of", "from_models", "read"]

_SEVERITIES = pa.array(SEVERITIES, pa.string())
_RANKS = {name: number for number, name in enumerate(SEVERITIES)}
# Longer than a body that holds nothing.
_SHORT = 100
_UNKNOWN = _RANKS["unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request whose response holds rows.

    Attributes:
        operation: The operation with its group, such as `incidents/get_incident`.
        path: The path parameters.
        arguments: The other arguments.
        told: Columns whose value the request tells, by name.
    """

    operation: str
    path: tuple[Any, ...]
    arguments: Mapping[str, Any]
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a response holds.

    Attributes:
        batch: The rows.
        items: How many items the response has.
        groups: The data groups of checks that have more than one.
    """

    batch: Any
    items: int
    groups: tuple[str, ...] = ()


def read(client: AuthenticatedClient | Client, frame: Frame, request: Request) -> Rows:
    """Send a request and read the response.

    Args:
        client: Where to send it.
        frame: The table to make.
        request: What to send.

    Returns:
        The rows.

    Raises:
        ClientError: The request failed, or the response cannot be read.
        ValueError: A value does not fit into its column.
    """
    operation = import_module(f"dqops.client.api.{request.operation.replace('/', '.')}")
    if not frame.is_mixed:
        response = raw.send(operation, *request.path, client=client, **request.arguments)
        try:
            return _read_body(frame, response.content, request)
        except pa.ArrowInvalid:
            pass  # something in it is not as usual
    items = operation.sync(*request.path, client=client, **request.arguments) or ()
    return from_models(frame, items, request.told)


def _read_body(frame: Frame, body: bytes, request: Request) -> Rows:
    if len(body) < _SHORT and body.strip() in {b"", b"null", b"[]"}:
        return Rows(batch_of(frame, {}, 0, request.told), 0)
    inner = pa.struct([(each.source, _wire_type(each)) for each in _sources(frame, is_outer=False)])
    fields = [(each.source, _wire_type(each)) for each in _sources(frame, is_outer=True)]
    if frame.groups:
        fields.append((frame.groups, pa.list_(pa.string())))
    if frame.nested:
        fields.append((frame.nested, pa.list_(inner)))
    item = pa.struct(fields) if frame.nested else inner
    # Arrow reads objects, and this is a list.
    document = b'{"items":%b}' % body
    table = pa.json.read_json(
        pa.BufferReader(document),
        read_options=pa.json.ReadOptions(use_threads=False, block_size=len(document) + 1),
        parse_options=pa.json.ParseOptions(
            explicit_schema=pa.schema([("items", pa.list_(item))]),
            newlines_in_values=True,
            unexpected_field_behavior="ignore",
        ),
    )
    if table.num_rows != 1:
        raise pa.ArrowInvalid("no single document")
    items = table["items"].combine_chunks().flatten()
    if items.null_count:
        raise pa.ArrowInvalid("an item is null")
    rows, parents = items, None
    if frame.nested:
        lists = items.field(frame.nested)
        rows, parents = lists.flatten(), pa.compute.list_parent_indices(lists)
        if rows.null_count:
            raise pa.ArrowInvalid("a row is null")
    columns = {}
    for column in frame.columns:
        if column.source is None:
            continue
        if column.is_outer and parents is not None:
            values = items.field(column.source).take(parents)
        else:
            values = rows.field(column.source)
        columns[column.name] = _severity_array(values) if column.severities else values
    groups = _groups(items.field(frame.groups).to_pylist()) if frame.groups else ()
    return Rows(batch_of(frame, columns, len(rows), request.told), len(items), groups)


def _sources(frame: Frame, *, is_outer: bool) -> Iterable[Column]:
    return (
        column
        for column in frame.columns
        if column.source is not None and (column.is_outer and bool(frame.nested)) is is_outer
    )


def _wire_type(column: Column) -> Any:
    if column.severities == "numbers":
        return pa.int64()
    return pa.string() if column.severities else column.type


def _severity_array(values: Any) -> Any:
    """Make an ordered dictionary of the server's numbers, or of names."""
    if pa.types.is_string(values.type):
        numbers = pa.compute.index_in(values, value_set=_SEVERITIES)
        known = numbers.is_valid()
    else:
        numbers = values
        known = pa.compute.is_in(values, value_set=pa.array(range(_UNKNOWN), pa.int64()))
    numbers = pa.compute.if_else(known, numbers.cast(pa.int64()), _UNKNOWN)
    numbers = pa.compute.if_else(values.is_valid(), numbers, pa.scalar(None, pa.int64()))
    return pa.DictionaryArray.from_arrays(numbers.cast(pa.int8()), _SEVERITIES, ordered=True)


def _groups(lists: Iterable[Sequence[str] | None]) -> tuple[str, ...]:
    """List the data groups, where a check has more than the one that came."""
    known = [groups for groups in lists if groups]
    if all(len(groups) == 1 for groups in known):
        return ()
    return tuple(dict.fromkeys(name for groups in known for name in groups))


def batch_of(frame: Frame, columns: Mapping[str, Any], size: int, told: Mapping[str, Any]) -> Any:
    """Put a record batch together.

    Args:
        frame: The table that it is for.
        columns: Arrays by column.
        size: How many rows there are.
        told: Values that are the same in all rows, by column.

    Returns:
        The record batch, with a column of nulls for what is in neither.
    """
    arrays: dict[str, Any] = {}
    for column in frame.columns:
        if column.name in told:
            array = pa.repeat(pa.scalar(told[column.name], column.type), size)
        elif column.rank_of:
            array = arrays[column.rank_of].indices
        elif column.name in columns:
            array = columns[column.name]
        elif column.severities:
            array = _severity_array(pa.nulls(size, pa.string()))
        else:
            array = pa.nulls(size, column.type)
        arrays[column.name] = array
    return pa.RecordBatch.from_arrays(list(arrays.values()), schema=frame.schema)


def from_models(frame: Frame, items: Any, told: Mapping[str, Any]) -> Rows:
    """Make rows of the models of a response.

    Args:
        frame: The table to make.
        items: The models.
        told: Values that are the same in all rows, by column.

    Returns:
        The rows.

    Raises:
        ValueError: A value does not fit into its column.
    """
    pairs = [
        (item, row)
        for item in items
        for row in ((getattr(item, snake_case(frame.nested)) or ()) if frame.nested else (item,))
    ]
    columns = {
        column.name: array_of(
            column,
            [
                getattr(row if not (column.is_outer and frame.nested) else item, name, None)
                for item, row in pairs
            ],
        )
        for column in frame.columns
        if column.source is not None and (name := snake_case(column.source))
    }
    groups: tuple[str, ...] = ()
    if frame.groups:
        groups = _groups(getattr(item, snake_case(frame.groups)) or () for item in items)
    return Rows(batch_of(frame, columns, len(pairs), told), len(items), groups)


def array_of(column: Column, values: Iterable[Any]) -> Any:
    """Make an array of what models hold.

    Args:
        column: The column that it is for.
        values: The values.

    Returns:
        The array; null for what is missing.

    Raises:
        ValueError: A value does not fit into the column.
    """
    plain = [_plain(column, value) for value in values]
    if not column.severities:
        return pa.array(plain, column.type)
    kind = pa.int64() if column.severities == "numbers" else pa.string()
    return _severity_array(pa.array(plain, kind))


def _plain(column: Column, value: Any) -> Any:
    if value is None or isinstance(value, Unset):
        return None
    if pa.types.is_string(column.type) or column.severities == "names":
        return str(value) if isinstance(value, str) else dumps(value, default=str)
    return value
