"""What a simulated server knows when it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..checked_fields import check_fields
from ..documents import copied
from ..results.check_results import CheckResult
from ..results.incidents import Incident
from ..roles import User
from .reading import SeedError, build, build_all, is_relative

if TYPE_CHECKING:
    from pathlib import Path

    from ..documents import Document

__all__ = ["Column", "Connection", "Seed", "Table"]

# Only to validate what is relative to a time that is not known yet.
_ANY_TIME = datetime(2026, 1, 15, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Args:
        name: The column's name.
        data_type: The physical type, such as `VARCHAR`.
        nullable: Whether the column takes nulls.
        spec: Further properties of its `ColumnSpec`, such as `monitoring_checks`.
    """

    name: str
    data_type: str = "VARCHAR"
    nullable: bool = True
    spec: Document = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_fields(self)
        object.__setattr__(self, "spec", copied(self.spec))

    def document(self) -> dict[str, Any]:
        """Give the column as the API configures it (`ColumnSpec`).

        Returns:
            The JSON object.
        """
        snapshot = {"column_type": self.data_type, "nullable": self.nullable}
        return {"type_snapshot": snapshot, **self.spec}


@dataclass(frozen=True)
class Table:
    """A table with its columns.

    Args:
        schema: The name of its schema.
        name: The table's name.
        columns: Its columns.
        labels: Labels that search filters can select it by.
        imported: False for a table that exists in the data source only, until a job imports it.
        spec: Further properties of its `TableSpec`, such as `monitoring_checks` or `owner`.
    """

    schema: str
    name: str
    columns: Sequence[Column] = ()
    labels: Sequence[str] = ()
    imported: bool = True
    spec: Document = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_fields(self)
        columns = build_all(Column, self.columns, ("columns",), _ANY_TIME)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "labels", tuple(self.labels))
        object.__setattr__(self, "spec", copied(self.spec))

    @property
    def full_name(self) -> str:
        """The name as `schema.table`."""
        return f"{self.schema}.{self.name}"

    def column(self, name: str) -> Column | None:
        """Find a column.

        Args:
            name: The column's name.

        Returns:
            The column, or None.
        """
        return next((column for column in self.columns if column.name == name), None)

    def document(self) -> dict[str, Any]:
        """Give the table as the API configures it (`TableSpec`).

        Returns:
            The JSON object.
        """
        document = dict(self.spec)
        document["columns"] = {column.name: column.document() for column in self.columns}
        if self.labels:
            document["labels"] = list(self.labels)
        return document


@dataclass(frozen=True)
class Connection:
    """A connection to a data source.

    Args:
        name: The connection's name.
        provider: The kind of data source, such as `postgresql`.
        parameters: The JSON object with the provider's parameters, under names of the API.
        tables: The tables of the data source.
        parallel_jobs_limit: Largest number of jobs at the same time; None for no limit.
        labels: Labels of the connection.
        spec: Further properties of its `ConnectionSpec`, such as `schedules`.
    """

    name: str
    provider: str = "postgresql"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tables: Sequence[Table] = ()
    parallel_jobs_limit: int | None = None
    labels: Sequence[str] = ()
    spec: Document = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_fields(self)
        object.__setattr__(self, "tables", build_all(Table, self.tables, ("tables",), _ANY_TIME))
        object.__setattr__(self, "labels", tuple(self.labels))
        object.__setattr__(self, "parameters", copied(self.parameters))
        object.__setattr__(self, "spec", copied(self.spec))

    def document(self) -> dict[str, Any]:
        """Give the connection as the API configures it (`ConnectionSpec`).

        Returns:
            The JSON object.
        """
        document = {"provider_type": self.provider, self.provider: self.parameters, **self.spec}
        if self.parallel_jobs_limit is not None:
            document["parallel_jobs_limit"] = self.parallel_jobs_limit
        if self.labels:
            document["labels"] = list(self.labels)
        return document


@dataclass(frozen=True)
class Seed:
    """Everything that a simulated server starts with.

    Every item may be an object or a mapping with the names of its fields. In mappings, points in
    time may be relative to the start of the server: `now`, or a number of seconds, minutes, hours,
    days or weeks before, such as `-90s`, `-15m`, `-2h`, `-3d` or `-1w`.

    Tables that check results or incidents name and `connections` does not are added by the state.

    Args:
        connections: The connections with their tables.
        check_results: The stored results of checks. Those of severity 4 are the execution errors.
        incidents: The incidents.
        users: The users, each with a role and perhaps an API key.
        data_domains: Further data domains: their names, or what is in each by its name, as a seed
            of its own without users and data domains.
        credentials: The shared credentials: strings by their names.
        dictionaries: The data dictionaries: contents of CSV files by their names.
        rules: Own rules (`RuleModel`) by their full names.
        sensors: Own sensors (`SensorModel`) by their full names.
        checks: Own checks (`CheckDefinitionModel`) by their full names.
        table_policies: Table quality policies (`TableQualityPolicySpec`) by their names.
        column_policies: Column quality policies (`ColumnQualityPolicySpec`) by their names.
        default_policies: Whether there are the policies that every server begins with. They bring
            default checks to all tables and columns.
        default_schedules: Default schedules (`CronScheduleSpec`) by their scheduling groups, in
            place of those of a new server.
        default_webhooks: Where notifications of incidents go (`IncidentNotificationSpec`).
        scheduler_running: Whether the job scheduler runs.
    """

    connections: Sequence[Connection | Mapping[str, Any]] = ()
    check_results: Sequence[CheckResult | Mapping[str, Any]] = ()
    incidents: Sequence[Incident | Mapping[str, Any]] = ()
    users: Sequence[User | Mapping[str, Any]] = ()
    data_domains: Sequence[str] | Mapping[str, Seed | Mapping[str, Any]] = ()
    credentials: Mapping[str, str] = field(default_factory=dict)
    dictionaries: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Document] = field(default_factory=dict)
    sensors: Mapping[str, Document] = field(default_factory=dict)
    checks: Mapping[str, Document] = field(default_factory=dict)
    table_policies: Mapping[str, Document] = field(default_factory=dict)
    column_policies: Mapping[str, Document] = field(default_factory=dict)
    default_policies: bool = True
    default_schedules: Mapping[str, Document] = field(default_factory=dict)
    default_webhooks: Document = field(default_factory=dict)
    scheduler_running: bool = True

    def __post_init__(self) -> None:
        for name, kind in _LISTS.items():
            values = getattr(self, name)
            built: tuple[Any, ...] = build_all(kind, values, (name,), _ANY_TIME)
            # What is relative stays as it is until the time is known.
            items = tuple(
                value if _has_relative_time(value) else item
                for value, item in zip(values, built, strict=True)
            )
            object.__setattr__(self, name, items)
        object.__setattr__(self, "data_domains", _domains(self.data_domains))
        for item in fields(self):
            value = getattr(self, item.name)
            if item.default_factory is dict:
                if not isinstance(value, Mapping):
                    raise SeedError(f"expected a mapping, got {value!r}", (item.name,))
                object.__setattr__(self, item.name, copied(value))

    @classmethod
    def of(cls, value: Seed | Mapping[str, Any]) -> Seed:
        """Make a seed of plain data.

        Args:
            value: A seed, or a mapping with the names of its fields as keys.

        Returns:
            The seed.

        Raises:
            SeedError: A key is unknown or missing, or a value is not possible; the message names
                the place.
        """
        return build(cls, value, (), _ANY_TIME)

    @classmethod
    def from_file(cls, path: str | Path) -> Seed:
        """Read a seed from a YAML file.

        Args:
            path: The file. Its keys are the names of the fields of the seed and of its items; the
                specifications in it (`spec`) are compared with those of the API.

        Returns:
            The seed.

        Raises:
            FileNotFoundError: There is no such file.
            SeedError: It is not YAML, or not a seed; the message names file, line and place.
        """
        # Imported here because most seeds come from Python.
        from .files import read_seed

        return read_seed(path, cls.of)

    def at(self, now: datetime) -> Seed:
        """Resolve relative times.

        Args:
            now: The time (UTC) to which they refer.

        Returns:
            A seed without any; this one if it has none.
        """
        resolved: dict[str, Any] = {}
        for name, kind in _LISTS.items():
            values = getattr(self, name)
            if any(isinstance(value, Mapping) for value in values):
                resolved[name] = build_all(kind, values, (name,), now)
        if self.data_domains:
            domains: Any = self.data_domains
            resolved["data_domains"] = {name: seed.at(now) for name, seed in domains.items()}
        return replace(self, **resolved) if resolved else self


_LISTS: Mapping[str, type[Any]] = {
    "connections": Connection,
    "check_results": CheckResult,
    "incidents": Incident,
    "users": User,
}


def _has_relative_time(value: Any) -> bool:
    return isinstance(value, Mapping) and any(map(is_relative, value.values()))


def _domains(value: Any) -> dict[str, Seed]:
    """Read the seeds of data domains."""
    if isinstance(value, str) or not isinstance(value, Mapping | Sequence):
        message = f"expected names, or a mapping of names to seeds, got {value!r}"
        raise SeedError(message, ("data_domains",))
    seeds = value if isinstance(value, Mapping) else dict.fromkeys(value)
    domains: dict[str, Seed] = {}
    for name, seed in seeds.items():
        place = ("data_domains", name)
        if not isinstance(name, str) or not name:
            raise SeedError(f"a data domain must have a name, got {name!r}", ("data_domains",))
        domains[name] = build(Seed, {} if seed is None else seed, place, _ANY_TIME)
        for outer in ("users", "data_domains"):
            if getattr(domains[name], outer):
                raise SeedError("they belong to the whole server", (*place, outer))
    return domains
