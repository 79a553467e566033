"""Whether the services that a pipeline leans on are there: one vocabulary for all of them.

`check` asks a service once and gives a `HealthReport`, whatever happens. `wait_until_healthy` asks
until all are healthy. `python -m dqops.health URL` does both for containers and load balancers.

Everything here is loaded when it is first named, because the command has to start fast.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any

    from .probes import Probe as Probe
    from .probes import Service as Service
    from .report import HealthReport as HealthReport
    from .services import DQOPS as DQOPS
    from .services import HEALTHCHECKS as HEALTHCHECKS
    from .services import MOSPARO as MOSPARO
    from .services import HasHealth as HasHealth
    from .services import check as check
    from .services import check_async as check_async
    from .waiting import NotHealthyInTime as NotHealthyInTime
    from .waiting import wait_until_healthy as wait_until_healthy
    from .waiting import wait_until_healthy_async as wait_until_healthy_async

__all__ = [
    "DQOPS",
    "HEALTHCHECKS",
    "MOSPARO",
    "HasHealth",
    "HealthReport",
    "NotHealthyInTime",
    "Probe",
    "Service",
    "check",
    "check_async",
    "wait_until_healthy",
    "wait_until_healthy_async",
]

_MODULES = {
    "DQOPS": "services",
    "HEALTHCHECKS": "services",
    "MOSPARO": "services",
    "HasHealth": "services",
    "HealthReport": "report",
    "NotHealthyInTime": "waiting",
    "Probe": "probes",
    "Service": "probes",
    "check": "services",
    "check_async": "services",
    "wait_until_healthy": "waiting",
    "wait_until_healthy_async": "waiting",
}


if not TYPE_CHECKING:
    # Out of sight of type checkers, which would let every misspelt name pass.
    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            from .._runtime.suggestions import no_such_name

            raise no_such_name(__name__, name, __all__)
        import importlib

        found = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
