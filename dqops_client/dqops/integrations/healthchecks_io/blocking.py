"""The blocking client of Healthchecks.io."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from dqops.client.errors import ClientError, DecodeError, InvalidRequest

from .base import (
    API_URL,
    DEFAULT_RETRIES,
    DEFAULT_TIMEOUT,
    PING_DEADLINE,
    PING_URL,
    Base,
    limit_to_send,
    tags_to_send,
)
from .models import Badges, Check, CheckPings, CheckStatuses, Integration
from .pings import PingRetries
from .statuses import PingResult, flips_of_array, read_ping, required, translated

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from uuid import UUID

    import httpx
    from typing_extensions import Self

    from dqops.client import Retries

    from .pings import PingCall
    from .specs import CheckCreate

__all__ = ["Client"]


class Client(Base):
    """A client of Healthchecks.io.

    The API key goes to the Management API alone, never with a ping.

    Args:
        api_key: The API key of the project; needed for everything but pings.
        ping_key: The ping key of the project; needed for pings by slug.
        api_url: Where the Management API is, without its version; of a server of one's own
            `https://checks.example.org/api/`.
        ping_url: Where pings go to; of a server of one's own `https://checks.example.org/ping/`.
        api_version: The version of the Management API. With 1 and 2 the server makes slugs of
            names; with 3 they are chosen.
        client: An httpx client to use as it is, with its own time limits; leaving the `with` block
            closes it.
        timeout: Seconds that each step of a request may take.
        retries: When a request is sent again; None for never. Retry-After is obeyed. Pings are
            repeated, too.

    Raises:
        InvalidRequest: An argument cannot be used.
    """

    def __init__(
        self,
        api_key: str = "",
        ping_key: str = "",
        api_url: str = API_URL,
        ping_url: str = PING_URL,
        api_version: int = 1,
        client: httpx.Client | None = None,
        *,
        timeout: float | None = DEFAULT_TIMEOUT,
        retries: Retries | None = DEFAULT_RETRIES,
    ) -> None:
        try:
            super().__init__(
                api_key, ping_key, api_url, ping_url, api_version, timeout, retries, client
            )
        except InvalidRequest as error:
            # Tools show the local variables of a traceback.
            del api_key, ping_key, api_url, ping_url
            raise error.with_traceback(None) from None
        self._given = client
        if client is not None:
            self._site.set_httpx_client(client)
            self._pinger.set_httpx_client(client)

    def create_check(self, new_check: CheckCreate) -> Check:
        """Create a check; with `unique`, change one that exists.

        Args:
            new_check: What it is to be.

        Returns:
            The check as it is now.

        Raises:
            HCAPIError: The server refused it; `CheckLimitReachedError` if there is no room.
            BadAPIRequestError: A slug was given, and `api_version` is below 3.
        """
        from .client.api.checks import create_check

        with translated():
            spec = self._spec(new_check)
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
        from .client.api.checks import update_check as operation

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
        from .client.api.checks import list_checks

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
        from .client.api.checks import get_check

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
        from .client.api.checks import pause_check

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
        from .client.api.checks import resume_check

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
        from .client.api.checks import delete_check

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
        from .client.api.pings import list_pings

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
        from .client.api.pings import get_ping_body

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
        from .client.api.flips import list_flips

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
        from .client.api.integrations import list_channels

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
        from .client.api.badges import list_badges

        with translated():
            found = required(list_badges.sync(client=self._api))
            return {tag: Badges.of(found.badges[tag]) for tag in found.badges}

    def success_ping(
        self,
        uuid: str = "",
        slug: str = "",
        data: str = "",
        *,
        run_id: UUID | str | None = None,
        create: bool = False,
    ) -> tuple[bool, str]:
        """Tell that a job has succeeded.

        Args:
            uuid: The uuid of the check; or
            slug: its slug, which needs a ping key.
            data: What the check is to keep with the ping; the server keeps the beginning of it.
            run_id: An id for this run, the same for its start and its end.
            create: Whether to create the check if there is none with this slug.

        Returns:
            Whether the server recorded the ping, and what it says.

        Raises:
            BadAPIRequestError: The arguments name no check; nothing was sent.
            CheckNotFoundError: There is no such check.
            NonUniqueSlugError: Several checks have this slug.
            HCAPIError: The server refused it.
            TransportFailure: No answer came.
        """
        return self._ping(self._ping_call("success", uuid, slug, data, run_id, create))

    def start_ping(
        self,
        uuid: str = "",
        slug: str = "",
        data: str = "",
        *,
        run_id: UUID | str | None = None,
        create: bool = False,
    ) -> tuple[bool, str]:
        """Tell that a job has started.

        Args:
            uuid: The uuid of the check; or
            slug: its slug, which needs a ping key.
            data: What the check is to keep with the ping; the server keeps the beginning of it.
            run_id: An id for this run, the same for its start and its end.
            create: Whether to create the check if there is none with this slug.

        Returns:
            Whether the server recorded the ping, and what it says.

        Raises:
            BadAPIRequestError: The arguments name no check; nothing was sent.
            CheckNotFoundError: There is no such check.
            NonUniqueSlugError: Several checks have this slug.
            HCAPIError: The server refused it.
            TransportFailure: No answer came.
        """
        return self._ping(self._ping_call("start", uuid, slug, data, run_id, create))

    def fail_ping(
        self,
        uuid: str = "",
        slug: str = "",
        data: str = "",
        *,
        run_id: UUID | str | None = None,
        create: bool = False,
    ) -> tuple[bool, str]:
        """Tell that a job has failed.

        Args:
            uuid: The uuid of the check; or
            slug: its slug, which needs a ping key.
            data: What the check is to keep with the ping; the server keeps the beginning of it.
            run_id: An id for this run, the same for its start and its end.
            create: Whether to create the check if there is none with this slug.

        Returns:
            Whether the server recorded the ping, and what it says.

        Raises:
            BadAPIRequestError: The arguments name no check; nothing was sent.
            CheckNotFoundError: There is no such check.
            NonUniqueSlugError: Several checks have this slug.
            HCAPIError: The server refused it.
            TransportFailure: No answer came.
        """
        return self._ping(self._ping_call("failure", uuid, slug, data, run_id, create))

    def log_ping(
        self,
        uuid: str = "",
        slug: str = "",
        data: str = "",
        *,
        run_id: UUID | str | None = None,
        create: bool = False,
    ) -> tuple[bool, str]:
        """Keep a text with a check, without a change of its state.

        Args:
            uuid: The uuid of the check; or
            slug: its slug, which needs a ping key.
            data: What the check is to keep with the ping; the server keeps the beginning of it.
            run_id: An id for this run, the same for its start and its end.
            create: Whether to create the check if there is none with this slug.

        Returns:
            Whether the server recorded the ping, and what it says.

        Raises:
            BadAPIRequestError: The arguments name no check; nothing was sent.
            CheckNotFoundError: There is no such check.
            NonUniqueSlugError: Several checks have this slug.
            HCAPIError: The server refused it.
            TransportFailure: No answer came.
        """
        return self._ping(self._ping_call("log", uuid, slug, data, run_id, create))

    def exit_code_ping(
        self,
        exit_code: int,
        uuid: str = "",
        slug: str = "",
        data: str = "",
        *,
        run_id: UUID | str | None = None,
        create: bool = False,
    ) -> tuple[bool, str]:
        """Tell how a job has ended: 0 is success, all others are not.

        Args:
            exit_code: The exit status, from 0 to 255.
            uuid: The uuid of the check; or
            slug: its slug, which needs a ping key.
            data: What the check is to keep with the ping; the server keeps the beginning of it.
            run_id: An id for this run, the same for its start and its end.
            create: Whether to create the check if there is none with this slug.

        Returns:
            Whether the server recorded the ping, and what it says.

        Raises:
            BadAPIRequestError: The arguments name no check; nothing was sent.
            CheckNotFoundError: There is no such check.
            NonUniqueSlugError: Several checks have this slug.
            HCAPIError: The server refused it.
            TransportFailure: No answer came.
        """
        return self._ping(
            self._ping_call("exit_status", uuid, slug, data, run_id, create, exit_code)
        )

    def _ping(self, call: PingCall) -> tuple[bool, str]:
        result = self._send_ping(call)
        return result.is_recorded, result.text

    def _send_ping(self, call: PingCall, deadline: float = PING_DEADLINE) -> PingResult:
        retries = PingRetries(self._retries, deadline)
        while True:
            view = self._pinger.with_options(deadline=retries.seconds_left)
            try:
                answer = call.operation.sync_detailed(*call.path, client=view, **call.options)
            except ClientError as error:
                pause = retries.pause_after(error)
                failure = error
            else:
                return read_ping(answer)
            if pause is None:
                return self._read_ping_error(failure)
            time.sleep(pause)

    @property
    def is_closed(self) -> bool:
        """Whether the client was closed; one that was not given can be used again all the same."""
        return self._is_closed if self._given is None else self._given.is_closed

    def close(self) -> None:
        """Close all connections, and the httpx client that was given."""
        self._is_closed = True
        if self._given is not None:
            self._given.close()
        self._site.close()
        self._management.close()
        self._pinger.close()

    def __enter__(self) -> Self:
        """Return the client itself."""
        self._is_closed = False
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Close all connections."""
        self.close()
