"""`CheckTrap`: a block of code, or a job of DQOps, that a check watches."""

from __future__ import annotations

import asyncio
import logging
import traceback
from subprocess import CalledProcessError
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID, uuid4

from dqops.client.errors import ClientError, InvalidRequest

from .aio import AsyncClient
from .arguments import check_uuid, ping_slug
from .base import PING_DEADLINE
from .blocking import Client
from .exceptions import BadAPIRequestError, PingFailedError, WrongClientError
from .logs import RunLog

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from dqops.jobs import Outcome

    from .pings import PingCall
    from .statuses import PingResult

__all__ = ["CheckTrap"]

_logger = logging.getLogger("dqops.integrations.healthchecks_io")

_SEVERITIES = ("warning", "error", "fatal")
# Seconds: somebody pressed Ctrl-C, or a task is to end.
_INTERRUPTED_DEADLINE = 5.0
_LARGEST_EXIT_STATUS, _SIGNALLED = 255, 128


class CheckTrap:
    """Tells a check when a block of code starts, and whether it succeeded or failed.

        with CheckTrap(client, uuid="...") as trap:
            trap.add_log("12 tables read")

    With an `AsyncClient`, write `async with`. A failure is sent with the log and the traceback, of
    which the end is kept. Each run has an id of its own, so that runs of several machines are not
    mixed up. A trap can be used again, for one run at a time.

    `SystemExit(0)` is success. KeyboardInterrupt, `SystemExit` and cancellation are told as a
    failure and go on; with the exit status, if there is one (`SystemExit(3)`,
    `subprocess.CalledProcessError`). Trouble with Healthchecks.io is logged
    (`dqops.integrations.healthchecks_io`) and neither stops nor hides the job, unless `strict` asks
    for it.

    It is a heartbeat for `dqops.jobs`, too: `run_checks(..., heartbeat=CheckTrap(client, ...))`.
    The outcome is then judged by its severities, and sent as the log.

    Args:
        client: The client that sends the pings.
        uuid: The uuid of the check; or
        slug: its slug, which needs a client with `ping_key`.
        suppress_exceptions: Whether exceptions of the block end with it. Those that are no
            `Exception` go on all the same.
        create: Whether to create the check if there is none with this slug.
        strict: Whether trouble with a ping of start or success raises; the block does not run then,
            or its success is not told. A failing ping never takes the place of the exception of the
            block.
        start_log: What is sent with the ping of the start. A check that looks for keywords in HTTP
            bodies takes a start without `start_kw` in it for something else.
        fail_at: As a heartbeat: the lowest severity that is a failure.

    Attributes:
        run_id: The id of the run; None before the first.

    Raises:
        BadAPIRequestError: Neither or both of `uuid` and `slug` were given, or it is not valid.
        InvalidRequest: `fail_at` is not a severity.
    """

    def __init__(
        self,
        client: Client | AsyncClient,
        uuid: UUID | str = "",
        slug: str = "",
        suppress_exceptions: bool = False,
        *,
        create: bool = False,
        strict: bool = False,
        start_log: str = "start",
        fail_at: Literal["warning", "error", "fatal"] = "error",
    ) -> None:
        if bool(uuid) == bool(slug):
            raise BadAPIRequestError("CheckTrap takes the uuid or the slug of a check")
        if slug:
            slug = ping_slug(slug)
        else:
            uuid = check_uuid(uuid)
        if fail_at not in _SEVERITIES:
            raise InvalidRequest(
                f"fail_at must be one of {', '.join(_SEVERITIES)}, got {fail_at!r}"
            )
        self._client = client
        self._uuid = uuid
        self._slug = slug
        self._suppresses = suppress_exceptions
        self._creates = create
        self._is_strict = strict
        self._fail_at = fail_at
        self._log = RunLog()
        self._start_log = start_log
        self.run_id: UUID | None = None

    def add_log(self, line: object) -> None:
        """Add a line to the log that is sent at the end.

        Args:
            line: The line.
        """
        self._log.add(line)

    def __enter__(self) -> Self:
        """Tell that the block starts."""
        if not isinstance(self._client, Client):
            raise WrongClientError("`with` needs a Client; with an AsyncClient write `async with`")
        self._tell(self._begin())
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        exc_traceback: TracebackType | None,
    ) -> bool:
        """Tell how the block ended."""
        self._tell(self._end(exc_value), exc_value)
        return self._suppresses and isinstance(exc_value, Exception)

    async def __aenter__(self) -> Self:
        """Tell that the block starts."""
        if not isinstance(self._client, AsyncClient):
            raise WrongClientError("`async with` needs an AsyncClient; with a Client write `with`")
        await self._tell_async(self._begin())
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        exc_traceback: TracebackType | None,
    ) -> bool:
        """Tell how the block ended."""
        await self._tell_async(self._end(exc_value), exc_value)
        return self._suppresses and isinstance(exc_value, Exception)

    def started(self) -> Any:
        """Report that a job starts; `dqops.jobs` calls it.

        Returns:
            None, or with an `AsyncClient` what has to be awaited.
        """
        return self._deliver(self._begin())

    def finished(self, outcome: Outcome[Any]) -> Any:
        """Tell how a job ended, by its severities; `dqops.jobs` calls it.

        Args:
            outcome: What came out.

        Returns:
            None, or with an `AsyncClient` what has to be awaited.
        """
        if not isinstance(self._client, Client):
            self._check_event_loop()
            return self._finished_async(outcome)
        problem = ""
        # Other jobs have no severities: that they finished is all there is.
        if outcome.kind == "run_checks":
            try:
                outcome.raise_for_severity(self._fail_at)
            except ClientError as error:
                problem = str(error)
        return self._deliver(self._judged(outcome, problem))

    async def _finished_async(self, outcome: Outcome[Any]) -> None:
        problem = ""
        if outcome.kind == "run_checks":
            from dqops.jobs import aio

            try:
                await aio.raise_for_severity(outcome, self._fail_at)
            except ClientError as error:
                problem = str(error)
        await self._tell_async(self._judged(outcome, problem))

    def _judged(self, outcome: Outcome[Any], problem: str) -> PingCall:
        """Ping that the data is good, or that it is not, or that it could not be judged."""
        self._log.add(f"{outcome}\n{problem}" if problem else str(outcome))
        return self._ping("failure" if problem else "success")

    def failed(self, error: BaseException) -> Any:
        """Tell that a job has no outcome; `dqops.jobs` calls it.

        Args:
            error: Why.

        Returns:
            None, or with an `AsyncClient` what has to be awaited.
        """
        return self._deliver(self._end(error), error)

    def _begin(self) -> PingCall:
        self.run_id = uuid4()
        self._log = RunLog()
        return self._ping("start")

    def _end(self, error: BaseException | None) -> PingCall:
        if error is None or _is_success(error):
            return self._ping("success")
        self._log.add(_describe(error))
        status = _exit_status(error)
        return self._ping("failure" if status is None else "exit_status", status)

    def _ping(self, kind: str, exit_status: int | None = None) -> PingCall:
        data = self._start_log if kind == "start" else self._log.read()
        return self._client._ping_call(
            kind, self._uuid, self._slug, data, self.run_id, self._creates, exit_status
        )

    def _deliver(self, call: PingCall, error: BaseException | None = None) -> Any:
        if isinstance(self._client, Client):
            return self._tell(call, error)
        self._check_event_loop()
        return self._tell_async(call, error)

    def _check_event_loop(self) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            raise WrongClientError(
                "a heartbeat with an AsyncClient is for dqops.jobs.aio; use a Client here"
            ) from None

    def _tell(self, call: PingCall, error: BaseException | None = None) -> None:
        assert isinstance(self._client, Client)
        try:
            self._hear(self._client._send_ping(call, _deadline(error)))
        except Exception as trouble:
            self._bear(trouble, error)

    async def _tell_async(self, call: PingCall, error: BaseException | None = None) -> None:
        assert isinstance(self._client, AsyncClient)
        # anyio comes with httpx. In a scope that was cancelled nothing could be sent any more, and
        # how a run ended has to be told in any case.
        import anyio

        try:
            with anyio.CancelScope(shield=call.kind != "start"):
                self._hear(await self._client._send_ping(call, _deadline(error)))
        except Exception as trouble:
            self._bear(trouble, error)

    def _hear(self, result: PingResult) -> None:
        if not result.is_recorded:
            raise PingFailedError(
                f"the ping was not recorded; the server says: {result.text[:200]!r}",
                reason=result.text,
            )

    def _bear(self, trouble: Exception, error: BaseException | None) -> None:
        """Log what went wrong with a ping, unless the caller wants to know."""
        if self._is_strict and error is None:
            raise trouble
        # Whoever knows the whole uuid can send pings.
        name = self._slug or f"{str(self._uuid)[:8]}..."
        _logger.warning(
            "Could not report this run of %r to Healthchecks.io: %s: %s",
            name,
            type(trouble).__name__,
            trouble,
        )


def _deadline(error: BaseException | None) -> float:
    is_interrupt = error is not None and not isinstance(error, Exception)
    return _INTERRUPTED_DEADLINE if is_interrupt else PING_DEADLINE


def _is_success(error: BaseException) -> bool:
    """Tell whether Python ends with status 0; the code of an exit may be any object."""
    if not isinstance(error, SystemExit):
        return False
    return error.code is None or (isinstance(error.code, int) and error.code == 0)


def _exit_status(error: BaseException) -> int | None:
    """Find the exit status of a failed job; None if it has none that can be told."""
    if isinstance(error, SystemExit):
        if not isinstance(error.code, int):
            return 1  # as Python does, which prints the code
        return error.code & _LARGEST_EXIT_STATUS or None  # as systems do
    if isinstance(error, CalledProcessError):
        code = error.returncode
        # A signal, in the notation of shells.
        status = _SIGNALLED - code if code < 0 else code
        return status if 0 < status <= _LARGEST_EXIT_STATUS else None
    return None


def _describe(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error)).rstrip()
    except Exception:  # the description of an exception is code of its class
        return f"{type(error).__name__} (which cannot be described)"
