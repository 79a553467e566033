"""DQOps in Dagster: a resource, and asset checks for the checks of a table (extra `dagster`).

from dqops.dagster import DqopsResource, dqops_asset_checks

checks = dqops_asset_checks(
    "orders",
    connection="warehouse",
    full_table_name="public.orders",
    checks=["daily_row_count", "email.daily_nulls_percent"],
    blocking=["daily_row_count"],
)
defs = Definitions(
    assets=[orders],
    asset_checks=[checks],
    resources={"dqops": DqopsResource(url="https://dqops.example.com")},
)
"""

from .checks import configured_checks, dqops_asset_checks
from .resource import DqopsResource

__all__ = ["DqopsResource", "configured_checks", "dqops_asset_checks"]
