"""The command `python -m dqops.health`: a probe for containers and load balancers.

python -m dqops.health http://localhost:8888 [--wait 60] [--json]

Exit codes: 0 the service is healthy, 1 it is not, 2 the command line is wrong (1 with `--docker`:
Docker keeps 2 for itself).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from threading import TIMEOUT_MAX

from .plain import ask, parse_url
from .report import SHORTEST_QUESTION, more_telling
from .services import SERVICES

TYPE_CHECKING = False  # the one of `typing`, which need not be loaded for this
if TYPE_CHECKING:
    import ssl
    from typing import NoReturn
    from urllib.parse import SplitResult

    from .report import HealthReport

__all__ = ["main"]

HEALTHY, NOT_HEALTHY, WRONG_USAGE = 0, 1, 2
_INTERVAL = 1.0
# Where the URL of a service may stand, too.
_VARIABLES = {"dqops": "DQOPS_URL"}


def main(arguments: list[str] | None = None) -> int:
    """Run the probe.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code.
    """
    given = sys.argv[1:] if arguments is None else arguments
    parser = _parser(NOT_HEALTHY if "--docker" in given else WRONG_USAGE)
    options = parser.parse_args(given)
    options.url = options.url or os.environ.get(_VARIABLES.get(options.service, ""))
    context = None
    if not options.url:
        variable = _VARIABLES.get(options.service)
        parser.error(f"URL is missing: pass it{f', or set {variable}' if variable else ''}")
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


class _Parser(argparse.ArgumentParser):
    """A parser whose exit code for wrong usage can be chosen."""

    wrong_usage = WRONG_USAGE

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End with the code that was chosen."""
        super().exit(self.wrong_usage if status else 0, message)


def _parser(wrong_usage: int) -> _Parser:
    parser = _Parser(
        prog="python -m dqops.health",
        description="Ask a service for its health. Exit codes: 0 healthy, 1 not, 2 wrong usage.",
    )
    parser.wrong_usage = wrong_usage
    parser.add_argument(
        "url",
        metavar="URL",
        nargs="?",
        help="for example http://localhost:8888; the environment variable DQOPS_URL if "
        "it is left out",
    )
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
    parser.add_argument(
        "--docker", action="store_true", help="for HEALTHCHECK: wrong usage is exit code 1, too"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a number of seconds, got {text!r}") from None
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
