"""Documents of strangers: specifications for the pipeline, seeds and faults for the simulator."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.errors import PipelineError
from dqops.testing import FaultPlan, Seed, SeedError, State
from pipeline.support import FILES, Repository
from simulator.test_seed_files import WHOLE

from fuzz.edits import Edit, edited, edits
from fuzz.running import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["TARGETS"]

_NAMES = [name for name in FILES if name.startswith("openapi/demo/")]


@contextmanager
def _pipeline() -> Iterator[Callable[[list[Edit]], None]]:
    with tempfile.TemporaryDirectory() as folder:
        repository = Repository(Path(folder))
        texts = [(repository.path / name).read_text(encoding="utf-8") for name in _NAMES]

        def check(changes: list[Edit]) -> None:
            for name, text in zip(_NAMES, edited(texts, changes), strict=True):
                content = text.encode("utf-8", "surrogatepass")
                (repository.path / name).write_bytes(content)
            with suppress(PipelineError):
                repository.regenerate()

        yield check


@contextmanager
def _seeds() -> Iterator[Callable[[list[Edit]], None]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.yaml"

        def check(changes: list[Edit]) -> None:
            texts = [WHOLE, "- {kind: delay, seconds: 1, nth: 2}\n- {kind: status, status: 503}\n"]
            seed, faults = edited(texts, changes)
            path.write_bytes(seed.encode("utf-8", "surrogatepass"))
            with suppress(SeedError):
                State(Seed.from_file(path))
            path.write_bytes(faults.encode("utf-8", "surrogatepass"))
            with suppress(ValueError):
                FaultPlan.from_file(path)

        yield check


TARGETS = {
    "documents": Target(
        "the pipeline generates, or says what is wrong",
        edits(len(_NAMES), max(map(len, FILES.values()))),
        _pipeline,
    ),
    "seeds": Target("a seed, or a SeedError", edits(2, len(WHOLE)), _seeds, longest=5.0),
}
