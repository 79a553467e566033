"""How a simulated server behaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from .zones import zone_of

if TYPE_CHECKING:
    from datetime import tzinfo

__all__ = ["LONGEST", "JobMode", "License", "Settings"]

#: How jobs move; see `Settings.job_mode`.
JobMode = Literal["immediate", "manual", "seconds", "skip"]

#: What a server is licensed for; see `Settings.license`.
License = Literal["FREE", "PERSONAL", "TEAM", "ENTERPRISE"]

#: Who waits for ever waits for so many seconds, some thirty years; a point in time can still be
#: that far away.
LONGEST = 1e9


@dataclass(slots=True)
class Settings:
    """How a simulated server behaves; everything may be changed while it runs.

    Seconds may be infinite: a job of infinite `job_duration` runs for ever.

    Attributes:
        healthy: What the health check says.
        require_login: Whether requests without an API key are refused.
        job_mode: `seconds`: jobs take `queue_delay` and `job_duration`, by the server's clock.
            `immediate`: jobs take no time, and no request ever sleeps. `manual`: as `seconds`,
            but the clock is a `ManualClock` (unless another one is given), which only a test
            moves. `skip`: as `seconds`, but the clock is a `SkippingClock` (unless another one is
            given), so that waiting for an hour takes no time; at the door without a socket
            (`transport`), neither do timeouts and delays. The clock is chosen when the state is
            made.
        queue_delay: Seconds that a job stays queued.
        job_duration: Seconds that a job runs.
        job_history_seconds: Seconds after their end for which jobs can be looked up; None for
            ever.
        business_key_delay: Seconds after which a new job is found by its business key. The real
            server registers the key a moment after it has accepted the job: 0 of 150 look-ups that
            followed at once missed it.
        cancel_delay: Seconds from the request to cancel a job to its status `cancelled`; 0.001 to
            3 on the real server.
        change_history_seconds: Seconds for which changes of jobs can be asked for; None for ever.
            The real server keeps them for 300, and jobs that have ended for 3600.
        cloud_paired: Whether the server has a key for DQOps Cloud. Without one, which is the
            default, every job fails that is to synchronize a folder.
        wait_by_default: Whether operations that start a job wait for it if the caller does not
            say (`wait`).
        wait_seconds: Longest time to wait for a job, in seconds, if the caller does not say
            (`waitTimeout`).
        poll_seconds: Longest time, in seconds, that a request for job changes waits for one.
        time_zone: The configured time zone, such as `Asia/Tokyo`: periods of results, local times
            and months go by it.
        license: `FREE`: the server has no cloud key, so users, data domains and passwords cannot be
            changed, API keys cannot be issued, and dashboards cannot be opened. `PERSONAL`: it has
            one. `TEAM`: users can be changed, too. `ENTERPRISE`: data domains, too. What a seed has
            of users and data domains is there with any license.
        strict: Whether operations without behaviour of their own fail with status 501, instead of
            responding with the specification's example.
        examples_only: Whether every operation responds with the specification's example, as if none
            had behaviour of its own.
        server_version: Which version of DQOps it is, such as `1.7`: it lacks the operations that
            this version lacks, ignores such query parameters and properties, refuses such values
            of enumerations, and its responses have none of them. By default it is the newest one,
            with the operations of all versions.
        validate_answers: Whether each response is compared with the specification before it is
            sent. One that is not what it says is a defect of the simulator, or of a seed; it
            becomes a 500 with a message.

    Raises:
        ValueError: A value is not possible, here or where a field is set later.
    """

    healthy: bool = True
    require_login: bool = False
    job_mode: JobMode = "seconds"
    queue_delay: float = 0.0
    job_duration: float = 0.05
    job_history_seconds: float | None = None
    business_key_delay: float = 0.0
    cancel_delay: float = 0.0
    change_history_seconds: float | None = None
    cloud_paired: bool = False
    wait_by_default: bool = True
    wait_seconds: float = 120.0
    poll_seconds: float = 5.0
    time_zone: str = "UTC"
    license: License = "FREE"
    strict: bool = False
    examples_only: bool = False
    server_version: str | None = None
    validate_answers: bool = True

    def __setattr__(self, name: str, value: Any) -> None:
        _check(name, value)
        object.__setattr__(self, name, value)

    @property
    def zone(self) -> tzinfo:
        """The configured time zone."""
        return zone_of(self.time_zone)

    @property
    def has_cloud_key(self) -> bool:
        """Whether the server belongs to an account of the cloud."""
        return self.license != "FREE"

    @property
    def can_change_users(self) -> bool:
        """Whether users can be created, changed and deleted."""
        return self.license in ("TEAM", "ENTERPRISE")

    @property
    def can_change_data_domains(self) -> bool:
        """Whether data domains can be created."""
        return self.license == "ENTERPRISE"

    @property
    def skips_unchanged(self) -> bool:
        """Whether a run evaluates only the rules for which something is new."""
        return _is_since(self.server_version, (1, 10))

    @property
    def tells_version(self) -> bool:
        """Whether the version is among what the server tells of its settings."""
        return _is_since(self.server_version, (1, 12))

    @property
    def seconds_queued(self) -> float:
        """Seconds that a job stays queued in the current mode."""
        return 0.0 if self.job_mode == "immediate" else min(self.queue_delay, LONGEST)

    @property
    def seconds_running(self) -> float:
        """Seconds that a job runs in the current mode."""
        return 0.0 if self.job_mode == "immediate" else min(self.job_duration, LONGEST)

    @property
    def seconds_to_cancel(self) -> float:
        """Seconds that cancelling a job takes in the current mode."""
        return 0.0 if self.job_mode == "immediate" else min(self.cancel_delay, LONGEST)


_CHOICES = {"job_mode": get_args(JobMode), "license": get_args(License)}
_SWITCHES = frozenset(
    {
        "cloud_paired",
        "examples_only",
        "healthy",
        "require_login",
        "strict",
        "validate_answers",
        "wait_by_default",
    }
)
_OPTIONAL = frozenset({"change_history_seconds", "job_history_seconds"})


def _is_since(version: str | None, first: tuple[int, int]) -> bool:
    return version is None or tuple(map(int, version.split("."))) >= first


def _check(name: str, value: Any) -> None:
    """Refuse a value that a setting cannot have."""
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            choices = ", ".join(map(repr, _CHOICES[name]))
            raise ValueError(f"{name} must be one of {choices}, got {value!r}")
    elif name == "time_zone":
        if not isinstance(value, str):
            raise ValueError(f"time_zone must be the name of a time zone, got {value!r}")
        zone_of(value)
    elif name in _SWITCHES:
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be True or False, got {value!r}")
    elif name == "server_version":
        if value is not None:
            from .specification.editions import known_version  # which few need

            known_version(value)
    elif name in _OPTIONAL and value is None:
        return
    elif isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        or_none = ", or None" if name in _OPTIONAL else ""
        raise ValueError(f"{name} must be a number of seconds >= 0{or_none}, got {value!r}")
