"""What a client sees of a response besides its body, as recorded from the real server."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest
from dqops.testing import DqopsServer

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    Connect = Callable[[DqopsServer], httpx.Client]

JSON = "application/json"
TEXT = "application/json;charset=UTF-8"
WAREHOUSE = "/api/connections/warehouse"
ORDERS = f"{WAREHOUSE}/schemas/public/tables/orders"
MISSING = f"{WAREHOUSE}/schemas/public/tables/missing"
WRONG = {"Authorization": "Bearer wrong"}
ALL = [
    ("cache-control", "no-cache, no-store, max-age=0, must-revalidate"),
    ("pragma", "no-cache"),
    ("expires", "0"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("x-xss-protection", "0"),
    ("referrer-policy", "no-referrer"),
]
VARY = ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"]

# method, URL, headers, body, then: status, Content-Type, Content-Length (None: chunked or none)
RESPONSES: list[tuple[str, str, Any, Any, int, str | None, str | None]] = [
    ("GET", "/api/ishealthy", {}, None, 200, TEXT, "2"),
    ("GET", "/api/timezones", {}, None, 200, TEXT, "chunked"),
    ("GET", "/api/connections", {}, None, 200, JSON, "chunked"),
    ("GET", "/api/users", {}, None, 200, JSON, "chunked"),
    ("GET", "/api/connections/missing", {}, None, 404, JSON, "0"),
    ("GET", f"{MISSING}/profiling/results", {}, None, 404, JSON, "chunked"),
    ("GET", f"{WAREHOUSE}/labels", {}, None, 200, JSON, "0"),
    ("GET", "/api/labels/tables?page=-1&limit=2", {}, None, 406, JSON, "chunked"),
    ("GET", "/api/jobs/jobs/9", {}, None, 404, JSON, "0"),
    ("DELETE", "/api/connections/missing", {}, None, 404, JSON, "0"),
    ("DELETE", "/api/dictionaries/missing", {}, None, 404, None, "0"),
    ("GET", "/api/dictionaries/missing/download", {}, None, 404, "text/csv", "0"),
    ("GET", "/api/credentials/missing/download", {}, None, 404, "application/octet-stream", "0"),
    ("GET", f"{MISSING}/profiling/errorsamples/download", {}, None, 404, TEXT, "chunked"),
    ("GET", "/api/environment/logs/download", {}, None, 200, "application/zip", "chunked"),
    ("GET", "/api/users/missing", {}, None, 404, None, "0"),
    ("GET", "/api/connections", WRONG, None, 401, None, "chunked"),
    ("GET", "/api/nosuch", {}, None, 404, JSON, "given"),
    ("PATCH", "/api/connections", {}, None, 405, JSON, "given"),
    ("POST", "/api/jobs/runchecks", {}, b"", 415, JSON, "given"),
    ("POST", "/api/jobs/runchecks", {"Content-Type": JSON}, b"", 400, JSON, "given"),
    ("GET", "/api/connections", {"Accept": "text/csv"}, None, 406, JSON, "given"),
    (
        "GET",
        "/api/connections",
        {"Accept": "text/html"},
        None,
        406,
        "text/html;charset=UTF-8",
        "given",
    ),
    ("POST", WAREHOUSE, {"Content-Type": JSON}, b'{"provider_type": "duckdb"}', 409, None, "0"),
    ("PUT", f"{ORDERS}/labels", {"Content-Type": JSON}, b"[]", 204, None, None),
    ("OPTIONS", "/api/connections", {}, None, 200, None, "0"),
]


@pytest.mark.parametrize(
    ("method", "url", "headers", "content", "status", "content_type", "length"),
    RESPONSES,
    ids=[f"{each[0]} {each[1]} {each[4]}" for each in RESPONSES],
)
def test_type_and_length(
    http: httpx.Client,
    method: str,
    url: str,
    headers: dict[str, str],
    content: bytes | None,
    status: int,
    content_type: str | None,
    length: str | None,
) -> None:
    """Lists have no length, and nothing can have a type."""
    response = http.request(
        method, url, headers={"Accept-Encoding": "identity", **headers}, content=content
    )
    assert (status, content_type) == (response.status_code, response.headers.get("content-type"))
    sent = response.headers.get("content-length", response.headers.get("transfer-encoding"))
    assert length == ("given" if length == "given" and sent not in ("0", "chunked") else sent)


def test_headers_of_every_response(http: httpx.Client) -> None:
    """Nothing is cached, nothing is framed; the three `Vary` come in lines of their own."""
    for url in ("/api/ishealthy", "/api/connections", "/api/connections/missing", "/api/nosuch"):
        response = http.get(url)
        assert ALL == [(name, response.headers[name]) for name, _ in ALL]
        assert VARY == response.headers.get_list("vary")
    refused = http.get("/api/connections", headers=WRONG)
    assert ALL == [(name, refused.headers[name]) for name, _ in ALL]
    assert [] == refused.headers.get_list("vary")


def test_error_without_a_message(http: httpx.Client) -> None:
    """Of a path that there is not, the server has nothing to say; null is what it sends."""
    error = http.get("/api/nosuch").json()
    assert list(error) == ["timestamp", "path", "status", "error", "message", "requestId", "trace"]
    assert ("/api/nosuch", 404, "Not Found", None) == tuple(error.values())[1:5]


def test_requests_have_ids_of_their_own(http: httpx.Client) -> None:
    """A hexadecimal part and the number of the request."""
    ids = [http.get("/api/nosuch").json()["requestId"] for _ in range(3)]
    assert [True] * 3 == [len(each.partition("-")[0]) == 8 for each in ids]
    assert ["1", "2", "3"] == [each.partition("-")[2] for each in ids]


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/api/connections", "GET,HEAD,OPTIONS"),
        ("/api/jobs/runchecks", "POST,OPTIONS"),
        (WAREHOUSE, "DELETE,GET,POST,PUT,HEAD,OPTIONS"),
    ],
)
def test_options(http: httpx.Client, path: str, methods: str) -> None:
    """It tells the methods, and serves browsers that ask first."""
    response = http.options(path)
    assert (200, methods, "") == (
        response.status_code,
        response.headers["allow"],
        response.headers["accept-patch"],
    )
    asked = {"Origin": "http://app.example.com", "Access-Control-Request-Method": "GET"}
    allowed = http.options(path, headers=asked).headers
    assert ("*", "GET") == (
        allowed["access-control-allow-origin"],
        allowed["access-control-allow-methods"],
    )


def test_lists_are_compressed_however_short(http: httpx.Client) -> None:
    """Where the length is not known, it cannot be too short."""
    headers = {"Accept-Encoding": "gzip"}
    responses = [http.get(url, headers=headers) for url in ("/api/users", "/api/connections/x")]
    assert ["gzip", None] == [each.headers.get("content-encoding") for each in responses]
    assert [] == responses[0].json()


def test_old_clients_get_lists_until_the_end(server: DqopsServer) -> None:
    """HTTP/1.0 has no chunks: the end of the connection is that of the list."""
    host, _, port = server.url.strip("/").rpartition("/")[2].partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(b"GET /api/users HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        received = b"".join(iter(lambda: raw.recv(4096), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"[]" == body
    assert b"chunked" not in head


@pytest.mark.parametrize(
    ("license", "statuses"),
    [
        ("FREE", [403, 403, 400, 500]),
        ("PERSONAL", [403, 204, 400, 200]),
        ("TEAM", [201, 204, 400, 200]),
        ("ENTERPRISE", [201, 204, 200, 200]),
    ],
)
def test_license(connect: Connect, license: Any, statuses: list[int]) -> None:  # noqa: A002
    """A server without a cloud key changes neither users, passwords nor data domains."""
    server = DqopsServer(license=license)
    http = connect(server)
    login = {"Authorization": f"Bearer {server.api_key}"}
    user = {"email": "anna@example.com", "accountRole": "viewer"}
    text = {"Content-Type": "text/plain"}
    responses = [
        http.post("/api/users", json=user),
        http.put("/api/mypassword", content=b"secret", headers=text),
        http.post("/api/domains/sales"),
        http.get("/api/environment/issueapikey", headers=login),
    ]
    assert statuses == [each.status_code for each in responses]
    profile = http.get("/api/environment/profile").json()
    assert (license, statuses[2] == 200) == (
        profile["license_type"],
        profile["can_use_data_domains"],
    )
    assert ("Standalone" == profile["tenant"]) == (license == "FREE")


@pytest.mark.parametrize("part", ["table", "column"])
def test_table_with_statistics_breaks_what_reads_it(http: httpx.Client, part: str) -> None:
    """It is taken, and from then on nothing reads it, until it is replaced."""
    statistics = {"volume": {"row_count": {"disabled": True}}}
    table: dict[str, Any] = {"columns": {"id": {}}}
    if part == "table":
        table["statistics"] = statistics
    else:
        table["columns"]["id"]["statistics"] = {"nulls": {}}
    reads = [
        ORDERS,
        f"{ORDERS}/columns/id/labels",
        f"{ORDERS}/status",
        f"{WAREHOUSE}/schemas/public/tables",
        "/api/search/tables",
        "/api/search/columns?connection=ware*",
    ]
    unharmed = [
        WAREHOUSE,
        f"{WAREHOUSE}/schemas",
        f"{WAREHOUSE}/schemas/public/tables/customers",
        f"{ORDERS}/statistics",
        "/api/search/tables?connection=other",
    ]
    assert 204 == http.put(ORDERS, json=table).status_code
    assert [500] * 6 == [http.get(url).status_code for url in reads]
    assert [200] * 5 == [http.get(url).status_code for url in unharmed]
    assert [500, 500] == [
        http.put(f"{ORDERS}/labels", json=["a"]).status_code,
        http.delete(WAREHOUSE).status_code,
    ]
    assert 204 == http.put(ORDERS, json={"columns": {"id": {}}}).status_code
    assert [200] * 6 == [http.get(url).status_code for url in reads]
