"""Render what each version of a server has: as a document, and as a table for the client.

    python -m maintenance.compatibility [--check]

For each target with a file `openapi/<target>.versions.yaml` (what the server had, by its version:
`comparing.servers` writes it) the document and the module that it names are written, from that file
and the bundle. The client imports the module where a server lacks an operation, to say since when
it is there, and where it knows the version of its server, to warn of what that one lacks; the
embedded server imports it to behave as one of that version. The same input gives the same bytes.
With `--check` nothing is written, and exit code 1 tells that a file is not what would be written.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clientsmith.checking.supported import operation_name
from clientsmith.errors import PipelineError
from clientsmith.reading.documents import Document, Location, load_document
from clientsmith.reading.grammar import METHODS
from clientsmith.targets import REPOSITORY, load_targets
from comparing.targets import data_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from clientsmith.targets import Target

_KINDS: dict[type, str] = {dict: "a mapping", list: "an array", str: "a string"}
_OPERATION_KEYS = ("since", "until", "path_since", "parameters_since", "parameters_until", "note")


@dataclass(frozen=True)
class History:
    """What is known of an operation in the versions of the server.

    Args:
        since: The position of the first version that has it; None if none has.
        until: The position of the last one.
        path_since: The position of the first version with the path of today.
        parameters: What is to say of query parameters that not all of these versions have.
        note: What else there is to say.
    """

    since: int | None
    until: int
    path_since: int
    parameters: Sequence[str]
    note: str

    def has(self, version: int) -> bool:
        """Tell whether the version at a position has the operation."""
        return self.since is not None and self.since <= version <= self.until


def render(data: Document, bundle: Document) -> str:
    """Write the table.

    Args:
        data: The history of the operations.
        bundle: Our specification.

    Returns:
        The document, as Markdown.

    Raises:
        PipelineError: The history is not as it has to be.
    """
    return "\n".join(_lines(data, bundle)) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the documents, or check them.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0 where everything is (or was made) up to date, 1 otherwise.

    Raises:
        SystemExit: With 2, where the command line is not good.
    """
    parser = argparse.ArgumentParser(
        prog="python -m maintenance.compatibility", description=__doc__
    )
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    parser.add_argument(
        "--repository", type=Path, default=REPOSITORY, help="the root of the repository"
    )
    options = parser.parse_args(arguments)
    try:
        results = [
            _bring_up_to_date(target, only_check=options.check)
            for target in load_targets(options.repository).values()
            if data_file(target, "versions").is_file()
        ]
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if all(results) else 1


def _bring_up_to_date(target: Target, *, only_check: bool) -> bool:
    data = load_document(data_file(target, "versions"), target.repository)
    document = render(data, load_document(target.bundle, target.repository))
    files = {"document": document}
    if "module" in data.content:
        files["module"] = render_module(data)
    results = [
        _write(target, Location(data, (key,)), text.encode(), only_check=only_check)
        for key, text in files.items()
    ]
    return all(results)


def _write(target: Target, location: Location, text: bytes, *, only_check: bool) -> bool:
    (key,) = location.parts
    path = (target.repository / _value(Location(location.document), key, str)).resolve()
    if not path.is_relative_to(target.repository):
        raise location.error("the path leads out of the repository")
    name = target.name_of(path)
    if path.is_file() and path.read_bytes() == text:
        print(f"{name}: up to date")
        return True
    if only_check:
        print(f"{name}: not up to date; run `python -m maintenance.compatibility`", file=sys.stderr)
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    except OSError as error:
        raise PipelineError(f"cannot be written: {error.strerror}", name) from error
    print(f"{name}: written")
    return True


def render_module(data: Document) -> str:
    """Write the tables for the client.

    Args:
        data: The history of the operations.

    Returns:
        A Python module: `VERSIONS`, and what not all of them have.
    """
    root = Location(data)
    versions: list[str] = _value(root, "versions", list)
    groups: dict[str, dict[str, dict[str, Any]]] = _value(root, "operations", dict)
    operations = {name: entry for group in groups.values() for name, entry in group.items()}
    moved = {
        name: entry["path_since"] for name, entry in operations.items() if "path_since" in entry
    }
    parameters: dict[str, dict[str, dict[str, str]]] = {}
    for name, entry in operations.items():
        for end in ("since", "until"):
            for key, version in entry.get(f"parameters_{end}", {}).items():
                parameters.setdefault(name, {}).setdefault(key, {})[end] = version
    content = data.content

    def span(entry: Mapping[str, str]) -> str:
        since = entry.get("since", "")
        return f"{'' if since == versions[0] else since}-{entry.get('until', '')}"

    spans = {name: span(entry) for name, entry in operations.items() if "since" in entry}
    lines = [
        f"# Generated by `make regenerate` from {data.name}; do not edit.",
        '"""Which versions of the server have what."""',
        "",
        "from __future__ import annotations",
        "",
        '__all__ = ["MOVED", "OPERATIONS", "PARAMETERS", "PROPERTIES", "VALUES", "VERSIONS"]',
        "",
        "# By what not all versions have: the first and the last that does, as in `1.5.0-1.7.0`.",
        "# `1.5.0-` is still there, and `-1.7.0` was there from the beginning.",
        "",
        "#: The versions that are known, from the oldest to the newest.",
        "VERSIONS = (",
        *(f'    "{version}",' for version in versions),
        ")",
        "#: Operations.",
        "OPERATIONS: dict[str, str] = {",
        *(f'    "{name}": "{spans[name]}",' for name in sorted(spans) if spans[name] != "-"),
        "}",
        "#: Operations that older versions have under another path: the first one with today's.",
        "MOVED: dict[str, str] = {",
        *(f'    "{name}": "{version}",' for name, version in sorted(moved.items())),
        "}",
        "#: Query parameters: the operations by the parameter and its span.",
        *_packed("PARAMETERS", parameters, span),
        "#: Properties of schemas: the schemas by the property and its span.",
        *_packed("PROPERTIES", content.get("properties", {}), span),
        "#: Values of enumerations: the enumerations by the value and its span.",
        *_packed("VALUES", content.get("values", {}), span),
    ]
    return "\n".join(lines) + "\n"


def _packed(
    name: str,
    entries: Mapping[str, Mapping[str, Mapping[str, str]]],
    span: Callable[[Mapping[str, str]], str],
) -> Iterator[str]:
    """Write what is known of parts, most of which come with many holders at once."""
    holders: dict[tuple[str, str], list[str]] = {}
    for holder, parts in entries.items():
        for part, entry in parts.items():
            holders.setdefault((part, span(entry)), []).append(holder)
    yield f"{name}: dict[tuple[str, str], str] = {{"
    for (part, versions), found in sorted(holders.items()):
        begin, names = f'    ("{part}", "{versions}"): "', " ".join(sorted(found))
        if len(begin) + len(names) + 2 <= 100:
            yield f'{begin}{names}",'
            continue
        yield f'{begin}""'
        yield from textwrap.wrap(names, 100, break_on_hyphens=False)
        yield '""",'
    yield "}"


def _lines(data: Document, bundle: Document) -> Iterator[str]:
    root = Location(data)
    versions: list[str] = _value(root, "versions", list)
    groups: dict[str, Any] = _value(root, "operations", dict)
    histories = {
        (tag, name): _history(entry, versions, root.child("operations", tag, name))
        for tag in groups
        for name, entry in _value(root.child("operations"), tag, dict, groups).items()
    }
    ours = _operations(bundle)
    title = bundle.content["info"]["title"]
    first = f"Generated by `python -m maintenance.compatibility` from {data.name} and {bundle.name}"
    yield f"<!-- {first}; do not edit. -->"
    yield ""
    yield f"# What each version of {title} has"
    yield ""
    yield "Read from the documents that servers of these versions give of themselves. `yes`: the"
    yield "server has the operation; `other path`: it has it under another path than the one that"
    yield "this SDK sends to; `-`: it does not have it; `?`: no document tells. The column SDK is"
    yield "for this SDK."
    yield ""
    yield "Older servers ignore query parameters and properties that they do not know, without a"
    yield "word; a value of an enumeration that they do not know gives a status of 400. What only"
    yield "some of the versions have stands in the notes, and below under"
    yield "[properties](#properties-and-schemas) and [values](#values-of-enumerations)."
    yield ""
    yield from _counts(histories, ours, versions)
    yield ""
    yield from _absent(data.content, histories, versions)
    for tag in sorted({tag for tag, _ in (*histories, *ours)}):
        yield ""
        yield f"## {tag}"
        yield ""
        yield _row("operation", *versions, "SDK", "note")
        yield _row("---", *["---"] * (len(versions) + 2))
        for name in sorted({name for group, name in (*histories, *ours) if group == tag}):
            yield _operation(name, histories.get((tag, name)), ours.get((tag, name)), versions)
    content = data.content
    yield from _section("Properties and schemas", "schema", {"": content.get("schemas", {})})
    yield from _rows(content.get("properties", {}))
    yield from _section("Values of enumerations", "value", content.get("values", {}))


def _section(title: str, what: str, entries: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Give a table of what not all versions have."""
    yield ""
    yield f"## {title}"
    yield ""
    yield _row(what, "since", "until")
    yield _row("---", "---", "---")
    yield from _rows(entries)


def _rows(entries: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for holder, parts in entries.items():
        for name, span in parts.items():
            whole = f"{holder}.{name}" if holder else name
            yield _row(f"`{whole}`", span.get("since", ""), span.get("until", ""))


def _counts(
    histories: Mapping[tuple[str, str], History],
    ours: Iterable[tuple[str, str]],
    versions: Sequence[str],
) -> Iterator[str]:
    yield _row("group", *versions, "SDK")
    yield _row("---", *["---:"] * (len(versions) + 1))
    ours = list(ours)
    groups = sorted({tag for tag, _ in (*histories, *ours)})
    total = [0] * (len(versions) + 1)
    for tag in groups:
        found = [history for (group, _), history in histories.items() if group == tag]
        numbers = [sum(history.has(index) for history in found) for index in range(len(versions))]
        numbers.append(sum(group == tag for group, _ in ours))
        total = [sum(pair) for pair in zip(total, numbers, strict=True)]
        yield _row(f"[{tag}](#{tag})", *map(str, numbers))
    yield _row("all", *map(str, total))


def _absent(
    content: Mapping[str, Any],
    histories: Mapping[tuple[str, str], History],
    versions: Sequence[str],
) -> Iterator[str]:
    """Count what a version lacks of that which it could have: parts of what is there."""
    schemas: Mapping[str, Mapping[str, str]] = content.get("schemas", {})

    def lacks(span: Mapping[str, str], version: int) -> bool:
        since, until = span.get("since", versions[0]), span.get("until", versions[-1])
        return not versions.index(since) <= version <= versions.index(until)

    parameters = [
        (history, {end: entry.get(f"parameters_{end}", {}).get(key) for end in ("since", "until")})
        for (tag, name), history in histories.items()
        for entry in [content["operations"][tag][name]]
        for key in {**entry.get("parameters_since", {}), **entry.get("parameters_until", {})}
    ]
    properties = [
        (name, span)
        for name, parts in content.get("properties", {}).items()
        for span in parts.values()
    ]
    values = [span for parts in content.get("values", {}).values() for span in parts.values()]
    rows: dict[str, list[int]] = {
        "query parameters": [],
        "properties": [],
        "of so many schemas": [],
        "values": [],
    }
    for version in range(len(versions)):
        rows["query parameters"].append(
            sum(
                history.has(version) and lacks({k: v for k, v in span.items() if v}, version)
                for history, span in parameters
            )
        )
        found = [
            name
            for name, span in properties
            if lacks(span, version) and not lacks(schemas.get(name, {}), version)
        ]
        rows["properties"].append(len(found))
        rows["of so many schemas"].append(len({*found}))
        rows["values"].append(sum(lacks(span, version) for span in values))
    yield _row("lacks", *versions)
    yield _row("---", *["---:"] * len(versions))
    for name, numbers in rows.items():
        yield _row(name, *map(str, numbers))


def _operation(
    name: str, history: History | None, ours: Mapping[str, Any] | None, versions: Sequence[str]
) -> str:
    is_known = history is not None and history.since is not None
    cells = ["-" if is_known else "?"] * len(versions)
    notes: list[str] = []
    if history is not None:
        for index in range(len(versions)):
            if history.has(index):
                cells[index] = "yes" if index >= history.path_since else "other path"
        notes.extend(history.parameters)
        if history.note:
            notes.append(history.note)
    if ours is not None and ours.get("deprecated"):
        notes.append("Deprecated.")
    return _row(f"`{name}`", *cells, "-" if ours is None else "yes", " ".join(notes))


def _operations(bundle: Document) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {
        (str(operation["tags"][0]), operation_name(operation["operationId"])): operation
        for item in bundle.content["paths"].values()
        for method, operation in item.items()
        if method in METHODS
    }


def _value(
    location: Location, key: str, kind: type, holder: Mapping[str, Any] | None = None
) -> Any:
    value = (location.document.content if holder is None else holder).get(key)
    if not isinstance(value, kind):
        raise location.child(key).error(f"expected {_KINDS[kind]}")
    return value


def _history(entry: Any, versions: Sequence[str], location: Location) -> History:
    if not isinstance(entry, dict):
        raise location.error(f"expected a mapping with the keys {', '.join(_OPERATION_KEYS)}")
    for key in entry:
        if key not in _OPERATION_KEYS:
            raise location.child(key).error(f"unknown key; known: {', '.join(_OPERATION_KEYS)}")

    def position(version: Any, *place: str) -> int:
        if version not in versions:
            raise location.child(*place).error(f"{version!r} is none of the versions")
        return versions.index(version)

    since = position(entry["since"], "since") if "since" in entry else None
    return History(
        since,
        position(entry["until"], "until") if "until" in entry else len(versions) - 1,
        position(entry["path_since"], "path_since") if "path_since" in entry else (since or 0),
        [
            f"`{parameter}` {end} {versions[position(version, f'parameters_{end}', parameter)]}."
            for end in ("since", "until")
            for parameter, version in entry.get(f"parameters_{end}", {}).items()
        ],
        entry.get("note", ""),
    )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


if __name__ == "__main__":
    sys.exit(main())
