"""Memory, sockets and threads of this process, looked at again and again."""

from __future__ import annotations

import gc
import os
import sys
import threading
import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from soak.workload import Load

__all__ = ["Sample", "Sampler", "open_sockets", "requests_kept"]


@dataclass(frozen=True)
class Sample:
    """What was seen at one moment.

    Attributes:
        rss: Resident memory in MB.
        blocks: How many blocks of memory Python's own objects take.
        traced: Memory that Python allocated in MB; 0 where tracemalloc does not run.
        sockets: How many sockets are open.
        under_way: How many calls are under way.
    """

    rss: float
    blocks: int
    traced: float
    sockets: int
    under_way: int

    @classmethod
    def now(cls, under_way: int = 0) -> Sample:
        """Look.

        Args:
            under_way: How many calls are under way.

        Returns:
            What is seen.
        """
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return cls(
            rss=pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
            blocks=sys.getallocatedblocks(),
            traced=tracemalloc.get_traced_memory()[0] / 1e6,
            sockets=open_sockets(),
            under_way=under_way,
        )


class Sampler:
    """Looks every so often, from a thread of its own, as long as calls begin.

    Args:
        load: The calls.
        interval: Seconds between two looks.

    Attributes:
        samples: What was seen so far.
    """

    def __init__(self, load: Load, *, interval: float) -> None:
        self.samples: list[Sample] = []
        self._load = load
        self._interval = interval
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="sampler")

    def _look(self) -> None:
        while not self._load.is_over:
            self.samples.append(Sample.now(self._load.under_way))
            if self._is_over.wait(self._interval):
                return

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """End."""
        self._is_over.set()
        self._thread.join()


def open_sockets() -> int:
    """Count the sockets that this process has open."""
    return sum(entry.is_socket() for entry in Path("/proc/self/fd").iterdir())


def requests_kept() -> int:
    """Count the requests and responses that something still refers to."""
    gc.collect()
    return sum(isinstance(each, (httpx.Request, httpx.Response)) for each in gc.get_objects())
