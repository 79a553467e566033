"""What a failed request means for the job that it was about."""

from __future__ import annotations

import re
import ssl
from enum import Enum, auto
from typing import TYPE_CHECKING

from ..client.errors import (
    DecodeError,
    InvalidRequest,
    UnexpectedStatus,
    excerpt,
    shorten_url,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..client.errors import ClientError, TransportFailure

__all__ = ["LookUp", "Submission", "of_look_up", "of_submission", "seconds_to_wait", "stubborn"]

# Statuses below 500 with which something in front of the server gives up on a request that it may
# have forwarded: timeout, too early, too many, and nginx' "client closed the request".
_PASSING = frozenset({408, 425, 429, 499})

# Statuses with which something in front of the server refuses what it will refuse again: no such
# page, and "network authentication required".
_STUBBORN = frozenset({404, 511})

_TITLE = re.compile(rb"<title[^>]*>(.{0,200}?)</title", re.IGNORECASE | re.DOTALL)
_PAGE_HEAD = 20_000

# Longer than this, in seconds, no Retry-After is obeyed at once.
_LONGEST_RETRY_AFTER = 60.0


class Submission(Enum):
    """What a failed submission means."""

    #: Nothing was sent, and it may work later.
    NOT_SENT = auto()
    #: The server has not taken the job on and will not.
    REFUSED = auto()
    #: The server may have taken the job on. If not, it may be sent again.
    AMBIGUOUS = auto()
    #: The server itself failed. It may have taken the job on; if not, sending it again is no use.
    FAILED = auto()


class LookUp(Enum):
    """What a failed look-up means."""

    #: The server itself says that it does not know the job.
    UNKNOWN_JOB = auto()
    #: It says nothing about the job, and may work later.
    PASSING = auto()
    #: It will not work later either.
    REFUSED = auto()


def of_submission(error: ClientError) -> Submission:
    """Judge the failure of a request that submits a job.

    Args:
        error: What it raised.

    Returns:
        What that means.
    """
    failure = _as_failure(error)
    if failure is not None:
        if _is_final(failure):
            return Submission.REFUSED
        return Submission.NOT_SENT if _is_unsent(failure) else Submission.AMBIGUOUS
    if isinstance(error, UnexpectedStatus):
        if error.status_code == 500:
            return Submission.FAILED
        if error.status_code in _PASSING or error.status_code > 500:
            return Submission.AMBIGUOUS
        return Submission.REFUSED
    # All others mean that a response came and cannot be read: cut off, or not the server's.
    return Submission.REFUSED if isinstance(error, InvalidRequest) else Submission.AMBIGUOUS


def of_look_up(error: ClientError) -> LookUp:
    """Judge the failure of a request about a job that changes nothing, or cancels it.

    Args:
        error: What it raised.

    Returns:
        What that means.
    """
    if isinstance(error, UnexpectedStatus):
        if error.status_code == 404:
            return LookUp.UNKNOWN_JOB if _is_of_the_server(error) else LookUp.PASSING
        passing = error.status_code in _PASSING or error.status_code >= 500
        return LookUp.PASSING if passing else LookUp.REFUSED
    failure = _as_failure(error)
    if failure is not None and _is_final(failure):
        return LookUp.REFUSED
    return LookUp.REFUSED if isinstance(error, InvalidRequest) else LookUp.PASSING


def stubborn(error: ClientError, *, of_submission: bool = False) -> str | None:
    """Describe what responds in place of the server, and may do so for ever.

    Args:
        error: What a request raised.
        of_submission: Whether the failure of the server itself (500) counts, too.

    Returns:
        What was said, in words that are the same the next time: a page with its title, a
        redirection with its Location, or a status; None for failures that pass.
    """
    if isinstance(error, DecodeError):
        page = _title(error.content)
        return f"{page} in place of a job" if page else error.problem
    if not isinstance(error, UnexpectedStatus):
        return None
    status = error.status_code
    if status == 404 and _is_of_the_server(error):
        return None
    if not (300 <= status < 400 or status in _STUBBORN or (of_submission and status == 500)):
        return None
    words = [f"status {status}"]
    if error.headers.get("location"):
        words.append(f"a redirection to {shorten_url(error.headers['location'])}")
    page = _title(error.content)
    return ", ".join([*words, page] if page else words)


def _title(content: bytes | None) -> str | None:
    """Name a page by its title; None if it is not a page."""
    if content is None or content.lstrip()[:1] != b"<":
        return None
    found = _TITLE.search(content[:_PAGE_HEAD])
    title = b"" if found is None else b" ".join(found.group(1).split())
    return f"a page with the title {excerpt(title)}" if title else "a page without a title"


def seconds_to_wait(error: ClientError) -> float:
    """Tell for how long the server wants to be left alone.

    Args:
        error: What a request raised.

    Returns:
        Seconds, a minute at most; 0 if the server says nothing.
    """
    if not isinstance(error, UnexpectedStatus):
        return 0.0
    from .._runtime.settings.retries import retry_after

    return min(retry_after(error.headers) or 0.0, _LONGEST_RETRY_AFTER)


def _as_failure(error: ClientError) -> TransportFailure | None:
    from ..client.errors import TransportFailure  # loads the HTTP library, which is loaded by now

    return error if isinstance(error, TransportFailure) else None


def _is_unsent(failure: TransportFailure) -> bool:
    # By name, because the HTTP library is the business of `dqops.client` alone. What a proxy
    # refuses is the way to the server, before the request.
    return failure.is_unsent or "ProxyError" in _names(failure)


def _is_final(failure: TransportFailure) -> bool:
    """Whether the next attempt will fail, too, and none reaches the server."""
    if "LocalProtocolError" in _names(failure):  # a header that cannot be written, for example
        return True
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(failure))


def _names(failure: TransportFailure) -> set[str]:
    return {kind.__name__ for kind in type(failure).__mro__}


def _is_of_the_server(error: UnexpectedStatus) -> bool:
    """Whether a 404 says that there is no such job, and not that there is no such path.

    DQOps says the former with no body. Everything else is the word of a proxy that does not find
    DQOps, or of another server.
    """
    return not error.content.strip()


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
