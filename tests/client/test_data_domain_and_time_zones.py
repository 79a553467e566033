"""Two responses that are unlike any other: a redirection with cookies, and names run together."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest
from dqops.client import Client
from dqops.client.api.data_domains import switch_to_data_domain
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.timezones import get_available_zone_ids
from dqops.client.errors import DecodeError, NotFound
from support.runtime import zone_ids
from werkzeug import Response

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer


def serve_domains(httpserver: HTTPServer) -> None:
    """Respond to a switch of the domain as DQOps does, and to anything else with health."""

    def switch(request: object) -> Response:
        name = str(getattr(request, "path", "")).split("/")[-2]
        response = Response(status=303, headers={"Location": "/"})
        response.set_cookie("DQODataDomain", name, path="/")
        return response

    for name in ("sales", "hr"):
        path = switch_to_data_domain._OPERATION.path.replace("{dataDomainName}", name)
        httpserver.expect_request(path).respond_with_handler(switch)
    httpserver.expect_request("/api/ishealthy").respond_with_data("OK")
    httpserver.expect_request("/").respond_with_data("the home page")


def domains_sent(httpserver: HTTPServer) -> list[str | None]:
    """List the cookie of each health check."""
    return [
        request.headers.get("Cookie")
        for request, _ in httpserver.log
        if request.path == "/api/ishealthy"
    ]


@pytest.mark.parametrize("follow_redirects", [False, True])
def test_client_uses_the_domain_from_then_on(
    httpserver: HTTPServer, follow_redirects: bool
) -> None:
    """The 303 is the success; both sides of the client, and its copies, then send the cookie."""
    serve_domains(httpserver)
    with Client(
        httpserver.url_for("/"),
        raise_on_unexpected_status=True,
        follow_redirects=follow_redirects,
    ) as client:
        before = is_healthy.sync(client=client)
        response = switch_to_data_domain.sync_detailed("sales", client=client)
        is_healthy.sync(client=client)
        switch_to_data_domain.sync("hr", client=client)
        is_healthy.sync(client=client)
        with client.with_timeout(5) as copied:
            is_healthy.sync(client=copied)

        async def asynchronous() -> None:
            async with client:
                await is_healthy.asyncio(client=client)
                await switch_to_data_domain.asyncio("sales", client=client)
                await is_healthy.asyncio(client=client)

        asyncio.run(asynchronous())
        is_healthy.sync(client=client)
    assert ("OK", 303, None) == (before, response.status_code, response.parsed)
    sales, hr = "DQODataDomain=sales", "DQODataDomain=hr"
    assert [None, sales, hr, hr, hr, sales, sales] == domains_sent(httpserver)


def test_refused_domain_changes_nothing(httpserver: HTTPServer) -> None:
    """A domain that is not there leaves the client where it was."""
    serve_domains(httpserver)
    with Client(httpserver.url_for("/"), raise_on_unexpected_status=True) as client:
        path = switch_to_data_domain._OPERATION.path.replace("{dataDomainName}", "none")
        httpserver.expect_request(path).respond_with_data(status=404)
        with pytest.raises(NotFound):
            switch_to_data_domain.sync("none", client=client)
        is_healthy.sync(client=client)
    assert [None] == domains_sent(httpserver)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Asia/AdenAmerica/CuiabaEtc/GMT+9Etc/GMT+8", None),
        ('["Asia/Aden", "America/Cuiaba", "Etc/GMT+9", "Etc/GMT+8"]', None),
        ("Asia/Aden, America/Cuiaba\nEtc/GMT+9 Etc/GMT+8", None),
        (
            "Mars/OlympusEurope/RomeMars/SyrtisMars/Hellas",
            "Mars/Olympus Europe/Rome Mars/Syrtis Mars/Hellas",
        ),
        ("[]", ""),
    ],
    ids=["run together", "list", "separated", "unknown names", "nothing"],
)
def test_time_zones_come_apart(body: str, expected: str | None, httpserver: HTTPServer) -> None:
    """The names are a list, however the server writes them."""
    httpserver.expect_request(get_available_zone_ids._OPERATION.path).respond_with_data(
        body, content_type="application/json"
    )
    names = "Asia/Aden America/Cuiaba Etc/GMT+9 Etc/GMT+8" if expected is None else expected
    with Client(httpserver.url_for("/")) as client:
        assert names.split() == get_available_zone_ids.sync(client=client)


def test_every_order_of_all_time_zones_comes_apart(httpserver: HTTPServer) -> None:
    """No name swallows the beginning of the next one."""
    names = sorted(zone_ids())
    shuffled = random.Random(20261121)
    bodies = []
    for _ in range(5):
        shuffled.shuffle(names)
        bodies.append(list(names))
        httpserver.expect_ordered_request(get_available_zone_ids._OPERATION.path).respond_with_data(
            "".join(names), content_type="application/json"
        )
    assert len(names) > 500
    with Client(httpserver.url_for("/")) as client:
        assert bodies == [get_available_zone_ids.sync(client=client) for _ in range(5)]


@pytest.mark.parametrize(
    "cookies",
    [
        ("D=a; Path=/", "D=b; Path=/api"),
        ("D", "E=; Max-Age=0; Path=/"),
        ("D(1)=x; Path=/",),
        ("D=\u00e9; Path=/",),
    ],
)
def test_odd_cookies_do_not_spoil_the_client(
    cookies: tuple[str, ...], httpserver: HTTPServer
) -> None:
    """Whatever the server sets, the switch has happened, and later calls go on."""

    def switch(_: object) -> Response:
        response = Response(status=303)
        for cookie in cookies:
            response.headers.add("Set-Cookie", cookie.encode().decode("latin-1"))
        return response

    serve_domains(httpserver)
    httpserver.expect_request("/api/domains/odd/switch").respond_with_handler(switch)
    with Client(httpserver.url_for("/"), raise_on_unexpected_status=True) as client:
        switch_to_data_domain.sync("odd", client=client)
        assert "OK" == is_healthy.sync(client=client)
        switch_to_data_domain.sync("hr", client=client)
        is_healthy.sync(client=client)
    last = domains_sent(httpserver)[-1] or ""
    assert 1 == last.count("DQODataDomain=")
    assert "DQODataDomain=hr" in last


@pytest.mark.parametrize("body", ["[1, 2]", '["a"', "<html>a proxy</html>", "{}", '"UTC"'])
def test_what_is_no_list_of_names_is_an_error(body: str, httpserver: HTTPServer) -> None:
    """Broken JSON, a list of something else and a page are not taken for names."""
    httpserver.expect_request(get_available_zone_ids._OPERATION.path).respond_with_data(
        body, content_type="application/json"
    )
    with Client(httpserver.url_for("/")) as client, pytest.raises(DecodeError) as caught:
        get_available_zone_ids.sync(client=client)
    assert "get_available_zone_ids" == caught.value.operation
