"""Bodies with one item after the other are read item by item, each as its class."""

from __future__ import annotations

import asyncio
import inspect
import re
import sys
from contextlib import suppress
from importlib import import_module
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

import pytest
from clientsmith.writing.regenerate import regenerate
from support.runtime import EventParser, LineParser, RawEvent
from werkzeug import Request, Response

from .test_adopted import write_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_httpserver import HTTPServer

TARGET = """\
library:
  root: library/openapi.yaml
  bundle: library.bundle.yaml
  manifest: library.manifest.json
  package: flowing
  import_name: flowing
  runtime: vendored
  folders: api models groups
  generator_config: generator-config.yml
  adopted: true
"""
DOCUMENT = """\
openapi: 3.2.0
info: {title: Flowing, version: "1"}
paths:
  /lines:
    get:
      operationId: lines
      responses:
        "200":
          description: Notes.
          content: {application/x-ndjson: {schema: {$ref: "#/components/schemas/Note"}}}
  /events:
    get:
      operationId: events
      responses:
        "200":
          description: Notes.
          content:
            text/event-stream:
              itemSchema:
                type: object
                required: [data]
                properties:
                  event: {type: string}
                  data:
                    type: string
                    contentMediaType: application/json
                    contentSchema: {$ref: "#/components/schemas/Note"}
  /words:
    get:
      operationId: words
      responses:
        "200":
          description: Words.
          content: {text/event-stream: {schema: {type: string}}}
  /either:
    get:
      operationId: either
      responses:
        "200":
          description: All notes at once, or one after the other.
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Note"}}
            application/jsonl: {itemSchema: {$ref: "#/components/schemas/Note"}}
components:
  schemas:
    Note:
      oneOf: [{$ref: "#/components/schemas/Text"}, {$ref: "#/components/schemas/Sum"}]
    Text:
      type: object
      required: [kind]
      properties: {kind: {const: text}, text: {type: string}}
    Sum:
      type: object
      required: [kind]
      properties: {kind: {const: sum}, sum: {type: integer}}
"""
TRANSPORTS = ["httpx", "httpx2", "aiohttp"]
LINES = [b'{"kind": "text", "text": "a\xe2\x80\xa8b"}\n', b'\r\n{"kind": ', b'"sum", "sum": 3}']
EVENTS = [
    b"\xef\xbb\xbf: a comment\n\n",
    b'id: 1\nevent: note\ndata: {"kind": "text",\ndata:  "text": "a"}\n\n',
    b"retry: 1500\r\ndata: [DONE]\r",
    b"\n\r\ndata: dropped, as it has no end\n",
]


@pytest.fixture(scope="module")
def flowing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Generate the package and import it."""
    folder = tmp_path_factory.mktemp("flowing").resolve()
    regenerate([write_target(folder, DOCUMENT, TARGET)], report=lambda _: None)
    sys.path.insert(0, str(folder))
    yield import_module("flowing")
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "flowing"]:
        del sys.modules[name]


@pytest.fixture
def serving(httpserver: HTTPServer) -> Callable[..., list[Request]]:
    """Give a function that makes the server send pieces, and that returns the requests."""

    def serve(pieces: Iterable[bytes], content_type: str, status: int = 200) -> list[Request]:
        seen: list[Request] = []

        def handle(request: Request) -> Response:
            seen.append(request)
            return Response(pieces, status, content_type=content_type)

        httpserver.expect_request(re.compile("/.*")).respond_with_handler(handle)
        return seen

    return serve


def operation(name: str) -> Any:
    """Import an operation of the generated package."""
    return import_module(f"flowing.api.default.{name}")


def groups_of(client: Any, *, is_async: bool) -> Any:
    """Make an object of a client that has every operation as a method."""
    modes = import_module("flowing._runtime.client.grouped")

    class Flowing(import_module("flowing.groups").Groups):  # type: ignore[misc]
        _mode = modes.Asynchronous if is_async else modes.Blocking

        def _caller(self) -> Any:
            return client

    return Flowing()


def read(flowing: Any, url: str, name: str, transport: str, *, is_async: bool) -> list[Any]:
    """Read all items."""
    client = flowing.Client(url, transport=transport)

    async def read_async() -> list[Any]:
        async with client, operation(name).asyncio_stream(client=client) as items:
            return [each async for each in items]

    if is_async:
        return asyncio.run(read_async())
    with client, operation(name).stream(client=client) as items:
        return list(items)


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_lines_are_read_as_their_classes(
    flowing: Any,
    httpserver: HTTPServer,
    serving: Callable[..., list[Request]],
    transport: str,
    is_async: bool,
) -> None:
    """A line may come in pieces, and hold what other formats take for the end of a line."""
    serving(LINES, "application/x-ndjson")
    models = import_module("flowing.models")
    actual = read(flowing, httpserver.url_for("/"), "lines", transport, is_async=is_async)

    assert [models.Text(kind="text", text="a\u2028b"), models.Sum(kind="sum", sum_=3)] == actual
    assert actual == operation("lines").sync(client=flowing.Client(httpserver.url_for("/")))


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_events_have_data_of_their_class(
    flowing: Any,
    httpserver: HTTPServer,
    serving: Callable[..., list[Request]],
    transport: str,
    is_async: bool,
) -> None:
    """Data that is no JSON is a string; the ID is that of the last event with one."""
    requests = serving(EVENTS, "text/event-stream")
    models = import_module("flowing.models")
    event = import_module("flowing.downloads").ServerSentEvent
    actual = read(flowing, httpserver.url_for("/"), "events", transport, is_async=is_async)
    note = models.Text(kind="text", text="a")

    assert [event(note, "note", "1"), event("[DONE]", "message", "1", 1500)] == actual
    assert ["text/event-stream"] == [each.headers["Accept"] for each in requests]
    assert [note, "[DONE]"] == operation("events").sync(
        client=flowing.Client(httpserver.url_for("/"))
    )


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("name", ["lines", "events"])
def test_an_item_is_there_when_it_has_come(
    flowing: Any,
    httpserver: HTTPServer,
    serving: Callable[..., list[Request]],
    transport: str,
    name: str,
) -> None:
    """The server sends the second when the first has been read."""
    first_is_read = Flag()
    prefix = b"data: " if name == "events" else b""

    def pieces() -> Iterator[bytes]:
        yield prefix + b'{"kind": "sum", "sum": 1}\n\n'
        yield prefix + (b'{"kind": "sum", "sum": %d}\n\n' % (2 if first_is_read.wait(20) else 9))

    serving(pieces(), "text/event-stream" if name == "events" else "application/x-ndjson")
    found: list[int] = []

    async def call() -> None:
        client = flowing.Client(httpserver.url_for("/"), transport=transport)
        async with client, operation(name).asyncio_stream(client=client) as items:
            async for item in items:
                found.append(getattr(item, "data", item).sum_)
                first_is_read.set()

    asyncio.run(call())

    assert [1, 2] == found


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("name", ["lines", "events"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_an_item_without_end_is_refused(
    flowing: Any,
    httpserver: HTTPServer,
    serving: Callable[..., list[Request]],
    transport: str,
    name: str,
    is_async: bool,
) -> None:
    """It would fill the memory; `max_body_bytes` bounds one item, and not all of them."""
    piece = b"data: xxxxxxxxxx\n" * 100 if name == "events" else b"x" * 1000
    start = b'{"kind": "sum", "sum": 1}\n\n'
    start = (b"data: " + start if name == "events" else start) * 1000
    serving([start, *([piece] * 1000)], "text/event-stream")
    client = flowing.Client(httpserver.url_for("/"), max_body_bytes=10_000, transport=transport)
    count = 0

    async def call() -> None:
        nonlocal count
        async with client, operation(name).asyncio_stream(client=client) as items:
            async for _ in items:
                count += 1

    def call_sync() -> None:
        nonlocal count
        with client, operation(name).stream(client=client) as items:
            for _ in items:
                count += 1

    with pytest.raises(import_module("flowing.errors").BodyTooLarge) as caught:
        asyncio.run(call()) if is_async else call_sync()
    what = "an event" if name == "events" else "a line"

    assert 1000 == count
    assert f"it has {what} of more than 10,000 bytes" in str(caught.value)


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_nothing_follows_a_broken_connection(
    flowing: Any, httpserver: HTTPServer, transport: str, is_async: bool
) -> None:
    """What came of a line before it broke is not read as an item, though it could be one."""
    response = Response(iter([b'{"kind": "sum", "sum": 1}\n{"kind": "sum", "sum": 2}']))
    response.headers.update({"Content-Type": "application/x-ndjson", "Content-Length": "1000"})
    httpserver.expect_request("/lines").respond_with_response(response)
    client = flowing.Client(httpserver.url_for("/"), transport=transport)
    failure = import_module("flowing.errors").TransportFailure

    async def call() -> None:
        async with client, operation("lines").asyncio_stream(client=client) as items:
            assert 1 == (await anext(items)).sum_
            with pytest.raises(failure):
                await anext(items)
            assert "end" == await anext(items, "end")

    if is_async:
        asyncio.run(call())
        return
    with client, operation("lines").stream(client=client) as items:
        assert 1 == next(items).sum_
        with pytest.raises(failure):
            next(items)
        assert "end" == next(items, "end")


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_a_wrong_item_is_told_and_the_next_one_read(
    flowing: Any, httpserver: HTTPServer, serving: Callable[..., list[Request]], is_async: bool
) -> None:
    """The error names the item, and has it; it shows no credential that the server repeats."""
    serving(
        [b'{"kind": "sum", "sum": 1}\n{"kind": "sum", "sum": "s3cr3t"}\n', b'{"kind": "sum"}\n'],
        "application/x-ndjson",
    )
    client = flowing.AuthenticatedClient(httpserver.url_for("/"), "s3cr3t")
    found: list[Any] = []
    error = import_module("flowing.errors").DecodeError

    async def call() -> None:
        async with client, operation("lines").asyncio_stream(client=client) as items:
            found.append(await anext(items))
            with pytest.raises(error) as caught:
                await anext(items)
            found.extend([caught.value, await anext(items), await anext(items, None)])

    if is_async:
        asyncio.run(call())
    else:
        with client, operation("lines").stream(client=client) as items:
            found.append(next(items))
            with pytest.raises(error) as caught:
                next(items)
            found.extend([caught.value, next(items), next(items, None)])
    first, problem, last, end = found

    assert (1, None) == (first.sum_, end)
    assert "sum" == last.kind
    assert ("lines", "[1].sum", 200) == (problem.operation, problem.field_path, problem.status_code)
    assert b'{"kind": "sum", "sum": "<hidden>"}' == problem.content
    assert "s3cr3t" not in f"{problem}"


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_stream_that_broke_is_gone_on_with_by_the_last_id(
    flowing: Any, httpserver: HTTPServer, transport: str, is_async: bool
) -> None:
    """The ID is that of what has been read, and not of what broke off; also of no data."""
    first = b'id: 1\ndata: {"kind": "sum", "sum": 1}\n\nid: 2\n\nid: 3\ndata: {"kind": "sum"}\n'
    seen: list[str | None] = []

    def handle(request: Request) -> Response:
        seen.append(request.headers.get("Last-Event-ID"))
        if len(seen) == 2:
            last = b'data: {"kind": "sum", "sum": 2}\nid: 3\n\n'
            return Response(last, content_type="text/event-stream")
        response = Response(iter([first]), content_type="text/event-stream")
        response.headers["Content-Length"] = "1000"
        return response

    httpserver.expect_request("/events").respond_with_handler(handle)
    client = flowing.Client(httpserver.url_for("/"), transport=transport)
    failure = import_module("flowing.errors").TransportFailure
    found: list[Any] = []

    def after(last: str) -> dict[str, Any]:
        return {"client": client.with_options(headers={"Last-Event-ID": last} if last else {})}

    async def call() -> None:
        async with client:
            for last in ("", "2"):
                async with operation("events").asyncio_stream(**after(last)) as items:
                    found.append(items.last_event_id)
                    with suppress(failure):
                        async for item in items:
                            found.extend((item.data.sum_, items.last_event_id))
                    found.append(items.last_event_id)

    def call_sync() -> None:
        with client:
            for last in ("", "2"):
                with operation("events").stream(**after(last)) as items:
                    found.append(items.last_event_id)
                    with suppress(failure):
                        for item in items:
                            found.extend((item.data.sum_, items.last_event_id))
                    found.append(items.last_event_id)

    asyncio.run(call()) if is_async else call_sync()

    assert ["", 1, "1", "2", "", 2, "3", "3"] == found
    assert [None, "2"] == seen


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_methods_of_groups_read_items_as_functions_do(
    flowing: Any,
    httpserver: HTTPServer,
    serving: Callable[..., list[Request]],
    transport: str,
    is_async: bool,
) -> None:
    """With the options of the call, and the errors that name the item."""
    requests = serving(
        [*EVENTS, b"\n", b'data: {"kind": "sum", "sum": "s"}\n\n'], "text/event-stream"
    )
    client = flowing.Client(httpserver.url_for("/"), transport=transport)
    expected = read(flowing, httpserver.url_for("/"), "words", transport, is_async=is_async)[:2]
    error = import_module("flowing.errors").DecodeError
    methods = groups_of(client, is_async=is_async).default
    options = {"headers": {"Last-Event-ID": "0"}}

    async def call() -> None:
        async with client:
            async with methods.stream_words(**options) as items:
                assert expected == [await anext(items), await anext(items)]
            async with methods.stream_events() as items:
                assert "1" == (await anext(items)).id
                with pytest.raises(error, match=r"events.*\[3\].sum"):
                    assert [] == [_ async for _ in items]

    def call_sync() -> None:
        with client:
            with methods.stream_words(**options) as items:
                assert expected == [next(items), next(items)]
            with methods.stream_events() as items:
                assert "1" == next(items).id
                with pytest.raises(error, match=r"events.*\[3\].sum"):
                    list(items)

    asyncio.run(call()) if is_async else call_sync()

    assert [None, "0", None] == [each.headers.get("Last-Event-ID") for each in requests]


@pytest.mark.parametrize(
    ("name", "is_async", "returned"),
    [
        ("lines", False, "AbstractContextManager[ItemStream[Text | Sum | dict[str, Any]]]"),
        (
            "lines",
            True,
            "AbstractAsyncContextManager[AsyncItemStream[Text | Sum | dict[str, Any]]]",
        ),
        ("words", False, "AbstractContextManager[ItemStream[ServerSentEvent[str]]]"),
    ],
)
def test_help_tells_what_a_stream_returns(
    flowing: Any, name: str, is_async: bool, returned: str
) -> None:
    """The type of an item, and that a block is needed."""
    client = flowing.Client("http://localhost")
    method = getattr(groups_of(client, is_async=is_async).default, f"stream_{name}")

    assert f"-> {returned}" in str(inspect.signature(method))
    assert "The items, for a `with` block" in str(inspect.getdoc(method))


def test_lines_have_no_ids(
    flowing: Any, httpserver: HTTPServer, serving: Callable[..., list[Request]]
) -> None:
    """Whatever is in them."""
    serving([b'{"kind": "sum", "id": 3}\n'], "application/x-ndjson")
    with operation("lines").stream(client=flowing.Client(httpserver.url_for("/"))) as items:
        next(items)
        assert "" == items.last_event_id


def test_one_media_type_of_several_is_asked_for(
    flowing: Any, httpserver: HTTPServer, serving: Callable[..., list[Request]]
) -> None:
    """A server that sends the other one all the same is told of."""
    requests = serving([b'[{"kind": "sum"}]'], "application/json")
    client = flowing.Client(httpserver.url_for("/"))
    stream = operation("either").stream(client=client)

    with pytest.raises(import_module("flowing.errors").DecodeError, match="a stream of items"):
        stream.__enter__()
    assert ["application/jsonl"] == [each.headers["Accept"] for each in requests]
    assert "sum" == operation("either").sync(client=client)[0].kind


def test_a_schema_of_strings_is_the_data_as_it_came(
    flowing: Any, httpserver: HTTPServer, serving: Callable[..., list[Request]]
) -> None:
    """Whether or not it looks like JSON."""
    serving([b"data: 5\n\ndata: five\n\n"], "text/event-stream")
    with operation("words").stream(client=flowing.Client(httpserver.url_for("/"))) as items:
        assert ["5", "five"] == [each.data for each in items]


def test_an_error_raises_before_the_block(
    flowing: Any, httpserver: HTTPServer, serving: Callable[..., list[Request]]
) -> None:
    """There is nothing to read then."""
    serving([b"No"], "text/plain", 403)
    stream = operation("lines").stream(client=flowing.Client(httpserver.url_for("/")))
    with pytest.raises(import_module("flowing.errors").Forbidden):
        stream.__enter__()


def test_nothing_is_read_after_the_block(
    flowing: Any, httpserver: HTTPServer, serving: Callable[..., list[Request]]
) -> None:
    """The connection is given back by then."""
    serving([b'{"kind": "sum"}\n', b"x" * 100_000], "application/x-ndjson")
    with operation("lines").stream(client=flowing.Client(httpserver.url_for("/"))) as items:
        next(items)
    with pytest.raises(import_module("flowing.errors").InvalidRequest, match="within the `with`"):
        next(items)


def event(
    data: str,
    event: str = "message",
    id: str = "",  # noqa: A002 - as the standard calls it
    retry: int | None = None,
) -> RawEvent:
    """Make what is expected."""
    return RawEvent(data, event, id, retry)


# What comes, and the events in it: the examples of WHATWG's standard, and its corner cases.
STREAMS: dict[str, tuple[bytes, list[RawEvent]]] = {
    "lines of data": (b"data: YHOO\ndata: +2\ndata: 10\n\n", [event("YHOO\n+2\n10")]),
    "IDs": (
        b": test stream\n\ndata: first\nid: 1\n\ndata:second\nid\n\ndata:  third\n\n",
        [event("first", id="1"), event("second"), event(" third")],
    ),
    "empty data": (b"data\n\ndata\ndata\n\ndata:", [event(""), event("\n")]),
    "a space": (b"data:test\n\ndata: test\n\n", [event("test"), event("test")]),
    "an ID stays": (b"id: 7\ndata: a\n\ndata: b\n\n", [event("a", id="7"), event("b", id="7")]),
    "an ID with NUL": (b"id: 7\nid: a\0b\ndata: a\n\n", [event("a", id="7")]),
    "no data": (b"event: e\nretry: 5\n\ndata: a\n\n", [event("a")]),
    "types": (b"event: e\ndata: a\n\ndata: b\n\n", [event("a", "e"), event("b")]),
    "retry": (b"retry: 10\nretry: x\ndata: a\n\n", [event("a", retry=10)]),
    "unknown fields": (b"date: a\n data: b\ndata: c\nx\n\n", [event("c")]),
    "ends of lines": (
        b"data: a\r\rdata: b\r\n\r\ndata: c\n\ndata: d\r\n\n",
        [event("a"), event("b"), event("c"), event("d")],
    ),
    "a byte order mark": (b"\xef\xbb\xbfdata: a\n\n", [event("a")]),
    "no UTF-8": (b"data: \xff\n\n", [event("\ufffd")]),
    "other ends of lines": (b"data: \xe2\x80\xa8\x0b\n\n", [event("\u2028\x0b")]),
    "unfinished": (b"data: a\n\ndata: b\n", [event("a")]),
}


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize(("stream", "expected"), STREAMS.values(), ids=list(STREAMS))
def test_events_follow_the_standard(stream: bytes, expected: list[RawEvent], size: int) -> None:
    """In whatever pieces they come; an event is there when its empty line is."""
    parser = EventParser()
    actual: list[RawEvent] = []
    for start in range(0, len(stream), size):
        parser.feed(stream[start : start + size])
        actual += iter(parser.next, None)

    assert expected == actual
    parser.finish()
    assert parser.next() is None


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_line_feed_ends_a_line(size: int) -> None:
    """Empty lines are skipped, and the last line needs no end."""
    content = "\ufeff1\r\n\n  \n\u2028\x0b\x852\n3".encode()
    parser = LineParser()
    actual: list[bytes] = []
    for start in range(0, len(content), size):
        parser.feed(content[start : start + size])
        actual += iter(parser.next, None)
    parser.finish()

    assert ["1", "\u2028\x0b\x852", "3"] == [
        each.decode() for each in [*actual, parser.next()] if each
    ]


@pytest.mark.parametrize("kind", [LineParser, EventParser])
@pytest.mark.parametrize("size", [1, 1000])
def test_what_is_too_long_is_told_however_it_comes(
    kind: type[LineParser | EventParser], size: int
) -> None:
    """Whether or not its end has come, too."""
    parser = kind(10)
    content = b"data: 12345678901\n\n"
    for start in range(0, len(content), size):
        parser.feed(content[start : start + size])
        assert parser.next() is None
        if parser.is_too_long:
            return

    raise AssertionError
