"""Gather what the site is built from: written pages, generated pages, and what they link to."""

from __future__ import annotations

import re
import shutil
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import TYPE_CHECKING, Any

import yaml
from clientsmith.targets import REPOSITORY

from docsite.differences import differences_page
from docsite.finder import finder_page
from docsite.models import area_titles, model_pages
from docsite.operations import group_texts, operation_pages, run_all_examples
from docsite.reference import MODULES, reference_page_of, reference_pages
from docsite.source_pages import source_page

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["assemble"]

_DOCS = REPOSITORY / "docs"
_CONFIGURATION = Path(__file__).with_name("mkdocs.yml")
_LINK = re.compile(r"(\]\(|href=\")([^)\s#\"]*)(#[^)\s\"]*)?(\)|\")")
#: Files outside of `docs` that are pages, too.
_PAGES = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "README.md": "index.md",
}


def assemble(folder: Path, *, with_examples: bool = True) -> dict[str, str]:
    """Write everything that the site is built from.

    Args:
        folder: Where to; what is there is deleted.
        with_examples: Whether to run the examples of operations; without, there are none.

    Returns:
        The pages as Markdown by their file names.
    """
    shutil.rmtree(folder, ignore_errors=True)
    docs = folder / "docs"
    shutil.copytree(_DOCS, docs, ignore=shutil.ignore_patterns("*.md"))
    sources: set[str] = set()
    pages = dict(_written(sources))
    examples = run_all_examples() if with_examples else {}
    for name, text in (
        *operation_pages(examples),
        *model_pages(),
        *reference_pages(),
        differences_page(),
        finder_page(),
    ):
        pages[name] = _with_links(text, f"docs/{name}", sources)
    for name, text in pages.items():
        _write(docs / name, text)
    for source in sorted(sources):
        _write(docs / "source" / f"{source}.html", source_page(REPOSITORY / source))
    _write(folder / "mkdocs.yml", _configuration())
    return pages


def _written(sources: set[str]) -> Iterator[tuple[str, str]]:
    """Read the pages that are written by hand, or generated into the repository."""
    for path in sorted(_DOCS.rglob("*.md")):
        name = path.relative_to(_DOCS).as_posix()
        yield name, _with_links(path.read_text(encoding="utf-8"), f"docs/{name}", sources)
    for file, name in _PAGES.items():
        if name != "index.md":
            text = (REPOSITORY / file).read_text(encoding="utf-8")
            yield name, _with_links(text, file, sources)


def _with_links(text: str, place: str, sources: set[str]) -> str:
    """Let links that leave `docs` lead to what the site has of the file."""
    page = PurePosixPath(_PAGES.get(place, place.removeprefix("docs/")))
    up = "../" * (len(page.parts) - 1)

    def replaced(match: re.Match[str]) -> str:
        before, link, anchor, after = match.group(1, 2, 3, 4)
        if not link or "://" in link or link.startswith(("/", "mailto:")):
            return match.group()
        target = normpath(f"{PurePosixPath(place).parent.as_posix()}/{link}")
        if target.startswith("docs/source/"):
            sources.add(target.removeprefix("docs/source/").removesuffix(".html"))
            return match.group()
        if target.startswith("docs/"):
            found = target.removeprefix("docs/")
        elif target in _PAGES:
            found = _PAGES[target]
        else:
            sources.add(target)
            found = f"source/{target}.html"
        return f"{before}{up}{found}{anchor or ''}{after}"

    return _LINK.sub(replaced, text)


def _configuration() -> str:
    """Fill the generated pages into the navigation."""
    configuration: dict[str, Any] = yaml.safe_load(_CONFIGURATION.read_text(encoding="utf-8"))
    groups = [{name: f"operations/{name}.md"} for name in sorted(group_texts())]
    areas = [{title: f"models/{area}.md"} for area, title in area_titles().items()]
    modules = [{module: reference_page_of(module)} for module in MODULES]
    generated = {"OPERATIONS": groups, "MODELS": areas, "REFERENCE": modules}

    def filled(items: list[Any]) -> list[Any]:
        found: list[Any] = []
        for item in items:
            if isinstance(item, str) and item in generated:
                found += generated[item]
            elif isinstance(item, dict):
                ((title, inner),) = item.items()
                found.append({title: filled(inner) if isinstance(inner, list) else inner})
            else:
                found.append(item)
        return found

    configuration["nav"] = filled(configuration["nav"])
    return yaml.safe_dump(configuration, sort_keys=False, allow_unicode=True)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
