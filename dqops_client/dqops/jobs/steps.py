"""What a procedure asks its driver to do.

The procedures of this package (submitting, following, cancelling) are generators that do nothing
themselves: they yield steps, and get the results of calls sent, or their errors thrown, into them.
So there is one of each for synchronous and asynchronous callers, and for tests without a network.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .progress import JobProgress

__all__ = ["Call", "Pause", "Report", "Step", "Steps", "Together"]


@dataclass(frozen=True)
class Call:
    """Call an operation; its result is sent back, a `ClientError` thrown.

    Args:
        operation: The operation's name, such as `get_job`; one of another group than `jobs` with
            its group, such as `search/find_tables`.
        timeout: The longest time in seconds; None for the time and the retries of the client.
        path: The path parameters.
        arguments: The other arguments by name.
    """

    operation: str
    timeout: float | None
    path: tuple[str | int, ...] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pause:
    """Do nothing for a while.

    Args:
        seconds: How long.
    """

    seconds: float


@dataclass(frozen=True)
class Report:
    """Tell the caller how it goes.

    Args:
        progress: How it goes.
    """

    progress: JobProgress


@dataclass(frozen=True)
class Together:
    """Drive several procedures at the same time; their results are sent back in order.

    The first error of any of them is thrown, and no other procedure begins. What they report is
    not heard.

    Args:
        procedures: The procedures.
        limit: How many may be under way at the same time; at least 1.
        report: Describes how it goes, from the number of procedures that have ended.
    """

    procedures: Sequence[Steps[Any]]
    limit: int
    report: Callable[[int], JobProgress]


Step = Call | Pause | Report | Together
T = TypeVar("T")
#: A procedure that ends with a `T`.
Steps = Generator[Step, Any, T]
