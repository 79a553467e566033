# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Connections of aiohttp that are never used again once something unexpected came."""

from __future__ import annotations

from functools import partial
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler

__all__ = ["Connector"]


class _Protocol(ResponseHandler):
    """A connection that cannot be used again once it got something that nobody had asked for.

    aiohttp would take it for the response to the next request.
    """

    is_idle = False

    def data_received(self, data: bytes) -> None:
        """Take what has come.

        Args:
            data: The bytes.
        """
        if data and self.is_idle:  # without data when reading is resumed
            self.force_close()
        super().data_received(data)


class Connector(aiohttp.TCPConnector):
    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        # There is no public way to another kind of connections.
        self._factory: Any = partial(_Protocol, loop=self._loop)

    async def _get(self, key: Any, traces: Any) -> Any:
        while True:
            connection: Any = await super()._get(key, traces)
            if connection is None:
                return None
            connection.protocol.is_idle = False
            if not connection.protocol.should_close:
                return connection
            connection.close()

    def _release(self, key: Any, protocol: Any, *, should_close: bool = False) -> None:
        super()._release(key, protocol, should_close=should_close)
        protocol.is_idle = True

    def __del__(self, *_: Any) -> None:
        """Leave the connections to the garbage collector; see `_forget_session`."""
