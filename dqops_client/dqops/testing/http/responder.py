"""What the doors of a server ask for responses."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .delivery import Delivery
    from .messages import Request

__all__ = ["Responder"]


class Responder(ABC):
    """Responds to requests.

    Attributes:
        is_closed: Whether nothing can be asked.
    """

    is_closed: bool = False

    @abstractmethod
    def respond(self, request: Request) -> Delivery:
        """Respond to a request; may take as long as the request asks to wait.

        Args:
            request: The request.

        Returns:
            The response, and how it goes out.
        """

    @abstractmethod
    def refuse(self, request: Request, message: str) -> Delivery:
        """Respond to what is not an HTTP request.

        Args:
            request: As much of it as could be read.
            message: What is wrong.

        Returns:
            The response, and how it goes out.
        """

    @property
    def skips_time(self) -> bool:
        """Whether whoever waits for a response need not really do so."""
        return False

    def may_wait(self, request: Request) -> bool:
        """Tell whether the response to a request may take time.

        Args:
            request: The request.

        Returns:
            False if `respond` surely returns at once.
        """
        del request
        return False

    def start_thread(self, run: Callable[[], None]) -> threading.Thread:
        """Serve a request in a thread of its own.

        A thread for each request, as a socket has it, and no pool: requests that wait would fill
        it, and keep the one from coming through that ends their waiting.

        Args:
            run: What serves it.

        Returns:
            The thread.
        """
        thread = threading.Thread(target=run, name="dqops-request", daemon=True)
        thread.start()
        return thread

    def give_up(self, request: Request) -> None:
        """Let a request wait no longer, because its client has gone.

        Args:
            request: The request.
        """
        request.cut.set()
