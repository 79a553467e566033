"""A server on loopback that gives fixed answers as fast as Python can.

It prints its port and ends with its input. It knows just enough of HTTP to keep connections open:
what is measured are the clients, on the other processor.
"""

from __future__ import annotations

import asyncio
import re
import sys

from benchmarks.peers.wire import GET_ANSWER, HEALTH_PATH, POST_ANSWER

_CONTENT_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def _answer(content: bytes, kind: bytes = b"application/json") -> bytes:
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\n"
        b"Date: Wed, 01 May 2024 10:15:30 GMT\r\nContent-Length: %d\r\n\r\n"
    )
    return head % (kind, len(content)) + content


_ANSWERS = {True: _answer(GET_ANSWER), False: _answer(POST_ANSWER)}
_HEALTH = f"GET {HEALTH_PATH} ".encode()
_HEALTHY = _answer(b"OK", b"text/plain")


class Answering(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where the answers go."""
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that has come completely."""
        self._received += data
        while True:
            head, separator, rest = self._received.partition(b"\r\n\r\n")
            if not separator:
                return
            length = _CONTENT_LENGTH.search(head)
            size = int(length[1]) if length else 0
            if len(rest) < size:
                return
            self._received = rest[size:]
            is_health = head.startswith(_HEALTH)
            answer = _HEALTHY if is_health else _ANSWERS[head.startswith(b"GET ")]
            self._transport.write(answer)  # type: ignore[attr-defined]


async def main() -> None:
    """Serve until the input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answering, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
