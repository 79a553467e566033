"""What `@pytest.mark.dqops` says: from marks to a server."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from . import check_extra
from .faults import FaultPlan
from .seeds.reading import unknown_key
from .seeds.seed import Seed
from .settings import Settings
from .simulated import SimulatedDqops

if TYPE_CHECKING:
    from pathlib import Path

    from .faults.plan import FaultPlanLike

__all__ = ["server_for"]

_Server = TypeVar("_Server", bound=SimulatedDqops)

_KEYWORDS = ("seed", "faults", "api_key", "clock", *(each.name for each in fields(Settings)))


def server_for(request: pytest.FixtureRequest, kind: type[_Server]) -> _Server:
    """Make the server of a test, as its marks describe it.

    Args:
        request: The request of a fixture for a single test.
        kind: The class of the server.

    Returns:
        The server, which does not run yet.

    Raises:
        pytest.fail.Exception: A mark is not valid, and the message names the test; or the extra
            `testing` is not installed.
    """
    try:
        check_extra()
        options = _merged(request)
        if "seed" in options:
            options["seed"] = _seed(options["seed"], request)
        if "faults" in options:
            options["faults"] = _faults(options["faults"])
        return kind(**options)
    except ImportError as error:
        message = str(error)
    except (TypeError, ValueError) as error:
        message = f"{request.node.nodeid}: @pytest.mark.dqops: {error}"
    # Outside of the block, so that the report shows the message and no traceback of this module.
    pytest.fail(message, pytrace=False)


def _merged(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Put the marks of module, classes and test together; what is closer to the test wins."""
    options: dict[str, Any] = {}
    for mark in reversed(list(request.node.iter_markers("dqops"))):
        if mark.args:
            raise TypeError(f"it takes keywords only, such as seed=...; not {mark.args[0]!r}")
        for key in mark.kwargs:
            if key not in _KEYWORDS:
                raise TypeError(f"{key!r}: {unknown_key(_KEYWORDS, key)}")
        options |= mark.kwargs
    return options


def _seed(value: Any, request: pytest.FixtureRequest) -> Seed | Mapping[str, Any] | None:
    """Read a seed from its file, if that is what the mark names."""
    if value is None or isinstance(value, (Seed, Mapping)):
        return value
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"a seed is a dictionary, a Seed, or the path of a file; not {value!r}")
    folders = (request.path.parent, request.config.rootpath)
    for folder in folders:
        path = folder / value
        if path.is_file():
            return _seed_of_file(path, path.stat().st_mtime_ns)
    places = " nor in ".join(dict.fromkeys(map(str, folders)))
    raise ValueError(f"there is no seed {str(value)!r} in {places}")


@lru_cache(maxsize=32)
def _seed_of_file(path: Path, _changed: int) -> Seed:
    # A seed cannot be changed, so all the tests that name its file can have the same one.
    return Seed.from_file(path)


def _faults(value: FaultPlanLike) -> FaultPlan:
    if isinstance(value, FaultPlan):
        # A mark is shared by tests, and a plan counts calls.
        return FaultPlan(value.faults, seed=value.seed)
    return FaultPlan.of(value)
