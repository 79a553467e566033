"""Operations without behaviour respond with the specification's examples, and say so."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

import httpx
import pytest
from dqops.testing import SIMULATED_HEADER, DqopsServer, SimulatedOperation, simulated_operations
from dqops.testing.handlers import HANDLERS

from simulator.support import GROUPS, SPECIFICATION, TABLE, problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dqops.testing.specification import Operation

JSON = "application/json"
CSV = "text/csv"
BARE_TEXT = "application/json;charset=UTF-8"
SAMPLES = f"{TABLE}/profiling/errorsamples/download"
EXAMPLES = [each for each in SPECIFICATION.operations.values() if each.name not in HANDLERS]
# Which path parameters decide about properties of examples.
NAMED_BY: dict[str, list[str]] = defaultdict(
    list,
    {
        "connection_name": ["connectionName"],
        "connectionName": ["connectionName"],
        "compared_connection": ["connectionName"],
        "schema_name": ["schemaName"],
        "schemaName": ["schemaName"],
        "table_name": ["tableName"],
        "tableName": ["tableName"],
        "column_name": ["columnName"],
        "columnName": ["columnName"],
    },
)
VALUES = {"integer": 1, "boolean": True, "number": 1.5}


@pytest.fixture(scope="module")
def example_server() -> Iterator[DqopsServer]:
    """A server that responds to everything with examples."""
    with DqopsServer(examples_only=True) as running:
        yield running


@pytest.fixture(scope="module")
def example_http(example_server: DqopsServer) -> Iterator[httpx.Client]:
    """A client of `example_server`."""
    with httpx.Client(base_url=example_server.url, timeout=10, verify=False) as client:
        yield client


@pytest.fixture(scope="module")
def strict_http() -> Iterator[httpx.Client]:
    """A client of a server that gives no examples."""
    with (
        DqopsServer(strict=True) as server,
        httpx.Client(base_url=server.url, timeout=10, verify=False) as client,
    ):
        yield client


def first_example(place: str) -> Any:
    """Look up the first example of a body; `place` points to its media type."""
    _, examples = SPECIFICATION.resolve(f"{place}/examples")
    _, example = SPECIFICATION.resolve(f"{place}/examples/{next(iter(examples))}")
    return example["value"]


def with_names(value: Any, path: str) -> Any:
    """Put the names that `send` uses into an example."""
    if isinstance(value, list):
        return [with_names(item, path) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: "a name"
        if isinstance(part, str) and any(f"{{{each}}}" in path for each in NAMED_BY[key])
        else with_names(part, path)
        for key, part in value.items()
    }


def send(http: httpx.Client, operation: Operation) -> httpx.Response:
    """Send a valid request with everything that an operation needs."""
    path = operation.path
    query: dict[str, Any] = {}
    for pointer, parameter in operation.parameters:
        _, schema = SPECIFICATION.resolve(f"{pointer}/schema")
        value = schema["enum"][0] if "enum" in schema else VALUES.get(schema["type"], "a name")
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(str(value)))
        elif parameter.get("required"):
            query[parameter["name"]] = value
    headers: dict[str, str] = {}
    content = None
    if operation.body_media_type is not None:
        headers["Content-Type"] = operation.body_media_type
    if operation.body is not None:
        example = first_example(operation.body.removesuffix("/schema"))
        content = json.dumps(example) if operation.body_media_type == JSON else example
    url = f"{path}?{urlencode(query)}" if query else path
    return http.request(operation.method, url, headers=headers, content=content)


@pytest.mark.parametrize("group", GROUPS)
def test_operations_respond_with_their_examples(example_http: httpx.Client, group: str) -> None:
    """The response is valid, is the first example of the result, and is marked."""
    for name in GROUPS[group]:
        operation = SPECIFICATION.operations[name]
        response = send(example_http, operation)

        assert operation.result_status == response.status_code, (name, response.text)
        assert "example" == response.headers["X-Simulated"], name
        assert [] == problems(name, response)
        pointer, specified = operation.responses[response.status_code]
        if "content" not in specified:
            is_typed = name == "update_table_partitioned_checks_model"
            found = (response.content, response.headers.get("content-type"))
            assert (b"", JSON if is_typed else None) == found, name
            continue
        (media_type,) = specified["content"]
        value = first_example(f"{pointer}/content/{media_type.replace('/', '~1')}")
        if "x-joined-text" in specified:
            expected: Any = "".join(value)
        else:
            expected = with_names(value, operation.path)
        is_json = media_type == JSON and not isinstance(expected, str)
        assert expected == (response.json() if is_json else response.text), name


def test_every_operation_has_behaviour_or_an_example() -> None:
    """Nothing is left out: some with behaviour, all others with an example."""
    listed = simulated_operations()
    assert list(SPECIFICATION.operations) == sorted(each.name for each in listed)
    assert set(HANDLERS) == {each.name for each in listed if each.has_behaviour}
    deprecated = {each.name for each in SPECIFICATION.operations.values() if each.is_deprecated}
    assert deprecated == {each.name for each in listed if each.is_deprecated}
    assert SimulatedOperation("run_checks", "jobs", True, False) in listed
    assert SimulatedOperation("synchronize_data_domains", "data_domains", False, False) in listed
    assert sorted(listed, key=lambda each: (each.group, each.name)) == listed


def test_operations_with_behaviour_are_not_marked(http: httpx.Client) -> None:
    """Neither their responses nor refusals are examples."""
    responses = [http.get(f"/api/{path}") for path in ("connections", "ishealthy", "unknown")]
    assert [200, 200, 404] == [response.status_code for response in responses]
    assert [False] * 3 == [SIMULATED_HEADER in response.headers for response in responses]


class Shape(NamedTuple):
    """A request, and headers and body of its response; the body may be given by its beginning."""

    path: str
    status: int
    media_type: str | None
    disposition: str | None
    start: bytes


@pytest.mark.parametrize(
    "shape",
    [
        Shape("/api/timezones", 200, BARE_TEXT, None, b"Europe/BerlinEurope/WarsawUTC"),
        Shape("/api/environment/issueapikey", 200, BARE_TEXT, None, b"616e20"),
        Shape(SAMPLES, 200, CSV, None, b"Sample Index,Collected at,"),
        Shape(
            "/api/dictionaries/countries/download",
            200,
            CSV,
            'attachment; filename="countries.csv"',
            b"code,name\nDE,Germany\n",
        ),
        Shape(
            "/api/dictionaries/codes.CSV/download",
            200,
            CSV,
            'attachment; filename="codes.CSV"',
            b"code,",
        ),
        Shape(
            "/api/dictionaries/..%2F%0D%0A%22%C3%BC/download",
            200,
            CSV,
            "attachment; filename=\".._____.csv\"; filename*=UTF-8''..%2F%0D%0A%22%C3%BC.csv",
            b"code,",
        ),
        Shape(
            "/api/environment/logs/download",
            200,
            "application/zip",
            'attachment; filename="logs.zip"',
            b"PK",
        ),
        Shape(
            "/api/credentials/db_password/download",
            200,
            "application/octet-stream",
            'attachment; filename="db_password"',
            b"example-password",
        ),
    ],
    ids=lambda shape: shape.path,
)
def test_shape_of_special_responses(example_http: httpx.Client, shape: Shape) -> None:
    """Bare text, CSV and binary responses are no JSON, and downloads have a file name."""
    response = example_http.get(shape.path)
    assert (shape.status, shape.media_type, shape.disposition) == (
        response.status_code,
        response.headers["content-type"],
        response.headers.get("content-disposition"),
    )
    assert response.content.startswith(shape.start)


@pytest.mark.parametrize(
    ("name", "value"), [("sales", "sales"), ("a%3B%20b%0D%0A", "a%3B%20b%0D%0A")]
)
def test_switch_to_a_data_domain_redirects(
    example_http: httpx.Client, name: str, value: str
) -> None:
    """The result is a redirection that sets a cookie; a name cannot add headers to it."""
    response = httpx.get(f"{example_http.base_url}api/domains/{name}/switch")
    assert (303, b"", "/", f"DQODataDomain={value}; Path=/") == (
        response.status_code,
        response.content,
        response.headers["location"],
        response.headers["set-cookie"],
    )


def test_head_of_an_example_has_no_body(example_http: httpx.Client) -> None:
    """HEAD is GET without the body, for examples too."""
    head, get = (
        # Connections of their own: the fifth response of one says that it closes.
        httpx.request(name, f"{example_http.base_url}api/timezones")
        for name in ("HEAD", "GET")
    )
    assert (b"", dict(get.headers)) == (head.content, {**get.headers, **head.headers})
    assert "chunked" == head.headers["transfer-encoding"]


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        # They are CSV, but the real server declares them as JSON.
        (SAMPLES, JSON, 200),
        (SAMPLES, "application/*;q=0.5, text/plain", 200),
        (SAMPLES, "*/*", 200),
        (SAMPLES, "text/csv", 406),
        ("/api/environment/logs/download", "application/zip", 200),
        ("/api/environment/logs/download", "application/*", 200),
        ("/api/environment/logs/download", JSON, 406),
        ("/api/credentials/x/download", "application/octet-stream", 200),
        ("/api/timezones", JSON, 200),
        ("/api/timezones", CSV, 406),
    ],
)
def test_accept_is_compared_with_what_there_is(
    example_http: httpx.Client, path: str, accept: str, status: int
) -> None:
    """What an operation gives must be among what the caller takes."""
    response = example_http.get(path, headers={"Accept": accept})
    assert status == response.status_code
    if status == 406:
        assert response.json()["message"].endswith(f"can be had, not {accept!r}.")


@pytest.mark.parametrize("path", ["/api/mypassword", "/api/users/anna%40example.com/password"])
@pytest.mark.parametrize(
    ("content_type", "body", "status", "expected"),
    [
        ("text/plain", b"", 400, "The request body is missing."),
        ("text/plain", b"\xff", 400, "The request body is not UTF-8: 'utf-8' codec"),
        (JSON, b'"secret"', 415, f"Content-Type '{JSON}' is not supported; send 'text/plain'."),
        ("", b"secret", 415, "Content-Type '' is not supported; send 'text/plain'."),
    ],
)
def test_bad_text_body(
    example_http: httpx.Client,
    path: str,
    content_type: str,
    body: bytes,
    status: int,
    expected: str,
) -> None:
    """A new password is plain text; JSON would change its quotes into a part of it."""
    headers = {"Content-Type": content_type} if content_type else {}
    response = example_http.put(path, content=body, headers=headers)
    assert status == response.status_code
    assert response.json()["message"].startswith(expected)


@pytest.mark.parametrize("content_type", ["text/plain", "Text/Plain; charset=utf-8"])
def test_text_body_arrives_as_it_is(
    example_server: DqopsServer, example_http: httpx.Client, content_type: str
) -> None:
    """Quotes, spaces and letters of any kind are not touched."""
    text = ' "pässword" \n{}'
    response = example_http.put(
        "/api/mypassword", content=text.encode(), headers={"Content-Type": content_type}
    )
    recorded = example_server.requests[-1]
    assert (204, b"") == (response.status_code, response.content)
    assert ("change_caller_password", text) == (recorded.operation, recorded.body)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("label=a&label=b%2Cc&label=a", {"label": ["a", "b,c", "a"]}),
        ("label=&label=b", {"label": ["b"]}),
        ("label=", {}),
        ("", {}),
        ("limit=3&limit=4", {"limit": 3}),
    ],
)
def test_query_arrays_have_an_item_for_each_time(
    example_server: DqopsServer, example_http: httpx.Client, query: str, expected: dict[str, Any]
) -> None:
    """A parameter that may be repeated is a list; of others the first counts."""
    response = example_http.get(f"/api/connections/shop/schemas/sales/tables?{query}")
    recorded = example_server.requests[-1]
    assert (200, "get_tables") == (response.status_code, recorded.operation)
    names = {"connectionName": "shop", "schemaName": "sales"}
    assert {**names, **expected} == recorded.parameters


def test_bodies_that_are_arrays(example_server: DqopsServer, example_http: httpx.Client) -> None:
    """A list is validated item by item, and an object in its place is refused."""
    url = f"{TABLE}/comments"
    comment = {"comment": "ok", "comment_by": "anna"}
    right = example_http.put(url, json=[comment])
    recorded = example_server.requests[-1]
    wrong_item = example_http.put(url, json=[comment, {"comment": 1}])
    wrong_type = example_http.put(url, json=comment)
    assert (204, [comment]) == (right.status_code, recorded.body)
    assert (400, "The request body is not valid at '/1/comment': 1 is not of type string.") == (
        wrong_item.status_code,
        wrong_item.json()["message"],
    )
    assert 400 == wrong_type.status_code
    assert "at ''" in wrong_type.json()["message"]


@pytest.mark.parametrize(
    ("method", "path", "operation", "status"),
    [
        ("GET", f"{TABLE}/columns/statistics", "get_columns_statistics", 200),
        ("DELETE", f"{TABLE}/columns/statistics", "delete_column", 200),
        ("GET", f"{TABLE}/groupings/setdefault", "get_table_grouping_configuration", 200),
        (
            "PATCH",
            f"{TABLE}/groupings/setdefault?dataGroupingConfigurationName=by_region",
            "set_table_default_grouping_configuration",
            204,
        ),
    ],
)
def test_name_that_is_also_a_fixed_path(
    example_server: DqopsServer,
    example_http: httpx.Client,
    method: str,
    path: str,
    operation: str,
    status: int,
) -> None:
    """The fixed path comes first, but only takes the methods that it has."""
    response = example_http.request(method, path)
    assert operation == example_server.requests[-1].operation
    assert status == response.status_code


def test_options_tells_the_methods_of_every_path_that_matches(example_http: httpx.Client) -> None:
    """A column may be called like the fixed path."""
    response = example_http.options(f"{TABLE}/columns/statistics")
    assert (200, "DELETE,GET,POST,PUT,HEAD,OPTIONS") == (
        response.status_code,
        response.headers["allow"],
    )


def test_strict_mode_gives_no_example(strict_http: httpx.Client) -> None:
    """Every operation without behaviour fails with 501 and says which it is."""
    for operation in EXAMPLES:
        response = send(strict_http, operation)
        assert 501 == response.status_code, operation.name
        assert SIMULATED_HEADER not in response.headers
        assert response.json()["message"].startswith(
            f"The simulator has no behaviour for {operation.name!r}"
        )


def test_strict_mode_changes_nothing_else(strict_http: httpx.Client) -> None:
    """Operations with behaviour go on, and invalid requests stay invalid."""
    paths = ("connections", "ishealthy", "unknown")
    assert [200, 200, 404] == [strict_http.get(f"/api/{path}").status_code for path in paths]
    assert 415 == strict_http.put("/api/mypassword", json="secret").status_code


def test_strict_mode_can_be_switched_at_run_time(server: DqopsServer, http: httpx.Client) -> None:
    """Settings count from the next request on."""
    before = http.patch("/api/domains/").status_code
    server.settings.strict = True
    assert [204, 501] == [before, http.patch("/api/domains/").status_code]
