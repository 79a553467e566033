"""Memory: what imports occupy, and the most that decoding needs (on Linux only)."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.documents import DOCUMENTS, write_documents
from benchmarks.environments import PEERS
from benchmarks.import_time import CLIENTS, PROGRAMS

if TYPE_CHECKING:
    from benchmarks.environments import Environments

__all__ = ["measure_memory"]

_REPEAT = 3
_IMPORTS = {
    "operation": "RSS after importing an operation",
    "client": "RSS with client, operation and model, ready to call",
}


def measure_memory(environments: Environments) -> dict[str, dict[str, int]]:
    """Measure in fresh processes.

    Args:
        environments: Where the clients are.

    Returns:
        Bytes by what is measured and client; the least of several runs. Nothing on systems
        without `/proc`.
    """
    if not Path("/proc/self/status").exists():
        return {}
    found: dict[str, dict[str, int]] = {}
    bare = _bytes(environments, "ours", "rss", "pass")
    found["RSS of a bare interpreter"] = dict.fromkeys(CLIENTS, bare)
    for name, title in _IMPORTS.items():
        found[title] = {
            client: _bytes(environments, environment, "rss", PROGRAMS[name].format(package=package))
            for client, (environment, package) in CLIENTS.items()
        }
    folder = write_documents()
    for command, title in (("peak", "peak RSS, decoding {}"), ("traced", "decoding {} alone")):
        for name, document in DOCUMENTS.items():
            path = str(folder / f"{name}.json")
            found[title.format(document.title)] = {
                client: _bytes(environments, environment, command, package, path, document.model)
                for client, (environment, package) in CLIENTS.items()
            }
    return found


def _bytes(environments: Environments, environment: str, *arguments: str) -> int:
    command = [environments.python(environment), str(PEERS / "memory.py"), *arguments]
    return min(
        int(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S603
        for _ in range(_REPEAT)
    )
