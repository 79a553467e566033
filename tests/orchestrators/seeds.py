"""Seeds that the tests of all orchestrators use."""

from __future__ import annotations

from typing import Any


def seed(connection: str, tables: list[str], severity: str = "valid") -> dict[str, Any]:
    """Make a seed of tables of the schema `public` with one check each, and no default checks."""
    return {
        "connections": [
            {
                "name": connection,
                "tables": [{"schema": "public", "name": name} for name in tables],
            }
        ],
        "default_policies": False,
        "check_results": [
            {
                "connection": connection,
                "schema": "public",
                "table": name,
                "check_name": "daily_row_count",
                "category": "volume",
                "severity": severity,
                "executed_at": "-2h",
            }
            for name in tables
        ],
    }


#: A small shop.
SHOP = seed("shop", ["orders", "items"])
