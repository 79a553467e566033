"""When a request that failed is retried, and how long to wait before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._identity import PUBLIC_PACKAGE
from ..errors import InvalidRequest
from ..public import publish
from .checks import as_seconds, check_seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import timedelta
    from typing import Self

__all__ = ["Frozen", "Retries", "check_retries", "retry_after"]

_STATUSES = frozenset({429, 502, 503, 504})


class Frozen:
    """Base of settings that never change, compared by the attributes that `__init__` sets.

    A plain class, because attrs takes long to import.
    """

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed; make another one")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed; make another one")

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))


class Retries(Frozen):
    """A policy for requests whose failure may be transient.

    A request is retried if that is safe:

    - Any operation, where the request never reached the server: no connection could be opened, or
      none became free in time.
    - An idempotent operation (GET, HEAD, PUT and DELETE, and POST where the specification says so),
      also where the connection broke before the response was complete, and where the response has
      one of `statuses`. A status that is a result of the operation, such as the 503 of a health
      check, is not a failure.

    A timeout while the server works is permanent. So is a certificate that is not trusted.

    Before each retry there is a pause: `backoff` seconds before the first, twice as many before the
    second, and so on, each shortened at random by up to a half, so that clients that failed
    together do not retry together. If the response has Retry-After, the pause is that long or a
    little longer.

    Args:
        max_attempts: How many times a request is sent, retries included.
        backoff: The longest first pause, in seconds or as a timedelta.
        max_wait: The longest pause, likewise. If a server asks for more with Retry-After, the
            request is not retried.
        statuses: The transient statuses.

    Raises:
        InvalidRequest: A number is out of range.
    """

    max_attempts: int
    backoff: float
    max_wait: float
    statuses: frozenset[int]

    def __init__(
        self,
        *,
        max_attempts: int = 3,
        backoff: float | timedelta = 0.25,
        max_wait: float | timedelta = 30.0,
        statuses: Iterable[int] = _STATUSES,
    ) -> None:
        if isinstance(max_attempts, bool) or not isinstance(max_attempts, int) or max_attempts < 1:
            raise InvalidRequest(f"max_attempts must be an integer >= 1, got {max_attempts!r}")
        backoff, max_wait = as_seconds(backoff), as_seconds(max_wait)
        check_seconds("backoff", backoff, or_zero=True, or_none=False)
        check_seconds("max_wait", max_wait, or_zero=True, or_none=False)
        vars(self).update(
            max_attempts=max_attempts,
            backoff=backoff,
            max_wait=max_wait,
            statuses=_as_statuses(statuses),
        )

    def __repr__(self) -> str:
        shown = {**vars(self), "statuses": sorted(self.statuses)}
        arguments = ", ".join(f"{name}={value!r}" for name, value in shown.items())
        return f"{type(self).__name__}({arguments})"

    @classmethod
    def none(cls) -> Self:
        """Make the policy without retries; `retries=None` means the same."""
        return cls(max_attempts=1)

    def pause(self, attempts: int, asked: float | None = None) -> float:
        """Choose how long to wait before the next attempt.

        Args:
            attempts: How many there were.
            asked: What the server asked for, in seconds; None for nothing.

        Returns:
            Seconds.
        """
        # Not longer than max_wait by far, and no overflow however many attempts there are.
        longest: float = min(self.max_wait, self.backoff * 2.0 ** min(attempts - 1, 60))
        part = _random() / 2
        return longest * (1 - part) if asked is None else asked + min(self.backoff, longest) * part


def _as_statuses(value: Iterable[int]) -> frozenset[int]:
    try:
        statuses = frozenset(value)
    except TypeError:
        raise InvalidRequest(f"statuses must be a list of integers, got {value!r}") from None
    if not all(type(status) is int and 400 <= status <= 599 for status in statuses):
        raise InvalidRequest("statuses must be integers from 400 to 599")
    return statuses


# Tests replace it.
def _random() -> float:
    """Return a number from 0 to 1."""
    import random  # which few programs need, and which takes time to load

    return random.random()  # noqa: S311 - no secret depends on it


def check_retries(retries: Retries | None) -> Retries | None:
    """Check a client's policy.

    Args:
        retries: The policy; None for never.

    Returns:
        The same.

    Raises:
        InvalidRequest: It is something else.
    """
    if retries is not None and not isinstance(retries, Retries):
        raise InvalidRequest(
            f"retries must be {PUBLIC_PACKAGE}.Retries(...) or None, got {type(retries).__name__}"
        )
    return retries


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read for how long a server wants to be left alone.

    Args:
        headers: The headers of its response.

    Returns:
        Seconds; None if it does not say, or not in a way that can be understood.
    """
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:18])
    moment = _timestamp(text)
    if moment is None:
        return None
    # By the server's own clock where it tells, because ours may be wrong.
    now = _timestamp(headers.get("Date", ""))
    if now is None:
        import time

        now = time.time()
    return max(0.0, moment - now)


def _timestamp(text: str) -> float | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text).timestamp()
    except (OverflowError, TypeError, ValueError):
        return None


publish("", (Retries,))
