"""Ask about many tables at once."""

import asyncio
from typing import TYPE_CHECKING

from dqops import AsyncDQOps
from dqops.client.errors import ClientError
from dqops.client.models import CheckSearchFilters
from dqops.jobs import aio


async def main() -> None:
    async with AsyncDQOps("http://localhost:8888/", api_key="the API key") as dq:
        names = [table.target.table_name async for table in dq.tables.iterate("warehouse", "public")]
        tables = await asyncio.gather(
            *(dq.tables.get("warehouse", "public", name) for name in names)
        )
        for table in tables:
            print(table.connection_name, table.can_edit)
        try:
            outcome = await aio.run_checks(
                dq, CheckSearchFilters(connection="warehouse"), timeout=60
            )
        except ClientError as error:
            print("failed:", error)
        else:
            print(outcome.highest_severity, outcome.execution_errors)
            if TYPE_CHECKING:
                reveal_type(outcome)
        if TYPE_CHECKING:
            reveal_type(names)
            reveal_type(tables)


asyncio.run(main())
