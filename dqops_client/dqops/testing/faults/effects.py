"""What each kind of fault does to a response and to the way in which it goes out."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ..http.delivery import NEVER, Delivery, Ending
from ..http.errors import RefusedRequestError, error_response
from ..http.messages import JSON, Response, reason_phrase
from ..response_headers import completed
from .bodies import CHANGES

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from ..http.delivery import Piece
    from ..http.messages import Request
    from ..specification import Operation, Specification
    from .fault import Fault
    from .plan import DueFault

    Replacement = Callable[["Circumstances", Fault], Delivery]
    Sending = Callable[["Circumstances", Fault, Delivery], Delivery]

__all__ = ["Circumstances", "changed", "replacement", "sent"]

_PAGE = """<!DOCTYPE html>
<html>
<head><title>{status} {phrase}</title></head>
<body>
<center><h1>{status} {phrase}</h1></center>
<hr><center>proxy</center>
</body>
</html>
"""
_GARBAGE = b"\x16\x03\x01 this is no HTTP\r\n\r\n"
# Pieces of a slow body go out this often, in seconds.
_PACE = 0.02
_BLOCK = 64 * 1024
# Compressed with the best method, without a time, on a system that is not told.
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


@dataclass(frozen=True)
class Circumstances:
    """What a fault may depend on.

    Args:
        request: The request that it hits.
        operation: What the request is for; None where there is no such operation.
        specification: What the operation belongs to.
        moment: The time of the server in UTC.
    """

    request: Request
    operation: Operation | None
    specification: Specification
    moment: datetime


def replacement(circumstances: Circumstances, fault: Fault, *, handled: bool) -> Delivery | None:
    """Make what goes out in place of a response.

    Args:
        circumstances: The call.
        fault: The fault that hits it.
        handled: Whether the request was handled by now.

    Returns:
        What goes out; None if the fault does not take the place of the response, or not now.
    """
    make = _REPLACEMENTS.get(fault.kind)
    wanted = "after" if handled else "before"
    if make is None or fault.options.get("when") != wanted:
        return None
    return make(circumstances, fault)


def changed(circumstances: Circumstances, due: DueFault, response: Response) -> Response:
    """Change the body of a response.

    Args:
        circumstances: The call.
        due: The fault that hits it.
        response: The response as it would be.

    Returns:
        The response as it is; the same one if the fault changes no bodies.
    """
    change = CHANGES.get(due.fault.kind)
    if change is None:
        return response
    chance: random.Random = due.chance
    return change(
        circumstances.specification, circumstances.operation, due.fault.options, chance, response
    )


def sent(circumstances: Circumstances, fault: Fault, delivery: Delivery) -> Delivery:
    """Change the way in which a response goes out.

    Args:
        circumstances: The call.
        fault: The fault that hits it.
        delivery: How it would go out.

    Returns:
        How it goes out; the same if the fault does not concern that.
    """
    change = _SENDINGS.get(fault.kind)
    return delivery if change is None else change(circumstances, fault, delivery)


def _status(circumstances: Circumstances, fault: Fault) -> Delivery:
    status, retry_after = fault.options["status"], fault.options["retry_after"]
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    if status in {204, 304}:
        return Delivery(Response(status, headers=headers))
    refusal = RefusedRequestError(status, reason_phrase(status), headers)
    request = circumstances.request
    response = error_response(refusal, request, circumstances.moment)
    return Delivery(completed(response, None, request.headers))


def _proxy_page(_circumstances: Circumstances, fault: Fault) -> Delivery:
    status = fault.options["status"]
    page = _PAGE.format(status=status, phrase=reason_phrase(status))
    return Delivery(Response(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"}))


def _redirect(_circumstances: Circumstances, fault: Fault) -> Delivery:
    return Delivery(
        Response(fault.options["status"], headers={"Location": fault.options["location"]})
    )


def _timeout(_circumstances: Circumstances, _fault: Fault) -> Delivery:
    return Delivery(Response(200), delay=NEVER, is_silent=True, ending=Ending.CLOSED)


def _silence(ending: Ending) -> Replacement:
    return lambda _circumstances, _fault: Delivery(Response(200), is_silent=True, ending=ending)


def _invalid_http(_circumstances: Circumstances, _fault: Fault) -> Delivery:
    return Delivery(Response(200), garbage=_GARBAGE, ending=Ending.CLOSED)


def _endless_body(_circumstances: Circumstances, fault: Fault) -> Delivery:
    response = Response(200, headers={"Content-Type": JSON})
    pieces = _endless_array(fault.options["max_bytes"])
    return Delivery(response, pieces=pieces, is_endless=True, ending=Ending.CLOSED)


def _endless_array(size: int) -> Iterator[Piece]:
    block = b"[" + b"0," * (_BLOCK // 2)
    left = size
    while left > 0:
        yield 0.0, block[:left]
        left -= len(block)
        block = b"0," * (_BLOCK // 2)


def _compressed_bomb(_circumstances: Circumstances, fault: Fault) -> Delivery:
    headers = {"Content-Type": JSON, "Content-Encoding": "gzip"}
    return Delivery(Response(200, _bomb(fault.options["size"]), headers))


@lru_cache(maxsize=4)
def _bomb(size: int) -> bytes:
    """Compress an array with much space in it; each block of space is compressed only once."""
    spaces = b" " * (16 * _BLOCK)
    count, rest = divmod(size - 2, len(spaces))
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    start = compressor.compress(b"[") + compressor.flush(zlib.Z_FULL_FLUSH)
    # After a full flush, nothing refers to what came before, so a block can be repeated.
    block = compressor.compress(spaces) + compressor.flush(zlib.Z_FULL_FLUSH)
    end = compressor.compress(spaces[:rest] + b"]") + compressor.flush()
    checksum = zlib.crc32(b"[")
    for _ in range(count):
        checksum = zlib.crc32(spaces, checksum)
    checksum = zlib.crc32(spaces[:rest] + b"]", checksum)
    trailer = struct.pack("<II", checksum, size & 0xFFFFFFFF)
    return b"".join([_GZIP_HEADER, start, block * count, end, trailer])


def _delay(_circumstances: Circumstances, fault: Fault, delivery: Delivery) -> Delivery:
    return replace(delivery, delay=delivery.delay + fault.options["seconds"])


def _slow(circumstances: Circumstances, fault: Fault, delivery: Delivery) -> Delivery:
    speed: float = fault.options["bytes_per_second"]
    size = max(1, int(speed * _PACE))
    before = delivery.body_pieces(circumstances.request.method)

    def pieces() -> Iterator[Piece]:
        for pause, data in before:
            for start in range(0, len(data), size):
                part = data[start : start + size]
                yield (pause if start == 0 else 0.0) + len(part) / speed, part

    return replace(delivery, pieces=pieces())


def _cut(ending: Ending) -> Sending:
    """Send half of the body, then end the connection."""

    def change(circumstances: Circumstances, _fault: Fault, delivery: Delivery) -> Delivery:
        body = delivery.response.body
        if not body or not delivery.has_body(circumstances.request.method):
            # Complete with its head already, so that is not sent either.
            return replace(delivery, is_silent=True, ending=ending)
        return replace(delivery, pieces=((0.0, body[: len(body) // 2]),), ending=ending)

    return change


def _reset(circumstances: Circumstances, fault: Fault, delivery: Delivery) -> Delivery:
    if fault.options["when"] != "during":
        return delivery
    return _cut(Ending.RESET)(circumstances, fault, delivery)


def _truncated(circumstances: Circumstances, fault: Fault, delivery: Delivery) -> Delivery:
    if fault.options["announced"] != "full":
        return delivery
    return _cut(Ending.CLOSED)(circumstances, fault, delivery)


def _close_idle(_circumstances: Circumstances, _fault: Fault, delivery: Delivery) -> Delivery:
    ending = Ending.CLOSED if delivery.ending is Ending.KEPT else delivery.ending
    return replace(delivery, ending=ending)


_REPLACEMENTS: Mapping[str, Replacement] = {
    "compressed_bomb": _compressed_bomb,
    "disconnect": _silence(Ending.CLOSED),
    "endless_body": _endless_body,
    "invalid_http": _invalid_http,
    "proxy_page": _proxy_page,
    "redirect": _redirect,
    "reset": _silence(Ending.RESET),
    "status": _status,
    "timeout": _timeout,
}
_SENDINGS: Mapping[str, Sending] = {
    "close_idle": _close_idle,
    "delay": _delay,
    "reset": _reset,
    "slow": _slow,
    "truncated": _truncated,
}
