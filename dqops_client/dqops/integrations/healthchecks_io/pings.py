"""Pings: which operation sends one, with which arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dqops.client.types import UNSET

from .arguments import check_uuid, ping_slug, run_identifier
from .exceptions import BadAPIRequestError
from .logs import encoded, tail

if TYPE_CHECKING:
    from uuid import UUID

__all__ = ["PingCall", "ping_call"]

_LARGEST_EXIT_STATUS = 255


@dataclass(frozen=True)
class PingCall:
    """A ping to be sent.

    Args:
        kind: `success`, `start`, `failure`, `log` or `exit_status`.
        operation: The generated operation.
        path: Its positional arguments.
        options: Its keyword arguments.
    """

    kind: str
    operation: Any
    path: tuple[Any, ...] = field(repr=False)
    options: dict[str, Any] = field(repr=False)


def ping_call(
    kind: str,
    *,
    ping_key: str,
    uuid: UUID | str,
    slug: str,
    data: object,
    limit: int,
    run_id: UUID | str | None,
    create: bool,
    exit_code: int | None = None,
) -> PingCall:
    """Choose the operation of a ping, and check its arguments.

    Args:
        kind: `success`, `start`, `failure`, `log` or `exit_status`.
        ping_key: The ping key of the project.
        uuid: The id of the check, or an empty string.
        slug: The slug of the check, or an empty string.
        data: The body; empty for none.
        limit: How many bytes of the body the server keeps; of more the end is sent.
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
    place: tuple[Any, ...]
    try:
        place = (ping_key, ping_slug(slug)) if slug else (check_uuid(uuid),)
        rid = run_identifier(run_id)
    except BadAPIRequestError as error:
        # Tools show the local variables of a traceback.
        del ping_key, uuid
        raise error.with_traceback(None) from None
    name = f"{__package__}.client.api.pinging.send_{kind}{'_by_slug' if slug else ''}"
    text = tail(encoded(data), limit)
    options: dict[str, Any] = {"text_body": text or UNSET, "rid": rid}
    if create:
        options["create"] = 1
    path = place if exit_code is None else (*place, exit_code)
    return PingCall(kind, import_module(name), path, options)


def _problem(
    uuid: UUID | str, slug: str, ping_key: str, exit_code: int | None, *, create: bool
) -> str:
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
        return f"exit_code must be an integer from 0 to 255, got {exit_code!r}"
    return ""
