"""Who sends a request, and whether they may."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from .http.errors import RefusedRequestError
from .roles import User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .http.messages import Request
    from .specification import Operation

__all__ = ["NOT_LOGGED_IN", "UnknownApiKeyError", "caller_of", "check_permission"]

#: Who sends requests without an API key: on a server that does not require one, the owner.
NOT_LOGGED_IN = User("", "admin")


class UnknownApiKeyError(Exception):
    """The request has an API key that nobody has."""


def caller_of(request: Request, admin_key: str, users: Iterable[User]) -> User | None:
    """Find out who sends a request.

    Args:
        request: The request.
        admin_key: The API key of the server's administrator.
        users: Further users.

    Returns:
        The user; None if the request has no API key.

    Raises:
        UnknownApiKeyError: The API key is wrong.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    given = token.strip().encode()
    found = None
    # All are compared, so that the time it takes tells nothing about the keys.
    for user in (User("admin", "admin", admin_key), *users):
        if user.api_key is not None and hmac.compare_digest(given, user.api_key.encode()):
            found = found or user
    if found is None:
        raise UnknownApiKeyError
    return found


def check_permission(caller: User, operation: Operation) -> None:
    """Refuse what the caller's role does not allow.

    Args:
        caller: Who sends the request.
        operation: What it is for.

    Raises:
        RefusedRequestError: A permission is missing (403).
    """
    missing = operation.permissions - caller.permissions
    if missing:
        names = ", ".join(sorted(missing))
        raise RefusedRequestError(403, f"Access Denied: {operation.name!r} needs {names}.")
