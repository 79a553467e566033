"""The operation of the group `healthcheck`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http.messages import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Call, Handler

__all__ = ["HANDLERS"]


def _is_healthy(call: Call) -> Response:
    if call.state.settings.healthy:
        return Response.of_bare_text(200, "OK")
    return Response.of_bare_text(503, "UNAVAILABLE")


HANDLERS: Mapping[str, Handler] = {"is_healthy": _is_healthy}
