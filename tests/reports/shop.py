"""A month of results: one table gets worse, one better, one is good and one fails technically."""

from __future__ import annotations

from typing import Any

__all__ = ["DAYS", "seed"]

DAYS = 28
NULLS = (("warning", "upper", 2.0), ("error", "upper", 5.0), ("fatal", "upper", 12.0))
ROWS = (("warning", "lower", 1000.0), ("error", "lower", 500.0))


def seed() -> dict[str, Any]:
    """Give what a server starts with."""
    results = []
    for day in range(DAYS):
        nulls = max(0.0, 14.0 - day) + (day % 3) * 0.4
        rows = 900 + 40 * day if day > 4 else 300
        results += [
            _result("customers", "daily_nulls_percent", day, nulls, "email", "Completeness", NULLS),
            _result("orders", "daily_row_count", day, rows, None, "Completeness", ROWS),
            _result("orders", "daily_not_negative_percent", day, 100.0 - (day == 9) * 8, "amount",
                    "Validity", (("error", "lower", 95.0),)),
            _result("products", "daily_distinct_count", day, 120.0, "sku", "Uniqueness",
                    (("error", "lower", 100.0),)),
            _result("visits <b>&amp;", "daily_data_freshness", day, 0.2, None, "Timeliness",
                    (("error", "upper", 1.0),)),
        ]  # fmt: skip
    return {
        "check_results": results,
        "incidents": [
            {
                "connection": "shop",
                "schema": "public",
                "table": table,
                "first_seen": f"-{age}d",
                "last_seen": "-1h",
                "severity": severity,
                "status": status,
                "check_category": "nulls",
            }
            for table, age, severity, status in (
                ("customers", 12, 3, "open"),
                ("orders", 9, 2, "resolved"),
            )
        ],
    }


def _result(
    table: str,
    check: str,
    day: int,
    value: float,
    column: str | None,
    dimension: str,
    bounds: tuple[tuple[str, str, float], ...],
) -> dict[str, Any]:
    levels = {"warning": 1, "error": 2, "fatal": 3}
    severity = max(
        (
            levels[name]
            for name, side, bound in bounds
            if (value < bound if side == "lower" else value > bound)
        ),
        default=0,
    )
    return {
        "connection": "shop",
        "schema": "public",
        "table": table,
        "column": column,
        "check_name": check,
        "category": "any",
        "quality_dimension": dimension,
        "severity": severity,
        "executed_at": f"-{day}d",
        "time_scale": "daily",
        "actual_value": value,
        "bounds": {f"{name}{side.title()}Bound": bound for name, side, bound in bounds},
    }
