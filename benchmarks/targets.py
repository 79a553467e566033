"""What is measured, what must be reached and what is aimed at."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.documents import DOCUMENTS

__all__ = ["GROUPS", "TARGETS", "Group", "Target", "group_of", "is_reached"]


class Group(NamedTuple):
    """Rows that are measured in the same unit.

    Attributes:
        title: What they are about.
        unit: What the figures are.
        is_lower_better: Whether small figures are good ones.
    """

    title: str
    unit: str
    is_lower_better: bool


GROUPS = {
    "import": Group("Imports", "processor time, x `import httpx`", is_lower_better=True),
    "start": Group("First call", "processor time, x `import httpx`", is_lower_better=True),
    "command": Group("Command", "processor time, x a bare interpreter", is_lower_better=True),
    "decode": Group("Decoding", "official client's time / time", is_lower_better=False),
    "encode": Group("Encoding", "official client's time / time", is_lower_better=False),
    "sync": Group("Calls, one after the other", "time, x raw httpx", is_lower_better=True),
    "threads": Group("Calls of threads", "calls/s, x raw httpx.Client", is_lower_better=False),
    "async": Group("Calls at once", "calls/s, x raw httpx.AsyncClient", is_lower_better=False),
    "regenerate": Group("Regeneration", "seconds", is_lower_better=True),
}


class Target(NamedTuple):
    """A row of the table.

    Attributes:
        title: What is measured.
        must: What has to be reached, if anything.
        aim: What is aimed at, if more than that.
    """

    title: str
    must: float | None
    aim: float | None

    def is_missed(self, key: str, figure: float) -> bool:
        """Whether a figure is not what it must be.

        Args:
            key: The row's key, whose first word is that of its group.
            figure: What was measured.

        Returns:
            False where nothing has to be reached, too.
        """
        return self.must is not None and not is_reached(key, figure, self.must)


def is_reached(key: str, figure: float, wanted: float) -> bool:
    """Compare a figure with a wanted one, as finely as the table shows it.

    Args:
        key: The row's key.
        figure: What was measured.
        wanted: What is wanted.

    Returns:
        Whether the figure is as good or better.
    """
    shown = round(figure, 2)
    return shown <= wanted if group_of(key).is_lower_better else shown >= wanted


def group_of(key: str) -> Group:
    """Find the group of a row.

    Args:
        key: The row's key.

    Returns:
        The group.
    """
    return GROUPS[key.split()[0]]


_RESULTS, _SPEC, _STATUS = (document.title for document in DOCUMENTS.values())

# fmt: off
TARGETS: dict[str, Target] = {
    # key                          what                                             must   aim
    "import operation":     Target("an operation's module",                         0.50,  0.20),
    "import model":         Target("one model",                                     0.65,  0.55),
    "import client":        Target("client, operation and model, ready to call",    1.45,  1.30),
    "import models":        Target("all models",                                    9.00,  6.00),
    "import first decode":  Target("import and first decode of a large TableSpec",  1.40,  1.00),

    "start call":           Target("import `DQOps`, make one, call `is_healthy`",    1.50,  None),

    "command --version":    Target("`dqopsctl --version`",                          2.50,  None),
    "command --help":       Target("`dqopsctl --help`",                             2.50,  None),

    "decode check-results json":    Target(f"{_RESULTS}, json",                     2.20,  2.60),
    "decode check-results orjson":  Target(f"{_RESULTS}, orjson",                   3.30,  4.20),
    "decode table-spec json":       Target(f"{_SPEC}, json",                        5.00,  7.00),
    "decode table-spec orjson":     Target(f"{_SPEC}, orjson",                      6.50, 10.00),
    "decode table-status json":     Target(f"{_STATUS}, json",                      1.50,  2.00),
    "decode table-status orjson":   Target(f"{_STATUS}, orjson",                    2.00,  3.00),

    "encode check-results json":    Target(f"{_RESULTS}, json",                     1.00,  None),
    "encode check-results orjson":  Target(f"{_RESULTS}, orjson",                   1.30,  2.50),
    "encode table-spec json":       Target(f"{_SPEC}, json",                        1.50,  None),
    "encode table-spec orjson":     Target(f"{_SPEC}, orjson",                      1.80,  2.50),
    "encode table-status json":     Target(f"{_STATUS}, json",                      1.20,  None),
    "encode table-status orjson":   Target(f"{_STATUS}, orjson",                    1.50,  2.50),

    "sync get":             Target("GET",                                           1.05,  1.03),
    "sync post":            Target("POST",                                          1.10,  1.05),

    "threads 64":           Target("64 threads",                                    1.00,  None),
    "threads 64 httpx2":    Target("64 threads, over httpx2",                       1.30,  2.00),

    "async 100":            Target("100 at once",                                   0.97,  None),
    "async 1000":           Target("1000 at once",                                  1.80,  None),
    "async 100 httpx2":     Target("100 at once, over httpx2",                      None,  None),
    "async 1000 httpx2":    Target("1000 at once, over httpx2",                     2.50,  None),
    "async 100 aiohttp":    Target("100 at once, over aiohttp",                     6.00,  9.00),
    "async 1000 aiohttp":   Target("1000 at once, over aiohttp",                    6.00,  9.00),

    "regenerate":           Target("all of the DQOps client",                      12.00,  8.00),
}
# fmt: on
