"""The command `python -m dqops.health`: a probe for containers and load balancers.

python -m dqops.health http://localhost:8888 [--wait 60] [--json]

Exit codes: 0 the service is healthy, 1 it is not, 2 the command line is wrong.
"""

from __future__ import annotations

import argparse
import sys
import time
from threading import TIMEOUT_MAX

from .plain import ask, parse_url
from .report import SHORTEST_QUESTION, more_telling
from .services import SERVICES

TYPE_CHECKING = False  # the one of `typing`, which need not be loaded for this
if TYPE_CHECKING:
    import ssl
    from urllib.parse import SplitResult

    from .report import HealthReport

__all__ = ["main"]

HEALTHY, NOT_HEALTHY = 0, 1
_INTERVAL = 1.0


def main(arguments: list[str] | None = None) -> int:
    """Run the probe.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    context = None
    try:
        url = parse_url(options.url)
        if options.ca_file:
            import ssl

            context = ssl.create_default_context(cafile=options.ca_file)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    report = _wait(options, url, context)
    if options.json:
        import json

        print(json.dumps(report.to_dict()))
    else:
        print(report)
    return HEALTHY if report.healthy else NOT_HEALTHY


def _wait(
    options: argparse.Namespace, url: SplitResult, context: ssl.SSLContext | None
) -> HealthReport:
    """Ask until the service is healthy, or the time is over; once in any case."""
    service = SERVICES[options.service]
    end = time.monotonic() + options.wait
    report = ask(service, url, timeout=options.timeout, context=context)
    while not report.healthy and (left := end - time.monotonic()) > 0:
        time.sleep(min(_INTERVAL, left))
        seconds = max(SHORTEST_QUESTION, min(options.timeout, end - time.monotonic()))
        latest = ask(service, url, timeout=seconds, context=context)
        report = more_telling(latest, report, is_cut_short=seconds < options.timeout)
    return report


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dqops.health",
        description="Ask a service for its health. Exit codes: 0 healthy, 1 not, 2 wrong usage.",
    )
    parser.add_argument("url", metavar="URL", help="for example http://localhost:8888")
    parser.add_argument(
        "--service", choices=sorted(SERVICES), default="dqops", help="what is there (dqops)"
    )
    parser.add_argument(
        "--wait",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="ask again until it is healthy, for so long in all (0)",
    )
    parser.add_argument(
        "--timeout",
        type=_positive_seconds,
        default=5.0,
        metavar="SECONDS",
        help="how long one response may take (5)",
    )
    parser.add_argument("--ca-file", metavar="FILE", help="certificate authorities to trust")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < TIMEOUT_MAX:
        raise argparse.ArgumentTypeError("must be 0 or more seconds")
    return seconds


def _positive_seconds(text: str) -> float:
    seconds = _seconds(text)
    if not seconds:
        raise argparse.ArgumentTypeError("must be more than 0 seconds")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
