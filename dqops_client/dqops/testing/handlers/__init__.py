"""What operations do, one module for each group; those without a handler answer with examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import check_results, connections, healthcheck, jobs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Handler

__all__ = ["HANDLERS"]

#: By the operations' names.
HANDLERS: Mapping[str, Handler] = {
    **check_results.HANDLERS,
    **connections.HANDLERS,
    **healthcheck.HANDLERS,
    **jobs.HANDLERS,
}
