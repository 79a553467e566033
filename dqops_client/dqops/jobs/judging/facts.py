"""What a judge knows beforehand, and what it finds out about a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from .records import TableVerdict

if TYPE_CHECKING:
    from datetime import datetime

    from ..job import Job
    from .criteria import Clock
    from .records import ProblemKind

__all__ = ["Facts", "Finding", "Ran", "TableKey", "skipped_table"]

#: Connection, schema and table.
TableKey = tuple[str, str, str]

# The server's clock may be in any zone, so that a month begins up to so much before or after.
_ZONES = timedelta(hours=14)


class Ran(Protocol):
    """What a judge reads of the `Outcome` of a run."""

    @property
    def business_key(self) -> str:
        """Its business key."""
        ...

    @property
    def job_id(self) -> int | None:
        """The server's number for it, where known."""
        ...

    @property
    def result(self) -> Any:
        """Its result, where known."""
        ...

    @property
    def created_at(self) -> datetime | None:
        """When the server created it (UTC), where known."""
        ...

    @property
    def finished_at(self) -> datetime | None:
        """When it ended (UTC), where known."""
        ...

    @property
    def _job(self) -> Job: ...


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of the run and of the time.

    Args:
        clock: What time it is.
        began: When the run began, in whole milliseconds; the end of time if that is not known, and
            None if nothing was run.
        executed: How many checks the run executed, by table; None if that is not known.
    """

    clock: Clock
    began: datetime | None = None
    executed: dict[TableKey, int] | None = None

    def start_of(self, months: int) -> datetime:
        """Tell when the first of the last calendar months began, or a little before.

        Args:
            months: How many months, the current one included.

        Returns:
            The time (UTC), right for every zone that the server may be in.
        """
        now = self.clock.now - _ZONES
        month = now.year * 12 + now.month - months
        first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return first.replace(year=month // 12, month=month % 12 + 1) - _ZONES

    def is_new(self, moment: datetime | None) -> bool | None:
        """Tell whether something happened in the run.

        Args:
            moment: When it happened; None for never.

        Returns:
            Whether it did; None if nothing was run.
        """
        return None if self.began is None else moment is not None and moment >= self.began


@dataclass(kw_only=True)
class Finding:
    """What came out of a table.

    Args:
        verdict: What is true of it.
        newest: The time of its newest evaluation, as far as that was read.
        problems: What keeps it from being good besides bad results, each with a message.
    """

    verdict: TableVerdict
    newest: datetime | None = None
    problems: list[tuple[ProblemKind, str]] = field(default_factory=list)


def skipped_table(key: TableKey, why: str) -> TableVerdict:
    """Say that a table was not judged.

    Args:
        key: The table.
        why: Why not.

    Returns:
        The verdict about it.
    """
    connection, schema, table = key
    return TableVerdict(connection=connection, schema=schema, table=table, skipped=why)
