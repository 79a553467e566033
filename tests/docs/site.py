"""The built site: `make test-docs`, with Chromium where it is installed.

Pictures of six pages are left in the folder that DQOPS_PICTURES names.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from docsite.operations import operation_pages, run_all_examples
from docsite.plain_pages import plain_markdown

from docs.blocks import REPOSITORY
from docs.chromium import BROWSER, Page, browser

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE = REPOSITORY / "build" / "docs" / "site"

needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")


class _Links(HTMLParser):
    """What a page links to and loads, and the places in it that links may lead to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"id", "name"} and value:
                self.places.add(value)
            elif name == "href" and value and tag == "a":
                self.links.add(value)
            elif (name == "src" or (name == "href" and tag == "link")) and value:
                self.loaded.add(value)


@pytest.fixture(scope="module")
def pages() -> dict[str, _Links]:
    """All pages, by their paths."""
    found = {
        path.relative_to(SITE).as_posix(): _Links(path.read_text(encoding="utf-8"))
        for path in SITE.rglob("*.html")
        if path.name != "404.html"
    }
    assert len(found) > 130, "build the site first: make docs"
    return found


def target_of(page: str, link: str) -> tuple[str, str]:
    """Find the file that a link leads to, and the place in it."""
    parts = urlsplit(urljoin(f"/{page}", link))
    path = unquote(parts.path).lstrip("/")
    if not path or path.endswith("/"):
        path += "index.html"
    return path, unquote(parts.fragment)


def test_every_link_leads_somewhere(pages: dict[str, _Links]) -> None:
    """A link within the site names a file that is there, and a heading in it."""
    dead, checked = [], 0
    for page, found in pages.items():
        for link in found.links | found.loaded:
            if urlsplit(link).scheme:
                continue
            checked += 1
            path, place = target_of(page, link)
            is_there = (SITE / path).is_file()
            if not is_there or (place and path in pages and place not in pages[path].places):
                dead.append(f"{page}: {link}")
    assert [] == dead
    assert checked > 10_000
    print(f"{len(pages)} pages, {checked} links")


def test_nothing_is_loaded_from_elsewhere(pages: dict[str, _Links]) -> None:
    """Fonts, scripts, styles and pictures are those of the site."""
    assert set() == {
        url for found in pages.values() for url in found.loaded if urlsplit(url).netloc
    }


def test_other_sites_are_few(pages: dict[str, _Links]) -> None:
    """Links that leave the site lead to hosts that are meant."""
    hosts = {urlsplit(link).netloc for found in pages.values() for link in found.links} - {""}
    allowed = {
        "arrow.apache.org", "dqops.com", "github.com", "healthchecks.io", "keepachangelog.com",
        "mosparo.io", "pre-commit.com", "semver.org", "zensical.org", "localhost:8888",
    }  # fmt: skip
    assert set() == hosts - allowed


def test_examples_print_what_the_pages_say() -> None:
    """All examples, run once more, print what stands below them."""
    examples = run_all_examples()
    for name, text in operation_pages(examples):
        if name != "operations/index.md":
            built = (SITE / name).read_text(encoding="utf-8")
            assert plain_markdown(text) == built, name
    counts = Counter(each.form.language for all_forms in examples.values() for each in all_forms)
    assert sum(counts.values()) == 379 * 7 - 2
    print(f"{len(examples)} operations, {dict(counts)}")


def test_each_page_is_there_as_markdown() -> None:
    """`llms.txt` lists the pages in their plain form, with what the examples printed."""
    listing = (SITE / "llms.txt").read_text(encoding="utf-8")
    names = [line.partition("](")[2].rstrip(")") for line in listing.split("\n") if "](" in line]
    assert len(names) > 130
    assert [] == [name for name in names if not (SITE / name).is_file()]
    jobs = (SITE / "operations/jobs.md").read_text(encoding="utf-8")
    assert "**dqopsctl**" in jobs
    assert '=== "' not in jobs


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The site on loopback."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # as in the base
            """Tell nobody."""

    handler = partial(Quiet, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """A page of a browser that has never been here."""
    with browser(tmp_path) as page:
        page.resize(1280)
        yield page


def picture(page: Page, name: str) -> None:
    """Leave a picture, where that is wanted."""
    folder = os.environ.get("DQOPS_PICTURES")
    if folder:
        page.picture(Path(folder, f"site-{name}.png"))


@needs_browser
def test_search_finds_operations(page: Page, url: str) -> None:
    """Names of operations lead to them, and so do the words that people use."""
    for words, place in (
        ("run_checks", "/operations/jobs/?h=run_checks#run_checks"),
        ("list open incidents", "find_recent_incidents_on_connection"),
        ("CheckSearchFilters", "/models/search_filters/?h=CheckSearchFilters#CheckSearchFilters"),
    ):
        found = search(page.open(url), words)
        assert [link for link in found if place in link], (words, found)
    picture(page, "search")


def search(page: Page, words: str) -> list[str]:
    """Type words into the search, and give what its first results link to."""
    root = "[...document.querySelectorAll('*')].find(each => each.shadowRoot)?.shadowRoot"
    page.run("document.querySelector('.md-search__button').click()")
    page.wait(f"!!{root}?.querySelector('dialog[open] input')")
    page.run(f"{root}.querySelector('input').select()")
    page.type(words)
    links = f"[...{root}.querySelectorAll('a[role=option]')].map(each => each.href)"
    word = words.split()[0]
    page.wait(f"{links}.some(each => each.includes('h={word}'))")
    found: list[str] = page.run(links)
    return found[:10]


@needs_browser
def test_tabs_stay_chosen(page: Page, url: str) -> None:
    """Who has chosen a form sees it in all examples, and on the next page."""
    shown = (
        "[...document.querySelectorAll('.tabbed-content')].map(each => [...each.children].find("
        "block => block.offsetParent)?.innerText.trim().split('\\n')[0] ?? '')"
    )
    page.open(f"{url}operations/jobs/")
    assert page.run(f"{shown}.every(each => each.startsWith('curl -sS'))")
    page.run(
        "[...document.querySelectorAll('.tabbed-labels label')].find("
        "each => each.innerText === 'DQOps').click()"
    )
    is_chosen = f"{shown}.every(each => /^(from dqops import DQOps|import datetime)/.test(each))"
    page.wait(is_chosen)
    page.open(f"{url}operations/healthcheck/")
    page.wait(is_chosen)


@needs_browser
def test_copy_buttons_copy_what_is_shown(page: Page, url: str) -> None:
    """The text in the clipboard is that of the block, line by line."""
    page.open(f"{url}operations/jobs/")
    page.run(
        "document.addEventListener('copy', () => {"
        "window.copied = document.activeElement.value || String(getSelection()); }, true)"
    )
    page.wait("!!document.querySelector('.highlight button')")
    shown = page.run(
        "(() => { const block = document.querySelector('.tabbed-block .highlight');"
        "block.querySelector('button').click(); return block.querySelector('code').innerText; })()"
    )
    copied = page.wait("window.copied")
    assert shown.rstrip("\n") == copied.rstrip("\n")


@needs_browser
def test_dark_is_dark(page: Page, url: str) -> None:
    """Who prefers dark pages gets one, and may choose."""
    color = "getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).map(Number)"
    page.prefer("dark")
    page.open(url)
    dark = page.run(color)
    picture(page, "dark")
    page.prefer("light")
    page.open(url)
    light = page.run(color)
    picture(page, "home")
    assert sum(dark[:3]) < 200 < 600 < sum(light[:3])


@needs_browser
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_page(page: Page, url: str, width: int) -> None:
    """No page scrolls sideways, on a phone or on a desk."""
    page.resize(width)
    wide = []
    for name in (
        "", "quickstart/", "finder/", "jobs/", "frames/", "testing/", "compatibility/", "mistakes/",
        "operations/", "operations/jobs/", "operations/tables/", "models/",
        "models/search_filters/", "models/enumerations/", "official/", "reference/dqops_jobs/",
        "performance/", "security/",
    ):  # fmt: skip
        page.open(f"{url}{name}")
        over = page.run("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            wide.append((name, over))
        if name in {"operations/jobs/", "models/search_filters/"}:
            picture(page, f"{name.strip('/').replace('/', '-')}-{width}")
    assert [] == wide


@needs_browser
def test_no_request_leaves_the_machine(page: Page, url: str) -> None:
    """Whatever a reader does, the browser asks nobody but the site."""
    for name in ("", "operations/jobs/", "models/jobs/"):
        page.open(f"{url}{name}")
    search(page, "run_checks")
    assert [] == [
        each for each in page.requests if not each.startswith((url, "about:", "data:", "blob:"))
    ]
