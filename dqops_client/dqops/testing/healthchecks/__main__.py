"""`python -m dqops.testing.healthchecks`: the fake for programs in other processes."""

from __future__ import annotations

import argparse
import sys
import threading

from dqops.testing.healthchecks import HealthchecksServer

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted (Ctrl-C).

    Args:
        arguments: The arguments of the command; those of this process by default.

    Returns:
        The exit code: 0 after an interruption, 1 if the server cannot start.
    """
    parser = argparse.ArgumentParser(
        prog="python -m dqops.testing.healthchecks",
        description="Run a fake Healthchecks.io server.",
    )
    parser.add_argument("--port", type=int, default=8000, help="port; 0: any free (%(default)s)")
    options = parser.parse_args(arguments)
    try:
        server = HealthchecksServer(port=options.port).start()
    except (OSError, OverflowError) as error:
        print(f"cannot start the server: {error}", file=sys.stderr)
        return 1
    project = server.project
    try:
        print(f"fake Healthchecks.io server: {server.url} (stop it with Ctrl-C)")
        print(f"API key {project.api_key}, to read only {project.read_only_key}")
        print(f"ping key {project.ping_key}", flush=True)
        threading.Event().wait()
    except KeyboardInterrupt:
        print("stopped", flush=True)
    finally:
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
