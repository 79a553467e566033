"""Interleaved rounds: every case in every round, so that a slow minute slows all of them."""

from __future__ import annotations

import gc
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Samples", "interleave", "take_turns"]

_T = TypeVar("_T")


@dataclass(frozen=True)
class Samples:
    """What was measured of one case, in the order in which it was.

    Attributes:
        values: Seconds (or what else was measured).
    """

    values: tuple[float, ...]

    @property
    def minimum(self) -> float:
        """The round that was disturbed least."""
        return min(self.values)

    @property
    def undisturbed(self) -> float:
        """What a twentieth of many samples does not exceed.

        Of thousands, the least one is luck: such as the one time that the other process happened to
        be ready.
        """
        return sorted(self.values)[len(self.values) // 20]

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
        The samples by name, one for each round.
    """
    return {name: Samples(tuple(found)) for name, found in take_turns(cases, rounds).items()}


def take_turns(cases: Mapping[str, Callable[[], _T]], rounds: int) -> dict[str, list[_T]]:
    """Run all cases in turn, several times.

    Args:
        cases: By name, what runs the case once.
        rounds: How often.

    Returns:
        What the cases returned in each round, by name.
    """
    values: dict[str, list[_T]] = {name: [] for name in cases}
    order = list(cases)
    for case in cases.values():
        case()  # to warm up caches
    for _ in range(rounds):
        gc.collect()
        for name in order:
            values[name].append(cases[name]())
        # Backwards every other time, so that none always follows the same.
        order.reverse()
    return values
