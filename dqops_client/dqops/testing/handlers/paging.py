"""Pages of long lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["is_page", "page_of"]

_T = TypeVar("_T")
# What the server uses if the caller does not say.
_LIMIT = 100


def is_page(parameters: Mapping[str, Any]) -> bool:
    """Tell whether there is such a page at all; the server returns 406 otherwise.

    Args:
        parameters: The query parameters.

    Returns:
        Whether `page` and `limit`, where they are given, are at least 1.
    """
    return bool(parameters.get("page", 1) >= 1 and parameters.get("limit", 1) >= 1)


def page_of(items: Sequence[_T], parameters: Mapping[str, Any]) -> list[_T]:
    """Cut a page out of a list.

    Args:
        items: The whole list.
        parameters: The query parameters: `page` from 1 on, and `limit`, the size of a page.

    Returns:
        The page; everything (up to 100) if neither is given.
    """
    limit = max(parameters.get("limit", _LIMIT), 0)
    start = (max(parameters.get("page", 1), 1) - 1) * limit
    return list(items[start : start + limit])
