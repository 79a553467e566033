"""A simulated DQOps server to test programs against: `DqopsServer`.

It comes with the extra `testing`, and is independent of `dqops.client`: any HTTP client can use it.
"""

from __future__ import annotations

try:
    from .clock import Clock, SystemClock
    from .examples import SIMULATED_HEADER
    from .messages import RecordedRequest
    from .seeds import CheckResult, Column, Connection, Seed, Table
    from .server import DqopsServer
    from .settings import Settings
    from .simulated_operations import SimulatedOperation, simulated_operations
    from .simulator import DEFAULT_API_KEY
    from .specification import MissingSpecificationError
    from .state import State
except ModuleNotFoundError as error:
    _package = (error.name or "").partition(".")[0]
    if _package in {"jsonschema", "pytest_httpserver", "referencing", "werkzeug", "yaml"}:
        raise ImportError(
            f"dqops.testing needs the package {_package!r}, which is not installed. Install "
            'everything that it needs with: pip install "dqops-client[testing]"',
            name=error.name,
        ) from error
    raise

__all__ = [
    "DEFAULT_API_KEY",
    "SIMULATED_HEADER",
    "CheckResult",
    "Clock",
    "Column",
    "Connection",
    "DqopsServer",
    "MissingSpecificationError",
    "RecordedRequest",
    "Seed",
    "Settings",
    "SimulatedOperation",
    "State",
    "SystemClock",
    "Table",
    "simulated_operations",
]
