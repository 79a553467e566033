"""A page about the data for people who look rather than read: one file, without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .findings import (
    SEVERITIES,
    histories,
    issues_by_day,
    kpi,
    kpis_by_dimension,
    moment_of,
    rank,
    table_of,
    worst_by_day,
)
from .style import STYLE

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    from ..client import AuthenticatedClient, Client
    from ..client.models import CheckSearchFilters
    from .findings import History

__all__ = ["Findings", "read_findings", "render", "write_report"]

# How much a page shows; what is left out is said.
_MOST_DAYS = 36_500
_MOST_TABLES = 60
_MOST_WORST = 6
_MOST_CHECKS = 4
_MOST_INCIDENTS = 50


@dataclass(frozen=True)
class Findings:
    """What a page is about.

    Attributes:
        title: Its title.
        since: The first day.
        until: The last day.
        results: Rows of `frames.check_results`.
        incidents: Rows of `frames.incidents`.
        made_at: When it was read (UTC).
    """

    title: str
    since: date
    until: date
    results: Sequence[Mapping[str, Any]]
    incidents: Sequence[Mapping[str, Any]]
    made_at: datetime


def write_report(
    client: AuthenticatedClient | Client,
    path: str | os.PathLike[str],
    filters: CheckSearchFilters | None = None,
    *,
    days: int = 30,
    title: str | None = None,
) -> Findings:
    """Write a page about the data: KPIs, a map of severities, the worst tables, incidents.

    The page is one file. It has no script and loads nothing from anywhere.

    Args:
        client: The client to send requests with.
        path: The file.
        filters: Which tables and checks are meant; None for all.
        days: How many days, today included.
        title: Its title; by default what the filters name.

    Returns:
        What is on it.

    Raises:
        InvalidRequest: An argument cannot be used; nothing was sent.
        ClientError: Something could not be read.
        OSError: The file cannot be written.
    """
    findings = read_findings(client, filters, days=days, title=title)
    Path(path).write_text(render(findings), encoding="utf-8")
    return findings


def read_findings(
    client: AuthenticatedClient | Client,
    filters: CheckSearchFilters | None = None,
    *,
    days: int = 30,
    title: str | None = None,
) -> Findings:
    """Read what a page is about; arguments as of `write_report`.

    Returns:
        The findings.

    Raises:
        InvalidRequest: An argument cannot be used; nothing was sent.
        ClientError: Something could not be read.
    """
    from ..client.errors import InvalidRequest
    from ..frames import check_results, incidents

    if not isinstance(days, int) or not 1 <= days <= _MOST_DAYS:
        raise InvalidRequest(f"days must be an integer from 1 to {_MOST_DAYS:,}, got {days!r}")
    made_at = datetime.now(UTC)
    # The server may be a day ahead of UTC; without results, that day is not shown.
    until = made_at.date() + timedelta(days=1)
    since = made_at.date() - timedelta(days=days - 1)
    rows = check_results(client, filters, since=since, until=until).to_pylist()
    latest = max((day for row in rows if (day := _day(row))), default=made_at.date())
    found = incidents(client, filters, since=since).to_pylist()
    return Findings(
        title=title or _title(filters),
        since=since,
        until=max(latest, made_at.date()),
        results=rows,
        incidents=[row for row in found if row["last_seen"] and row["last_seen"].date() >= since],
        made_at=made_at,
    )


def render(findings: Findings) -> str:
    """Write the page.

    Args:
        findings: What it is about.

    Returns:
        The HTML document.
    """
    return "".join(_page(findings))


def _page(findings: Findings) -> Iterator[str]:
    title = escape(findings.title)
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>Data quality: {title}</title><style>{STYLE}</style></head>\n<body><main>"
    )
    made = findings.made_at.strftime("%Y-%m-%d %H:%M UTC")
    yield (
        f"<header><h1>Data quality: {title}</h1>"
        f"<p>{findings.since} to {findings.until}, read at {made}</p></header>\n"
    )
    yield from _numbers(findings)
    if findings.results:
        yield from _dimensions(findings)
        yield from _issues(findings)
        yield from _map(findings)
        yield from _worst(findings)
    else:
        yield "<section><p>There are no results of these days.</p></section>"
    yield from _incidents(findings)
    yield "</main></body></html>\n"


def _numbers(findings: Findings) -> Iterator[str]:
    counts = dict.fromkeys(SEVERITIES, 0)
    for row in findings.results:
        if row["severity"] is not None:
            counts[row["severity"]] += 1
    open_ = sum(row["status"] == "open" for row in findings.incidents)
    tiles = [
        ("kpi", "KPI", _percent(kpi(findings.results)), ""),
        ("tables", "tables", len({table_of(row) for row in findings.results}), ""),
        ("results", "results", len(findings.results), ""),
        *((name, _plural(name), counts[name], name) for name in ("warning", "error", "fatal")),
        ("open", "open incidents", open_, ""),
    ]
    yield '<section class="tiles">'
    for key, label, value, severity in tiles:
        mark = f'<i class="dot {severity}"></i>' if severity else ""
        shown = f"{value:,}" if isinstance(value, int) else value
        yield f'<div class="tile" data-number="{key}"><b>{shown}</b>'
        yield f"<span>{mark}{label}</span></div>"
    yield "</section>\n"


def _dimensions(findings: Findings) -> Iterator[str]:
    yield (
        '<section id="dimensions"><h2>KPI by dimension</h2>'
        '<p class="note">Percent of results that passed; warnings pass.</p>'
        '<table class="bars"><tbody>'
    )
    for name, (value, count) in kpis_by_dimension(findings.results).items():
        yield (
            f'<tr data-dimension="{escape(name)}"><th scope="row">{escape(name)}</th>'
            f'<td class="bar"><div><i style="width:{value:.2f}%"></i></div></td>'
            f'<td class="number">{_percent(value)}</td>'
            f'<td class="number dim">{count:,} results</td></tr>'
        )
    yield "</tbody></table></section>\n"


def _issues(findings: Findings) -> Iterator[str]:
    by_day = issues_by_day(findings.results)
    days = _days(findings)
    highest = max((sum(counts.values()) for counts in by_day.values()), default=0)
    yield '<section id="issues"><h2>Issues by day</h2>'
    if not highest:
        yield "<p>There are none.</p></section>\n"
        return
    yield (
        f'<div class="chart"><span class="top">{highest}</span>'
        f'<svg viewBox="0 0 {len(days) * 10} 100" preserveAspectRatio="none" role="img" '
        'aria-label="Issues by day">'
    )
    for place, day in enumerate(days):
        below = 100.0
        counts: Mapping[str, int] = by_day.get(day, {})
        for severity in SEVERITIES[1:]:
            count = counts.get(severity, 0)
            if count:
                height = 100 * count / highest
                below -= height
                says = f"{day}: {count} {_plural(severity)}"
                yield (
                    f'<rect class="{severity}" x="{place * 10 + 1}" y="{below:.2f}" width="8" '
                    f'height="{height:.2f}"><title>{says}</title></rect>'
                )
    yield f"</svg></div>{_from_to(days)}{_legend(SEVERITIES[1:4])}</section>\n"


def _map(findings: Findings) -> Iterator[str]:
    by_table = worst_by_day(findings.results)
    days = _days(findings)
    order = sorted(
        by_table, key=lambda table: (-max(map(rank, by_table[table].values()), default=-1), table)
    )
    yield (
        '<section id="map"><h2>Status of tables by day</h2>'
        '<p class="note">The worst result of each day: W warning, E error, F fatal.</p>'
        '<div class="scroll"><table class="map"><thead><tr><th scope="col">table</th>'
    )
    for day in days:
        shown = day.day if day.day % 5 == 1 or day == days[0] else ""
        yield f'<th scope="col" title="{day}">{shown}</th>'
    yield "</tr></thead><tbody>"
    for table in order[:_MOST_TABLES]:
        yield f'<tr data-table="{escape(table)}"><th scope="row">{escape(table)}</th>'
        for day in days:
            severity = by_table[table].get(day)
            letter = severity[0].upper() if severity and severity != "valid" else ""
            says = f"{day}: {severity or 'no result'}"
            yield f'<td class="{severity or "none"}" title="{says}">{letter}</td>'
        yield "</tr>"
    yield f"</tbody></table></div>{_legend(SEVERITIES[:4])}"
    if len(order) > _MOST_TABLES:
        yield f'<p class="note">{len(order) - _MOST_TABLES} more tables, which are no worse.</p>'
    yield "</section>\n"


def _worst(findings: Findings) -> Iterator[str]:
    by_table: dict[str, list[History]] = {}
    for history in histories(findings.results):
        by_table.setdefault(history.check.table, []).append(history)
    ranked = sorted(by_table, key=lambda table: (-_badness(by_table[table]), table))
    bad = [table for table in ranked if _badness(by_table[table]) > 0]
    yield '<section id="worst"><h2>Worst tables</h2>'
    if not bad:
        yield "<p>All results of these days are valid.</p>"
    for table in bad[:_MOST_WORST]:
        found = sorted(
            by_table[table], key=lambda history: (-_badness([history]), str(history.check))
        )
        rows = [row for history in found for row in history.rows]
        yield (
            f'<article data-table="{escape(table)}"><h3>{escape(table)}</h3>'
            f'<p class="note">KPI {_percent(kpi(rows))}</p><div class="histories">'
        )
        for history in found[:_MOST_CHECKS]:
            if _badness([history]) > 0:
                yield from _history(history)
        yield "</div></article>"
    yield "</section>\n"


def _badness(found: Sequence[History]) -> float:
    """Order by the newest severities first, then by how often it was bad."""
    latest = max((max(0, rank(each.latest["severity"])) for each in found), default=0)
    counts = sum(max(0, rank(row["severity"])) for each in found for row in each.rows)
    return latest * 1_000_000 + counts


def _history(history: History) -> Iterator[str]:
    """Draw the values of a check, with its thresholds as bands."""
    rows = [row for row in history.rows if row["actual_value"] is not None]
    latest = history.latest
    severity = latest["severity"] or "none"
    value = "no value" if latest["actual_value"] is None else f"{latest['actual_value']:,.6g}"
    name = escape(str(history.check))
    yield (
        f'<figure data-check="{name}"><figcaption>{name}'
        f'<span><i class="dot {severity}"></i><b>{value}</b> {severity}</span></figcaption>'
    )
    if not rows:
        yield "</figure>"
        return
    names = [name for name in rows[-1] if name.endswith("_bound")]
    values = [row["actual_value"] for row in rows]
    values += [row[name] for row in rows for name in names if row[name] is not None]
    finite = [each for each in values if abs(each) != float("inf") and each == each] or [0.0]
    low, high = min(finite), max(finite)
    shown = f"{high:,.4g}", f"{low:,.4g}"
    margin = (high - low) * 0.08 or 1.0
    low, high = low - margin, high + margin
    moments = [moment.timestamp() for row in rows if (moment := moment_of(row)) is not None]
    first, span = moments[0], (moments[-1] - moments[0]) or 1.0
    xs = [4 + 392 * (moment - first) / span if len(rows) > 1 else 200.0 for moment in moments]

    def y(number: float) -> float:
        number = min(max(number, low), high) if number == number else low
        share: float = (number - low) / (high - low)
        return 100 - 100 * share

    yield (
        f'<div class="chart"><span class="top">{shown[0]}</span>'
        f'<span class="bottom">{shown[1]}</span>'
        '<svg viewBox="0 0 400 100" preserveAspectRatio="none" role="img" aria-label="History">'
    )
    for name in ("warning", "error", "fatal"):
        for side, edge in (("lower", 100.0), ("upper", 0.0)):
            bounds = [row[f"{name}_{side}_bound"] for row in rows]
            for left, right, bound in _runs(xs, bounds):
                top, bottom = sorted((y(bound), edge))
                yield (
                    f'<rect class="band {name}" x="{left:.1f}" y="{top:.1f}" '
                    f'width="{right - left:.1f}" height="{bottom - top:.1f}"/>'
                )
    points = [(x, y(row["actual_value"])) for x, row in zip(xs, rows, strict=True)]
    line = " ".join(f"{x:.1f},{height:.1f}" for x, height in points)
    yield f'<polyline class="line" points="{line}"/>'
    for (x, height), row in zip(points, rows, strict=True):
        says = f"{moment_of(row):%Y-%m-%d}: {row['actual_value']:,.6g} {row['severity']}"
        yield (
            f'<path class="point {row["severity"] or "none"}" d="M{x:.1f} {height:.1f}h0">'
            f"<title>{escape(says)}</title></path>"
        )
    days = [day for row in rows if (day := _day(row)) is not None]
    yield f"</svg></div>{_from_to(days)}</figure>"


def _runs(
    xs: Sequence[float], bounds: Sequence[float | None]
) -> Iterator[tuple[float, float, float]]:
    """Put neighbours with the same bound together: from where, to where, and the bound."""
    left = 0.0
    for place, bound in enumerate(bounds):
        is_last = place == len(bounds) - 1
        if not is_last and bounds[place + 1] == bound:
            continue
        right = 400.0 if is_last else (xs[place] + xs[place + 1]) / 2
        if bound is not None:
            yield left, right, bound
        left = right


def _incidents(findings: Findings) -> Iterator[str]:
    rows = sorted(
        findings.incidents, key=lambda row: (row["status"] != "open", -rank(row["severity"]))
    )
    yield '<section id="incidents"><h2>Incidents</h2>'
    if not rows:
        yield "<p>There are none of these days.</p></section>\n"
        return
    heads = ("table", "about", "severity", "status", "first seen", "last seen", "failed")
    yield '<div class="scroll"><table class="list"><thead><tr>'
    yield "".join(f'<th scope="col">{head}</th>' for head in heads)
    yield "</tr></thead><tbody>"
    for row in rows[:_MOST_INCIDENTS]:
        about = row["check"] or row["category"] or row["quality_dimension"] or ""
        severity = row["severity"] or "none"
        cells = (
            escape(table_of(row)),
            escape(about),
            f'<i class="dot {severity}"></i>{severity}',
            escape(row["status"] or ""),
            _time(row["first_seen"]),
            _time(row["last_seen"]),
            f"{row['failed_checks'] or 0:,}",
        )
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    yield "</tbody></table></div>"
    if len(rows) > _MOST_INCIDENTS:
        yield f'<p class="note">{len(rows) - _MOST_INCIDENTS} more incidents.</p>'
    yield "</section>\n"


def _legend(severities: Sequence[str]) -> str:
    items = "".join(f'<span><i class="dot {name}"></i>{name}</span>' for name in severities)
    return f'<p class="legend">{items}</p>'


def _from_to(days: Sequence[date]) -> str:
    return f'<p class="from-to"><span>{days[0]}</span><span>{days[-1]}</span></p>'


def _days(findings: Findings) -> list[date]:
    count = (findings.until - findings.since).days + 1
    return [findings.since + timedelta(days=number) for number in range(count)]


def _day(row: Mapping[str, Any]) -> date | None:
    moment = moment_of(row)
    return None if moment is None else moment.date()


def _time(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def _percent(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f} %"


def _plural(severity: str) -> str:
    return {"fatal": "fatal issues", "unknown": "unknown"}.get(
        severity, f"{severity.replace('_', ' ')}s"
    )


def _title(filters: CheckSearchFilters | None) -> str:
    if filters is None:
        return "all connections"
    parts = [filters.connection or "", filters.full_table_name or ""]
    return ".".join(part for part in parts if part) or "all connections"
