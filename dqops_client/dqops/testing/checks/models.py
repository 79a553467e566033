"""Checks as the user interface shows them: the specification's check tree, filled in.

Which checks there are, and which parameters they have, is read off the specification's schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from ..documents import Document, copied
from ..http.wire import compact
from ..specification.shipped import load_specification
from .facts import (
    base_name,
    default_dimension,
    default_value,
    display_hint,
    facts_of,
    friendly_name,
    is_optional,
)
from .thresholds import history_needed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..specification import Specification

__all__ = [
    "CHECK_KINDS",
    "CheckDefinition",
    "categories_schema",
    "category_of",
    "check_definitions",
    "check_model",
    "check_spec",
    "extra_definitions",
]

#: The check types with their time scales.
CHECK_KINDS: tuple[tuple[str, str | None], ...] = (
    ("profiling", None),
    ("monitoring", "daily"),
    ("monitoring", "monthly"),
    ("partitioned", "daily"),
    ("partitioned", "monthly"),
)
SEVERITY_NAMES = ("warning", "error", "fatal")
_SEVERITIES_SHOWN = ("error", "warning", "fatal")
_CUSTOM_CHECKS = "custom_checks"
_CUSTOM = "custom"
_COMPARISONS = "comparisons"
_SCHEMAS = "/components/schemas"
# What a check has in both forms, under the same name.
_COMMON = (
    "disabled",
    "exclude_from_kpi",
    "include_in_sla",
    "quality_dimension",
    "display_name",
    "schedule_override",
    "comments",
    "always_collect_error_samples",
    "do_not_schedule",
)
_ALWAYS_SENT = ("disabled", "exclude_from_kpi", "include_in_sla")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a sensor or rule.

    Attributes:
        name: Its name.
        data_type: Its `ParameterDataType`.
        value_property: The property of a `FieldModel` that has its value.
        allowed: The values that it can have; None for any.
        owner: The schema that it is in, whose name tells its default value.
        help_text: What it does.
    """

    name: str
    data_type: str
    value_property: str
    allowed: tuple[str, ...] | None = None
    owner: str = ""
    help_text: str | None = None


@dataclass(frozen=True)
class CheckDefinition:
    """A check that there is.

    Attributes:
        category: Its category.
        name: Its name.
        help_text: What it does.
        sensor: The parameters of its sensor.
        rules: The parameters of its rule by severity.
        is_built_in: Whether the server brings it with it.
    """

    category: str
    name: str
    help_text: str | None
    sensor: tuple[Parameter, ...]
    rules: Mapping[str, tuple[Parameter, ...]]
    is_built_in: bool = True

    @cached_property
    def unconfigured(self) -> Mapping[str, Any]:
        """The check as `check_model` shows it where it is not configured, which most are not."""
        return _model(self, None, is_default=False)


_ANY_RULES: Mapping[str, tuple[Parameter, ...]] = dict.fromkeys(SEVERITY_NAMES, ())


def categories_schema(target: str, check_type: str, time_scale: str | None) -> str:
    """Name the schema that lists the checks of a kind.

    Args:
        target: `table` or `column`.
        check_type: `profiling`, `monitoring` or `partitioned`.
        time_scale: `daily` or `monthly`; None for profiling.

    Returns:
        The name, such as `TableDailyMonitoringCheckCategoriesSpec`.
    """
    words = (target, time_scale or "", check_type)
    return f"{''.join(word.capitalize() for word in words)}CheckCategoriesSpec"


@lru_cache(maxsize=64)
def check_definitions(specification: Specification, schema: str) -> tuple[CheckDefinition, ...]:
    """List the checks of a kind, without those that users define themselves.

    Args:
        specification: The specification.
        schema: What `categories_schema` gave.

    Returns:
        The checks by category, in the order of the specification.
    """
    return tuple(_definitions(specification, schema))


def category_of(target: str, check_type: str, time_scale: str | None, name: str) -> str | None:
    """Find the category of a check.

    Args:
        target: `table` or `column`.
        check_type: `profiling`, `monitoring` or `partitioned`.
        time_scale: `daily` or `monthly`; not looked at for profiling.
        name: The check's name.

    Returns:
        The category; None for a check that the server does not bring with it.
    """
    scale = None if check_type == "profiling" else time_scale
    definitions = check_definitions(
        load_specification(), categories_schema(target, check_type, scale)
    )
    return next((each.category for each in definitions if each.name == name), None)


@lru_cache(maxsize=1024)
def similar_checks(
    specification: Specification, target: str, check_name: str
) -> list[dict[str, Any]]:
    """List the checks that measure the same in other types and time scales (`SimilarCheckModel`).

    Args:
        specification: The specification.
        target: `table` or `column`.
        check_name: The check's name.

    Returns:
        The JSON objects, the check itself among them; nothing for a check that the server does not
        bring with it.
    """
    wanted = base_name(check_name)
    return [
        compact(
            {
                "check_target": target,
                "check_type": check_type,
                "time_scale": time_scale,
                "category": definition.category,
                "check_name": definition.name,
            }
        )
        for check_type, time_scale in CHECK_KINDS
        for definition in check_definitions(
            specification, categories_schema(target, check_type, time_scale)
        )
        if base_name(definition.name) == wanted
    ]


def extra_definitions(
    specification: Specification, schema: str, container: Document
) -> list[CheckDefinition]:
    """List the checks of an owner that the server does not bring with it, and comparisons.

    Args:
        specification: The specification.
        schema: What `categories_schema` gave.
        container: The checks that the owner configures, by category.

    Returns:
        Custom checks in their categories, and those of table comparisons, whose categories are
        called `comparisons/` and the name of the comparison.
    """
    found: list[CheckDefinition] = []
    for category, checks in container.items():
        if not isinstance(checks, Mapping):
            continue
        if category == _COMPARISONS:
            place = f"{_SCHEMAS}/{schema}/properties/{_COMPARISONS}/additionalProperties"
            for comparison in checks:
                found += _checks_in(specification, f"{category}/{comparison}", place)
            continue
        custom = checks if category == _CUSTOM else checks.get(_CUSTOM_CHECKS) or {}
        found += [
            CheckDefinition(category, name, None, (), _ANY_RULES, is_built_in=False)
            for name in custom
        ]
    return found


def check_model(
    definition: CheckDefinition, spec: Document | None, *, is_default: bool = False
) -> Mapping[str, Any]:
    """Show a check (`CheckModel`), without what depends on where it stands and who asks.

    Args:
        definition: The check.
        spec: How it is configured, by its owner or by a policy; None if it is not.
        is_default: Whether a policy configures it.

    Returns:
        The JSON object, which is not to be changed.
    """
    if spec is None and not is_default:
        return definition.unconfigured
    return _model(definition, spec, is_default=is_default)


def _model(
    definition: CheckDefinition, spec: Document | None, *, is_default: bool
) -> dict[str, Any]:
    known = spec or {}
    parameters = known.get("parameters") or {}
    facts = facts_of(definition.name)
    rule_name = known.get("rule_name") if facts is None else facts.rule
    return compact(
        {
            "check_name": definition.name,
            "help_text": definition.help_text,
            "friendly_name": friendly_name(definition.name),
            "sensor_parameters": _fields(
                [each for each in definition.sensor if each.name != "filter"], parameters
            ),
            "sensor_name": known.get("sensor_name") if facts is None else facts.sensor,
            "quality_dimension": default_dimension(definition.category, definition.name),
            "rule": {
                severity: compact(
                    {
                        "rule_name": rule_name,
                        "rule_parameters": _fields(definition.rules[severity], known.get(severity)),
                        "disabled": False,
                        "configured": known.get(severity) is not None,
                    }
                )
                for severity in _SEVERITIES_SHOWN
                if severity in definition.rules
            },
            "supports_error_sampling": facts is not None and facts.has_samples,
            "supports_grouping": facts is None or facts.has_groups,
            "standard": True if facts is not None and facts.is_standard else None,
            "default_check": True if is_default else None,
            "default_severity": "warning" if history_needed(definition.name) else "error",
            **{name: value for name in _COMMON if (value := known.get(name)) is not None},
            **{name: bool(known.get(name)) for name in _ALWAYS_SENT},
            "configured": spec is not None and not is_default,
            "filter": parameters.get("filter"),
            "data_grouping_configuration": known.get("data_grouping"),
        }
    )


def check_spec(definition: CheckDefinition, model: Document) -> dict[str, Any] | None:
    """Read the configuration of a check off its model.

    Args:
        definition: The check.
        model: Its `CheckModel`.

    Returns:
        Its specification; None if it is not configured.
    """
    if not model.get("configured"):
        return None
    spec = {
        # False is what an absent property means.
        name: model[name]
        for name in _COMMON
        if model.get(name) not in (None, False)
    }
    if spec.get("quality_dimension") == default_dimension(definition.category, definition.name):
        del spec["quality_dimension"]
    if model.get("data_grouping_configuration"):
        spec["data_grouping"] = model["data_grouping_configuration"]
    parameters = _values(definition.sensor, model.get("sensor_parameters"))
    if model.get("filter"):
        parameters["filter"] = model["filter"]
    if parameters:
        spec["parameters"] = parameters
    rules = model.get("rule") or {}
    for severity, rule_parameters in definition.rules.items():
        rule = rules.get(severity) or {}
        if rule.get("configured"):
            spec[severity] = _values(rule_parameters, rule.get("rule_parameters"))
    return spec


def _definitions(specification: Specification, schema: str) -> Iterator[CheckDefinition]:
    for category, container in _properties(specification, f"{_SCHEMAS}/{schema}"):
        yield from _checks_in(specification, category, container)


def _checks_in(
    specification: Specification, category: str, container: str
) -> Iterator[CheckDefinition]:
    for name, check in _properties(specification, container):
        content = _schema(specification, check)
        properties = dict(_properties(specification, check))
        if "warning" not in properties:
            continue  # a setting of the container, or a map of custom checks
        yield CheckDefinition(
            category,
            name,
            content.get("description"),
            _parameters(specification, properties.get("parameters")),
            {
                severity: _parameters(specification, properties[severity])
                for severity in SEVERITY_NAMES
                if severity in properties
            },
        )


def _schema(specification: Specification, pointer: str) -> Mapping[str, Any]:
    _, content = specification.resolve(pointer)
    schema: Mapping[str, Any] = content
    return schema


def _properties(specification: Specification, pointer: str) -> Iterator[tuple[str, str]]:
    """Go through the properties of an object; gives pointers to their schemas."""
    place, content = specification.resolve(pointer)
    for name in content.get("properties", ()):
        yield name, f"{place}/properties/{name}"


def _parameters(specification: Specification, pointer: str | None) -> tuple[Parameter, ...]:
    if pointer is None:
        return ()
    return tuple(
        _parameter(name, _schema(specification, place), specification, place)
        for name, place in _properties(specification, pointer)
    )


def _parameter(
    name: str, schema: Mapping[str, Any], specification: Specification, place: str
) -> Parameter:
    kind: Any = schema.get("type")
    form: Any = schema.get("format")
    owner = place.split("/")[3]
    help_text = schema.get("description")
    if "enum" in schema:
        return Parameter(name, "enum", "enum_value", tuple(schema["enum"]), owner, help_text)
    if kind == "array":
        resolved, _ = specification.resolve(place)
        is_text = _schema(specification, f"{resolved}/items").get("type") == "string"
        data_type = "string_list" if is_text else "integer_list"
        return Parameter(name, data_type, f"{data_type}_value", None, owner, help_text)
    data_type = {
        ("boolean", None): "boolean",
        ("integer", "int32"): "integer",
        ("integer", "int64"): "long",
        ("number", "double"): "double",
        ("string", "date"): "date",
        ("string", "date-time-local"): "datetime",
    }.get((kind, form), "string")
    return Parameter(name, data_type, f"{data_type}_value", None, owner, help_text)


def _fields(parameters: Any, values: Any) -> list[dict[str, Any]]:
    """Show parameters (`FieldModel`); what is not given has its default value."""
    known: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
    return [_field(each, known.get(each.name)) for each in parameters]


def _field(parameter: Parameter, given: Any) -> dict[str, Any]:
    value = default_value(parameter.owner, parameter.name) if given is None else copied(given)
    is_required = not is_optional(parameter.owner, parameter.name)
    return compact(
        {
            "definition": compact(
                {
                    "field_name": parameter.name,
                    "display_name": parameter.name,
                    "help_text": parameter.help_text,
                    "data_type": parameter.data_type,
                    "display_hint": display_hint(parameter.name),
                    "required": True if is_required else None,
                    "allowed_values": None
                    if parameter.allowed is None
                    else list(parameter.allowed),
                    "default_value": None if value is None else _shown(value),
                }
            ),
            "optional": not is_required,
            parameter.value_property: value,
        }
    )


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _values(parameters: tuple[Parameter, ...], fields: Any) -> dict[str, Any]:
    """Read the values of parameters off their models."""
    given: dict[str, Any] = {}
    by_name = {each.name: each for each in parameters}
    for field in fields or ():
        name: Any = (field.get("definition") or {}).get("field_name")
        parameter = by_name.get(name)
        if parameter is not None and field.get(parameter.value_property) is not None:
            given[parameter.name] = field[parameter.value_property]
    return given
