"""A plugin of pytest that spares the garbage collector what collecting the tests has made.

These objects stay until the process ends. There are millions of them, and each full collection,
of which tests ask for many, would look at all again; so would those at the end, for 3 s a worker.
"""

from __future__ import annotations

import gc


def pytest_collection_finish() -> None:
    """Leave what there is until the process ends."""
    gc.collect()
    gc.freeze()
