"""Options that several commands have, and what they make: a client, filters."""

from __future__ import annotations

import functools
import os
import re
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .completing import complete_checks, complete_places
from .connecting import make_client

if TYPE_CHECKING:
    from collections.abc import Callable

    from .. import DQOps
    from ..client.models import CheckSearchFilters

__all__ = [
    "MOST_DAYS",
    "MOST_MONTHS",
    "OutputFile",
    "ParamType",
    "Place",
    "Session",
    "confirm",
    "day_option",
    "filter_options",
    "filters_of",
    "needs_server",
    "place_argument",
    "read_age",
    "timeout_option",
    "yes_option",
]


@dataclass
class Session:
    """A server, and how to talk about it.

    Attributes:
        client: The client.
        quiet: Whether nothing is said that is not asked for.
    """

    client: DQOps
    quiet: bool

    def progress(self) -> Any:
        """Make what shows how a job is doing, on standard error.

        Returns:
            A context manager, which gives what `on_progress` takes.
        """
        from .progress import Lines, Nothing

        if self.quiet:
            return Nothing()
        if sys.stderr.isatty():
            from ..jobs.display import ProgressDisplay

            return ProgressDisplay()
        return Lines()


_SERVER_OPTIONS = (
    click.option("--url", help="The URL of the server.  [DQOPS_URL]"),
    click.option(
        "--api-key-file",
        metavar="FILE",
        help="A file with the API key; - for standard input.  [DQOPS_API_KEY_FILE]",
    ),
    click.option("--profile", metavar="NAME", help="A profile of `dqopsctl login`.  [default]"),
    click.option("--data-domain", metavar="NAME", help="The data domain.  [DQOPS_DATA_DOMAIN]"),
    click.option(
        "--request-timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="How long each step of a request may take.  [DQOPS_TIMEOUT, 120]",
    ),
    click.option("--ca-file", metavar="FILE", help="Certificate authorities to trust."),
    click.option("--quiet", "-q", is_flag=True, help="Show no progress and no messages."),
)


def needs_server(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which server is meant, and give the command a `session`."""

    @functools.wraps(command)
    def with_session(
        *args: Any,
        url: str | None,
        api_key_file: str | None,
        profile: str | None,
        data_domain: str | None,
        request_timeout: float | None,
        ca_file: str | None,
        quiet: bool,
        **others: Any,
    ) -> Any:
        client = make_client(url, api_key_file, profile, data_domain, request_timeout, ca_file)
        with client:
            return command(*args, session=Session(client, quiet), **others)

    for option in reversed(_SERVER_OPTIONS):
        with_session = option(with_session)
    return with_session


@dataclass(frozen=True)
class Place:
    """A connection, or a schema or table of it; each part may be a pattern.

    Attributes:
        connection: The connection; empty for any.
        schema: The schema; empty for any.
        table: The table; empty for any.
    """

    connection: str = ""
    schema: str = ""
    table: str = ""

    @classmethod
    def of(cls, text: str) -> Place:
        """Read `CONNECTION[.SCHEMA[.TABLE]]`; a table may have dots."""
        return cls(*text.split(".", 2))

    @property
    def is_table(self) -> bool:
        """Whether it names one table."""
        return bool(self.table) and "*" not in f"{self.connection}{self.schema}{self.table}"

    @property
    def full_table_name(self) -> str:
        """The pattern of the table as filters take it; empty for any."""
        return f"{self.schema}.{self.table or '*'}" if self.schema else ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Connection, schema and table."""
        return self.connection, self.schema, self.table


if TYPE_CHECKING:
    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # takes no parameters in older versions


_TABLE = "CONNECTION.SCHEMA.TABLE"
_PLACE = "CONNECTION[.SCHEMA[.TABLE]]"


class _PlaceType(ParamType):
    name = "place"

    def convert(self, value: Any, param: Any, ctx: Any) -> Place:
        if isinstance(value, Place):
            return value
        place = Place.of(value)
        if not place.connection:
            self.fail(f"{value!r} is not {_PLACE}", param, ctx)
        # Such as 'warehouse.$SCHEMA' of a variable that is not set: it would be the connection.
        for part, name in zip(value.split(".", 2)[1:], ("schema", "table"), strict=False):
            if not part.strip():
                self.fail(
                    f"the name of the {name} is empty in {value!r}; leave it out, or write '*' for "
                    f"every {name}",
                    param,
                    ctx,
                )
        return place


def place_argument(*, required: bool = False, table: bool = False) -> Callable[[Any], Any]:
    """Add the argument that says where.

    Args:
        required: Whether it has to be given.
        table: Whether it has to name a table.

    Returns:
        The decorator.
    """

    def check(ctx: Any, param: Any, value: Place | None) -> Place | None:
        if table and value is not None and not value.is_table:
            raise click.BadParameter("name one table: CONNECTION.SCHEMA.TABLE", ctx, param)
        return value

    return click.argument(
        "place",
        type=_PlaceType(),
        required=required or table,
        metavar=_TABLE if table else _PLACE if required else f"[{_PLACE}]",
        shell_complete=complete_places,
        callback=check,
    )


_FILTERS: tuple[tuple[str, str, str], ...] = (
    ("column", "column", "Only this column; a pattern such as '*_id'."),
    ("check", "check_name", "Only this check; a pattern such as 'daily_*'."),
    ("category", "check_category", "Only this category of checks, such as volume."),
    ("dimension", "quality_dimension", "Only this quality dimension, such as Completeness."),
    ("sensor", "sensor_name", "Only this sensor; may be a pattern."),
    ("comparison", "table_comparison_name", "Only this table comparison."),
)


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that select checks; the command gets them as `filters`."""

    @functools.wraps(command)
    def with_filters(
        *args: Any,
        place: Place | None,
        check_type: str | None,
        time_scale: str | None,
        target: str | None,
        label: tuple[str, ...],
        **others: Any,
    ) -> Any:
        patterns = {name: others.pop(name) for name, _, _ in _FILTERS}
        filters = filters_of(
            place or Place(),
            check_type=check_type,
            time_scale=time_scale,
            check_target=target,
            labels=list(label) or None,
            **{name: patterns[option] for option, name, _ in _FILTERS},
        )
        return command(*args, place=place, filters=filters, **others)

    with_filters = click.option(
        "--label", multiple=True, metavar="LABEL", help="Only tables with this label."
    )(with_filters)
    for name, values, says in (
        ("--target", ("table", "column"), "Only checks on tables, or on columns."),
        ("--time-scale", ("daily", "monthly"), "Only this time scale."),
        ("--check-type", ("profiling", "monitoring", "partitioned"), "Only this type of checks."),
    ):
        with_filters = click.option(name, type=click.Choice(values), help=says)(with_filters)
    for option, _, says in reversed(_FILTERS):
        complete = complete_checks if option == "check" else None
        with_filters = click.option(
            f"--{option}", metavar="PATTERN", help=says, shell_complete=complete
        )(with_filters)
    return with_filters


def filters_of(place: Place, **conditions: Any) -> CheckSearchFilters:
    """Make filters.

    Args:
        place: Where.
        **conditions: Other conditions, None for none.

    Returns:
        The filters.
    """
    from ..client.models import CheckSearchFilters, CheckTarget, CheckTimeScale, CheckType

    kinds = {"check_type": CheckType, "time_scale": CheckTimeScale, "check_target": CheckTarget}
    given = {
        name: kinds[name](value) if name in kinds else value
        for name, value in conditions.items()
        if value is not None
    }
    if place.connection and place.connection != "*":
        given["connection"] = place.connection
    if place.full_table_name:
        given["full_table_name"] = place.full_table_name
    return CheckSearchFilters(**given)


def day_option(name: str, says: str) -> Callable[[Any], Any]:
    """Add an option whose value is a day.

    Args:
        name: The name of the option.
        says: Its help.

    Returns:
        The decorator.
    """
    return click.option(name, type=click.DateTime(("%Y-%m-%d",)), metavar="YYYY-MM-DD", help=says)


#: A hundred years, in days and months: dates end somewhere.
MOST_DAYS, MOST_MONTHS = 36_500, 1_200


class OutputFile(click.Path):
    """A file to write, in a folder that is there: what took an hour is not to be lost."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Refuse a file that cannot be written, before anything is done."""
        found = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not found.parent.is_dir():
            self.fail(f"there is no folder {str(found.parent)!r}", param, ctx)
        if not found.exists() and not os.access(found.parent, os.W_OK):
            self.fail(f"nothing can be written into {str(found.parent)!r}", param, ctx)
        return found


def read_age(
    ctx: click.Context,  # noqa: ARG001  # click's signature
    param: click.Parameter,  # noqa: ARG001
    value: str | None,
) -> timedelta | None:
    """Read how old something may be: a number of hours, or a duration such as `24h` or `7d`.

    Args:
        ctx: Not used.
        param: Not used.
        value: What was written; None for nothing.

    Returns:
        The age.

    Raises:
        BadParameter: It is neither.
    """
    if value is None:
        return None
    unit = _UNITS.get(value[-1:].lower())
    try:
        age = timedelta(hours=float(value[:-1] if unit else value) * (unit or 1))
    except (OverflowError, ValueError):
        age = timedelta(-1)
    if age < timedelta(0):
        raise click.BadParameter(
            f"{value!r} is no number of hours, and no duration such as 30m, 24h or 7d"
        )
    return age


#: Hours of each unit of durations.
_UNITS = {"m": 1 / 60, "h": 1, "d": 24}


def timeout_option(says: str, default: float | None = 3600.0) -> Callable[[Any], Any]:
    """Add the option that limits a command.

    Args:
        says: Its help.
        default: Seconds; None for no limit.

    Returns:
        The decorator.
    """
    shown = "" if default is None else f"  [{default:g}]"
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=default,
        metavar="SECONDS",
        help=f"{says}{shown}",
    )


yes_option = click.option("--yes", "-y", is_flag=True, help="Do not ask.")


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something changes, where somebody can be asked.

    Args:
        question: What is about to happen.
        yes: Whether to go on without asking.

    Raises:
        UsageError: Nobody can be asked, or the user declined.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"{question} Nobody can be asked here: give --yes.")
    if not click.confirm(f"{question} Go on?", err=True):
        raise click.ClickException("nothing was done")


def is_pattern(text: str) -> bool:
    """Tell whether a string is a pattern."""
    return re.search(r"\*", text) is not None
