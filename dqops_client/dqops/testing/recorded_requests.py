"""What clients have asked a simulated server for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .faults import Fault

__all__ = ["RecordedRequest"]


@dataclass(frozen=True)
class RecordedRequest:
    """What a client asked for; headers, and with them the token, are not kept.

    Args:
        operation: The operation's name, such as `run_checks`; None where no operation has this
            method and path.
        method: The HTTP method in capitals.
        path: The path as it was sent, percent-encoded.
        parameters: Path and query parameters by their names in the specification; numbers and
            booleans are converted, and what may be given several times is a list. Empty if the
            request was refused before they were read.
        body: The JSON body, or the string of a body that is not JSON (a new password); or None.
        status: The status of the response, also of one that a fault kept from being sent; None if a
            fault ended the connection before the request was handled.
        faults: The faults that hit it, in the order of the plan. They do not count when records are
            compared.
        data_domain: The data domain that its cookie names; empty for the default one.
        message: Why it was refused: the message of the error body; None if it was not. It does not
            count when records are compared.
        is_example: Whether the response was the specification's example, because the operation has
            no behaviour. It does not count when records are compared.
    """

    operation: str | None
    method: str
    path: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    status: int | None = 200
    faults: tuple[Fault, ...] = field(default=(), compare=False)
    data_domain: str = ""
    message: str | None = field(default=None, compare=False)
    is_example: bool = field(default=False, compare=False)

    @property
    def fault(self) -> Fault | None:
        """The first fault that hit it, or None."""
        return self.faults[0] if self.faults else None
