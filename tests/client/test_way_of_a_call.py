"""A call passes through the layers of the runtime in one direction, and back in the other."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dqops.client import AuthenticatedClient
from dqops.client.api.jobs import run_checks
from dqops.client.models import RunChecksParameters

if TYPE_CHECKING:
    from types import FrameType

    from support.raw_server import RawServer

RUNTIME = "dqops._runtime."
LAYERS = ("client", "call", "exchange", "transport")
# What travels; looking at it is no visit to where it was made.
MESSAGES = "transport.messages"


def layer_of(frame: FrameType | None) -> str | None:
    """Name the layer that a frame belongs to; None for all else."""
    name = "" if frame is None else frame.f_globals.get("__name__", "")
    if name == run_checks.__name__:
        return "api"
    inner = name.removeprefix(RUNTIME)
    return None if inner in {name, MESSAGES} else inner.partition(".")[0]


def test_down_once_and_up_once(raw_server: RawServer) -> None:
    """Arguments are passed down and the response is passed up, through each layer once."""
    raw_server.respond = lambda *_: (
        b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n"
        b'{"status":"succeeded"}'
    )
    seen: list[str] = []

    def look(frame: FrameType, event: str, _: Any) -> None:
        layer = layer_of(frame.f_back if event == "return" else frame)
        if event in {"call", "return"} and layer in {"api", *LAYERS}:
            seen.append(layer)

    with AuthenticatedClient(raw_server.url, "token") as client:
        body = RunChecksParameters()
        run_checks.sync(client=client, json_body=body)  # loads what is loaded at the first call
        before = sys.getprofile()
        sys.setprofile(look)
        try:
            run_checks.sync(client=client, json_body=body)
        finally:
            sys.setprofile(before)
    assert [
        *("api", "client", "call"),
        *("exchange", "call", "transport", "call", "exchange"),
        *("call", "client", "api"),
    ] == [layer for layer, _ in groupby(seen)]
