"""Which version a server is.

    import dqops

    dqops.server_version(client)  # "1.13.2"

Nothing else in this package asks for it: a pipeline that may meet older servers can ask once, and
compare with docs/compatibility.md. `OperationNotSupported` tells of an operation that is missing
without asking.
"""

from __future__ import annotations

from .aio import server_version_async
from .blocking import server_version

__all__ = ["server_version", "server_version_async"]
