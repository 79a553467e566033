"""Set checks, and read them back."""

from typing import TYPE_CHECKING

from dqops import DQOps
from dqops.checks import get_checks, remove_check, set_check

ORDERS = "warehouse.public.orders"
with DQOps("http://localhost:8888/", api_key="the API key") as dq:
    set_check(dq, ORDERS, "daily_row_count", warning={"min_count": 5}, error={"min_count": 1})
    found = get_checks(dq, ORDERS)
    print("daily_row_count" in found)
    remove_check(dq, ORDERS, "daily_row_count")
    print("daily_row_count" in get_checks(dq, ORDERS))

if TYPE_CHECKING:
    reveal_type(found)
