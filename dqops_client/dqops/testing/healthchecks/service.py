"""What all parts of the server share: projects, settings and the time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..clock import SystemClock
from .project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ..clock import Clock
    from .checks import Check

__all__ = ["Service"]


@dataclass
class Service:
    """The state of a server; it may be read and changed at any time.

    Args:
        clock: Where the time comes from.
        ping_body_limit: How many bytes of a ping's body are kept; None for no limit.
        metrics_key: The key for metrics; empty for none.
        database_works: What the status says.
        projects: The projects.
        site: The URL of the server, with a slash at its end; URLs in responses begin so.
        site_name: What badges of all checks are labelled with.
    """

    clock: Clock = field(default_factory=SystemClock)
    ping_body_limit: int | None = 10_000
    metrics_key: str = field(default="", repr=False)
    database_works: bool = True
    projects: list[Project] = field(default_factory=lambda: [Project()])
    site: str = "http://healthchecks.test/"
    site_name: str = "Mychecks"
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def now(self) -> datetime:
        """Tell the time in UTC."""
        return self.clock.now()

    def all_checks(self) -> Iterator[tuple[Project, Check]]:
        """Go through the checks of all projects."""
        for project in self.projects:
            for check in project.checks:
                yield project, check

    def catch_up(self) -> None:
        """Let checks go down whose time has come."""
        now = self.now()
        for _, check in self.all_checks():
            check.catch_up(now)
