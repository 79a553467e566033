"""The table: on the screen, and in docs/performance.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.environments import REPOSITORY
from benchmarks.targets import GROUPS, TARGETS, is_reached

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from benchmarks.measurements import Figure, Rows
    from benchmarks.results import Results

__all__ = ["DOCUMENT", "print_rows", "write_document"]

DOCUMENT = REPOSITORY / "docs" / "performance.md"
# What is written by hand stands before and after.
_BEGIN = "<!-- results of `make bench`: do not edit -->\n"
_END = "<!-- end of results -->\n"

_CLIENTS = ("official", "default", "ours")
_MEGABYTE = 2**20


def print_rows(rows: Rows) -> None:
    """Print rows as they have been measured, minima first and medians in brackets.

    Args:
        rows: The rows.
    """
    for key, figures in rows.items():
        found = "  ".join(
            f"{client} {figure.minimum:.2f} ({figure.median:.2f})"
            for client, figure in figures.items()
        )
        target = TARGETS[key]
        wanted = f"must {_number(target.must)}  aim {_number(target.aim)}"
        print(f"{key:<28} {_verdict(key, figures):<7} {wanted}  {found}", flush=True)


def write_document(results: Sequence[Results]) -> None:
    """Renew the tables in docs/performance.md; what is written by hand around them stays.

    Args:
        results: The results of all versions of Python.
    """
    before, begin, rest = DOCUMENT.read_text(encoding="utf-8").partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{DOCUMENT.name} does not say where the results belong")
    sections = "\n".join(line for one in results for line in _section(one))
    DOCUMENT.write_text(f"{before}{begin}\n{sections}\n{end}{after}", encoding="utf-8")


def _section(results: Results) -> Iterator[str]:
    yield f"## Python {results.python}"
    yield ""
    yield f"Measured on {results.machine}."
    yield ""
    yield "| | official | default | **ours** | must | aim | reached | for comparison |"
    yield "|---|--:|--:|--:|--:|--:|---|---|"
    for name, group in GROUPS.items():
        keys = [key for key in TARGETS if key in results.rows and key.split()[0] == name]
        if keys:
            better = "less" if group.is_lower_better else "more"
            yield f"| **{group.title}** ({group.unit}; {better} is better) | | | | | | | |"
        for key in keys:
            yield _row(key, results.rows[key])
    yield ""
    if results.memory:
        yield "| memory, MB | official | default | **ours** |"
        yield "|---|--:|--:|--:|"
        for title, by_client in results.memory.items():
            cells = (f"{by_client[client] / _MEGABYTE:.1f}" for client in _CLIENTS)
            yield f"| {title} | {' | '.join(cells)} |"
        yield ""


def _row(key: str, figures: Mapping[str, Figure]) -> str:
    target = TARGETS[key]
    cells = [
        target.title,
        *(_shown(figures.get(client)) for client in _CLIENTS),
        _number(target.must),
        _number(target.aim),
        _verdict(key, figures),
        ", ".join(
            f"{client} {figure.minimum:.2f}"
            for client, figure in figures.items()
            if client not in _CLIENTS
        ),
    ]
    return f"| {' | '.join(cells)} |"


def _shown(figure: Figure | None) -> str:
    return "n/a" if figure is None else f"{figure.minimum:.2f} ({figure.median:.2f})"


def _number(number: float | None) -> str:
    return "-" if number is None else f"{number:.2f}"


def _verdict(key: str, figures: Mapping[str, Figure]) -> str:
    """Say in a word what has been reached."""
    if "ours" not in figures:
        return "n/a"
    ours, target = figures["ours"].minimum, TARGETS[key]
    if target.is_missed(key, ours):
        return "missed"
    if target.aim is not None and is_reached(key, ours, target.aim):
        return "aim"
    return "must"
