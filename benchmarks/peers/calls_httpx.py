"""The same calls with httpx or httpx2 alone, as a program would write them without our client.

python calls_httpx.py URL [LIBRARY]
"""

from __future__ import annotations

import asyncio
import sys
import time
from importlib import import_module

from benchmarks.peers.serving import serve, time_of_threads, times_of
from benchmarks.peers.wire import (
    GET_ANSWER,
    GET_PATH,
    JSON_HEADERS,
    POST_ANSWER,
    POST_BODY,
    POST_CONTENT,
    POST_PATH,
    WARM_UP,
)

url, *library = sys.argv[1:]
httpx = import_module(library[0] if library else "httpx")
# The clients that are compared wait two minutes by default.
client = httpx.Client(base_url=url, timeout=120)


def _get() -> None:
    assert client.get(GET_PATH).json()["priority"] == 1


def _post() -> None:
    assert client.post(POST_PATH, json=POST_BODY).json()["errorMessage"] == ""


def _get_bytes() -> None:
    assert client.get(GET_PATH).content == GET_ANSWER


def _post_bytes() -> None:
    response = client.post(POST_PATH, content=POST_CONTENT, headers=JSON_HEADERS)
    assert response.content == POST_ANSWER


def _get_at_last() -> None:
    # With many threads, httpx closes connections that are in use, now and then:
    # https://github.com/encode/httpcore/issues/1110
    while True:
        try:
            return _get()
        except httpx.TransportError:
            continue


def get(repeat: int) -> list[float]:
    """Measure GETs; see `calls_generated.py`."""
    return times_of(_get, repeat)


def post(repeat: int) -> list[float]:
    """Measure POSTs; see `calls_generated.py`."""
    return times_of(_post, repeat)


def get_bytes(repeat: int) -> list[float]:
    """Measure GETs whose answers nobody looks into."""
    return times_of(_get_bytes, repeat)


def post_bytes(repeat: int) -> list[float]:
    """Measure POSTs of a body that is ready, whose answers nobody looks into."""
    return times_of(_post_bytes, repeat)


def threads(threads: int, repeat: int) -> float:
    """Measure GETs of many threads on one client; see `calls_generated.py`."""
    return time_of_threads(_get_at_last, threads, repeat)


async def _gather(at_once: int, repeat: int) -> float:
    async with httpx.AsyncClient(base_url=url, timeout=120) as own:

        async def calls(count: int) -> None:
            responses = await asyncio.gather(*(own.get(GET_PATH) for _ in range(count)))
            assert all(response.json()["priority"] == 1 for response in responses)

        await calls(min(at_once, WARM_UP))
        started = time.perf_counter()
        for _ in range(repeat):
            await calls(at_once)
        return (time.perf_counter() - started) / (repeat * at_once)


def gather(at_once: int, repeat: int) -> float:
    """Measure asynchronous GETs; see `calls_generated.py`."""
    return asyncio.run(_gather(at_once, repeat))


serve(get, post, get_bytes, post_bytes, threads, gather)
