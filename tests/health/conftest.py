"""A server in every state that a probe meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .servers import STATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .servers import Scripted


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest) -> Iterator[tuple[Scripted, str, int, str]]:
    """Run a server in each of the states, with what is to be found out about it."""
    server, status, code, words = STATES[request.param]
    with server() as running:
        yield running, status, code, words
