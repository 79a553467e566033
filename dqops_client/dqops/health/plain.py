"""Asking with the standard library alone: the HTTP library takes too long to load for a probe."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from base64 import b64encode
from urllib.parse import SplitResult, unquote, urlsplit

from .report import HealthReport, Verdict
from .responses import ServiceResponse

TYPE_CHECKING = False  # the one of `typing`, which need not be loaded for this
if TYPE_CHECKING:
    from .probes import Service

__all__ = ["ask", "parse_url"]

_LONGEST_BODY = 65_536


def parse_url(text: str) -> SplitResult:
    """Read the URL of a service.

    Args:
        text: The URL; a path in it (of a proxy) is put before the service's own.

    Returns:
        Its parts.

    Raises:
        ValueError: It is not the URL of an HTTP server; the message does not show it, because it
            may hold a password.
    """
    problem = "expected a URL such as http://localhost:8888"
    try:
        parts = urlsplit(text.strip())
        _ = parts.port
    except ValueError:
        raise ValueError(problem) from None
    is_http = parts.scheme in {"http", "https"} and bool(parts.hostname)
    if not is_http or " " in text.strip() or not text.strip().isprintable():
        raise ValueError(problem)
    if not parts.path.isascii():
        raise ValueError("URL must have other characters than ASCII percent-encoded in its path")
    if parts.query or parts.fragment:
        raise ValueError("URL must end before a query or a fragment")
    return parts


def ask(
    service: Service, url: SplitResult, *, timeout: float, context: ssl.SSLContext | None = None
) -> HealthReport:
    """Ask a service for its health, once, without proxies.

    Args:
        service: What is to be there.
        url: Where it is.
        timeout: Seconds until it is given up, however slowly something comes.
        context: Which certificates to trust; those of the system by default.

    Returns:
        The report.
    """
    started = time.monotonic()
    found: list[Verdict] = []

    def question() -> None:
        found.append(_verdict(service, url, timeout, context))

    # The limits of a socket are for each step of it; only from outside is there one for all.
    thread = threading.Thread(target=question, daemon=True)
    thread.start()
    thread.join(timeout)
    verdict = found[0] if found else _too_slow(timeout)
    return HealthReport.of(service.name, verdict, time.monotonic() - started)


def _too_slow(timeout: float) -> Verdict:
    return Verdict("timeout", f"no complete response within {timeout:g} s")


def _verdict(
    service: Service, url: SplitResult, timeout: float, context: ssl.SSLContext | None
) -> Verdict:
    try:
        received = _send(service, url, timeout, context)
    except TimeoutError:
        return _too_slow(timeout)
    except ssl.SSLCertVerificationError as error:
        return Verdict("untrusted", f"the certificate is not trusted: {error.verify_message}")
    except ssl.SSLError as error:
        return Verdict("untrusted", f"no TLS with this server: {error.reason or error}")
    except (http.client.RemoteDisconnected, http.client.IncompleteRead):
        return Verdict("unreachable", "the connection was closed before the response was complete")
    except http.client.HTTPException as error:
        return Verdict("unexpected", f"the response is not HTTP: {type(error).__name__}")
    except OSError as error:
        return Verdict("unreachable", f"no connection: {error.strerror or error}")
    except ValueError as error:  # UnicodeError is one: a host name that cannot be looked up
        return Verdict("unreachable", f"the host name cannot be used: {type(error).__name__}")
    return service.verdict(received, url.path)


def _send(
    service: Service, url: SplitResult, timeout: float, context: ssl.SSLContext | None
) -> ServiceResponse:
    connection: http.client.HTTPConnection
    host = url.hostname or ""
    if url.scheme == "https":
        connection = http.client.HTTPSConnection(host, url.port, timeout=timeout, context=context)
    else:
        connection = http.client.HTTPConnection(host, url.port, timeout=timeout)
    headers = {"Accept": service.accept, "User-Agent": "dqops-health"}
    if url.username is not None:
        account = f"{unquote(url.username)}:{unquote(url.password or '')}"
        headers["Authorization"] = f"Basic {b64encode(account.encode()).decode()}"
    try:
        connection.request("GET", url.path.rstrip("/") + service.path, headers=headers)
        response = connection.getresponse()
        content_type = response.headers.get("Content-Type", "").lower()
        content = response.read(_LONGEST_BODY)
        if response.length and len(content) < _LONGEST_BODY:
            # For a read of limited size the library says nothing.
            raise http.client.IncompleteRead(content, response.length)
        return ServiceResponse(response.status, content_type, _without_account(url, content))
    finally:
        connection.close()


def _without_account(url: SplitResult, content: bytes) -> bytes:
    """Blank what was sent for the account in a URL, if a page sends it back."""
    if url.username is None:
        return content
    from .._runtime.settings.redaction import Redactor, account_secrets

    return Redactor(account_secrets(url.geturl())).in_content(content)
