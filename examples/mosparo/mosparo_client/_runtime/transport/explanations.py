# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What to tell the caller when no answer came: what happened, and what to do about it.

The texts are found by the name of the HTTP library's exception, or of one of its base classes.
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
        "no connection to {url} within {limit}. Is the server reachable from here? A firewall may "
        "drop what is sent to it; timeout= sets the limit"
    ),
    "ReadTimeout": (
        "no answer from {url} within {limit}. The server may still be working on the request; a "
        "client with a larger timeout= waits longer"
    ),
    "WriteTimeout": (
        "could not send the request to {url} within {limit}. The server may be overloaded; a "
        "client with a larger timeout= waits longer"
    ),
    "BrokenPool": (
        "a thread that was interrupted has left the connection pool unusable, so that nothing was "
        "sent to {url}. The next call opens new connections"
    ),
    "PoolTimeout": (
        "all connections were in use for {limit}, so that nothing was sent to {url}. Make fewer "
        "calls at once, or allow more connections with httpx_args={{'limits': httpx.Limits(...)}}"
    ),
    "TimeoutException": "no answer from {url} in time; timeout= sets the limit",
    "ConnectError": "could not connect to {url}: {reason}. {advice}",
    "ReadError": (
        "the connection to {url} broke before the answer was complete: {reason}. The server may "
        "have carried out the request; look before you repeat it"
    ),
    "NetworkError": (
        "the connection to {url} broke: {reason}. The server may have received the request; look "
        "before you repeat it"
    ),
    "ProxyError": (
        "the proxy before {url} refused: {reason}. Check the environment variables HTTP_PROXY, "
        "HTTPS_PROXY and NO_PROXY, or the proxy in httpx_args"
    ),
    "RemoteProtocolError": (
        "{url} gave no complete HTTP answer: {reason}. Is that the port of the server, and "
        "does it speak {scheme}? If so, it may have carried out the request; look before you "
        "repeat it"
    ),
    # Without the reason: it may quote a header, and that may be the one with the token.
    "LocalProtocolError": (
        "the request to {url} cannot be written as HTTP. Check the headers and cookies that were "
        "added to it"
    ),
    "UnsupportedProtocol": (
        "{url} is no address that can be asked. It must begin with 'http://' or 'https://'; a "
        "redirection may have led there"
    ),
    "BodyLimitExceeded": (
        "the body of the answer from {url} is too large: {reason}. If it should be as large, allow "
        "it with max_body_bytes=, or stream it where the operation can"
    ),
    "DecodingError": (
        "the body of the answer from {url} is not compressed as its Content-Encoding says: "
        "{reason}. A proxy may have changed it"
    ),
    "TooManyRedirects": (
        "{url} redirects again and again. Correct the base URL, or create the client with "
        "follow_redirects=False to see where it leads"
    ),
    "InvalidURL": (
        "{url} is no valid address. Check the base URL; a redirection may have led there"
    ),
    "IDNAError": (
        "{url} redirects to an address whose host name is no valid international one. Is that the "
        "address of the server?"
    ),
    "CookieConflict": (
        "several cookies of the same name are kept for {url}. Name domain or path when a cookie is "
        "read or set on the httpx client"
    ),
    "RequestError": "the request to {url} failed: {reason}",
}
_NO_PROXY = (
    "could not connect to the proxy {proxy} (of {source}), through which {url} is asked: {reason}. "
    "Is the proxy running? NO_PROXY lists hosts and networks that are asked directly"
)
_NO_PROXY_TIMEOUT = (
    "no connection to the proxy {proxy} (of {source}), through which {url} is asked, within "
    "{limit}. Is the proxy reachable from here? NO_PROXY lists hosts and networks that are asked "
    "directly"
)
_NO_CERTIFICATE = (
    "{url} refused the TLS connection: {reason}. The server wants a client certificate that it "
    "trusts: give its file, or those of certificate and key, as httpx_args={{'cert': ...}}"
)
_CLOSED = (
    "the httpx client is closed, so that nothing was sent to {url}. If it is one that was set, set "
    "an open one, or set none and let the client make its own"
)
_OTHER_LOOP = (
    "the httpx client that was set has connections of another event loop ({reason}), so that {url} "
    "cannot be asked. Set one for each event loop, or set none and let the client make its own"
)


def explain(
    error: Exception, *, url: str, limits: Mapping[str, float | None], closed: bool
) -> str | None:
    """Say what happened and what to do.

    Args:
        error: The HTTP library's exception.
        url: The address to show.
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
                return os.strerror(cause.errno)  # asyncio puts a text of its own into strerror
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
            return "Does the server speak https on this port?"
    return "Is the server running there?"
