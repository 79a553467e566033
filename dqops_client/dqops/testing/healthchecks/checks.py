"""Checks, the pings that they get, and what state they are in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from . import schedules

if TYPE_CHECKING:
    from typing import Literal

__all__ = ["Check", "Flip", "Ping", "wire_time"]

# Start and end further apart than this do not belong together.
_LONGEST_RUN = timedelta(hours=72)
_LONGEST_USER_AGENT = 200


def wire_time(moment: datetime | None) -> str | None:
    """Write a time as the API does.

    Args:
        moment: A time in UTC, or None.

    Returns:
        ISO string without a fraction and with the offset `+00:00`, or None.
    """
    return None if moment is None else moment.replace(microsecond=0).isoformat()


@dataclass
class Ping:
    """A ping as it was recorded.

    Args:
        n: Its number, counted from 1 in each check; None as in very old pings.
        kind: What it said: `success`, `start`, `fail`, `log` or `ign`.
        created: When it came, in UTC.
        method: The HTTP method.
        scheme: How it came: `http`, `https` or `email`.
        remote_addr: Where it came from; None if that is not known.
        user_agent: What the sender calls itself.
        rid: The id of the run.
        body: As much of the body as is kept; None without one.
        exit_status: The exit status that it told.
        duration: How long the run took.
    """

    n: int | None
    kind: str
    created: datetime
    method: str = "POST"
    scheme: str = "http"
    remote_addr: str | None = "127.0.0.1"
    user_agent: str = ""
    rid: UUID | None = None
    body: bytes | None = None
    exit_status: int | None = None
    duration: timedelta | None = None


@dataclass(frozen=True)
class Flip:
    """A change of the state of a check.

    Args:
        created: When, in UTC.
        up: Whether it went up; otherwise it went down, was paused or resumed.
    """

    created: datetime
    up: bool


@dataclass
class Check:
    """A check. Its fields are those of the API; times are in UTC, `timeout` and `grace` in seconds.

    What is called `status` here is what the last ping left; `status_at` knows about the time that
    has passed since.
    """

    uuid: UUID = field(default_factory=uuid4)
    badge_id: UUID = field(default_factory=uuid4)
    name: str = ""
    slug: str = ""
    tags: str = ""
    desc: str = ""
    timeout: int = 86400
    grace: int = 3600
    schedule: str = ""
    tz: str = "UTC"
    manual_resume: bool = False
    methods: str = ""
    channels: set[UUID] = field(default_factory=set)
    start_kw: str = ""
    success_kw: str = ""
    failure_kw: str = ""
    filter_subject: bool = False
    filter_body: bool = False
    filter_http_body: bool = False
    filter_default_fail: bool = False
    status: Literal["new", "up", "down", "paused"] = "new"
    n_pings: int = 0
    last_ping: datetime | None = None
    last_start: datetime | None = None
    last_start_rid: UUID | None = None
    last_duration: timedelta | None = None
    pings: list[Ping] = field(default_factory=list)
    flips: list[Flip] = field(default_factory=list)

    @property
    def unique_key(self) -> str:
        """The id that a key for reading shows."""
        return hashlib.sha1(self.uuid.hex[:16].encode()).hexdigest()  # noqa: S324 - as the server

    @property
    def tag_list(self) -> list[str]:
        """The tags, each once; only blanks are between them."""
        return list(dict.fromkeys(tag for each in self.tags.split(" ") if (tag := each.strip())))

    def expected_at(self, *, with_started: bool = True) -> datetime | None:
        """Tell when the grace time begins; None while nothing is expected.

        Args:
            with_started: Whether a run under way is expected to end, too.

        Returns:
            When the next ping is expected, or when the run began if that is earlier.
        """
        moments: list[datetime | None] = []
        if self.status == "up" and self.last_ping is not None:
            moments.append(self._next_ping(self.last_ping))
        if with_started and self.status != "down":
            moments.append(self.last_start)
        return min((moment for moment in moments if moment is not None), default=None)

    def _next_ping(self, after: datetime) -> datetime | None:
        if self.schedule:
            return schedules.next_time(self.schedule, self.tz, after)
        return after + timedelta(seconds=self.timeout)

    def down_at(self) -> datetime | None:
        """Tell when the check goes down if nothing comes; None if it does not."""
        begin = self.expected_at()
        return None if begin is None else begin + timedelta(seconds=self.grace)

    def catch_up(self, now: datetime) -> None:
        """Go down, if the time for it has passed."""
        down_at = self.down_at()
        if down_at is not None and now > down_at:
            self.flips.append(Flip(down_at, up=False))
            self.status = "down"

    def status_at(self, now: datetime, *, with_started: bool = False) -> str:
        """Tell the state in the words of the API; `catch_up` must have been called.

        Args:
            now: The time in UTC.
            with_started: Whether a run under way is a state of its own, as in version 1 of the API.

        Returns:
            `new`, `up`, `grace`, `down` or `paused`, or else `started`.
        """
        grace = timedelta(seconds=self.grace)
        if self.last_start is not None:
            if now >= self.last_start + grace:
                return "down"
            if with_started:
                return "started"
        expected_at = self.expected_at(with_started=False)
        if expected_at is None or now < expected_at:
            return self.status
        return "down" if now >= expected_at + grace else "grace"

    def take(self, ping: Ping) -> None:
        """Take a ping; number and duration of it are set here.

        Args:
            ping: What came. A ping that must not count becomes one of kind `ign`.
        """
        if self.status == "paused" and self.manual_resume:
            ping.kind = "ign"
        if ping.kind == "start":
            self.last_start, self.last_start_rid = ping.created, ping.rid
        elif ping.kind in {"success", "fail"}:
            self._end_run(ping)
        self.n_pings += 1
        ping.n = self.n_pings
        ping.user_agent = ping.user_agent[:_LONGEST_USER_AGENT]
        self.pings.append(ping)

    def _end_run(self, ping: Ping) -> None:
        self.last_ping = ping.created
        self.last_duration = None
        ping.duration = self._duration(ping)
        if self.last_start is not None:
            if self.last_start_rid == ping.rid:
                self.last_duration = ping.created - self.last_start
                self.last_start = None
            elif ping.kind == "fail" or ping.rid is None:
                self.last_start = None
        status: Literal["up", "down"] = "up" if ping.kind == "success" else "down"
        if self.status != status:
            self.flips.append(Flip(ping.created, up=status == "up"))
            self.status = status

    def _duration(self, ping: Ping) -> timedelta | None:
        for earlier in reversed(self.pings):
            if earlier.rid != ping.rid:
                continue
            if earlier.kind in {"success", "fail"}:
                return None
            if earlier.kind == "start":
                duration = ping.created - earlier.created
                return duration if duration < _LONGEST_RUN else None
        return None

    def pause(self, now: datetime) -> None:
        """Pause, which counts as a change; nothing happens if it is paused.

        Args:
            now: The time in UTC.
        """
        if self.status != "paused":
            self.flips.append(Flip(now, up=False))
            self.status = "paused"
            self.last_start = None

    def resume(self, now: datetime) -> None:
        """Be as new, which counts as a change.

        Args:
            now: The time in UTC.
        """
        self.flips.append(Flip(now, up=False))
        self.status = "new"
        self.last_ping = self.last_start = None

    def prune(self, limit: int) -> None:
        """Forget the oldest pings.

        Args:
            limit: How many to keep.
        """
        del self.pings[: max(0, len(self.pings) - limit)]
