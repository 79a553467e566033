"""The Management API, asynchronous: checks, and what belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from dqops.client.errors import DecodeError

from ..arguments import (
    check_identifier,
    check_uuid,
    moment_to_send,
    ping_number,
    seconds_to_send,
    tags_to_send,
)
from ..badges import badge_operation, tag_of
from ..base import Base
from ..exceptions import CheckNotFoundError
from ..models import Badges, BadgeStatus, Check, CheckPings, CheckStatuses, Integration
from ..specs import complete_unique
from ..statuses import flips_of_array, required, translated

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from ..specs import CheckCreate

__all__ = ["Management"]

_CREATED = 201


class Management(Base):
    """The part of a client that needs an API key."""

    async def create_check(self, new_check: CheckCreate) -> Check:
        """Create a check; with `unique`, change one that exists.

        Args:
            new_check: What it is to be.

        Returns:
            The check as it is now; `was_created` tells whether it is new.

        Raises:
            InvalidRequest: `new_check` is not a `CheckCreate`.
            HCAPIError: The server refused it; `CheckLimitReachedError` if there is no room.
            BadAPIRequestError: A slug was given, and `api_version` is below 3; or `unique` names
                the slug, and there is none.
        """
        from ..client.api.checks import create_check

        with translated():
            spec = self._spec(new_check, "new_check")
            complete_unique(spec)
            response = await create_check.asyncio_detailed(client=self._api, json_body=spec)
            check = Check.of(required(response.parsed))
            check.was_created = response.status_code == _CREATED
            return check

    async def update_check(self, uuid: UUID | str, update_check: CheckCreate) -> Check:
        """Change a check.

        Args:
            uuid: Its id.
            update_check: What is to be different, as a `CheckUpdate`.

        Returns:
            The check as it is now.

        Raises:
            InvalidRequest: `update_check` is not a `CheckUpdate`.
            HCAPIError: The server refused it.
            BadAPIRequestError: `uuid` is not a UUID; or a slug was given, and `api_version` is
                below 3.
        """
        from ..client.api.checks import update_check as operation

        with translated():
            check_id = check_uuid(uuid)
            spec = self._spec(update_check, "update_check")
            found = await operation.asyncio(check_id, client=self._api, json_body=spec)
            return Check.of(required(found))

    async def get_checks(
        self, tags: str | Iterable[str] | None = None, *, slug: str | None = None
    ) -> list[Check]:
        """List the checks of the project.

        Args:
            tags: Only those that have all these tags; a string has blanks between them.
            slug: Only those with this slug.

        Returns:
            The checks.

        Raises:
            HCAPIError: The server refused it.
        """
        from ..client.api.checks import list_checks

        with translated():
            found = await list_checks.asyncio(client=self._api, tag=tags_to_send(tags), slug=slug)
            return [Check.of(check) for check in required(found).checks]

    async def get_check(self, check_id: UUID | str) -> Check:
        """Look a check up.

        Args:
            check_id: Its uuid or its unique key.

        Returns:
            The check.

        Raises:
            CheckNotFoundError: There is none.
            HCAPIError: The server refused it.
        """
        from ..client.api.checks import get_check

        with translated():
            return Check.of(
                required(await get_check.asyncio(check_identifier(check_id), client=self._api))
            )

    async def pause_check(self, check_id: UUID | str) -> Check:
        """Stop watching a check until the next ping, or until it is resumed.

        Args:
            check_id: Its uuid.

        Returns:
            The check as it is now.

        Raises:
            CheckNotFoundError: There is none.
            HCAPIError: The server refused it.
        """
        from ..client.api.checks import pause_check

        with translated():
            return Check.of(
                required(await pause_check.asyncio(check_uuid(check_id), client=self._api))
            )

    async def resume_check(self, check_id: UUID | str) -> Check:
        """Watch a paused check again.

        Args:
            check_id: Its uuid.

        Returns:
            The check as it is now.

        Raises:
            CheckNotFoundError: There is none.
            HCAPIError: The server refused it, for example because it is not paused (409).
        """
        from ..client.api.checks import resume_check

        with translated():
            return Check.of(
                required(await resume_check.asyncio(check_uuid(check_id), client=self._api))
            )

    async def delete_check(self, check_id: UUID | str) -> Check:
        """Delete a check.

        Args:
            check_id: Its uuid.

        Returns:
            The check as it was.

        Raises:
            CheckNotFoundError: There is none.
            HCAPIError: The server refused it.
        """
        from ..client.api.checks import delete_check

        with translated():
            return Check.of(
                required(await delete_check.asyncio(check_uuid(check_id), client=self._api))
            )

    async def get_check_pings(self, check_id: UUID | str) -> list[CheckPings]:
        """List the pings that a check has got, as many as the account keeps.

        Args:
            check_id: Its uuid.

        Returns:
            The pings, the newest first.

        Raises:
            CheckNotFoundError: There is no such check.
            HCAPIError: The server refused it.
        """
        from ..client.api.pings import list_pings

        with translated():
            found = await list_pings.asyncio(check_uuid(check_id), client=self._api)
            return [CheckPings.of_ping(ping) for ping in required(found).pings]

    async def get_ping_body(self, check_id: UUID | str, number: int) -> bytes:
        """Get what was sent with a ping.

        Args:
            check_id: The uuid of the check.
            number: The ping's number, `CheckPings.number_of_pings`.

        Returns:
            The body as it came, so far as the server keeps it.

        Raises:
            CheckNotFoundError: There is no such check or ping, or it had no body.
            HCAPIError: The server refused it.
        """
        from ..client.api.pings import get_ping_body

        with translated():
            found = await get_ping_body.asyncio(
                check_uuid(check_id), ping_number(number), client=self._api
            )
            return required(found).payload.read()

    async def get_check_flips(
        self,
        check_id: UUID | str,
        seconds: float | timedelta | None = None,
        start: float | datetime | None = None,
        end: float | datetime | None = None,
    ) -> list[CheckStatuses]:
        """List when a check went up and down, was paused and resumed.

        A negative number counts as None; 0 seconds are no limit for the server.

        Args:
            check_id: Its uuid or its unique key.
            seconds: Only changes of the last so many seconds, or of this timedelta.
            start: Only changes from this moment on: a datetime, or seconds since 1970.
            end: Only changes before this moment: a datetime, or seconds since 1970. A datetime
                without a time zone is local, as everywhere in Python.

        Returns:
            The changes, the newest first.

        Raises:
            CheckNotFoundError: There is no such check.
            HCAPIError: The server refused it.
        """
        from ..client.api.flips import list_flips

        with translated():
            try:
                found = await list_flips.asyncio(
                    check_identifier(check_id),
                    client=self._api,
                    seconds=seconds_to_send(seconds),
                    start=moment_to_send("start", start),
                    end=moment_to_send("end", end),
                )
                flips = required(found).flips
            except DecodeError as error:
                flips = flips_of_array(error)
            return [CheckStatuses.of(flip) for flip in flips]

    async def get_integrations(self) -> list[Integration]:
        """List the integrations of the project.

        Returns:
            The integrations.

        Raises:
            HCAPIError: The server refused it.
        """
        from ..client.api.integrations import list_channels

        with translated():
            found = await list_channels.asyncio(client=self._api)
            return [Integration.of(channel) for channel in required(found).channels]

    async def get_badges(self) -> dict[str, Badges]:
        """List the badges of the project.

        Returns:
            The badges by tag; `*` is that of all checks.

        Raises:
            HCAPIError: The server refused it.
        """
        from ..client.api.badges import list_badges

        with translated():
            found = required(await list_badges.asyncio(client=self._api))
            return {tag: Badges.of(found.badges[tag]) for tag in found.badges}

    async def get_badge_status(self, badge: Badges | Check | str = "*") -> BadgeStatus:
        """Read what a badge shows.

        Args:
            badge: A tag, `*` for all checks, a check, or what `get_badges` returned for a tag.

        Returns:
            The worst state of the checks, and how many are late or down.

        Raises:
            InvalidRequest: It is neither, or has no badge.
            CheckNotFoundError: No check has the tag, or the badge does not exist.
            HCAPIError: The server refused it.
        """
        tag = tag_of(badge)
        if tag is not None:
            found = (await self.get_badges()).get(tag)
            if found is None:
                raise CheckNotFoundError(f"no check has the tag {tag!r}")
            badge = found
        operation, path = badge_operation(badge)
        with translated():
            return BadgeStatus.of(required(await operation.asyncio(*path, client=self._pages)))

    async def get_project_metrics(self, project_id: UUID | str) -> str:
        """Read the metrics of a project. This needs a client with a read-only key as `api_key`.

        Args:
            project_id: The UUID of the project, which the URLs of its pages have.

        Returns:
            The metrics in the text format of Prometheus.

        Raises:
            HCAPIAuthError: The key can write, or is unknown.
            HCAPIError: The server refused it.
        """
        from ..client.api.projects import get_project_metrics

        with translated():
            identifier = UUID(check_uuid(project_id, "project_id"))
            client = self._metrics_client
            return required(await get_project_metrics.asyncio(identifier, client=client))
