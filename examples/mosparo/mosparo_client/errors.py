# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Every exception that the SDK raises.

    ClientError
    +-- InvalidRequest (ValueError)          refused before anything was sent
    +-- UnexpectedStatus                     the response is no success
    |   +-- Redirection                      3xx
    |   +-- ClientRequestError               4xx
    |   |   +-- BadRequest                   400
    |   |   +-- Unauthorized                 401
    |   |   +-- Forbidden                    403
    |   |   +-- NotFound                     404
    |   |   |   +-- OperationNotSupported    404 of the router: the server lacks the operation
    |   |   +-- Conflict                     409
    |   |   +-- TooManyRequests              429
    |   +-- ServerError                      5xx
    |       +-- BadGateway                   502
    |       +-- ServiceUnavailable           503
    |       +-- GatewayTimeout               504
    +-- NoResult                             a success without the result it should have
    +-- DecodeError (ValueError)             the response is not what the specification says
    +-- TransportFailure (httpx.TransportError)
        +-- ConnectionFailure (httpx.ConnectError)
        |   +-- TLSFailure                   no agreement on TLS, or a certificate is not trusted
        +-- TimeoutFailure (httpx.TimeoutException)
        |   +-- DeadlineExceeded             the whole call took too long
        +-- ProtocolFailure (httpx.ProtocolError)
        +-- BodyTooLarge (httpx.DecodingError)

    UserWarning
    +-- ClientWarning                        probably not what was meant; the program goes on
        +-- InsecureTransportWarning         credentials go over the network without TLS

`TransportFailure` and what is below it are loaded, with httpx, when they are first named.
"""

from __future__ import annotations

from ._runtime.errors import (
    ClientError,
    ClientWarning,
    DecodeError,
    InsecureTransportWarning,
    InvalidRequest,
    NoResult,
)
from ._runtime.public import describe_status as describe_status
from ._runtime.public import excerpt as excerpt
from ._runtime.public import shorten_url as shorten_url
from ._runtime.statuses import (
    BadGateway,
    BadRequest,
    ClientRequestError,
    Conflict,
    Forbidden,
    GatewayTimeout,
    NotFound,
    OperationNotSupported,
    Redirection,
    ServerError,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
    UnexpectedStatus,
)
from ._runtime.statuses import becomes_read as becomes_read
from ._runtime.statuses import kind_of_status as kind_of_status

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any

    from ._runtime.transport.failures import (
        BodyTooLarge,
        ConnectionFailure,
        DeadlineExceeded,
        ProtocolFailure,
        TimeoutFailure,
        TLSFailure,
        TransportFailure,
    )

__all__ = [
    "BadGateway",
    "BadRequest",
    "BodyTooLarge",
    "ClientError",
    "ClientRequestError",
    "ClientWarning",
    "Conflict",
    "ConnectionFailure",
    "DeadlineExceeded",
    "DecodeError",
    "Forbidden",
    "GatewayTimeout",
    "InsecureTransportWarning",
    "InvalidRequest",
    "NoResult",
    "NotFound",
    "OperationNotSupported",
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
        from ._runtime.suggestions import no_such_name

        raise no_such_name(__name__, name, __all__)
