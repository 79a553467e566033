"""The same asynchronous calls with aiohttp alone.

python calls_aiohttp.py URL
"""

from __future__ import annotations

import asyncio
import sys
import time

import aiohttp

from benchmarks.peers.serving import serve
from benchmarks.peers.wire import GET_PATH, WARM_UP

(url,) = sys.argv[1:]


async def _gather(at_once: int, repeat: int) -> float:
    timeout = aiohttp.ClientTimeout(120)
    async with aiohttp.ClientSession(url, timeout=timeout) as session:

        async def call() -> None:
            async with session.get(GET_PATH) as response:
                assert (await response.json())["priority"] == 1

        async def calls(count: int) -> None:
            await asyncio.gather(*(call() for _ in range(count)))

        await calls(min(at_once, WARM_UP))
        started = time.perf_counter()
        for _ in range(repeat):
            await calls(at_once)
        return (time.perf_counter() - started) / (repeat * at_once)


def gather(at_once: int, repeat: int) -> float:
    """Measure asynchronous GETs; see `calls_generated.py`."""
    return asyncio.run(_gather(at_once, repeat))


serve(gather)
