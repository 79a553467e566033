"""What a run has found, kept in `benchmarks/results/<version of Python>.json`."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measurements import Figure

if TYPE_CHECKING:
    from benchmarks.environments import Environments
    from benchmarks.measurements import Rows

__all__ = ["Results", "describe_machine", "load_all", "save"]

_FOLDER = Path(__file__).resolve().parent / "results"


@dataclass
class Results:
    """The results of one version of Python.

    Attributes:
        python: The version, such as `3.12.1`.
        machine: What they were measured on, in words.
        rows: By row and client.
        memory: Bytes by what was measured and client.
    """

    python: str
    machine: str
    rows: Rows = field(default_factory=dict)
    memory: dict[str, dict[str, int]] = field(default_factory=dict)


def describe_machine() -> str:
    """Describe this machine without telling whose it is.

    Returns:
        Processor and operating system in words.
    """
    processor = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                processor = value.strip()
                break
    return f"{os.cpu_count()} x {processor}, {platform.system()} {platform.machine()}"


def save(results: Results, environments: Environments) -> None:
    """Write the results of a run, in place of those of an earlier one.

    Args:
        results: The results.
        environments: What was measured.
    """
    _FOLDER.mkdir(exist_ok=True)
    content = asdict(results)
    content["rows"] = {
        key: {client: [round(part, 4) for part in figure] for client, figure in figures.items()}
        for key, figures in results.rows.items()
    }
    path = _FOLDER / f"{environments.version}.json"
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def load_all() -> list[Results]:
    """Read what all runs have found.

    Returns:
        The results, oldest version of Python first.
    """
    found = [_load(json.loads(path.read_text(encoding="utf-8"))) for path in _FOLDER.glob("*.json")]
    return sorted(found, key=lambda results: [int(part) for part in results.python.split(".")])


def _load(content: dict[str, Any]) -> Results:
    content["rows"] = {
        key: {client: Figure(*parts) for client, parts in figures.items()}
        for key, figures in content["rows"].items()
    }
    return Results(**content)
