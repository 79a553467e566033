"""Tests that need what not every system has; docs/platforms.md lists them."""

from __future__ import annotations

import os

import pytest

__all__ = ["not_on_windows"]


def not_on_windows(reason: str) -> pytest.MarkDecorator:
    """Skip a test on Windows.

    Args:
        reason: What is not there.

    Returns:
        The decorator.
    """
    return pytest.mark.skipif(os.name == "nt", reason=f"Windows: {reason}")
