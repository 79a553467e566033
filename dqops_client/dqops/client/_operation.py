"""What every generated operation calls: build the request, send it, read the answer."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from ._bodies import Body, JoinedTextBody, NoBody, Received, TextBody, parse_json
from ._path import check_query_length, fill_path, query_pairs
from ._secrets import Hider
from .errors import DecodeError, InvalidRequest, kind_of_status
from .types import UNSET, Response, Unset

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from http import HTTPStatus

    from ._http import HttpxResponse
    from .client import AuthenticatedClient, Client
    from .downloads import AsyncDownload, Download
    from .errors import UnexpectedStatus

__all__ = ["Operation"]


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
    """

    __slots__ = (
        "errors",
        "is_redirection",
        "keeps_cookies",
        "method",
        "models",
        "name",
        "path",
        "results",
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
    ) -> None:
        self.name = name
        self.method = method
        self.path = path
        self.models = models
        self.results = results
        self.errors = errors
        self.keeps_cookies = keeps_cookies
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

        Returns:
            The keyword arguments.

        Raises:
            InvalidRequest: An argument cannot be sent; the message names operation and argument.
        """
        try:
            request: dict[str, Any] = {
                "method": self.method,
                "url": fill_path(self.path, path or {}),
            }
            pairs = query_pairs(query or {})
            if pairs:
                check_query_length(pairs)
                request["params"] = pairs
            sent_headers = _header_fields(headers or {}, cookies or {})
            content = self._content(json, text, form, binary)
            if content is not None:
                sent_headers["Content-Type"], request["content"] = content
        except InvalidRequest as error:
            raise InvalidRequest(f"{self.name}: {error}; nothing was sent") from None
        if sent_headers:
            request["headers"] = sent_headers
        if self.is_redirection:
            # The redirection is the answer, and its cookies are not those of where it leads.
            request["follow_redirects"] = False
        return request

    def _content(self, json: Any, text: Any, form: Any, binary: Any) -> tuple[str, bytes] | None:
        from . import _content

        if not isinstance(json, Unset):
            return "application/json", _content.json_content(json)
        if not isinstance(text, Unset):
            return "text/plain; charset=utf-8", _content.text_content(text)
        if not isinstance(form, Unset):
            return "application/x-www-form-urlencoded", _content.form_content(form)
        if not isinstance(binary, Unset):
            return "application/octet-stream", _content.binary_content(binary)
        return None

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
        from . import _http

        return self._build(client, _http.send(client, request, operation=self.name))

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
        from . import _http

        return self._build(client, await _http.send_async(client, request, operation=self.name))

    @contextmanager
    def stream(
        self, client: AuthenticatedClient | Client, request: dict[str, Any]
    ) -> Iterator[Download]:
        """Send the request and let the caller read the body piece by piece.

        Args:
            client: Where and how to send it.
            request: What `request` returned.

        Yields:
            The download; at the end of the block it is closed, read or not.

        Raises:
            UnexpectedStatus: The answer is no success, whatever the client says about raising:
                there is nothing to read.
            TransportFailure: No answer came.
        """
        from . import _http
        from .downloads import Download

        response, translated = _http.open_stream(client, request, operation=self.name)
        try:
            if self._result_body(response.status_code) is None:
                with translated():
                    response.read()
                raise self._unexpected(client, response)
            yield Download(response, self.name, translated)
        finally:
            response.close()

    @asynccontextmanager
    async def stream_async(
        self, client: AuthenticatedClient | Client, request: dict[str, Any]
    ) -> AsyncIterator[AsyncDownload]:
        """Send the request and let the caller read the body without blocking the event loop.

        Args:
            client: Where and how to send it.
            request: What `request` returned.

        Yields:
            The download; at the end of the block it is closed, read or not.

        Raises:
            UnexpectedStatus: The answer is no success, whatever the client says about raising:
                there is nothing to read.
            TransportFailure: No answer came.
        """
        from . import _http
        from .downloads import AsyncDownload

        response, translated = await _http.open_stream_async(client, request, operation=self.name)
        try:
            if self._result_body(response.status_code) is None:
                with translated():
                    await response.aread()
                raise self._unexpected(client, response)
            yield AsyncDownload(response, self.name, translated)
        finally:
            await response.aclose()

    def _build(
        self, client: AuthenticatedClient | Client, response: HttpxResponse
    ) -> Response[Any]:
        body = self._result_body(response.status_code)
        parsed = None if body is None else self._read(client, response, body)
        if body is None or (parsed is None and self._needs_body(response.status_code, body)):
            self._refuse(client, response)
        if self.keeps_cookies and body is not None:
            client.keep_cookies(_sendable_cookies(response))
        return Response(
            status_code=http_status(response.status_code),
            content=response.content,
            headers=response.headers,
            parsed=parsed,
        )

    def _needs_body(self, status_code: int, body: Body) -> bool:
        """Whether a status is a result only with a body that can be read, as of a health check."""
        return not _is_success(status_code) and not isinstance(body, NoBody)

    def _result_body(self, status_code: int) -> Body | None:
        """Find how a result is read; None for a status that is no result."""
        body = self.results.get(status_code)
        if body is None and _is_success(status_code):
            # Another success than the specified one, as servers of other versions send: its body
            # means the same.
            body = next(iter(self.results.values()), NoBody())
        return body

    def _read(
        self, client: AuthenticatedClient | Client, response: HttpxResponse, body: Body
    ) -> Any:
        try:
            return self._read_body(response, body, response.content)
        except DecodeError as error:
            found = error
        if not _is_success(response.status_code):
            # Not the answer that this status can be, but a failure, such as the page of a proxy.
            return None
        # Raised here and not above, so that what is known of the body with the token in it is
        # neither the context of this error nor a local variable in its traceback.
        found = self._explain(client, response, body, found)
        raise found

    def _read_body(self, response: HttpxResponse, body: Body, content: bytes) -> Any:
        if isinstance(body, (JoinedTextBody, TextBody)) and _is_html(response, content):
            raise DecodeError("expected a plain text, found an HTML page")
        received = Received(content, response.encoding or "utf-8", response.headers)
        return body.read(received, self.models)

    def _explain(
        self,
        client: AuthenticatedClient | Client,
        response: HttpxResponse,
        body: Body,
        found: DecodeError,
    ) -> DecodeError:
        """Make the error that the caller gets, with the place of the problem in the answer."""
        hide = Hider(client, response)
        content = hide.in_content(response.content)
        if content != response.content:
            # Messages quote values, and those may be shortened in the middle of the token.
            try:
                self._read_body(response, body, content)
                found = DecodeError("it cannot be shown without the token that is in it")
            except DecodeError as error:
                found = error
        problem = found.problem
        if _is_html(response, content) or content.lstrip()[:1] == b"<":
            problem += ". A proxy or another server seems to have answered: check the base URL"
        content_type: str | None = response.headers.get("Content-Type")
        return DecodeError(
            problem,
            operation=self.name,
            field_path=found.field_path,
            status_code=response.status_code,
            content_type=None if content_type is None else hide.in_text(content_type),
            content=content,
        )

    def _refuse(self, client: AuthenticatedClient | Client, response: HttpxResponse) -> None:
        """Raise the error of a status that is no result, or log it where the client says so."""
        if client.raise_on_unexpected_status:
            raise self._unexpected(client, response)
        import logging

        logger = logging.getLogger("dqops.client")
        if not logger.handlers:
            # As the documentation of `logging` asks of libraries: a program that has not set up
            # logging does not get the record on its standard error.
            logger.addHandler(logging.NullHandler())
        logger.warning(
            "%s: %s %s answered with status %d; the result is None. Create the client with "
            "raise_on_unexpected_status=True to get an exception instead.",
            self.name,
            self.method,
            _address(response),
            response.status_code,
        )

    def _unexpected(
        self, client: AuthenticatedClient | Client, response: HttpxResponse
    ) -> UnexpectedStatus:
        """Make the error of a status that is no result."""
        hide = Hider(client, response)
        content = hide.in_content(response.content)
        return kind_of_status(response.status_code)(
            response.status_code,
            content,
            operation=self.name,
            method=self.method,
            url=_address(response),
            headers=hide.in_headers(response.headers),
            parsed=self._read_error(response, content),
        )

    def _read_error(self, response: HttpxResponse, content: bytes) -> Any:
        """Read an error body as far as it can be understood."""
        body = self.errors.get(response.status_code)
        if body is None and self.errors:
            # Errors that a framework sends look alike, whatever their status; the specification
            # lists them once for each operation, under the status of the server's own errors.
            body = self.errors[max(self.errors)]
        if body is None or not content:
            return None
        try:
            if not isinstance(body, TextBody) and not isinstance(parse_json(content), (dict, list)):
                return None
            return body.read(Received(content, "utf-8", response.headers), self.models)
        except DecodeError:
            # A proxy's page, or an error of another kind: the exception carries the content.
            return None


def http_status(status_code: int) -> HTTPStatus:
    """Make an `HTTPStatus` of any number.

    Args:
        status_code: The status of an answer.

    Returns:
        The registered status; for any other number a member that is in no listing of the statuses
        and compares as the number.
    """
    from http import HTTPStatus

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


def _address(response: HttpxResponse) -> str:
    """Name the address that was asked, without what may be secret in it."""
    url = response.url.copy_with(query=None, fragment=None, userinfo=b"")
    return str(url)


def _sendable_cookies(response: HttpxResponse) -> dict[str, str]:
    """Read the cookies of an answer, but for those that no request could carry."""
    from ._settings import check_cookies

    cookies: dict[str, str] = {}
    for cookie in response.cookies.jar:
        with suppress(InvalidRequest):
            cookies.update(check_cookies({cookie.name: cookie.value or ""}))
    return cookies


def _is_success(status_code: int) -> bool:
    return 200 <= status_code < 300


def _is_html(response: HttpxResponse, content: bytes) -> bool:
    """Whether a body is an HTML page, by what the server says or by how it begins."""
    if "html" in response.headers.get("Content-Type", "").lower():
        return True
    return content.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html"))


def _header_fields(headers: Mapping[str, Any], cookies: Mapping[str, Any]) -> dict[str, str]:
    """Write header and cookie parameters, and refuse what a header cannot carry."""
    if not headers and not cookies:
        return {}
    from ._settings import check_cookies, check_headers

    fields = check_headers(dict(query_pairs(headers, "header")))
    sent_cookies = check_cookies(dict(query_pairs(cookies, "cookie")))
    if sent_cookies:
        fields["Cookie"] = "; ".join(f"{name}={value}" for name, value in sent_cookies.items())
    return fields
