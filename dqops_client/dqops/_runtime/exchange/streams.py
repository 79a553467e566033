"""Bodies that hold one item after the other, each read as it comes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..declare.bodies import EventsBody, LinesBody
from ..errors import DecodeError, InvalidRequest
from .bodies import body_of_type, decode_event, decode_line
from .lines import EventParser, LineParser

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from typing import NoReturn, Protocol, Self

    from ..declare.bodies import Body
    from ..declare.messages import RawResponse
    from ..declare.operation import Operation
    from ..settings.config import Config
    from ..settings.redaction import Redactor

    class OpenResponse(RawResponse, Protocol):
        """A response whose body is yet to be read."""

        @property
        def is_closed(self) -> bool: ...

        def iter_bytes(self, chunk_size: int | None, /) -> Iterator[bytes]: ...

        def aiter_bytes(self, chunk_size: int | None, /) -> AsyncIterator[bytes]: ...

        def refuse(self, problem: str, /) -> NoReturn: ...


__all__ = ["AsyncItemStream", "ItemStream", "ServerSentEvent", "items_arguments"]

T = TypeVar("T")


class ServerSentEvent(Generic[T]):
    """A server-sent event.

    Attributes:
        data: What it says: read as the specification says, or else a string.
        event: What it is about; `message` unless the server says otherwise.
        id: The ID of the last event that had one, for the header `Last-Event-ID` of a request that
            goes on from here; empty for none.
        retry: How many milliseconds to wait before such a request, where the server says so.
    """

    __slots__ = ("data", "event", "id", "retry")

    def __init__(
        self,
        data: T,
        event: str = "message",
        id: str = "",  # noqa: A002 - as the standard calls it
        retry: int | None = None,
    ) -> None:
        self.data = data
        self.event = event
        self.id = id
        self.retry = retry

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ServerSentEvent):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(data={self.data!r}, event={self.event!r}, id={self.id!r}, "
            f"retry={self.retry!r})"
        )


class _Items(Generic[T]):
    """What both kinds have in common; they document its attributes."""

    def __init__(
        self,
        response: OpenResponse,
        body: LinesBody,
        models: str,
        operation: str,
        max_bytes: int | None,
        redactor: Callable[[], Redactor],
    ) -> None:
        self.status_code: int = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self._response = response
        self._body = body
        self._models = models
        self._operation = operation
        self._redactor = redactor
        self._is_events = isinstance(body, EventsBody)
        self._parser = EventParser(max_bytes) if self._is_events else LineParser(max_bytes)
        self._count = 0
        self._is_over = False

    def __repr__(self) -> str:
        return f"{type(self).__name__}(of {self._operation})"

    @property
    def last_event_id(self) -> str:
        return self._parser.last_id if isinstance(self._parser, EventParser) else ""

    def _is_more_to_read(self) -> bool:
        """Tell whether a piece is to be read, which is passed to `_take` then."""
        self._check_length()
        self._check_open()
        if self._is_over:
            return False
        self._is_over = True  # unless a piece comes; what broke off is no item
        return True

    def _take(self, piece: bytes | None) -> None:
        """Take the piece that has come; None for the end of the body."""
        if piece is None:
            self._parser.finish()
        else:
            self._is_over = False
            self._parser.feed(piece)

    def _check_open(self) -> None:
        if self._response.is_closed and not self._is_over:
            raise InvalidRequest(
                f"{self._operation}: items can be read only within the `with` block"
            )

    def _check_length(self) -> None:
        if self._parser.is_too_long:
            self._is_over = True
            what = "an event" if self._is_events else "a line"
            self._response.refuse(f"it has {what} of more than {self._parser.limit:,} bytes")

    def _decoded(self, found: Any) -> T:
        place = self._count
        self._count += 1
        data: bytes = found.data.encode() if self._is_events else found
        try:
            if not self._is_events:
                value: Any = decode_line(self._body, data, self._models)
            else:
                value = decode_event(self._body, found.data, self._models)
                value = ServerSentEvent(value, found.event, found.id, found.retry)
        except DecodeError as error:
            problem = error
        else:
            return value  # type: ignore[no-any-return]
        raise self._explained(problem, data, place)

    def _explained(self, error: DecodeError, data: bytes, place: int) -> DecodeError:
        """Make the error that the caller gets; the next item can be read all the same."""
        redactor = self._redactor()
        content = redactor.in_content(data)
        problem = error.problem
        if content != data:
            problem = "the problem is not shown, because it contains a credential"
        found = DecodeError(
            problem,
            operation=self._operation,
            field_path=error.field_path,
            status_code=self.status_code,
            content_type=self.headers.get("Content-Type"),
            content=content,
        )
        return found.within(place)


class ItemStream(_Items[T]):
    """The items of a body, each read as it comes, within a `with` block.

    Attributes:
        status_code: The HTTP status.
        headers: The response headers; names are matched without regard to case.
        last_event_id: The ID of the last event that was read and had one, for the header
            `Last-Event-ID` of a request that goes on from here; empty for none, and for lines.
    """

    def __init__(self, response: OpenResponse, *others: Any) -> None:
        super().__init__(response, *others)
        self._pieces = response.iter_bytes(None)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        """Read the next item.

        Raises:
            DecodeError: The item is not what the specification says; the next one can be read.
            TransportFailure: The connection broke, or an item is larger than `max_body_bytes`.
            InvalidRequest: The block is left.
        """
        while (found := self._parser.next()) is None:
            if not self._is_more_to_read():
                raise StopIteration
            self._take(next(self._pieces, None))
        return self._decoded(found)


class AsyncItemStream(_Items[T]):
    """The items of a body, each read as it comes without blocking the event loop.

    Attributes:
        status_code: The HTTP status.
        headers: The response headers; names are matched without regard to case.
        last_event_id: The ID of the last event that was read and had one, for the header
            `Last-Event-ID` of a request that goes on from here; empty for none, and for lines.
    """

    def __init__(self, response: OpenResponse, *others: Any) -> None:
        super().__init__(response, *others)
        self._pieces = response.aiter_bytes(None)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        """Read the next item.

        Raises:
            DecodeError: The item is not what the specification says; the next one can be read.
            TransportFailure: The connection broke, or an item is larger than `max_body_bytes`.
            InvalidRequest: The block is left.
        """
        while (found := self._parser.next()) is None:
            if not self._is_more_to_read():
                raise StopAsyncIteration
            self._take(await anext(self._pieces, None))
        return self._decoded(found)


def items_arguments(
    operation: Operation, config: Config, response: OpenResponse, body: Body
) -> tuple[Any, ...]:
    """Make the arguments of `ItemStream` and `AsyncItemStream`.

    Args:
        operation: What was called.
        config: The settings of the client.
        response: The response.
        body: What the operation declares.

    Raises:
        DecodeError: Something else has come than items.
    """
    kind = body_of_type(body, response.headers)
    content_type = response.headers.get("Content-Type") or ""
    if not isinstance(kind, LinesBody) or "html" in content_type.lower():
        raise DecodeError(
            "expected a stream of items. A proxy or another server may have responded",
            operation=operation.name,
            status_code=response.status_code,
            content_type=config.redactor_of(response).in_text(content_type),
            content=b"",
        )
    redactor = partial(config.redactor_of, response)
    limit = config.max_body_bytes
    return response, kind, operation.models, operation.name, limit, redactor
