"""The commands of `dqopsctl`, its exit codes, and its help, which needs no library."""

from __future__ import annotations

__all__ = ["COMMANDS", "EXIT_CODES", "overview"]

#: By name: the module in `commands`, and what the command does.
COMMANDS: dict[str, tuple[str, str]] = {
    "health": ("health", "Tell whether the server is up."),
    "run-checks": ("run_checks", "Run checks and judge the data: a gate for pipelines."),
    "judge": ("run_checks", "Judge the data without running anything."),
    "status": ("status", "Show the current status of tables, or of the checks of one."),
    "results": ("stored", "List the results of checks."),
    "readouts": ("stored", "List what checks have measured."),
    "errors": ("stored", "List why checks failed technically."),
    "samples": ("stored", "List samples of wrong values."),
    "incidents": ("stored", "List incidents."),
    "profiles": ("stored", "List the statistics of columns."),
    "collect": ("work", "Collect statistics, or samples of wrong values."),
    "import-tables": ("work", "Import tables from the data source."),
    "delete-data": ("work", "Delete stored results."),
    "jobs": ("jobs", "List, show, wait for, cancel and follow jobs."),
    "connections": ("metadata", "List and show connections."),
    "tables": ("metadata", "List and show tables."),
    "columns": ("metadata", "List columns."),
    "checks": ("checks", "List, show, activate and deactivate checks."),
    "api": ("api", "Call any operation of the server."),
    "export": ("files", "Write table specifications to files."),
    "apply": ("files", "Send table specifications that have changed in files."),
    "report": ("report", "Write a page about the data, for people."),
    "login": ("login", "Keep the URL and the API key of a server in a profile."),
    "completion": ("completion", "Print what lets a shell complete commands."),
}

EXIT_CODES = (
    (0, "everything is as it should be"),
    (1, "the data is not good enough"),
    (2, "wrong usage"),
    (3, "not known: the server, the network or a job failed, or nothing was evaluated"),
    (130, "interrupted; the job was cancelled"),
)

_DESCRIPTION = """\
The data quality platform DQOps, from a shell. To begin with:

  dqopsctl login                                         # once: where the server is
  dqopsctl run-checks 'warehouse.public.*'               # exit code 1 if the data is bad
  dqopsctl status warehouse --format tree
  dqopsctl results warehouse.public.orders --days 7

Most commands take a place, CONNECTION[.SCHEMA[.TABLE]]; `*` stands for any characters.
`dqopsctl COMMAND --help` tells more about a command.

Options of all commands that ask a server are --url, --api-key-file, --profile, --data-domain and
others. What is not given is read from DQOPS_URL, DQOPS_API_KEY, DQOPS_API_KEY_FILE, DQOPS_TIMEOUT
and DQOPS_DATA_DOMAIN, then from the profile that `dqopsctl login` writes."""


def overview() -> str:
    """Write the help of the command as a whole.

    Returns:
        The string.
    """
    width = max(map(len, COMMANDS))
    lines = ["Usage: dqopsctl COMMAND [OPTIONS]...", "", _DESCRIPTION, "", "Commands:"]
    lines += [f"  {name:<{width}}  {says}" for name, (_, says) in COMMANDS.items()]
    lines += ["", "Exit codes:"]
    lines += [f"  {code:>3}  {says}" for code, says in EXIT_CODES]
    return "\n".join(lines)
