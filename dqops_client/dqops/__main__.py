"""The command `python -m dqops`: says which version this is, and what there is."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata, requires, version

from ._identity import DISTRIBUTION
from ._runtime.suggestions import did_you_mean
from .cli.main import say

__all__ = ["main"]

_COMMANDS = {
    "dqopsctl": "gates, results, jobs and any operation from a shell: dqopsctl --help",
    "dqops.health": "ask whether a server is up, for containers: python -m dqops.health URL",
    "dqops.testing": "run a simulated DQOps: python -m dqops.testing --port 8888",
}
_MODULES = {
    "dqops": "DQOps and AsyncDQOps: every operation as a method of its group",
    "dqops.client": "clients; `api` has a module for each operation, `models` the models",
    "dqops.jobs": "run checks and other jobs to their end; gate, judge, failures",
    "dqops.checks": "set, remove and read single checks",
    "dqops.frames": "stored results as Arrow tables for pandas, Polars and DuckDB",
    "dqops.reports": "plots of results, and a page about the data",
    "dqops.health": "check, and wait_until_healthy",
    "dqops.testing": "an embedded DQOps for tests, with fixtures for pytest",
    "dqops.integrations.healthchecks_io": "a client of Healthchecks.io",
}
_VARIABLES = "DQOPS_URL, DQOPS_API_KEY (or DQOPS_API_KEY_FILE), DQOPS_TIMEOUT, DQOPS_DATA_DOMAIN"


def main(arguments: list[str] | None = None) -> int:
    """Say what there is.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 2 where an argument is none that there is.
    """
    given = sys.argv[1:] if arguments is None else arguments
    named = f"{DISTRIBUTION} {version(DISTRIBUTION)}"
    if given == ["--version"]:
        return say(named)
    if given and given[0] not in {"-h", "--help"}:
        known = {name.rpartition(".")[2]: name for name in _COMMANDS if "." in name}
        hint = f"; run python -m {known[given[0]]}" if given[0] in known else ""
        hint = hint or did_you_mean(given[0], ["--version", "--help", *known])
        print(f"python -m dqops has no argument {given[0]!r}{hint}", file=sys.stderr)
        return 2
    lines = [f"{named}: {metadata(DISTRIBUTION)['Summary']}"]
    for heading, listed in (("Modules", _MODULES), ("Commands", _COMMANDS)):
        lines += ["", f"{heading}:"]
        lines += [f"  {name:<36}{what}" for name, what in listed.items()]
    lines += ["", "Extras (pip install 'dqops-client[all]' brings all but the orchestrators):"]
    for extra in sorted(set(metadata(DISTRIBUTION).get_all("Provides-Extra") or ()) - {"all"}):
        lines.append(f"  {extra:<36}{'installed' if _is_installed(extra) else 'not installed'}")
    lines += ["", "Environment variables of from_env():", f"  {_VARIABLES}"]
    return say("\n".join(lines))


def _is_installed(extra: str) -> bool:
    for requirement in requires(DISTRIBUTION) or ():
        needed, _, marker = requirement.partition(";")
        if f"'{extra}'" in marker.replace('"', "'"):
            try:
                version(re.split(r"[^\w.-]", needed.strip(), maxsplit=1)[0])
            except PackageNotFoundError:
                return False
    return True


if __name__ == "__main__":
    sys.exit(main())
