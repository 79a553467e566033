"""Lists what no signature says: retries, exit codes, JSON of the command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from releasing.facts import Facts

__all__ = ["behaviour_facts"]

_STATUSES = range(400, 600)


def behaviour_facts(package: Path) -> Facts:
    """List the facts.

    Args:
        package: The folder of the package `dqops`, which is the one that is imported.

    Returns:
        The facts by row of a table.
    """
    from dqops.cli.overview import EXIT_CODES
    from dqops.client import Retries

    retries = Retries()
    facts = {
        "/exit-codes": "table",
        **{f"/exit-codes/{code}": says for code, says in EXIT_CODES},
        "/retries": "table",
        "/retries/attempts": str(retries.max_attempts),
        "/retries/first-pause": f"{retries.backoff} s",
        "/retries/longest-pause": f"{retries.max_wait} s",
    }
    for status in _STATUSES:
        if status in retries.statuses:
            facts[f"/retries/{status}"] = "if the operation is idempotent"
    for path in sorted((package / "cli" / "schemas").glob("*.json")):
        facts.update(_schema(f"/json/{path.stem}", json.loads(path.read_text(encoding="utf-8"))))
    return facts


def _schema(name: str, schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    required = schema.get("required", ())
    kinds = schema.get("type", schema.get("$ref", ""))
    words = [kinds] if isinstance(kinds, str) else list(kinds)
    words += [f"of {json.dumps(schema[key])}" for key in ("const", "enum") if key in schema]
    yield name, " ".join(filter(None, words)) or "anything"
    for key, each in schema.get("properties", {}).items():
        for path, text in _schema(f"{name}/{key}", each):
            is_optional = path == f"{name}/{key}" and key not in required
            yield path, f"{text} (may be missing)" if is_optional else text
    if isinstance(schema.get("items"), dict):
        yield from _schema(f"{name}/[]", schema["items"])
    for key, each in schema.get("$defs", {}).items():
        yield from _schema(f"{name}/$defs/{key}", each)
