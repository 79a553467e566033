"""The picture in docs/performance.md; it is drawn in an environment that has matplotlib."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from benchmarks.environments import PEERS
from benchmarks.report import DOCUMENT
from benchmarks.targets import GROUPS, TARGETS

if TYPE_CHECKING:
    from benchmarks.environments import Environments
    from benchmarks.results import Results

__all__ = ["draw"]

_CLIENTS = ("official", "default", "ours")


def draw(results: Results, environments: Environments) -> None:
    """Write docs/performance.svg.

    Args:
        results: What to draw.
        environments: Where matplotlib is.
    """
    panels = [_panel(name, results) for name in GROUPS if name != "regenerate"]
    picture = {
        "title": f"Python {results.python}",
        "panels": [panel for panel in panels if panel["rows"]],
        "path": str(DOCUMENT.with_suffix(".svg")),
    }
    subprocess.run(  # noqa: S603  # our own script
        [environments.python("plot"), str(PEERS / "drawing.py")],
        input=json.dumps(picture),
        text=True,
        check=True,
    )


def _panel(name: str, results: Results) -> dict[str, Any]:
    group = GROUPS[name]
    rows = [
        {
            "label": target.title,
            "must": target.must,
            "aim": target.aim,
            **{
                client: results.rows[key][client].minimum
                for client in _CLIENTS
                if client in results.rows[key]
            },
        }
        for key, target in TARGETS.items()
        if key.split()[0] == name and key in results.rows
    ]
    better = "to the left" if group.is_lower_better else "to the right"
    return {"title": f"{group.title}: {group.unit} ({better} is better)", "rows": rows}
