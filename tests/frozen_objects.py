"""A plugin of pytest that spares the garbage collector what collecting the tests has made.

These objects stay until the end. There are millions of them, and each full collection, of which
tests ask for many, would look at all again.
"""

from __future__ import annotations

import gc


def pytest_collection_finish() -> None:
    """Leave what there is until the session ends."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Let plugins that look for references find them again."""
    gc.unfreeze()
