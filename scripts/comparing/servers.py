"""Learn from the servers' own documents what each version has.

    python -m comparing.servers FOLDER [--target NAME] [--check]

FOLDER holds a Swagger 2 or OpenAPI 3 document of each version, as the server of that version gives
it: `v1.2.0.json`, `v1.13.1.json.gz` and so on. From them `openapi/<target>.versions.yaml` is made:
which version has which operation, query parameter, property and value of an enumeration. The
document that `maintenance.compatibility` renders is made from that file, so neither it nor anything
else needs the folder. Notes in the file are people's; they stay. With `--check` nothing is
written, and exit code 1 tells that the file is not what would be written.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clientsmith.checking.supported import operation_name
from clientsmith.errors import PipelineError
from clientsmith.reading.documents import load_document
from clientsmith.reading.grammar import METHODS

from comparing.targets import add_target_option, choose_target, data_file
from comparing.upstream import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_FILE = re.compile(r"v(\d+(?:\.\d+)+)\.json(?:\.gz)?")
_PATH_PARAMETER = re.compile(r"\{[^}]*\}")
# A key that needs no quotes in YAML.
_PLAIN = re.compile(r"(?!(?:true|false|yes|no|on|off|y|n|null)\Z)[A-Za-z_][A-Za-z0-9_]*")
_HEADER = """\
# What the server had, by its version: read from the documents that servers of these versions give
# of themselves (`make compare-servers`). docs/compatibility.md is rendered from this file and the
# bundle: `python -m maintenance.compatibility`.
#
#   since             the first of the versions that has it
#   until             the last one, where a later one lacks it
#   path_since        the first one with the path of today; those before have another path
#   parameters_since  query parameters that were added later
#   parameters_until  query parameters that later versions lack
#   note              what else there is to say, in one sentence; written by people
#
# Operations are listed whether all versions have them or not. Schemas are listed where one of the
# versions lacks them, properties and values where one that has their schema lacks them.
"""


class Server:
    """What one version has.

    Args:
        content: The document that a server of this version gives.
        enumerations: For each enumeration of ours, where it stands: schema and property, or
            operation and parameter.
    """

    def __init__(
        self, content: Mapping[str, Any], enumerations: Mapping[str, set[tuple[str, str]]]
    ) -> None:
        self.operations: dict[tuple[str, str], tuple[str, set[str]]] = {}
        places: dict[tuple[str, str], Any] = {}
        for path, item in content["paths"].items():
            for method, operation in item.items():
                if method not in METHODS:
                    continue
                name = operation_name(operation["operationId"])
                tag = operation_name(operation["tags"][0])
                query = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
                place = f"{method} {_PATH_PARAMETER.sub('{}', path)}"
                self.operations[tag, name] = place, {one["name"] for one in query}
                places |= {(name, one["name"]): one for one in query}
        schemas = content.get("definitions") or content.get("components", {}).get("schemas", {})
        self.properties = {name: set(one.get("properties", ())) for name, one in schemas.items()}
        for name, one in schemas.items():
            places |= {(name, key): value for key, value in one.get("properties", {}).items()}
        self.values = {
            name: {value for place in where for value in _values(places.get(place))}
            for name, where in enumerations.items()
        }


def history(bundle: Mapping[str, Any], servers: Mapping[str, Server]) -> dict[str, Any]:
    """Tell which version has what of a specification.

    Args:
        bundle: Our specification.
        servers: What each version has, from the oldest to the newest.

    Returns:
        The sections `operations`, `schemas`, `properties` and `values`.
    """
    found = list(servers.values())
    versions = list(servers)
    result: dict[str, Any] = {"operations": {}, "schemas": {}, "properties": {}, "values": {}}
    for tag, name in sorted({key for server in found for key in server.operations}):
        having = [server.operations.get((tag, name)) for server in found]
        entry: dict[str, Any] = {**_span([one is not None for one in having], versions)}
        last = next(one for one in reversed(having) if one is not None)
        moved = [one is not None and one[0] == last[0] for one in having]
        if (path_since := versions[moved.index(True)]) != entry["since"]:
            entry["path_since"] = path_since
        parameters = sorted({key for one in having if one is not None for key in one[1]})
        for key in parameters:
            span = _span_within(
                [None if one is None else key in one[1] for one in having], versions
            )
            for end, version in span.items():
                entry.setdefault(f"parameters_{end}", {})[key] = version
        result["operations"].setdefault(tag, {})[name] = entry
    for name, schema in sorted(bundle["components"]["schemas"].items()):
        having_schema = [server.properties.get(name) for server in found]
        if any(one is not None for one in having_schema):
            span = _span([one is not None for one in having_schema], versions)
            if span != {"since": versions[0]}:
                result["schemas"][name] = span
            for key in sorted(schema.get("properties", ())):
                within = [None if one is None else key in one for one in having_schema]
                if any(within) and (span := _span_within(within, versions)):
                    result["properties"].setdefault(name, {})[key] = span
        having_values = [server.values.get(name) or None for server in found]
        for value in sorted(filter(None, schema.get("enum", ())), key=str):
            within = [None if one is None else value in one for one in having_values]
            if any(within) and (span := _span_within(within, versions)):
                result["values"].setdefault(name, {})[str(value)] = span
    return result


def places_of_enumerations(bundle: Mapping[str, Any]) -> dict[str, set[tuple[str, str]]]:
    """Find where each enumeration of a specification stands.

    Args:
        bundle: Our specification.

    Returns:
        By the enumeration: pairs of schema and property, and of operation and query parameter.
    """
    schemas = bundle["components"]["schemas"]
    names = {f"#/components/schemas/{name}": name for name, one in schemas.items() if "enum" in one}
    result: dict[str, set[tuple[str, str]]] = {name: set() for name in names.values()}
    parameters = bundle["components"].get("parameters", {})

    def note(place: tuple[str, str], schema: Any) -> None:
        for reference in _references(schema):
            if reference in names:
                result[names[reference]].add(place)

    for name, schema in schemas.items():
        for key, value in schema.get("properties", {}).items():
            note((name, key), value)
    for item in bundle["paths"].values():
        for method, operation in item.items():
            if method not in METHODS:
                continue
            for one in operation.get("parameters", ()):
                whole = parameters[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
                if whole["in"] == "query":
                    note((operation_name(operation["operationId"]), whole["name"]), whole["schema"])
    return result


def write(found: Mapping[str, Any], head: Mapping[str, Any], notes: Mapping[Any, str]) -> str:
    """Write the file.

    Args:
        found: The sections of `history`.
        head: The keys before them: what is rendered from it, and `versions`.
        notes: Notes that people wrote, by group and name of the operation.

    Returns:
        Its text, as YAML.
    """
    lines = [_HEADER.rstrip("\n")]
    lines.extend(f"{key}: {head[key]}" for key in ("document", "module") if key in head)
    lines.append(f"versions: [{', '.join(head['versions'])}]")
    for section, content in found.items():
        lines.append(f"{section}:" if content else f"{section}: {{}}")
        for name, entries in content.items():
            if section == "schemas":
                lines.append(f"  {_key(name)}: {_flow(entries)}")
                continue
            lines.append(f"  {_key(name)}:")
            for key, entry in entries.items():
                note = notes.get((name, key)) if section == "operations" else None
                whole = {**entry, "note": note} if note else entry
                lines.append(f"    {_key(key)}: {_flow(whole)}")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, or check it.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0 where it is (or was made) up to date, 1 otherwise.

    Raises:
        SystemExit: With 2, where the command line is not good.
    """
    parser = argparse.ArgumentParser(prog="python -m comparing.servers", description=__doc__)
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="the servers' documents")
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    add_target_option(parser)
    options = parser.parse_args(arguments)
    try:
        target = choose_target(options)
        path = data_file(target, "versions")
        before = load_document(path, target.repository)
        bundle = load_document(target.bundle, target.repository).content
        enumerations = places_of_enumerations(bundle)
        servers = {
            version: Server(load(str(file)), enumerations)
            for version, file in _files(options.folder)
        }
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 1
    notes = {
        (tag, name): entry["note"]
        for tag, entries in before.content["operations"].items()
        for name, entry in entries.items()
        if "note" in entry
    }
    head = {**before.content, "versions": list(servers)}
    text = write(history(bundle, servers), head, notes)
    name = target.name_of(path)
    if path.read_text(encoding="utf-8") == text:
        print(f"{name}: up to date")
        return 0
    if options.check:
        print(f"{name}: not what the servers' documents say", file=sys.stderr)
        return 1
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{name}: written")
    return 0


def _files(folder: Path) -> list[tuple[str, Path]]:
    try:
        names = {
            match[1]: path for path in folder.iterdir() if (match := _FILE.fullmatch(path.name))
        }
    except OSError as error:
        raise PipelineError(f"cannot be listed: {error.strerror}", str(folder)) from error
    if not names:
        raise PipelineError(
            "holds no document of a server",
            str(folder),
            hint="Save what each server gives at /v2/api-docs as v<version>.json.",
        )
    return sorted(names.items(), key=lambda item: [int(part) for part in item[0].split(".")])


def _span(having: Sequence[bool], versions: Sequence[str]) -> dict[str, str]:
    """Tell from when, and until when if not until today, something is there."""
    last = len(having) - 1 - having[::-1].index(True)
    span = {"since": versions[having.index(True)]}
    return span if last == len(having) - 1 else span | {"until": versions[last]}


def _span_within(having: Sequence[bool | None], versions: Sequence[str]) -> dict[str, str]:
    """Tell the same of a part; nothing where it is there as long as its whole is (not None)."""
    whole = _span([one is not None for one in having], versions)
    part = _span([bool(one) for one in having], versions)
    return {end: version for end, version in part.items() if whole.get(end) != version}


def _values(schema: Any) -> Iterable[Any]:
    if not isinstance(schema, dict):
        return ()
    own = schema.get("enum", ())
    return (*own, *_values(schema.get("items")), *_values(schema.get("schema")))


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            yield reference
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


def _key(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else json.dumps(name)


def _flow(entry: Mapping[str, Any]) -> str:
    parts = (
        f"{_key(key)}: {_flow(value) if isinstance(value, dict) else value}"
        for key, value in entry.items()
    )
    return "{" + ", ".join(parts) + "}"


if __name__ == "__main__":
    sys.exit(main())
