"""Requests that are not served: what the response tells the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dqops.testing import DEFAULT_API_KEY, DqopsServer

from simulator.support import VALIDATION

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    Connect = Callable[[DqopsServer], httpx.Client]

ORDERS = "/api/connections/warehouse/schemas/public/tables/orders"
RUN = "/api/jobs/runchecks"
JSON = {"Content-Type": "application/json"}
WRONG = {"Authorization": "Bearer wrong"}
RIGHT = {"Authorization": f"Bearer {DEFAULT_API_KEY}"}

BAD_PARAMETERS = [
    (
        "POST",
        f"{RUN}?wait=maybe",
        "The query parameter 'wait' is not valid: 'maybe' is not of type boolean.",
    ),
    (
        "POST",
        f"{RUN}?waitTimeout=1.5",
        "The query parameter 'waitTimeout' is not valid: '1.5' is not of type integer.",
    ),
    (
        "POST",
        f"{RUN}?waitTimeout=3000000000",
        "The query parameter 'waitTimeout' is not valid: 3000000000 is not an integer of 32 bits.",
    ),
    (
        "POST",
        f"{RUN}?wait=maybe&waitTimeout=x",
        (
            "The query parameter 'wait' is not valid: 'maybe' is not of type boolean. "
            "The query parameter 'waitTimeout' is not valid: 'x' is not of type integer."
        ),
    ),
    (
        "GET",
        "/api/jobs/jobchangessince/last",
        "The path parameter 'sequenceNumber' is not valid: 'last' is not of type integer.",
    ),
    (
        "GET",
        f"{ORDERS}/monitoring/hourly/results",
        "The path parameter 'timeScale' is not valid: 'hourly' is none of 'daily', 'monthly'.",
    ),
    (
        "GET",
        f"{ORDERS}/profiling/results?monthStart=2024-13-01",
        (
            "The query parameter 'monthStart' is not valid: "
            "'2024-13-01' is not a date such as 2024-01-31."
        ),
    ),
    (
        "GET",
        f"{ORDERS}/status?since=2024-01-31",
        (
            "The query parameter 'since' is not valid: '2024-01-31' is not "
            "a time without an offset such as 2024-01-31T10:20:30."
        ),
    ),
]
BAD_BODIES = [
    (b"", "The request body is missing."),
    (b"{", "The request body is not JSON: Expecting property name enclosed in double quotes"),
    (b"\xff", "The request body is not JSON: 'utf-8' codec can't decode"),
    (b'{"a": NaN}', "The request body is not JSON: NaN is no JSON number."),
    (b"[" * 100_000, "The request body is nested too deeply."),
    (b"null", "The request body is not valid at '': None is not of type object."),
    (b"[]", "The request body is not valid at '': [] is not of type object."),
    (
        b'{"check_search_filters": {"checkType": "hourly"}}',
        (
            "The request body is not valid at '/check_search_filters/checkType': "
            "'hourly' is none of 'monitoring', 'partitioned', 'profiling'."
        ),
    ),
    (
        b'{"time_window_filter": {"from_date_time_offset": "2024-01-31T10:20:30"}}',
        (
            "The request body is not valid at '/time_window_filter/from_date_time_offset': "
            "'2024-01-31T10:20:30' is not a time with an offset such as 2024-01-31T10:20:30Z."
        ),
    ),
    (
        (
            b'{"dummy_execution": 1, "collect_error_samples": "x", "execution_target": 3,'
            b' "time_window_filter": 4}'
        ),
        "; and 1 more.",
    ),
]


def message(response: httpx.Response) -> str | None:
    """Check that an error body is complete, and give its message."""
    body: dict[str, Any] = response.json()
    schema = "/components/schemas/SpringErrorPayload"
    assert [] == VALIDATION.problems(schema, body)
    assert (response.status_code, response.reason_phrase) == (body["status"], body["error"])
    assert response.url.raw_path.decode().partition("?")[0] == body["path"]
    assert body["requestId"]
    assert "application/json" == response.headers["content-type"]
    text: str | None = body["message"]
    return text


@pytest.mark.parametrize(
    ("method", "path", "expected"), BAD_PARAMETERS, ids=[path for _, path, _ in BAD_PARAMETERS]
)
def test_bad_parameter(http: httpx.Client, method: str, path: str, expected: str) -> None:
    """The message says which parameter is wrong, and why."""
    response = http.request(method, path, json={})
    assert (400, expected) == (response.status_code, message(response))


@pytest.mark.parametrize(
    ("body", "expected"), BAD_BODIES, ids=[repr(body[:40]) for body, _ in BAD_BODIES]
)
def test_bad_body(http: httpx.Client, body: bytes, expected: str) -> None:
    """The message says where in the body what is wrong, and no job is started."""
    response = http.post(RUN, content=body, headers=JSON)
    assert 400 == response.status_code
    assert expected in (message(response) or "")
    assert [] == http.get("/api/jobs/jobs").json()["jobs"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "expected"),
    [
        ("GET", "/api/unknown", {}, 404, None),
        ("GET", "/api/jobs/jobs/", {}, 404, None),
        ("PUT", "/api/jobs/jobs/1", {}, 405, "Request method 'PUT' is not supported."),
        ("GET", RUN, {}, 405, "Request method 'GET' is not supported."),
        (
            "GET",
            "/api/jobs/jobs",
            {"Accept": "text/csv"},
            406,
            "Only 'application/json' can be had, not 'text/csv'.",
        ),
        (
            "POST",
            RUN,
            {"Content-Type": "text/plain"},
            415,
            "Content-Type 'text/plain' is not supported; send 'application/json'.",
        ),
    ],
)
def test_request_that_the_framework_refuses(
    http: httpx.Client,
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
    expected: str | None,
) -> None:
    """Wrong path, method and media type have a status and an error body of their own."""
    response = http.request(method, path, headers=headers, content=b"{}")
    assert (status, expected) == (response.status_code, message(response))


@pytest.mark.parametrize("path", ["/api/ishealthy", "/api/jobs/jobs", f"{ORDERS}/status", "/other"])
@pytest.mark.parametrize("login", [False, True])
def test_wrong_key_is_401_with_an_empty_body(connect: Connect, path: str, login: bool) -> None:
    """A key that is given must be right, also where none is needed."""
    response = connect(DqopsServer(require_login=login)).get(path, headers=WRONG)
    assert (401, b"", "chunked", None) == (
        response.status_code,
        response.content,
        response.headers["transfer-encoding"],
        response.headers.get("content-type"),
    )


@pytest.mark.parametrize(
    ("login", "headers", "path", "expected"),
    [
        (False, {}, "/api/jobs/jobs", 200),
        (False, RIGHT, "/api/jobs/jobs", 200),
        (True, RIGHT, "/api/jobs/jobs", 200),
        (True, {}, "/api/jobs/jobs", 401),
        (True, {}, "/api/unknown", 401),
        (True, {}, "/api/ishealthy", 200),
        (True, {"Authorization": "Basic eDp5"}, "/api/jobs/jobs", 401),
        (True, {"Authorization": "Bearer"}, "/api/ishealthy", 401),
        (True, {"Authorization": f"bearer {DEFAULT_API_KEY}"}, "/api/jobs/jobs", 200),
    ],
)
def test_login(
    connect: Connect, login: bool, headers: dict[str, str], path: str, expected: int
) -> None:
    """A key is needed only where login is required, and never for the health check."""
    http = connect(DqopsServer(require_login=login))
    assert expected == http.get(path, headers=headers).status_code


def test_login_can_be_required_at_run_time(server: DqopsServer, http: httpx.Client) -> None:
    """Settings count from the next request on."""
    before = http.get("/api/jobs/jobs").status_code
    server.settings.require_login = True
    assert [200, 401] == [before, http.get("/api/jobs/jobs").status_code]


def test_own_api_key(connect: Connect) -> None:
    """The key can be chosen; the default one is wrong then."""
    http = connect(DqopsServer(api_key="other"))
    own = http.get("/api/ishealthy", headers={"Authorization": "Bearer other"})
    assert [200, 401] == [own.status_code, http.get("/api/ishealthy", headers=RIGHT).status_code]


def test_requests_are_recorded_without_the_key(server: DqopsServer, http: httpx.Client) -> None:
    """Operation, parameters, body and status are kept; headers are not."""
    http.post(f"{RUN}?wait=true&waitTimeout=5", json={"dummy_execution": True}, headers=RIGHT)
    http.get("/api/jobs/jobs", headers=WRONG)
    http.get("/nowhere")

    ran, refused, lost = server.requests
    assert ("run_checks", {"wait": True, "waitTimeout": 5}, {"dummy_execution": True}, 201) == (
        ran.operation,
        ran.parameters,
        ran.body,
        ran.status,
    )
    assert [(None, 401), (None, 404)] == [(each.operation, each.status) for each in (refused, lost)]
    assert DEFAULT_API_KEY not in repr(server.requests)
    assert "wrong" not in repr(server.requests)
    assert DEFAULT_API_KEY not in repr(server)


def test_unknown_query_parameter_is_ignored(http: httpx.Client) -> None:
    """As on the real server."""
    assert 200 == http.get("/api/jobs/jobs?page=2").status_code


def test_empty_query_parameter_counts_as_absent(http: httpx.Client) -> None:
    """As on the real server, which reads an empty number or boolean as none."""
    assert "queued" == http.post(f"{RUN}?wait=&waitTimeout=", json={}).json()["status"]


def test_failure_of_the_simulator_is_a_response(
    server: DqopsServer, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect is told in an error body of status 500; the connection goes on."""

    def fail() -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(server.state.queue, "advance", fail)
    response = http.get("/api/jobs/jobs")
    assert (500, "RuntimeError: a defect") == (response.status_code, message(response))
    monkeypatch.undo()
    assert 200 == http.get("/api/jobs/jobs").status_code
