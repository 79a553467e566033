"""A plugin that keeps our modules loaded where a test runs pytest inside of itself."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.pytester import SysModulesSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="session")
def kept_modules() -> Iterator[None]:
    """Keep our modules that a pytest inside of a test loads.

    It would drop them, although `dqops.client.models` holds what they define: a class of which
    there are two cannot be pickled.
    """
    restore = SysModulesSnapshot.restore

    def keep(snapshot: Any) -> None:
        loaded = {name: it for name, it in sys.modules.items() if name.split(".")[0] == "dqops"}
        restore(snapshot)
        sys.modules.update(loaded)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SysModulesSnapshot, "restore", keep)
        yield
