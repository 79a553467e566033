"""Interleaved rounds: every case in every round, so that a slow minute slows all of them."""

from __future__ import annotations

import gc
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Samples", "interleave"]


@dataclass(frozen=True)
class Samples:
    """What was measured of one case, round by round.

    Attributes:
        values: Seconds (or what else was measured), one for each round.
    """

    values: tuple[float, ...]

    @property
    def minimum(self) -> float:
        """The round that was disturbed least."""
        return min(self.values)

    @property
    def median(self) -> float:
        """The round in the middle."""
        return statistics.median(self.values)

    def minus(self, baseline: Samples) -> Samples:
        """Take away what is no part of the case, such as the start of the interpreter.

        Args:
            baseline: What that takes.

        Returns:
            The rest, round by round. The least of the baseline is taken away from all rounds: it
            is known best, and taking each round's own would add its noise.
        """
        return Samples(tuple(value - baseline.minimum for value in self.values))


def interleave(cases: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Samples]:
    """Run all cases in turn, several times.

    Args:
        cases: By name, what runs the case once and returns what it took.
        rounds: How often.

    Returns:
        The samples by name.
    """
    values: dict[str, list[float]] = {name: [] for name in cases}
    order = list(cases)
    for case in cases.values():
        case()  # to warm up caches
    for _ in range(rounds):
        gc.collect()
        for name in order:
            values[name].append(cases[name]())
        # Backwards every other time, so that none always follows the same.
        order.reverse()
    return {name: Samples(tuple(found)) for name, found in values.items()}
