"""Operations that get or replace one part of a document, all of them by a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..documents import part_of, with_part
from ..http.messages import Response
from .resources import COLUMN, CONNECTION, TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Call, Handler
    from .resources import Resource

__all__ = ["HANDLERS", "getting_part", "putting_part"]

# Marks a step of a path that is the value of a path parameter.
_GROUP = "{schedulingGroup}"

#: What stands where: the operation that gets the part, the one that replaces it, and its place.
_PARTS: tuple[tuple[str, str, Resource, tuple[str, ...]], ...] = (
    (
        "get_connection_auto_import",
        "update_connection_auto_import",
        CONNECTION,
        ("auto_import_tables",),
    ),
    ("get_connection_comments", "update_connection_comments", CONNECTION, ("comments",)),
    (
        "get_connection_default_grouping_configuration",
        "update_connection_default_grouping_configuration",
        CONNECTION,
        ("default_grouping_configuration",),
    ),
    (
        "get_connection_incident_grouping",
        "update_connection_incident_grouping",
        CONNECTION,
        ("incident_grouping",),
    ),
    ("get_connection_labels", "update_connection_labels", CONNECTION, ("labels",)),
    (
        "get_connection_scheduling_group",
        "update_connection_scheduling_group",
        CONNECTION,
        ("schedules", _GROUP),
    ),
    ("get_table_comments", "update_table_comments", TABLE, ("comments",)),
    ("get_table_labels", "update_table_labels", TABLE, ("labels",)),
    (
        "get_table_incident_grouping",
        "update_table_incident_grouping",
        TABLE,
        ("incident_grouping",),
    ),
    (
        "get_table_scheduling_group_override",
        "update_table_scheduling_group_override",
        TABLE,
        ("schedules_override", _GROUP),
    ),
    (
        "get_table_profiling_checks",
        "update_table_profiling_checks",
        TABLE,
        ("profiling_checks",),
    ),
    (
        "get_table_daily_monitoring_checks",
        "update_table_daily_monitoring_checks",
        TABLE,
        ("monitoring_checks", "daily"),
    ),
    (
        "get_table_monitoring_checks_monthly",
        "update_table_monitoring_checks_monthly",
        TABLE,
        ("monitoring_checks", "monthly"),
    ),
    (
        "get_table_daily_partitioned_checks",
        "update_table_partitioned_checks_daily",
        TABLE,
        ("partitioned_checks", "daily"),
    ),
    (
        "get_table_partitioned_checks_monthly",
        "update_table_partitioned_checks_monthly",
        TABLE,
        ("partitioned_checks", "monthly"),
    ),
    ("get_column_comments", "update_column_comments", COLUMN, ("comments",)),
    ("get_column_labels", "update_column_labels", COLUMN, ("labels",)),
    (
        "get_column_profiling_checks",
        "update_column_profiling_checks",
        COLUMN,
        ("profiling_checks",),
    ),
    (
        "get_column_monitoring_checks_daily",
        "update_column_monitoring_checks_daily",
        COLUMN,
        ("monitoring_checks", "daily"),
    ),
    (
        "get_column_monitoring_checks_monthly",
        "update_column_monitoring_checks_monthly",
        COLUMN,
        ("monitoring_checks", "monthly"),
    ),
    (
        "get_column_partitioned_checks_daily",
        "update_column_partitioned_checks_daily",
        COLUMN,
        ("partitioned_checks", "daily"),
    ),
    (
        "get_column_partitioned_checks_monthly",
        "update_column_partitioned_checks_monthly",
        COLUMN,
        ("partitioned_checks", "monthly"),
    ),
)
# Where the real server never leaves the body empty.
_NEVER_EMPTY = frozenset({"get_table_incident_grouping"})


def getting_part(resource: Resource, path: tuple[str, ...], *, or_empty: bool = False) -> Handler:
    """Make the handler of an operation that gets a part.

    Args:
        resource: Whose part it is.
        path: The names of the properties that lead to the part.
        or_empty: Whether an absent part is an empty object, instead of no body.

    Returns:
        The handler.
    """

    def handler(call: Call) -> Response:
        document = resource.find(call)
        if document is None:
            return Response(404)
        part: Any = part_of(document, _actual(path, call))
        if part is None and not or_empty:
            return Response(200)
        return Response.of_json(200, {} if part is None else part)

    return handler


def putting_part(resource: Resource, path: tuple[str, ...]) -> Handler:
    """Make the handler of an operation that replaces a part.

    Args:
        resource: Whose part it is.
        path: The names of the properties that lead to the part.

    Returns:
        The handler.
    """

    def handler(call: Call) -> Response:
        document = resource.find(call)
        if document is None:
            return Response(404)
        part = call.body
        if isinstance(part, dict):
            # An object without properties is as good as none.
            part = {name: value for name, value in part.items() if value != {}}
        resource.store(call, with_part(document, _actual(path, call), part))
        return Response(204)

    return handler


def _actual(path: tuple[str, ...], call: Call) -> tuple[str, ...]:
    return tuple(call.parameters["schedulingGroup"] if step == _GROUP else step for step in path)


HANDLERS: Mapping[str, Handler] = {
    **{
        getter: getting_part(resource, path, or_empty=getter in _NEVER_EMPTY)
        for getter, _, resource, path in _PARTS
    },
    **{putter: putting_part(resource, path) for _, putter, resource, path in _PARTS},
}
