"""A plugin of pytest that spares the garbage collector what stays.

Collecting the tests makes millions of objects that stay until the end, and tests load modules,
which stay, too. Each full collection, of which tests ask for many, would look at all of them
again; so would those that end a process.
"""

from __future__ import annotations

import gc
import os
from typing import Any


class Frozen:
    """Freezes what there is after the tests are collected, and after some of the tests."""

    def __init__(self) -> None:
        self.has_collected = False

    def notice(self, phase: str, info: dict[str, Any]) -> None:
        """Notice a full collection."""
        self.has_collected |= phase == "stop" and info["generation"] == 2

    def freeze(self) -> None:
        """Leave what there is, and no garbage."""
        gc.collect()
        gc.freeze()
        self.has_collected = False

    def pytest_collection_finish(self) -> None:
        """Freeze the tests."""
        self.freeze()
        gc.callbacks.append(self.notice)

    def pytest_runtest_logfinish(self) -> None:
        """Freeze what tests have left, where garbage is looked for."""
        if self.has_collected:
            self.freeze()

    def pytest_sessionfinish(self) -> None:
        """Let plugins that summarize, which workers do not, find references again."""
        if self.notice in gc.callbacks:
            gc.callbacks.remove(self.notice)
        if "PYTEST_XDIST_WORKER" not in os.environ:
            gc.unfreeze()


def pytest_configure(config: Any) -> None:
    """Freeze from now on."""
    config.pluginmanager.register(Frozen(), "frozen")
