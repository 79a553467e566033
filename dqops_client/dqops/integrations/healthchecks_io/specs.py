"""What a check is to be: `CheckCreate` and `CheckUpdate`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs

from dqops.client.errors import InvalidRequest
from dqops.client.types import UNSET, Unset

from .exceptions import BadAPIRequestError
from .schedules import is_time_zone, schedule_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .client.models import CheckSpec

__all__ = ["CheckCreate", "CheckUpdate", "complete_unique"]

_SHORTEST, _LONGEST = 60, 31_536_000  # seconds: one minute, one year
_SLUG = re.compile(r"[a-z0-9_-]*")
_UNIQUE = ("name", "slug", "tags", "timeout", "grace")
# What the server gives to a new check.
_DEFAULTS = {"name": "", "tags": "", "timeout": 86_400, "grace": 3_600}


def _is(check: Callable[[Any], str]) -> Callable[[Any, attrs.Attribute[Any], Any], None]:
    """Make a validator that ignores fields that are left out."""

    def validate(_: Any, field: attrs.Attribute[Any], value: Any) -> None:
        problem = "" if value is None or value is UNSET else check(value)
        if problem:
            raise InvalidRequest(f"{field.name} {problem}, got {value!r}")

    return validate


def _text(longest: int | None = None) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str):
            return "must be a string"
        too_long = longest is not None and len(value) > longest
        return f"must have at most {longest} characters" if too_long else ""

    return check


def _seconds(value: Any) -> str:
    if type(value) is int and _SHORTEST <= value <= _LONGEST:
        return ""
    return f"must be an integer of seconds from {_SHORTEST} to {_LONGEST}, or a timedelta of them"


def _duration(
    value: int | timedelta | Unset | None,
) -> int | Unset | None:
    """Write a duration of whole seconds as a number."""
    if isinstance(value, timedelta) and not value % timedelta(seconds=1):
        return value // timedelta(seconds=1)
    return value  # type: ignore[return-value] # a fraction is left to the validator


def _boolean(value: Any) -> str:
    return "" if isinstance(value, bool) else "must be True or False"


def _slug(value: Any) -> str:
    if isinstance(value, str) and len(value) <= 100 and _SLUG.fullmatch(value):
        return ""
    return "must be at most 100 of the characters a-z, 0-9, '-' and '_'"


def _schedule(value: Any) -> str:
    return _text(100)(value) or schedule_problem(value)


def _time_zone(value: Any) -> str:
    return _text()(value) or ("" if is_time_zone(value) else "must be the name of a time zone")


def _methods(value: Any) -> str:
    return "" if value in ("", "POST") else "must be 'POST', or empty for all methods"


def _unique(value: Any) -> str:
    is_list = isinstance(value, (list, tuple, set, frozenset))
    is_list = is_list and all(field in _UNIQUE for field in value)
    return "" if is_list else f"must be a list of {', '.join(_UNIQUE)}"


@attrs.define(kw_only=True)
class CheckCreate:
    """What a check is to be.

    Only what was set is sent. With `unique`, a check that exists keeps all the rest; a new check
    gets the server's defaults: a timeout of a day, a grace time of an hour. None is the same as
    left out.

    Args:
        name: The name, at most 100 characters.
        slug: The name in URLs of pings; needs version 3 of the API.
        tags: The tags, with spaces between them.
        desc: A description.
        timeout: Seconds between two pings, or a timedelta, from a minute to a year.
        grace: Seconds that a ping may be late, or a timedelta, from a minute to a year.
        schedule: A cron or OnCalendar expression, in place of a timeout.
        tz: The time zone of the schedule by its IANA name.
        manual_resume: Whether the check stays paused when pings come.
        methods: `POST` if only such pings count; empty for all.
        channels: Ids or names of integrations with commas between them; `*` for all.
        unique: A check in which all these fields are the same is changed, rather than another one
            created: `name`, `slug`, `tags`, `timeout`, `grace`. One that was not set means its
            default.
        start_kw: Words that make a ping a start, with commas between.
        success_kw: Words that make a ping a success, with commas between.
        failure_kw: Words that make a ping a failure, with commas between.
        subject: Sets `success_kw` and `filter_subject`, also on servers before the keywords;
            deprecated.
        subject_fail: Sets `failure_kw` and `filter_subject`; deprecated.
        filter_subject: Whether to look for the words in subjects of emails.
        filter_body: Whether to look for the words in bodies of emails.
        filter_http_body: Whether to look for the words in bodies of HTTP requests; what is found
            counts, whatever the URL says.
        filter_default_fail: Whether a ping without any of the words is a failure.

    Raises:
        InvalidRequest: The server would refuse a value; it is a ValueError, too.
    """

    name: str | Unset | None = attrs.field(default=UNSET, validator=_is(_text(100)))
    slug: str | Unset | None = attrs.field(default=UNSET, validator=_is(_slug))
    tags: str | Unset | None = attrs.field(default=UNSET, validator=_is(_text()))
    desc: str | Unset | None = attrs.field(default=UNSET, validator=_is(_text()))
    timeout: int | Unset | None = attrs.field(
        default=UNSET, converter=_duration, validator=_is(_seconds)
    )
    grace: int | Unset | None = attrs.field(
        default=UNSET, converter=_duration, validator=_is(_seconds)
    )
    schedule: str | Unset | None = attrs.field(default=UNSET, validator=_is(_schedule))
    tz: str | Unset | None = attrs.field(default=UNSET, validator=_is(_time_zone))
    manual_resume: bool | Unset | None = attrs.field(default=UNSET, validator=_is(_boolean))
    methods: str | Unset | None = attrs.field(default=UNSET, validator=_is(_methods))
    channels: str | Unset | None = attrs.field(default=UNSET, validator=_is(_text()))
    unique: Sequence[str] | Unset | None = attrs.field(default=UNSET, validator=_is(_unique))
    start_kw: str | Unset | None = attrs.field(default=UNSET, validator=_is(_text(200)))
    success_kw: str | Unset | None = attrs.field(default=UNSET, validator=_is(_text(200)))
    failure_kw: str | Unset | None = attrs.field(default=UNSET, validator=_is(_text(200)))
    subject: str | Unset | None = attrs.field(default=UNSET, validator=_is(_text(200)))
    subject_fail: str | Unset | None = attrs.field(default=UNSET, validator=_is(_text(200)))
    filter_subject: bool | Unset | None = attrs.field(default=UNSET, validator=_is(_boolean))
    filter_body: bool | Unset | None = attrs.field(default=UNSET, validator=_is(_boolean))
    filter_http_body: bool | Unset | None = attrs.field(default=UNSET, validator=_is(_boolean))
    filter_default_fail: bool | Unset | None = attrs.field(default=UNSET, validator=_is(_boolean))

    def to_spec(self) -> CheckSpec:
        """Make the body of the request.

        Returns:
            The generated model, with what was set.
        """
        from .client.models import CheckSpec, PingMethods, UniqueField

        sent: dict[str, Any] = {
            field.name: getattr(self, field.name)
            for field in attrs.fields(type(self))
            if getattr(self, field.name) is not None
        }
        if isinstance(sent.get("methods"), str):
            sent["methods"] = PingMethods(sent["methods"])
        # An empty list means the same as none, and the server is not asked to look.
        sent["unique"] = [UniqueField(field) for field in sent.get("unique") or ()] or UNSET
        return CheckSpec(**sent)


@attrs.define(kw_only=True)
class CheckUpdate(CheckCreate):
    """What is to be different about a check; all the rest stays as it is.

    The arguments are those of `CheckCreate`; `unique` has no effect.
    """


def complete_unique(spec: CheckSpec) -> None:
    """Set the fields that `unique` names and that were left out to their defaults.

    Without them the server would find no check, and create another one each time. A check that it
    finds has the same values, so that nothing of it changes.

    Args:
        spec: The body of a request to create a check; it is changed.

    Raises:
        BadAPIRequestError: The slug was left out, which has no default.
    """
    for field in spec.unique or ():
        name = str(field)
        if getattr(spec, name) is not UNSET:
            continue
        if name not in _DEFAULTS:
            raise BadAPIRequestError(f"unique with {name!r} needs the {name}; nothing was sent")
        setattr(spec, name, _DEFAULTS[name])
