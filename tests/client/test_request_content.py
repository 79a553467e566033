"""Request bodies, headers and cookies: what the server gets, and what is refused."""

from __future__ import annotations

import datetime
import io
import json
import math
import types
import uuid
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import Client, errors
from dqops.client.api.jobs import run_checks, wait_for_job
from dqops.client.api.tables import update_table_comments, update_table_labels
from dqops.client.models import (
    CheckSearchFilters,
    CheckType,
    CommentSpec,
    DqoJobStatus,
    RunChecksParameters,
)
from dqops.client.types import UNSET, File, Response
from support.runtime import ANY, Arguments, JsonBody, NoBody, Operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.raw_server import RawServer

CREATED = b"HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
OPERATION = Operation(
    name="upload",
    method="PUT",
    path="/files/{name}",
    models="dqops.client.models",
    results={200: JsonBody(ANY), 204: NoBody()},
    errors={},
)
ITSELF: list[Any] = []
ITSELF.append(ITSELF)
DEEP: list[Any] = []
for _ in range(100_000):
    DEEP = [DEEP]

BODIES: list[tuple[Any, Any]] = [
    (RunChecksParameters(), {}),
    (
        RunChecksParameters(CheckSearchFilters("ä☃🐘", check_type=CheckType.decode("new"))),
        {"check_search_filters": {"connection": "ä☃🐘", "checkType": "new"}},
    ),
    ({"dummy_execution": True, "x": [None, 1.5]}, {"dummy_execution": True, "x": [None, 1.5]}),
    (
        {"check_search_filters": CheckSearchFilters("c"), "at": datetime.date(2024, 1, 31)},
        {"check_search_filters": {"connection": "c"}, "at": "2024-01-31"},
    ),
    (
        types.MappingProxyType({"dummy_execution": True, "a": CheckType.PROFILING}),
        {"dummy_execution": True, "a": "profiling"},
    ),
    (
        RunChecksParameters.from_dict({"collect_error_samples": None, "new": {"a": [1]}}),
        {"collect_error_samples": None, "new": {"a": [1]}},
    ),
    (
        {"dummy_execution": True, "id": uuid.UUID(int=1), "for": datetime.timedelta(seconds=1.5)},
        {"dummy_execution": True, "id": str(uuid.UUID(int=1)), "for": "PT1.5S"},
    ),
    ([RunChecksParameters()], [{}]),
]


@pytest.mark.parametrize(("body", "sent"), BODIES, ids=range(len(BODIES)))
def test_body(raw_server: RawServer, body: Any, sent: Any) -> None:
    """Models and plain JSON are sent as UTF-8 without escapes."""
    raw_server.respond = lambda _, __: CREATED
    run_checks.sync(client=Client(raw_server.url), json_body=body)

    content = raw_server.requests[0].partition(b"\r\n\r\n")[2]
    assert sent == json.loads(content)
    assert json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode() == content
    assert "application/json" == raw_server.header("Content-Type")


BODY = "run_checks: json_body"
NO_JSON = "cannot be written as JSON"
REFUSED: list[tuple[Any, str]] = [
    (
        {"a": {"b": [1, math.nan]}},
        rf"^{BODY}\.a\.b\[1\] {NO_JSON}: Out of range float .*; nothing was",
    ),
    ({"a": math.inf}, rf"^{BODY}\.a {NO_JSON}: Out of range"),
    ({"a": object()}, rf"^{BODY}\.a {NO_JSON}: Object of type object is not JSON serializable"),
    (
        object(),
        rf"^{BODY} {NO_JSON}: Object of type object is not JSON serializable; nothing was sent$",
    ),
    ({"a": b"x"}, rf"^{BODY}\.a {NO_JSON}: Object of type bytes is not"),
    ({("a", "b"): 1}, rf"^{BODY} {NO_JSON}: keys must be str"),
    (RunChecksParameters, rf"^{BODY} {NO_JSON}: Object of type ABCMeta|type is not"),
    (
        RunChecksParameters(CheckSearchFilters(max_results=math.nan)),  # type: ignore[arg-type]
        rf"^{BODY}\.check_search_filters\.maxResults {NO_JSON}: Out of range",
    ),
    (ITSELF, rf"^{BODY} {NO_JSON}: it is nested too deeply, or contains itself; nothing was sent$"),
    (DEEP, rf"^{BODY} {NO_JSON}: it is nested too deeply"),
    (
        {"a": "\ud800"},
        "^run_checks: json_body contains a lone surrogate, which UTF-8 cannot encode; ",
    ),
]


@pytest.mark.parametrize(("body", "message"), REFUSED, ids=range(len(REFUSED)))
def test_refused_body(raw_server: RawServer, body: Any, message: str) -> None:
    """What has no JSON form is refused with operation and place, and nothing is sent."""
    if type(body) is dict:
        body = {"dummy_execution": False, **body}  # a key that the model has
    with pytest.raises(errors.InvalidRequest, match=message):
        run_checks.sync(client=Client(raw_server.url), json_body=body)

    assert [] == raw_server.requests


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"check_search_filters": {"conection": "shop"}},
            "json_body: CheckSearchFilters has no property 'conection'; did you mean 'connection'?",
        ),
        (
            {"check_search_filters": {"full_table_name": "public.orders"}},
            "CheckSearchFilters has no property 'full_table_name'; write 'fullTableName'",
        ),
        (
            RunChecksParameters(check_search_filters={"conection": "shop"}),  # type: ignore[arg-type]
            "CheckSearchFilters has no property 'conection'; did you mean 'connection'?",
        ),
        (
            {"time_window_filter": {"daily_partitioning_recent_day": 1}},
            "no property 'daily_partitioning_recent_day'; did you mean 'daily_partitioning_recent",
        ),
    ],
)
def test_misspelt_keys_of_a_dictionary_within_the_body(
    raw_server: RawServer, body: Any, message: str
) -> None:
    """They are refused, because the server would ignore them and run the checks of all tables."""
    with Client(raw_server.url) as client, pytest.raises(errors.InvalidRequest) as caught:
        run_checks.sync(client=client, json_body=body)
    assert message in str(caught.value)
    assert not raw_server.requests


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (
            {"check_search_filters": {"connection": "c", "of the future": 1}},
            {"check_search_filters": {"connection": "c", "of the future": 1}},
        ),
        (
            RunChecksParameters(check_search_filters={"fullTableName": "a.b"}),  # type: ignore[arg-type]
            {"check_search_filters": {"fullTableName": "a.b"}},
        ),
    ],
)
def test_dictionary_within_the_body(raw_server: RawServer, body: Any, sent: Any) -> None:
    """Keys that are like no known one are sent: a newer server may know them."""
    raw_server.respond = lambda _, __: CREATED
    run_checks.sync(client=Client(raw_server.url), json_body=body)

    assert sent == json.loads(raw_server.requests[0].partition(b"\r\n\r\n")[2])


ITERABLES: dict[str, Callable[[], Any]] = {
    "tuple": lambda: ("a",),
    "set": lambda: {"a"},
    "frozenset": lambda: frozenset("a"),
    "generator": lambda: (each for each in "a"),
    "map": lambda: map(str.lower, "A"),
    "keys of a dictionary": lambda: {"a": 1}.keys(),
    "deque": lambda: deque("a"),
}
# How lists are given to the client: the operation, its arguments, and what is sent of a list.
LISTS: dict[str, Callable[[Client, Any], Any]] = {
    "constructor": lambda client, given: run_checks.sync(
        client=client, json_body=RunChecksParameters(CheckSearchFilters(labels=given))
    ),
    "dictionary": lambda client, given: run_checks.sync(
        client=client,
        json_body={"check_search_filters": {"labels": given}},  # type: ignore[arg-type]
    ),
    "dictionary in a constructor": lambda client, given: run_checks.sync(
        client=client,
        json_body=RunChecksParameters({"labels": given}),  # type: ignore[arg-type]
    ),
    "body": lambda client, given: update_table_labels.sync(
        "c", "s", "t", client=client, json_body=given
    ),
}


@pytest.mark.parametrize("place", LISTS)
@pytest.mark.parametrize("kind", ITERABLES)
def test_iterables_in_place_of_lists(raw_server: RawServer, kind: str, place: str) -> None:
    """Whatever can be iterated over is sent as an array."""
    raw_server.respond = lambda _, __: CREATED
    with Client(raw_server.url) as client:
        LISTS[place](client, ITERABLES[kind]())

    sent = raw_server.requests[0].partition(b"\r\n\r\n")[2]
    assert sent.endswith(
        b'["a"]' if place == "body" else b'{"check_search_filters":{"labels":["a"]}}'
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("sales", "expected a list, got 'sales': write ['sales']"),
        ("s" * 100, "expected a list, got a string of 100 characters"),
        (b"sales", "expected a list, got bytes"),
        ({"a": 1}, "expected a list, got dict"),
        (5, "expected a list, got int"),
    ],
    ids=range(5),
)
@pytest.mark.parametrize("place", LISTS)
def test_what_is_no_list(raw_server: RawServer, place: str, given: Any, told: str) -> None:
    """It is refused with the name of the property: servers describe it in words of their own."""
    with Client(raw_server.url) as client, pytest.raises(errors.InvalidRequest) as caught:
        LISTS[place](client, given)

    name = "json_body" if place == "body" else "labels"
    assert f"{name}: {told}" in str(caught.value)
    assert not raw_server.requests


def test_list_of_models_in_a_body(raw_server: RawServer) -> None:
    """One model in place of the list is refused; the message names the model."""
    with Client(raw_server.url) as client, pytest.raises(errors.InvalidRequest) as caught:
        update_table_comments.sync(
            "c",
            "s",
            "t",
            client=client,
            json_body=CommentSpec(comment="a"),  # type: ignore[arg-type]
        )

    assert "json_body: expected a list of CommentSpec, got CommentSpec" in str(caught.value)
    assert not raw_server.requests


def test_iterables_in_a_query(raw_server: RawServer) -> None:
    """They are sent as one pair for each item."""
    raw_server.respond = lambda _, __: CREATED
    query = {"label": (each for each in "ab")}
    with Client(raw_server.url) as client:
        OPERATION.call(client, Arguments(OPERATION, path={"name": "n"}, query=query))

    assert raw_server.requests[0].startswith(b"PUT /files/n?label=a&label=b HTTP/1.1")


def test_no_body(raw_server: RawServer) -> None:
    """An operation without a body sends none."""
    raw_server.respond = lambda _, __: (
        b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 19\r\n\r\n{"status":"failed"}'
    )
    entry = wait_for_job.sync("7", client=Client(raw_server.url))

    assert entry is not None
    assert DqoJobStatus.FAILED is entry.status
    assert (None, b"") == (
        raw_server.header("Content-Type"),
        raw_server.requests[0].partition(b"\r\n\r\n")[2],
    )


def send(server: RawServer, **parts: Any) -> Response[Any]:
    """Send a request of the kinds that DQOps' first operations do not have."""
    server.respond = lambda _, __: (
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\ntrue"
    )
    return OPERATION.call(Client(server.url), Arguments(OPERATION, path={"name": "n"}, **parts))


OTHER_BODIES: list[tuple[dict[str, Any], str, bytes]] = [
    ({"text": "ä"}, "text/plain; charset=utf-8", "ä".encode()),
    ({"text": File(io.BytesIO(b"x"))}, "text/plain; charset=utf-8", b"x"),
    ({"binary": b"\0\xff"}, "application/octet-stream", b"\0\xff"),
    ({"binary": memoryview(b"ab")}, "application/octet-stream", b"ab"),
    (
        {"form": {"a": "ä &=", "b": [1, True], "c": None}},
        "application/x-www-form-urlencoded",
        b"a=%C3%A4+%26%3D&b=1&b=true",
    ),
    ({"form": CheckSearchFilters("c")}, "application/x-www-form-urlencoded", b"connection=c"),
]


@pytest.mark.parametrize(("parts", "kind", "content"), OTHER_BODIES, ids=range(len(OTHER_BODIES)))
def test_other_bodies(
    raw_server: RawServer, parts: dict[str, Any], kind: str, content: bytes
) -> None:
    """Texts, files and forms are sent with their content type."""
    response = send(raw_server, **parts)

    assert (True, kind) == (response.parsed, raw_server.header("Content-Type"))
    assert content == raw_server.requests[0].partition(b"\r\n\r\n")[2]


def test_headers_and_cookies(raw_server: RawServer) -> None:
    """Header and cookie parameters are written as text; what is absent is left out."""
    send(raw_server, headers={"X-A": True, "X-B": None, "X-C": UNSET}, cookies={"a": 1, "b": "x"})

    assert ("true", None, None) == tuple(raw_server.header(name) for name in ("X-A", "X-B", "X-C"))
    assert "a=1; b=x" == raw_server.header("Cookie")


REFUSED_PARTS: list[tuple[dict[str, Any], str]] = [
    ({"headers": {"X-A": "a\r\nX-B: c"}}, "the value of the header 'X-A' contains a line break"),
    ({"headers": {"X-A": "ä"}}, "the value of the header 'X-A' contains a character outside ASCII"),
    ({"headers": {"X-A": {}}}, "x_a must be a string, number, "),
    ({"cookies": {"a": "1; b=2"}}, "the value of the cookie 'a' contains a ';'"),
    ({"cookies": {"a": b""}}, "a must be a string, number, "),
    ({"form": 5}, "form_data must be a model or a dictionary, got int"),
    ({"form": {"a": {"b": 1}}}, "form_data['a'] must be a string, number, "),
    ({"text": 5}, "text_body must be a string or a File, got int"),
    ({"text": "\ud800"}, "text_body contains a lone surrogate"),
    ({"binary": "text"}, "binary_body must be a File or bytes, got str"),
    (
        {"binary": File(io.StringIO("x"))},  # type: ignore[arg-type]
        "the payload of a File must be open in binary mode",
    ),
]


@pytest.mark.parametrize(("parts", "message"), REFUSED_PARTS, ids=range(len(REFUSED_PARTS)))
def test_refused_parts(raw_server: RawServer, parts: dict[str, Any], message: str) -> None:
    """What cannot be written is refused with operation and name, and nothing is sent."""
    with pytest.raises(errors.InvalidRequest) as caught:
        send(raw_server, **parts)

    assert str(caught.value).startswith(f"upload: {message}")
    assert str(caught.value).endswith("; nothing was sent")
    assert [] == raw_server.requests
