"""`dqopsctl export` and `apply`: table specifications under version control."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import click

from ..options import Place, confirm, needs_server, place_argument, yes_option
from ..output import format_option, many, printable, say, write, write_json
from ..running import NOT_KNOWN
from ..yaml_text import as_yaml, from_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..options import Session

_SUFFIX = ".dqotable.yaml"
# What DQOps itself keeps in its files, and what the server would break over.
_HEAD = {"apiVersion": "dqo/v1", "kind": "table"}
_NOT_SENT = ("statistics",)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@place_argument()
@needs_server
def export(session: Session, folder: Path, place: Place | None) -> int:
    """Write table specifications to FOLDER, a YAML file for each table.

    The files are CONNECTION/SCHEMA.TABLE.dqotable.yaml, as in the folder `sources` of DQOps.
    """
    from ...client.api.search import find_tables
    from ...jobs.judging.tables import table_key
    from .metadata import pages

    count = 0
    for table in pages(session, find_tables, place):
        key = table_key(table)
        spec = _read(session, key)
        if spec is None:
            continue
        path = _path(folder, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_yaml({**_HEAD, "spec": spec}), encoding="utf-8")
        count += 1
    if not count:
        say("no table was found, so that nothing was written. Check the names")
        return NOT_KNOWN
    if not session.quiet:
        say(f"tables written to {folder}: {count}")
    return 0


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only show what is different.")
@yes_option
@format_option("diff", "json")
@needs_server
def apply(session: Session, folder: Path, dry_run: bool, yes: bool, format_: str) -> int:
    """Send the table specifications of FOLDER that differ from the server's.

    Tables that the server does not know are added. Tables without a file are left alone.
    """
    changes = []
    for path, key, spec in _files(folder):
        current = _read(session, key)
        if current is None or current != spec:
            changes.append((key, path, current, spec))
    for key, path, current, spec in changes:
        if format_ == "diff":
            _show_difference(key, path, current, spec)
    document = {
        "command": "apply",
        "version": 1,
        "dry_run": dry_run,
        "changes": [
            {
                "connection": key[0],
                "schema": key[1],
                "table": key[2],
                "action": "create" if current is None else "update",
            }
            for key, _, current, _ in changes
        ],
    }
    if changes and not dry_run:
        confirm(f"This changes {many(len(changes), 'table')}.", yes=yes)
        for key, _, current, spec in changes:
            _send(session, key, spec, is_new=current is None)
            if not session.quiet:
                say(f"{'.'.join(key)}: {'created' if current is None else 'updated'}")
    if format_ == "json":
        write_json(document)
    elif not session.quiet:
        say(f"tables {'to change' if dry_run else 'changed'}: {len(changes)}")
    return 0


def _read(session: Session, key: tuple[str, str, str]) -> dict[str, Any] | None:
    """Read the specification of a table; None if there is no such table."""
    from ...client.api.tables import get_table
    from ...client.errors import NotFound

    try:
        found = get_table.sync(*key, client=session.client)
    except NotFound:
        return None
    if found is None or not found.spec:
        return None
    return _as_sent(found.spec.to_dict())


def _as_sent(spec: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in spec.items() if name not in _NOT_SENT}


def _send(session: Session, key: tuple[str, str, str], spec: Any, *, is_new: bool) -> None:
    from ...client.api.tables import create_table, update_table
    from ...client.models import TableSpec

    operation = create_table if is_new else update_table
    operation.sync(*key, client=session.client, json_body=TableSpec.from_dict(spec))


def _path(folder: Path, key: tuple[str, str, str]) -> Path:
    connection, schema, table = (_quoted(part) for part in key)
    return folder / connection / f"{schema}.{table}{_SUFFIX}"


def _quoted(name: str) -> str:
    """Make a name safe for every file system, without losing any of it."""
    quoted = quote(name, safe=" ()[]{}@#$&+,;=!~'")
    return quoted.replace(".", "%2E") if not quoted.strip(".") else quoted


def _files(folder: Path) -> Iterator[tuple[Path, tuple[str, str, str], dict[str, Any]]]:
    """Read the files of a folder.

    Yields:
        Path, connection with schema and table, and specification.

    Raises:
        UsageError: A file is not what it should be; then nothing has been sent yet.
    """
    from ...client.errors import DecodeError
    from ...client.models import TableSpec

    found = []
    paths = sorted(folder.glob(f"*/*{_SUFFIX}"))
    if not paths:
        raise click.UsageError(f"{folder} has no file CONNECTION/SCHEMA.TABLE{_SUFFIX}")
    for path in paths:
        schema, dot, table = path.name.removesuffix(_SUFFIX).partition(".")
        if not dot:
            raise click.UsageError(f"{path}: the name is not SCHEMA.TABLE{_SUFFIX}")
        try:
            document = from_yaml(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise click.UsageError(f"{path}: {error}") from None
        spec = document.get("spec") if isinstance(document, dict) else None
        if not isinstance(spec, dict):
            raise click.UsageError(f"{path}: there is no mapping `spec` in it")
        try:
            model = TableSpec.from_dict(spec)
        except DecodeError as error:
            raise click.UsageError(f"{path}: spec: {error}") from None
        key = (unquote(path.parent.name), unquote(schema), unquote(table))
        found.append((path, key, _as_sent(model.to_dict())))
    yield from found


def _show_difference(key: tuple[str, str, str], path: Path, current: Any, spec: Any) -> None:
    before = [] if current is None else as_yaml(current).splitlines()
    name = ".".join(key)
    lines = difflib.unified_diff(
        before, as_yaml(spec).splitlines(), f"{name} (server)", f"{name} ({path})", lineterm=""
    )
    for line in lines:
        write(printable(line))
