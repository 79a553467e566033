"""The configurations of comparisons of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..documents import part_of
from ..http.errors import RefusedRequestError
from ..http.wire import compact
from .crud import Crud, inside
from .metadata_models import access, physical_name
from .resources import TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents import Document
    from ..http.messages import Response
    from .call import Call, Handler

__all__ = ["HANDLERS", "comparison_document"]

# What a configuration has in both forms, under the same name.
_SETTINGS = (
    "check_type",
    "time_scale",
    "compared_table_filter",
    "reference_table_filter",
    "grouping_columns",
)


def _comparison_model(call: Call, name: str, document: Document) -> dict[str, Any]:
    reference = (
        "",
        document.get("reference_table_schema_name") or "",
        document.get("reference_table_name") or "",
    )
    actions = access(call.caller, ["can_edit", "can_run_checks", "can_delete_data"])
    return compact(
        {
            "table_comparison_configuration_name": name,
            "compared_connection": call.parameters["connectionName"],
            "compared_table": physical_name(call.table_key),
            "reference_connection": document.get("reference_table_connection_name"),
            "reference_table": physical_name(reference),
            **{each: document.get(each) for each in _SETTINGS},
            "can_edit": actions["can_edit"],
            "can_run_compare_checks": actions["can_run_checks"],
            "can_delete_data": actions["can_delete_data"],
        }
    )


def comparison_document(body: Document) -> Document:
    """Give the configuration of a comparison as a table's specification has it.

    Args:
        body: The comparison as the API sends it.

    Returns:
        The document.
    """
    reference = body.get("reference_table") or {}
    return compact(
        {
            "reference_table_connection_name": body.get("reference_connection"),
            "reference_table_schema_name": reference.get("schema_name"),
            "reference_table_name": reference.get("table_name"),
            **{each: body.get(each) for each in _SETTINGS},
        }
    )


_CONFIGURATIONS = Crud(
    inside(TABLE, ("table_comparisons",)),
    "tableComparisonConfigurationName",
    model=_comparison_model,
    document=comparison_document,
    name_in_body="table_comparison_configuration_name",
    deletes_unknown=True,
    filters={"checkType": "check_type", "checkTimeScale": "time_scale"},
)


def _update_configuration(call: Call) -> Response:
    name = call.parameters["tableComparisonConfigurationName"]
    is_there = part_of(TABLE.find(call) or {}, ("table_comparisons", name)) is not None
    if is_there and call.body.get("table_comparison_configuration_name") not in {None, "", name}:
        raise RefusedRequestError(500, "The server fails where the body has another name.")
    return _CONFIGURATIONS.updating(call)


HANDLERS: Mapping[str, Handler] = {
    **_CONFIGURATIONS.handlers(
        listing="get_table_comparison_configurations",
        getting="get_table_comparison_configuration",
        creating="create_table_comparison_configuration",
        deleting="delete_table_comparison_configuration",
    ),
    "update_table_comparison_configuration": _update_configuration,
}
