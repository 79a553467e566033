"""Badges: which operation reads one."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from dqops.client.errors import InvalidRequest

from .models import Badges, Check

__all__ = ["badge_operation", "tag_of"]

_OF_PROJECT = re.compile(r"/badge/([\w-]+)/([\w-]+)(?:/([^/]+))?\.\w+$", re.ASCII)
_OF_CHECK = re.compile(r"/b/[0-9]+/([0-9a-f-]{36})\.\w+$")


def tag_of(badge: Badges | Check | str) -> str | None:
    """Tell whether a badge has to be looked up.

    Args:
        badge: A tag, a check, or the URLs of a badge.

    Returns:
        The tag; None where the URL is known.

    Raises:
        InvalidRequest: It is neither.
    """
    if isinstance(badge, str):
        return badge
    if isinstance(badge, (Badges, Check)):
        return None
    raise InvalidRequest(f"badge must be a tag, a Check or Badges, got {badge!r}")


def badge_operation(badge: Badges | Check | str) -> tuple[Any, tuple[Any, ...]]:
    """Choose the operation that reads a badge as numbers, with late as a state of its own.

    Args:
        badge: A check, or the URLs of a badge.

    Returns:
        The operation, and its positional arguments. Only the path of the URL is looked at: the
        request goes to the server of the client.

    Raises:
        InvalidRequest: There is no URL, or not one of a badge.
    """
    url = badge.badge_url if isinstance(badge, Check) else getattr(badge, "json3_url", None)
    path = urlsplit(url or "").path
    operations = f"{__package__}.client.api.badges"
    found = _OF_CHECK.search(path)
    if found is not None:
        states = import_module(f"{__package__}.client.models").BadgeStates.UP_LATE_DOWN
        return import_module(f"{operations}.get_check_badge_summary"), (states, UUID(found[1]))
    found = _OF_PROJECT.search(path)
    if found is None:
        raise InvalidRequest(
            "badge must have the URL of a badge (badge_url of a Check, json3_url of Badges)"
        )
    key, signature, tag = found.groups()
    if tag is None:
        return import_module(f"{operations}.get_project_badge_summary"), (key, signature)
    return import_module(f"{operations}.get_tag_badge_summary"), (key, signature, unquote(tag))
