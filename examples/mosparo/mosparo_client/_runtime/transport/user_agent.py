# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""How the client names itself to the server."""

from __future__ import annotations

from functools import cache

from ..._identity import DISTRIBUTION

__all__ = ["user_agent"]


@cache
def user_agent(httpx_version: str) -> str:
    """Name the SDK, Python and httpx with their versions.

    Args:
        httpx_version: The version of httpx.

    Returns:
        The value of the header User-Agent.
    """
    import sys
    from importlib.metadata import PackageNotFoundError, version

    try:
        ours = version(DISTRIBUTION)
    except PackageNotFoundError:  # run from its source, without an installation
        ours = "unknown"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{DISTRIBUTION}/{ours} python/{python} httpx/{httpx_version}"
