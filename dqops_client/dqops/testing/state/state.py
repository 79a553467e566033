"""What a simulated server knows: its users and its data domains."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from ..clock import Clock, ManualClock, SkippingClock, SystemClock
from ..seeds.demo import demo_seed
from ..seeds.seed import Seed
from ..settings import Settings
from .data_domain import DataDomain
from .snapshots import DEFAULT_DOMAIN, DomainSnapshot, Snapshot, planted, planted_domain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..roles import User
    from ..settings import JobMode

__all__ = ["State"]

_CLOCKS: Mapping[JobMode, type[Clock]] = {"manual": ManualClock, "skip": SkippingClock}


class State(DataDomain):
    """The default data domain, and with it all that a server knows.

    Args:
        seed: What the server starts with, as a seed or a mapping; a small web shop by default.
        settings: How it behaves.
        clock: Where the time comes from; by default the time of this machine, or the clock of the
            job mode.

    Attributes:
        users: The users by their emails.
        domains: The further data domains by their names.

    Raises:
        TypeError: The clock is none.
        ValueError: The seed is not possible.
    """

    users: dict[str, User]
    domains: dict[str, DataDomain]

    def __init__(
        self,
        seed: Seed | Mapping[str, Any] | None = None,
        *,
        settings: Settings | None = None,
        clock: Clock | None = None,
    ) -> None:
        settings = Settings() if settings is None else settings
        if not isinstance(settings, Settings):
            raise TypeError(f"settings must be Settings, got {settings!r}")
        if clock is None:
            clock = _CLOCKS.get(settings.job_mode, SystemClock)()
        if not isinstance(clock, Clock):
            raise TypeError(f"a clock must have the methods now and wait, got {clock!r}")
        self.domains = {}
        super().__init__(clock, threading.Condition(), settings, self._newest_number)
        now = clock.now()
        start = demo_seed(now) if seed is None else Seed.of(seed).at(now)
        self._planted = planted(start, now, settings.zone)
        self.reset()

    # What tests do.

    def domain(self, name: str) -> DataDomain:
        """Give a data domain.

        Args:
            name: Its technical name; `(default)` or empty for the one that requests without a
                cookie work on, which is this state itself.

        Returns:
            The data domain.

        Raises:
            LookupError: There is no such data domain.
        """
        if name in ("", DEFAULT_DOMAIN):
            return self
        if name not in self.domains:
            known = ", ".join(map(repr, (DEFAULT_DOMAIN, *self.domains)))
            raise LookupError(f"no data domain is called {name!r}; there are {known}")
        return self.domains[name]

    def snapshot(self) -> Snapshot:
        """Remember everything, jobs included; settings, clock and recorded requests are not.

        Returns:
            The snapshot for `restore`.
        """
        with self.condition:
            snapshot = self.known_as(Snapshot)
            snapshot.users = self.users
            snapshot.domains = {
                name: domain.known_as(DomainSnapshot) for name, domain in self.domains.items()
            }
            return snapshot.copied()

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to what was. The clock goes on; requests that wait for a job end with 404.

        Args:
            snapshot: What `snapshot` gave, here or in another process.
        """
        with self.condition:
            known = snapshot.copied()
            self.take_over(known)
            self.users = known.users
            for name in [name for name in self.domains if name not in known.domains]:
                self.delete_domain(name)
            for name, domain in known.domains.items():
                self._domain(name).take_over(domain)

    def reset(self) -> None:
        """Go back to the seed, as it was when the state was made; no job is left."""
        self.restore(self._planted)

    def forget_jobs(self) -> None:
        """Forget all jobs, as a restart of the real server does.

        History, business keys and changes are gone; requests that wait for a job end with 404. The
        numbers of jobs and changes go on, as on the real server, which makes them of the time.
        """
        with self.condition:
            for domain in self._all:
                domain.queue.forget()

    def advance(self, seconds: float) -> None:
        """Move a manual clock, and do what is due.

        Args:
            seconds: By how much.

        Raises:
            TypeError: The clock moves by itself.
        """
        clock: Any = self.clock
        if not isinstance(clock, ManualClock):
            raise TypeError(
                f"only a ManualClock can be moved, not a {type(clock).__name__}: use the job mode "
                "'manual' or 'skip', or give a ManualClock"
            )
        clock.advance(seconds)
        with self.condition:
            for domain in self._all:
                domain.queue.advance()

    # What operations do; they hold the lock.

    def add_domain(self, name: str) -> None:
        """Add an empty data domain, in which the scheduler runs.

        Args:
            name: Its technical name, which is free.
        """
        self._domain(name).take_over(planted_domain(Seed(), self.settings.zone))

    def delete_domain(self, name: str) -> None:
        """Delete a data domain with all that is in it; requests that wait for its jobs get 404.

        Args:
            name: Its technical name.
        """
        self.domains.pop(name).queue.forget()

    def open(self) -> None:
        """Allow requests to wait."""
        with self.condition:
            for domain in self._all:
                domain.queue.open()

    def close(self) -> None:
        """End all waiting, now and until `open` is called."""
        with self.condition:
            for domain in self._all:
                domain.queue.close()

    @property
    def _all(self) -> tuple[DataDomain, ...]:
        return (self, *self.domains.values())

    def _domain(self, name: str) -> DataDomain:
        """Find a data domain, or make it; it knows nothing then."""
        if name not in self.domains:
            self.domains[name] = DataDomain(
                self.clock, self.condition, self.settings, self._newest_number, name
            )
        return self.domains[name]

    def _newest_number(self) -> int:
        """Find the greatest number: no two jobs share one, in whatever data domains they are."""
        return max(domain.queue.newest_number for domain in self._all)
