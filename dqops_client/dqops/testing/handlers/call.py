"""What a handler gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..messages import Answer

if TYPE_CHECKING:
    from ..state import State

__all__ = ["Call", "Handler"]


@dataclass(frozen=True)
class Call:
    """A request that has been found to be valid.

    Args:
        state: What the server knows; its lock is held while a handler runs.
        parameters: The parameters by their names in the specification.
        body: The JSON body, or the text of a body that is no JSON; or None.
    """

    state: State
    parameters: Mapping[str, Any]
    body: Any


Handler = Callable[[Call], Answer]
