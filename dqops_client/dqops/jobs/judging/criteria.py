"""What a gate judges by."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from ..._runtime.public import publish
from ..._runtime.suggestions import refuse_keywords
from ...client.errors import InvalidRequest
from ..timing import is_least
from .severities import check_severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import NoReturn, TypedDict

    class JudgingOptions(TypedDict, total=False):
        """The keywords of a gate that say what to judge by."""

        max_age: timedelta | float | None
        months: int
        clock_tolerance: timedelta | float
        allow_nothing_selected: bool
        allow_not_evaluated: bool
        allow_not_in_this_run: bool
        allow_execution_errors: bool
        allow_old_results: bool
        allow_clock_difference: bool
        max_concurrent: int


__all__ = [
    "LEAST_MONTHS",
    "Clock",
    "Criteria",
    "criteria_of",
    "floored",
    "moment_of",
    "refuse_options",
    "taken_apart",
]

# The keywords of `run`.
_OF_RUN = frozenset(
    {
        "cancel_on_interrupt",
        "heartbeat",
        "if_exists",
        "on_progress",
        "timeout",
        "timing",
    }
)

#: With one month, the server shows nothing of yesterday on the first of a month.
LEAST_MONTHS = 2
# A hundred years; dates end somewhere.
_MOST_MONTHS = 1200
_LONGEST = timedelta(days=36_500)


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What a gate judges by.

    Args:
        at_least: The lowest severity that is too bad.
        max_age: How old an evaluation may be, as a timedelta or in seconds; None for any age.
        months: How many calendar months the status looks at, the current one included.
        clock_tolerance: How far clocks may be apart, as a timedelta or in seconds.
        allow_nothing_selected: Whether the filters may select nothing.
        allow_not_evaluated: Whether tables may have no result.
        allow_not_in_this_run: Whether the run may have evaluated nothing of a table.
        allow_execution_errors: Whether checks may have failed technically.
        allow_old_results: Whether evaluations may be older than `max_age`, which the verdict then
            only mentions.
        allow_clock_difference: Whether results may be of the future.
        max_concurrent: How many tables are judged at the same time.

    Raises:
        InvalidRequest: One of them makes no sense.
    """

    at_least: str = "error"
    max_age: timedelta | float | None = None
    months: int = LEAST_MONTHS
    clock_tolerance: timedelta | float = timedelta(minutes=5)
    allow_nothing_selected: bool = False
    allow_not_evaluated: bool = False
    allow_not_in_this_run: bool = False
    allow_execution_errors: bool = False
    allow_old_results: bool = False
    allow_clock_difference: bool = False
    max_concurrent: int = 8

    def __post_init__(self) -> None:
        object.__setattr__(self, "at_least", check_severity(self.at_least))
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name.startswith("allow_") and not isinstance(value, bool):
                raise InvalidRequest(
                    f"{each.name} must be True or False, got {value!r}; nothing was sent"
                )
        if self.max_age is not None:
            object.__setattr__(self, "max_age", _duration("max_age", self.max_age))
        tolerance = _duration("clock_tolerance", self.clock_tolerance)
        object.__setattr__(self, "clock_tolerance", tolerance)
        if not is_least(self.months, LEAST_MONTHS):
            raise InvalidRequest(
                f"months must be >= {LEAST_MONTHS}, got {self.months!r}: with one month nothing "
                "of yesterday counts on the first of a month; nothing was sent"
            )
        if not isinstance(self.months, int) or self.months > _MOST_MONTHS:
            raise InvalidRequest(
                f"months must be an integer of at most {_MOST_MONTHS:,}, got {self.months!r}; "
                "nothing was sent"
            )
        if not is_least(self.max_concurrent, 1):
            raise InvalidRequest(
                f"max_concurrent must be >= 1, got {self.max_concurrent!r}; nothing was sent"
            )

    @property
    def tolerance(self) -> timedelta:
        """How far clocks may be apart."""
        return _duration("clock_tolerance", self.clock_tolerance)

    def oldest(self, clock: Clock) -> datetime | None:
        """Tell from when on an evaluation is young enough.

        Args:
            clock: What time it is.

        Returns:
            The time; None if any age will do.
        """
        if self.max_age is None:
            return None
        slack = timedelta(0) if clock.is_of_server else self.tolerance
        return clock.now - _duration("max_age", self.max_age) - slack


@dataclass(frozen=True)
class Clock:
    """What time it is.

    Attributes:
        now: The time (UTC).
        is_of_server: Whether the server told it; otherwise it is this machine's.
    """

    now: datetime
    is_of_server: bool

    @classmethod
    def of_this_machine(cls) -> Clock:
        """Ask this machine.

        Returns:
            The clock.
        """
        return cls(datetime.now(UTC), is_of_server=False)


def floored(moment: datetime) -> datetime:
    """Drop what is below a millisecond, as the server does in results but not in jobs.

    Args:
        moment: A time.

    Returns:
        The same or a little before.
    """
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def taken_apart(at_least: str, options: Mapping[str, Any]) -> tuple[Any, Criteria]:
    """Take the keywords of a gate apart.

    Args:
        at_least: The lowest severity that is too bad.
        options: The keywords.

    Returns:
        Those of the run, and the criteria that the others make.

    Raises:
        InvalidRequest: One of the criteria makes no sense.
    """
    names = {each.name for each in fields(Criteria)}
    of_run = {name: value for name, value in options.items() if name not in names}
    if wrong := of_run.keys() - _OF_RUN:
        refuse_options("gate", wrong, {*names, *_OF_RUN, "business_key"})
    criteria = {name: value for name, value in options.items() if name in names}
    return of_run, Criteria(at_least=at_least, **criteria)


def criteria_of(function: str, at_least: str, options: Mapping[str, Any]) -> Criteria:
    """Make criteria of the keywords of a function that runs nothing.

    Args:
        function: The name of the function.
        at_least: The lowest severity that is too bad.
        options: The keywords.

    Returns:
        The criteria.

    Raises:
        InvalidRequest: One of them makes no sense.
    """
    names = {each.name for each in fields(Criteria)}
    if wrong := options.keys() - names:
        refuse_options(function, wrong, {*names, "timeout"})
    return Criteria(at_least=at_least, **options)


# What people call `at_least`; the first is its name in `dqopsctl`.
_AT_LEAST = frozenset({"fail_at", "level", "min_severity", "severity", "threshold"})


def refuse_options(function: str, wrong: Iterable[str], known: Iterable[str]) -> NoReturn:
    """Refuse keywords that a function does not have.

    Args:
        function: The name of the function.
        wrong: These keywords.
        known: Those that it has.

    Raises:
        TypeError: In any case, with what may be meant by the first.
    """
    from ...client.models import CheckSearchFilters

    first = min(wrong)
    said = f"{function}() got an unexpected keyword argument {first!r}"
    if first in CheckSearchFilters.__annotations__:
        raise TypeError(f"{said}; it belongs to the filters: CheckSearchFilters({first}=...)")
    if first in _AT_LEAST and "at_least" in known:
        raise TypeError(f"{said}; did you mean 'at_least'?")
    refuse_keywords(function, [first], known)


def moment_of(name: str, value: object, now: datetime) -> datetime:
    """Read a time: a day, a time with a time zone, or how long ago it was.

    Args:
        name: The name of the argument.
        value: A `date`, for its beginning in UTC, a `datetime` or a `timedelta`.
        now: What time it is.

    Returns:
        The time, in its own time zone.

    Raises:
        InvalidRequest: It is none of them.
    """
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            return value
        raise InvalidRequest(
            f"{name} must have a time zone, got {value!r}: pass datetime.now(UTC) less something, "
            "or a timedelta; nothing was sent"
        )
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    if isinstance(value, timedelta) and value >= timedelta(0):
        try:
            return now - value
        except OverflowError:
            pass
    hint = " (date.fromisoformat reads strings)" if isinstance(value, str) else ""
    raise InvalidRequest(
        f"{name} must be a date, a datetime with a time zone, or a timedelta >= 0 for how long "
        f"ago, got {value!r}{hint}; nothing was sent"
    )


def _duration(name: str, value: timedelta | float) -> timedelta:
    try:
        found = value if isinstance(value, timedelta) else timedelta(seconds=value)
        if isinstance(value, bool):
            found = timedelta(-1)
    except (TypeError, ValueError, OverflowError):
        found = timedelta(-1)
    if found < timedelta(0):
        raise InvalidRequest(
            f"{name} must be a timedelta or a number of seconds >= 0, got {value!r}; nothing was "
            "sent"
        )
    if found > _LONGEST:
        raise InvalidRequest(
            f"{name} must be {_LONGEST.days:,} days at most, got {value!r}; nothing was sent"
        )
    return found


publish("jobs", (Criteria,), package="dqops")
