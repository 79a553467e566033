"""What the status of a table tells about its checks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ...client.errors import InvalidRequest
from .selection import Container
from .severities import COUNTS, as_severity, rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ...client.models import RuleSeverityLevel
    from .selection import Selection

__all__ = ["CheckStatus", "all_checks", "is_before", "may_hold", "text"]

# How the server begins the names of its own checks, by type and time scale.
_PREFIXES: dict[tuple[str | None, str | None], str] = {
    ("profiling", None): "profile_",
    ("monitoring", "daily"): "daily_",
    ("monitoring", "monthly"): "monthly_",
    ("partitioned", "daily"): "daily_partition_",
    ("partitioned", "monthly"): "monthly_partition_",
}


@dataclass(frozen=True, slots=True)
class CheckStatus:
    """A check that the status of a table tells about.

    Attributes:
        column: The name of its column; None for a check on the table.
        name: Its name.
        comparison: The name of its table comparison; None for other checks.
        status: The `CheckCurrentDataQualityStatusModel`.
    """

    column: str | None
    name: str
    comparison: str | None
    status: Any

    @property
    def place(self) -> tuple[str | None, str | None]:
        """Its type and time scale, as far as they are told; profiling checks have no time scale.

        The server tells one of them, too: that of the periods that it keeps results for.
        """
        check_type = text(self.status.check_type)
        return check_type, None if check_type == "profiling" else text(self.status.time_scale)

    @property
    def severity(self) -> RuleSeverityLevel | None:
        """The severity that the status gives it; None if it never had one."""
        current = text(self.status.current_severity)
        return None if current is None or self.failed_technically else as_severity(current)

    @property
    def failed_technically(self) -> bool:
        """Whether the newest that is stored of it is that it failed technically."""
        return bool(self.status.current_severity == "execution_error")

    @property
    def stored_at(self) -> datetime | None:
        """When the newest result was stored."""
        moment: datetime | None = self.status.last_executed_at or None
        return moment

    def bad(self, limit: int) -> int:
        """Count the results in the status, of whatever time, that are bad.

        Args:
            limit: The rank from which on a result is bad.

        Returns:
            How many there are.
        """
        return sum(getattr(self.status, name) or 0 for name in COUNTS[limit:])

    def looks_bad(self, limit: int) -> bool:
        """Tell whether any result in the status, of whatever time, is bad.

        Args:
            limit: The rank from which on a result is bad.

        Returns:
            Whether one is, or it cannot be told.
        """
        current = self.status.current_severity
        history = self.status.highest_historical_severity
        return (
            not current
            or rank(str(current)) >= limit
            or (bool(history) and rank(str(history)) >= limit)
            or self.bad(limit) > 0
        )

    def containers(self, selection: Selection) -> Iterator[Container]:
        """Go through the places where checks of this name may be.

        The status puts all checks of a name together, and those of a user's own may be in several
        places.

        Args:
            selection: Which checks are selected.

        Yields:
            The containers.
        """
        check_type, time_scale = self.place
        own = _PREFIXES.get(self.place)
        if check_type and own and self.name.startswith(own) and self.status.category != "custom":
            yield Container(self.column, check_type, time_scale)
        else:
            yield from selection.containers(self.column)

    def is_told_of(self, container: Container) -> bool:
        """Tell whether it is the check of a container that the status names.

        Args:
            container: The container.

        Returns:
            Whether type and time scale are the same.
        """
        return self.place == (container.check_type, container.time_scale)


def all_checks(status: Any) -> Iterator[CheckStatus]:
    """Go through the checks of a table and of its columns.

    Args:
        status: A `TableCurrentDataQualityStatusModel`.

    Yields:
        The checks.
    """
    columns = ((name, column.checks) for name, column in _items(status.columns))
    for column, checks in ((None, status.checks), *columns):
        for key, check in _items(checks):
            name, comparison = key, ""
            if check.category == "comparisons":
                name, _, comparison = key.partition("/")
            yield CheckStatus(column, name, comparison or None, check)


def may_hold(container: Container, check: str) -> bool:
    """Tell whether a check may be in a container: the server's own ones have their places.

    Args:
        container: The container.
        check: A pattern for the check; empty for any.

    Returns:
        Whether it may.
    """
    if not check or "*" in check:
        return True
    from ...checks.catalog import known_checks

    if check.lower() not in known_checks():
        return True
    prefix = _PREFIXES[container.check_type, container.time_scale]
    return prefix == _prefix_of(check.lower(), is_of_table=container.column is None)


@cache
def _prefix_of(check: str, *, is_of_table: bool) -> str | None:
    from ...checks.catalog import find_container

    try:
        return find_container(check, None if is_of_table else "").prefix
    except InvalidRequest:
        return None  # it is one of the others


def is_before(moment: datetime | None, oldest: datetime | None) -> bool:
    """Tell whether something is too long ago.

    Args:
        moment: When it was; None for never.
        oldest: From when on it is young enough; None for any age.

    Returns:
        Whether it is.
    """
    return oldest is not None and (moment is None or moment < oldest)


def text(value: Any) -> str | None:
    """Give what a model tells as a plain string.

    Args:
        value: A string, an enumeration, or UNSET.

    Returns:
        The string; None for nothing.
    """
    return str(value) if value else None


def _items(container: Any) -> Iterable[tuple[str, Any]]:
    return container.additional_properties.items() if container else ()
