# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""How the client names itself to the server."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ..._identity import DISTRIBUTION, VERSION

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["user_agent"]


@cache
def user_agent(http: ModuleType) -> str:
    """Name the SDK, Python and the HTTP library with their versions.

    Args:
        http: The HTTP library.

    Returns:
        The value of the header User-Agent.
    """
    import sys

    ours = VERSION
    if ours is None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            ours = version(DISTRIBUTION)
        except PackageNotFoundError:  # run from its source, without an installation
            ours = "unknown"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{DISTRIBUTION}/{ours} python/{python} {http.__name__}/{http.__version__}"
