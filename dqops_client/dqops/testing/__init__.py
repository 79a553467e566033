"""A simulated DQOps server to test programs against: `DqopsServer`, or `SimulatedDqops` in process.

It comes with the extra `testing`, and is independent of `dqops.client`: any HTTP client can use it.
"""

from __future__ import annotations

try:
    from .clock import Clock, ManualClock, SystemClock
    from .examples import SIMULATED_HEADER
    from .faults import FAULT_KINDS, Fault, FaultPlan
    from .messages import RecordedRequest
    from .roles import User
    from .seed_reading import SeedError
    from .seeds import Column, Connection, Seed, Table
    from .server import DqopsServer
    from .settings import Settings
    from .simulated import SimulatedDqops
    from .simulated_operations import SimulatedOperation, simulated_operations
    from .simulator import DEFAULT_API_KEY
    from .snapshots import Snapshot
    from .specification import MissingSpecificationError
    from .state import State
    from .stored_results import CheckResult, Incident
except ModuleNotFoundError as error:
    _package = (error.name or "").partition(".")[0]
    if _package in {"jsonschema", "referencing", "yaml"}:
        raise ImportError(
            f"dqops.testing needs the package {_package!r}, which is not installed. Install "
            'everything that it needs with: pip install "dqops-client[testing]"',
            name=error.name,
        ) from error
    raise

__all__ = [
    "DEFAULT_API_KEY",
    "FAULT_KINDS",
    "SIMULATED_HEADER",
    "CheckResult",
    "Clock",
    "Column",
    "Connection",
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
    "Snapshot",
    "State",
    "SystemClock",
    "Table",
    "User",
    "simulated_operations",
]
