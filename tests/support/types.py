"""What tests that check types share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def cache_of_mypy(config: pytest.Config, name: str) -> str:
    """Give a folder for what mypy found out, which the next run of the tests need not find again.

    Args:
        config: That of the run; with `-p no:cacheprovider` it has no folder.
        name: What is checked: each has a cache of its own, because tests run side by side.
    """
    cache: pytest.Cache | None = getattr(config, "cache", None)
    return os.devnull if cache is None else str(cache.mkdir(f"mypy-of-{name}"))
