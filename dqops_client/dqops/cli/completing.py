"""Names that the server knows, for shells that complete commands; kept for a short time."""

from __future__ import annotations

import hashlib
import json
import os
import time
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
    """Complete `CONNECTION[.SCHEMA[.TABLE]]`, one part at a time."""
    level = incomplete.count(".")
    names: dict[str, None] = {}
    for table in _names(ctx, "tables"):
        parts = table[: min(level, 2) + 1] if level < 2 else table
        name = ".".join(parts)
        if name.startswith(incomplete):
            names[name] = None
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
    from .options import make_client

    given = {
        name: ctx.params.get(name)
        for name in ("url", "api_key_file", "profile", "data_domain", "ca_file")
    }
    with make_client(**given, deadline=_PATIENCE, retries=None) as client:
        path = _cache_folder() / f"{_fingerprint(client, given['data_domain'])}-{what}.json"
        try:
            if time.time() - path.stat().st_mtime < _KEPT:
                kept: list[Any] = json.loads(path.read_text(encoding="utf-8"))
                return kept
        except OSError:
            pass
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


def _fingerprint(client: Any, data_domain: str | None) -> str:
    """Tell servers, users and domains apart, without a key in the name of a file."""
    parts = (client._base_url, os.environ.get("DQOPS_DATA_DOMAIN", ""), data_domain or "")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "dqopsctl"
