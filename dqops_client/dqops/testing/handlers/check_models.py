"""The operations on checks as the user interface shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..checks.active import CUSTOM, ActiveCheck
from ..checks.facts import base_name
from ..checks.models import (
    CheckDefinition,
    categories_schema,
    check_definitions,
    check_model,
    check_spec,
    extra_definitions,
    similar_checks,
)
from ..checks.thresholds import history_needed
from ..documents import part_of, with_part
from ..http.messages import Response
from ..http.wire import compact, java_duration, offset_time, stable_hash
from ..patterns import matches
from ..zones import instant_of
from .cron import next_time
from .metadata_models import access
from .resources import COLUMN, TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..documents import Document
    from .call import Call, Handler
    from .resources import Resource

__all__ = ["HANDLERS", "getting_model", "putting_model"]

_GRADIENTS = {"daily": "day", "monthly": "month", None: None}
_DELETED = {
    "deleteErrors": True,
    "deleteStatistics": False,
    "deleteCheckResults": True,
    "deleteSensorReadouts": True,
    "deleteErrorSamples": True,
    "deleteIncidents": False,
    "deleteChecksConfiguration": False,
}
# Checks that compare timestamps, by the beginnings of their names.
_NEEDS_EVENT = ("data_freshness", "data_ingestion_delay", "reload_lag")
_NEEDS_INGESTION = ("data_staleness", "data_ingestion_delay", "reload_lag")
_TOO_COARSE = (
    "store_the_most_recent_result_per_month",
    "store_the_most_recent_result_per_week",
)
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

    def handler(call: Call) -> Response:
        document = resource.find(call)
        if document is None:
            return Response(404)
        shown = _Shown(call, target, check_type, call.parameters.get("timeScale", time_scale))
        return Response.of_json(200, shown.container(document))

    return handler


class _Shown:
    """Shows the checks of a kind.

    Args:
        call: The request.
        target: `table` or `column`.
        check_type: `profiling`, `monitoring` or `partitioned`.
        scale: `daily` or `monthly`; None for profiling.
    """

    def __init__(self, call: Call, target: str, check_type: str, scale: str | None) -> None:
        self._call = call
        self._target = target
        self._check_type = check_type
        self._scale = scale
        # Checks of a policy can neither be run nor scheduled.
        self._is_run = "tableName" in call.parameters
        self._kind = check_type if scale is None else f"{check_type}_{scale}"

    def container(self, document: Document) -> dict[str, Any]:
        """Show all checks (`CheckContainerModel`).

        Args:
            document: The `TableSpec`, `ColumnSpec` or policy that has them.

        Returns:
            The JSON object.
        """
        wanted = self._call.parameters
        brought = self._brought()
        categories: dict[str, list[dict[str, Any]]] = {}
        for definition in _wanted(
            self._call, self._target, self._check_type, self._scale, document
        ):
            check = self._check(document, definition, brought.get(definition.name))
            categories.setdefault(definition.category, []).append(check)
        schedule = self._schedule()
        shown = [each for checks in categories.values() for each in checks]
        if schedule and shown and all("effective_schedule" in each for each in shown):
            schedule = {
                **schedule,
                "effective_schedule": None,
                "effective_schedule_enabled_status": "overridden_by_checks",
            }
        return compact(
            {
                "categories": [
                    {
                        "category": category,
                        **_comparison(category),
                        "help_text": self._help_text(category),
                        "checks": checks,
                        **self._templates(category, wanted.get("checkName")),
                    }
                    for category, checks in categories.items()
                ],
                **schedule,
                **self._templates(wanted.get("checkCategory"), wanted.get("checkName")),
                **access(self._call.caller, _ACTIONS),
            }
        )

    def _check(
        self, document: Document, definition: CheckDefinition, brought: ActiveCheck | None
    ) -> dict[str, Any]:
        spec = part_of(document, _path(self._check_type, self._scale, definition))
        is_default = spec is None and brought is not None
        if is_default and brought is not None:
            spec = brought.spec
        model = check_model(definition, spec, is_default=is_default)
        similar = similar_checks(self._call.specification, self._target, definition.name)
        profiling = next((each for each in similar if each["check_type"] == "profiling"), None)
        grouping = model.get("data_grouping_configuration")
        return compact(
            {
                **model,
                **self._override(model),
                **self._templates(definition.category, definition.name, grouping),
                "check_target": self._target,
                "configuration_requirements_errors": self._missing(definition) or None,
                "similar_checks": similar or None,
                "check_hash": self._hash(definition),
                **access(self._call.caller, _ACTIONS),
                "similar_profiling_check": profiling,
            }
        )

    def _missing(self, definition: CheckDefinition) -> list[str]:
        """Tell what the check needs and the table does not have."""
        if not self._is_run:
            return []
        table = self._call.state.catalog.tables[self._call.table_key]
        missing = []
        if self._check_type == "profiling" and history_needed(definition.name):
            truncation = part_of(table, ("profiling_checks", "result_truncation"))
            if truncation in (None, *_TOO_COARSE):
                missing.append("Profiling keeps too few results to compare them with earlier ones.")
        timestamps = table.get("timestamp_columns")
        if timestamps is None:
            return missing
        if self._check_type == "partitioned" and not timestamps.get("partition_by_column"):
            missing.append("The table has no column to partition by.")
        name = base_name(definition.name)
        event = name.startswith(_NEEDS_EVENT) and not timestamps.get("event_timestamp_column")
        ingestion = name.startswith(_NEEDS_INGESTION) and not timestamps.get(
            "ingestion_timestamp_column"
        )
        if event and ingestion:
            missing.append("The table has neither an event nor an ingestion timestamp column.")
        elif event:
            missing.append("The table has no event timestamp column.")
        elif ingestion:
            missing.append("The table has no ingestion timestamp column.")
        return missing

    def _hash(self, definition: CheckDefinition) -> int:
        """Give the number that results of the check have as well."""
        if not self._is_run:
            names = (*_owner(self._call), self._check_type, self._scale or "", definition.name)
            return stable_hash(*names)
        _, _, comparison = definition.category.partition("/")
        check = ActiveCheck(
            self._call.parameters.get("columnName"),
            self._check_type,
            self._scale,
            definition.category,
            definition.name,
            {},
            comparison or None,
        )
        return check.first_result(self._call.table_key).check_hash

    def _brought(self) -> Mapping[str, ActiveCheck]:
        """Find the checks of this kind that policies bring."""
        if not self._is_run:
            return {}
        checks = self._call.state.policy_checks(
            self._call.table_key, self._call.parameters.get("columnName")
        )
        kind = (self._check_type, self._scale)
        return {each.name: each for each in checks if (each.check_type, each.time_scale) == kind}

    def _help_text(self, category: str) -> str:
        words = self._kind.replace("_", " ")
        return f"Checks of the category {category} among the {words} checks of a {self._target}."

    def _templates(
        self, category: str | None, check_name: str | None = None, grouping: str | None = None
    ) -> dict[str, Any]:
        """Give what selects checks for a run, and their data for deletion."""
        if not self._is_run:
            return {}
        connection, schema, table = self._call.table_key
        column = self._call.parameters.get("columnName")
        place = {"connection": connection, "fullTableName": f"{schema}.{table}"}
        named = {"checkCategory": category, "checkName": check_name, "checkType": self._check_type}
        return {
            "run_checks_job_template": compact(
                {
                    **place,
                    "enabled": True,
                    "column": column,
                    "checkTarget": self._target,
                    "timeScale": self._scale,
                    **named,
                }
            ),
            "data_clean_job_template": compact(
                {
                    **place,
                    **_DELETED,
                    "columnNames": None if column is None else [column],
                    **named,
                    "dataGroupTag": grouping,
                    "timeGradient": _GRADIENTS[self._scale],
                }
            ),
        }

    def _schedule(self) -> dict[str, Any]:
        """Tell when the checks run."""
        if not self._is_run:
            return {}
        connection, *_ = self._call.table_key
        catalog = self._call.state.catalog
        table = catalog.tables[self._call.table_key]
        partition = part_of(table, ("timestamp_columns", "partition_by_column"))
        shown: dict[str, Any] = {"partition_by_column": partition}
        for level, owner, name in (
            ("table_override", table, "schedules_override"),
            ("connection", catalog.connections.get(connection) or {}, "schedules"),
        ):
            schedule = part_of(owner, (name, self._kind))
            if schedule:
                shown |= {
                    "effective_schedule": self._effective(schedule, level),
                    "effective_schedule_enabled_status": _enabled_status(schedule),
                }
                return shown
        return {**shown, "effective_schedule_enabled_status": _enabled_status(None)}

    def _override(self, model: Mapping[str, Any]) -> dict[str, Any]:
        """Tell when a check runs that has a schedule of its own."""
        schedule = model.get("schedule_override")
        return {
            "effective_schedule": self._effective(schedule, "check_override") if schedule else None,
            "schedule_enabled_status": _enabled_status(schedule),
        }

    def _effective(self, schedule: Document, level: str) -> dict[str, Any]:
        """Show a schedule (`EffectiveScheduleModel`), with its next time in the zone."""
        state = self._call.state
        due = None
        if not schedule.get("disabled"):
            due = next_time(schedule.get("cron_expression") or "", state.local_now)
        zone = state.settings.zone
        at = None if due is None else instant_of(due, zone)
        return compact(
            {
                "schedule_group": self._kind,
                "schedule_level": level,
                "cron_expression": schedule.get("cron_expression"),
                "time_of_execution": None if at is None else offset_time(at.astimezone(zone)),
                "time_until_execution": None
                if at is None
                else java_duration(at - state.clock.now()),
                "disabled": bool(schedule.get("disabled")),
            }
        )


def _enabled_status(schedule: Document | None) -> str:
    if not schedule:
        return "not_configured"
    return "disabled" if schedule.get("disabled") else "enabled"


def _comparison(category: str) -> dict[str, str]:
    """Name the table comparison whose checks are in a category, if they are of one."""
    _, _, name = category.partition("/")
    return {"comparison_name": name} if name else {}


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

    def handler(call: Call) -> Response:
        document = resource.find(call)
        if document is None:
            return Response(404)
        scale = call.parameters.get("timeScale", time_scale)
        schema = categories_schema(target, check_type, scale)
        container = part_of(document, _container(check_type, scale)) or {}
        definitions = (
            *check_definitions(call.specification, schema),
            *extra_definitions(call.specification, schema, container),
        )
        known = {(each.category, each.name): each for each in definitions}
        for category in call.body.get("categories") or ():
            for model in category.get("checks") or ():
                definition = known.get((category.get("category"), model.get("check_name")))
                if definition is not None:
                    path = _path(check_type, scale, definition)
                    document = with_part(document, path, check_spec(definition, model))
        resource.store(call, document)
        return Response(204)

    return handler


def _getting_list(resource: Resource, target: str, check_type: str) -> Handler:
    """Make the handler of an operation that lists the names of checks."""

    def handler(call: Call) -> Response:
        document = resource.find(call)
        if document is None:
            return Response(404)
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
            for definition in _wanted(call, target, check_type, scale, document)
        ]
        return Response.of_json(200, {"checks": checks, **access(call.caller, _ACTIONS)})

    return handler


def _wanted(
    call: Call, target: str, check_type: str, scale: str | None, document: Document
) -> Iterator[CheckDefinition]:
    schema = categories_schema(target, check_type, scale)
    container = part_of(document, _container(check_type, scale)) or {}
    definitions = [
        *check_definitions(call.specification, schema),
        *extra_definitions(call.specification, schema, container),
    ]
    if "tableName" in call.parameters:
        comparisons = call.state.catalog.tables[call.table_key].get("table_comparisons") or {}
        kind = (check_type, scale)
        definitions = [each for each in definitions if _is_shown(each, comparisons, kind)]
    # Checks of one category stand together.
    order = list(dict.fromkeys(each.category for each in definitions))
    for definition in sorted(definitions, key=lambda each: order.index(each.category)):
        if matches(call.parameters.get("checkCategory"), definition.category) and matches(
            call.parameters.get("checkName"), definition.name
        ):
            yield definition


def _is_shown(
    definition: CheckDefinition, comparisons: Document, kind: tuple[str, str | None]
) -> bool:
    """Hide the checks of a table comparison that is for another kind of checks."""
    _, _, name = definition.category.partition("/")
    comparison = comparisons.get(name)
    return comparison is None or kind == (
        comparison.get("check_type"),
        comparison.get("time_scale"),
    )


def _container(check_type: str, scale: str | None) -> tuple[str, ...]:
    return (f"{check_type}_checks",) if scale is None else (f"{check_type}_checks", scale)


def _path(check_type: str, scale: str | None, definition: CheckDefinition) -> tuple[str, ...]:
    is_custom = not definition.is_built_in and definition.category != CUSTOM
    custom = ("custom_checks",) if is_custom else ()
    category = tuple(definition.category.split("/", 1))
    return (*_container(check_type, scale), *category, *custom, definition.name)


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
