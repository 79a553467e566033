"""What an operation returns besides its model: `Response`, and `File` for a download."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..public import publish

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import BinaryIO, TypeAlias

__all__ = ["File", "FileJsonType", "Response", "http_status"]

T = TypeVar("T")


class Response(Generic[T]):
    """A response of the server, with everything that `sync_detailed` knows of it.

    Attributes:
        status_code: The HTTP status. A status that `http.HTTPStatus` does not list (such as 520) is
            an `HTTPStatus` named `UNKNOWN_520`, so that its `value` can always be read.
        content: The body as it came.
        headers: The response headers; names are matched without regard to case.
        parsed: The result model, or None where the server sent no body or no success.
    """

    __slots__ = ("content", "headers", "parsed", "status_code")

    def __init__(
        self,
        status_code: HTTPStatus,
        content: bytes,
        headers: MutableMapping[str, str],
        parsed: T | None,
    ) -> None:
        self.status_code = status_code
        self.content = content
        self.headers = headers
        self.parsed = parsed

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Response):
            return NotImplemented
        return (self.status_code, self.content, self.headers, self.parsed) == (
            other.status_code,
            other.content,
            other.headers,
            other.parsed,
        )

    __hash__ = None  # type: ignore[assignment]  # mutable, like the models it holds

    def __reduce__(self) -> tuple[Any, ...]:
        # As a number: HTTPStatus would refuse a status that it does not list.
        details = (int(self.status_code), self.content, self.headers, self.parsed)
        return _restore_response, (type(self), *details)

    def __repr__(self) -> str:
        # Neither headers (cookies) nor the raw content belong in a log line.
        return f"Response(status_code={int(self.status_code)}, parsed={self.parsed!r})"


def _restore_response(
    kind: type[Response[T]],
    status_code: int,
    content: bytes,
    headers: MutableMapping[str, str],
    parsed: T | None,
) -> Response[T]:
    return kind(http_status(status_code), content, headers, parsed)


class File:
    """A file: its content, and what is known of its name and kind.

    Attributes:
        payload: The content, open for binary reading.
        file_name: The file's name without a folder, or None.
        mime_type: The media type, such as `text/csv`, or None.
    """

    __slots__ = ("file_name", "mime_type", "payload")

    def __init__(
        self, payload: BinaryIO, file_name: str | None = None, mime_type: str | None = None
    ) -> None:
        self.payload = payload
        self.file_name = file_name
        self.mime_type = mime_type

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, File):
            return NotImplemented
        return self.to_tuple() == other.to_tuple()

    __hash__ = None  # type: ignore[assignment]  # mutable

    def __repr__(self) -> str:
        return f"File(file_name={self.file_name!r}, mime_type={self.mime_type!r})"

    if not TYPE_CHECKING:  # type checkers know what there is

        def __getattr__(self, name: str) -> Any:
            hint = (
                ": its content is payload.read(); the method that begins with 'stream_' gives a "
                "download that has it"
            )
            raise AttributeError(
                f"{type(self).__name__!r} has no attribute {name!r}{hint * (name == 'save_to')}"
            )

    def to_tuple(self) -> FileJsonType:
        """Return the form that httpx takes for an upload.

        Returns:
            The file name, the content and the media type.
        """
        return self.file_name, self.payload, self.mime_type


if TYPE_CHECKING:
    FileJsonType: TypeAlias = tuple[str | None, BinaryIO, str | None]
else:
    FileJsonType = tuple[Any, Any, Any]


def http_status(status_code: int) -> HTTPStatus:
    """Make an `HTTPStatus` of any number.

    Args:
        status_code: The status of a response.

    Returns:
        The registered status; for any other number a member that is in no listing of the statuses
        and compares as the number.
    """
    try:
        return HTTPStatus(status_code)
    except ValueError:
        # The same form as the members of http.HTTPStatus itself, made without registering it.
        unknown = int.__new__(HTTPStatus, status_code)
        unknown._name_ = f"UNKNOWN_{status_code}"
        unknown._value_ = status_code
        unknown.phrase = ""  # type: ignore[misc]  # typeshed has properties, http sets attributes
        unknown.description = ""  # type: ignore[misc]  # see above
        return unknown


publish("types", (File, Response))
