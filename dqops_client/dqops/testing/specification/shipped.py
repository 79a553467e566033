"""The specification that ships with the package, read from its file."""

from __future__ import annotations

import gc
import json
import threading
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from .document import Specification

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MissingSpecificationError", "load_specification"]

# JSON, because YAML takes fifty times longer to read, which every process that tests would notice.
_FILE_NAME = "dqops.bundle.json"
_loaded: dict[Path, Specification] = {}
_loading = threading.Lock()


class MissingSpecificationError(FileNotFoundError):
    """The bundled specification is not where it should be."""


def load_specification(path: Path | None = None) -> Specification:
    """Read the bundled specification; a second call costs nothing.

    Args:
        path: The file, in JSON. By default the one inside the installed package, or else the one
            of the repository in which this module lies.

    Returns:
        The specification.

    Raises:
        MissingSpecificationError: There is no such file.
    """
    found = _find(__file__) if path is None else path
    with _loading:
        if found not in _loaded:
            try:
                text = found.read_text(encoding="utf-8")
            except FileNotFoundError as error:
                raise MissingSpecificationError(f"there is no specification at {found}") from error
            with _collector_paused():
                _loaded[found] = Specification(json.loads(text))
        return _loaded[found]


@lru_cache(maxsize=8)
def _find(module: str) -> Path:
    folder = Path(module).resolve().parents[1]  # where the wheel has it
    candidates = [folder / _FILE_NAME, folder.parents[2] / "openapi" / _FILE_NAME]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    places = ", nor at ".join(str(candidate) for candidate in candidates)
    raise MissingSpecificationError(
        f"the bundled specification, which dqops.testing needs, is not at {places}. Install "
        "dqops-client again, or, in a checkout of its repository, run 'make regenerate'"
    )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from searching what is being read, again and again.

    It finds nothing in a document that only grows, and takes two thirds of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
