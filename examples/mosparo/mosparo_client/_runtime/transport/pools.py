# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The pools of both kinds of calls."""

from __future__ import annotations

from .async_pool import AsyncPool
from .sync_pool import SyncPool

__all__ = ["AsyncPool", "SyncPool"]
