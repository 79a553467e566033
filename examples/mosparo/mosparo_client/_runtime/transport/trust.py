# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Whom TLS connections trust, and the certificate that they show."""

from __future__ import annotations

import os
import ssl
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from ..errors import InvalidRequest
from .http_settings import library

if TYPE_CHECKING:
    from types import ModuleType

    from ..settings.config import Config

__all__ = ["key_log_problem", "verification"]

# httpx changes a context for these.
_OF_ONE_CLIENT = frozenset({"cert", "http1", "http2"})


def verification(config: Config) -> bool | ssl.SSLContext:
    """Make what an httpx client takes as `verify`, with the client certificate in it.

    Args:
        config: The settings of a client.

    Returns:
        A context, or False for no verification.

    Raises:
        InvalidRequest: A file that `verify_ssl`, the environment or `httpx_args` names cannot be
            loaded.
    """
    verify_ssl = config.verify_ssl
    cert = config.httpx_args.get("cert")
    context: ssl.SSLContext
    if isinstance(verify_ssl, (str, os.PathLike)):
        context = _trusting(Path(verify_ssl))
    elif isinstance(verify_ssl, ssl.SSLContext):
        context = verify_ssl
    elif verify_ssl:
        trust_env = bool(config.httpx_args.get("trust_env", True))
        load = _usual if _OF_ONE_CLIENT.isdisjoint(config.httpx_args) else _usual.__wrapped__
        context = load(
            library(config.transport),
            trust_env,
            *(os.getenv(n) for n in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")),
        )
    elif cert is None:
        return False
    else:
        context = httpx.create_ssl_context(verify=False)
    if cert is not None:
        _show(context, cert)
    return context


@lru_cache(maxsize=4)
def _usual(
    http: ModuleType, trust_env: bool, file: str | None, _folder: str | None, _key_log: str | None
) -> ssl.SSLContext:
    """Load the library's usual authorities, but once for all clients: it takes 20 ms.

    Those of httpx are certifi's, those of httpx2 the operating system's.
    """
    try:
        usual: ssl.SSLContext = http.create_ssl_context(trust_env=trust_env)
        return usual
    except (OSError, ValueError) as error:
        problem = key_log_problem()
        if not problem and trust_env and file:
            problem = (
                f"the environment variable SSL_CERT_FILE names {file!r}, from which no "
                f"certificates can be loaded: {_reason(error)}; correct it or unset it"
            )
        problem = problem or f"no certificate authorities can be loaded: {_reason(error)}"
    raise InvalidRequest(problem)


def _trusting(path: Path) -> ssl.SSLContext:
    """Load the authorities that a path names; httpx deprecates paths."""
    try:
        if path.is_dir():
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        problem = (
            key_log_problem()
            or f"verify_ssl: cannot load certificates from {str(path)!r}: {_reason(error)}"
        )
        raise InvalidRequest(problem) from error


def key_log_problem() -> str:
    """Say what is wrong with the file that logs the keys of TLS, if one is asked for.

    Returns:
        The problem; an empty string for none.
    """
    path = os.environ.get("SSLKEYLOGFILE")
    if not path or sys.flags.ignore_environment:
        return ""
    try:
        with Path(path).open("ab"):
            return ""
    except (OSError, ValueError) as error:
        return (
            f"the environment variable SSLKEYLOGFILE names {path!r}, which cannot be written: "
            f"{_reason(error)}; correct it or unset it"
        )


def _show(context: ssl.SSLContext, cert: Any) -> None:
    """Load the certificate that servers are shown."""
    problem = "it must be the path of a file, or a tuple of certificate, key and password"
    shown = ""
    if isinstance(cert, (str, os.PathLike)):
        cert = (cert,)
    if isinstance(cert, tuple) and 1 <= len(cert) <= 3:
        parts: list[Any] = [*cert, None, None]
        file, key, password = parts[:3]
        shown = " from " + " and ".join(repr(str(each)) for each in (file, key) if each)
        try:
            # An encrypted key without a password would make OpenSSL ask on the terminal.
            context.load_cert_chain(file, key, str if password is None else password)
            return
        except (OSError, TypeError, ValueError) as error:
            problem = _reason(error)
        finally:
            del parts, password
    del cert
    raise InvalidRequest(
        f"httpx_args['cert']: cannot load the client certificate{shown}: {problem}"
    )


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or "it holds none").replace("_", " ").lower()
        return f"{reason} (of OpenSSL)"
    return getattr(error, "strerror", None) or type(error).__name__
