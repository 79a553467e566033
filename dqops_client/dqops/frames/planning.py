"""Which requests a table needs, and which of their rows are selected."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from .._runtime.suggestions import did_you_mean
from ..client.api.check_results import get_table_data_quality_status
from ..client.errors import ClientWarning, InvalidRequest, NotFound
from ..client.models import CheckSearchFilters
from ..jobs.drivers import drive
from ..jobs.judging.criteria import moment_of
from ..jobs.judging.problems import nothing_selected
from ..jobs.judging.selection import Container, Selection, check_values, matches, selection_of
from ..jobs.judging.status import all_checks
from ..jobs.judging.tables import Reader, find_tables, table_key
from ..jobs.parameters import settled
from ..jobs.results import NothingSelected
from ..jobs.timing import Run, Timing
from .arrow import pa
from .reading import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..client import AuthenticatedClient, Client
    from .schemas import FrameName

__all__ = ["Key", "Plan", "tables_of", "with_group"]

#: Connection, schema and table.
Key = tuple[str, str, str]

_OPERATIONS = {
    "check_results": ("check_results", "checks_results"),
    "sensor_readouts": ("sensor_readouts", "sensor_readouts"),
    "errors": ("errors", "errors"),
    "error_samples": ("error_samples", "error_samples"),
}
# More than the server keeps of any check.
_ALL = 1_000_000_000


@dataclass(frozen=True)
class Plan:
    """What is asked for.

    Args:
        filters: Which tables and checks are meant; None for all.
        since: The first day; None for the first one of the month before. A `datetime` or
            `timedelta` becomes a day.
        until: The last day, likewise; None for any.
        max_results_per_check: How many results of each check to read, the newest ones; None for
            all.

    Raises:
        InvalidRequest: One of them cannot be used.
    """

    filters: CheckSearchFilters | None = None
    since: date | None = None
    until: date | None = None
    max_results_per_check: int | None = None

    def __post_init__(self) -> None:
        if isinstance(self.filters, CheckSearchFilters):
            _refuse_unused(self.filters)
        object.__setattr__(self, "filters", settled(self.filters))
        _check_filters(self.filters or CheckSearchFilters())
        for name in ("since", "until"):
            if (value := getattr(self, name)) is not None:
                moment = moment_of(name, value, datetime.now(UTC))
                object.__setattr__(self, name, moment.date())
        if self.until is not None and self.until < self.first_day:
            raise InvalidRequest(f"until must be >= since ({self.first_day}), got {self.until}")
        most = self.max_results_per_check
        if most is not None and (not isinstance(most, int) or most < 1):
            raise InvalidRequest(f"max_results_per_check must be an integer >= 1, got {most!r}")

    @property
    def selection(self) -> Selection:
        """Which tables and checks are meant."""
        return selection_of(self.filters or CheckSearchFilters())

    @property
    def first_day(self) -> date:
        """The first day that is asked for."""
        if self.since is not None:
            return self.since
        this_month = datetime.now(UTC).date().replace(day=1)
        return (this_month - timedelta(days=1)).replace(day=1)

    @property
    def months(self) -> int:
        """How many months the server has to look at, this one included."""
        today, first = datetime.now(UTC).date(), self.first_day
        # The server may be a day ahead of UTC.
        return max(2, (today.year - first.year) * 12 + today.month - first.month + 2)

    def status(self, client: AuthenticatedClient | Client, key: Key) -> Any:
        """Read the status of a table.

        Args:
            client: Where to ask.
            key: The table.

        Returns:
            A `TableCurrentDataQualityStatusModel`; None if the table was deleted meanwhile.

        Raises:
            ClientError: It could not be read.
        """
        types = self.selection.check_types
        try:
            return get_table_data_quality_status.sync(
                *key,
                client=client,
                months=self.months,
                profiling="profiling" in types,
                monitoring="monitoring" in types,
                partitioned="partitioned" in types,
            )
        except NotFound:
            return None

    def requests(
        self, client: AuthenticatedClient | Client, name: FrameName, there: set[str], key: Key
    ) -> list[Request]:
        """List what has to be asked for a table: where it has results, as its status tells.

        Args:
            client: Where to ask for the status.
            name: The table to make.
            there: Takes the names of all checks with results, selected or not.
            key: The table to read.

        Returns:
            The requests; none if it was deleted meanwhile.

        Raises:
            ClientError: The status could not be read.
        """
        selection = self.selection
        status = self.status(client, key)
        checks: dict[Container, set[str]] = {}
        for each in all_checks(status) if status is not None else ():
            there.add(each.name)
            if selection.selects(each.column, each.name, each.comparison, each.status):
                for container in each.containers(selection):
                    checks.setdefault(container, set()).add(each.name)
        return [self._request(name, key, place, names) for place, names in checks.items()]

    def warn_of_names(self, there: set[str]) -> None:
        """Warn where no check was selected, although there are some, and a name may be mistyped.

        Args:
            there: The names of all checks with results.
        """
        selection = self.selection
        names = {
            "check_name": selection.check,
            "check_category": selection.category,
            "quality_dimension": selection.dimension,
            "table_comparison_name": selection.comparison,
            "column": selection.column,
        }
        told = ", ".join(f"{name}={value!r}" for name, value in names.items() if value)
        if told and there:
            hint = did_you_mean(selection.check, there) if selection.check else ""
            warnings.warn(
                f"the filters select no check with results, {told}: check the names{hint}",
                ClientWarning,
                stacklevel=2,
            )

    def _request(self, name: FrameName, key: Key, place: Container, names: set[str]) -> Request:
        last_day = self.until or datetime.now(UTC).date() + timedelta(days=1)
        arguments: dict[str, Any] = {
            "month_start": self.first_day,
            "month_end": last_day,
            "max_results_per_check": self.max_results_per_check or _ALL,
        }
        if len(names) == 1:
            (arguments["check_name"],) = names
        told = dict(zip(("connection", "schema", "table"), key, strict=True))
        return Request(
            operation=place.operation(*_OPERATIONS[name]),
            path=place.path(key),
            arguments=arguments,
            told={**told, "column": place.column, "time_scale": place.time_scale},
        )

    def selected(self, batch: Any) -> Any:
        """Keep the rows that are meant.

        Args:
            batch: A record batch of a table with checks.

        Returns:
            A record batch.
        """
        selection = self.selection
        patterns = {
            "check": selection.check,
            "category": selection.category,
            "quality_dimension": selection.dimension,
            "table_comparison": selection.comparison,
            "sensor": selection.sensor,
        }
        if "executed_at" not in batch.schema.names:  # of incidents, whose tables are filtered, too
            patterns |= {"schema": selection.schema, "table": selection.table}
        names = set(batch.schema.names)
        for name, pattern in patterns.items():
            if pattern and name in names:
                known = [
                    text for text in batch[name].unique().to_pylist() if matches(pattern, text)
                ]
                batch = batch.filter(
                    pa.compute.is_in(batch[name], value_set=pa.array(known, pa.string()))
                )
        if "time_period" in names:
            first = datetime.combine(self.first_day, datetime.min.time())
            keep = pa.compute.greater_equal(batch["time_period"], pa.scalar(first))
            if self.until is not None and self.until < date.max:
                end = datetime.combine(self.until, datetime.min.time()) + timedelta(days=1)
                keep = pa.compute.and_(keep, pa.compute.less(batch["time_period"], pa.scalar(end)))
            # What has no period is not known to be outside.
            batch = batch.filter(pa.compute.fill_null(keep, fill_value=True))
        return batch


def with_group(request: Request, group: str) -> Request:
    """Ask for one data group.

    Args:
        request: A request that told of several groups.
        group: The data group.

    Returns:
        The request.
    """
    return replace(request, arguments={**request.arguments, "data_group": group})


def tables_of(client: AuthenticatedClient | Client, plan: Plan) -> Iterator[Key]:
    """Find the tables that are meant.

    Args:
        client: Where to ask.
        plan: What is asked for.

    Yields:
        Connection, schema and table.

    Raises:
        NothingSelected: There are filters, and they select no table.
        ClientError: The list could not be read.
    """
    selection = plan.selection
    reader = Reader(Run(Timing(), None), as_client=True)
    tables = drive(client, find_tables(reader, selection))
    if not tables and (
        selection.connection or selection.schema or selection.table or selection.labels
    ):
        raise NothingSelected(f"the filters select no table: {nothing_selected(selection)}", None)
    yield from map(table_key, tables)


_UNUSED = (
    "tags",
    "max_results",
    "column_data_type",
    "column_nullable",
    "check_hierarchy_ids_models",
)


def _check_filters(filters: CheckSearchFilters) -> None:
    if not isinstance(filters, CheckSearchFilters):
        raise InvalidRequest(f"filters must be CheckSearchFilters, got {type(filters).__name__}")
    check_values(filters)


def _refuse_unused(filters: CheckSearchFilters) -> None:
    unused = [name for name in _UNUSED if getattr(filters, name) or getattr(filters, name) is False]
    if filters.enabled is False:
        unused.append("enabled")
    if unused:
        raise InvalidRequest(
            f"stored results cannot be selected by {', '.join(unused)} of the filters"
        )
