"""What tests reach inside of the packages, in one place.

Tests import nothing private from elsewhere, so that a name that moves is changed here alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops._runtime.call import calls
from dqops._runtime.client import environment
from dqops._runtime.client.environment import KeyFile
from dqops._runtime.codec import documents, json_io, warned
from dqops._runtime.codec import model as model_module
from dqops._runtime.codec.converters import decoder, encoder
from dqops._runtime.codec.decoding import LOCAL_DATE_TIMES
from dqops._runtime.codec.decoding_times import parse_date_time
from dqops._runtime.codec.documents import parse_json
from dqops._runtime.codec.documents import write_document as json_content
from dqops._runtime.codec.maps import MapModel
from dqops._runtime.codec.model import Model
from dqops._runtime.declare import conversion
from dqops._runtime.declare.bodies import HtmlBody, JoinedTextBody, JsonBody, NoBody, TextBody
from dqops._runtime.declare.conversion import (
    ANY,
    BOOLEAN,
    DATE,
    DURATION,
    INSTANT,
    INTEGER,
    LOCAL_DATE_TIME,
    NUMBER,
    STRING,
    UUID_STRING,
    Converter,
    EnumOf,
    ListOf,
    ModelOf,
    Nullable,
    OneOf,
    Property,
)
from dqops._runtime.declare.enums import OpenIntEnum, OpenStrEnum
from dqops._runtime.declare.messages import Arguments, Request
from dqops._runtime.declare.operation import Operation
from dqops._runtime.declare.response import http_status
from dqops._runtime.deprecation import deprecated
from dqops._runtime.exchange import server_versions
from dqops._runtime.exchange.bodies import Received, read_body
from dqops._runtime.exchange.content_headers import file_name_of, media_type_of
from dqops._runtime.exchange.joined_text import _zone_ids as zone_ids
from dqops._runtime.exchange.lines import EventParser, LineParser, RawEvent
from dqops._runtime.exchange.messages import build_request, read_response
from dqops._runtime.exchange.path import fill_path, query_pairs
from dqops._runtime.settings import checks, retries
from dqops._runtime.settings.config import Config
from dqops._runtime.settings.headers import Secret
from dqops._runtime.settings.redaction import Redactor
from dqops._runtime.settings.retries import Retries, retry_after
from dqops._runtime.settings.shown import shown_url
from dqops._runtime.transport import bounded, clients, hooks, sending
from dqops._runtime.transport.auth import TokenAuth
from dqops._runtime.transport.deadline import TimeLeft
from dqops._runtime.transport.hooks import bounding
from dqops._runtime.transport.http_settings import library, library_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from dqops._runtime.declare.bodies import Body
    from dqops._runtime.settings.checks import Transport as Transport
    from dqops.client import AuthenticatedClient, Client
    from dqops.client.types import Response

__all__ = [
    "ANY",
    "BOOLEAN",
    "DATE",
    "DURATION",
    "INSTANT",
    "INTEGER",
    "LOCAL_DATE_TIME",
    "LOCAL_DATE_TIMES",
    "NUMBER",
    "STRING",
    "UUID_STRING",
    "Arguments",
    "Config",
    "Converter",
    "EnumOf",
    "EventParser",
    "HtmlBody",
    "JoinedTextBody",
    "JsonBody",
    "KeyFile",
    "LineParser",
    "ListOf",
    "MapModel",
    "Model",
    "ModelOf",
    "NoBody",
    "Nullable",
    "OneOf",
    "OpenIntEnum",
    "OpenStrEnum",
    "Operation",
    "Property",
    "RawEvent",
    "Received",
    "Redactor",
    "Retries",
    "Secret",
    "TextBody",
    "TimeLeft",
    "TokenAuth",
    "bounded",
    "bounding",
    "call_with",
    "calls",
    "checks",
    "clients",
    "conversion",
    "decoder",
    "deprecated",
    "documents",
    "encoder",
    "environment",
    "file_name_of",
    "fill_path",
    "hooks",
    "http_status",
    "import_aiohttp_transport",
    "json_content",
    "json_io",
    "library",
    "library_of",
    "media_type_of",
    "model_module",
    "parse_date_time",
    "parse_json",
    "query_pairs",
    "read",
    "retries",
    "retry_after",
    "send_once",
    "send_once_async",
    "server_versions",
    "shown_url",
    "warned",
    "zone_ids",
]


def import_aiohttp_transport() -> ModuleType:
    """Import what sends with aiohttp; where aiohttp is not installed, skip the tests."""
    module: ModuleType = pytest.importorskip("dqops._runtime.transport.aiohttp_transport")
    return module


def send_once(
    client: AuthenticatedClient | Client,
    arguments: Mapping[str, Any],
    *,
    operation: str,
    end: float | None = None,
) -> httpx.Response:
    """Send a request once, as a call does."""
    received = sending.send(
        client._sync_pool,
        client._create_httpx_client,
        client._config,
        _request(arguments),
        operation=operation,
        end=end,
    )
    return received._response


async def send_once_async(
    client: AuthenticatedClient | Client,
    arguments: Mapping[str, Any],
    *,
    operation: str,
    end: float | None = None,
) -> httpx.Response:
    """Send a request once, as a call does that does not block the event loop."""
    received = await sending.send_async(
        client._async_pool,
        client._create_async_httpx_client,
        client._config,
        _request(arguments),
        operation=operation,
        end=end,
    )
    return received._response


def call_with(
    client: AuthenticatedClient | Client, operation: Operation, arguments: Mapping[str, Any]
) -> Response[Any]:
    """Call an operation with a request that it would not build itself."""
    received = sending.send(
        client._sync_pool,
        client._create_httpx_client,
        client._config,
        _request(arguments),
        operation=operation.name,
    )
    return read_response(operation, client._config, received)[0]


def _request(arguments: Mapping[str, Any]) -> Request:
    kinds = {"data", "files", "json"}
    named = {name: arguments[name] for name in arguments if name not in {"method", "url", *kinds}}
    body = {name: arguments[name] for name in kinds & arguments.keys()}
    if body:
        written = httpx.Request("POST", "http://h", **body)
        named["content"] = written.read()
        content_type = {"Content-Type": written.headers["Content-Type"]}
        named["headers"] = {**content_type, **named.get("headers", {})}
    return Request(arguments["method"], arguments["url"], **named)


def request(operation: Operation, **arguments: Any) -> dict[str, Any]:
    """Build the request of an operation, and list what is set of it."""
    built = build_request(operation, Arguments(operation, **arguments))
    parts = {name: getattr(built, name) for name in Request.__slots__}
    return {name: value for name, value in parts.items() if value is not None}


def read(body: Body, received: Received, models: str) -> Any:
    """Read a body."""
    return read_body(body, received, models)
