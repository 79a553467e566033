"""What bodies must hold besides what the specification says, as the real server compares them.

Each entry is checked before an operation is handled, whatever the path names. Seen on 1.13.2; the
operations on source tables and groupings look for their table first, and have the rule themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..documents import part_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Call

__all__ = ["NEEDED", "refusal"]

# The parameter is None if any value does.
_Rule = tuple[tuple[str, ...], str | None]

_TARGET: tuple[_Rule, ...] = (
    (("target", "schema_name"), "schemaName"),
    (("target", "table_name"), "tableName"),
)
_COLUMN: tuple[_Rule, ...] = (
    (("connection_name",), "connectionName"),
    (("column_name",), "columnName"),
    (("table", "schema_name"), "schemaName"),
    (("table", "table_name"), "tableName"),
)
#: By operation: properties of the body, each with the parameter of the path that it must equal.
NEEDED: Mapping[str, tuple[_Rule, ...]] = {
    "create_check": ((("check_name",), "fullCheckName"),),
    "create_column_quality_policy": ((("policy_spec",), None),),
    "create_connection": ((("provider_type",), None),),
    "create_connection_basic": ((("provider_type",), None),),
    "create_table_quality_policy_pattern": ((("policy_spec",), None),),
    "update_column_basic": _COLUMN,
    "update_column_quality_policy": ((("policy_spec",), None),),
    "update_column_quality_policy_target": ((("target_column",), None),),
    "update_connection_basic": ((("connection_name",), "connectionName"),),
    "update_table_basic": _TARGET,
    "update_table_partitioning": _TARGET,
    "update_table_quality_policy": ((("policy_spec",), None),),
    "update_table_quality_policy_target": ((("target_table",), None),),
}
_STATUSES = {"create_check": 400}


def refusal(operation: str, call: Call) -> tuple[int, str] | None:
    """Tell whether the real server refuses a body that the specification allows.

    Args:
        operation: The operation's name.
        call: The request.

    Returns:
        The status, whose body is empty, and why, for the record; None if the body will do.
    """
    for path, parameter in NEEDED.get(operation, ()):
        value = part_of(call.body, path)
        shown = ".".join(path)
        # The name of a check has its folder before it.
        wanted = None if parameter is None else str(call.parameters[parameter]).split("/")[-1]
        if value is None or (wanted is not None and value != wanted):
            told = "must be set" if wanted is None else f"must be {wanted!r}, as in the path"
            return _STATUSES.get(operation, 406), f"{shown!r} of the body {told}."
    return None
