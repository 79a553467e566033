# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What to tell the caller when no response came: what happened, and what to do about it.

The messages are found by the name of the HTTP library's exception, or of one of its base classes.
"""

from __future__ import annotations

import errno
import os
import socket
import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["explain", "wants_certificate"]

# What OpenSSL calls a server's complaints about the certificate of a client.
_ALERTS = frozenset(
    {
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        "SSLV3_ALERT_CERTIFICATE_REVOKED",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
        "TLSV13_ALERT_CERTIFICATE_REQUIRED",
        "TLSV1_ALERT_ACCESS_DENIED",
        "TLSV1_ALERT_UNKNOWN_CA",
    }
)

_EXPLANATIONS = {
    "ConnectTimeout": (
        "no connection to {url} within {limit}. Check that the server is reachable from here and "
        "not blocked by a firewall; timeout= sets the limit"
    ),
    "ReadTimeout": (
        "no response from {url} within {limit}. The server may still be working on the request; "
        "pass a larger timeout= to wait longer"
    ),
    "WriteTimeout": (
        "could not send the request to {url} within {limit}. The server may be overloaded; pass a "
        "larger timeout= to wait longer"
    ),
    "BrokenPool": (
        "a thread that was interrupted has left the connection pool unusable, so nothing was sent "
        "to {url}. The next call opens new connections"
    ),
    "PoolTimeout": (
        "all connections were in use for {limit}, so nothing was sent to {url}. Make fewer "
        "calls at once, or allow more connections with httpx_args={{'limits': httpx.Limits(...)}}"
    ),
    "TimeoutException": "no response from {url} in time; timeout= sets the limit",
    "ConnectError": "could not connect to {url}: {reason}. {advice}",
    "ReadError": (
        "the connection to {url} broke before the response was complete: {reason}. The server "
        "may have carried out the request; check before you repeat it"
    ),
    "NetworkError": (
        "the connection to {url} broke: {reason}. The server may have received the request; check "
        "before you repeat it"
    ),
    "ProxyError": (
        "the proxy refused the request to {url}: {reason}. Check the environment variables "
        "HTTP_PROXY, HTTPS_PROXY and NO_PROXY, or the proxy in httpx_args"
    ),
    "RemoteProtocolError": (
        "{url} sent no complete HTTP response: {reason}. Check that the port is right and that the "
        "server speaks {scheme} on it; if so, the server may have carried out the request"
    ),
    # Without the reason: it may quote a header, and that may be the one with the token.
    "LocalProtocolError": (
        "the request to {url} cannot be written as HTTP. Check the headers and cookies that were "
        "added to it"
    ),
    "UnsupportedProtocol": (
        "{url} is not a URL that can be requested. It must start with 'http://' or 'https://'; a "
        "redirect may have led there"
    ),
    "BodyLimitExceeded": (
        "the body of the response from {url} is too large: {reason}. Raise the limit with "
        "max_body_bytes=, or stream the body where the operation supports it"
    ),
    "DecodingError": (
        "the body of the response from {url} is not compressed as its Content-Encoding says: "
        "{reason}. A proxy may have changed it"
    ),
    "TooManyRedirects": (
        "{url} redirects again and again. Correct base_url, or create the client with "
        "follow_redirects=False to see where it leads"
    ),
    "InvalidURL": ("{url} is not a valid URL. Check base_url; a redirect may have led there"),
    "IDNAError": (
        "{url} redirects to a URL with an invalid host name. Check that base_url is the URL of the "
        "server"
    ),
    "CookieConflict": (
        "several cookies of the same name are kept for {url}. Name domain or path when a cookie is "
        "read or set on the httpx client"
    ),
    "RequestError": "the request to {url} failed: {reason}",
}
_NO_PROXY = (
    "could not connect to the proxy {proxy} (of {source}), for {url}: {reason}. Check that the "
    "proxy is running; NO_PROXY lists hosts and networks that need no proxy"
)
_NO_PROXY_TIMEOUT = (
    "no connection to the proxy {proxy} (of {source}), for {url}, within {limit}. Check that "
    "the proxy is reachable from here; NO_PROXY lists hosts and networks that need no proxy"
)
_NO_CERTIFICATE = (
    "{url} refused the TLS connection: {reason}. The server wants a client certificate that it "
    "trusts: give its file, or those of certificate and key, as httpx_args={{'cert': ...}}"
)
_CLOSED = (
    "the httpx client is closed, so nothing was sent to {url}. If it is one that was set, set "
    "an open one, or set none and let the client make its own"
)
_OTHER_LOOP = (
    "the httpx client that was set has connections of another event loop ({reason}), so nothing "
    "was sent to {url}. Set one for each event loop, or set none and let the client make its own"
)


def explain(
    error: Exception, *, url: str, limits: Mapping[str, float | None], closed: bool
) -> str | None:
    """Say what happened and what to do.

    Args:
        error: The HTTP library's exception.
        url: The URL to show.
        limits: The timeouts that were in force, in seconds, by the part of the request that they
            are for: connect, read, write, pool.
        closed: Whether the HTTP library's client is closed.

    Returns:
        The sentences; None for an exception that has nothing to do with the
        connection, such as a `RuntimeError` of an event hook.
    """
    names = [kind.__name__ for kind in type(error).__mro__]
    if isinstance(error, UnicodeError) and "idna" in str(error):  # of a host name
        names.insert(0, "IDNAError")
    text = next((_EXPLANATIONS[name] for name in names if name in _EXPLANATIONS), None)
    proxy, source = getattr(error, "proxy", ("", ""))
    if wants_certificate(error):
        text = _NO_CERTIFICATE
    elif proxy and not any(isinstance(cause, ssl.SSLError) for cause in _chain(error)):
        text = _NO_PROXY_TIMEOUT if "ConnectTimeout" in names else _NO_PROXY
    if text is None:
        if closed:
            text = _CLOSED
        elif "event loop" in str(error).lower() or "different loop" in str(error):
            text = _OTHER_LOOP
        else:
            return None
    message = text.format(
        url=url,
        scheme=url.partition("://")[0],
        limit=_limit(names, limits),
        reason=_reason(error),
        advice=_connection_advice(error),
        proxy=proxy,
        source=source,
    )
    return message if message.endswith("?") else f"{message}."


def _limit(names: list[str], limits: Mapping[str, float | None]) -> str:
    """Name the time that was exceeded."""
    for part in ("connect", "read", "write", "pool"):
        seconds = limits.get(part)
        if f"{part.capitalize()}Timeout" in names and seconds is not None:
            return f"{seconds:g} s"
    return "the time limit"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Walk from an exception to what caused it."""
    current: BaseException | None = error
    while current is not None:
        yield current
        # A failure at several addresses of one host comes as a group; the first tells enough.
        members: tuple[BaseException, ...] = getattr(current, "exceptions", ())
        current = next(iter(members), None) or current.__cause__ or current.__context__


def wants_certificate(error: BaseException) -> bool:
    """Tell whether the server refuses the client's certificate, or that there is none.

    With TLS 1.3 it says so after the connection is open for the client, and before it reads a
    request.

    Args:
        error: The HTTP library's exception.

    Returns:
        Whether it does.
    """
    return any(
        isinstance(cause, ssl.SSLError) and (cause.reason or "").upper() in _ALERTS
        for cause in _chain(error)
    )


def _reason(error: Exception) -> str:
    """Say what the operating system or the HTTP library said, without its final full stop."""
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        if isinstance(cause, ssl.SSLError) and (cause.reason or "").upper() in _ALERTS:
            return str(cause.reason).replace("_", " ").lower()
        if isinstance(cause, OSError) and cause.strerror:
            of_another_kind = isinstance(cause, (socket.gaierror, ssl.SSLError))
            if cause.errno and cause.errno in errno.errorcode and not of_another_kind:
                return os.strerror(cause.errno)  # asyncio puts a message of its own into strerror
            return cause.strerror.rstrip(".")
    return str(error).rstrip(".") or type(error).__name__


def _connection_advice(error: Exception) -> str:
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            named = next((n for n in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(n)), "")
            because = f" (the environment variable {named} says what is)" if named else ""
            return (
                f"The server's certificate is not trusted here{because}; if it should be, pass the "
                "file of its certificate authority as verify_ssl="
            )
        if isinstance(cause, ssl.SSLError):
            return "Check that the server speaks https on this port"
        if isinstance(cause, socket.gaierror):
            return "Check the host name"
    return "Check that the server is running there"
