"""A fake Healthchecks.io server to test programs against: `HealthchecksServer`.

It is independent of `dqops.integrations`: any HTTP client can use it.
"""

from __future__ import annotations

from .checks import Check, Flip, Ping
from .core import ReceivedRequest
from .project import Channel, Project
from .server import HealthchecksServer
from .service import Service

__all__ = [
    "Channel",
    "Check",
    "Flip",
    "HealthchecksServer",
    "Ping",
    "Project",
    "ReceivedRequest",
    "Service",
]
