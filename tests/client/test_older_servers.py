"""A client that knows the version of its server warns of what that one would drop or refuse."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any

import dqops
import pytest
from dqops import AsyncDQOps, DQOps, DqopsWarning
from dqops.client import Client, _versions, models
from dqops.client.api.jobs import collect_statistics_on_data_groups
from dqops.client.errors import ClientError, InvalidRequest, NotFound
from dqops.testing import DqopsServer
from support import runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Span, tables_of = runtime.server_versions.Span, runtime.server_versions.tables_of
TABLES = runtime.server_versions.Tables(_versions)


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test hear of what is told once."""
    monkeypatch.setattr(runtime.warned, "_told", set())


@pytest.fixture(scope="module")
def server() -> Iterator[DqopsServer]:
    """A server of today: what is told comes from the tables, whatever the server is."""
    with DqopsServer() as server:
        yield server


def find_columns(client: DQOps) -> object:
    """Use a query parameter that is newer than its operation."""
    return client.search.find_columns(column_category="datetime_date", limit=1)


def domains(client: DQOps) -> object:
    """Use an operation of 1.8.0."""
    return client.data_domains.get_local_data_domains()


def moved(client: DQOps) -> object:
    """Use an operation that 1.8.0 has under another path."""
    return client.data_lineage.get_table_source_tables("warehouse", "public", "orders")


def update_table(client: DQOps) -> object:
    """Send a model with a property of 1.8.0."""
    spec = models.TableSpec(source_tables=[])
    return client.tables.update_table("warehouse", "public", "orders", json_body=spec)


def deep(client: DQOps) -> object:
    """Send a property of 1.7.0 in a model in a map, as a dictionary."""
    checks = {"profile_row_count": {"always_collect_error_samples": True}}
    body: Any = {"columns": {"id": {"profiling_checks": {"nulls": {"profile_nulls_count": {}}}}}}
    body["profiling_checks"] = {"volume": checks}
    return client.tables.update_table("warehouse", "public", "orders", json_body=body)


def connection(client: DQOps) -> object:
    """Send a value of 1.9.0 in a body."""
    body = models.ConnectionSpec(provider_type=models.ProviderType.HANA)
    return client.connections.create_connection("another", json_body=body)


def sort(client: DQOps) -> object:
    """Send a value of 1.5.0 in the query."""
    return client.incidents.get_incident_issues(
        "warehouse", 2026, 1, "00000000-0000-0000-0000-000000000000", order="updatedAt"
    )


def deprecated(client: DQOps) -> object:
    """Use an operation that only older servers have."""
    return client.default_table_check_patterns.get_all_default_table_checks_patterns()


def plain(client: DQOps) -> object:
    """Use what all versions have."""
    return client.connections.get_all_connections()


IGNORES = "{}: a server of version {} ignores {}; it is known {}"
LACKS = "{}: the operation is missing on a server of version {}; it is known {}"
REFUSES = "{}: a server of version {} refuses {}; it is known {}"
ERROR_SAMPLES = "TableRowCountCheckSpec.always_collect_error_samples"
OLD_PATTERNS = "get_all_default_table_checks_patterns"
SORT_ORDER = "CheckResultSortOrder 'updatedAt'"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("call", "version", "told"),
    [
        (find_columns, "1.2", (LACKS, "find_columns", "1.2.0", "since 1.4.1")),
        (find_columns, "1.7", (IGNORES, "find_columns", "1.7.0", "column_category", "since 1.9.0")),
        (find_columns, "1.9.0", ()),
        (
            domains,
            "1.7.4",
            (LACKS, "get_local_data_domains", "1.7.4 (taken for 1.7.0)", "since 1.8.0"),
        ),
        (moved, "1.8.0", (LACKS, "get_table_source_tables", "1.8.0", "since 1.9.0")),
        (deprecated, "1.13.2", (LACKS, OLD_PATTERNS, "1.13.2 (taken for 1.13.1)", "until 1.7.0")),
        (deprecated, "1.7", ()),
        (
            update_table,
            "1.7.0",
            (IGNORES, "update_table", "1.7.0", "TableSpec.source_tables", "since 1.8.0"),
        ),
        (update_table, "1.8", ()),
        (deep, "1.6", (IGNORES, "update_table", "1.6.2", ERROR_SAMPLES, "since 1.7.0")),
        (deep, "1.7", ()),
        (
            connection,
            "1.8",
            (REFUSES, "create_connection", "1.8.0", "ProviderType 'hana'", "since 1.9.0"),
        ),
        (sort, "1.4.1", (REFUSES, "get_incident_issues", "1.4.1", SORT_ORDER, "since 1.5.0")),
        (plain, "1.2", ()),
        (plain, "1.13.2", ()),
    ],
)
def test_what_an_older_server_would_not_do_warns_once(
    server: DqopsServer, call: Callable[[DQOps], object], version: str, told: tuple[str, ...]
) -> None:
    """By its name in Python, with the versions, at the line of the program; it is sent."""
    server.reset()
    with (
        DQOps(server.url, server_version=version) as client,
        warnings.catch_warnings(record=True) as caught,
    ):
        warnings.simplefilter("always")
        for _ in range(2):
            with contextlib.suppress(ClientError):
                call(client)

    found = [each for each in caught if each.category is DqopsWarning]
    expected = [told[0].format(*told[1:])] if told else []
    assert expected == [str(each.message) for each in found]
    assert all(__file__ == each.filename for each in found)
    assert 2 == len(server.requests)


def test_warnings_that_are_errors_stop_every_call(server: DqopsServer) -> None:
    """Nothing is sent, the second time as the first."""
    server.reset()
    with (
        DQOps(server.url, server_version="1.7") as client,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("error", DqopsWarning)
        for _ in range(2):
            with pytest.raises(DqopsWarning, match="ignores column_category"):
                find_columns(client)

    assert [] == list(server.requests)


def test_without_a_version_nothing_is_looked_at(server: DqopsServer) -> None:
    """The tables are not even imported, and nobody asks for the version."""
    program = f"""
import re, sys
from dqops import DQOps
with DQOps({server.url!r}) as client:
    client.search.find_columns(column_category="datetime_date", limit=1)
    client.connections.get_all_connections()
print([name for name in sys.modules if re.fullmatch(r"dqops.*_(versions|servers)", name)])
"""
    server.reset()
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )

    assert ("[]\n", "") == (run.stdout, run.stderr)
    assert ["find_columns", "get_all_connections"] == [
        request.operation for request in server.requests
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_client_that_has_asked_knows_the_version(server: DqopsServer) -> None:
    """Also where a view of it asked, and for views that are made from then on."""
    with DQOps(server.url) as client:
        assert "1.13.2" == dqops.server_version(client.with_options(timeout=5))
        assert "server_version='1.13.2'" in repr(client)
        told = r"on a server of version 1\.13\.2 \(taken for 1\.13\.1\); it is known until 1\.7\.0"
        with pytest.warns(DqopsWarning, match=told):
            deprecated(client.with_options(timeout=7))


def test_asynchronous_calls_warn_as_well(server: DqopsServer) -> None:
    """As do the functions of operations."""

    async def ask() -> None:
        async with AsyncDQOps(server.url, server_version="1.8") as client:
            await client.search.find_columns(column_category="datetime_date", limit=1)

    with pytest.warns(DqopsWarning, match="ignores column_category") as told:
        asyncio.run(ask())
    assert __file__ == told[0].filename
    filters = models.StatisticsCollectorSearchFilters(connection="warehouse")
    client = Client(server.url, server_version="1.7")
    with pytest.warns(DqopsWarning, match="ignores samples_limit"):
        collect_statistics_on_data_groups.sync(
            client=client, json_body=filters, samples_limit=3, wait=False
        )
    client.close()


@pytest.mark.parametrize("version", ["", "1.x", "v1.7", "1.7.0-rc1", "1..7", 1.7, "1" * 99])
def test_a_version_that_is_none_is_refused(version: Any) -> None:
    """With an example of one."""
    with pytest.raises(InvalidRequest, match=r"server_version must be a version such as '1.7.0'"):
        DQOps("http://h", server_version=version)


@pytest.mark.parametrize(
    ("version", "known"),
    [
        ("0.9", "1.2.0"),
        ("1.2", "1.2.0"),
        ("1.6", "1.6.2"),
        ("1.6.0", "1.5.0"),
        ("1.10", "1.10.1"),
        ("1.10.0", "1.10.0"),
        ("1.11.5", "1.11.0"),
        ("1", "1.13.1"),
        ("1.13.2", "1.13.1"),
        ("2.0.0", "1.13.1"),
    ],
)
def test_a_version_counts_as_the_newest_known_one_before_it(version: str, known: str) -> None:
    """A part of a version is the last one that begins with it."""
    assert known == TABLES.nearest(version)


@pytest.mark.parametrize(
    ("version", "named"),
    [
        ("1.13.1", "1.13.1"),
        ("1.13", "1.13.1"),
        ("1", "1.13.1"),
        ("1.13.2", "1.13.2 (taken for 1.13.1)"),
        ("1.11.5", "1.11.5 (taken for 1.11.0)"),
        ("2.0.0", "2.0.0 (taken for 1.13.1)"),
        ("0.9", "0.9 (taken for 1.2.0)"),
    ],
)
def test_messages_name_the_version_that_the_server_told(version: str, named: str) -> None:
    """And the known one whose tables are used where that is another."""
    assert named == TABLES.named(version)


@pytest.mark.parametrize("version", ["0.9", "1.1", "1.14", "1.99", "2", "2.0"])
def test_a_version_that_does_not_exist(server: DqopsServer, version: str) -> None:
    """A mistyped version warns once."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with DQOps(server.url, server_version=version) as dq:
            dq.healthcheck.is_healthy()
            dq.healthcheck.is_healthy()
    known = "1.2.0" if version in {"0.9", "1.1"} else "1.13.1"
    (warning,) = told
    assert DqopsWarning is warning.category
    assert (
        f"server_version {version!r} is none of those that are known, 1.2.0 to 1.13.1; the server "
        f"is taken for one of version {known}" == str(warning.message)
    )


@pytest.mark.parametrize("version", ["1", "1.2", "1.4.9", "1.13", "1.13.1", "1.13.2"])
def test_a_version_that_exists(server: DqopsServer, version: str) -> None:
    """One of a known minor release, or between them, warns of nothing."""
    with warnings.catch_warnings(), DQOps(server.url, server_version=version) as dq:
        warnings.simplefilter("error")
        dq.healthcheck.is_healthy()


def test_the_tables() -> None:
    """Each entry says something, with versions that are known, about what this package has."""
    tables: dict[str, Any] = {
        "operations": TABLES.operations,
        "parameters": TABLES.parameters,
        "properties": TABLES.properties,
        "values": TABLES.values,
    }
    for name, table in tables.items():
        for key, span in table.items():
            assert span != Span(), (name, key)
            assert {*span} - {""} <= {*TABLES.versions}, (name, key)
            assert str(span).startswith(("since ", "until "))
    for schema, key in TABLES.properties:
        assert key in {each.key for each in getattr(models, schema)._properties}, (schema, key)
    for enumeration, value in TABLES.values:
        assert value in getattr(models, enumeration)._value2member_map_, (enumeration, value)
    assert {*_versions.MOVED} <= {*TABLES.operations}


def test_a_package_without_tables_warns_of_nothing() -> None:
    """A client that was generated for another API has none."""
    assert tables_of("dqops.integrations.healthchecks_io.client.models") is None


def test_url_that_ends_in_what_paths_begin_with(server: DqopsServer) -> None:
    """A 404 says what to leave out of it, and not that the server is of another version."""
    with DQOps(f"{server.url}api") as dq, pytest.raises(NotFound) as caught:
        dq.connections.get("warehouse")
    assert NotFound is type(caught.value)
    assert "Leave '/api' out of base_url: the paths of operations begin with it." in str(
        caught.value
    )
