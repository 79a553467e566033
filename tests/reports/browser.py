"""The page in a real browser: `make test-browser`, where Chromium is installed.

Its numbers are compared with the data, at 1280 and 390 pixels; pictures are left in the folder that
DQOPS_PICTURES names.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import escape, unescape
from typing import TYPE_CHECKING, Any

import pytest
from dqops import reports
from dqops.client import Client
from dqops.reports.findings import kpi, kpis_by_dimension, worst_by_day
from dqops.testing import DqopsServer

from reports.shop import seed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dqops.reports.page import Findings

BROWSER = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")

MEASURE = """
const frame = document.querySelector("iframe");
frame.onload = () => {
  const page = frame.contentDocument;
  const texts = (selector) => [...page.querySelectorAll(selector)].map((each) => each.innerText);
  const found = {
    numbers: Object.fromEntries([...page.querySelectorAll("[data-number]")].map(
      (each) => [each.dataset.number, each.querySelector("b").innerText])),
    dimensions: Object.fromEntries([...page.querySelectorAll("[data-dimension]")].map(
      (each) => [each.dataset.dimension, each.querySelector(".number").innerText])),
    map: Object.fromEntries([...page.querySelectorAll("tr[data-table]")].map(
      (each) => [
        each.dataset.table, [...each.querySelectorAll("td")].map((cell) => cell.className)])),
    worst: [...page.querySelectorAll("article")].map((each) => each.dataset.table),
    incidents: texts("#incidents tbody tr").length,
    newest: Math.max(...[...page.querySelectorAll("#map td:last-child")].map(
      (each) => each.getBoundingClientRect().right)),
    points: page.querySelectorAll(".point").length,
    overflow: page.documentElement.scrollWidth - page.documentElement.clientWidth,
    loaded: performance.getEntriesByType("resource").length,
    background: page.defaultView.getComputedStyle(page.body).backgroundColor,
  };
  document.querySelector("pre").textContent = JSON.stringify(found);
};
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Findings]]:
    """A page, and what is on it."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    with DqopsServer(seed=seed()) as server, Client(server.url) as client:
        yield path, reports.write_report(client, path, days=30, title="shop")


def browse(path: Path, width: int, *options: str, name: str = "") -> dict[str, Any]:
    """Open the page in a frame of a width, and measure it."""
    content = escape(path.read_text(encoding="utf-8"), quote=True)
    frame = path.with_name(f"frame-{width}.html")
    frame.write_text(
        f'<body style="margin:0"><iframe width="{width}" height="2600" style="border:0" '
        f"></iframe><pre hidden></pre><script>{MEASURE}; frame.srcdoc = "
        f'document.createRange().createContextualFragment(`<i title="{content}"></i>`)'
        f".firstChild.title;</script>",
        encoding="utf-8",
    )
    assert BROWSER is not None
    command = [
        BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        f"--user-data-dir={path.parent}/browser", f"--window-size={max(width, 500)},2600", *options,
    ]  # fmt: skip
    run = subprocess.run(
        [*command, "--virtual-time-budget=3000", "--dump-dom", frame.as_uri()],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    measured = re.search(r"<pre[^>]*>(.*?)</pre>", run.stdout)
    assert measured is not None
    found: dict[str, Any] = json.loads(unescape(measured[1]))
    folder = os.environ.get("DQOPS_PICTURES")
    if folder:
        picture = f"--screenshot={folder}/report-{name or width}.png"
        subprocess.run(
            [*command, picture, frame.as_uri()], capture_output=True, timeout=60, check=True
        )
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_numbers_are_those_of_the_data(page: tuple[Path, Findings], width: int) -> None:
    """The numbers on the page are those of the data, and nothing is wider than the page."""
    path, findings = page
    found = browse(path, width)
    rows = findings.results
    numbers = {
        "kpi": f"{kpi(rows):.1f} %",
        "tables": "4",
        "results": f"{len(rows)}",
        **{
            name: f"{sum(row['severity'] == name for row in rows)}"
            for name in ("warning", "error", "fatal")
        },
        "open": "1",
    }
    assert numbers == found["numbers"]
    dimensions = {name: f"{value:.1f} %" for name, (value, _) in kpis_by_dimension(rows).items()}
    assert dimensions == found["dimensions"]
    for table, days in worst_by_day(rows).items():
        assert list(days.values()).count("fatal") == found["map"][table].count("fatal")
        assert len(days) == sum(cell != "none" for cell in found["map"][table])
    assert ["shop.public.customers", "shop.public.orders"] == found["worst"]
    assert (2, 0, 0) == (found["incidents"], found["overflow"], found["loaded"])
    assert found["points"] == 3 * 28
    assert 0 < found["newest"] <= width, "the newest day is in sight"


def test_dark_is_dark(page: tuple[Path, Findings]) -> None:
    """Who prefers dark pages gets one."""
    path, _ = page
    light = browse(path, 1280)["background"]
    dark = browse(path, 1280, "--force-dark-mode", name="dark")["background"]
    assert light != dark
    assert sum(map(int, re.findall(r"\d+", dark)[:3])) < 200
