"""A program for the official client, as its documentation has it."""

from typing import TYPE_CHECKING

from dqops import client
from dqops.client.api.healthcheck import is_healthy
from dqops.client.types import Response

dqops_client = client.Client("http://localhost:8888/", raise_on_unexpected_status=True)
call_result = is_healthy.sync(client=dqops_client)
print(call_result)

token_client = client.AuthenticatedClient("http://localhost:8888/", token="the API key")
response: Response[str] = is_healthy.sync_detailed(client=token_client)
print(response.status_code, response.parsed)

if TYPE_CHECKING:
    reveal_type(call_result)
    reveal_type(response)
