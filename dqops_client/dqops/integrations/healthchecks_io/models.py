"""Checks, pings, integrations and badges as the server sends them.

A field that a response does not have is None.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import attrs

from dqops.client.types import UNSET

if TYPE_CHECKING:
    import datetime
    from typing import Self

    from .client.models import Ping

__all__ = ["BadgeStatus", "Badges", "Check", "CheckPings", "CheckStatuses", "Integration"]


def _plain(value: Any) -> Any:
    if value is UNSET:
        return None
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value


@attrs.define(kw_only=True)
class _Told:
    """A copy of a generated model with fields of the same names."""

    # Fields that the server does not send.
    _OF_CALLS: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def of(cls, model: Any, **renamed: str) -> Self:
        """Take over what the server sent.

        Args:
            model: The generated model.
            **renamed: What a field is called there, where that is another name.

        Returns:
            A new object.
        """
        values: dict[str, Any] = {}
        for field in attrs.fields(cls):
            name: str = field.name
            if name in cls._OF_CALLS:
                continue
            values[name] = _plain(getattr(model, renamed.get(name, name)))
        return cls(**values)


@attrs.define(kw_only=True)
class Check(_Told):
    """A check. Which fields there are depends on the kind of API key, and of schedule.

    Attributes:
        uuid: The id; None with a key that can only read.
        unique_key: An id to read the check by; only with a key that can only read.
        name: The name.
        slug: The name in URLs of pings; may be empty.
        tags: The tags, with spaces between them.
        desc: A description.
        timeout: Seconds between two pings; None with a schedule.
        schedule: The cron or OnCalendar expression; None with a timeout.
        tz: The time zone of the schedule.
        grace: Seconds that a ping may be late.
        n_pings: The number of pings so far.
        status: The state: `new`, `up`, `grace`, `down` or `paused`; in version 1 also `started`.
        started: Whether a run is under way.
        last_ping: When the last ping came, in UTC.
        next_ping: When the next ping is expected, in UTC; during a run, when it began if that is
            earlier.
        last_duration: Seconds of the last run, if its start was reported.
        manual_resume: Whether pings leave a paused check paused.
        methods: `POST` if only such pings count; empty for all.
        start_kw: Words that make a ping a start.
        success_kw: Words that make a ping a success.
        failure_kw: Words that make a ping a failure.
        subject: The same as `success_kw`, as servers before the keywords call it; deprecated.
        subject_fail: The same as `failure_kw`; deprecated.
        filter_subject: Whether the words are looked for in subjects of emails.
        filter_body: Whether they are looked for in bodies of emails.
        filter_http_body: Whether they are looked for in bodies of HTTP requests; what is found
            counts, whatever the URL says.
        filter_default_fail: Whether a ping without any of the words is a failure.
        channels: The ids of its integrations, with commas between them.
        badge_url: The URL of its badge.
        ping_url: Where to ping.
        update_url: Where to change it.
        pause_url: Where to pause it.
        resume_url: Where to resume it.
        was_created: Of `create_check`: whether it made the check (True) or found it (False); None
            from everything else. Comparisons do not look at it.
    """

    _OF_CALLS: ClassVar[tuple[str, ...]] = ("was_created",)

    uuid: str | None = None
    unique_key: str | None = None
    name: str = ""
    slug: str | None = None
    tags: str | None = None
    desc: str | None = None
    timeout: int | None = None
    schedule: str | None = None
    tz: str | None = None
    grace: int = 0
    n_pings: int = 0
    status: str = ""
    started: bool | None = None
    last_ping: datetime.datetime | None = None
    next_ping: datetime.datetime | None = None
    last_duration: int | None = None
    manual_resume: bool | None = None
    methods: str | None = None
    start_kw: str | None = None
    success_kw: str | None = None
    failure_kw: str | None = None
    subject: str | None = None
    subject_fail: str | None = None
    filter_subject: bool | None = None
    filter_body: bool | None = None
    filter_http_body: bool | None = None
    filter_default_fail: bool | None = None
    channels: str | None = None
    badge_url: str | None = None
    ping_url: str | None = None
    update_url: str | None = None
    pause_url: str | None = None
    resume_url: str | None = None
    was_created: bool | None = attrs.field(default=None, eq=False)


@attrs.define(kw_only=True)
class CheckPings(_Told):
    """A ping that a check has got.

    Attributes:
        type: What it said: `success`, `start`, `fail`, `log` or `ign` (it did not count).
        date: When it came, in UTC.
        number_of_pings: Its number, counted from 1; None for very old ones.
        scheme: How it came: `http`, `https` or `email`.
        remote_addr: Where it came from, if that is known.
        method: The HTTP method; empty for an email.
        user_agent: What the sender calls itself.
        duration: Seconds since the start of the same run, if that was reported.
        rid: The id of the run, if it has one.
        body_url: Where its body is, if it had one.
    """

    type: str  # the name that the API gives it
    date: datetime.datetime
    number_of_pings: int | None = None
    scheme: str | None = None
    remote_addr: str | None = None
    method: str | None = None
    user_agent: str | None = None
    duration: float | None = None
    rid: str | None = None
    body_url: str | None = None

    @classmethod
    def of_ping(cls, ping: Ping) -> Self:
        """Take over what the server sent.

        Args:
            ping: The generated model.

        Returns:
            A new object.
        """
        return cls.of(ping, type="type_", number_of_pings="n", user_agent="ua")


@attrs.define(kw_only=True)
class CheckStatuses(_Told):
    """A change of a check's state.

    Attributes:
        timestamp: When it was, in UTC.
        up: 1 if the check went up, 0 if it went down, was paused or resumed.
    """

    timestamp: datetime.datetime
    up: int


@attrs.define(kw_only=True)
class Integration(_Told):
    """A way to notify people about checks.

    Attributes:
        id: Its id.
        name: Its name; may be empty.
        kind: What it is, such as `email`.
    """

    id: str
    name: str
    kind: str


@attrs.define(kw_only=True)
class Badges(_Told):
    """The URLs of a badge in every form; those with a 3 tell late from up.

    Attributes:
        svg: A picture of two states.
        svg3: A picture of three states.
        json_url: Numbers of two states.
        json3_url: Numbers of three states.
        shields: Two states in the form that Shields.io reads.
        shields3: Three states in the form that Shields.io reads.
    """

    svg: str | None = None
    svg3: str | None = None
    json_url: str | None = None
    json3_url: str | None = None
    shields: str | None = None
    shields3: str | None = None


@attrs.define(kw_only=True)
class BadgeStatus(_Told):
    """What a badge shows.

    Attributes:
        status: The worst state of the checks: `up`, `late` or `down`.
        total: The number of checks.
        grace: The number of checks that are late.
        down: The number of checks that are down.
    """

    status: str
    total: int
    grace: int
    down: int
