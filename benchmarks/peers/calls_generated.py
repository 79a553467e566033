"""Calls with a generated client: the official one, openapi-python-client's own, or ours.

python calls_generated.py PACKAGE URL [TRANSPORT]
"""

from __future__ import annotations

import asyncio
import sys
import time
from importlib import import_module
from inspect import signature

from benchmarks.peers.serving import serve, time_of_threads, times_of
from benchmarks.peers.wire import POST_BODY, TABLE, WARM_UP

package, url, *transport = sys.argv[1:]
Client = import_module(package).Client
get_table_basic = import_module(f"{package}.api.tables.get_table_basic")
test_connection = import_module(f"{package}.api.data_sources.test_connection")
ConnectionModel = import_module(f"{package}.models").ConnectionModel

# What carries calls, of our package.
chosen = {"transport": transport[0]} if transport else {}
client = Client(base_url=url, raise_on_unexpected_status=True, **chosen)
body = ConnectionModel.from_dict(POST_BODY)
# Newer versions of openapi-python-client call it `body`.
is_older = "json_body" in signature(test_connection.sync).parameters
body_argument = {"json_body" if is_older else "body": body}


def _get() -> None:
    assert get_table_basic.sync(*TABLE, client=client).priority == 1


def _post() -> None:
    answer = test_connection.sync(client=client, **body_argument)
    assert answer.error_message == ""


def get(repeat: int) -> list[float]:
    """Measure GETs, one after the other.

    Args:
        repeat: How many.

    Returns:
        Seconds of each.
    """
    return times_of(_get, repeat)


def post(repeat: int) -> list[float]:
    """Measure POSTs, one after the other.

    Args:
        repeat: How many.

    Returns:
        Seconds of each.
    """
    return times_of(_post, repeat)


def threads(threads: int, repeat: int) -> float:
    """Measure GETs of many threads on one client.

    Args:
        threads: How many there are.
        repeat: How many GETs each makes.

    Returns:
        Seconds of a call, on average.
    """
    return time_of_threads(_get, threads, repeat)


async def _gather(at_once: int, repeat: int) -> float:
    async with Client(base_url=url, raise_on_unexpected_status=True, **chosen) as own:

        async def calls(count: int) -> None:
            answers = await asyncio.gather(
                *(get_table_basic.asyncio(*TABLE, client=own) for _ in range(count))
            )
            assert all(answer.priority == 1 for answer in answers)

        await calls(min(at_once, WARM_UP))
        started = time.perf_counter()
        for _ in range(repeat):
            await calls(at_once)
        return (time.perf_counter() - started) / (repeat * at_once)


def gather(at_once: int, repeat: int) -> float:
    """Measure asynchronous GETs, many at once.

    Args:
        at_once: How many start together.
        repeat: How many times.

    Returns:
        Seconds of a call, on average.
    """
    return asyncio.run(_gather(at_once, repeat))


serve(get, post, threads, gather)
