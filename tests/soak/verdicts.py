"""Judges the calls: was each failure asked for, by a fault that hit that very call?"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from soak.journal import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from soak.server import Hit

__all__ = ["MAX_ATTEMPTS", "MEANINGS", "Meaning", "Verdict", "judge"]

#: How often the client of the experiment sends a request at most.
MAX_ATTEMPTS = 3

_LOST = frozenset({"TransportFailure", "ProtocolFailure"})
# A clock that is read twice may show a little less than the whole time.
_TOLERANCE = 0.05


@dataclass(frozen=True)
class Meaning:
    """What a fault means for the call that it hits.

    Attributes:
        errors: The exceptions that may follow, by name; none for a fault that does no harm.
        is_passing: Whether the client is to try again, where it may.
        is_handled: Whether the server did what the request asks for.
    """

    errors: frozenset[str] = frozenset()
    is_passing: bool = False
    is_handled: bool = True

    @classmethod
    def of(cls, *errors: str, is_passing: bool = True, is_handled: bool = True) -> Meaning:
        """Make the meaning of a fault that does harm."""
        return cls(frozenset(errors), is_passing, is_handled)


MEANINGS = {
    "close_idle": Meaning(),
    "delay": Meaning(),
    "slow": Meaning(),
    "unknown_property": Meaning(),
    "reset before": Meaning.of(*_LOST, is_handled=False),
    "reset during": Meaning.of(*_LOST),
    "reset after": Meaning.of(*_LOST),
    "disconnect before": Meaning.of(*_LOST, is_handled=False),
    "disconnect after": Meaning.of(*_LOST),
    "truncated full": Meaning.of(*_LOST),
    "invalid_http after": Meaning.of(*_LOST, is_passing=False),
    "status 429 before": Meaning.of("TooManyRequests", is_handled=False),
    "status 502 after": Meaning.of("BadGateway"),
    "status 503 before": Meaning.of("ServiceUnavailable", is_handled=False),
    "status 504 before": Meaning.of("GatewayTimeout", is_handled=False),
    "proxy_page 502 before": Meaning.of("BadGateway", is_handled=False),
    "proxy_page 200 before": Meaning.of("DecodeError", is_passing=False, is_handled=False),
    "wrong_json": Meaning.of("DecodeError", is_passing=False),
    "timeout after": Meaning.of("DeadlineExceeded", is_passing=False),
}
# What a caller who reads a body piece by piece gets to see at once: nobody could take back the
# pieces that were read.
_WITHIN_BODY = frozenset({"reset during", "truncated full"})


@dataclass
class Verdict:
    """What was found.

    Attributes:
        calls: How many calls there were.
        outcomes: How many ended in which way.
        latencies: Seconds that each call took that succeeded, in order.
        hits: How many requests each fault hit.
        repeated: How many calls succeeded although a fault kept them from it at first.
        stale: How many attempts were lost on a connection that the server had closed before.
        unasked: Failures that no fault explains.
        wrong: Calls that got the result of another one.
        doubled: Calls that must be sent once only, and were sent more often.
    """

    calls: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    stale: int = 0
    unasked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether every claim holds."""
        lost = self.hits["close_idle"]
        return not (self.unasked or self.wrong or self.doubled) and self.stale <= lost


def judge(entries: Iterable[Entry], hits: Iterable[Hit]) -> Verdict:
    """Compare what the callers got with what the server did to them.

    Args:
        entries: The calls.
        hits: The requests that the server got.

    Returns:
        What was found.
    """
    verdict = Verdict()
    requests: dict[tuple[str, str], list[Hit]] = defaultdict(list)
    for hit in hits:
        requests[hit.operation, hit.name].append(hit)
        verdict.hits.update(hit.faults)
    verdict.doubled = [
        f"{operation} {name}: {len(sent)} times"
        for (operation, name), sent in requests.items()
        if operation == "create_dictionary" and len(sent) > 1
    ]
    for entry in entries:
        verdict.calls += 1
        verdict.outcomes[entry.outcome] += 1
        sent = requests.get((entry.operation, entry.name), [])
        if entry.outcome == Entry.OK:
            verdict.latencies.append(entry.elapsed)
            verdict.repeated += len(sent) > 1
            if not sent:
                verdict.wrong.append(f"{entry}, and the server got no such request")
        elif entry.outcome == Entry.WRONG:
            verdict.wrong.append(f"{entry}, {sent}")
        elif entry.outcome != Entry.CANCELLED:
            if entry.outcome != "DeadlineExceeded":  # which also ends before it was sent
                verdict.stale += max(0, entry.attempts - len(sent))
            if not _is_asked_for(entry, sent):
                verdict.unasked.append(f"{entry}, {sent}")
    verdict.latencies.sort()
    return verdict


def _is_asked_for(entry: Entry, sent: list[Hit]) -> bool:
    if entry.outcome == "DeadlineExceeded":
        return entry.elapsed >= entry.deadline - _TOLERANCE
    if _has_done_it_before(entry, sent):
        return True
    is_repeatable = entry.operation != "create_dictionary"
    if (
        len(sent) < entry.attempts
        and entry.outcome in _LOST
        and (not is_repeatable or entry.attempts == MAX_ATTEMPTS)
    ):
        # On a connection that was closed before: the last attempt, which may have no further one.
        return True
    for fault in sent[-1].faults if sent else ():
        meaning = MEANINGS[fault]
        if entry.outcome in meaning.errors:
            is_last = entry.attempts in {0, MAX_ATTEMPTS} or entry.elapsed + 2 > entry.deadline
            is_read = entry.operation == "download_dictionary" and fault in _WITHIN_BODY
            if is_last or is_read or not (is_repeatable and meaning.is_passing):
                return True
    return False


def _has_done_it_before(entry: Entry, sent: list[Hit]) -> bool:
    """Whether an earlier attempt deleted what the last one did not find."""
    return (
        (entry.operation, entry.outcome) == ("delete_dictionary", "NotFound")
        and len(sent) > 1
        and any(MEANINGS[fault].is_handled for hit in sent[:-1] for fault in hit.faults)
    )
