"""Reads the document of a target that others maintain, with its overlays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientsmith.adopting.accepting import accept
from clientsmith.adopting.notes import Notes
from clientsmith.adopting.overlays import apply_overlay
from clientsmith.reading.documents import Document, load_document
from clientsmith.viewing.tokens import further_schemes

if TYPE_CHECKING:
    from clientsmith.targets import Target

__all__ = ["Adopted", "read_adopted"]


@dataclass(frozen=True)
class Adopted:
    """A document that has been read.

    Args:
        document: What the pipeline reads.
        notes: What was changed or left out on the way.
    """

    document: Document
    notes: Notes


def read_adopted(target: Target) -> Adopted:
    """Read the document of a target.

    Args:
        target: A target that is adopted.

    Returns:
        The document in the form that the pipeline reads.

    Raises:
        PipelineError: It is no OpenAPI document, or an overlay does not match it.
    """
    document = load_document(target.root, target.repository, strict=False)
    content = document.content
    for path in target.overlays:
        overlay = load_document(path, target.repository)
        content = apply_overlay(content, overlay)
    notes = Notes()
    accepted = accept(document, content, notes, target.left_out, target.tag)
    if not target.is_vendored and further_schemes(accepted):
        notes.add("clients of a shared runtime send one token, in its usual place", ("security",))
    return Adopted(Document(document.path, document.name, accepted), notes)
