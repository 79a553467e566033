"""What became of each call; in a file, because memory is one of the things that are measured."""

from __future__ import annotations

import csv
import tempfile
import threading
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Entry", "Journal"]


@dataclass(frozen=True)
class Entry:
    """A call that has ended.

    Attributes:
        operation: The operation's name.
        name: The dictionary that it was about.
        outcome: `OK`, `WRONG` for the result of another call, `CANCELLED`, or the name of the
            exception.
        attempts: How often a call that failed was tried; 0 where that is not told.
        elapsed: How many seconds it took.
        deadline: How many seconds it was given; infinite without a deadline.
        detail: The exception in words.
    """

    OK: ClassVar[str] = "ok"
    WRONG: ClassVar[str] = "wrong result"
    CANCELLED: ClassVar[str] = "cancelled"

    operation: str
    name: str
    outcome: str
    attempts: int
    elapsed: float
    deadline: float
    detail: str = ""


class Journal:
    """A file of entries, which several threads may write."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+", newline="", encoding="utf-8")  # noqa: SIM115
        self._writer = csv.writer(self._file)
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> None:
        """Write an entry.

        Args:
            entry: The entry.
        """
        with self._lock:
            self._writer.writerow(astuple(entry))

    def read(self) -> Iterator[Entry]:
        """Read all entries.

        Yields:
            The entries in the order in which they were written.
        """
        self._file.seek(0)
        for row in csv.reader(self._file):
            operation, name, outcome, attempts, elapsed, deadline, detail = row
            yield Entry(
                operation, name, outcome, int(attempts), float(elapsed), float(deadline), detail
            )

    def close(self) -> None:
        """Throw the file away."""
        self._file.close()
