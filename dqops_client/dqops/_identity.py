"""The names under which the runtime appears; a package with a copy of the runtime has its own."""

from __future__ import annotations

__all__ = [
    "AUTH_NAME",
    "AUTH_PLACE",
    "AUTH_PREFIX",
    "DISTRIBUTION",
    "EXAMPLE_URL",
    "NAME",
    "PUBLIC_PACKAGE",
    "SCHEMES",
    "VERSION",
]

#: The distribution, for the User-Agent and for hints on what to install.
DISTRIBUTION = "dqops-client"
#: Its version, for the same; None for what its metadata say, which takes as long as ten calls.
VERSION: str | None = "0.2.0"
#: The beginning of the names of attributes of log records and spans, and of environment variables.
NAME = "dqops"
#: Where programs import the classes of the runtime from; also the name of the logger.
PUBLIC_PACKAGE = "dqops.client"
#: A URL of a server, for hints on what to set.
EXAMPLE_URL = "http://localhost:8888"
#: Where the token goes unless a client says otherwise: `header`, `query` or `cookie`.
AUTH_PLACE = "header"
#: The name of that header, query parameter or cookie.
AUTH_NAME = "Authorization"
#: The word before the token in a header.
AUTH_PREFIX = "Bearer"
#: Where further credentials go, by the security scheme: place, name, and the word before them.
SCHEMES: dict[str, tuple[str, str, str]] = {}
