# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What travels down and up during a call: arguments, a request, a response."""

from __future__ import annotations

from .unset import UNSET

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Generic, Protocol

    from typing_extensions import TypeVar  # a part of type checkers

    T = TypeVar("T", default=Any)

    class RawResponse(Protocol):
        """A response whose body was read, or is yet to be read.

        Attributes:
            status_code: The HTTP status.
            headers: The headers; names are matched without regard to case.
            content: The body.
            attempts: How many times the request was sent.
            elapsed: How many seconds all of that took; 0 where it is not known.
            unrepeated: Why the request was not sent again, where it could have been.
            is_unfollowed: Whether it is a redirection that was to be followed, and was not because
                that would have made a read of a write.
        """

        status_code: int
        headers: Any
        attempts: int
        elapsed: float
        unrepeated: str
        is_unfollowed: bool

        @property
        def content(self) -> bytes: ...

        @property
        def default_encoding(self) -> str:
            """The encoding of text whose charset is not known."""
            ...

        @property
        def url(self) -> str:
            """The URL without user name, password, query and fragment."""
            ...

        def cookies(self) -> list[tuple[str, str]]:
            """List the cookies that it sets."""
            ...

        def credentials(self, token_header: str) -> set[str]:
            """List what its request, and those before it, proved their sender with."""
            ...


else:
    from ..public import Generic

    T = None


__all__ = ["Arguments", "RawResponse", "Request"]


class Arguments(Generic[T]):
    """The arguments of an operation, by the part of the request that they go into.

    Type checkers know the type of the result from it.

    Args:
        operation: The operation.
        path: The path parameters by name.
        query: The query parameters by name; UNSET and None are left out.
        headers: Header parameters by name; UNSET and None are left out.
        cookies: Cookie parameters by name; UNSET and None are left out.
        json: A model, a list of models or plain JSON, sent as `application/json`.
        text: A string, sent as `text/plain`.
        form: A model or a dictionary, sent as `application/x-www-form-urlencoded`.
        multipart: A model or a dictionary, sent as `multipart/form-data`.
        binary: A `File` or bytes, sent as `application/octet-stream`.
        further: Bodies beside these that are sent as one of them is, by that keyword and the media
            type.
        allowed: The arguments that let a body hold what is refused.
        options: What this call does differently from others of its client; see `CallOptions`.

    Attributes:
        wants_result: Whether the caller sees the result only, which may be None in place of an
            error.
    """

    __slots__ = (
        *("allowed", "binary", "cookies", "form", "further", "headers"),
        *("json", "multipart", "operation", "options", "path", "query", "text"),
        "wants_result",
    )

    def __init__(
        self,
        operation: Any,  # an `Operation`, whose module imports this one
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        cookies: Mapping[str, Any] | None = None,
        json: Any = UNSET,
        text: Any = UNSET,
        form: Any = UNSET,
        multipart: Any = UNSET,
        binary: Any = UNSET,
        further: Mapping[tuple[str, str], Any] | None = None,
        allowed: Mapping[str, bool] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.operation = operation
        self.path = path
        self.query = query
        self.headers = headers
        self.cookies = cookies
        self.json = json
        self.text = text
        self.form = form
        self.multipart = multipart
        self.binary = binary
        self.further = further
        self.allowed = allowed
        self.options = options
        self.wants_result = False


class Request:
    """A request that is ready to be sent.

    Args:
        method: The HTTP method in capitals.
        path: The path, without the base URL and its own leading slash.
        params: The query parameters, not yet encoded.
        headers: The header fields; they are shown nowhere.
        content: The body; None for none.
        follow_redirects: Whether to follow redirections; None for what the client says.
        wait: How many seconds the server may take to respond; None for no longer than usual.
        is_public: Whether it is sent without the token.
        schemes: The security schemes that it needs, if not the usual one alone; see `Operation`.
    """

    __slots__ = (
        *("content", "follow_redirects", "headers", "is_public", "method", "params", "path"),
        *("schemes", "wait"),
    )

    def __init__(
        self,
        method: str,
        path: str,
        *,
        params: list[tuple[str, str]] | None = None,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
        follow_redirects: bool | None = None,
        wait: float | None = None,
        is_public: bool = False,
        schemes: tuple[tuple[str, ...], ...] = (),
    ) -> None:
        self.is_public = is_public
        self.schemes = schemes
        self.method = method
        self.path = path
        self.params = params
        self.headers = headers
        self.content = content
        self.follow_redirects = follow_redirects
        self.wait = wait

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.method!r}, ...)"
