"""A client of Healthchecks.io, which watches whether jobs run when they should.

`Client` and `AsyncClient` manage checks and send pings; `CheckTrap` reports on a block of code.
Names and signatures are those of the distribution `healthchecks-io`, so that a program written for
it needs another import line only. Everything that the API has is in `client.api`, one module for
each operation.

Everything here is loaded when it is first named: a program that uses the operations alone does not
load these clients.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any

    from .aio import AsyncClient as AsyncClient
    from .blocking import Client as Client
    from .exceptions import BadAPIRequestError as BadAPIRequestError
    from .exceptions import CheckLimitReachedError as CheckLimitReachedError
    from .exceptions import CheckNotFoundError as CheckNotFoundError
    from .exceptions import HCAPIAuthError as HCAPIAuthError
    from .exceptions import HCAPIError as HCAPIError
    from .exceptions import HCAPIRateLimitError as HCAPIRateLimitError
    from .exceptions import NonUniqueSlugError as NonUniqueSlugError
    from .exceptions import PingFailedError as PingFailedError
    from .exceptions import WrongClientError as WrongClientError
    from .models import Badges as Badges
    from .models import BadgeStatus as BadgeStatus
    from .models import Check as Check
    from .models import CheckPings as CheckPings
    from .models import CheckStatuses as CheckStatuses
    from .models import Integration as Integration
    from .specs import CheckCreate as CheckCreate
    from .specs import CheckUpdate as CheckUpdate
    from .trap import CheckTrap as CheckTrap

    #: The version of `dqops-client`.
    __version__: str

__all__ = [
    "AsyncClient",
    "BadAPIRequestError",
    "BadgeStatus",
    "Badges",
    "Check",
    "CheckCreate",
    "CheckLimitReachedError",
    "CheckNotFoundError",
    "CheckPings",
    "CheckStatuses",
    "CheckTrap",
    "CheckUpdate",
    "Client",
    "HCAPIAuthError",
    "HCAPIError",
    "HCAPIRateLimitError",
    "Integration",
    "NonUniqueSlugError",
    "PingFailedError",
    "WrongClientError",
]

_MODULES = {
    "AsyncClient": "aio",
    "BadgeStatus": "models",
    "Badges": "models",
    "Check": "models",
    "CheckCreate": "specs",
    "CheckPings": "models",
    "CheckStatuses": "models",
    "CheckTrap": "trap",
    "CheckUpdate": "specs",
    "Client": "blocking",
    "Integration": "models",
}


if not TYPE_CHECKING:
    # Out of sight of type checkers, which would let every misspelt name pass.
    def __getattr__(name: str) -> Any:
        if name == "__version__":
            from importlib.metadata import version

            return version("dqops-client")
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import importlib

        module = _MODULES.get(name, "exceptions")
        found = getattr(importlib.import_module(f"{__name__}.{module}"), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
