"""Which version a server is.

    import dqops

    dqops.server_version(client)  # "1.13.2"

Nothing else in this package asks for it. A client that has asked knows the version from then on, as
one does that is made with `server_version="1.7.0"`: it warns of what that server would ignore,
refuse or lack. `OperationNotSupported` tells of an operation that is missing without asking.
"""

from __future__ import annotations

from .aio import server_version_async
from .blocking import server_version

__all__ = ["server_version", "server_version_async"]
