"""Reads what a check is to be, and refuses what the server refuses, in its words."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from . import schedules

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from .checks import Check
    from .project import Project

__all__ = [
    "BrokenServerError",
    "RefusedSpecError",
    "apply",
    "check_spec",
    "read_object",
    "slug_of",
]

_MINUTE, _YEAR = 60, 365 * 24 * 60 * 60
_LONGEST_DURATION = 86_399_999_999_999  # seconds that Python can hold
_ITEM = "item "
_SLUG = re.compile(r"[a-z0-9\-_]*")
_UNIQUE = ("name", "slug", "tags", "timeout", "grace")


class RefusedSpecError(Exception):
    """A body that the server refuses; its message is what the server says."""


class BrokenServerError(Exception):
    """A value on which the real server fails with status 500."""


def read_object(content: bytes) -> dict[str, Any]:
    """Read the body of a request.

    Args:
        content: The body; an empty one counts as an empty object.

    Returns:
        The object.

    Raises:
        RefusedSpecError: It is not JSON, or not an object.
        BrokenServerError: It is nested too deeply.
    """
    try:
        value = json.loads(content.decode()) if content else {}
    except ValueError:
        raise RefusedSpecError("could not parse request body") from None
    except RecursionError:
        raise BrokenServerError from None
    if not isinstance(value, dict):
        raise RefusedSpecError("json validation error: value is not an object")
    return value


def check_spec(spec: dict[str, Any]) -> None:
    """Make sure that a specification of a check is valid.

    Args:
        spec: The specification; unknown fields are ignored.

    Raises:
        RefusedSpecError: A field is not valid; the first counts, in the order of the server.
        BrokenServerError: The server fails on a field.
    """
    for name, check in _FIELDS.items():
        if name in spec:
            reason = check(spec[name])
            if reason:
                subject = "an item in 'unique'" if reason.startswith(_ITEM) else name
                reason = reason.removeprefix(_ITEM)
                raise RefusedSpecError(f"json validation error: {subject} {reason}")


def apply(spec: dict[str, Any], check: Check, project: Project, version: int) -> None:
    """Change a check.

    Args:
        spec: A valid specification.
        check: The check.
        project: Its project.
        version: The version of the API.

    Raises:
        RefusedSpecError: There is no such integration; nothing has changed.
    """
    channels = _channels(spec["channels"], project) if "channels" in spec else check.channels
    check.channels = channels
    if version < 3 and "name" in spec:
        check.slug = slug_of(spec["name"])
    if "schedule" in spec:
        check.schedule = spec["schedule"]
    elif "timeout" in spec:
        check.schedule, check.timeout = "", spec["timeout"]
    if "tz" in spec:
        check.tz = schedules.time_zone_name(spec["tz"])
    # The keywords come after the names that they had before, and win.
    for name, field in (("subject", "success_kw"), ("subject_fail", "failure_kw")):
        if name in spec:
            setattr(check, field, spec[name])
            check.filter_subject = bool(check.success_kw or check.failure_kw)
    for name in _PLAIN & spec.keys():
        setattr(check, name, spec[name])


def slug_of(name: str) -> str:
    """Make a slug, as versions 1 and 2 of the API do.

    Args:
        name: The name of a check.

    Returns:
        Its ASCII letters and digits in lower case, with a hyphen for each gap.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.split(r"[\s-]+", re.sub(r"[^\w\s-]", "", plain))
    return "-".join(words).strip("-_")


def _channels(text: str, project: Project) -> set[UUID]:
    if text == "*":
        return {channel.id for channel in project.channels}
    found: set[UUID] = set()
    for name in text.split(",") if text else ():
        if not name:
            raise RefusedSpecError("empty channel identifier")
        matching = [each for each in project.channels if name in {str(each.id), each.name}]
        if not matching:
            raise RefusedSpecError(f"invalid channel identifier: {name}")
        if len(matching) > 1:
            raise RefusedSpecError(f"non-unique channel identifier: {name}")
        found.add(matching[0].id)
    return found


def _text(longest: int | None = None, *, is_stored: bool = True) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str):
            return "is not a string"
        if is_stored and not _is_unicode(value):
            raise BrokenServerError
        return "is too long" if longest is not None and len(value) > longest else ""

    return check


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _slug(value: Any) -> str:
    return _text(100)(value) or ("" if _SLUG.fullmatch(value) else "does not match pattern")


def _seconds(value: Any) -> str:
    if not isinstance(value, int):  # true is an int, as it is for the server
        return "is not a number"
    if abs(value) > _LONGEST_DURATION:
        raise BrokenServerError
    return "is too small" if value < _MINUTE else "is too large" if value > _YEAR else ""


def _schedule(value: Any) -> str:
    reason = _text(100)(value)
    if reason or schedules.is_valid_schedule(value):
        return reason
    return "is not a valid cron or OnCalendar expression"


def _time_zone(value: Any) -> str:
    reason = _text(is_stored=False)(value)
    return reason or ("" if schedules.is_time_zone(value) else "is not a valid timezone")


def _boolean(value: Any) -> str:
    return "" if isinstance(value, bool) else "is not a boolean"


def _methods(value: Any) -> str:
    reason = _text()(value) if isinstance(value, str) else ""
    return reason or ("" if value in ("", "POST") else "has unexpected value")


def _unique(value: Any) -> str:
    if not isinstance(value, list):
        return "is not an array"
    return "" if all(name in _UNIQUE for name in value) else f"{_ITEM}has unexpected value"


_PLAIN = frozenset(
    {
        "desc",
        "failure_kw",
        "filter_body",
        "filter_default_fail",
        "filter_http_body",
        "filter_subject",
        "grace",
        "manual_resume",
        "methods",
        "name",
        "slug",
        "start_kw",
        "success_kw",
        "tags",
    }
)
_FIELDS: dict[str, Callable[[Any], str]] = {
    "channels": _text(is_stored=False),
    "desc": _text(),
    "failure_kw": _text(200),
    "filter_subject": _boolean,
    "filter_body": _boolean,
    "filter_http_body": _boolean,
    "filter_default_fail": _boolean,
    "grace": _seconds,
    "manual_resume": _boolean,
    "methods": _methods,
    "name": _text(100),
    "schedule": _schedule,
    "slug": _slug,
    "start_kw": _text(200),
    "subject": _text(200),
    "subject_fail": _text(200),
    "success_kw": _text(200),
    "tags": _text(),
    "timeout": _seconds,
    "tz": _time_zone,
    "unique": _unique,
}
