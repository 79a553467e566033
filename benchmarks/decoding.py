"""Bytes to models and back: the other clients, ours, and msgspec as the limit."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from benchmarks.documents import DOCUMENTS, write_documents
from benchmarks.measure import Samples, interleave
from benchmarks.workers import Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.environments import Environments

__all__ = ["CONVERSIONS", "measure_conversion"]

CONVERSIONS: tuple[Literal["decode", "encode"], ...] = ("decode", "encode")

# Several processes for each client, because one can be slower than another for as long as it lives,
# by where its objects happen to lie.
_PROCESSES = 4
_ROUNDS = 8
# So many that each turn takes some hundredths of a second.
_REPEAT = 2


def measure_conversion(
    environments: Environments, conversion: str, name: str
) -> dict[str, Samples]:
    """Measure all clients with one document.

    Args:
        environments: Where they are.
        conversion: `decode` or `encode`.
        name: The document's name.

    Returns:
        Seconds of processor time by client: `official`, `default json`, `default orjson`,
        `ours json`, `ours orjson`, `msgspec`.
    """
    folder = write_documents()
    found: dict[str, tuple[float, ...]] = {}
    for _ in range(_PROCESSES):
        with ExitStack() as stack:
            cases = _cases(environments, conversion, name, folder, stack)
            for case, samples in interleave(cases, _ROUNDS).items():
                found[case] = found.get(case, ()) + samples.values
    return {case: Samples(values) for case, values in found.items()}


def _cases(
    environments: Environments, conversion: str, name: str, folder: Path, stack: ExitStack
) -> dict[str, Callable[[], float]]:
    document = DOCUMENTS[name]
    arguments: dict[str, Any] = {
        "path": str(folder / f"{name}.json"),
        "model": document.model,
        "is_list": document.is_list,
        "repeat": _REPEAT,
    }

    def start(environment: str, module: str, *command_line: str) -> Callable[..., float]:
        worker = Worker(environments.python(environment), module, *command_line)
        return partial(stack.enter_context(worker).ask, conversion, **arguments)

    official = start("official", "conversion_generated", "dqops.client")
    default = start("default-client", "conversion_generated", "default_client")
    return {
        "official": partial(official, parser="json"),
        "default json": partial(default, parser="json"),
        "default orjson": partial(default, parser="orjson"),
        "ours json": start("ours", "conversion_ours"),
        "ours orjson": start("ours-with-extras", "conversion_ours"),
        "msgspec": start("raw", "conversion_msgspec", str(folder / "schemas.json")),
    }
