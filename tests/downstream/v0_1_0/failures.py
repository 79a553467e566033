"""Tell what went wrong."""

import httpx
from dqops import DQOps
from dqops.client import Client, Retries, errors
from dqops.client.api.tables import get_table

with DQOps("http://localhost:8888/", api_key="the API key") as dq:
    try:
        dq.tables.get("warehouse", "public", "nowhere")
    except errors.NotFound as error:
        print("not found:", error.status_code, error.operation)
    except errors.UnexpectedStatus as error:
        print("server:", error.status_code)

lost = Client("http://127.0.0.1:9/", retries=Retries(max_attempts=1))
try:
    get_table.sync("warehouse", "public", "orders", client=lost)
except httpx.ConnectError as error:
    print("no connection:", isinstance(error, errors.ConnectionFailure))

try:
    get_table.sync("warehouse", "public", "..", client=lost)
except ValueError as error:
    print("refused:", isinstance(error, errors.InvalidRequest))

for caught in (errors.TimeoutFailure, errors.DecodeError, errors.NoResult, errors.TLSFailure):
    print(caught.__name__, issubclass(caught, errors.ClientError))
