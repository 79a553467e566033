"""Fixtures of the pipeline's tests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from .support import FakeGenerator, Repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Give a small repository with a specification that is good."""
    return Repository(tmp_path / "repository")


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> FakeGenerator:
    """Put a fake generator in the place of `clientsmith.writing.generate`, for the command line."""
    fake = FakeGenerator()
    monkeypatch.setitem(sys.modules, "clientsmith.writing.generate", fake)
    return fake
