"""The commands `init` and `adopt`: a project, and a target in it."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

from openapi_python_client.strings import snake_case

from clientsmith.adopting.adopted import read_adopted
from clientsmith.errors import PipelineError
from clientsmith.reading.documents import load_document, name_of
from clientsmith.targets import TARGETS_FILE, load_targets
from clientsmith.writing.regenerate import regenerate
from clientsmith.writing.scaffold import write_scaffold

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["adopt", "init"]

_TARGETS = """\
# The APIs that clients are generated for; `clientsmith adopt DOCUMENT` adds one.
"""
_ENTRY = """\

{name}:
  adopted: true # others maintain the document: it is read as it is, and what is left out is told
  root: {name}/{file}
  # overlays: [{name}/corrections.overlay.yaml] # OpenAPI Overlay 1.0
  # leave_out: {{"GET /things": the reason}}
  bundle: {name}.bundle.yaml
  manifest: {name}.manifest.json
  package: {name}_client
  import_name: {name}_client
  runtime: vendored
"""


def init(folder: Path) -> None:
    """Make a folder a project.

    Args:
        folder: The folder.

    Raises:
        PipelineError: It is one already.
    """
    file = folder / TARGETS_FILE
    if file.exists():
        raise PipelineError("exists already", TARGETS_FILE.as_posix())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_TARGETS, encoding="utf-8", newline="\n")
    print(f"{TARGETS_FILE.as_posix()}: written; next: clientsmith adopt DOCUMENT")


def adopt(folder: Path, source: Path, name: str | None, *, all_places: bool = False) -> None:
    """Make a target of a document and generate its package.

    Args:
        folder: The project.
        source: The document; it is copied.
        name: What to call the target; None for what the title of the document says.
        all_places: Whether to list every place that a note is about.

    Raises:
        PipelineError: The document cannot be read, or there is such a target already; nothing has
            changed.
    """
    source = source.resolve()
    if not source.is_file():
        raise PipelineError("cannot be read: there is no such file", str(source))
    content = load_document(source, source.parent, strict=False).content
    chosen = _name(name or _title(content) or source.stem)
    targets = folder / TARGETS_FILE
    if not targets.is_file():
        init(folder)
    before = targets.read_bytes()
    if chosen in load_document(targets, folder, strict=False, may_be_empty=True).content:
        raise PipelineError(
            f"there is a target {chosen!r} already",
            TARGETS_FILE.as_posix(),
            hint="Name another one with --name, or replace its document and run "
            f"`clientsmith regenerate {chosen}`.",
        )
    place = targets.parent / chosen / f"openapi{source.suffix.lower()}"
    has_folder = place.parent.exists()
    if place.exists() and place != source:
        raise PipelineError("exists already", name_of(place, folder))
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        if place != source:
            shutil.copyfile(source, place)
        entry = _ENTRY.format(name=chosen, file=place.name)
        targets.write_bytes(before + entry.encode())
        target = load_targets(folder)[chosen]
        adopted = read_adopted(target)
        regenerate([target])
    except BaseException:
        targets.write_bytes(before)
        if place != source:
            place.unlink(missing_ok=True)
        if not has_folder:
            shutil.rmtree(place.parent, ignore_errors=True)
        raise
    written = write_scaffold(target, adopted.document.content)
    print()
    print("what was read as something else, or left out:")
    for line in adopted.notes.lines(all_places=all_places):
        print(line)
    print()
    once = f"; {', '.join(written)}: written once, yours" if written else ""
    print(f"{target.name_of(target.package)}: generated{once}")


def _title(content: dict[str, Any]) -> str:
    info = content.get("info")
    title = info.get("title") if isinstance(info, dict) else None
    return title if isinstance(title, str) else ""


def _name(wanted: str) -> str:
    name = snake_case(re.sub(r"\W+", "_", wanted)).removesuffix("_api").strip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise PipelineError(
            f"{wanted!r} cannot be the name of a package", hint="Choose one with --name."
        )
    return name
