# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The options of a single call, for type checkers and for programs that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from ..settings.retries import Retries
    from ..transport.http_settings import Timeout

__all__ = ["CallOptions"]


class CallOptions(TypedDict, total=False):
    """What one call does differently from others of its object; see `Client.with_options`."""

    timeout: Timeout | float | timedelta | None
    headers: Mapping[str, str]
    retries: Retries | None
    deadline: float | timedelta | None
