"""Brings every reference of a document into the form `#/components/<section>/<name>`."""

from __future__ import annotations

import copy
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from openapi_python_client.strings import pascal_case

from clientsmith.errors import PipelineError, raise_all
from clientsmith.reading.documents import DEEPEST, from_pointer, load_document, to_pointer
from clientsmith.reading.grammar import COMPONENT_SECTIONS, FIELDS

if TYPE_CHECKING:
    from clientsmith.adopting.notes import Notes
    from clientsmith.reading.documents import Document

__all__ = ["resolve_references"]

_MISSING = object()


def resolve_references(document: Document, content: dict[str, Any], notes: Notes) -> None:
    """Make components of what is referred to elsewhere, other files included.

    Args:
        document: The file that the content comes from.
        content: The document; it is changed.
        notes: Takes what was done.

    Raises:
        PipelineError: References lead nowhere; all of them are told.
    """
    _Resolver(document, content, notes).resolve()


class _Resolver:
    def __init__(self, document: Document, content: dict[str, Any], notes: Notes) -> None:
        self._document = document
        self._root = content
        self._notes = notes
        self._files: dict[Path, Any] = {document.path.resolve(): content}
        self._made: dict[tuple[str, Path, tuple[str, ...]], str] = {}
        self._pending: list[tuple[str, Any, Path, tuple[str, ...]]] = []
        self._problems: list[PipelineError] = []

    def resolve(self) -> None:
        home = self._document.path.resolve()
        components = self._root.setdefault("components", {})
        # Those that are made on the way belong to the files that they come from.
        own: list[tuple[str, Any, tuple[str, ...]]] = [
            (kind, value, ("components", section, name))
            for kind, section in COMPONENT_SECTIONS.items()
            if kind != "example"
            for name, value in components.get(section, {}).items()
        ]
        for path, item in self._root.get("paths", {}).items():
            try:
                self._root["paths"][path] = self._path_item(item, home, ("paths", path))
            except PipelineError as error:
                self._problems.append(error)
        for kind, value, place in own:
            self._visit(kind, value, home, place)
        while self._pending:
            kind, value, file, place = self._pending.pop()
            self._visit(kind, value, file, place)
        raise_all(self._problems)

    def _path_item(self, item: Any, file: Path, place: tuple[str, ...]) -> Any:
        steps = 0
        while isinstance(item, dict) and "$ref" in item:
            further = {key: value for key, value in item.items() if key != "$ref"}
            file, parts = self._target(item["$ref"], file, place)
            item = {**copy.deepcopy(self._look_up(file, parts, item["$ref"], place)), **further}
            steps += 1
            if steps > DEEPEST:
                raise self._error("the references lead in a circle", place)
        self._visit("path item", item, file, place)
        return item

    def _visit(self, kind: str, value: Any, file: Path, place: tuple[str, ...]) -> None:
        """Rewrite the references inside of an object."""
        waiting = [(kind, value, place)]
        while waiting:
            kind, value, place = waiting.pop()
            if not isinstance(value, dict):
                continue
            if isinstance(value.get("$ref"), str):
                value["$ref"] = self._reference(kind, value["$ref"], file, place)
                if kind != "schema":
                    for key in [key for key in value if key not in {"$ref", "description"}]:
                        del value[key]
                        self._notes.add(f"{key!r} beside a $ref has no effect", place)
                    continue
            for key, inner in FIELDS.get(kind, {}).items():
                if inner.startswith("example"):
                    continue  # they are left out
                item = value.get(key)
                if isinstance(item, list) and inner.endswith("[]"):
                    waiting += [
                        (inner[:-2], each, (*place, key, str(n))) for n, each in enumerate(item)
                    ]
                elif isinstance(item, dict) and inner.endswith("{}"):
                    waiting += [
                        (inner[:-2], each, (*place, key, name)) for name, each in item.items()
                    ]
                elif isinstance(item, dict):
                    waiting.append((inner.rstrip("[]{}"), item, (*place, key)))
            if kind == "schema" and isinstance(value.get("discriminator"), dict):
                self._discriminator(value["discriminator"], file, place)

    def _discriminator(
        self, discriminator: dict[str, Any], file: Path, place: tuple[str, ...]
    ) -> None:
        mapping = discriminator.get("mapping")
        if not isinstance(mapping, dict):
            return
        for value, reference in mapping.items():
            if isinstance(reference, str):
                if "#" not in reference and "/" not in reference and "." not in reference:
                    reference = f"#/components/schemas/{reference}"
                mapping[value] = self._reference("schema", reference, file, place)

    def _reference(self, kind: str, reference: str, file: Path, place: tuple[str, ...]) -> str:
        """Give the component that a reference is about; keep the problem of one that has none."""
        try:
            return self._component(kind, reference, file, place)
        except PipelineError as error:
            self._problems.append(error)
            return reference

    def _component(self, kind: str, reference: str, file: Path, place: tuple[str, ...]) -> str:
        target, parts = self._target(reference, file, place)
        section = COMPONENT_SECTIONS.get(kind)
        if section is None:
            raise self._error(f"a $ref is not possible here: {reference!r}", place)
        is_home = target == self._document.path.resolve()
        if is_home and parts[:2] == ("components", section) and len(parts) == 3:
            self._look_up(target, parts, reference, place)
            return "#" + to_pointer(parts)
        key = (kind, target, parts)
        if key not in self._made:
            value = copy.deepcopy(self._look_up(target, parts, reference, place))
            names = self._root["components"].setdefault(section, {})
            name = self._free_name(parts, target, names)
            names[name] = value
            self._made[key] = f"#/components/{section}/{name}"
            self._pending.append((kind, value, target, ("components", section, name)))
            self._notes.add("what is referred to in another place has become a component", place)
        return self._made[key]

    @staticmethod
    def _free_name(parts: tuple[str, ...], file: Path, taken: dict[str, Any]) -> str:
        words = [part for part in parts if part not in {"components", "properties", "schema"}]
        words = words[1:] if parts[:1] in {("components",), ("paths",)} else words
        wanted = pascal_case("_".join(re.sub(r"\W+", "_", word) for word in words)) or pascal_case(
            file.stem
        )
        name, number = wanted, 1
        while name in taken:
            number += 1
            name = f"{wanted}{number}"
        return name

    def _target(
        self, reference: str, file: Path, place: tuple[str, ...]
    ) -> tuple[Path, tuple[str, ...]]:
        name, _, fragment = reference.partition("#")
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/", name):
            raise self._error(
                f"{reference!r} is not in this document",
                place,
                "Nothing is fetched: put what it refers to into a file beside the document.",
            )
        target = file
        if name:
            target = Path(os.path.normpath(file.parent / unquote(name)))
            if target not in self._files:
                self._files[target] = self._load(target, reference, place)
        try:
            return target, from_pointer(unquote(fragment))
        except ValueError:
            raise self._error(f"{reference!r} has no JSON pointer behind '#'", place) from None

    def _load(self, target: Path, reference: str, place: tuple[str, ...]) -> Any:
        folder = self._document.path.parent.resolve()
        if not target.is_relative_to(folder) or not target.is_file():
            raise self._error(f"{reference!r} refers to a file that is not there", place)
        return load_document(target, folder, strict=False).content

    def _look_up(
        self, file: Path, parts: tuple[str, ...], reference: str, place: tuple[str, ...]
    ) -> Any:
        value: Any = self._files[file]
        for part in parts:
            if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
                value = value[int(part)]
                continue
            found = value.get(part, _MISSING) if isinstance(value, dict) else _MISSING
            if found is _MISSING:
                raise self._error(f"{reference!r} refers to nothing", place)
            value = found
        return value

    def _error(
        self, message: str, place: tuple[str, ...], hint: str | None = None
    ) -> PipelineError:
        return PipelineError(message, self._document.name, to_pointer(place), hint)
