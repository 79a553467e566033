"""A simulated DQOps server to test programs against: `DqopsServer`, or `SimulatedDqops` in process.

It comes with the extra `testing`, and is independent of `dqops.client`: any HTTP client can use it.
"""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from .clock import Clock as Clock
    from .clock import ManualClock as ManualClock
    from .clock import SkippingClock as SkippingClock
    from .clock import SystemClock as SystemClock
    from .faults import FAULT_KINDS as FAULT_KINDS
    from .faults import Fault as Fault
    from .faults import FaultPlan as FaultPlan
    from .handlers.examples import SIMULATED_HEADER as SIMULATED_HEADER
    from .operation_list import SimulatedOperation as SimulatedOperation
    from .operation_list import simulated_operations as simulated_operations
    from .recorded_requests import RecordedRequest as RecordedRequest
    from .results.check_results import CheckResult as CheckResult
    from .results.incidents import Incident as Incident
    from .roles import User as User
    from .seeds.reading import SeedError as SeedError
    from .seeds.seed import Column as Column
    from .seeds.seed import Connection as Connection
    from .seeds.seed import Seed as Seed
    from .seeds.seed import Table as Table
    from .server import DqopsServer as DqopsServer
    from .settings import Settings as Settings
    from .simulated import SimulatedDqops as SimulatedDqops
    from .simulator import DEFAULT_API_KEY as DEFAULT_API_KEY
    from .specification.shipped import MissingSpecificationError as MissingSpecificationError
    from .state.data_domain import DataDomain as DataDomain
    from .state.snapshots import Snapshot as Snapshot
    from .state.state import State as State

__all__ = [
    "DEFAULT_API_KEY",
    "FAULT_KINDS",
    "SIMULATED_HEADER",
    "CheckResult",
    "Clock",
    "Column",
    "Connection",
    "DataDomain",
    "DqopsServer",
    "Fault",
    "FaultPlan",
    "Incident",
    "ManualClock",
    "MissingSpecificationError",
    "RecordedRequest",
    "Seed",
    "SeedError",
    "Settings",
    "SimulatedDqops",
    "SimulatedOperation",
    "SkippingClock",
    "Snapshot",
    "State",
    "SystemClock",
    "Table",
    "User",
    "simulated_operations",
]

# The modules, by what is loaded of them when it is first named: pytest imports this package
# whenever it starts, and most of its runs do not use it.
_MODULES = {
    "clock": ("Clock", "ManualClock", "SkippingClock", "SystemClock"),
    "state.data_domain": ("DataDomain",),
    "handlers.examples": ("SIMULATED_HEADER",),
    "faults": ("FAULT_KINDS", "Fault", "FaultPlan"),
    "recorded_requests": ("RecordedRequest",),
    "operation_list": ("SimulatedOperation", "simulated_operations"),
    "roles": ("User",),
    "seeds.reading": ("SeedError",),
    "seeds.seed": ("Column", "Connection", "Seed", "Table"),
    "server": ("DqopsServer",),
    "settings": ("Settings",),
    "simulated": ("SimulatedDqops",),
    "simulator": ("DEFAULT_API_KEY",),
    "state.snapshots": ("Snapshot",),
    "specification.shipped": ("MissingSpecificationError",),
    "state.state": ("State",),
    "results.incidents": ("Incident",),
    "results.check_results": ("CheckResult",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        from .._runtime.suggestions import no_such_name

        raise no_such_name(__name__, name, __all__)
    import importlib

    check_extra()
    found: object = getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = found  # the next look-up does not come here
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


@lru_cache(maxsize=1)
def check_extra() -> None:
    """Tell now what is missing: some of it is imported when something is wrong only.

    Raises:
        ImportError: A package of the extra `testing` is missing; the message has the remedy.
    """
    from importlib.util import find_spec

    for package in ("jsonschema", "referencing", "yaml"):
        if find_spec(package) is None:
            raise ImportError(
                f"dqops.testing needs the package {package!r}, which is not installed. Install "
                'everything that it needs with: pip install "dqops-client[testing]"',
                name=package,
            )
