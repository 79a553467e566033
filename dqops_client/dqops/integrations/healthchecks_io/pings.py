"""Pings: which operation sends one, and when it is sent again."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dqops.client._retries import retry_after
from dqops.client.errors import TransportFailure, UnexpectedStatus
from dqops.client.types import UNSET

from .exceptions import BadAPIRequestError

if TYPE_CHECKING:
    from uuid import UUID

    from dqops.client import Retries
    from dqops.client.errors import ClientError

__all__ = ["PingCall", "PingRetries", "ping_call"]

_LARGEST_EXIT_STATUS = 255


@dataclass(frozen=True)
class PingCall:
    """A ping to be sent.

    Args:
        operation: The generated operation.
        path: Its positional arguments.
        options: Its keyword arguments.
    """

    operation: Any
    path: tuple[Any, ...] = field(repr=False)
    options: dict[str, Any] = field(repr=False)


def ping_call(
    kind: str,
    *,
    ping_key: str,
    uuid: str,
    slug: str,
    data: str,
    run_id: UUID | str | None,
    create: bool,
    exit_code: int | None = None,
) -> PingCall:
    """Choose the operation of a ping, and check its arguments.

    Args:
        kind: `success`, `start`, `failure`, `log` or `exit_status`.
        ping_key: The ping key of the project.
        uuid: The id of the check, or an empty text.
        slug: The slug of the check, or an empty text.
        data: The body; empty for none.
        run_id: The id of the run.
        create: Whether a check that does not exist is created.
        exit_code: The exit status for that kind.

    Returns:
        The ping.

    Raises:
        BadAPIRequestError: The arguments name no check, or cannot be sent.
    """
    problem = _problem(uuid, slug, ping_key, exit_code, create=create)
    if problem:
        del ping_key
        raise BadAPIRequestError(f"{problem}; nothing was sent")
    name = f"{__package__}.client.api.pinging.send_{kind}{'_by_slug' if slug else ''}"
    place: tuple[Any, ...] = (ping_key, slug) if slug else (str(uuid).lower(),)
    options: dict[str, Any] = {"text_body": data or UNSET, "rid": run_id or UNSET}
    if create:
        options["create"] = 1
    path = place if exit_code is None else (*place, exit_code)
    return PingCall(import_module(name), path, options)


def _problem(uuid: str, slug: str, ping_key: str, exit_code: int | None, *, create: bool) -> str:
    if not uuid and not slug:
        return "a ping needs the uuid or the slug of a check"
    if uuid and slug:
        return "a ping takes the uuid or the slug of a check, not both"
    if slug and not ping_key:
        return "a ping by slug needs a client with ping_key"
    if create and uuid:
        return "create=True needs a slug: a check with a given uuid cannot be created"
    if exit_code is not None and not (
        type(exit_code) is int and 0 <= exit_code <= _LARGEST_EXIT_STATUS
    ):
        return f"exit_code must be a whole number from 0 to 255, not {exit_code!r}"
    return ""


class PingRetries:
    """Whether a ping is sent again, for which the runtime takes a POST to be too dangerous.

    What the runtime does not repeat is an answer of 429, 502, 503 or 504, and a connection that
    broke. A ping that comes twice does no harm: it says the same, about the same run.

    Args:
        retries: The policy; None for never.
        deadline: Seconds for all attempts.
    """

    def __init__(self, retries: Retries | None, deadline: float) -> None:
        self._retries = retries
        self._attempts = 0
        self._end = time.monotonic() + deadline

    @property
    def seconds_left(self) -> float:
        """Seconds for the next attempt."""
        return max(0.001, self._end - time.monotonic())

    def pause_after(self, error: ClientError) -> float | None:
        """Decide what follows on an attempt that failed.

        Args:
            error: What it raised.

        Returns:
            How many seconds to wait before the next attempt; None for the end.
        """
        self._attempts += 1
        retries = self._retries
        if retries is None or self._attempts >= retries.max_attempts:
            return None
        asked = None
        if isinstance(error, UnexpectedStatus):
            if error.status_code not in retries.statuses:
                return None
            asked = retry_after(error.headers)
        # A failure before anything was sent has been repeated already.
        elif not isinstance(error, TransportFailure) or error.is_unsent or not error.is_passing:
            return None
        if asked is not None and asked > retries.max_wait:
            return None
        pause = retries.pause(self._attempts, asked)
        return None if time.monotonic() + pause >= self._end else pause
