"""What was seen in a round, and whether it is what it should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from soak.measures import Sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soak.verdicts import Verdict

__all__ = ["Report"]

# How much more the second half of a round may take at its peak than the first half, besides a
# fixed part for what the allocator and the interpreter do not give back at once.
_MORE = 0.05
_MORE_RSS = 8.0  # MB
_MORE_BLOCKS = 20_000
# The share of a round in which connections are opened and modules loaded.
_SETTLING = 0.25


@dataclass(frozen=True)
class Report:
    """What was seen in a round.

    Attributes:
        verdict: What became of the calls.
        seconds: How long all calls took.
        before: Memory and sockets before the first call.
        samples: The same while calls were under way.
        after: The same after the client was closed.
        threads_left: How many threads there are more than before.
        requests_kept: How many requests and responses are still in memory.
        complaints: Warnings, and errors that nobody could be told of.
    """

    verdict: Verdict
    seconds: float
    before: Sample
    samples: list[Sample]
    after: Sample
    threads_left: int
    requests_kept: int
    complaints: list[str]

    @property
    def is_closed(self) -> bool:
        """Whether no socket, no thread and no request is left, and nothing complained."""
        sockets_left = self.after.sockets - self.before.sockets
        return not (sockets_left or self.threads_left or self.requests_kept or self.complaints)

    @property
    def halves(self) -> tuple[Sample, Sample]:
        """The peaks of memory in both halves of the round, without the time in which it starts."""
        settled = self.samples[int(len(self.samples) * _SETTLING) :]
        middle = len(settled) // 2
        return _peak(settled[:middle] or settled), _peak(settled[middle:])

    @property
    def is_flat(self) -> bool:
        """Whether memory does not grow: the peak of the second half is about that of the first."""
        first, second = self.halves
        return (
            second.rss <= first.rss * (1 + _MORE) + _MORE_RSS
            and second.blocks <= first.blocks * (1 + _MORE) + _MORE_BLOCKS
        )

    def __str__(self) -> str:
        lines = [*self._calls(), self._times(), self._memory(), self._leftovers()]
        problems = [*self.verdict.unasked, *self.verdict.wrong, *self.verdict.doubled]
        lines += [f"! {problem}" for problem in [*problems, *self.complaints][:10]]
        return "\n".join(f"  {line}" for line in lines)

    def _calls(self) -> Iterator[str]:
        found = self.verdict
        outcomes = ", ".join(f"{count} {name}" for name, count in found.outcomes.most_common())
        hits = ", ".join(f"{count} {name}" for name, count in sorted(found.hits.items()))
        yield f"calls: {found.calls} ({found.calls / self.seconds:.0f}/s): {outcomes}"
        yield f"faults: {hits}"
        yield (
            f"succeeded when tried again: {found.repeated}; lost on a connection that the server "
            f"had closed: {found.stale}"
        )
        yield (
            f"failures not asked for: {len(found.unasked)}; results of other calls: "
            f"{len(found.wrong)}; POSTs sent twice: {len(found.doubled)}"
        )

    def _times(self) -> str:
        ordered = self.verdict.latencies or [float("nan")]
        last = len(ordered) - 1
        median, slow, slowest = (ordered[int(last * share)] for share in (0.5, 0.99, 1))
        under_way = sorted(sample.under_way for sample in self.samples)
        return (
            f"latency: p50 {median:.3f} s, p99 {slow:.3f} s, max {slowest:.3f} s; under way: "
            f"median {under_way[len(under_way) // 2]}, most {under_way[-1]}"
        )

    def _memory(self) -> str:
        first, second = self.halves
        traced = ""
        if second.traced:
            traced = f"; tracemalloc: {first.traced:.1f} -> {second.traced:.1f} MB"
        return (
            f"RSS: {self.before.rss:.1f} MB before, {first.rss:.1f} -> {second.rss:.1f} MB at the "
            f"peaks of both halves, {self.after.rss:.1f} MB after; blocks: {self.before.blocks}, "
            f"{first.blocks} -> {second.blocks}, {self.after.blocks}{traced}"
        )

    def _leftovers(self) -> str:
        most = max(sample.sockets for sample in self.samples)
        return (
            f"sockets: {self.before.sockets} before, most {most}, {self.after.sockets} after; "
            f"threads left: {self.threads_left}; requests and responses kept: "
            f"{self.requests_kept}; complaints: {len(self.complaints)}"
        )


def _peak(samples: list[Sample]) -> Sample:
    return Sample(
        rss=max(sample.rss for sample in samples),
        blocks=max(sample.blocks for sample in samples),
        traced=max(sample.traced for sample in samples),
        sockets=max(sample.sockets for sample in samples),
        under_way=max(sample.under_way for sample in samples),
    )
