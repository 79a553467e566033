"""The import of pyarrow, with a message that says how to get it."""

from __future__ import annotations

from typing import Any

try:
    import pyarrow
    import pyarrow.compute
    import pyarrow.json
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] == "pyarrow":
        raise ImportError(
            "dqops.frames needs the package 'pyarrow', which is not installed. Install it with: "
            'pip install "dqops-client[frames]"',
            name=error.name,
        ) from error
    raise

__all__ = ["pa"]

#: pyarrow, which has no types: its functions are made when it is imported.
pa: Any = pyarrow
