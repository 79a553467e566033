"""Plots and the page, without a browser; `browser.py` has the tests with one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from dqops import frames, jobs, reports
from dqops.cli.main import main
from dqops.client import Client, errors
from dqops.client.models import CheckSearchFilters
from dqops.testing import DqopsServer

from reports.shop import DAYS, seed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pa = pytest.importorskip("pyarrow", reason="the extra `frames` is not installed")
matplotlib = pytest.importorskip("matplotlib", reason="the extra `reports` is not installed")
matplotlib.use("Agg")


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """A client of a server with a month of results."""
    with DqopsServer(seed=seed()) as server, Client(server.url) as client:
        yield client


@pytest.fixture(scope="module")
def results(client: Client) -> Any:
    """The results of all checks."""
    return frames.check_results(client)


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    """Close the figures of a test."""
    yield
    from matplotlib import pyplot

    pyplot.close("all")


def test_a_history_has_values_thresholds_and_severities(results: Any) -> None:
    """The history of a check has its values, a band for each threshold, and each severity."""
    axes = reports.plot_history(results, check="daily_nulls_percent")
    line: Any
    (line,) = axes.get_lines()
    rows = [row for row in results.to_pylist() if row["check"] == "daily_nulls_percent"]
    expected = [row["actual_value"] for row in sorted(rows, key=lambda row: row["time_period"])]
    assert expected == list(line.get_ydata())
    legend = axes.get_legend()
    assert legend is not None
    assert ["valid", "warning", "error", "fatal"] == [
        text.get_text() for text in legend.get_texts()
    ]
    assert 4 + 3 == len(axes.collections)
    assert "shop.public.customers" in axes.get_title("left")


@pytest.mark.parametrize(
    ("options", "named"), [({}, "shop.public.customers"), ({"check": "nothing"}, "none")]
)
def test_a_history_is_of_one_check(results: Any, options: dict[str, Any], named: str) -> None:
    """Results of several checks, or of none, are refused, and named."""
    with pytest.raises(ValueError, match=named):
        reports.plot_history(results, **options)


def test_a_plot_goes_where_it_is_told(results: Any) -> None:
    """`ax=` plots into a figure of the caller."""
    from matplotlib import pyplot

    _, axes = pyplot.subplots(3)
    assert axes[0] is reports.plot_status(results, ax=axes[0])
    assert axes[1] is reports.plot_histogram(results, ax=axes[1])
    assert axes[2] is reports.plot_history(results, column="sku", ax=axes[2])


def test_the_map_has_a_field_for_each_table_and_day(results: Any) -> None:
    """The map has a row for each table and a column for each day."""
    axes = reports.plot_status(results)
    (mesh,) = axes.collections
    numbers = mesh.get_array()
    assert numbers is not None
    assert (4, DAYS) == numbers.shape
    assert 3 == (numbers == 3).sum()
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert "shop.public.orders" == names[1]


def test_the_histogram_counts_issues(results: Any) -> None:
    """The bars of the histogram add up to the issues."""
    axes: Any = reports.plot_histogram(results)
    heights = sum(patch.get_height() for patch in axes.patches)
    assert heights == sum(row["severity"] != "valid" for row in results.to_pylist()) > 0
    assert all(tick == int(tick) for tick in axes.get_yticks())


@pytest.mark.parametrize("plot", ["plot_status", "plot_histogram"])
def test_nothing_can_be_plotted(results: Any, plot: str) -> None:
    """No results give an empty plot."""
    getattr(reports, plot)(results.slice(0, 0)).figure.canvas.draw()


class Page(HTMLParser):
    """Reads tags and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag without content."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Take the end of a tag."""
        assert tag == self.open.pop(), tag

    def handle_data(self, data: str) -> None:
        """Take a text."""
        self.texts.append(data)


def test_the_page_is_one_file_without_scripts(client: Client, tmp_path: Path) -> None:
    """The page loads nothing, has no script, is well-formed, and shows names as they are."""
    path = tmp_path / "report.html"
    reports.write_report(client, path, days=30, title="<shop> & more")
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    assert [] == page.open
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert not {"src", "href", "onload", "onclick"} & {name for _, has in page.tags for name in has}
    assert not re.search(r"url\(|@import|https?://", text)
    assert "Data quality: <shop> & more" in page.texts
    assert "shop.public.visits <b>&amp;" in page.texts
    assert 5 == sum("data-dimension" in has for _, has in page.tags) + 1
    assert 4 * 30 == sum(tag == "td" and "title" in has for tag, has in page.tags)


def test_filters_that_select_nothing_give_no_page(client: Client, tmp_path: Path) -> None:
    """Filters that select no table are refused, because a name may be mistyped."""
    path = tmp_path / "report.html"
    with pytest.raises(jobs.NothingSelected, match="connection 'nowhere'"):
        reports.write_report(client, path, CheckSearchFilters(connection="nowhere"))
    assert not path.exists()


def test_a_page_without_results_says_so(client: Client, tmp_path: Path) -> None:
    """Checks without results give a page that says so."""
    path = tmp_path / "report.html"
    reports.write_report(client, path, CheckSearchFilters(check_type="profiling"))
    page = Page(path.read_text(encoding="utf-8"))
    assert "There are no results of these days." in page.texts


def test_a_page_of_odd_values_is_written() -> None:
    """Values that are missing, infinite, or all the same can be drawn."""
    from dqops.reports.page import Findings, render

    row = dict.fromkeys(frames.schema("check_results").names)
    row |= {"connection": "c", "schema": "s", "table": "t", "check": "k", "severity": "error"}
    now = datetime(2026, 3, 14, tzinfo=UTC)
    rows = [
        {**row, "executed_at": now + timedelta(hours=number), "actual_value": value}
        for number, value in enumerate((None, float("inf"), float("nan"), 1.0, 1.0))
    ]
    rows.append({**row, "severity": None})
    text = render(Findings("t", date(2026, 3, 1), date(2026, 3, 14), rows, [], now))
    assert [] == Page(text).open
    assert "nan" not in re.sub(r"<title>.*?</title>|<b>.*?</b>", "", text)


def test_days_are_checked(client: Client, tmp_path: Path) -> None:
    """A number of days that makes no sense is refused."""
    with pytest.raises(errors.InvalidRequest, match="days must be an integer from 1 to 36,500"):
        reports.write_report(client, tmp_path / "report.html", days=0)


def test_the_command_writes_the_page(client: Client, tmp_path: Path) -> None:
    """`dqopsctl report` writes the page."""
    path = tmp_path / "report.html"
    url = f"{client._base_url}"
    assert 0 == main(["report", str(path), "shop", "--days", "10", "--url", url, "-q"])
    assert 4 * 10 == sum("title" in has for tag, has in Page(path.read_text()).tags if tag == "td")


def test_without_matplotlib_the_message_says_how_to_get_it() -> None:
    """Without matplotlib, plots say which extra brings it; pages need none."""
    program = (
        "import sys; sys.modules['matplotlib'] = None; from dqops import reports\n"
        "reports.write_report\n"
        "try: reports.plot_status\n"
        "except ImportError as error: print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ
    )
    assert 'pip install "dqops-client[reports]"' in run.stdout
