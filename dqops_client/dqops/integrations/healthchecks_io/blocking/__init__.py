"""The blocking client of Healthchecks.io."""

from __future__ import annotations

from .client import Client as Client

__all__ = ["Client"]
