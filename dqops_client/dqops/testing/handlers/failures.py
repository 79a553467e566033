"""Where the real server fails with status 500 although the request is as specified.

Each entry is checked before an operation is handled, whether it has a behaviour of its own or
responds with the specification's example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http.errors import RefusedRequestError
from ..results.check_results import CHECK_TYPES
from ..state.snapshots import DEFAULT_DOMAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Call, Failure

__all__ = ["FAILURES"]


def _without_connection(call: Call) -> None:
    name = call.parameters["connectionName"]
    if call.state.connection(name) is None:
        raise RefusedRequestError(
            500, f"The server fails where the connection {name!r} is unknown."
        )


def _without(*names: str) -> Failure:
    def check(call: Call) -> None:
        for name in names:
            if (call.body or {}).get(name) is None:
                raise RefusedRequestError(500, f"The server fails where {name!r} is not set.")

    return check


def _without_token(call: Call) -> None:
    is_known = call.parameters["dataDomainName"] in {DEFAULT_DOMAIN, *call.account.domains}
    if call.caller.api_key is None and is_known:
        raise RefusedRequestError(500, "The server fails where the caller has no token.")


def _without_results(call: Call) -> None:
    if call.parameters.get("monthStart") is not None:
        return
    table = call.state.table(*call.table_key)
    column = call.parameters.get("columnName")
    if table is None or (column is not None and table.column(column) is None):
        return  # which gives 404
    if not call.state.stored.of_table(call.table_key):
        raise RefusedRequestError(
            500, "The server fails where a table has no result, and 'monthStart' is not set."
        )


FAILURES: Mapping[str, Failure] = {
    **{
        f"get_{target}_{check_type}_checks_results": _without_results
        for target in ("table", "column")
        for check_type in CHECK_TYPES
    },
    "bulk_activate_connection_checks": _without("check_search_filters"),
    "get_schema_monitoring_checks_templates": _without_connection,
    "get_schema_partitioned_checks_templates": _without_connection,
    "get_schema_profiling_checks_templates": _without_connection,
    "propose_table_monitoring_checks": _without("category_filter", "check_name_filter"),
    "propose_table_partitioned_checks": _without("category_filter", "check_name_filter"),
    "propose_table_profiling_checks": _without("category_filter", "check_name_filter"),
    "switch_to_data_domain": _without_token,
}
