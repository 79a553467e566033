"""What imports cost, in fresh interpreters, beside `import httpx`.

The processor time of a whole process is measured, less that of an interpreter that does nothing: it
counts everything that an import causes, the clean-up at the end included, and is not disturbed by
what else the machine does.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.documents import TABLE_SPEC, write_documents
from benchmarks.measure import Samples, interleave

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.environments import Environments

__all__ = ["CLIENTS", "IMPORTS", "PROGRAMS", "Client", "measure_imports", "processor_time"]

_ROUNDS = 9

#: The programs, with the package's name to be filled in.
PROGRAMS = {
    "operation": "import {package}.api.jobs.run_checks",
    "model": "from {package}.models import CheckResultEntryModel",
    # The client needs httpx for the first call at the latest, so it is counted for all.
    "client": """
import httpx
from {package} import Client
from {package}.api.jobs import run_checks
from {package}.models import RunChecksParameters
client = Client(base_url="http://localhost:8888/")
body = RunChecksParameters()
""",
    "models": "from {package}.models import *",
    "first decode": """
import json
from {package}.models import TableSpec
with open({document!r}, "rb") as file:
    TableSpec.from_dict(json.loads(file.read()))
""",
}
IMPORTS = tuple(PROGRAMS)


class Client(NamedTuple):
    """A generated client.

    Attributes:
        environment: The environment that it is in.
        package: Its import name.
    """

    environment: str
    package: str


#: The clients that are compared.
CLIENTS = {
    "official": Client("official", "dqops.client"),
    "default": Client("default-client", "default_client"),
    "ours": Client("ours", "dqops.client"),
}


def measure_imports(environments: Environments) -> dict[str, dict[str, Samples]]:
    """Measure all programs with all clients, in the same rounds.

    Args:
        environments: Where they are.

    Returns:
        Seconds of processor time by client and program; the client `httpx` has one program of the
        same name.
    """
    cases: dict[str, Callable[[], float]] = {"nothing": _case(environments, "ours", "pass")}
    cases["httpx"] = _case(environments, "ours", "import httpx")
    document = str(write_documents() / f"{TABLE_SPEC}.json")
    for client, (environment, package) in CLIENTS.items():
        for name, program in PROGRAMS.items():
            code = program.format(package=package, document=document)
            cases[f"{client}/{name}"] = _case(environments, environment, code)
    samples = interleave(cases, _ROUNDS)
    nothing = samples.pop("nothing")
    found: dict[str, dict[str, Samples]] = {}
    for case, values in samples.items():
        client, _, name = case.partition("/")
        found.setdefault(client, {})[name or client] = values.minus(nothing)
    return found


def _case(environments: Environments, environment: str, code: str) -> Callable[[], float]:
    return partial(processor_time, environments.python(environment), "-c", code)


def processor_time(python: str, *arguments: str) -> float:
    """Run a program.

    Args:
        python: The interpreter.
        arguments: What it is given.

    Returns:
        Seconds of processor time that the process took.
    """
    # Isolated, so that neither variables nor the working directory of the caller play a part.
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    command = [python, "-I", *arguments]
    process = os.posix_spawn(python, command, os.environ, file_actions=silent)
    _, status, usage = os.wait4(process, 0)
    if status != 0:
        raise RuntimeError(f"this program failed: {command}")
    return usage.ru_utime + usage.ru_stime
