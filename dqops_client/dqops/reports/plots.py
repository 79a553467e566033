"""Plots of results, as matplotlib objects that one can go on with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .findings import SEVERITIES, Check, histories, issues_by_day, moment_of, rank, worst_by_day

try:
    from matplotlib import dates as matplotlib_dates
    from matplotlib.colors import BoundaryNorm, ListedColormap
    from matplotlib.patches import Patch
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] == "matplotlib":
        raise ImportError(
            "dqops.reports needs the package 'matplotlib', which is not installed. Install it "
            'with: pip install "dqops-client[reports]"',
            name=error.name,
        ) from error
    raise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matplotlib.axes import Axes

__all__ = ["COLOURS", "plot_histogram", "plot_history", "plot_status"]

#: The colour of each severity; they differ in brightness, too.
COLOURS = {
    "valid": "#5fb58c",
    "warning": "#f2c14e",
    "error": "#e8702a",
    "fatal": "#a4161a",
    "execution_error": "#7a5ea8",
    "unknown": "#404040",
}
_NO_RESULT = "#00000000"


def plot_history(
    results: Any,
    *,
    table: str | None = None,
    column: str | None = None,
    check: str | None = None,
    data_group: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot the values of a check over time, its thresholds as bands, each severity marked.

    Args:
        results: A table of `frames.check_results`.
        table: The table, as `connection.schema.table`; only needed if results are of several.
        column: The column; an empty string for a check of the table.
        check: The name of the check.
        data_group: The data group.
        ax: Where to plot; a new figure by default.

    Returns:
        The axes.

    Raises:
        ValueError: Results of no check, or of several, are meant; the message names them.
    """
    wanted = {"table": table, "column": column, "check": check, "data_group": data_group}
    found = [
        history
        for history in histories(_rows(results))
        if all(value in {None, getattr(history.check, name)} for name, value in wanted.items())
    ]
    if len(found) != 1:
        raise ValueError(
            f"results of one check are needed, got those of {_named([h.check for h in found])}"
        )
    (history,) = found
    axes = _axes(ax)
    rows = [row for row in history.rows if row["actual_value"] is not None]
    times: list[Any] = [moment_of(row) for row in rows]
    values = [row["actual_value"] for row in rows]
    axes.plot(times, values, color="0.45", linewidth=1.2, zorder=2)
    for severity in SEVERITIES:
        chosen = [place for place, row in enumerate(rows) if row["severity"] == severity]
        if chosen:
            axes.scatter(
                [times[place] for place in chosen],
                [values[place] for place in chosen],
                color=COLOURS[severity],
                label=severity,
                s=28,
                zorder=3,
            )
    _plot_bands(axes, rows, times)
    axes.set_title(f"{history.check.table}\n{history.check}", fontsize="medium", loc="left")
    axes.set_ylabel("actual value")
    _date_axis(axes)
    if rows:
        axes.legend(fontsize="small", frameon=False)
    return axes


def plot_status(results: Any, *, ax: Axes | None = None) -> Axes:
    """Plot a map of tables by days, each field in the colour of the worst severity of that day.

    Args:
        results: A table of `frames.check_results`.
        ax: Where to plot; a new figure by default.

    Returns:
        The axes.
    """
    by_table = worst_by_day(_rows(results))
    known = [day for found in by_table.values() for day in found]
    count = (max(known) - min(known)).days + 1 if known else 0
    days = [min(known) + timedelta(days=number) for number in range(count)]
    numbers = [[rank(found.get(day)) for day in days] for found in by_table.values()]
    axes = _axes(ax)
    colours = ListedColormap([_NO_RESULT, *(COLOURS[severity] for severity in SEVERITIES)])
    norm = BoundaryNorm([level - 1.5 for level in range(len(SEVERITIES) + 2)], colours.N)
    if numbers and days:
        axes.pcolormesh(numbers, cmap=colours, norm=norm, edgecolors="white", linewidth=1)
    axes.invert_yaxis()
    axes.set_yticks([place + 0.5 for place in range(len(by_table))], list(by_table))
    every = max(1, len(days) // 10)
    axes.set_xticks(
        [place + 0.5 for place in range(0, len(days), every)],
        [day.isoformat() for day in days[::every]],
        rotation=45,
        ha="right",
    )
    present = [severity for severity in SEVERITIES if any(rank(severity) in row for row in numbers)]
    _legend(axes, present)
    return axes


def plot_histogram(results: Any, *, ax: Axes | None = None) -> Axes:
    """Plot how many issues each day had, by severity.

    Args:
        results: A table of `frames.check_results`.
        ax: Where to plot; a new figure by default.

    Returns:
        The axes.
    """
    by_day = issues_by_day(_rows(results))
    axes = _axes(ax)
    days: list[Any] = list(by_day)
    below = [0] * len(days)
    present = []
    for severity in SEVERITIES[1:]:
        counts = [by_day[day][severity] for day in days]
        if any(counts):
            axes.bar(days, counts, bottom=below, color=COLOURS[severity], label=severity)
            below = [low + count for low, count in zip(below, counts, strict=True)]
            present.append(severity)
    axes.set_ylabel("issues")
    axes.locator_params(axis="y", integer=True)
    _date_axis(axes)
    _legend(axes, present)
    return axes


def _plot_bands(axes: Axes, rows: list[Mapping[str, Any]], times: list[Any]) -> None:
    """Fill what is beyond each threshold, up to the next worse one or the edge of the plot."""
    low, high = axes.get_ylim()
    bounds = [row[name] for row in rows for name in row if name.endswith("_bound")]
    known = [bound for bound in bounds if bound is not None]
    low, high = min([low, *known]), max([high, *known])
    margin = (high - low) * 0.05 or 1.0
    low, high = low - margin, high + margin
    for side, edge in (("lower", low), ("upper", high)):
        for number, severity in enumerate(("warning", "error", "fatal")):
            worse = ("warning", "error", "fatal")[number + 1 :]
            begins = [row[f"{severity}_{side}_bound"] for row in rows]
            if all(begin is None for begin in begins):
                continue
            ends = [
                next((row[n] for w in worse if row[n := f"{w}_{side}_bound"] is not None), edge)
                for row in rows
            ]
            axes.fill_between(
                times,
                [float("nan") if begin is None else begin for begin in begins],
                ends,
                color=COLOURS[severity],
                alpha=0.18,
                linewidth=0,
                zorder=1,
            )
    axes.set_ylim(low, high)


def _rows(results: Any) -> Iterable[Mapping[str, Any]]:
    rows: Iterable[Mapping[str, Any]] = results.to_pylist()
    return rows


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    from matplotlib import pyplot

    _, axes = pyplot.subplots(layout="constrained")
    return axes


def _date_axis(axes: Axes) -> None:
    dates: Any = matplotlib_dates  # some of it has no types
    locator = dates.AutoDateLocator()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))


def _legend(axes: Axes, severities: list[str]) -> None:
    if severities:
        patches = [Patch(color=COLOURS[severity], label=severity) for severity in severities]
        axes.legend(
            handles=patches,
            fontsize="small",
            frameon=False,
            loc="upper left",
            bbox_to_anchor=(1, 1),
        )


def _named(checks: list[Check]) -> str:
    if not checks:
        return "none"
    names = [f"{check.table} {check}" for check in checks[:5]]
    more = f" and {len(checks) - 5} more" if len(checks) > 5 else ""
    return f"{len(checks)}: {'; '.join(names)}{more}"
