"""Names that the server knows, for shells that complete commands; kept for a short time."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import click

__all__ = ["complete_checks", "complete_places"]

# Seconds that names are kept, and that the server may take.
_KEPT = 60.0
_PATIENCE = 2.0
_MOST_NAMES = 1000


def complete_places(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  # click's signature
    """Complete `CONNECTION[.SCHEMA[.TABLE]]`, one part at a time.

    What can go on is offered with a dot, too, so that shells put no space behind it.
    """
    level = min(incomplete.count("."), 2)
    names: dict[str, None] = {}
    for table in _names(ctx, "tables"):
        name = ".".join(table[: level + 1])
        if name.startswith(incomplete):
            names[name] = None
            if level < 2:
                names[f"{name}."] = None
    return list(names)


def complete_checks(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  # click's signature
    """Complete the name of a check."""
    return [name for name in _names(ctx, "checks") if name.startswith(incomplete)]


def _names(ctx: click.Context, what: str) -> list[Any]:
    """Read names from the cache or the server; none where that fails: a shell shows no errors."""
    try:
        return _read(ctx, what)
    except Exception:
        return []


def _read(ctx: click.Context, what: str) -> list[Any]:
    import hashlib
    import time

    from .connecting import find_server, make_client

    given = {
        name: ctx.params.get(name)
        for name in ("url", "api_key_file", "profile", "data_domain", "ca_file")
    }
    url, domain, _ = find_server(given["url"], given["profile"], given["data_domain"])
    about = hashlib.sha256(f"{url}\0{domain}".encode()).hexdigest()[:16]
    path = _cache_folder() / f"{about}-{what}.json"
    try:
        if time.time() - path.stat().st_mtime < _KEPT:
            kept: list[Any] = json.loads(path.read_text(encoding="utf-8"))
            return kept
    except OSError:
        pass
    with make_client(**given, deadline=_PATIENCE, retries=None) as client:
        names = _ask_tables(client) if what == "tables" else _ask_checks(client)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text(json.dumps(names), encoding="utf-8")
    beside.replace(path)
    return names


def _ask_tables(client: Any) -> list[Any]:
    from ..client.api.search import find_tables
    from ..jobs.judging.tables import table_key

    found = find_tables.sync(client=client, page=1, limit=_MOST_NAMES) or ()
    return [list(table_key(table)) for table in found]


def _ask_checks(client: Any) -> list[Any]:
    from ..client.api.checks import get_all_checks

    return sorted({each.check_name for each in get_all_checks.sync(client=client) or ()})


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "dqopsctl"
