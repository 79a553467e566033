"""Which tables and checks the filters of a run select, as the server understands them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..._runtime.suggestions import did_you_mean
from ...client.errors import InvalidRequest
from ...client.types import is_set, or_none
from ..parameters import settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...client.models import CheckSearchFilters, RunChecksParameters
    from ..kinds import ChecksToRun

__all__ = ["Container", "Selection", "check_values", "matches", "selection_of"]

CHECK_TYPES = ("profiling", "monitoring", "partitioned")
TIME_SCALES = ("daily", "monthly")

# What is compared here, where a value of a newer server would silently select nothing.
_WORDS = {
    "check_type": CHECK_TYPES,
    "time_scale": TIME_SCALES,
    "check_target": ("table", "column"),
}
_PATTERNS = (
    "connection",
    "full_table_name",
    "column",
    "column_data_type",
    "check_category",
    "quality_dimension",
    "table_comparison_name",
    "check_name",
    "sensor_name",
)


def matches(pattern: str, text: str | None) -> bool:
    """Compare a name with a pattern, as the server does: without regard to case.

    Args:
        pattern: A name in which `*` stands for any characters; empty for any name.
        text: The name; None matches only an empty pattern.

    Returns:
        Whether it matches.
    """
    if not pattern:
        return True
    if text is None:
        return False
    parts = (re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(".*".join(parts), text, re.DOTALL | re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Container:
    """Where checks are: those of one type and time scale, of a table or of one of its columns.

    Attributes:
        column: The name of the column; None for the table.
        check_type: `profiling`, `monitoring` or `partitioned`.
        time_scale: `daily` or `monthly`; None for profiling checks.
    """

    column: str | None
    check_type: str
    time_scale: str | None

    def operation(self, group: str, what: str) -> str:
        """Name the operation that reads something of these checks.

        Args:
            group: Its group; that of models is `tables` or `columns`.
            what: What it reads, such as `checks_results`.

        Returns:
            The name with the group.
        """
        target = "table" if self.column is None else "column"
        return f"{group or target + 's'}/get_{target}_{self.check_type}_{what}"

    def path(self, table: tuple[str, str, str]) -> tuple[Any, ...]:
        """Give the path parameters of such an operation.

        Args:
            table: Connection, schema and table.

        Returns:
            The parameters in order.
        """
        column = () if self.column is None else (self.column,)
        return (*table, *column, *self._scale())

    def _scale(self) -> tuple[Any, ...]:
        if self.time_scale is None:
            return ()
        from ...client.models import CheckTimeScale

        return (CheckTimeScale.decode(self.time_scale),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What filters select; an empty string selects everything.

    Attributes:
        connection: A pattern for the connection.
        schema: A pattern for the schema.
        table: A pattern for the table.
        labels: Labels that the table or its connection must have, each. (A run looks at the
            table's own only.)
        check_types: The types of checks.
        time_scale: The time scale; empty for both, and for profiling checks.
        target: `table` or `column`; empty for both.
        column: A pattern for the column.
        column_data_type: The physical data type of the column.
        column_nullable: Whether the column takes nulls; None for no condition.
        category: A pattern for the category.
        dimension: A pattern for the quality dimension.
        comparison: A pattern for the table comparison.
        check: A pattern for the check.
        sensor: A pattern for the sensor.
    """

    connection: str = ""
    schema: str = ""
    table: str = ""
    labels: tuple[str, ...] = ()
    check_types: frozenset[str] = frozenset(CHECK_TYPES)
    time_scale: str = ""
    target: str = ""
    column: str = ""
    column_data_type: str = ""
    column_nullable: bool | None = None
    category: str = ""
    dimension: str = ""
    comparison: str = ""
    check: str = ""
    sensor: str = ""

    @property
    def needs_columns(self) -> bool:
        """Whether it depends on properties of columns that a status does not tell."""
        return bool(self.column_data_type) or self.column_nullable is not None

    def containers(self, column: str | None) -> Iterator[Container]:
        """Go through all places where selected checks may be.

        Args:
            column: The name of the column; None for the table.

        Yields:
            The containers.
        """
        for check_type in CHECK_TYPES:
            if check_type not in self.check_types:
                continue
            if check_type == "profiling":
                yield Container(column, check_type, None)
                continue
            for time_scale in TIME_SCALES:
                if not self.time_scale or self.time_scale == time_scale:
                    yield Container(column, check_type, time_scale)

    def selects_table(self, connection: str, schema: str, table: str) -> bool:
        """Tell whether a table is selected, as far as its name tells.

        Args:
            connection: The name of its connection.
            schema: The name of its schema.
            table: Its name.

        Returns:
            Whether it is; False where labels decide.
        """
        return (
            not self.labels
            and matches(self.connection, connection)
            and matches(self.schema, schema)
            and matches(self.table, table)
        )

    def selects(self, column: str | None, name: str, comparison: str | None, status: Any) -> bool:
        """Tell whether a check is selected, as far as its status tells.

        Args:
            column: The name of its column; None for a check on the table.
            name: Its name.
            comparison: The name of its table comparison; None for other checks.
            status: A `CheckCurrentDataQualityStatusModel`.

        Returns:
            Whether it is.
        """
        if self.target and self.target != ("table" if column is None else "column"):
            return False
        if status.check_type and not self._selects_type(str(status.check_type)):
            return False
        if self.time_scale and status.time_scale and status.time_scale != self.time_scale:
            return False
        return (
            matches(self.column, column)
            and matches(self.check, name)
            and matches(self.category, status.category or None)
            and matches(self.dimension, status.quality_dimension or None)
            and matches(self.comparison, comparison)
        )

    def _selects_type(self, check_type: str) -> bool:
        """Tell whether a type is selected; one of a newer server is where all others are."""
        wanted = self.check_types
        return check_type in wanted or (
            check_type not in CHECK_TYPES and wanted == frozenset(CHECK_TYPES)
        )

    def selects_model(self, category: Any, model: Any) -> bool:
        """Tell whether a check is selected, whose place and column are.

        Args:
            category: The `QualityCategoryModel` that it is in.
            model: Its `CheckModel`.

        Returns:
            Whether it is.
        """
        comparison = category.comparison_name or None
        return (
            matches(self.check, model.check_name or None)
            and matches(self.category, "comparisons" if comparison else category.category or None)
            and matches(self.dimension, model.quality_dimension or None)
            and matches(self.comparison, comparison)
            and matches(self.sensor, model.sensor_name or None)
        )

    def selects_column(self, column: Any) -> bool:
        """Tell whether a column has the properties that are wanted.

        Args:
            column: A `ColumnListModel`.

        Returns:
            Whether it has.
        """
        snapshot = column.type_snapshot
        if self.column_data_type and (
            not snapshot or snapshot.column_type != self.column_data_type
        ):
            return False
        return self.column_nullable is None or bool(
            snapshot and snapshot.nullable is self.column_nullable
        )


def selection_of(parameters: ChecksToRun | Selection) -> Selection:
    """Understand the filters of a run as the server does.

    Args:
        parameters: The filters, or the parameters of a run with them; a selection stays as it is.

    Returns:
        What they select.

    Raises:
        InvalidRequest: A gate cannot judge by them, or a name in them is empty.
    """
    if isinstance(parameters, Selection):
        return parameters
    filters = _filters(settled(parameters))
    check_values(filters)
    for reason, is_so in (
        ("enabled=False selects what does not count", filters.enabled is False),
        (
            "check_hierarchy_ids_models cannot be compared with results",
            bool(filters.check_hierarchy_ids_models),
        ),
        ("max_results would judge a part of the data only", bool(filters.max_results)),
    ):
        if is_so:
            raise InvalidRequest(f"no gate can judge by these filters: {reason}; nothing was sent")
    schema, table = _names(filters.full_table_name or "")
    types = frozenset(CHECK_TYPES)
    if filters.check_type:
        types = frozenset({str(filters.check_type)})
    if filters.time_scale:
        types -= {"profiling"}  # they have no time scale
    return Selection(
        connection=filters.connection or "",
        schema=schema,
        table=table,
        labels=tuple(filters.labels or ()),
        check_types=types,
        time_scale=str(filters.time_scale or ""),
        target=str(filters.check_target or ""),
        column=filters.column or "",
        column_data_type=filters.column_data_type or "",
        column_nullable=or_none(filters.column_nullable),
        category=filters.check_category or "",
        dimension=filters.quality_dimension or "",
        comparison=filters.table_comparison_name or "",
        check=filters.check_name or "",
        sensor=filters.sensor_name or "",
    )


def check_values(filters: CheckSearchFilters) -> None:
    """Refuse filters whose values cannot be compared with anything.

    Args:
        filters: The filters.

    Raises:
        InvalidRequest: A value has a wrong type, or is an unknown word.
    """
    for name in _PATTERNS:
        value = getattr(filters, name)
        if value and not isinstance(value, str):
            raise InvalidRequest(
                f"{name} of the filters must be a string, in which * stands for any characters, "
                f"got {value!r}; nothing was sent"
            )
    for name in ("labels", "tags"):
        value = getattr(filters, name)
        if value and (isinstance(value, str) or not all(isinstance(each, str) for each in value)):
            raise InvalidRequest(
                f"{name} of the filters must be a list of strings, got {value!r}; nothing was sent"
            )
        if value and not all(value):
            raise InvalidRequest(
                f"{name} of the filters: an empty string would select everything; leave it out if "
                "that is meant; nothing was sent"
            )
    for name in ("enabled", "column_nullable"):
        value = getattr(filters, name)
        if is_set(value) and value is not None and not isinstance(value, bool):
            raise InvalidRequest(
                f"{name} of the filters must be True or False, got {value!r}; nothing was sent"
            )
    for name, words in _WORDS.items():
        value = getattr(filters, name)
        if value and value not in words:
            raise InvalidRequest(
                f"{name} of the filters must be one of {', '.join(words)}, got {value!r}; nothing "
                f"was sent{did_you_mean(str(value), words)}"
            )


def _filters(parameters: ChecksToRun) -> CheckSearchFilters:
    from ...client.models import CheckSearchFilters, RunChecksParameters

    if isinstance(parameters, CheckSearchFilters):
        return parameters
    if not isinstance(parameters, RunChecksParameters):
        raise InvalidRequest(
            "filters must be CheckSearchFilters or RunChecksParameters, got "
            f"{type(parameters).__name__}; nothing was sent"
        )
    _check_run(parameters)
    return parameters.check_search_filters or CheckSearchFilters()


def _check_run(parameters: RunChecksParameters) -> None:
    if parameters.dummy_execution:
        raise InvalidRequest(
            "dummy_execution evaluates nothing, so that no gate can judge by it; nothing was sent"
        )
    target = parameters.execution_target
    if target and target != "sensors_and_rules":
        raise InvalidRequest(
            f"execution_target={str(target)!r} does a part of the work only, so that no gate can "
            "judge by it; nothing was sent"
        )


def _names(full_table_name: str) -> tuple[str, str]:
    """Take a table's name apart at its first dot, as the server does."""
    schema, dot, table = full_table_name.partition(".")
    return (schema, table) if dot else ("", full_table_name)
