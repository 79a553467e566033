"""All targets by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fuzz import documents, readers, requests, responses

if TYPE_CHECKING:
    from fuzz.running import Target

__all__ = ["TARGETS"]

TARGETS: dict[str, Target] = {
    **responses.TARGETS,
    **readers.TARGETS,
    **documents.TARGETS,
    **requests.TARGETS,
}
