"""What a procedure asks its driver to do.

The procedures of this package (submitting, following, cancelling) are generators that do nothing
themselves: they yield steps, and get the answers of calls sent, or their errors thrown, into them.
So there is one of each for synchronous and asynchronous callers, and for tests without a network.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .progress import JobProgress

__all__ = ["Call", "Pause", "Report", "Step", "Steps"]


@dataclass(frozen=True)
class Call:
    """Call an operation of the group `jobs`; its result is sent back, a `ClientError` thrown.

    Args:
        operation: The operation's name, such as `get_job`.
        timeout: The longest time in seconds.
        path: The path parameters.
        arguments: The other arguments by name.
    """

    operation: str
    timeout: float
    path: tuple[str, ...] = ()
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


Step = Call | Pause | Report
T = TypeVar("T")
#: A procedure that ends with a `T`.
Steps = Generator[Step, Any, T]
