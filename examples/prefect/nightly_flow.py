"""A flow that runs the checks of two tables at once."""

from __future__ import annotations

import asyncio
import os

from dqops.prefect import DqopsCredentials, run_checks
from prefect import flow


@flow(name="nightly")
async def nightly(url: str) -> dict[str, bool]:
    """Run the checks, and tell which tables are good."""
    credentials = DqopsCredentials(url=url)
    tables = ["public.orders", "public.customers"]
    verdicts = await asyncio.gather(
        *(
            run_checks(
                credentials,
                "warehouse",
                table,
                fail_at_severity="fatal",
                criteria={"allow_execution_errors": True},
            )
            for table in tables
        ),
        return_exceptions=True,
    )
    for table, verdict in zip(tables, verdicts, strict=True):
        print(table, verdict if isinstance(verdict, Exception) else verdict["message"])
    return {
        table: not isinstance(verdict, BaseException)
        for table, verdict in zip(tables, verdicts, strict=True)
    }


if __name__ == "__main__":
    asyncio.run(nightly(os.environ.get("DQOPS_URL", "http://127.0.0.1:18880")))
