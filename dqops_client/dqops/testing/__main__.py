"""`python -m dqops.testing`: a simulated server for programs in other processes and languages."""

from __future__ import annotations

import argparse
import sys
import threading
from typing import get_args

from dqops.testing import DEFAULT_API_KEY, DqopsServer, FaultPlan, Seed
from dqops.testing.settings import License

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted (Ctrl-C).

    Args:
        arguments: The arguments of the command; those of this process by default.

    Returns:
        The exit code: 0 after an interruption, 1 if the server cannot start.
    """
    options = _parser().parse_args(arguments)
    try:
        server = DqopsServer(
            None if options.seed is None else Seed.from_file(options.seed),
            host=options.host,
            port=options.port,
            allow_remote=options.allow_remote,
            faults=() if options.faults is None else FaultPlan.from_file(options.faults),
            api_key=options.api_key,
            require_login=options.require_login,
            healthy=not options.unhealthy,
            job_mode=options.job_mode,
            queue_delay=options.queue_delay,
            job_duration=options.job_duration,
            job_history_seconds=options.job_history,
            business_key_delay=options.business_key_delay,
            wait_by_default=not options.no_wait,
            wait_seconds=options.wait_seconds,
            poll_seconds=options.poll_seconds,
            time_zone=options.time_zone,
            license=options.license,
            server_version=options.server_version,
            strict=options.strict,
            examples_only=options.examples_only,
        ).start()
    except (OSError, ValueError) as error:
        print(f"cannot start the server: {error}", file=sys.stderr)
        return 1
    try:
        print(f"simulated DQOps server: {server.url} (stop it with Ctrl-C)", flush=True)
        threading.Event().wait()
    except KeyboardInterrupt:
        print("stopped", flush=True)
    finally:
        server.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dqops.testing", description="Run a simulated DQOps server."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8888, help="port; 0: any free (%(default)s)")
    parser.add_argument(
        "--api-key", default=DEFAULT_API_KEY, help="API key to accept (%(default)s)"
    )
    parser.add_argument(
        "--require-login", action="store_true", help="refuse requests without the API key"
    )
    parser.add_argument("--unhealthy", action="store_true", help="let the health check fail")
    parser.add_argument("--seed", metavar="FILE", help="YAML file with what the server starts with")
    parser.add_argument("--faults", metavar="FILE", help="YAML file with a list of what goes wrong")
    parser.add_argument(
        "--job-mode",
        choices=("immediate", "seconds", "skip"),
        default="seconds",
        help="whether jobs end at once, or take the time of the next two options; with `skip`, "
        "whoever waits for them finds that it has passed (%(default)s)",
    )
    parser.add_argument(
        "--queue-delay",
        type=float,
        default=0.0,
        help="seconds that a job stays queued (%(default)s)",
    )
    parser.add_argument(
        "--job-duration", type=float, default=0.05, help="seconds that a job runs (%(default)s)"
    )
    parser.add_argument(
        "--job-history",
        type=float,
        metavar="SECONDS",
        help="how long jobs that have ended are remembered (for ever)",
    )
    parser.add_argument(
        "--business-key-delay",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="time until a job is found by its business key (%(default)s)",
    )
    parser.add_argument(
        "--no-wait",
        action="store_true",
        help="do not wait for jobs, unless the call says `wait=true`",
    )
    parser.add_argument(
        "--wait-seconds",
        type=float,
        default=120.0,
        metavar="SECONDS",
        help="how long to wait for jobs, unless the call says so (%(default)s)",
    )
    parser.add_argument(
        "--poll-seconds",
        type=float,
        default=5.0,
        metavar="SECONDS",
        help="how long a request for job changes waits for one (%(default)s)",
    )
    parser.add_argument(
        "--time-zone",
        default="UTC",
        metavar="ZONE",
        help="the configured time zone, such as Asia/Tokyo (%(default)s)",
    )
    parser.add_argument(
        "--license",
        choices=get_args(License),
        default="FREE",
        help="what the server is licensed for (%(default)s)",
    )
    parser.add_argument(
        "--server-version",
        metavar="VERSION",
        help="the version of DQOps to simulate, such as 1.7 (the newest, and what older ones had)",
    )
    parser.add_argument(
        "--examples-only",
        action="store_true",
        help="respond to every operation with its example, as if it had no behaviour",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="let operations without behaviour of their own fail, instead of giving examples",
    )
    parser.add_argument(
        "--allow-remote",
        action="store_true",
        help="allow an address that other machines can reach",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
