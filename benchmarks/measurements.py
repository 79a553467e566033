"""The rows of the table, in the groups in which they are measured together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from benchmarks.calls import (
    AT_ONCE,
    SYNC_CALLS,
    THREADS,
    measure_async,
    measure_sync,
    measure_threads,
)
from benchmarks.decoding import CONVERSIONS, measure_conversion
from benchmarks.documents import DOCUMENTS
from benchmarks.import_time import IMPORTS, measure_imports
from benchmarks.regeneration import measure_regeneration
from benchmarks.startup import measure_command, measure_first_call
from benchmarks.targets import TARGETS, is_reached

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.environments import Environments
    from benchmarks.measure import Samples

__all__ = ["MEASUREMENTS", "Figure", "Rows", "better", "missed"]


class Figure(NamedTuple):
    """What a row says about a client.

    Attributes:
        minimum: From the minima of all rounds, or from what undisturbed calls take; this is what
            counts.
        median: From their medians.
    """

    minimum: float
    median: float


#: By row and client: `official`, `default`, `ours`, and others for reference.
Rows: TypeAlias = "dict[str, dict[str, Figure]]"


def _times(samples: Samples, reference: Samples) -> Figure:
    """How many times the reference something takes."""
    return Figure(samples.minimum / reference.minimum, samples.median / reference.median)


def _imports(environments: Environments) -> Rows:
    samples = measure_imports(environments)
    httpx = samples.pop("httpx")["httpx"]
    return {
        f"import {name}": {client: _times(of[name], httpx) for client, of in samples.items()}
        for name in IMPORTS
    }


def _first_call(environments: Environments) -> Rows:
    samples = measure_first_call(environments)
    httpx = samples.pop("import")
    figures = {client: _times(of, httpx) for client, of in samples.items()}
    return {"start call": {"ours": figures["ours"], "httpx": figures["httpx"]}}


def _command(environments: Environments) -> Rows:
    samples = measure_command(environments)
    nothing = samples.pop("nothing")
    return {f"command {option}": {"ours": _times(of, nothing)} for option, of in samples.items()}


def _conversion(conversion: str, document: str, environments: Environments) -> Rows:
    samples = measure_conversion(environments, conversion, document)
    official = samples["official"]
    return {
        f"{conversion} {document} {parser}": {
            "official": _times(official, official),
            "default": _times(official, samples[f"default {parser}"]),
            "ours": _times(official, samples[f"ours {parser}"]),
            "msgspec": _times(official, samples["msgspec"]),
        }
        for parser in ("json", "orjson")
    }


def _sync(call: str, environments: Environments) -> Rows:
    samples = measure_sync(environments, call)
    httpx = samples.pop("httpx")
    return {
        f"sync {call}": {
            client: Figure(of.undisturbed / httpx.undisturbed, of.median / httpx.median)
            for client, of in samples.items()
        }
    }


def _async(at_once: int, environments: Environments) -> Rows:
    return _by_transport(f"async {at_once}", measure_async(environments, at_once))


def _threads(environments: Environments) -> Rows:
    return _by_transport(f"threads {THREADS}", measure_threads(environments))


def _by_transport(row: str, samples: dict[str, Samples]) -> Rows:
    """Make a row for each transport of ours."""
    httpx = samples.pop("httpx")
    chosen = {name: samples.pop(name) for name in [*samples] if name.startswith("ours ")}
    rates = {client: _times(httpx, of) for client, of in samples.items()}
    return {
        row: rates,
        **{
            f"{row} {name.removeprefix('ours ')}": {**rates, "ours": _times(httpx, of)}
            for name, of in chosen.items()
        },
    }


def _regeneration(environments: Environments) -> Rows:  # noqa: ARG001  # the pipeline has its own
    samples = measure_regeneration()
    seconds = {client: Figure(of.minimum, of.median) for client, of in samples.items()}
    return {"regenerate": seconds}


#: By name, what measures some rows.
MEASUREMENTS: Mapping[str, Callable[[Environments], Rows]] = {
    "import": _imports,
    "start": _first_call,
    "command": _command,
    **{
        f"{conversion} {document}": partial(_conversion, conversion, document)
        for conversion in CONVERSIONS
        for document in DOCUMENTS
    },
    **{f"sync {call}": partial(_sync, call) for call in SYNC_CALLS},
    "threads": _threads,
    **{f"async {at_once}": partial(_async, at_once) for at_once in AT_ONCE},
    "regenerate": _regeneration,
}


def missed(rows: Rows) -> list[str]:
    """Find the rows that are not as they must be.

    Args:
        rows: What was measured.

    Returns:
        Their keys.
    """
    return [
        key
        for key, figures in rows.items()
        if "ours" in figures and TARGETS[key].is_missed(key, figures["ours"].minimum)
    ]


def better(key: str, one: dict[str, Figure], other: dict[str, Figure]) -> dict[str, Figure]:
    """Choose between two measurements of a row.

    Args:
        key: The row's key.
        one: The figures by client.
        other: The figures by client.

    Returns:
        The one in which ours is better.
    """
    is_one_better = is_reached(key, one["ours"].minimum, round(other["ours"].minimum, 2))
    return one if is_one_better else other
