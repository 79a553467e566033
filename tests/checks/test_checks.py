"""`dqops.checks`: one check is read, set and removed, and nothing else is changed."""

from __future__ import annotations

import asyncio
import inspect
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from dqops import checks
from dqops.checks import aio
from dqops.checks.catalog import containers, find_container
from dqops.checks.editing import with_check
from dqops.client import Client
from dqops.client.errors import ClientWarning, InvalidRequest, NotFound
from dqops.client.models import MaxCountRule0ErrorParametersSpec, MinCountRule1ParametersSpec
from dqops.testing import Column, Connection, DqopsServer, Seed, Table
from support.runtime import warned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Calling = Callable[..., Any]

TABLE = "shop.sales.orders"
PATH = "/api/connections/shop/schemas/sales/tables/orders"


@pytest.fixture
def server() -> Iterator[DqopsServer]:
    """A server with a table that has no checks."""
    table = Table("sales", "orders", columns=(Column("email"),))
    seed = Seed((Connection("shop", tables=(table,)),), default_policies=False)
    with DqopsServer(seed) as server:
        yield server


@pytest.fixture
def client(server: DqopsServer) -> Iterator[Client]:
    """A client of it, which does not raise by itself."""
    with Client(server.url) as client:
        yield client


def _blocking(client: Client, name: str, *arguments: Any, **options: Any) -> Any:
    return getattr(checks, name)(client, *arguments, **options)


def _asynchronous(client: Client, name: str, *arguments: Any, **options: Any) -> Any:
    async def main() -> Any:
        async with client:
            return await getattr(aio, name)(client, *arguments, **options)

    return asyncio.run(main())


@pytest.fixture(params=[_blocking, _asynchronous], ids=["sync", "async"])
def calling(request: pytest.FixtureRequest) -> Calling:
    """Call a function by its name: synchronously, then asynchronously."""
    way: Calling = request.param
    return way


def stored(client: Client, path: str = "monitoring/daily") -> Any:
    """What the server has."""
    response = client.get_httpx_client().get(f"{PATH}/{path}")
    return response.json() if response.content else None


def put(client: Client, body: dict[str, Any], path: str = "monitoring/daily") -> None:
    """Configure checks beforehand."""
    client.get_httpx_client().put(f"{PATH}/{path}", json=body).raise_for_status()


def test_first_check(client: Client, calling: Calling) -> None:
    """The first check of a table needs nothing that is there before."""
    set_ = calling(client, "set_check", TABLE, "daily_row_count", error={"min_count": 10})
    assert 10 == set_.error.min_count
    assert {"volume": {"daily_row_count": {"error": {"min_count": 10}}}} == stored(client)


def test_all_else_stays(client: Client, calling: Calling) -> None:
    """Other checks, rules, parameters, settings, and what only a newer server knows, stay."""
    before: dict[str, Any] = {
        "volume": {
            "daily_row_count": {
                "display_name": "rows",
                "parameters": {"filter": "id > 0"},
                "warning": {"min_count": 100},
                "error": {"min_count": 50},
            },
            "daily_row_count_change": {"error": {"max_percent": 10.0}},
        },
        "schema": {"daily_column_count": {"error": {"expected_value": 9}}},
    }
    put(client, before)
    calling(client, "set_check", TABLE, "daily_row_count", error={"min_count": 10}, disabled=True)
    before["volume"]["daily_row_count"]["error"] = {"min_count": 10}
    before["volume"]["daily_row_count"]["disabled"] = True
    assert before == stored(client)


@pytest.mark.parametrize(
    ("check", "column", "path"),
    [
        ("profile_row_count", None, "profiling"),
        ("daily_row_count", None, "monitoring/daily"),
        ("monthly_row_count", None, "monitoring/monthly"),
        ("daily_partition_row_count", None, "partitioned/daily"),
        ("monthly_partition_row_count", None, "partitioned/monthly"),
        ("profile_nulls_count", "email", "columns/email/profiling"),
        ("daily_nulls_count", "email", "columns/email/monitoring/daily"),
        ("monthly_nulls_count", "email", "columns/email/monitoring/monthly"),
        ("daily_partition_nulls_count", "email", "columns/email/partitioned/daily"),
        ("monthly_partition_nulls_count", "email", "columns/email/partitioned/monthly"),
    ],
)
def test_every_place(
    client: Client, calling: Calling, check: str, column: str | None, path: str
) -> None:
    """A check goes where the beginning of its name says, is read from there, and removed."""
    rule = {"min_count": 5} if column is None else {"max_count": 5}
    calling(client, "set_check", TABLE, check, column=column, warning=rule)
    category = "volume" if column is None else "nulls"
    assert {category: {check: {"warning": rule}}} == stored(client, path)
    found = calling(client, "get_checks", TABLE, column=column)
    assert [check] == list(found)
    assert rule == found[check].warning.to_dict()
    assert calling(client, "remove_check", TABLE, check, column=column)
    assert {} == calling(client, "get_checks", TABLE, column=column)
    assert not calling(client, "remove_check", TABLE, check, column=column)


@pytest.fixture
def no_warning_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has been warned of in this process."""
    monkeypatch.setattr(warned, "_told", set())


OFF = {"volume": {"daily_row_count": {"error": {"min_count": 1}, "disabled": True}}}


@pytest.mark.usefixtures("no_warning_yet")
@pytest.mark.parametrize(
    "options", [{"error": {"min_count": 10}}, {"warning": {}, "fatal": None}, {"parameters": {}}]
)
def test_a_disabled_check_stays_so_and_that_is_said(
    client: Client, calling: Calling, options: Any
) -> None:
    """Who sets a rule wants it to run: that a check is disabled is kept, but not in silence."""
    put(client, OFF)
    with pytest.warns(ClientWarning, match="daily_row_count of shop.sales.orders .*disabled=False"):
        set_ = calling(client, "set_check", TABLE, "daily_row_count", **options)
    assert set_.disabled
    assert stored(client)["volume"]["daily_row_count"]["disabled"]


@pytest.mark.usefixtures("no_warning_yet")
@pytest.mark.parametrize(
    ("options", "stays"),
    [
        ({"error": {"min_count": 10}, "disabled": False}, False),
        ({"error": {"min_count": 10}, "disabled": None}, False),
        ({"error": {"min_count": 10}, "disabled": True}, True),
        ({"error": None}, True),
        ({"display_name": "rows"}, True),
    ],
)
def test_nothing_is_said_where_it_is_meant(
    client: Client, calling: Calling, options: Any, stays: bool
) -> None:
    """No warning where the caller says what `disabled` is to be, or sets nothing that runs."""
    put(client, OFF)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        set_ = calling(client, "set_check", TABLE, "daily_row_count", **options)
    assert stays is bool(set_.disabled)


def test_rules_go(client: Client, calling: Calling) -> None:
    """None removes a rule, and one parameter of it; `{}` takes a rule as it is by default."""
    put(client, {"volume": {"daily_row_count": {"warning": {"min_count": 1}, "error": {}}}})
    calling(client, "set_check", TABLE, "daily_row_count", warning={"min_count": None}, error=None)
    assert {"volume": {"daily_row_count": {"warning": {}}}} == stored(client)
    calling(client, "set_check", TABLE, "daily_row_count", warning=None, fatal={})
    assert {"volume": {"daily_row_count": {"fatal": {}}}} == stored(client)


def test_models(client: Client, calling: Calling) -> None:
    """A rule may be the model that it is."""
    rule = MinCountRule1ParametersSpec(min_count=3)
    calling(client, "set_check", TABLE, "daily_row_count", error=rule)
    assert {"volume": {"daily_row_count": {"error": {"min_count": 3}}}} == stored(client)


@pytest.mark.parametrize(
    ("check", "options", "said"),
    [
        ("daily_row_cuont", {"error": {}}, "did you mean 'daily_row_count'"),
        ("row_count", {"error": {}}, "'daily_row_count'"),
        ("daily_nulls_count", {"error": {}}, "It is a check of columns: pass column="),
        ("daily_row_count", {"error": {}, "column": "email"}, "leave out column"),
        ("daily_row_count", {"error": {"max_count": 1}}, "no parameter 'max_count'.*'min_count'"),
        ("daily_row_count", {"error": {"expected": 1}}, "It has min_count"),
        ("daily_row_count", {"error": {"min_count": "ten"}}, "min_count cannot be"),
        (
            "daily_row_count",
            {"error": MinCountRule1ParametersSpec.from_dict({"mincount": 5})},
            "no property 'mincount'; did you mean 'min_count'",
        ),
        ("daily_row_count", {"error": 10}, "must be a dict, None, or MinCountRule1"),
        ("daily_row_count", {"error": MaxCountRule0ErrorParametersSpec()}, "MinCountRule1"),
        ("daily_row_count", {"eror": {}}, "no setting 'eror'.*did you mean 'error'"),
        ("daily_row_count", {"disabled": "yes"}, "disabled cannot be 'yes'"),
        ("daily_row_count", {}, "nothing is said"),
    ],
)
def test_refused(
    server: DqopsServer, client: Client, calling: Calling, check: str, options: Any, said: str
) -> None:
    """What makes no sense is refused before anything is sent, with what may be meant."""
    with pytest.raises(InvalidRequest, match=said):
        calling(client, "set_check", TABLE, check, **options)
    assert [] == server.requests


@pytest.mark.parametrize("table", ["orders", "sales.orders", ("shop", "sales"), "shop..orders"])
def test_refused_table(client: Client, calling: Calling, table: Any) -> None:
    """A table has a connection, a schema and a name."""
    with pytest.raises(InvalidRequest, match=r"connection\.schema\.table"):
        calling(client, "remove_check", table, "daily_row_count")


def test_names_with_dots(client: Client, calling: Calling) -> None:
    """A tuple names a table whose names have dots; an unknown one raises, whatever the client."""
    with pytest.raises(NotFound):
        calling(client, "set_check", ("shop", "a.b", "c"), "daily_row_count", error={})


def test_custom_checks(client: Client, calling: Calling) -> None:
    """Checks of a user's own are read, and stay."""
    own = {"custom": {"mine": {"sensor_name": "s"}}, "volume": {"custom_checks": {"own": {}}}}
    put(client, own)
    assert ["mine", "own"] == list(calling(client, "get_checks", TABLE))
    calling(client, "set_check", TABLE, "daily_row_count", error={})
    assert own["custom"] == stored(client)["custom"]
    assert {"custom_checks": {"own": {}}, "daily_row_count": {"error": {}}} == stored(client)[
        "volume"
    ]


def test_every_check_can_be_set() -> None:
    """Each check that the specifications list takes each of its rules."""
    from dqops.checks.catalog import _classes

    count = 0
    for column in (None, "email"):
        for container in containers(column):
            for check in _classes(container):
                assert container is find_container(check, column), check
                with_check(None, container, check, {"disabled": True})
                count += 1
    assert count > 500


@pytest.mark.parametrize("name", ["get_checks", "remove_check", "set_check"])
def test_both_worlds(name: str) -> None:
    """A function and its asynchronous twin take the same arguments."""
    blocking, asynchronous = getattr(checks, name), getattr(aio, name)
    assert inspect.iscoroutinefunction(asynchronous)
    assert inspect.signature(blocking) == inspect.signature(asynchronous)
