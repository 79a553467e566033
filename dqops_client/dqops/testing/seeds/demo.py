"""The seed that the simulator uses when it is given none: a small web shop."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ..results.check_results import CheckResult
from ..results.incidents import Incident
from .seed import Column, Connection, Seed, Table

__all__ = ["demo_seed"]

_CONNECTION = "warehouse"
_SCHEMA = "public"

_ORDERS = Table(
    _SCHEMA,
    "orders",
    columns=(
        Column("order_id", "BIGINT", nullable=False),
        Column("customer_id", "BIGINT", nullable=False),
        Column("amount", "NUMERIC"),
        Column("ordered_at", "TIMESTAMP", nullable=False),
    ),
    labels=("sales",),
    spec={
        "owner": {"data_steward": "anna@example.com", "application": "web shop"},
        "timestamp_columns": {"event_timestamp_column": "ordered_at"},
        "monitoring_checks": {
            "daily": {
                "volume": {
                    "daily_row_count": {
                        "warning": {"min_count": 1000},
                        "error": {"min_count": 500},
                        "fatal": {"min_count": 1},
                    }
                }
            }
        },
    },
)
_CUSTOMERS = Table(
    _SCHEMA,
    "customers",
    columns=(
        Column("customer_id", "BIGINT", nullable=False),
        Column("email", "VARCHAR"),
        Column("country", "VARCHAR"),
    ),
    labels=("crm", "personal data"),
)
# Known to the data source only: what an import job finds.
_PAYMENTS = Table(
    _SCHEMA,
    "payments",
    columns=(Column("payment_id", "BIGINT", nullable=False), Column("order_id", "BIGINT")),
    imported=False,
)


def demo_seed(now: datetime) -> Seed:
    """Make the default seed.

    One connection `warehouse` with the tables `public.orders` and `public.customers`, and results
    of the last days in every severity, for every check type. One incident is open.

    Args:
        now: The time (UTC) to which the results are relative; the newest are one hour old.

    Returns:
        The seed.
    """
    connection = Connection(
        _CONNECTION,
        provider="postgresql",
        parameters={
            "host": "db.example.com",
            "port": "5432",
            "database": "shop",
            "user": "dqops",
            "sslmode": "require",
        },
        tables=(_ORDERS, _CUSTOMERS, _PAYMENTS),
        parallel_jobs_limit=4,
    )
    newest = now.replace(microsecond=0) - timedelta(hours=1)
    incident = Incident(
        _CONNECTION,
        _SCHEMA,
        _CUSTOMERS.name,
        first_seen=newest - timedelta(days=1),
        last_seen=newest,
        severity=3,
        quality_dimension="Validity",
        check_category="patterns",
        failed_checks_count=2,
    )
    return Seed((connection,), (*_orders(newest), *_customers(newest)), (incident,))


def _orders(newest: datetime) -> list[CheckResult]:
    row_count: dict[str, Any] = {
        "check_name": "daily_row_count",
        "category": "volume",
        "quality_dimension": "Completeness",
        "sensor_name": "table/volume/row_count",
        "bounds": {"warningLowerBound": 1000.0, "errorLowerBound": 500.0, "fatalLowerBound": 1.0},
    }
    nulls: dict[str, Any] = {
        "column": "customer_id",
        "check_name": "daily_nulls_percent",
        "category": "nulls",
        "quality_dimension": "Completeness",
        "sensor_name": "column/nulls/null_percent",
        "bounds": {"warningUpperBound": 0.0, "errorUpperBound": 1.0, "fatalUpperBound": 5.0},
    }
    partition: dict[str, Any] = {
        "check_type": "partitioned",
        "check_name": "daily_partition_row_count",
        "category": "volume",
        "quality_dimension": "Completeness",
        "sensor_name": "table/volume/row_count",
        "bounds": {"warningLowerBound": 100.0},
    }
    by_region: dict[str, Any] = {
        "column": "amount",
        "check_type": "profiling",
        "check_name": "profile_negative_values_percent",
        "category": "numeric",
        "quality_dimension": "Validity",
        "sensor_name": "column/numeric/negative_values_percent",
        "bounds": {"warningUpperBound": 0.0, "errorUpperBound": 2.0},
    }
    rows = [
        _result(_ORDERS, newest, 2, 0, 1210.0, **row_count),
        _result(_ORDERS, newest, 1, 1, 870.0, **row_count),
        _result(_ORDERS, newest, 0, 0, 1180.0, **row_count),
        _result(_ORDERS, newest, 2, 0, 0.0, **nulls),
        _result(_ORDERS, newest, 1, 0, 0.0, **nulls),
        _result(_ORDERS, newest, 0, 2, 2.4, **nulls),
        _result(_ORDERS, newest, 0, 0, 0.0, **by_region, data_group="Europe"),
        _result(_ORDERS, newest, 0, 1, 1.5, **by_region, data_group="America"),
    ]
    for age, value in ((2, 410.0), (1, 395.0), (0, 62.0)):
        # One run analyzes several partitions: executed now, each for its own day.
        period = (newest - timedelta(days=age)).replace(hour=0, minute=0, second=0)
        severity = int(value < 100)
        rows.append(_result(_ORDERS, newest, 0, severity, value, **partition, time_period=period))
    return rows


def _customers(newest: datetime) -> list[CheckResult]:
    email: dict[str, Any] = {
        "column": "email",
        "check_name": "daily_invalid_email_format_found",
        "category": "patterns",
        "quality_dimension": "Validity",
        "sensor_name": "column/patterns/invalid_email_format_count",
        "bounds": {"warningUpperBound": 0.0, "errorUpperBound": 10.0, "fatalUpperBound": 100.0},
    }
    freshness: dict[str, Any] = {
        "check_name": "daily_data_freshness",
        "category": "timeliness",
        "quality_dimension": "Timeliness",
        "sensor_name": "table/timeliness/data_freshness",
        "bounds": {"warningUpperBound": 1.0, "errorUpperBound": 2.0},
    }
    monthly: dict[str, Any] = {
        "time_scale": "monthly",
        "check_name": "monthly_row_count",
        "category": "volume",
        "quality_dimension": "Completeness",
        "sensor_name": "table/volume/row_count",
        "bounds": {"warningLowerBound": 1.0},
    }
    return [
        _result(_CUSTOMERS, newest, 1, 1, 4.0, **email),
        _result(_CUSTOMERS, newest, 0, 3, 230.0, **email),
        _result(_CUSTOMERS, newest, 1, 0, 0.4, **freshness),
        _result(_CUSTOMERS, newest, 0, 4, None, **freshness),
        _result(_CUSTOMERS, newest, 0, 0, 5230.0, **monthly),
    ]


def _result(
    table: Table, newest: datetime, age: int, severity: int, value: float | None, **details: Any
) -> CheckResult:
    return CheckResult(
        connection=_CONNECTION,
        schema=table.schema,
        table=table.name,
        severity=severity,
        executed_at=newest - timedelta(days=age),
        actual_value=value,
        **details,
    )
