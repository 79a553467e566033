"""The asynchronous client of Healthchecks.io."""

from __future__ import annotations

from .client import AsyncClient as AsyncClient

__all__ = ["AsyncClient"]
