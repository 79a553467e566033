"""The generated corners as a package that can be imported."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from .support import EXPECTED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def corners_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder that holds the package `corners`; it is on the search path."""
    folder = tmp_path_factory.mktemp("site")
    for name in ("api", "models", "groups"):
        shutil.copytree(EXPECTED / name, folder / "corners" / name)
    (folder / "corners" / "__init__.py").write_text('"""A generated package."""\n')
    (folder / "corners" / "py.typed").touch()
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "corners"]:
        del sys.modules[name]
