"""Notes in descriptions about what only newer servers know, such as `Since DQOps 1.9.0`.

Where `targets.yaml` names a file of versions (`versions`), each operation, parameter, schema,
property and value of an enumeration that the oldest server of that file lacks gets a note. The
bundled document stays as it is; generated code and pages are made from what has the notes.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from clientsmith.checking.supported import operation_name
from clientsmith.errors import PipelineError
from clientsmith.reading.documents import load_document
from clientsmith.reading.grammar import METHODS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientsmith.targets import Target

__all__ = ["with_notes"]


def with_notes(bundle: Mapping[str, Any], target: Target) -> dict[str, Any]:
    """Add the notes to the descriptions of a document.

    Args:
        bundle: The bundled document; it is not changed.
        target: What it is of.

    Returns:
        The document with notes; the same where the target names no file of versions.

    Raises:
        PipelineError: The file of versions cannot be read.
    """
    noted = copy.deepcopy(dict(bundle))
    if target.versions is not None:
        document = load_document(target.versions, target.repository)
        try:
            _Notes(noted, document.content).add()
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise PipelineError(f"cannot be read as versions: {error!r}", document.name) from error
    return noted


class _Notes:
    def __init__(self, document: dict[str, Any], history: Mapping[str, Any]) -> None:
        self._document = document
        self._history = history
        self._oldest = history["versions"][0]
        self._title = document["info"]["title"]
        self._schemas: dict[str, Any] = document.get("components", {}).get("schemas", {})

    def add(self) -> None:
        groups = self._history.get("operations", {})
        for item in self._document["paths"].values():
            for method in METHODS:
                if method in item:
                    operation = item[method]
                    entry = groups.get(operation["tags"][0], {})
                    name = operation_name(operation["operationId"])
                    self._operation(item, operation, entry.get(name, {}))
        for name in self._schemas:
            self._schemas[name] = self._schema(name, self._schemas[name])

    def _schema(self, name: str, schema: Any) -> Any:
        """Add the notes to a copy: what several schemas have may be one object."""
        # Of what has gone the descriptions tell what has taken its place.
        since = self._history.get("schemas", {}).get(name, {}).get("since")
        noted = _noted(schema, self._words({"since": since}))
        spans = self._history.get("properties", {}).get(name)
        if spans:
            properties = dict(noted["properties"])
            for key, span in spans.items():
                properties[key] = _noted(properties[key], self._words(span))
            noted = {**noted, "properties": properties}
        by_words: dict[str, list[str]] = {}
        values_of = self._history.get("values", {}).get(name, {})
        for value, span in sorted(values_of.items(), key=lambda item: self._position(item[1])):
            by_words.setdefault(self._words(span), []).append(f"`{value}`")
        for words, values in by_words.items():
            noted = _noted(noted, words, f": {', '.join(values)}.")
        return noted

    def _operation(
        self, item: dict[str, Any], operation: dict[str, Any], entry: Mapping[str, Any]
    ) -> None:
        words = self._words({"since": entry.get("path_since", entry.get("since"))})
        operation.update(_noted(operation, words))
        spans = {
            key: {end: entry.get(f"parameters_{end}", {}).get(key) for end in ("since", "until")}
            for end in ("since", "until")
            for key in entry.get(f"parameters_{end}", ())
        }
        if not spans:
            return
        own = [self._resolved(each) for each in operation.get("parameters", ())]
        of_path = [self._resolved(each) for each in item.get("parameters", ())]
        named = {(each["in"], each["name"]) for each in own}
        own += [
            each
            for each in of_path
            if each["name"] in spans and (each["in"], each["name"]) not in named
        ]
        operation["parameters"] = [
            _noted(each, self._words(spans.get(each["name"], {}) if each["in"] == "query" else {}))
            for each in own
        ]

    def _position(self, span: Mapping[str, Any]) -> int:
        since = span.get("since")
        return self._history["versions"].index(since) if since else 0

    def _words(self, span: Mapping[str, Any]) -> str:
        since, until = span.get("since"), span.get("until")
        if since == self._oldest:
            since = None
        found = []
        if since:
            found.append(f"Since {self._title} {since}")
        if until:
            found.append(f"until {until}" if since else f"Until {self._title} {until}")
        return " ".join(found)

    def _resolved(self, parameter: dict[str, Any]) -> dict[str, Any]:
        reference = parameter.get("$ref")
        if reference is None:
            return parameter
        found: dict[str, Any] = self._document["components"]["parameters"][
            reference.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        ]
        return found


def _noted(described: Any, words: str, end: str = ".") -> Any:
    if not words:
        return described
    text = str(described.get("description", "")).rstrip()
    if text and text[-1] not in ".!?:":
        text += "."
    return {**described, "description": f"{text} {words}{end}".strip()}
