"""The Management API, blocking: checks, and what belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dqops.client.errors import DecodeError

from ..base import Base, limit_to_send, tags_to_send
from ..models import Badges, Check, CheckPings, CheckStatuses, Integration
from ..specs import complete_unique
from ..statuses import flips_of_array, required, translated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..specs import CheckCreate

__all__ = ["Management"]


class Management(Base):
    """The part of a client that needs an API key."""

    def create_check(self, new_check: CheckCreate) -> Check:
        """Create a check; with `unique`, change one that exists.

        Args:
            new_check: What it is to be.

        Returns:
            The check as it is now.

        Raises:
            HCAPIError: The server refused it; `CheckLimitReachedError` if there is no room.
            BadAPIRequestError: A slug was given, and `api_version` is below 3; or `unique` names
                the slug, and there is none.
        """
        from ..client.api.checks import create_check

        with translated():
            spec = self._spec(new_check)
            complete_unique(spec)
            return Check.of(required(create_check.sync(client=self._api, json_body=spec)))

    def update_check(self, uuid: str, update_check: CheckCreate) -> Check:
        """Change a check.

        Args:
            uuid: Its id.
            update_check: What is to be different, as a `CheckUpdate`.

        Returns:
            The check as it is now.

        Raises:
            HCAPIError: The server refused it.
            BadAPIRequestError: A slug was given, and `api_version` is below 3.
        """
        from ..client.api.checks import update_check as operation

        with translated():
            spec = self._spec(update_check)
            found = operation.sync(uuid, client=self._api, json_body=spec)
            return Check.of(required(found))

    def get_checks(
        self, tags: Iterable[str] | None = None, *, slug: str | None = None
    ) -> list[Check]:
        """List the checks of the project.

        Args:
            tags: Only those that have all these tags.
            slug: Only those with this slug.

        Returns:
            The checks.

        Raises:
            HCAPIError: The server refused it.
        """
        from ..client.api.checks import list_checks

        with translated():
            found = list_checks.sync(client=self._api, tag=tags_to_send(tags), slug=slug)
            return [Check.of(check) for check in required(found).checks]

    def get_check(self, check_id: str) -> Check:
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
            return Check.of(required(get_check.sync(check_id, client=self._api)))

    def pause_check(self, check_id: str) -> Check:
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
            return Check.of(required(pause_check.sync(check_id, client=self._api)))

    def resume_check(self, check_id: str) -> Check:
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
            return Check.of(required(resume_check.sync(check_id, client=self._api)))

    def delete_check(self, check_id: str) -> Check:
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
            return Check.of(required(delete_check.sync(check_id, client=self._api)))

    def get_check_pings(self, check_id: str) -> list[CheckPings]:
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
            found = list_pings.sync(check_id, client=self._api)
            return [CheckPings.of_ping(ping) for ping in required(found).pings]

    def get_ping_body(self, check_id: str, number: int) -> bytes:
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
            found = get_ping_body.sync(check_id, number, client=self._api)
            return required(found).payload.read()

    def get_check_flips(
        self,
        check_id: str,
        seconds: int | None = None,
        start: int | None = None,
        end: int | None = None,
    ) -> list[CheckStatuses]:
        """List when a check went up and down. A negative number counts as None.

        Args:
            check_id: Its uuid or its unique key.
            seconds: Only changes of the last so many seconds.
            start: Only changes from this moment on, in seconds since 1970.
            end: Only changes before this moment, in seconds since 1970.

        Returns:
            The changes, the newest first.

        Raises:
            CheckNotFoundError: There is no such check.
            HCAPIError: The server refused it.
        """
        from ..client.api.flips import list_flips

        with translated():
            try:
                found = list_flips.sync(
                    check_id,
                    client=self._api,
                    seconds=limit_to_send(seconds),
                    start=limit_to_send(start),
                    end=limit_to_send(end),
                )
                flips = required(found).flips
            except DecodeError as error:
                flips = flips_of_array(error)
            return [CheckStatuses.of(flip) for flip in flips]

    def get_integrations(self) -> list[Integration]:
        """List the integrations of the project.

        Returns:
            The integrations.

        Raises:
            HCAPIError: The server refused it.
        """
        from ..client.api.integrations import list_channels

        with translated():
            found = list_channels.sync(client=self._api)
            return [Integration.of(channel) for channel in required(found).channels]

    def get_badges(self) -> dict[str, Badges]:
        """List the badges of the project.

        Returns:
            The badges by tag; `*` is that of all checks.

        Raises:
            HCAPIError: The server refused it.
        """
        from ..client.api.badges import list_badges

        with translated():
            found = required(list_badges.sync(client=self._api))
            return {tag: Badges.of(found.badges[tag]) for tag in found.badges}
