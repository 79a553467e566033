# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Bodies that are read piece by piece, so that a large download needs little memory."""

from __future__ import annotations

from ._runtime.exchange.downloads import CHUNK_SIZE, AsyncDownload, Download

__all__ = ["CHUNK_SIZE", "AsyncDownload", "Download"]
