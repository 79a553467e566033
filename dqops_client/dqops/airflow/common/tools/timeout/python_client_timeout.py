"""The timeout of a request."""

from __future__ import annotations

import logging

__all__ = ["handle_python_timeout"]

_logger = logging.getLogger(__name__)


def handle_python_timeout(exception: Exception, fail_on_timeout: bool) -> None:
    """Raise, or only warn, after a request timed out.

    Args:
        exception: The timeout.
        fail_on_timeout: Whether to raise it.

    Raises:
        Exception: `fail_on_timeout` says so.
    """
    if fail_on_timeout:
        raise exception
    _logger.warning("Python client has timed out!")
