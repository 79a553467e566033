"""The three documents that are decoded and encoded, as the API would send them.

They are made from the specification with a fixed seed, so every run and every machine has the same.
What the server leaves out is left out here: most properties of a table's configuration, and those
bounds of a check result that the check does not have.
"""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from clientsmith.reading.documents import load_document

from benchmarks.environments import BUNDLE, ENVIRONMENTS, REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CHECK_RESULTS",
    "DOCUMENTS",
    "TABLE_SPEC",
    "TABLE_STATUS",
    "Document",
    "write_documents",
]

CHECK_RESULTS = "check-results"
TABLE_SPEC = "table-spec"
TABLE_STATUS = "table-status"

_SEED = 20240501
_START = datetime(2024, 5, 1)
_DIMENSIONS = ("Accuracy", "Completeness", "Consistency", "Timeliness", "Uniqueness", "Validity")


class Document(NamedTuple):
    """What one of the documents is.

    Attributes:
        title: What it is, in words.
        model: The class that it becomes.
        is_list: Whether the document is a list of those.
    """

    title: str
    model: str
    is_list: bool = False


DOCUMENTS: Mapping[str, Document] = {
    CHECK_RESULTS: Document("1000 check results", "CheckResultsListModel", is_list=True),
    TABLE_SPEC: Document("a TableSpec of 5,000 models", "TableSpec"),
    TABLE_STATUS: Document(
        "a table status of 100 columns x 20 checks", "TableCurrentDataQualityStatusModel"
    ),
}


def write_documents() -> Path:
    """Write the documents, and the schemas that they follow, for the programs to read.

    Returns:
        The folder: `check-results.json`, `table-spec.json`, `table-status.json`, `schemas.json`.
    """
    folder = ENVIRONMENTS / "bench-documents"
    stamp = folder / "schemas.json"
    newest = max(BUNDLE.stat().st_mtime, Path(__file__).stat().st_mtime)
    if stamp.exists() and stamp.stat().st_mtime > newest:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    schemas = load_document(BUNDLE, REPOSITORY).content["components"]["schemas"]
    _write(folder / f"{CHECK_RESULTS}.json", _check_results(_chance()))
    _write(folder / f"{TABLE_SPEC}.json", _table_spec(_chance()))
    _write(folder / f"{TABLE_STATUS}.json", _table_status(_chance()))
    _write(stamp, schemas)
    return folder


def _chance() -> random.Random:
    return random.Random(_SEED)  # noqa: S311  # no secret


def _write(path: Path, value: object) -> None:
    # Compact, as the server's Jackson writes it.
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _instant(moment: datetime) -> str:
    return f"{moment.isoformat(timespec='milliseconds')}Z"


def _any_instant(chance: random.Random) -> str:
    """Write a point in time as Java does: with 3, 6 or 9 fraction digits, or none where it is 0."""
    moment = _START + timedelta(seconds=chance.randrange(86_400))
    digits = chance.choice((0, 3, 6, 9))
    fraction = f".{chance.randrange(1, 10**digits):0{digits}d}" if digits else ""
    return f"{moment.isoformat()}{fraction}Z"


def _check_results(chance: random.Random) -> list[dict[str, Any]]:
    """Make the results of 20 checks, 50 each, as from `get_table_profiling_checks_results`."""
    return [_results_of_check(chance, number) for number in range(20)]


def _results_of_check(chance: random.Random, number: int) -> dict[str, Any]:
    check = {
        "checkHash": chance.getrandbits(62),
        "checkCategory": "nulls",
        "checkName": f"profile_nulls_percent_{number}",
        "checkDisplayName": f"profile_nulls_percent_{number}",
        "checkType": "profiling",
    }
    return {
        **check,
        "dataGroups": ["all data"],
        "dataGroup": "all data",
        "checkResultEntries": [_result(chance, check, number, day) for day in range(50)],
    }


def _result(chance: random.Random, check: dict[str, Any], number: int, day: int) -> dict[str, Any]:
    executed = _START + timedelta(days=day, milliseconds=chance.randrange(86_400_000))
    return {
        "id": f"{chance.getrandbits(128):032x}",
        **check,
        "actualValue": round(chance.uniform(0, 100), 4),
        "warningUpperBound": 0.0,
        "errorUpperBound": 5.0,
        "fatalUpperBound": 30.0,
        "severity": chance.randrange(4),
        "columnName": f"column_{number}",
        "dataGroup": "all data",
        "durationMs": chance.randrange(40, 4000),
        "executedAt": _instant(executed),
        "timeGradient": "day",
        "timePeriod": f"{(_START + timedelta(days=day)).isoformat()}",
        "includeInKpi": True,
        "includeInSla": False,
        "provider": "postgresql",
        "qualityDimension": chance.choice(_DIMENSIONS),
        "sensorName": "column/nulls/nulls_percent",
        "updatedAt": _instant(executed + timedelta(milliseconds=250)),
    }


def _status(chance: random.Random) -> dict[str, Any]:
    executed = chance.randrange(20, 60)
    warnings, errors = chance.randrange(5), chance.randrange(5)
    return {
        "executed_checks": executed,
        "valid_results": executed - warnings - errors,
        "warnings": warnings,
        "errors": errors,
        "fatals": 0,
        "execution_errors": 0,
    }


def _grouped_status(chance: random.Random) -> dict[str, Any]:
    return {
        "current_severity": chance.choice(("valid", "warning", "error")),
        "highest_historical_severity": chance.choice(("warning", "error", "fatal")),
        "last_check_executed_at": _any_instant(chance),
        **_status(chance),
        "data_quality_kpi": round(chance.uniform(60, 100), 2),
    }


def _check_status(chance: random.Random, column: str | None) -> dict[str, Any]:
    status = {
        "current_severity": chance.choice(("valid", "warning", "error")),
        "highest_historical_severity": chance.choice(("warning", "error", "fatal")),
        "last_executed_at": _any_instant(chance),
        "check_type": "monitoring",
        "time_scale": "daily",
        "category": chance.choice(("nulls", "uniqueness", "numeric", "text")),
        "quality_dimension": chance.choice(_DIMENSIONS),
        **_status(chance),
    }
    return status if column is None else {**status, "column_name": column}


def _dimension_statuses(chance: random.Random, count: int) -> dict[str, Any]:
    return {
        dimension: {"dimension": dimension, **_grouped_status(chance)}
        for dimension in chance.sample(_DIMENSIONS, count)
    }


def _table_status(chance: random.Random) -> dict[str, Any]:
    """Make the status of a table of 100 columns with 20 checks each."""
    columns = [f"column_{number}" for number in range(100)]
    return {
        "connection_name": "warehouse",
        "schema_name": "public",
        "table_name": "orders",
        "total_row_count": 12_345_678,
        "data_freshness_delay_days": 0.25,
        **_grouped_status(chance),
        "checks": {
            f"daily_table_check_{number}": _check_status(chance, None) for number in range(20)
        },
        "columns": {
            column: {
                **_grouped_status(chance),
                "checks": {
                    f"daily_check_{number}": _check_status(chance, column) for number in range(20)
                },
                "dimensions": _dimension_statuses(chance, 3),
            }
            for column in columns
        },
        "dimensions": _dimension_statuses(chance, len(_DIMENSIONS)),
        "table_exist": True,
    }


def _table_spec(chance: random.Random) -> dict[str, Any]:
    """Make the configuration of a table of 180 columns, of whose kinds each has its checks."""
    return {
        "priority": 1,
        "filter": "{alias}.is_deleted = false",
        "timestamp_columns": {
            "event_timestamp_column": "created_at",
            "ingestion_timestamp_column": "loaded_at",
            "partition_by_column": "created_at",
        },
        "incremental_time_window": {"daily_partitioning_recent_days": 7},
        "owner": {"data_steward": "someone@example.com", "application": "orders"},
        "monitoring_checks": {
            "daily": {
                "volume": {"daily_row_count": {"warning": {"min_count": 1000}}},
                "timeliness": {
                    "daily_data_freshness": {
                        "warning": {"max_days": 1.0},
                        "error": {"max_days": 2.0},
                    }
                },
            }
        },
        "columns": {f"column_{number}": _column_spec(chance, number) for number in range(180)},
        "labels": ["orders", "finance"],
        "comments": [
            {
                "date": f"2024-05-{day:02d}T10:15:30",
                "comment_by": "someone",
                "comment": "Thresholds agreed with the owner of the data",
            }
            for day in range(1, 6)
        ],
    }


def _column_spec(chance: random.Random, number: int) -> dict[str, Any]:
    kind = ("varchar", "numeric", "timestamp")[number % 3]
    daily: dict[str, Any] = {
        "nulls": {
            "daily_nulls_count": _maximum(chance, "max_count"),
            "daily_nulls_percent": _maximum(chance, "max_percent"),
        },
        "uniqueness": {
            "daily_distinct_count": {
                "warning": {"min_count": chance.randrange(1, 10), "max_count": 100_000}
            },
            "daily_duplicate_percent": _maximum(chance, "max_percent"),
        },
    }
    if kind == "varchar":
        daily["text"] = {"daily_text_max_length": {"warning": {"from": 1, "to": 255}}}
    elif kind == "numeric":
        daily["numeric"] = {
            "daily_number_below_min_value": {
                "parameters": {"min_value": 0.0},
                **_maximum(chance, "max_count"),
            }
        }
    return {
        "type_snapshot": {"column_type": kind, "nullable": number % 2 == 0, "length": 50},
        "profiling_checks": {
            "nulls": {
                "profile_nulls_count": _maximum(chance, "max_count"),
                "profile_nulls_percent": _maximum(chance, "max_percent"),
            }
        },
        "monitoring_checks": {"daily": daily},
        "labels": ["identifier"],
    }


def _maximum(chance: random.Random, name: str) -> dict[str, Any]:
    """Configure a check that warns above a limit and fails above another."""
    limit = chance.randrange(100) if name == "max_count" else round(chance.uniform(0, 50), 2)
    quality_dimension = {"quality_dimension": chance.choice(_DIMENSIONS)}
    return {
        **(quality_dimension if chance.random() < 0.3 else {}),
        "warning": {name: limit},
        "error": {name: limit * 2},
    }
