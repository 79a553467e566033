"""`DQOps` and `AsyncDQOps`: every operation as a method, over HTTP."""

from __future__ import annotations

import asyncio
import inspect
import json
import pickle
import pydoc
import subprocess
import sys
from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pytest
from dqops import AsyncDQOps, DQOps, jobs
from dqops.client import Client, Retries, errors, types
from dqops.client.api.healthcheck import is_healthy
from dqops.client.groups.environment import Environment
from dqops.client.groups.error_samples import ErrorSamples
from dqops.client.groups.incidents import Incidents
from dqops.client.groups.tables import Tables
from dqops.client.models import (
    CheckSearchFilters,
    IncidentModel,
    RunChecksParameters,
    TableListModel,
)
from dqops.client.types import File, Response
from dqops.testing import DqopsServer
from operations_under_test import (
    OPERATIONS,
    body,
    key_for,
    module,
    path_arguments,
    required_arguments,
)
from test_every_operation import comparable, expected_result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dqops.testing.specification import Operation
    from support.raw_server import RawServer

KEY = "key-7Kq2"
BODY = RunChecksParameters()


def method(dq: Any, operation: Operation) -> Callable[..., Any]:
    """Find the method of an operation."""
    found: Callable[..., Any] = getattr(getattr(dq, operation.tag), operation.name)
    return found


def arguments(operation: Operation) -> tuple[list[Any], dict[str, Any]]:
    """Choose arguments that the simulated server accepts."""
    return path_arguments(operation), {**body(operation), **required_arguments(operation)}


@pytest.fixture(scope="module")
def server() -> Iterator[DqopsServer]:
    """A server that responds with the examples of the specification."""
    with DqopsServer(examples_only=True) as started:
        with DQOps(started.url) as dq:
            for name in ("run_checks", "collect_error_samples"):
                operation = next(each for each in OPERATIONS if each.name == name)
                method(dq, operation)(**body(operation), job_business_key=key_for(name))
        yield started


def json_response(value: Any, status: str = "200 OK") -> bytes:
    """Write a response."""
    content = json.dumps(value).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


# --- every operation -----------------------------------------------------------------------------


def test_every_operation_is_a_method_of_its_group(server: DqopsServer) -> None:
    """A method returns the typed result that the specification says; the raw one the response."""
    with DQOps(server.url) as dq:
        for operation in OPERATIONS:
            path, named = arguments(operation)
            raw = method(dq.with_raw_response, operation)(*path, **named)
            assert isinstance(raw, Response), operation.name
            expected = expected_result(operation, int(raw.status_code), raw.content)
            assert expected == comparable(raw.parsed), operation.name
            result = comparable(method(dq, operation)(*path, **named))
            assert type(expected) is type(result), operation.name


def test_every_operation_can_be_awaited(server: DqopsServer) -> None:
    """The asynchronous object has the same methods, with the same results."""

    async def call_all() -> None:
        async with AsyncDQOps(server.url) as dq:
            for operation in OPERATIONS:
                path, named = arguments(operation)
                raw = await method(dq.with_raw_response, operation)(*path, **named)
                expected = expected_result(operation, int(raw.status_code), raw.content)
                assert expected == comparable(raw.parsed), operation.name
                result = comparable(await method(dq, operation)(*path, **named))
                assert type(expected) is type(result), operation.name

    asyncio.run(call_all())


def test_there_are_341_operations_and_those_of_older_servers() -> None:
    """The groups have the operations of the generated package and no others."""
    names = {(each.tag, each.name) for each in OPERATIONS}
    groups = {tag: getattr(DQOps("http://h"), tag) for tag, _ in names}
    found = {
        (tag, member.name.partition(".")[2])
        for tag, group in groups.items()
        for name, member in vars(type(group)).items()
        if type(member).__name__ in {"Method", "DeprecatedMethod"}
    }
    assert names == found
    old = {each for each in names if "default_" in each[0] and "check_patterns" in each[0]}
    assert (341, 38) == (len(names - old), len(old))


def test_methods_are_described_as_functions_are() -> None:
    """`help` and `inspect` show documentation, parameters and result of every method."""
    dq = DQOps("http://h")
    for operation in OPERATIONS:
        found = method(dq, operation)
        functions = module(operation)
        known = set(inspect.signature(functions.sync).parameters) - {"client"}
        assert {*known, "options"} == set(inspect.signature(found).parameters), operation.name
        assert (found.__doc__ or "").startswith(functions.sync.__doc__.partition("\n")[0])
    text = pydoc.plain(pydoc.render_doc(dq.incidents.find_recent_incidents_on_connection))
    assert "List recent incidents of a connection." in text
    # Python 3.15 shows annotations without quotes.
    assert "-> list[IncidentModel]" in text.replace("'", "")


# --- short names ---------------------------------------------------------------------------------

SHORT_NAMES = [
    ("incidents", "list", "find_recent_incidents_on_connection"),
    ("incidents", "iterate", "iterate_recent_incidents_on_connection"),
    ("incidents", "iterate_issues", "iterate_incident_issues"),
    ("tables", "get", "get_table"),
    ("tables", "list", "get_tables"),
    ("connections", "create", "create_connection"),
    ("jobs", "wait", "wait_for_job"),
    ("dictionaries", "stream_download", "stream_download_dictionary"),
]


@pytest.mark.parametrize(("group", "short", "name"), SHORT_NAMES)
def test_short_name_is_the_same_method(group: str, short: str, name: str) -> None:
    """Both names stand for one method; messages use the long one."""
    methods = vars(type(getattr(DQOps("http://h"), group)))
    assert methods[short] is methods[name]
    assert methods[short].name.endswith(f".{name}")


# --- pages ---------------------------------------------------------------------------------------


def paged(total: int) -> Callable[[Any, bytes], bytes]:
    """Respond with pages of incidents numbered from 0."""

    def respond(_: Any, request: bytes) -> bytes:
        query = dict(
            part.split("=") for part in request.split(b" ")[1].decode().split("?")[1].split("&")
        )
        size = int(query["limit"])
        start = (int(query["page"]) - 1) * size
        ids = range(start, min(start + size, total))
        return json_response([{"incidentId": str(number)} for number in ids])

    return respond


@pytest.mark.parametrize(
    ("total", "options", "expected", "requests"),
    [
        (0, {}, [], 1),
        (7, {}, list(range(7)), 1),
        (100, {}, list(range(100)), 2),
        (7, {"limit": 3}, list(range(7)), 3),
        (6, {"limit": 3}, list(range(6)), 3),
        (7, {"limit": 3, "page": 2}, list(range(3, 7)), 2),
        (7, {"limit": 3, "page": None}, list(range(7)), 3),
    ],
)
def test_iterating_goes_through_every_page(
    raw_server: RawServer, total: int, options: dict[str, Any], expected: list[int], requests: int
) -> None:
    """Until a page is not full; in both kinds of objects."""
    raw_server.respond = paged(total)
    with DQOps(raw_server.url) as dq:
        found = list(dq.incidents.iterate("c", severity=1, **options))
    assert [str(number) for number in expected] == [item.incident_id for item in found]
    assert requests == len(raw_server.requests)
    assert all(b"severity=1" in request for request in raw_server.requests)

    async def collect() -> list[IncidentModel]:
        async with AsyncDQOps(raw_server.url) as dq:
            return [item async for item in dq.incidents.iterate("c", severity=1, **options)]

    assert found == asyncio.run(collect())


def test_pages_are_asked_for_when_they_are_needed(raw_server: RawServer) -> None:
    """Nothing is sent before the first item is wanted; wrong arguments are told at once."""
    raw_server.respond = paged(7)
    with DQOps(raw_server.url) as dq:
        items = dq.incidents.iterate("c", limit=3)
        assert [] == raw_server.requests
        for _ in range(4):
            next(items)
        assert 2 == len(raw_server.requests)
        with pytest.raises(TypeError, match="needs 'connection_name'"):
            dq.incidents.iterate()  # type: ignore[call-arg]  # pyright: ignore


def test_timedeltas(raw_server: RawServer) -> None:
    """They are taken wherever seconds are: by objects, views, calls and retries."""
    minute, second = timedelta(minutes=1), timedelta(seconds=1)
    retries = Retries(backoff=second / 2, max_wait=minute)
    assert Retries(backoff=0.5, max_wait=60) == retries
    raw_server.respond = lambda _, __: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
    with DQOps(raw_server.url, timeout=minute, deadline=second, retries=retries) as dq:
        assert DQOps(raw_server.url, timeout=60, deadline=1, retries=retries) == dq
        assert dq.with_options(timeout=60, deadline=2) == dq.with_options(
            timeout=minute, deadline=2 * second
        )
        assert "OK" == dq.healthcheck.is_healthy(timeout=minute, deadline=minute)
        wrong: list[dict[str, Any]] = [{"timeout": timedelta()}, {"deadline": -second}]
        for options in wrong:
            (name,) = options
            with pytest.raises(errors.InvalidRequest, match=f"^{name} must be a number of second"):
                dq.with_options(**options)


@pytest.mark.parametrize("kind", [DQOps, AsyncDQOps])
@pytest.mark.parametrize("wrong", ["10", 10.0, [1]], ids=repr)
@pytest.mark.parametrize("name", ["page", "limit"])
def test_pages_of_what_is_no_number(
    raw_server: RawServer, kind: type[DQOps | AsyncDQOps], name: str, wrong: Any
) -> None:
    """It is refused at once, by name."""
    options = {name: wrong}
    with pytest.raises(errors.InvalidRequest, match=rf"iterate.*: {name} must be an integer, got"):
        kind(raw_server.url).incidents.iterate("c", **options)
    assert [] == raw_server.requests


# --- options -------------------------------------------------------------------------------------


def test_options_count_for_one_call(raw_server: RawServer) -> None:
    """Headers, deadline, timeout and retries of a call leave the object as it is."""
    raw_server.respond = lambda _, __: json_response({}, "503 Service Unavailable")
    with DQOps(raw_server.url, retries=Retries(max_attempts=2, backoff=0)) as dq:
        with pytest.raises(errors.ServiceUnavailable):
            dq.tables.get("c", "s", "t", retries=None, headers={"X-Run": "1"})
        assert 1 == len(raw_server.requests)
        assert b"x-run: 1" in raw_server.requests[0].lower()
        with pytest.raises(errors.ServiceUnavailable):
            dq.tables.get("c", "s", "t")
        assert 3 == len(raw_server.requests)
        assert b"x-run" not in raw_server.requests[1].lower()
        raw_server.respond = lambda _, __: json_response(raw_server.released.wait(5))
        with pytest.raises(errors.DeadlineExceeded):
            dq.tables.get("c", "s", "t", deadline=0.1)
        with pytest.raises(errors.TimeoutFailure):
            dq.with_raw_response.tables.get("c", "s", "t", timeout=0.1)
    raw_server.released.set()


def test_a_view_of_an_object_is_one(raw_server: RawServer) -> None:
    """`with_options` returns an object with groups, over the same connections."""
    with DQOps(raw_server.url, api_key=KEY) as dq:
        view = dq.with_options(data_domain="sales", headers={"X-Run": "1"})
        assert isinstance(view, DQOps)
        assert "OK" == view.healthcheck.is_healthy() == dq.healthcheck.is_healthy()
    first, second = (request.lower() for request in raw_server.requests)
    assert b"dqodatadomain=sales" in first
    assert b"dqodatadomain" not in second
    assert f"bearer {KEY}".lower().encode() in first
    assert 1 == raw_server.connections


@pytest.mark.parametrize("given", [f"{KEY}\n", f" {KEY}\r\n", f"\t{KEY}  "])
def test_white_space_around_the_key(raw_server: RawServer, given: str) -> None:
    """It is dropped, as it is from files and variables: `open(path).read()` has a newline."""
    for key in (given, lambda: given):
        with DQOps(raw_server.url, api_key=key) as dq:
            dq.healthcheck.is_healthy()
    assert [f"Bearer {KEY}"] * 2 == [raw_server.header("Authorization", place) for place in (0, 1)]


# --- what goes wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (f"{KEY}\n{KEY}", "the API key contains a line break"),
        (" \n", "the API key is empty"),
        ("\n Bearer abc", "the API key must be given alone, without 'Bearer '"),
        (5, "the API key must be a string"),
    ],
)
def test_a_key_that_is_none(key: Any, told: str) -> None:
    """The message calls it as the argument is called."""
    for kind in (DQOps, AsyncDQOps):
        with pytest.raises(errors.InvalidRequest) as caught:
            kind("http://localhost:1/", api_key=key)
        assert str(caught.value).startswith(told)
        assert KEY not in str(caught.value)


def test_a_function_that_returns_no_key() -> None:
    """So does the message about what a function returns."""
    told = "^the API key that the function returned contains a line break"
    dq = DQOps("http://localhost:1/", api_key=lambda: "a\nb")
    with dq, pytest.raises(errors.InvalidRequest, match=told):
        dq.healthcheck.is_healthy()


@pytest.mark.parametrize("kind", [DQOps, AsyncDQOps])
def test_advice_without_a_key(raw_server: RawServer, kind: Any) -> None:
    """The advice about a 401 names the class, its argument and the variable."""
    raw_server.respond = lambda _, __: b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"

    async def ask() -> None:
        async with AsyncDQOps(raw_server.url) as dq:
            await dq.connections.get_all_connections()

    with pytest.raises(errors.Unauthorized) as caught, DQOps(raw_server.url) as dq:
        asyncio.run(ask()) if kind is AsyncDQOps else dq.connections.get_all_connections()
    name = kind.__name__
    wanted = f"No API key was sent: pass one, as in {name}(base_url, api_key=...), or set "
    assert str(caught.value).endswith(f"{wanted}DQOPS_API_KEY.")


def test_it_always_raises(raw_server: RawServer) -> None:
    """No result is None in place of an error, and the setting cannot be turned off."""
    raw_server.respond = lambda _, __: json_response({"message": "no"}, "404 Not Found")
    with DQOps(raw_server.url) as dq:
        with pytest.raises(errors.NotFound):
            dq.tables.get("c", "s", "t")
        with pytest.raises(errors.NotFound):
            dq.with_raw_response.tables.get("c", "s", "t")
        with pytest.raises(errors.NotFound):
            next(dq.tables.iterate("c", "s"))
        with pytest.raises(errors.InvalidRequest, match="always raises"):
            dq.raise_on_unexpected_status = False
        assert dq.raise_on_unexpected_status is True


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda dq: dq.jobs.run_checks(json_body=BODY), "stopped waiting for the result"),
        (lambda dq: dq.tables.get("c", "s", "t"), "expected a result"),
    ],
)
def test_a_result_that_is_missing_raises(
    raw_server: RawServer, call: Callable[[DQOps], Any], message: str
) -> None:
    """An empty body is None only where the specification says that there may be none."""
    raw_server.respond = lambda _, __: b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    with DQOps(raw_server.url) as dq:
        with pytest.raises(errors.NoResult, match=message) as caught:
            call(dq)
        assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))
        assert dq.tables.get_table_comments("c", "s", "t") is None
        assert dq.jobs.cancel("1") is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda dq: dq.jbos, "'DQOps' has no attribute 'jbos'; did you mean 'jobs'?"),
        (
            lambda dq: dq.jobs.run_check,
            "'Jobs' has no attribute 'run_check'; did you mean 'run_checks'?",
        ),
        (
            lambda dq: dq.with_raw_response.table,
            "'_RawDQOps' has no attribute 'table'; did you mean 'tables'?",
        ),
        (lambda dq: dq.jobs.run_checks(), "Jobs.run_checks() needs 'json_body'"),
        (
            lambda dq: dq.jobs.run_checks(body=1, json_body=BODY),
            "Jobs.run_checks() has no parameter 'body'; did you mean 'json_body'?",
        ),
        (
            lambda dq: dq.jobs.run_checks(json_body=BODY, tmeout=1),
            (
                "Jobs.run_checks() has no parameter 'tmeout'; did you mean 'timeout' or "
                "'wait_timeout'?"
            ),
        ),
        (
            lambda dq: dq.jobs.get("1", client=dq),
            "Jobs.get_job() has no parameter 'client': the object is the client",
        ),
        (
            lambda dq: dq.tables.get("c", "s", "t", "x"),
            "Tables.get_table() takes 3 positional arguments, got 4",
        ),
        (lambda dq: dq.tables.get("c"), "Tables.get_table() needs 'schema_name', 'table_name'"),
    ],
)
def test_mistakes_are_told_by_name(call: Callable[[DQOps], Any], message: str) -> None:
    """With what was meant, where that can be guessed; nothing is sent."""
    with pytest.raises((AttributeError, TypeError)) as caught:
        call(DQOps("http://localhost:1"))
    assert message == str(caught.value)


# --- settings ------------------------------------------------------------------------------------


def test_settings_come_from_the_environment(
    raw_server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without arguments, everything; what is given goes before it."""
    monkeypatch.setenv("DQOPS_URL", raw_server.url)
    monkeypatch.setenv("DQOPS_API_KEY", KEY)
    monkeypatch.setenv("DQOPS_DATA_DOMAIN", "sales")
    for dq in (DQOps(), DQOps.from_env()):
        with dq:
            dq.healthcheck.is_healthy()
        assert f"Bearer {KEY}".encode() in raw_server.requests[-1]
        assert b"DQODataDomain=sales" in raw_server.requests[-1]
        assert KEY not in repr(dq)
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(dq)
    with DQOps(api_key="", data_domain="other") as dq:
        dq.healthcheck.is_healthy()
    assert b"Bearer" not in raw_server.requests[-1]
    assert b"DQODataDomain=other" in raw_server.requests[-1]
    monkeypatch.delenv("DQOPS_URL")
    with pytest.raises(errors.InvalidRequest, match="DQOPS_URL"):
        DQOps()


def test_without_a_key_it_is_a_client_without_a_token(raw_server: RawServer) -> None:
    """It can be pickled and copied, and functions take it as any client."""
    with DQOps(raw_server.url) as dq:
        assert isinstance(dq, Client)
        assert "OK" == is_healthy.sync(client=dq)
        copied = pickle.loads(pickle.dumps(dq))
        assert "OK" == copied.healthcheck.is_healthy()
        copied.close()
    assert not any(b"Authorization" in request for request in raw_server.requests)


def test_help_lists_the_methods_of_a_group() -> None:
    """Each with what it takes and returns, and one line about it."""
    with DQOps("http://localhost:1/", api_key="") as dq:
        shown = pydoc.plain(pydoc.render_doc(dq.tables))
    assert "object at 0x" not in shown
    # Python 3.13 has a line for each parameter.
    words = " ".join(shown.replace(" |", " ").split()).replace("( ", "(").replace(" )", ")")
    assert (
        "get_table(connection_name: str, schema_name: str, table_name: str, "
        "**options: Unpack[CallOptions]) -> TableModel Get the full specification of a table. "
        "get_table_basic("
    ) in words
    assert "get = get_table(" in words


def test_a_method_of_the_class_of_a_group_is_not_called() -> None:
    """The message tells where it is."""
    with pytest.raises(TypeError, match=r"^Tables.get_table\(\) is called on a group of an object"):
        Tables.get_table("warehouse", "public", "orders")


def test_helpers_take_an_object() -> None:
    """`dqops.jobs` runs a job with one as with a client."""
    with DqopsServer() as server, DQOps(server.url) as dq:
        assert jobs.gate(dq, CheckSearchFilters(connection="warehouse")).tables


# --- downloads -----------------------------------------------------------------------------------


def test_downloads_can_be_streamed(raw_server: RawServer) -> None:
    """In a `with` block; without it the method returns the whole file."""
    raw_server.respond = lambda _, __: (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 3\r\n\r\na,b"
    )
    with DQOps(raw_server.url) as dq:
        with dq.dictionaries.stream_download("d") as download:
            assert b"a,b" == b"".join(download.iter_bytes())
        whole = dq.dictionaries.download("d")
        assert (whole.payload.read() if isinstance(whole, File) else whole) in ("a,b", b"a,b")

    async def read() -> bytes:
        async with (
            AsyncDQOps(raw_server.url) as dq,
            dq.dictionaries.stream_download("d") as download,
        ):
            return b"".join([part async for part in download.iter_bytes()])

    assert b"a,b" == asyncio.run(read())


# --- classes -------------------------------------------------------------------------------------


def test_methods_belong_to_the_class_of_their_group() -> None:
    """A group can be named in annotations, and its class knows its methods."""
    dq = DQOps("http://h")
    assert isinstance(dq.incidents, Incidents)
    assert "<Incidents of DQOps>" == repr(dq.incidents)
    assert "<method Incidents.get_incident of DQOps>" == repr(dq.incidents.get)
    assert {"list", "get_incident", "iterate"} <= set(dir(dq.incidents))
    assert {"incidents", "jobs", "with_raw_response", "close"} <= set(dir(dq))
    assert TableListModel.__name__ in str(inspect.signature(dq.tables.list))


@pytest.mark.parametrize(
    ("kind", "method", "returned", "said"),
    [
        (DQOps, "tables.list", "list[TableListModel]", "The requested page of tables"),
        (DQOps, "tables.iterate", "Iterator[TableListModel]", "An iterator over the items"),
        (AsyncDQOps, "tables.iterate", "AsyncIterator[TableListModel]", "An iterator over"),
        (
            DQOps,
            "environment.stream_download_logs",
            "AbstractContextManager[Download]",
            "A download for a `with` block",
        ),
        (
            AsyncDQOps,
            "environment.stream_download_logs",
            "AbstractAsyncContextManager[AsyncDownload]",
            "A download for a `with` block",
        ),
        (
            DQOps,
            "with_raw_response.tables.list",
            "Response[list[TableListModel]]",
            "The requested page of tables",
        ),
    ],
)
def test_help_tells_what_a_method_returns(
    kind: type[Any], method: str, returned: str, said: str
) -> None:
    """Also where that is something else than the result of the operation."""
    found = attrgetter(method)(kind("http://h"))
    assert returned == inspect.signature(found).return_annotation
    told = inspect.getdoc(found) or ""  # Python 3.13 strips the indentation, 3.12 does not
    assert f"Returns:\n    {said}" in told
    assert 1 == told.count("Returns:")


@pytest.mark.parametrize(
    ("group", "method", "returned"),
    [
        (
            ErrorSamples,
            "stream_get_table_monitoring_error_samples_download",
            "AbstractContextManager[Download]",
        ),
        (Environment, "stream_download_logs", "AbstractContextManager[Download]"),
        (Tables, "iterate", "Iterator[TableListModel]"),
        (Tables, "list", "list[TableListModel]"),
    ],
)
def test_help_of_a_group_tells_what_its_methods_return(
    group: type[Any], method: str, returned: str
) -> None:
    """`help` of a group shows its class, whose methods belong to no object."""
    assert returned == inspect.signature(getattr(group, method)).return_annotation


def test_importing_the_object_loads_no_operation() -> None:
    """Only the group and the operation that are called are loaded, when they are called."""
    program = (
        "from dqops import DQOps; import sys; dq = DQOps('http://h'); dq.jobs.run_checks; "
        "print(*sorted(name for name in sys.modules if '.groups.' in name or '.api.' in name))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ["dqops.client.api.jobs", "dqops.client.groups.jobs"] == run.stdout.split()


def test_types_can_be_imported_at_run_time() -> None:
    """Every name that the module lists is there, for programs with wrappers of their own."""
    for name in types.__all__:
        assert getattr(types, name) is not None
    assert {"timeout", "headers", "retries", "deadline"} == set(types.CallOptions.__annotations__)


def test_unset_can_be_told_and_replaced() -> None:
    """`is_set` and `or_none` serve programs; a format that needs a value says what is wrong."""
    assert types.is_set(0)
    assert not types.is_set(types.UNSET)
    assert types.or_none(types.UNSET) is None
    assert 0 == types.or_none(0)
    assert "UNSET" == f"{types.UNSET}"
    with pytest.raises(TypeError, match="left out"):
        f"{types.UNSET:.2f}"


def test_an_error_has_the_id_of_the_request(raw_server: RawServer) -> None:
    """As a property and in the message, so that the server's log can be searched for it."""
    body = {"message": "no such table", "requestId": "4f1c-7"}
    raw_server.respond = lambda _, __: json_response(body, "500 Internal Server Error")
    with DQOps(raw_server.url) as dq, pytest.raises(errors.ServerError) as caught:
        dq.tables.get("c", "s", "t")
    assert "4f1c-7" == caught.value.request_id
    assert "(request '4f1c-7')" in str(caught.value)


def test_streams_need_a_block() -> None:
    """What is for a `with` block says so where it is used without one."""
    with DQOps("http://localhost:1/") as dq:
        with pytest.raises(
            AttributeError, match=r"'read' needs a with block: with \.\.\. as opened"
        ):
            dq.environment.stream_download_logs().read()  # type: ignore[attr-defined]
        asynchronous: Any = AsyncDQOps("http://localhost:1/").environment.stream_download_logs()
        with pytest.raises(AttributeError, match=r"needs a with block: async with"):
            asynchronous.save_to("logs.zip")
        assert not hasattr(asynchronous, "_private")
