# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What a body must not hold, and what it must, because the server would not survive it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..codec.encoding import encode_any
from ..declare.unset import Unset
from ..errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..declare.operation import Operation

__all__ = ["check_body"]


def check_body(operation: Operation, body: Any, allowed: Mapping[str, bool]) -> None:
    """Check a JSON body against the rules of its operation.

    Args:
        operation: The operation.
        body: A model, a list of models, or plain JSON.
        allowed: The arguments that let it hold what is refused.

    Raises:
        InvalidRequest: It holds what it must not, or lacks what it must hold.
    """
    if isinstance(body, Unset):
        return
    try:
        plain = encode_any(body)
    except (TypeError, ValueError, AttributeError, RecursionError):
        return  # not to be written as JSON at all, which is told where that is tried
    for place, (argument, reason) in (operation.refused or {}).items():
        for found, holds_it in _places(plain, place.split("."), "json_body"):
            if holds_it and not allowed.get(argument):
                raise InvalidRequest(
                    f"{found} must not be sent: {reason}; {argument}=True sends it all the same"
                )
    for place, reason in (operation.needed or {}).items():
        for found, holds_it in _places(plain, place.split("."), "json_body"):
            if not holds_it:
                raise InvalidRequest(f"{found} must be set: {reason}")


def _places(value: Any, steps: list[str], at: str) -> Iterator[tuple[str, bool]]:
    """Find the objects that could have a property, and tell whether they have it."""
    step, *rest = steps
    if step == "*":
        items: list[tuple[Any, Any]] = []
        if isinstance(value, dict):
            items = list(value.items())
        elif isinstance(value, list):
            items = list(enumerate(value))
        for key, item in items:
            yield from _places(item, rest, f"{at}[{key!r}]")
    elif isinstance(value, dict):
        if not rest:
            yield f"{at}.{step}", value.get(step) is not None
        elif step in value:
            yield from _places(value[step], rest, f"{at}.{step}")
