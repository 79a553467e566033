"""A plugin of pytest that spares the garbage collector what collecting the tests has made.

These objects stay until the end. There are millions of them, and each full collection, of which
tests ask for many, would look at all again; so would those that end a process.
"""

from __future__ import annotations

import gc
import os


def pytest_collection_finish() -> None:
    """Leave what there is until the session ends."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Let plugins that summarize, which workers do not, find references again."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        gc.unfreeze()
