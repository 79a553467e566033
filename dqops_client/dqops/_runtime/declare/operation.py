"""What every generated operation is made of.

Importing this is cheap, and so is importing an operation: what does the work is loaded when an
operation is first called.
"""

from __future__ import annotations

from ...client.types import UNSET

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from typing import Any

    from ...client.client import AuthenticatedClient, Client
    from ...client.downloads import AsyncDownload, Download
    from ...client.types import Response
    from .bodies import Body
    from .conversion import Converter

__all__ = ["Operation"]

# RFC 9110, section 9.2.2.
_IDEMPOTENT = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PUT", "TRACE"})


class Operation:
    """One operation of an API: how it is asked, and what its answers mean.

    Args:
        name: The operation's name in Python, for messages.
        method: The HTTP method in capitals.
        path: The path template.
        models: The import name of the package of models.
        results: By status, how the body of an answer that is a result is read. These are the
            successes, and statuses such as the 503 of a health check, which say something rather
            than fail.
        errors: By status, how an error body is read.
        keeps_cookies: Whether the client sends the cookies of the answer from then on, as after
            choosing what the server is to work on.
        advice: By status, what the caller can do about an error, where this API knows better than
            the exception's class does.
        is_repeatable: Whether the request does the same when it is sent twice; by default as the
            method says.
        secrets: The path parameters that are shown nowhere.
        wait: Where the server may take its time to respond: the query parameter with the seconds,
            how many they are without it, and the boolean query parameter that is false for a
            response at once (an empty string for none).
        times: The parameters that are dates or times: by their names on the wire their names in
            Python, for messages, and how they are written.
        content_type: What a request without a body names as the type of its body, where the server
            insists on it.
        refused: What a JSON body must not hold because the server could not live with it: by the
            place in the body, `*` for every item of an array or a map, the argument that allows it
            and the reason.
        needed: What a JSON body must hold because the server fails without it: the reason by the
            place.
    """

    __slots__ = (
        "advice",
        "content_type",
        "errors",
        "is_redirection",
        "is_repeatable",
        "keeps_cookies",
        "method",
        "models",
        "name",
        "needed",
        "path",
        "refused",
        "results",
        "secrets",
        "times",
        "wait",
    )

    def __init__(
        self,
        *,
        name: str,
        method: str,
        path: str,
        models: str,
        results: Mapping[int, Body],
        errors: Mapping[int, Body],
        keeps_cookies: bool = False,
        advice: Mapping[int, str] | None = None,
        is_repeatable: bool | None = None,
        secrets: Collection[str] = (),
        wait: tuple[str, float, str] | None = None,
        times: Mapping[str, tuple[str, Converter]] | None = None,
        content_type: str | None = None,
        refused: Mapping[str, tuple[str, str]] | None = None,
        needed: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.method = method
        self.path = path
        self.models = models
        self.results = results
        self.errors = errors
        self.keeps_cookies = keeps_cookies
        self.advice: Mapping[int, str] = advice or {}
        self.is_repeatable = method in _IDEMPOTENT if is_repeatable is None else is_repeatable
        self.secrets = secrets
        self.wait = wait
        self.times = times
        self.content_type = content_type
        self.refused = refused
        self.needed = needed
        self.is_redirection = any(300 <= status < 400 for status in results)

    def request(
        self,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        cookies: Mapping[str, Any] | None = None,
        json: Any = UNSET,
        text: Any = UNSET,
        form: Any = UNSET,
        binary: Any = UNSET,
        allowed: Mapping[str, bool] | None = None,
    ) -> dict[str, Any]:
        """Build the arguments of `httpx.Client.request`.

        Args:
            path: The path parameters by name.
            query: The query parameters by name; UNSET and None are left out.
            headers: Header parameters by name; UNSET and None are left out.
            cookies: Cookie parameters by name; UNSET and None are left out.
            json: A model, a list of models or plain JSON, sent as `application/json`.
            text: A text, sent as `text/plain`.
            form: A model or a dictionary, sent as `application/x-www-form-urlencoded`.
            binary: A `File` or bytes, sent as `application/octet-stream`.
            allowed: The arguments that let a body hold what is refused.

        Returns:
            The keyword arguments.

        Raises:
            InvalidRequest: An argument cannot be sent; the message names operation and argument.
        """
        from ..exchange.request import build_request

        return build_request(
            self,
            path=path,
            query=query,
            headers=headers,
            cookies=cookies,
            json=json,
            text=text,
            form=form,
            binary=binary,
            allowed=allowed,
        )

    def show_address(self, address: str) -> str:
        """Describe an address of the operation without what may be secret in it.

        Args:
            address: The address, or the end of it.

        Returns:
            The address without user name, password, query, fragment and secret path parameters.
        """
        from ..settings.masking import mask_url

        shown = mask_url(address)
        if not self.secrets:
            return shown
        segments = shown.rstrip("/").split("/")
        for place, segment in enumerate(reversed(self.path.strip("/").split("/")), 1):
            if segment[1:-1] in self.secrets and place <= len(segments):
                segments[-place] = "***"
        return "/".join(segments)

    def secret_parts(self, address: str) -> list[str]:
        """List the secret path parameters in an address of the operation.

        Args:
            address: The address.

        Returns:
            Their values, as they stand in the address.
        """
        if not self.secrets:
            return []
        segments = address.partition("?")[0].partition("#")[0].rstrip("/").split("/")
        return [
            segments[-place]
            for place, segment in enumerate(reversed(self.path.strip("/").split("/")), 1)
            if segment[1:-1] in self.secrets and place <= len(segments)
        ]

    def call(self, client: AuthenticatedClient | Client, request: dict[str, Any]) -> Response[Any]:
        """Send the request and read the answer.

        Args:
            client: Where and how to send it.
            request: What `request` returned.

        Returns:
            The answer; `parsed` holds the result.

        Raises:
            UnexpectedStatus: The answer is no success, and the client raises on that.
            DecodeError: The body is not what the specification says.
            TransportFailure: No answer came.
        """
        from ..call.calls import call

        return call(self, client, request)

    async def call_async(
        self, client: AuthenticatedClient | Client, request: dict[str, Any]
    ) -> Response[Any]:
        """Send the request and read the answer, without blocking the event loop.

        Args:
            client: Where and how to send it.
            request: What `request` returned.

        Returns:
            The answer; `parsed` holds the result.

        Raises:
            UnexpectedStatus: The answer is no success, and the client raises on that.
            DecodeError: The body is not what the specification says.
            TransportFailure: No answer came.
        """
        from ..call.calls import call_async

        return await call_async(self, client, request)

    def stream(
        self, client: AuthenticatedClient | Client, request: dict[str, Any]
    ) -> AbstractContextManager[Download]:
        """Send the request and let the caller read the body piece by piece.

        Args:
            client: Where and how to send it.
            request: What `request` returned.

        Returns:
            The download, for a `with` block; at the end of the block it is closed, read or not.

        Raises:
            UnexpectedStatus: The answer is no success, whatever the client says about raising:
                there is nothing to read.
            TransportFailure: No answer came.
        """
        from ..call.streaming import stream

        return stream(self, client, request)

    def stream_async(
        self, client: AuthenticatedClient | Client, request: dict[str, Any]
    ) -> AbstractAsyncContextManager[AsyncDownload]:
        """Send the request and let the caller read the body without blocking the event loop.

        Args:
            client: Where and how to send it.
            request: What `request` returned.

        Returns:
            The download, for a `with` block; at the end of the block it is closed, read or not.

        Raises:
            UnexpectedStatus: The answer is no success, whatever the client says about raising:
                there is nothing to read.
            TransportFailure: No answer came.
        """
        from ..call.streaming import stream_async

        return stream_async(self, client, request)
