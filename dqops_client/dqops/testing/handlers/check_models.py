"""The operations on checks as the user interface shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..check_models import (
    CheckDefinition,
    categories_schema,
    check_definitions,
    check_model,
    check_spec,
)
from ..documents import part_of, with_part
from ..messages import Answer
from ..metadata_models import access
from ..selection import matches
from ..wire import compact, stable_hash
from .resources import COLUMN, TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..documents import Document
    from .call import Call, Handler
    from .resources import Resource

__all__ = ["HANDLERS", "getting_model", "putting_model"]

_ACTIONS = ("can_edit", "can_run_checks", "can_delete_data")


def getting_model(
    resource: Resource, target: str, check_type: str, time_scale: str | None
) -> Handler:
    """Make the handler of an operation that shows all checks of a kind, configured or not.

    Args:
        resource: Whose checks they are.
        target: `table` or `column`.
        check_type: `profiling`, `monitoring` or `partitioned`.
        time_scale: `daily` or `monthly`; None for profiling, or if the path has it.

    Returns:
        The handler.
    """

    def handler(call: Call) -> Answer:
        document = resource.find(call)
        if document is None:
            return Answer(404)
        scale = call.parameters.get("timeScale", time_scale)
        categories: dict[str, list[dict[str, Any]]] = {}
        for definition in _wanted(call, target, check_type, scale):
            spec = part_of(document, _path(check_type, scale, definition))
            model = check_model(definition, spec)
            model |= {
                "run_checks_job_template": _run_filters(call, check_type, scale, definition),
                "check_target": target,
                "check_hash": stable_hash(*_owner(call), check_type, scale or "", definition.name),
                **access(call.caller, _ACTIONS),
            }
            categories.setdefault(definition.category, []).append(model)
        return Answer.of_json(
            200,
            {
                "categories": [
                    {"category": category, "checks": checks}
                    for category, checks in categories.items()
                ],
                "effective_schedule_enabled_status": "not_configured",
                "run_checks_job_template": _run_filters(call, check_type, scale, None),
                **access(call.caller, _ACTIONS),
            },
        )

    return handler


def putting_model(
    resource: Resource, target: str, check_type: str, time_scale: str | None
) -> Handler:
    """Make the handler of an operation that configures the checks of a model.

    Args:
        resource: Whose checks they are.
        target: `table` or `column`.
        check_type: `profiling`, `monitoring` or `partitioned`.
        time_scale: `daily` or `monthly`; None for profiling, or if the path has it.

    Returns:
        The handler.
    """

    def handler(call: Call) -> Answer:
        document = resource.find(call)
        if document is None:
            return Answer(404)
        scale = call.parameters.get("timeScale", time_scale)
        schema = categories_schema(target, check_type, scale)
        known = {
            (each.category, each.name): each
            for each in check_definitions(call.specification, schema)
        }
        for category in call.body.get("categories") or ():
            for model in category.get("checks") or ():
                definition = known.get((category.get("category"), model.get("check_name")))
                if definition is not None:
                    path = _path(check_type, scale, definition)
                    document = with_part(document, path, check_spec(definition, model))
        resource.store(call, document)
        return Answer(204)

    return handler


def _getting_list(resource: Resource, target: str, check_type: str) -> Handler:
    """Make the handler of an operation that lists the names of checks."""

    def handler(call: Call) -> Answer:
        document = resource.find(call)
        if document is None:
            return Answer(404)
        scale = call.parameters.get("timeScale")
        checks = [
            compact(
                {
                    "check_category": definition.category,
                    "check_name": definition.name,
                    "help_text": definition.help_text,
                    "configured": part_of(document, _path(check_type, scale, definition))
                    is not None,
                }
            )
            for definition in _wanted(call, target, check_type, scale)
        ]
        return Answer.of_json(200, {"checks": checks, **access(call.caller, _ACTIONS)})

    return handler


def _wanted(
    call: Call, target: str, check_type: str, scale: str | None
) -> Iterator[CheckDefinition]:
    schema = categories_schema(target, check_type, scale)
    for definition in check_definitions(call.specification, schema):
        if matches(call.parameters.get("checkCategory"), definition.category) and matches(
            call.parameters.get("checkName"), definition.name
        ):
            yield definition


def _path(check_type: str, scale: str | None, definition: CheckDefinition) -> tuple[str, ...]:
    by_scale = () if scale is None else (scale,)
    return (f"{check_type}_checks", *by_scale, definition.category, definition.name)


def _run_filters(
    call: Call, check_type: str, scale: str | None, definition: CheckDefinition | None
) -> Document:
    """Give the filters of a job that runs these checks (`CheckSearchFilters`)."""
    names = call.parameters
    table = f"{names['schemaName']}.{names['tableName']}" if "tableName" in names else None
    return compact(
        {
            "connection": names.get("connectionName"),
            "fullTableName": table,
            "enabled": True,
            "column": names.get("columnName"),
            "checkType": check_type,
            "timeScale": scale,
            "checkCategory": None if definition is None else definition.category,
            "checkName": None if definition is None else definition.name,
        }
    )


def _owner(call: Call) -> tuple[str, ...]:
    names = ("connectionName", "schemaName", "tableName", "columnName", "patternName")
    return tuple(str(call.parameters[name]) for name in names if name in call.parameters)


def _handlers() -> Iterator[tuple[str, Handler]]:
    for target, resource in (("table", TABLE), ("column", COLUMN)):
        for check_type in ("profiling", "monitoring", "partitioned"):
            name = f"{target}_{check_type}_checks"
            model = getting_model(resource, target, check_type, None)
            yield f"get_{name}_model", model
            yield f"get_{name}_model_filter", model
            yield f"get_{name}_basic_model", _getting_list(resource, target, check_type)
            yield f"update_{name}_model", putting_model(resource, target, check_type, None)


HANDLERS: Mapping[str, Handler] = dict(_handlers())
