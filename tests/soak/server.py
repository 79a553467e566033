"""The server of the experiment, in a process of its own, so that the figures are the client's."""

from __future__ import annotations

import logging
import multiprocessing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dqops.testing import DqopsServer, Fault
from dqops.testing.faults import FaultPlan

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from types import TracebackType
    from typing import Self

    from dqops.testing import RecordedRequest

__all__ = ["Hit", "ServerProcess", "faults", "label"]

_SECONDS_TO_END = 30.0


@dataclass(frozen=True)
class Hit:
    """A request that the server got.

    Attributes:
        operation: The operation's name.
        name: The dictionary that it is about, which tells the calls of an operation apart.
        faults: What went wrong with it, as `label` names it.
    """

    operation: str
    name: str
    faults: tuple[str, ...]


def faults(seed: int, share: float) -> FaultPlan:
    """Make faults of every kind that a network and its proxies have.

    Args:
        seed: Where their chance begins.
        share: The share of the requests that each of them hits.

    Returns:
        The faults.
    """
    reading = ("get_dictionary", "download_dictionary")
    return FaultPlan(
        [
            Fault.reset(when="before", probability=share),
            Fault.reset(when="during", probability=share),
            Fault.reset(when="after", probability=share),
            Fault.disconnect(when="before", probability=share),
            Fault.disconnect(when="after", probability=share),
            Fault.close_idle(probability=share),
            Fault.invalid_http(when="after", probability=share),
            Fault.status(429, retry_after=0, probability=share),
            Fault.status(502, when="after", probability=share),
            Fault.status(503, retry_after=1, probability=share),
            Fault.status(504, when="before", probability=share),
            Fault.proxy_page(502, probability=share),
            Fault.proxy_page(200, operation="get_dictionary", probability=share),
            Fault.truncated(announced="full", operation=reading, probability=share),
            Fault.wrong_json("cut", operation="get_dictionary", probability=share),
            Fault.unknown_property(operation="get_dictionary", probability=share),
            Fault.delay(0.2, probability=share),
            Fault.slow(100_000, operation=reading, probability=share),
            # The calls of this one have a deadline.
            Fault.timeout(when="after", operation="get_dictionary", probability=share / 4),
        ],
        seed=seed,
    )


def label(fault: Fault) -> str:
    """Name a fault by its kind and by what its meaning depends on, such as `reset before`.

    Args:
        fault: The fault.

    Returns:
        The name.
    """
    details = [fault.options.get(name) for name in ("status", "when", "announced")]
    return " ".join([fault.kind, *(str(detail) for detail in details if detail is not None)])


class ServerProcess:
    """A simulated server in a process of its own; use it in a `with` block.

    Args:
        seed: Where the chance of the faults begins.
        share: The share of the requests that each fault hits.

    Attributes:
        url: The server's address.
    """

    def __init__(self, seed: int, share: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other_end = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(other_end, seed, share), name="dqops-server", daemon=True
        )
        self._process.start()
        other_end.close()
        self.url: str = self._pipe.recv()

    def requests(self) -> list[Hit]:
        """Ask for the requests that the server got so far, in the order of the responses."""
        self._pipe.send("requests")
        found: list[Hit] = self._pipe.recv()
        return found

    def __enter__(self) -> Self:
        """Give the server, which runs."""
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Stop it."""
        self._pipe.close()
        self._process.join(_SECONDS_TO_END)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


def _serve(pipe: Connection, seed: int, share: float) -> None:
    # It logs each client that went away in the middle of a response.
    logging.getLogger("dqops.testing").setLevel(logging.CRITICAL)
    with DqopsServer(faults=faults(seed, share), validate_answers=False) as server:
        pipe.send(server.url)
        while True:
            try:
                pipe.recv()
            except EOFError:
                return
            pipe.send([_hit(request) for request in server.requests])


def _hit(request: RecordedRequest) -> Hit:
    body = request.body if isinstance(request.body, dict) else {}
    name = request.parameters.get("dictionaryName") or body.get("dictionary_name") or ""
    return Hit(request.operation or "", name, tuple(map(label, request.faults)))
