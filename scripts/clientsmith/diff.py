"""Compares two documents of an API: what changes for Python programs, and which version it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientsmith.adopting.accepting import accept
from clientsmith.adopting.notes import Notes
from clientsmith.reading.bundle import bundle_document
from clientsmith.reading.documents import Document, load_document
from clientsmith.targets import Target
from clientsmith.writing.generate import views_of

if TYPE_CHECKING:
    from pathlib import Path

    from clientsmith.viewing.view_types import ModelView, OperationView

__all__ = ["compare_documents", "surface"]

#: A fact, what it says, and whether programs need not care when it comes.
Surface = dict[str, tuple[str, bool]]


def compare_documents(old: Path, new: Path) -> int:
    """Print what changes from one document to the other.

    Args:
        old: The document that a client was generated from.
        new: The one that another client would be generated from.

    Returns:
        0 where no program that works with the old client can break, 1 otherwise.
    """
    before, after = surface(old.resolve()), surface(new.resolve())
    removed = [name for name in before if name not in after]
    changed = [name for name in before if name in after and before[name][0] != after[name][0]]
    loosened = [name for name in changed if _is_loosened(before[name][0], after[name][0])]
    changed = [name for name in changed if name not in loosened]
    added = [name for name in after if name not in before]
    # An argument that is needed and was not there breaks every call.
    needed = [
        name
        for name in added
        if not after[name][1] and any(name.startswith(f"{other} ") for other in before)
    ]
    optional = [name for name in added if name not in needed]
    for title, names in (
        ("removed", removed),
        ("changed", changed),
        ("needed from now on", needed),
        ("optional from now on", loosened),
        ("added", optional),
    ):
        if names:
            print(f"{title}:")
        for name in names:
            texts = [found[name][0] for found in (before, after) if name in found]
            print(f"  {name}: {' -> '.join(dict.fromkeys(texts))}".rstrip(": "))
    is_breaking = bool(removed or changed or needed)
    step = "major" if is_breaking else "minor" if optional or loosened else "patch"
    print(f"version: {step}" if step != "patch" else "version: patch (nothing changes)")
    return 1 if is_breaking else 0


def _is_loosened(before: str, after: str) -> bool:
    """Whether an argument is of the same type and need not be given any more."""
    kind, comma, _ = before.partition(", needed")
    return bool(comma) and after in {f"{kind} | Unset", f"{kind} | Unset | None"}


def surface(path: Path) -> Surface:
    """List what programs see of the client of a document.

    Args:
        path: The document.

    Returns:
        The facts by name.
    """
    document = load_document(path, path.parent, strict=False)
    content = accept(document, document.content, Notes())
    bundle = bundle_document(Document(path, path.name, content))
    views = views_of(bundle.content, _target(path))
    facts: Surface = {}
    for group in views.groups():
        for operation in group.operations:
            _operation(facts, f"{group.name}.{operation.name}", operation)
    for model in views.models():
        _model(facts, model)
    for enum in views.enums():
        facts[enum.name] = ("enumeration", True)
        facts.update({f"{enum.name}.{name}": (value, True) for name, value in enum.members})
    return facts


def _operation(facts: Surface, name: str, view: OperationView) -> None:
    facts[name] = ("", True)
    facts[f"{name} returns"] = (view.optional_result, True)
    for each in view.fields:
        is_optional = bool(each.default)
        text = f"{each.parameter}{'' if is_optional else ', needed'}"
        facts[f"{name} {each.name}"] = (text, is_optional)


def _model(facts: Surface, view: ModelView) -> None:
    facts[view.name] = ("model", True)
    for each in view.fields:
        is_optional = bool(each.default)
        text = f"{each.kind.annotation}{'' if is_optional else ', needed'}"
        facts[f"{view.name} {each.name}"] = (text, is_optional)


def _target(path: Path) -> Target:
    folder = path.parent
    return Target(
        name="compared",
        repository=folder,
        root=path,
        bundle=folder / "bundle.yaml",
        manifest=folder / "manifest.json",
        package=folder / "compared",
        import_name="compared",
        runtime="compared._runtime",
        client="compared",
        generator_config=None,
        entry={},
        is_vendored=True,
        is_adopted=True,
    )
