"""What a response means: from a status to an exception, or to the result of a ping."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from dqops.client.errors import DecodeError, UnexpectedStatus, describe_status, excerpt

from .exceptions import (
    BadAPIRequestError,
    CheckLimitReachedError,
    CheckNotFoundError,
    HCAPIAuthError,
    HCAPIError,
    HCAPIRateLimitError,
    NonUniqueSlugError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dqops.client.types import Response

    from .client.models import Flip

__all__ = [
    "PingResult",
    "flips_of_array",
    "kind_of_ping",
    "kind_of_status",
    "read_ping",
    "read_refusal",
    "required",
    "translated",
]

T = TypeVar("T")

_KINDS: dict[int, type[HCAPIError]] = {
    400: BadAPIRequestError,
    401: HCAPIAuthError,
    403: HCAPIAuthError,
    404: CheckNotFoundError,
    429: HCAPIRateLimitError,
}


def kind_of_status(status: int) -> type[HCAPIError]:
    """Find the exception of a status.

    Args:
        status: An HTTP status that is not a success.

    Returns:
        The class.
    """
    return _KINDS.get(status, HCAPIError)


def kind_of_ping(status: int, text: str) -> type[HCAPIError] | None:
    """Find the exception of a ping.

    Args:
        status: The HTTP status of its response, a success or not.
        text: What the server says.

    Returns:
        The class; None if there is none.
    """
    if status >= 500:
        return HCAPIError
    if status == 409:
        return NonUniqueSlugError
    if status in _KINDS:
        return _KINDS[status]
    # The hosted service says so with status 200.
    if "not found" in text.lower():
        return CheckNotFoundError
    return HCAPIRateLimitError if "rate limited" in text.lower() else None


@contextmanager
def translated() -> Iterator[None]:
    """Turn what an operation of the Management API raises into the exceptions of this package.

    Yields:
        Nothing.

    Raises:
        HCAPIError: The response is not a success, or cannot be read.
    """
    try:
        yield
    except UnexpectedStatus as error:
        raise _of_management(error) from error
    except DecodeError as error:
        raise HCAPIError(
            str(error), status_code=error.status_code, content=error.content or b""
        ) from error


def _of_management(error: UnexpectedStatus) -> HCAPIError:
    kind = kind_of_status(error.status_code)
    # The server refuses a new check without a word; all it refuses to a key, it refuses with 401.
    if error.status_code == 403 and error.operation == "create_check":
        kind = CheckLimitReachedError
    return kind(
        str(error),
        status_code=error.status_code,
        content=error.content,
        reason=error.server_message,
    )


def required(result: T | None) -> T:
    """Insist on a result.

    Args:
        result: What an operation returned.

    Returns:
        The same.

    Raises:
        HCAPIError: The body was empty, or null.
    """
    if result is None:
        raise HCAPIError("the response is a success without a result: its body is empty or null")
    return result


def flips_of_array(error: DecodeError) -> list[Flip]:
    """Read flips in the form that the server's documentation shows, a bare array.

    All servers that are known send an object; programs that stand in for one follow the
    documentation.

    Args:
        error: What reading an object raised.

    Returns:
        The flips.

    Raises:
        DecodeError: It is not an array of flips either; the same exception.
    """
    from .client.models import Flip

    try:
        found = json.loads(error.content or b"")
        if isinstance(found, list):
            return [Flip.from_dict(flip) for flip in found]
    except (TypeError, ValueError, RecursionError):  # a DecodeError is a ValueError
        pass
    raise error


@dataclass(frozen=True)
class PingResult:
    """What came of a ping.

    Args:
        is_recorded: Whether the server has it.
        text: What the server says.
        body_limit: How many bytes of a body the server keeps; None if it did not say.
    """

    is_recorded: bool
    text: str
    body_limit: int | None = None


def read_ping(response: Response[Any]) -> PingResult:
    """Read the response to a ping.

    Args:
        response: A response that is a success by its status.

    Returns:
        What came of it.

    Raises:
        HCAPIError: The ping was refused.
    """
    text = str(response.parsed or "")
    kind = kind_of_ping(int(response.status_code), text)
    if kind is not None:
        raise kind(
            f"the ping was not recorded; the server says: {excerpt(text)}",
            status_code=int(response.status_code),
            content=response.content,
            reason=text,
        )
    return PingResult(is_recorded=True, text=text, body_limit=_body_limit(response.headers))


def read_refusal(error: UnexpectedStatus | DecodeError) -> PingResult:
    """Read what became of a ping whose response is not a success.

    Args:
        error: The exception that the response became.

    Returns:
        What came of it: not recorded, with what the server says.

    Raises:
        HCAPIError: The status says why.
    """
    if isinstance(error, DecodeError):
        return PingResult(is_recorded=False, text=error.problem)
    reason = error.server_message
    kind = kind_of_ping(error.status_code, reason)
    if kind is None:
        return PingResult(is_recorded=False, text=error.content.decode(errors="replace"))
    words = f"; the server says: {excerpt(reason)}" if reason else ""
    advice = f". {error.advice}" if error.advice else ""
    status = describe_status(error.status_code)
    raise kind(
        f"the server responded to the ping with {status}{words}{advice}",
        status_code=error.status_code,
        content=error.content,
        reason=reason,
    ) from error


def _body_limit(headers: Mapping[str, str]) -> int | None:
    text = headers.get("Ping-Body-Limit", "").strip()
    return int(text[:12]) if text.isascii() and text.isdigit() else None
