"""Comparisons of tables: thresholds become checks, and results are counted by data groups."""

from __future__ import annotations

from typing import Any

import pytest
from dqops.testing import CheckResult

from simulator.stateful import send, simulator
from simulator.support import NOW

TABLE = {"connectionName": "shop", "schemaName": "sales", "tableName": "orders"}
KINDS = [
    ("profiling", "profiling_checks", None, "profile"),
    ("monitoring_daily", "monitoring_checks", "daily", "daily"),
    ("monitoring_monthly", "monitoring_checks", "monthly", "monthly"),
    ("partitioned_daily", "partitioned_checks", "daily", "daily_partition"),
    ("partitioned_monthly", "partitioned_checks", "monthly", "monthly_partition"),
]


def body(column: str, **more: Any) -> dict[str, Any]:
    """Compare the number of rows, and the sum of a column."""
    return {
        "table_comparison_configuration_name": "with_archive",
        "reference_connection": "shop",
        "reference_table": {"schema_name": "sales", "table_name": "carts"},
        "grouping_columns": [],
        "compare_row_count": {"warning_difference_percent": 0.0, "error_difference_percent": 1.0},
        "columns": [
            {
                "compared_column_name": column,
                "reference_column_name": "other",
                "compare_sum": {"fatal_difference_percent": 2.0},
            }
        ],
        **more,
    }


@pytest.mark.parametrize(("kind", "place", "scale", "prefix"), KINDS, ids=[k[0] for k in KINDS])
def test_comparison_is_made_of_checks(
    kind: str, place: str, scale: str | None, prefix: str
) -> None:
    """What is written as thresholds is there as checks, and is read as thresholds again."""
    asked = simulator()
    column = next(iter(asked.state.catalog.tables["shop", "sales", "orders"]["columns"]))
    name = {**TABLE, "tableComparisonConfigurationName": "with_archive"}
    made = send(asked, f"create_table_comparison_{kind}", TABLE, body=body(column))
    again = send(asked, f"create_table_comparison_{kind}", TABLE, body=body(column))
    status, model = send(asked, f"get_table_comparison_{kind}", name)
    assert (201, 409, 200) == (made[0], again[0], status)
    assert body(column)["compare_row_count"] == model["compare_row_count"]
    assert {**body(column)["columns"][0]} in model["columns"]
    assert (kind.startswith("partitioned")) != model["supports_compare_column_count"]

    spec = asked.state.catalog.tables["shop", "sales", "orders"]
    of_table, of_column = spec[place], spec["columns"][column][place]
    if scale is not None:
        of_table, of_column = of_table[scale], of_column[scale]
    assert {"max_diff_percent": 1.0} == (
        of_table["comparisons"]["with_archive"][f"{prefix}_row_count_match"]["error"]
    )
    assert "other" == of_column["comparisons"]["with_archive"]["reference_column"]

    changed = body(column, columns=[])
    del changed["compare_row_count"]
    assert 204 == send(asked, f"update_table_comparison_{kind}", name, body=changed)[0]
    _, model = send(asked, f"get_table_comparison_{kind}", name)
    assert "compare_row_count" not in model


def test_results_are_counted_by_data_groups() -> None:
    """The newest result of each group counts; an unknown comparison has none."""
    asked = simulator()
    for group, severity in (("north", 0), ("south", 2), ("west", 4)):
        result = CheckResult(
            "shop",
            "sales",
            "orders",
            "profile_row_count_match",
            "comparisons",
            severity,
            NOW,
            check_type="profiling",
            data_group=group,
            table_comparison="with_archive",
        )
        asked.state.add_check_result(result)
    name = {**TABLE, "tableComparisonConfigurationName": "with_archive"}
    _, results = send(asked, "get_table_comparison_profiling_results", name)
    (counted,) = results["table_comparison_results"].values()
    assert (1, 0, 1, 0, 1, ["south"]) == (
        counted["valid_results"],
        counted["warnings"],
        counted["errors"],
        counted["fatals"],
        counted["execution_errors"],
        counted["not_matching_data_groups"],
    )
    unknown = {**name, "tableComparisonConfigurationName": "unknown"}
    nothing: dict[str, Any] = {"table_comparison_results": {}, "column_comparison_results": {}}
    assert (200, nothing) == send(asked, "get_table_comparison_profiling_results", unknown)
