"""A client of DQOps' REST API.

`Client` and `AuthenticatedClient` say where the server is and how to talk to it; the modules in
`dqops.client.api` each hold one operation that takes such a client.

Everything here is loaded when it is first named: a program that only builds models, for example,
never imports the HTTP library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import api as api
    from . import errors as errors
    from . import models as models
    from . import types as types
    from .client import AuthenticatedClient as AuthenticatedClient
    from .client import Client as Client

__all__ = ["AuthenticatedClient", "Client"]

_SUBMODULES = frozenset({"api", "errors", "models", "types"})


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import client

        found: Any = getattr(client, name)
        globals()[name] = found  # the next look-up does not come here
        return found
    if name in _SUBMODULES:
        import importlib

        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_SUBMODULES})
