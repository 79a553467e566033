"""DQOps in Prefect: credentials, and tasks that run checks and judge tables (extra `prefect`).

from dqops.prefect import DqopsCredentials, run_checks

@flow
async def nightly():
    credentials = await DqopsCredentials.load("production")
    await run_checks(credentials, "warehouse", "public.orders")
"""

from .credentials import DqopsCredentials
from .tasks import assert_table_status, run_checks

__all__ = ["DqopsCredentials", "assert_table_status", "run_checks"]
