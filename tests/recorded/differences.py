"""Where the simulated server responds otherwise than the real one did.

    python -m recorded.differences

renews `differences.yaml`: what is no longer different goes, and what is new stands under the reason
`NEW` until somebody writes another one. The test fails as long as there is such a reason.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from recorded.exchanges import exchanges, flow
from recorded.shapes import shape_differences
from recorded.world import World

if TYPE_CHECKING:
    from recorded.exchanges import Exchange
    from recorded.world import Simulated

__all__ = ["LISTED", "NEW", "found_differences", "listed_differences", "read_groups"]

LISTED = Path(__file__).with_name("differences.yaml")
NEW = "new"

_HEAD = """\
# Where the simulated server responds otherwise than the real one did, by reasons. `area` is the
# part of the server that it belongs to. Renew it with `python -m recorded.differences` in `tests`.
"""


def found_differences(world: World) -> dict[str, list[str]]:
    """Repeat all recorded requests, and compare the responses.

    Args:
        world: The simulated server.

    Returns:
        The differences by the keys of the exchanges, without those that are the same.
    """
    pairs = [(exchange, world.respond(exchange)) for exchange in exchanges()]
    pairs += world.respond_in_order(flow())
    found = {exchange.key: _differences(exchange, simulated) for exchange, simulated in pairs}
    return {key: differences for key, differences in found.items() if differences}


def _differences(exchange: Exchange, simulated: Simulated) -> list[str]:
    if simulated.status != exchange.status:
        return [f"status {exchange.status}, simulated {simulated.status}"]
    recorded_headers = exchange.line["headers"]
    pairs: list[tuple[str, Any, Any]] = [
        (name, recorded_headers.get(name.lower()), simulated.headers.get(name.lower()))
        for name in ("Content-Type", "Content-Encoding")
    ]
    pairs += [
        ("length", _length(recorded_headers), _length(simulated.headers)),
        (
            "Content-Disposition",
            "content-disposition" in recorded_headers,
            "content-disposition" in simulated.headers,
        ),
    ]
    differences = [
        f"{name} is {recorded}, simulated {ours}"
        for name, recorded, ours in pairs
        if recorded != ours
    ]
    if "x-simulated" in simulated.headers:
        differences.append("it is the specification's example")
    if not exchange.line.get("is_shortened") and "content-encoding" not in simulated.headers:
        differences += shape_differences(
            exchange.operation, exchange.status, exchange.json, simulated.json
        )
    return differences


def _length(headers: Any) -> str:
    if "transfer-encoding" in headers:
        return "chunked"
    return "none" if "content-length" not in headers else "given"


def read_groups() -> list[dict[str, Any]]:
    """Read the listed differences in their groups.

    Returns:
        The groups, each with `area`, `reason` and `exchanges`.
    """
    groups: list[dict[str, Any]] = yaml.safe_load(LISTED.read_text(encoding="utf-8")) or []
    return groups


def listed_differences() -> dict[str, list[str]]:
    """Read the listed differences, whatever their reasons.

    Returns:
        The differences by the keys of the exchanges.
    """
    listed: dict[str, list[str]] = {}
    for group in read_groups():
        for key, differences in group["exchanges"].items():
            listed.setdefault(key, []).extend(differences)
    return listed


def renewed(groups: list[dict[str, Any]], found: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Take out what is no longer different, and add what is new.

    Args:
        groups: The listed differences.
        found: The differences that there are.

    Returns:
        The groups as they should be listed.
    """
    left = {key: list(differences) for key, differences in found.items()}
    kept: list[dict[str, Any]] = []
    explained = [group for group in groups if group["reason"] != NEW]
    for group in [*explained, {"area": "?", "reason": NEW, "exchanges": left}]:
        listed = group["exchanges"]
        still = {
            key: [each for each in found[key] if each in listed[key] and each in left[key]]
            for key in sorted(listed)
            if key in found
        }
        for key, differences in still.items():
            left[key] = [each for each in left[key] if each not in differences]
        exchanges_left = {key: differences for key, differences in still.items() if differences}
        if exchanges_left:
            kept.append({**group, "exchanges": exchanges_left})
    return kept


def main() -> None:
    """Renew the list."""
    world = World()
    try:
        groups = renewed(read_groups() if LISTED.exists() else [], found_differences(world))
    finally:
        world.close()
    text = yaml.safe_dump(groups, sort_keys=False, width=100, allow_unicode=True)
    LISTED.write_text(_HEAD + text, encoding="utf-8")


if __name__ == "__main__":
    main()
