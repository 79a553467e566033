"""Which checks a table and its columns have: those that are configured, and those of policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..documents import Document, part_of, with_part
from ..results.check_results import CheckResult
from ..specification.shipped import load_specification
from .facts import default_dimension, facts_of
from .models import CHECK_KINDS, categories_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..results.check_results import TableKey

__all__ = [
    "COMPARISONS",
    "CUSTOM",
    "ActiveCheck",
    "checks_of",
    "configured_checks",
    "is_configured",
    "place_of",
    "with_check",
]

COMPARISONS = "comparisons"
CUSTOM = "custom"
_CUSTOM_CHECKS = "custom_checks"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_SEVERITIES = ("warning", "error", "fatal")


@dataclass(frozen=True)
class ActiveCheck:
    """A check that a run executes.

    Attributes:
        column: Its column; None for a check of the whole table.
        check_type: `profiling`, `monitoring` or `partitioned`.
        time_scale: `daily` or `monthly`; None for profiling checks.
        category: Its category.
        name: Its name.
        spec: How it is configured.
        table_comparison: The name of the table comparison that it belongs to; None for none.
        changed: The step at which its configuration changed last; see `ResultStore`.
        is_default: Whether a policy brings it, and not the table.
    """

    column: str | None
    check_type: str
    time_scale: str | None
    category: str
    name: str
    spec: Document
    table_comparison: str | None = None
    changed: int = 0
    is_default: bool = False

    @property
    def identity(self) -> tuple[str | None, ...]:
        """What no other check of the table shares."""
        return (self.column, self.check_type, self.time_scale, self.name, self.table_comparison)

    def first_result(self, table: TableKey) -> CheckResult:
        """Show what results of the check look like.

        Args:
            table: The names of its table.

        Returns:
            A result that is not stored.
        """
        return _first_result(
            table,
            self.column,
            self.check_type,
            self.time_scale,
            self.category,
            self.name,
            self.table_comparison,
            self.spec.get("quality_dimension"),
            self.spec.get("sensor_name"),
        )


@lru_cache(maxsize=4096)
def _first_result(
    table: TableKey,
    column: str | None,
    check_type: str,
    time_scale: str | None,
    category: str,
    name: str,
    table_comparison: str | None,
    dimension: str | None,
    sensor: str | None,
) -> CheckResult:
    """Make a result, which nobody changes, once: models and runs ask for hundreds each time."""
    facts = facts_of(name)
    return CheckResult(
        *table,
        check_name=name,
        category=category,
        severity=0,
        executed_at=_NEVER,
        check_type=check_type,
        time_scale=time_scale,
        column=column,
        quality_dimension=dimension or default_dimension(category, name),
        sensor_name=sensor if facts is None else facts.sensor,
        table_comparison=table_comparison,
    )


def configured_checks(document: Document, changed: int = 0) -> Iterator[ActiveCheck]:
    """Go through the checks that a table and its columns configure.

    Args:
        document: The `TableSpec`.
        changed: The step at which the document changed last.

    Yields:
        The checks that are not disabled; those of the table come first.
    """
    if document.get("disabled"):
        return
    yield from checks_of(document, None, changed)
    for name, column in (document.get("columns") or {}).items():
        if not column.get("disabled"):
            yield from checks_of(column, name, changed)


def checks_of(
    owner: Document, column: str | None, changed: int, *, is_default: bool = False
) -> Iterator[ActiveCheck]:
    """Go through the checks that one table, column or policy configures.

    Args:
        owner: The `TableSpec`, `ColumnSpec` or policy.
        column: The column's name; None for a table.
        changed: The step at which the document changed last.
        is_default: Whether the owner is a policy.

    Yields:
        The checks that are not disabled.
    """
    for check_type, time_scale in CHECK_KINDS:
        steps = (f"{check_type}_checks", *(() if time_scale is None else (time_scale,)))
        container = part_of(owner, steps)
        if not isinstance(container, Mapping):
            continue
        for category, comparison, name, spec in _named(container):
            if not spec.get("disabled"):
                yield ActiveCheck(
                    column,
                    check_type,
                    time_scale,
                    category,
                    name,
                    spec,
                    comparison,
                    changed,
                    is_default,
                )


def _named(container: Document) -> Iterator[tuple[str, str | None, str, Document]]:
    """Go through the checks in a container: category, table comparison, name, configuration."""
    for category, checks in container.items():
        if not isinstance(checks, Mapping):
            continue  # a setting, such as the truncation of results
        groups: dict[str | None, Any] = {None: checks}
        if category == COMPARISONS:
            groups = dict(checks)
        for comparison, named in groups.items():
            custom = named.get(_CUSTOM_CHECKS) or {}
            for name, spec in (*named.items(), *custom.items()):
                if name != _CUSTOM_CHECKS and isinstance(spec, Mapping):
                    yield category, comparison, name, spec


def is_configured(owner: Document, check: ActiveCheck) -> bool:
    """Tell whether a table or column configures a check itself, disabled or not.

    Args:
        owner: The `TableSpec` or `ColumnSpec`.
        check: The check.

    Returns:
        Whether it does.
    """
    scale = () if check.time_scale is None else (check.time_scale,)
    container = part_of(owner, (f"{check.check_type}_checks", *scale, check.category)) or {}
    return check.name in container or check.name in (container.get(_CUSTOM_CHECKS) or {})


def place_of(result: CheckResult) -> tuple[str, ...]:
    """Say where the check of a result is configured.

    Args:
        result: The result.

    Returns:
        The names of the properties that lead from the `TableSpec` to the check.
    """
    owner = () if result.column is None else ("columns", result.column)
    scale = () if result.time_scale is None else (result.time_scale,)
    container = (*owner, f"{result.check_type}_checks", *scale)
    if result.table_comparison is not None:
        return (*container, COMPARISONS, result.table_comparison, result.check_name)
    target = "table" if result.column is None else "column"
    categories = _properties(categories_schema(target, result.check_type, result.time_scale))
    if result.category == CUSTOM or result.category not in categories:
        return (*container, CUSTOM, result.check_name)
    if result.check_name in _properties_at(categories[result.category]):
        return (*container, result.category, result.check_name)
    return (*container, result.category, _CUSTOM_CHECKS, result.check_name)


def with_check(document: Document, result: CheckResult) -> Document:
    """Configure the check of a result, unless it is.

    Args:
        document: The `TableSpec`, which stays as it is.
        result: The result; its thresholds become those of the rules.

    Returns:
        The document that has the check.
    """
    place = place_of(result)
    if part_of(document, place) is not None:
        return document
    return with_part(document, place, _rules_of(result))


def _rules_of(result: CheckResult) -> dict[str, Any]:
    """Make rules that have the thresholds of a result, as far as those say it."""
    target = "table" if result.column is None else "column"
    rules: dict[str, Any] = {}
    for severity in _SEVERITIES:
        lower = result.bounds.get(f"{severity}LowerBound")
        upper = result.bounds.get(f"{severity}UpperBound")
        if lower is None and upper is None:
            continue
        names = _rule_parameters(target, result, severity)
        rules[severity] = {
            name: limit
            for name, limit in (
                (_first(names, ("min_", "from")), lower),
                (_first(names, ("max_", "to")), upper),
            )
            if name is not None and limit is not None
        }
    if not rules:
        rules[_SEVERITIES[result.severity - 1] if result.is_issue else "error"] = {}
    return rules


def _first(names: Mapping[str, Any], beginnings: tuple[str, ...]) -> str | None:
    return next((name for name in names if name.startswith(beginnings)), None)


def _rule_parameters(target: str, result: CheckResult, severity: str) -> Mapping[str, Any]:
    categories = _properties(categories_schema(target, result.check_type, result.time_scale))
    place = categories.get(result.category)
    for step in (result.check_name, severity):
        if place is None:
            return {}
        place = _properties_at(place).get(step)
    return {} if place is None else _properties_at(place)


def _properties(schema: str) -> Mapping[str, Any]:
    return _properties_at({"$ref": f"#/components/schemas/{schema}"})


def _properties_at(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the properties of a schema, which may be a reference."""
    if "$ref" in schema:
        _, schema = load_specification().resolve(schema["$ref"].removeprefix("#"))
    properties: Mapping[str, Any] = schema.get("properties", {})
    return properties
