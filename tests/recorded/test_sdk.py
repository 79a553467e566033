"""The SDK sends what was recorded, and reads every recorded response as a whole."""

from __future__ import annotations

import datetime
import importlib
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import attrs
import pytest
from dateutil.parser import isoparse
from dqops.client import Client, errors, models
from dqops.client.types import File
from simulator.support import SPECIFICATION
from support.runtime import call_with

from recorded.exchanges import exchanges
from recorded.responder import Responder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recorded.exchanges import Exchange

# Requests that the SDK refuses now, because the server failed or would lose data; the response is
# read all the same.
REFUSED = {
    "get_all_labels_for_columns 2",
    "get_all_labels_for_connections 1",
    "get_tables 3",
    "import_tables 4",
    "import_tables 5",
    "propose_table_profiling_checks 2",
    "update_sensor 2",
}
TAGS = sorted({SPECIFICATION.operations[each.operation].tag for each in exchanges()})


@pytest.fixture(scope="module")
def responder() -> Iterator[Responder]:
    """A server that responds with the exchange that it is given."""
    running = Responder()
    yield running
    running.close()


@pytest.fixture(scope="module")
def client(responder: Responder) -> Iterator[Client]:
    """A client of it, which returns errors as they came."""
    # One attempt each: a recorded 500 of a read would be asked for again.
    with Client(responder.url, raise_on_unexpected_status=False, retries=None) as opened:
        yield opened


@pytest.mark.parametrize("tag", TAGS)
def test_sdk_sends_and_reads(tag: str, responder: Responder, client: Client) -> None:
    """Each request is the recorded one; each response is read, and written again unchanged."""
    problems = {
        each.key: found
        for each in exchanges()
        if SPECIFICATION.operations[each.operation].tag == tag
        and (found := _problems(each, responder, client))
    }
    assert problems == {}


def _problems(exchange: Exchange, responder: Responder, client: Client) -> list[str]:
    responder.exchange = exchange
    responder.received.clear()
    operation = SPECIFICATION.operations[exchange.operation]
    module = importlib.import_module(f"dqops.client.api.{operation.tag}.{operation.name}")
    positional = [
        getattr(models, enum)(value) if enum else value
        for value, enum in zip(exchange.line["arguments"], exchange.line["enums"], strict=True)
    ]
    keywords = {name: _argument(*each) for name, each in exchange.line["keywords"].items()}
    try:
        response = module.sync_detailed(*positional, client=client, **keywords)
    except errors.InvalidRequest:
        if exchange.key not in REFUSED:
            raise
        response = call_with(client, module._OPERATION, _as_recorded(exchange))
    if len(responder.received) != 1:
        return [f"{len(responder.received)} requests"]
    return [*_request_problems(exchange, responder), *_response_problems(exchange, response)]


def _as_recorded(exchange: Exchange) -> dict[str, Any]:
    """Make the arguments of a request that the SDK does not build."""
    return {
        "method": exchange.method,
        "url": exchange.url.lstrip("/"),
        "content": exchange.request_body,
        "headers": {"Content-Type": "application/json"},
    }


def _argument(kind: str, model: str, value: Any) -> Any:
    """Make an argument of what the data says of it."""
    if kind == "model":
        return getattr(models, model).from_dict(value)
    if kind == "enum":
        return getattr(models, model)(value)
    if kind == "date":
        return datetime.date.fromisoformat(value)
    if kind == "datetime":
        moment = isoparse(value)
        # An offset in a local time is refused unless it is text already: the server drops it.
        return moment if moment.tzinfo is None else value.replace("+00:00", "Z")
    return value


def _request_problems(exchange: Exchange, responder: Responder) -> list[str]:
    received = responder.received[0]
    path, _, query = received.target.partition("?")
    expected_path, _, expected_query = exchange.url.partition("?")
    found = [
        f"{what} {sent!r}, not {expected!r}"
        for what, sent, expected in (
            ("method", received.method, exchange.method),
            ("path", unquote(path), unquote(expected_path)),
            ("query", sorted(parse_qsl(query)), sorted(parse_qsl(expected_query))),
        )
        if sent != expected
    ]
    if _canonical(received.body) != _canonical(exchange.request_body):
        found.append(f"body {received.body[:200]!r}, not {exchange.request_body[:200]!r}")
    return found


def _canonical(body: bytes) -> str:
    """Write a body so that only the order of properties does not matter."""
    try:
        return json.dumps(json.loads(body), sort_keys=True)
    except ValueError:
        return body.decode()


def _response_problems(exchange: Exchange, response: Any) -> list[str]:
    found = []
    if response.status_code != exchange.status:
        found.append(f"status {response.status_code}")
    if isinstance(response.parsed, File):
        content = response.parsed.payload.read()
    else:
        content = response.content
        found += _unknown(response.parsed)
    if content != exchange.body:
        found.append("content is not what was sent")
    if exchange.status < 300 and exchange.json is not None:
        if response.parsed is None:
            found.append("nothing was read")
        elif not _same(exchange.json, _written(response.parsed)):
            found.append("what was read is written otherwise")
    return found


def _unknown(value: Any, place: str = "$") -> list[str]:
    """Find what this version of the SDK does not know in what it has read."""
    if isinstance(value, list):
        return [text for each in value for text in _unknown(each, f"{place}[]")]
    if isinstance(value, Mapping):
        return [text for key, each in value.items() for text in _unknown(each, f"{place}.{key}")]
    if not getattr(value, "is_known", True):
        return [f"{place} has the unknown value {value!r}"]
    if not attrs.has(type(value)):
        return []
    found = [f"{place} has the unknown property {key!r}" for key in value.additional_properties]
    for each in attrs.fields(type(value)):
        if each.name != "additional_properties":
            found += _unknown(getattr(value, each.name), f"{place}.{each.name}")
    return found


def _written(value: Any) -> Any:
    if isinstance(value, list):
        return [_written(each) for each in value]
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def _same(sent: Any, written: Any) -> bool:
    """Compare JSON values; times may be written otherwise."""
    if isinstance(sent, dict) and isinstance(written, dict):
        return sent.keys() == written.keys() and all(_same(sent[k], written[k]) for k in sent)
    if isinstance(sent, list) and isinstance(written, list):
        return len(sent) == len(written) and all(map(_same, sent, written))
    if sent == written:
        return isinstance(sent, bool) == isinstance(written, bool)
    return _is_same_time(sent, written)


def _is_same_time(sent: Any, written: Any) -> bool:
    if not (isinstance(sent, str) and isinstance(written, str)):
        return False
    if sent.startswith("PT"):
        return _seconds(sent) == _seconds(written)
    try:
        # Python keeps six digits of a second.
        return isoparse(sent) == isoparse(written)
    except ValueError:
        return False


def _seconds(duration: str) -> float:
    factors = {"H": 3600, "M": 60, "S": 1}
    parts = re.findall(r"([\d.]+)([HMS])", duration)
    return sum(float(number) * factors[unit] for number, unit in parts)
