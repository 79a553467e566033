"""A client of DQOps' REST API.

`Client` and `AuthenticatedClient` say where the server is and how to talk to it, `Retries` when a
request that failed is sent again; the modules in `dqops.client.api` each hold one operation that
takes such a client.

Everything here is loaded when it is first named: a program that only builds models, for example,
never imports the HTTP library.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any

    from .._runtime.settings.retries import Retries as Retries
    from . import api as api
    from . import errors as errors
    from . import models as models
    from . import types as types
    from .client import AuthenticatedClient as AuthenticatedClient
    from .client import Client as Client

__all__ = ["AuthenticatedClient", "Client", "Retries"]

_MODULES = {
    "AuthenticatedClient": ".client",
    "Client": ".client",
    "Retries": ".._runtime.settings.retries",
}

_SUBMODULES = frozenset({"api", "errors", "models", "types"})


def __getattr__(name: str) -> Any:
    import importlib

    if name in _MODULES:
        module = importlib.import_module(_MODULES[name], __name__)
        found: Any = getattr(module, name)
        globals()[name] = found  # the next look-up does not come here
        return found
    if name in _SUBMODULES:
        return importlib.import_module(f"{__name__}.{name}")
    from .._runtime.suggestions import no_such_name

    raise no_such_name(__name__, name, [*__all__, *_SUBMODULES])


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_SUBMODULES})
