"""A gateway that does not let every question through: what is bad stays bad.

DQOps says "no such table" and "no such column" with an empty 404, and so do gateways of paths that
they do not know. Each case has another table beside it that is good.
"""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from dqops.client import Client
from dqops.client.errors import DecodeError
from support.raw_server import RawServer

from jobs.shop import CARTS, ROWS, Shop, outcome_of
from jobs.test_gate_recorded import bad_column, bad_rows

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from jobs.support import Calling

ALL = {"full_table_name": "sales.*"}
ANSWERS = {
    "404": (404, b""),
    "404 of a list": (404, b"[]"),
    "204": (204, b""),
    "200 without a body": (200, b""),
    "null": (200, b"null"),
}
PLACES: dict[str, tuple[Callable[[Shop], Shop], str]] = {
    "model of a table's check": (bad_rows, "/model/"),
    "model of a column's check": (bad_column, "/model/"),
    "columns": (bad_column, "/columns$"),
}


class Gateway:
    """Lets requests through but for those whose path has something in it.

    Args:
        shop: What is behind it.
    """

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.stopped = ""
        self.answer: tuple[int, bytes] = (404, b"")
        self.change: Callable[[bytes], bytes] = bytes
        self._server = RawServer()
        self._server.respond = self._respond
        shop.client.close()
        shop.client = Client(self._server.url)

    def _respond(self, connection: socket.socket, request: bytes) -> bytes:
        del connection
        head, _, body = request.partition(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n")[0].decode().split()
        path = urlsplit(target).path
        status, content = self.answer
        if not self.stopped or self.stopped not in f"{path}$":
            status, content = self._forward(method, target, body)
        length = b"" if status == 204 else b"Content-Length: %d\r\n" % len(content)
        return (
            b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\n%b\r\n" % (status, length)
            + content
        )

    def _forward(self, method: str, target: str, body: bytes) -> tuple[int, bytes]:
        connection = HTTPConnection(urlsplit(self.shop.server.url).netloc)
        try:
            connection.request(method, target, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, self.change(response.read())
        finally:
            connection.close()

    @property
    def requests(self) -> list[bytes]:
        """What it was asked."""
        return self._server.requests

    def close(self) -> None:
        """End both."""
        self.shop.close()
        self._server.close()


@pytest.fixture
def gateway(calling: Calling) -> Iterator[Gateway]:
    """A shop behind a gateway."""
    gateway = Gateway(Shop(calling))
    yield gateway
    gateway.close()


@pytest.mark.parametrize("name", ["gate", "judge"])
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize(("steps", "stopped"), PLACES.values(), ids=PLACES)
def test_bad_results_count(
    gateway: Gateway,
    steps: Callable[[Shop], Shop],
    stopped: str,
    answer: tuple[int, bytes],
    name: str,
) -> None:
    """A check that is there stays bad, whatever is said in place of its model or its column."""
    shop = gateway.shop
    steps(shop).run(full_table_name="sales.*")
    expected: dict[str, Any] = outcome_of(shop.gate(name, ALL))
    assert expected["failures"]
    gateway.stopped, gateway.answer = stopped, answer
    verdict = shop.gate(name, ALL)
    assert not verdict.passed
    assert (expected["failures"], []) == (
        outcome_of(verdict)["failures"],
        outcome_of(verdict)["inactive"],
    )


PAGE = b"<html><head><title>Log in</title></head></html>"


@pytest.mark.parametrize("path", ["/api/search/tables$", "/status$"])
@pytest.mark.parametrize("name", ["judge", "failures"])
def test_login_page(gateway: Gateway, name: str, path: str) -> None:
    """A page that responds in the server's place will do so again: it is told soon."""
    bad_rows(gateway.shop)
    gateway.stopped, gateway.answer = path, (200, PAGE)
    before = len(gateway.requests)
    with pytest.raises(DecodeError, match="Log in"):
        gateway.shop.gate(name, {"full_table_name": "sales.orders"})
    assert len(gateway.requests) - before < 10


@pytest.mark.parametrize("listed", [b"[{}]", b'[{"connection_name":"shop"}]'])
@pytest.mark.parametrize("name", ["judge", "failures"])
def test_tables_without_names(gateway: Gateway, name: str, listed: bytes) -> None:
    """A list of something else is no mistake of the caller."""
    gateway.stopped, gateway.answer = "/api/search/tables$", (200, listed)
    with pytest.raises(DecodeError, match=r"find_tables: .* at \[0\]: a table without the names"):
        gateway.shop.gate(name)


def test_tables_that_the_list_leaves_out(gateway: Gateway) -> None:
    """A table whose checks the run has executed is judged, also if it is not listed."""
    shop = bad_rows(gateway.shop).put(ROWS, f"{CARTS}/monitoring/daily")

    def change(content: bytes) -> bytes:
        if not content.startswith(b"[{"):
            return content
        listed = json.loads(content)
        kept = [each for each in listed if "orders" != each.get("target", {}).get("table_name")]
        return json.dumps(kept).encode()

    gateway.change = change
    verdict = shop.gate(filters=ALL)
    assert ["daily_row_count error"] == outcome_of(verdict)["failures"]
    assert {"orders", "carts"} == {each.table for each in verdict.tables}


def test_check_of_an_unknown_type(gateway: Gateway) -> None:
    """What a newer server calls a check's type hides no bad result; where one is named, it does."""
    shop = bad_rows(gateway.shop).put(ROWS, f"{CARTS}/monitoring/daily").run()
    gateway.change = lambda content: content.replace(
        b'"check_type":"monitoring"', b'"check_type":"streaming"'
    ).replace(b'"check_type": "monitoring"', b'"check_type": "streaming"')
    assert ["daily_row_count error"] == outcome_of(shop.gate("judge", ALL))["failures"]
    named = shop.gate("judge", {**ALL, "check_type": "monitoring"})
    assert ([], ["not_evaluated"]) == (
        outcome_of(named)["failures"],
        outcome_of(named)["problems"],
    )
