"""The Pinging API, asynchronous: what jobs send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dqops.client.errors import DecodeError, TransportFailure, UnexpectedStatus

from ..base import PING_DEADLINE, Base
from ..statuses import PingResult, read_ping, read_refusal

if TYPE_CHECKING:
    from uuid import UUID

    from ..pings import PingCall

__all__ = ["Pinging"]


class Pinging(Base):
    """The part of a client that sends pings."""

    async def success_ping(
        self,
        uuid: UUID | str = "",
        slug: str = "",
        data: str | bytes = "",
        *,
        run_id: UUID | str | None = None,
        create: bool = False,
    ) -> tuple[bool, str]:
        """Report that a job has succeeded.

        Args:
            uuid: The uuid of the check; or
            slug: its slug, which needs a ping key.
            data: What the check is to keep with the ping. Of more than the server keeps, the end
                is sent; what is not Unicode is escaped.
            run_id: An id for this run, the same for its start and its end.
            create: Whether to create the check if there is none with this slug.

        Returns:
            Whether the server recorded the ping, and what it says.

        Raises:
            BadAPIRequestError: An argument is not valid; nothing was sent.
            CheckNotFoundError: There is no such check.
            NonUniqueSlugError: Several checks have this slug.
            HCAPIError: The server refused it.
            TransportFailure: No response came.
        """
        return await self._ping(self._ping_call("success", uuid, slug, data, run_id, create))

    async def start_ping(
        self,
        uuid: UUID | str = "",
        slug: str = "",
        data: str | bytes = "",
        *,
        run_id: UUID | str | None = None,
        create: bool = False,
    ) -> tuple[bool, str]:
        """Report that a job has started.

        Args:
            uuid: The uuid of the check; or
            slug: its slug, which needs a ping key.
            data: What the check is to keep with the ping. Of more than the server keeps, the end
                is sent; what is not Unicode is escaped.
            run_id: An id for this run, the same for its start and its end.
            create: Whether to create the check if there is none with this slug.

        Returns:
            Whether the server recorded the ping, and what it says.

        Raises:
            BadAPIRequestError: An argument is not valid; nothing was sent.
            CheckNotFoundError: There is no such check.
            NonUniqueSlugError: Several checks have this slug.
            HCAPIError: The server refused it.
            TransportFailure: No response came.
        """
        return await self._ping(self._ping_call("start", uuid, slug, data, run_id, create))

    async def fail_ping(
        self,
        uuid: UUID | str = "",
        slug: str = "",
        data: str | bytes = "",
        *,
        run_id: UUID | str | None = None,
        create: bool = False,
    ) -> tuple[bool, str]:
        """Report that a job has failed.

        Args:
            uuid: The uuid of the check; or
            slug: its slug, which needs a ping key.
            data: What the check is to keep with the ping. Of more than the server keeps, the end
                is sent; what is not Unicode is escaped.
            run_id: An id for this run, the same for its start and its end.
            create: Whether to create the check if there is none with this slug.

        Returns:
            Whether the server recorded the ping, and what it says.

        Raises:
            BadAPIRequestError: An argument is not valid; nothing was sent.
            CheckNotFoundError: There is no such check.
            NonUniqueSlugError: Several checks have this slug.
            HCAPIError: The server refused it.
            TransportFailure: No response came.
        """
        return await self._ping(self._ping_call("failure", uuid, slug, data, run_id, create))

    async def log_ping(
        self,
        uuid: UUID | str = "",
        slug: str = "",
        data: str | bytes = "",
        *,
        run_id: UUID | str | None = None,
        create: bool = False,
    ) -> tuple[bool, str]:
        """Keep a message with a check, without a change of its state.

        Args:
            uuid: The uuid of the check; or
            slug: its slug, which needs a ping key.
            data: What the check is to keep with the ping. Of more than the server keeps, the end
                is sent; what is not Unicode is escaped.
            run_id: An id for this run, the same for its start and its end.
            create: Whether to create the check if there is none with this slug.

        Returns:
            Whether the server recorded the ping, and what it says.

        Raises:
            BadAPIRequestError: An argument is not valid; nothing was sent.
            CheckNotFoundError: There is no such check.
            NonUniqueSlugError: Several checks have this slug.
            HCAPIError: The server refused it.
            TransportFailure: No response came.
        """
        return await self._ping(self._ping_call("log", uuid, slug, data, run_id, create))

    async def exit_code_ping(
        self,
        exit_code: int,
        uuid: UUID | str = "",
        slug: str = "",
        data: str | bytes = "",
        *,
        run_id: UUID | str | None = None,
        create: bool = False,
    ) -> tuple[bool, str]:
        """Report how a job has ended: 0 is success, all others are not.

        Args:
            exit_code: The exit status, from 0 to 255.
            uuid: The uuid of the check; or
            slug: its slug, which needs a ping key.
            data: What the check is to keep with the ping. Of more than the server keeps, the end
                is sent; what is not Unicode is escaped.
            run_id: An id for this run, the same for its start and its end.
            create: Whether to create the check if there is none with this slug.

        Returns:
            Whether the server recorded the ping, and what it says.

        Raises:
            BadAPIRequestError: An argument is not valid; nothing was sent.
            CheckNotFoundError: There is no such check.
            NonUniqueSlugError: Several checks have this slug.
            HCAPIError: The server refused it.
            TransportFailure: No response came.
        """
        return await self._ping(
            self._ping_call("exit_status", uuid, slug, data, run_id, create, exit_code)
        )

    async def _ping(self, call: PingCall) -> tuple[bool, str]:
        result = await self._send_ping(call)
        return result.is_recorded, result.text

    async def _send_ping(self, call: PingCall, deadline: float = PING_DEADLINE) -> PingResult:
        view = self._pinger.with_options(deadline=deadline)
        try:
            response = await call.operation.asyncio_detailed(
                *call.path, client=view, **call.options
            )
        except (DecodeError, UnexpectedStatus) as error:
            return read_refusal(error)
        except TransportFailure as error:
            raise self._without_ping_key(error) from error.__cause__
        return self._heard(read_ping(response))
