"""An asset with the checks that DQOps has for it."""

from __future__ import annotations

import os

import dagster as dg
from dqops.dagster import DqopsResource, dqops_asset_checks


@dg.asset
def orders() -> None:
    """Stand for a table that somebody makes."""


@dg.asset(deps=[orders])
def report() -> None:
    """Stand for what is only to be made of good data."""


orders_checks = dqops_asset_checks(
    orders,
    connection="warehouse",
    full_table_name="public.orders",
    checks=["daily_row_count"],
    blocking=["daily_row_count"],
    criteria={"allow_execution_errors": True},
)

defs = dg.Definitions(
    assets=[orders, report],
    asset_checks=[orders_checks],
    resources={"dqops": DqopsResource(url=os.environ.get("DQOPS_URL", "http://127.0.0.1:18880"))},
)
