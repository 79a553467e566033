"""From a `$ref` to what it refers to, in the same file or another one of the specification."""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from clientsmith.errors import PipelineError
from clientsmith.reading.documents import (
    DEEPEST,
    Document,
    Location,
    from_pointer,
    load_document,
    name_of,
)
from clientsmith.reading.grammar import COMPONENT_SECTIONS

_SPECIFICATION_SUFFIXES = frozenset({".yaml", ".yml", ".json"})


def specification_files(folder: Path) -> list[Path]:
    """List the files of a specification: all YAML and JSON below its folder, sorted.

    Hidden files and folders (of editors, for example) do not belong to it.
    """
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in _SPECIFICATION_SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


class Specification:
    """All files of a specification, and which of their definitions have been referred to.

    A definition is an entry at the top of a file, or of a section of `components` in the root
    document; its key is its name.

    Args:
        root: The root document.
        repository: The folder that names in errors are relative to.

    Raises:
        PipelineError: A file is no YAML or holds something else than a mapping.
    """

    def __init__(self, root: Path, repository: Path) -> None:
        self.folder = root.parent
        self.reached: set[Location] = set()
        # All of them are read, so that no definition can be left out unnoticed.
        paths = sorted({root, *specification_files(self.folder)})
        folder = self.folder.resolve()
        for path in paths:
            if not path.resolve().is_relative_to(folder):
                raise PipelineError(
                    "is a symbolic link that leads out of the folder of the specification",
                    name_of(path, repository),
                    hint="Copy the file: a specification consists of what is below its root.",
                )
        self.documents = {path: load_document(path, repository) for path in paths}
        self.root = self.documents[root]

    @classmethod
    def of_document(cls, document: Document) -> Specification:
        """Make the specification that one document is."""
        found = cls.__new__(cls)
        found.folder = document.path.parent
        found.reached = set()
        found.documents = {document.path: document}
        found.root = document
        return found

    def definitions(self) -> list[Location]:
        """List every definition of every file, sorted by file, in the order of the file."""
        found: list[Location] = []
        for document in self.documents.values():
            if document is not self.root:
                found.extend(Location(document, (name,)) for name in document.content)
                continue
            components = document.content.get("components")
            for section, names in components.items() if isinstance(components, dict) else ():
                if section in COMPONENT_SECTIONS.values() and isinstance(names, dict):
                    found.extend(
                        Location(document, ("components", section, name)) for name in names
                    )
        return found

    def resolve(self, reference: Any, place: Location) -> tuple[Location, Any]:
        """Find what a `$ref` refers to; a definition that is only a `$ref` is not followed.

        Args:
            reference: The text of the `$ref`.
            place: Where the mapping with the `$ref` is.

        Returns:
            Where the definition is, and the definition.

        Raises:
            PipelineError: There is no such file or definition, or it is of a kind of reference
                that a specification in files does not use.
        """
        place = place.child("$ref")
        if not isinstance(reference, str):
            raise place.error("a reference must be a string")
        file, separator, fragment = reference.partition("#")
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/", file):
            raise place.error(
                f"{reference!r} is not a relative reference",
                "Refer to a file of this specification, as in 'schemas/area.yaml#/Name'.",
            )
        document = self._document(unquote(file), place) if file else place.document
        try:
            parts = from_pointer(unquote(fragment))
        except ValueError:
            raise place.error(
                f"{reference!r} has no JSON pointer behind '#'",
                "A pointer begins with '/'; '~' is written ~0 and '/' is written ~1.",
            ) from None
        if not separator or not parts:
            raise place.error(
                f"{reference!r} refers to a whole file",
                "Refer to a definition in it, as in 'schemas/area.yaml#/Name'.",
            )
        location = Location(document, parts)
        return location, self._definition(location, reference, place)

    def follow(self, value: Any, location: Location) -> tuple[Location, Any]:
        """Follow a definition that is nothing but a `$ref` to where the content is.

        Raises:
            PipelineError: The references lead in a circle, nowhere, or through too many.
        """
        passed = [location]
        while isinstance(value, dict) and set(value) == {"$ref"}:
            location, value = self.resolve(value["$ref"], location)
            if location in passed:
                circle = " -> ".join(str(step) for step in [*passed, location])
                raise passed[0].error(f"the references lead in a circle: {circle}")
            passed.append(location)
            if len(passed) > DEEPEST:
                raise passed[0].error(f"more than {DEEPEST} references lead to one another")
        return location, value

    def _document(self, file: str, place: Location) -> Document:
        path = Path(os.path.normpath(place.document.path.parent / file))
        document = self.documents.get(path)
        if document is not None:
            return document
        if not path.is_relative_to(self.folder):
            raise place.error(
                f"{file!r} leads out of the folder of the specification",
                "Whatever a specification consists of stands below the folder of its root.",
            )
        known = {self._relative(other, place): other for other in self.documents}
        close = get_close_matches(file, known, 1)
        raise place.error(
            f"the file {file!r} does not exist", f"Did you mean {close[0]!r}?" if close else None
        )

    def _definition(self, location: Location, reference: str, place: Location) -> Any:
        document, parts = location.document, location.parts
        is_component = parts[0] == "components" and document is self.root
        if len(parts) != (3 if is_component else 1):
            raise place.error(
                f"{reference!r} refers to something inside a definition",
                "Give that part a name of its own at the top of the file, and refer to it there.",
            )
        value: Any = document.content
        for part in parts:
            if not isinstance(value, dict) or part not in value:
                raise place.error(
                    f"{reference!r} refers to nothing: {document.name} has no {location.pointer}",
                    self._suggestion(location, place),
                )
            value = value[part]
        self.reached.add(location)
        return value

    def _suggestion(self, missing: Location, place: Location) -> str | None:
        """Look for the name in other files, then for a similar name in the same one."""
        name = missing.parts[-1]
        definitions = self.definitions()
        same = [other for other in definitions if other.parts[-1] == name]
        if not same:
            names = [other.parts[-1] for other in definitions if other.document is missing.document]
            similar = get_close_matches(name, names, 1) or get_close_matches(
                name, [other.parts[-1] for other in definitions], 1
            )
            same = [other for other in definitions if other.parts[-1] in similar]
            same.sort(key=lambda other: other.document is not missing.document)
        return f"Did you mean {self.write(same[0], place)!r}?" if same else None

    def write(self, location: Location, place: Location) -> str:
        """Write the `$ref` that leads from a place to a location."""
        if location.document is place.document:
            return f"#{location.pointer}"
        return f"{self._relative(location.document.path, place)}#{location.pointer}"

    @staticmethod
    def _relative(path: Path, place: Location) -> str:
        return Path(os.path.relpath(path, place.document.path.parent)).as_posix()
