"""Single checks of a table or column: read, set and remove one, and leave the others alone.

    from dqops.checks import set_check

    set_check(client, "warehouse.public.orders", "daily_row_count", error={"min_count": 10})

`dqops.checks.aio` has the same functions for asynchronous programs. Everything here is loaded when
it is first named.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any

    from . import aio as aio
    from .blocking import get_checks as get_checks
    from .blocking import remove_check as remove_check
    from .blocking import set_check as set_check

__all__ = ["aio", "get_checks", "remove_check", "set_check"]


if not TYPE_CHECKING:
    # Out of sight of type checkers, which would let every misspelt name pass.
    def __getattr__(name: str) -> Any:
        import importlib

        if name in {"get_checks", "remove_check", "set_check"}:
            found: Any = getattr(importlib.import_module(f"{__name__}.blocking"), name)
            globals()[name] = found  # the next look-up does not come here
            return found
        if name == "aio":
            return importlib.import_module(f"{__name__}.aio")
        from .._runtime.suggestions import no_such_name

        raise no_such_name(__name__, name, __all__)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
