"""The page with every difference from the official client, from the file that lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from clientsmith.targets import REPOSITORY

from docsite.markdown import plain, table

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["differences_page"]

_FILE = "openapi/dqops.official-differences.yaml"
_CHANGES = {"missing": "only the official client has it", "extra": "only this SDK has it"}


def differences_page() -> tuple[str, str]:
    """Write the page.

    Returns:
        Its file name and its Markdown.
    """
    return "official-differences.md", "\n".join(_lines())


def _lines() -> Iterator[str]:
    entries = yaml.safe_load((REPOSITORY / _FILE).read_text(encoding="utf-8"))["intended"]
    yield from ("# Differences of names and signatures", "")
    yield "Every difference between the official client 1.13.1 and this SDK, with its reason; `*`"
    yield "stands for any text. `make compare-official` installs that client, and fails where there"
    yield "is another one. [Coming from the official client](official.md) tells what it means."
    yield ""
    yield from table(
        ("where", "what", "why"),
        (
            (
                "<br>".join(f"`{place}`" for place in _places(each["place"])),
                _CHANGES.get(each.get("change", ""), "different"),
                plain(each["reason"]),
            )
            for each in entries
        ),
    )


def _places(place: Any) -> list[str]:
    places = place if isinstance(place, list) else [place]
    return [str(each).removeprefix("dqops.client.") for each in places]
