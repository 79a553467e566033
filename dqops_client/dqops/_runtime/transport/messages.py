"""A request as the HTTP library takes it, and what it received, as all others see it."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import httpx

from ..settings.headers import merge_headers
from ..settings.shown import Hidden, credential_names
from .deadline import within
from .failures import BodyLimitExceeded
from .hooks import OWN_HEADERS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import Any, NoReturn

    from ..declare.messages import Request
    from ..settings.config import Config, Timeouts
    from .deadline import TimeoutTuple


__all__ = [
    "UNFOLLOWED",
    "OpenResponse",
    "Received",
    "as_tuple",
    "request_arguments",
    "without_account",
]

# httpx may follow the redirections of these.
_READS = frozenset({"GET", "HEAD"})
# How many seconds a response may be late that the server was asked to delay.
_WAIT_MARGIN = 30.0
_LONGEST_WAIT = 2.0**31


def request_arguments(
    config: Config,
    httpx_client: httpx.Client | httpx.AsyncClient,
    request: Request,
    end: float | None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make the arguments of `build_request` and those of `send`.

    Args:
        config: The settings of our client.
        httpx_client: The HTTP client.
        request: The request.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        Both, by name.
    """
    base_url = httpx_client.base_url
    # An HTTP client that was set may have none.
    base = str(base_url) if base_url.is_absolute_url else without_account(config.base_url)
    url = request.path
    if "?" not in base and "#" not in base:
        # httpx would do the same, and take longer because it parses the URL once more.
        url = f"{base.removesuffix('/')}/{url.lstrip('/')}"
    arguments: dict[str, Any] = {"method": request.method, "url": url}
    if request.params is not None:
        arguments["params"] = request.params
    if request.content is not None:
        arguments["content"] = request.content
    headers = request.headers
    if config.per_request is not None:
        added = config.per_request
        if added.timeout is not None:
            arguments["timeout"] = as_tuple(added.timeout)
        if added.headers:
            headers = merge_headers(added.headers, headers or {})
        if added.cookies:
            arguments["cookies"] = Hidden(added.cookies)
    if headers:
        arguments["headers"] = Hidden(headers)
    if request.wait is not None and "timeout" not in arguments:
        arguments["timeout"] = as_tuple(httpx_client.timeout, request.wait)
    if end is not None:
        arguments["timeout"] = within(
            end, arguments.get("timeout") or as_tuple(httpx_client.timeout)
        )
    options: dict[str, Any] = {"auth": None} if request.is_public else {}
    if request.schemes and config.token is not None:
        from .auth import own_auth_of

        auth = own_auth_of(config, request.schemes)
        if auth is not None:
            options["auth"] = auth
    if request.method not in _READS:
        options["follow_redirects"] = False  # see `redirects`
    elif request.follow_redirects is not None:
        options["follow_redirects"] = request.follow_redirects
    return arguments, options


def as_tuple(timeout: Timeouts, wait: float | None = None) -> TimeoutTuple:
    """Write timeouts as each of the libraries takes them.

    Args:
        timeout: The timeouts.
        wait: How many seconds the server may take to respond, for which the read timeout is made
            longer.

    Returns:
        Those of connecting, reading, writing and waiting for a free connection.
    """
    read = timeout.read
    if wait is not None and read is not None:
        # Sockets take no timeouts of centuries.
        read = max(read, min(max(wait, 0.0), _LONGEST_WAIT) + _WAIT_MARGIN)
    return timeout.connect, read, timeout.write, timeout.pool


def without_account(url: str) -> str:
    """Take user name and password out of a URL: the HTTP libraries log the URL of each request.

    Args:
        url: The URL.

    Returns:
        The same URL without them.
    """
    return str(httpx.URL(url).copy_with(userinfo=b""))


#: Where a response of httpx tells that it is a redirection that was not followed.
UNFOLLOWED = "unfollowed"


class Received:
    """A response; see `declare.messages.RawResponse`.

    Args:
        response: What httpx received.
    """

    __slots__ = (
        "_response",
        "attempts",
        "elapsed",
        "headers",
        "is_unfollowed",
        "status_code",
        "unrepeated",
    )

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.status_code: int = response.status_code
        self.headers: Any = response.headers
        self.attempts = 1
        self.elapsed = 0.0
        self.unrepeated = ""
        self.is_unfollowed = UNFOLLOWED in response.extensions

    @property
    def content(self) -> bytes:
        """The body."""
        return self._response.content

    @property
    def default_encoding(self) -> str:
        """The encoding of text whose charset is not known, as `httpx_args` says."""
        default = self._response.default_encoding
        if isinstance(default, str):
            return default
        # Read to its end, or read line by line, when nothing of it is known.
        return default(self._response.content if self._response.is_closed else b"") or "utf-8"

    @property
    def url(self) -> str:
        """The URL without user name, password, query and fragment."""
        return str(self._response.url.copy_with(query=None, fragment=None, userinfo=b""))

    def cookies(self) -> list[tuple[str, str]]:
        """List the cookies that it sets."""
        return [(cookie.name, cookie.value or "") for cookie in self._response.cookies.jar]

    def credentials(self, token_header: str) -> set[str]:
        """List what its request, and those before it, proved their sender with.

        Args:
            token_header: The header that carries the token.
        """
        found: set[str] = set()
        for response in (*self._response.history, self._response):
            sent = response.request.headers
            own = (token_header, *response.request.extensions.get(OWN_HEADERS, ()))
            names = {*credential_names(sent), *(name for name in own if name in sent)}
            for name in names:
                found.update((sent[name], *_of_basic(sent[name])))
            target = response.request.extensions.get("target")
            if target is not None:  # what it has and the URL has not is secret
                added = target[len(response.request.url.raw_path) + 1 :].decode("ascii")
                found.update(value for _, value in parse_qsl(added))
        return found

    def close(self) -> None:
        """Do nothing: it was read to its end."""

    async def aclose(self) -> None:
        """Do nothing: it was read to its end."""


class OpenResponse(Received):
    """A response whose body is yet to be read.

    Args:
        response: What httpx received.
        reading: What to read the body within, so that failures become the SDK's own.
        release: Called when the response is closed.
    """

    __slots__ = ("_release", "reading")

    def __init__(
        self,
        response: httpx.Response,
        reading: Callable[[], AbstractContextManager[None]],
        release: Callable[[], Any],
    ) -> None:
        super().__init__(response)
        self.reading = reading
        self._release = release

    @property
    def is_over(self) -> bool:
        """Whether the body was read, or the response is closed."""
        return self._response.is_stream_consumed or self._response.is_closed

    @property
    def is_closed(self) -> bool:
        """Whether the response is closed, as it is at the end of its body."""
        return self._response.is_closed

    def refuse(self, problem: str) -> NoReturn:
        """Tell that what is read from the body is too large.

        Args:
            problem: What is.

        Raises:
            BodyTooLarge: In any case.
        """
        with self.reading():
            raise BodyLimitExceeded(problem, request=self._response.request)
        raise AssertionError

    def read(self) -> None:
        """Read the whole body."""
        with self.reading():
            self._response.read()

    async def aread(self) -> None:
        """Read the whole body without blocking the event loop."""
        with self.reading():
            await self._response.aread()

    def iter_bytes(self, chunk_size: int | None) -> Iterator[bytes]:
        """Read the body piece by piece."""
        pieces = self._response.iter_bytes(chunk_size)
        while True:
            with self.reading():
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    def iter_lines(self, encoding: str) -> Iterator[str]:
        """Read text line by line."""
        self._response.encoding = encoding
        lines = self._response.iter_lines()
        while True:
            with self.reading():
                line = next(lines, None)
            if line is None:
                return
            yield line

    async def aiter_bytes(self, chunk_size: int | None) -> AsyncIterator[bytes]:
        """Read the body piece by piece without blocking the event loop."""
        pieces = self._response.aiter_bytes(chunk_size)
        while True:
            with self.reading():
                piece = await anext(pieces, None)
            if piece is None:
                return
            yield piece

    async def aiter_lines(self, encoding: str) -> AsyncIterator[str]:
        """Read text line by line without blocking the event loop."""
        self._response.encoding = encoding
        lines = self._response.aiter_lines()
        while True:
            with self.reading():
                line = await anext(lines, None)
            if line is None:
                return
            yield line

    def close(self) -> None:
        """Close the response, read or not."""
        try:
            self._response.close()
        finally:
            self._release()

    async def aclose(self) -> None:
        """Close the response, read or not, without blocking the event loop."""
        try:
            await self._response.aclose()
        finally:
            closing = self._release()
            if closing is not None:
                await closing.aclose()


def _of_basic(value: str) -> tuple[str, ...]:
    """Read what basic authentication encodes: user name and password, and the password."""
    word, _, encoded = value.partition(" ")
    if word.lower() != "basic":
        return ()
    try:
        account = b64decode(encoded, validate=True).decode()
    except ValueError:
        return ()
    return account, account.partition(":")[2]
