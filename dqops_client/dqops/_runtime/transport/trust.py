"""Whom TLS connections trust."""

from __future__ import annotations

import os
import ssl
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from ...client.errors import InvalidRequest

if TYPE_CHECKING:
    from ..base_client import BaseClient

__all__ = ["verification"]

# httpx changes a context for these.
_OF_ONE_CLIENT = frozenset({"cert", "http1", "http2"})


def verification(client: BaseClient) -> bool | ssl.SSLContext:
    """Make what an httpx client takes as `verify`.

    Args:
        client: A client of ours.

    Returns:
        A context, or False for no verification.

    Raises:
        InvalidRequest: There are no certificate authorities where `verify_ssl` says.
    """
    verify_ssl = client._verify_ssl
    if isinstance(verify_ssl, (str, os.PathLike)):
        return _trusting(Path(verify_ssl))
    if verify_ssl is True and _OF_ONE_CLIENT.isdisjoint(client._httpx_args):
        trust_env = bool(client._httpx_args.get("trust_env", True))
        return _usual(trust_env, os.getenv("SSL_CERT_FILE"), os.getenv("SSL_CERT_DIR"))
    return verify_ssl


@lru_cache(maxsize=4)
def _usual(trust_env: bool, _file: str | None, _folder: str | None) -> ssl.SSLContext:
    """Load the usual authorities, as httpx does, but once for all clients: it takes 20 ms."""
    return httpx.create_ssl_context(trust_env=trust_env)


def _trusting(path: Path) -> ssl.SSLContext:
    """Load the authorities that a path names; httpx deprecates paths."""
    try:
        if path.is_dir():
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except OSError as error:  # ssl.SSLError is one
        raise InvalidRequest(
            f"verify_ssl: cannot load certificates from {str(path)!r}: {error}"
        ) from error
