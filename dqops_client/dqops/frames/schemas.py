"""The columns of each table: names, types, what they say, and where they come from."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from .arrow import pa

__all__ = ["FRAMES", "NUMBERS", "SEVERITIES", "Column", "Frame", "FrameName", "snake_case"]

FrameName = Literal[
    "check_results",
    "sensor_readouts",
    "errors",
    "error_samples",
    "table_statuses",
    "incidents",
    "column_profiles",
]

#: From harmless to bad: what a column of severities may hold. `execution_error` is a check that
#: failed technically, `unknown` a severity that only a newer server knows.
SEVERITIES = ("valid", "warning", "error", "fatal", "execution_error", "unknown")

_SEVERITY = pa.dictionary(pa.int8(), pa.string(), ordered=True)
# Without this, Polars makes a Categorical of an ordered dictionary, and compares it alphabetically.
# It writes the same for an Enum of its own: the length of each category, and the category.
_POLARS_ENUM = {"_PL_ENUM_VALUES2": "".join(f"{len(each)};{each}" for each in SEVERITIES)}
_TEXT = pa.string()
_NUMBER = pa.float64()
_WHOLE = pa.int64()
_YES_NO = pa.bool_()
_INSTANT = pa.timestamp("us", tz="UTC")
_LOCAL = pa.timestamp("us")


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        name: Its name.
        type: Its Arrow type.
        says: What it says.
        source: The JSON property that it is read from; None for what the request tells.
        is_outer: Whether the property is one of the item that holds the rows, not of the row.
        severities: How the source names severities: `numbers`, `names`, or empty for no severity.
        rank_of: The column of severities whose numbers it has; empty for other columns.
    """

    name: str
    type: Any
    says: str
    source: str | None = None
    is_outer: bool = False
    severities: Literal["", "numbers", "names"] = ""
    rank_of: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """A table that is made of responses.

    Attributes:
        name: Its name.
        columns: Its columns.
        nested: The JSON property of each item of a response that holds the rows; empty if the items
            are the rows.
        groups: The JSON property of each item that lists data groups; empty for none.
        is_mixed: Whether a property has values of several types, which Arrow does not read.
    """

    name: FrameName
    columns: tuple[Column, ...]
    nested: str = ""
    groups: str = ""
    is_mixed: bool = False

    @property
    def schema(self) -> Any:
        """The Arrow schema; the metadata of each field says what is in it."""
        return pa.schema([_field(each) for each in self.columns])


def _field(column: Column) -> Any:
    metadata = {"description": column.says}
    if column.severities:
        metadata |= _POLARS_ENUM
    return pa.field(column.name, column.type, metadata=metadata)


def snake_case(source: str) -> str:
    """Give the attribute of a model for a JSON property.

    Args:
        source: The JSON property.

    Returns:
        The attribute.
    """
    return re.sub(r"(?<!^)([A-Z])", r"_\1", source).lower()


_TABLE = (
    Column("connection", _TEXT, "The connection."),
    Column("schema", _TEXT, "The schema."),
    Column("table", _TEXT, "The table."),
)
_CHECK = (
    *_TABLE,
    Column("column", _TEXT, "The column; null for checks on the table.", "columnName"),
    Column("check", _TEXT, "The check, such as `daily_row_count`.", "checkName", is_outer=True),
    Column("category", _TEXT, "Its category, such as `volume`.", "checkCategory", is_outer=True),
    Column(
        "check_type",
        _TEXT,
        "`profiling`, `monitoring` or `partitioned`.",
        "checkType",
        is_outer=True,
    ),
    Column("time_scale", _TEXT, "`daily` or `monthly`; null for profiling checks."),
    Column(
        "quality_dimension", _TEXT, "Its dimension, such as `Completeness`.", "qualityDimension"
    ),
    Column("data_group", _TEXT, "The data group; `all data` without grouping.", "dataGroup"),
    Column("table_comparison", _TEXT, "The table comparison, or null.", "tableComparison"),
)
_WHEN = (
    Column(
        "time_period",
        _LOCAL,
        "The start of the day or other period that it is about, in local time of the server; for "
        "partitioned checks of the data.",
        "timePeriod",
    ),
    Column("time_gradient", _TEXT, "The length of the period, such as `day`.", "timeGradient"),
    Column("executed_at", _INSTANT, "When it was stored (UTC).", "executedAt"),
    Column("duration_ms", _WHOLE, "How long the sensor took, in milliseconds.", "durationMs"),
    Column("provider", _TEXT, "The kind of the data source, such as `bigquery`.", "provider"),
)
_VALUES = (
    Column("actual_value", _NUMBER, "What the check measured.", "actualValue"),
    Column("expected_value", _NUMBER, "What the rule expected, if it tells.", "expectedValue"),
)
_SENSOR = Column("sensor", _TEXT, "The sensor with its folder.", "sensorName")
_CHECK_HASH = Column(
    "check_hash", _WHOLE, "The server's number for the check.", "checkHash", is_outer=True
)
_ID = Column("id", _TEXT, "The server's id of it.", "id")


def _severity(
    name: str, says: str, source: str, kind: Literal["numbers", "names"]
) -> tuple[Column, Column]:
    rank = f"`{name}` as a number to compare and to sort by, from 0 (`valid`) to 5 (`unknown`)."
    return (
        Column(name, _SEVERITY, says, source, severities=kind),
        Column(f"{name}_rank", pa.int8(), rank, rank_of=name),
    )


_BOUNDS = tuple(
    Column(
        f"{severity}_{side}_bound",
        _NUMBER,
        f"The {word} value that is no {severity}; null for no such bound.",
        f"{severity}{side.title()}Bound",
    )
    for severity in ("warning", "error", "fatal")
    for side, word in (("lower", "lowest"), ("upper", "highest"))
)

_COUNTS = tuple(
    Column(source, _WHOLE, says, source)
    for source, says in (
        ("executed_checks", "How many results and errors there are."),
        ("valid_results", "How many of them are valid or warnings."),
        ("warnings", "How many are warnings."),
        ("errors", "How many are errors."),
        ("fatals", "How many are fatal."),
        ("execution_errors", "How many checks failed technically."),
    )
)

#: Numbers that a column has by its statistics, by the server's names of their collectors.
_STATISTICS = (
    ("nulls_count", "How many values are null."),
    ("nulls_percent", "How many percent of the values are null."),
    ("not_nulls_count", "How many values are not null."),
    ("not_nulls_percent", "How many percent of the values are not null."),
    ("distinct_count", "How many different values there are."),
    ("distinct_percent", "How many percent of the values are different ones."),
    ("duplicate_count", "How many values are there more than once."),
    ("duplicate_percent", "How many percent of the values are there more than once."),
    ("mean_value", "The mean of numbers."),
    ("sum_value", "The sum of numbers."),
    ("text_min_length", "The length of the shortest text."),
    ("text_max_length", "The length of the longest text."),
    ("text_mean_length", "The mean length of texts."),
)

#: The statistics that are numbers.
NUMBERS = frozenset(name for name, _ in _STATISTICS)

FRAMES: dict[str, Frame] = {
    frame.name: frame
    for frame in (
        Frame(
            "check_results",
            (
                *_CHECK,
                *_severity("severity", "How bad it is.", "severity", "numbers"),
                *_VALUES,
                *_BOUNDS,
                *_WHEN,
                Column("updated_at", _INSTANT, "When it was last changed (UTC).", "updatedAt"),
                Column("include_in_kpi", _YES_NO, "Whether KPIs count it.", "includeInKpi"),
                Column("include_in_sla", _YES_NO, "Whether an SLA counts it.", "includeInSla"),
                _SENSOR,
                _CHECK_HASH,
                _ID,
            ),
            "checkResultEntries",
            "dataGroups",
        ),
        Frame(
            "sensor_readouts",
            (*_CHECK, *_VALUES, *_WHEN, replace(_SENSOR, is_outer=True), _CHECK_HASH, _ID),
            "sensorReadoutEntries",
            "dataGroupNames",
        ),
        Frame(
            "errors",
            (
                *_CHECK,
                Column("message", _TEXT, "What went wrong.", "errorMessage"),
                Column("origin", _TEXT, "`sensor` or `rule`.", "errorSource"),
                Column("failed_at", _LOCAL, "When it went wrong, in local time.", "errorTimestamp"),
                *_VALUES,
                *_WHEN,
                _SENSOR,
                _CHECK_HASH,
                Column("readout_id", _TEXT, "The id of the readout.", "readoutId"),
            ),
            "errorEntries",
            "dataGroupsNames",
        ),
        Frame(
            "error_samples",
            (
                *_CHECK,
                Column("value", _TEXT, "A value that the check found to be wrong.", "result"),
                Column("value_type", _TEXT, "Its type, such as `integer`.", "resultDataType"),
                Column("sample_index", _WHOLE, "Its number in the sample.", "sampleIndex"),
                Column(
                    "collected_at", _LOCAL, "When it was collected, in local time.", "collectedAt"
                ),
                _SENSOR,
                _CHECK_HASH,
                _ID,
            ),
            "errorSamplesEntries",
            "dataGroupsNames",
            is_mixed=True,
        ),
        Frame(
            "table_statuses",
            (
                *_TABLE,
                *_severity(
                    "severity",
                    "The worst current severity of its checks.",
                    "current_severity",
                    "names",
                ),
                *_severity(
                    "highest_severity",
                    "The worst severity in the months that were looked at.",
                    "highest_historical_severity",
                    "names",
                ),
                Column("kpi", _NUMBER, "Percent of the results that passed.", "data_quality_kpi"),
                *_COUNTS,
                Column(
                    "last_checked_at",
                    _INSTANT,
                    "When the newest result was stored (UTC).",
                    "last_check_executed_at",
                ),
                Column("row_count", _WHOLE, "How many rows it has, if known.", "total_row_count"),
                Column(
                    "freshness_delay_days",
                    _NUMBER,
                    "How many days old its newest row is, if known.",
                    "data_freshness_delay_days",
                ),
            ),
        ),
        Frame(
            "incidents",
            (
                Column("connection", _TEXT, "The connection.", "connection"),
                Column("schema", _TEXT, "The schema.", "schema"),
                Column("table", _TEXT, "The table.", "table"),
                Column("incident_id", _TEXT, "The id.", "incidentId"),
                Column("year", _WHOLE, "The year that it began in.", "year"),
                Column("month", _WHOLE, "The month that it began in.", "month"),
                Column(
                    "status",
                    _TEXT,
                    "`open`, `acknowledged`, `resolved` or `muted`.",
                    "status",
                ),
                *_severity("severity", "The worst severity.", "highestSeverity", "numbers"),
                Column("failed_checks", _WHOLE, "How many results failed.", "failedChecksCount"),
                Column("first_seen", _INSTANT, "When it began (UTC).", "firstSeen"),
                Column("last_seen", _INSTANT, "When it was last seen (UTC).", "lastSeen"),
                Column("quality_dimension", _TEXT, "The dimension.", "qualityDimension"),
                Column("category", _TEXT, "The category of the checks.", "checkCategory"),
                Column("check_type", _TEXT, "The type of the checks.", "checkType"),
                Column("check", _TEXT, "The check.", "checkName"),
                Column("data_group", _TEXT, "The data group.", "dataGroup"),
                Column("issue_url", _TEXT, "Where people work on it.", "issueUrl"),
            ),
        ),
        Frame(
            "column_profiles",
            (
                *_TABLE,
                Column("column", _TEXT, "The column."),
                Column("data_type", _TEXT, "Its type in the data source."),
                Column("nullable", _YES_NO, "Whether it takes nulls."),
                *(Column(name, _NUMBER, says, name) for name, says in _STATISTICS),
                Column("min_value", _TEXT, "The lowest value.", "min_value"),
                Column("max_value", _TEXT, "The highest value.", "max_value"),
                Column("median_value", _TEXT, "The median.", "median_value"),
                Column("detected_type", _TEXT, "What texts look like.", "text_datatype_detect"),
                Column("samples", pa.list_(_TEXT), "Its most frequent values.", "column_samples"),
                Column("collected_at", _INSTANT, "When that was collected (UTC)."),
            ),
        ),
    )
}
