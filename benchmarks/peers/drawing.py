"""Draws the figures that come as JSON on the standard input."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

# By name, because no environment but the one that this runs in has matplotlib and its types.
matplotlib: Any = import_module("matplotlib")
matplotlib.use("svg")
pyplot: Any = import_module("matplotlib.pyplot")
ticker: Any = import_module("matplotlib.ticker")

# The same picture from the same figures, byte for byte; and texts that can be searched.
matplotlib.rcParams.update({"svg.hashsalt": "dqops-client", "svg.fonttype": "none"})

MARKS = {
    "official": {"label": "official client", "color": "#b0413e", "marker": "o", "s": 36},
    "default": {"label": "default output", "color": "#c98b2b", "marker": "D", "s": 28},
    "ours": {"label": "ours", "color": "#1f6fb2", "marker": "o", "s": 64},
    "must": {"label": "must", "color": "#333333", "marker": "|", "s": 160},
    "aim": {"label": "aim", "color": "#333333", "marker": "2", "s": 110},
}


def draw(picture: dict[str, Any]) -> None:
    """Draw a panel for each group and a line for each row.

    Args:
        picture: Title, panels, and the path to write to.
    """
    panels = picture["panels"]
    figure, axes = pyplot.subplots(
        len(panels),
        figsize=(10, 1.4 + sum(0.75 + 0.27 * len(panel["rows"]) for panel in panels)),
        height_ratios=[2 + len(panel["rows"]) for panel in panels],
        squeeze=False,
        layout="constrained",
    )
    for axis, panel in zip(axes[:, 0], panels, strict=True):
        draw_panel(axis, panel)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.suptitle(picture["title"])
    figure.legend(handles, labels, loc="outside lower center", ncols=len(MARKS), frameon=False)
    figure.savefig(picture["path"], metadata={"Date": None})


def draw_panel(axis: Any, panel: dict[str, Any]) -> None:
    """Draw the rows of a group on a logarithmic scale.

    Args:
        axis: Where to draw.
        panel: Title and rows.
    """
    rows = panel["rows"]
    for name, mark in MARKS.items():
        points = [(row[name], place) for place, row in enumerate(rows) if row.get(name) is not None]
        axis.scatter([x for x, _ in points], [y for _, y in points], zorder=3, **mark)
    axis.set_title(panel["title"], loc="left", fontsize=10)
    axis.set_xscale("log")
    axis.xaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    axis.xaxis.set_major_formatter(ticker.FormatStrFormatter("%g"))
    axis.xaxis.set_minor_formatter(ticker.NullFormatter())
    axis.set_yticks(range(len(rows)), [row["label"] for row in rows])
    axis.set_ylim(len(rows) - 0.5, -0.5)
    axis.grid(axis="x", color="#dddddd")
    axis.spines[["top", "right"]].set_visible(False)


draw(json.load(sys.stdin))
