"""How a simulated server behaves."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Settings"]


@dataclass
class Settings:
    """How a simulated server behaves; everything may be changed while it runs.

    Attributes:
        healthy: What the health check says.
        require_login: Whether requests without an API key are refused.
        queue_delay: Seconds that a job stays queued.
        job_duration: Seconds that a job runs.
        wait_by_default: Whether operations that start a job wait for it if the caller does not
            say (`wait`).
        wait_seconds: Longest time to wait for a job, in seconds, if the caller does not say
            (`waitTimeout`).
        poll_seconds: Longest time, in seconds, that a request for job changes waits for one.
        strict: Whether operations without behaviour of their own fail with status 501, instead of
            answering with the specification's example.
    """

    healthy: bool = True
    require_login: bool = False
    queue_delay: float = 0.0
    job_duration: float = 0.05
    wait_by_default: bool = True
    wait_seconds: float = 120.0
    poll_seconds: float = 5.0
    strict: bool = False
