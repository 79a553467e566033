"""Refusals of the simulator, and how they look in an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .messages import Answer, reason_phrase
from .wire import offset_date_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = ["RefusedRequestError", "error_answer"]


class RefusedRequestError(Exception):
    """A request that cannot be served; it becomes an answer with an error body.

    Args:
        status: The HTTP status to answer with.
        message: What is wrong, for the reader of the error body.
        headers: Headers of the answer besides its Content-Type.
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


def error_answer(
    refusal: RefusedRequestError, path: str, moment: datetime, number: int = 0
) -> Answer:
    """Write the error body that the framework of the real server writes.

    Args:
        refusal: What went wrong.
        path: The path of the request.
        moment: The time of the error in UTC.
        number: How many requests the server had before this one; it becomes the request's id.

    Returns:
        The answer with its body (`SpringErrorPayload`).
    """
    phrase = reason_phrase(refusal.status)
    body = {
        "timestamp": offset_date_time(moment),
        "path": path,
        "status": refusal.status,
        "error": phrase,
        "requestId": f"{number:08x}-1",
        "message": refusal.message,
        # The real server sends a stack trace here. There is no Java behind this one.
        "trace": f"dqops.testing: {refusal.status} {phrase}: {refusal.message}",
    }
    answer = Answer.of_json(refusal.status, body)
    return Answer(answer.status, answer.body, {**answer.headers, **refusal.headers})
