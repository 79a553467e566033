# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Every exception that the SDK raises.

    ClientError
    +-- InvalidRequest (ValueError)          refused before anything was sent
    +-- UnexpectedStatus                     the server answered, and it was no success
    |   +-- Redirection                      3xx
    |   +-- ClientRequestError               4xx
    |   |   +-- BadRequest                   400
    |   |   +-- Unauthorized                 401
    |   |   +-- Forbidden                    403
    |   |   +-- NotFound                     404
    |   |   +-- Conflict                     409
    |   |   +-- TooManyRequests              429
    |   +-- ServerError                      5xx
    |       +-- BadGateway                   502
    |       +-- ServiceUnavailable           503
    |       +-- GatewayTimeout               504
    +-- DecodeError (ValueError)             the answer is not what the specification says
    +-- TransportFailure (httpx.TransportError)
        +-- ConnectionFailure (httpx.ConnectError)
        |   +-- TLSFailure                   no agreement on TLS, or a certificate is not trusted
        +-- TimeoutFailure (httpx.TimeoutException)
        |   +-- DeadlineExceeded             the whole call took too long
        +-- ProtocolFailure (httpx.ProtocolError)
        +-- BodyTooLarge (httpx.DecodingError)

    UserWarning
    +-- InsecureTransportWarning             credentials go over the network without TLS

`TransportFailure` and what is below it are loaded, with httpx, when they are first named.
"""

from __future__ import annotations

from ._runtime.errors import (
    BadGateway as BadGateway,
)
from ._runtime.errors import (
    BadRequest as BadRequest,
)
from ._runtime.errors import (
    ClientError as ClientError,
)
from ._runtime.errors import (
    ClientRequestError as ClientRequestError,
)
from ._runtime.errors import (
    Conflict as Conflict,
)
from ._runtime.errors import (
    DecodeError as DecodeError,
)
from ._runtime.errors import (
    Forbidden as Forbidden,
)
from ._runtime.errors import (
    GatewayTimeout as GatewayTimeout,
)
from ._runtime.errors import (
    InsecureTransportWarning as InsecureTransportWarning,
)
from ._runtime.errors import (
    InvalidRequest as InvalidRequest,
)
from ._runtime.errors import (
    NotFound as NotFound,
)
from ._runtime.errors import (
    Redirection as Redirection,
)
from ._runtime.errors import (
    ServerError as ServerError,
)
from ._runtime.errors import (
    ServiceUnavailable as ServiceUnavailable,
)
from ._runtime.errors import (
    TooManyRequests as TooManyRequests,
)
from ._runtime.errors import (
    Unauthorized as Unauthorized,
)
from ._runtime.errors import (
    UnexpectedStatus as UnexpectedStatus,
)
from ._runtime.errors import becomes_read as becomes_read
from ._runtime.errors import describe_status as describe_status
from ._runtime.errors import excerpt as excerpt
from ._runtime.errors import kind_of_status as kind_of_status
from ._runtime.errors import shown_address as shown_address

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any

    from ._runtime.transport.failures import (
        BodyTooLarge as BodyTooLarge,
    )
    from ._runtime.transport.failures import (
        ConnectionFailure as ConnectionFailure,
    )
    from ._runtime.transport.failures import (
        DeadlineExceeded as DeadlineExceeded,
    )
    from ._runtime.transport.failures import (
        ProtocolFailure as ProtocolFailure,
    )
    from ._runtime.transport.failures import (
        TimeoutFailure as TimeoutFailure,
    )
    from ._runtime.transport.failures import (
        TLSFailure as TLSFailure,
    )
    from ._runtime.transport.failures import (
        TransportFailure as TransportFailure,
    )

__all__ = [
    "BadGateway",
    "BadRequest",
    "BodyTooLarge",
    "ClientError",
    "ClientRequestError",
    "Conflict",
    "ConnectionFailure",
    "DeadlineExceeded",
    "DecodeError",
    "Forbidden",
    "GatewayTimeout",
    "InsecureTransportWarning",
    "InvalidRequest",
    "NotFound",
    "ProtocolFailure",
    "Redirection",
    "ServerError",
    "ServiceUnavailable",
    "TLSFailure",
    "TimeoutFailure",
    "TooManyRequests",
    "TransportFailure",
    "Unauthorized",
    "UnexpectedStatus",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if not TYPE_CHECKING:
    # Out of sight of type checkers, which would let every misspelt name pass.
    def __getattr__(name: str) -> Any:
        if name in __all__:  # and yet not here
            from ._runtime.transport import failures

            return getattr(failures, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
