"""Compares two documents of an API: what changes for Python programs, and which version it asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from clientsmith.adopting.accepting import accept
from clientsmith.adopting.notes import Notes
from clientsmith.reading.bundle import bundle_document
from clientsmith.reading.documents import Document, load_document
from clientsmith.targets import Target
from clientsmith.writing.generate import views_of

if TYPE_CHECKING:
    from pathlib import Path

    from clientsmith.viewing.view_types import ModelView, OperationView

__all__ = ["Fact", "compare_documents", "surface"]

_NEEDED = ", needed"


class Fact(NamedTuple):
    """Something that programs see.

    Attributes:
        text: What it is.
        is_optional: Whether programs need not care when it comes.
        is_argument: Whether programs only give it, and never read it.
    """

    text: str
    is_optional: bool = True
    is_argument: bool = False


#: The facts by name.
Surface = dict[str, Fact]


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
    changed = [name for name in before if name in after and before[name].text != after[name].text]
    loosened = [name for name in changed if _is_loosened(before[name], after[name])]
    wider = [
        name
        for name in changed
        if name not in loosened and _accepts_more(before[name], after[name])
    ]
    changed = [name for name in changed if name not in {*loosened, *wider}]
    added = [name for name in after if name not in before]
    # An argument that is needed and was not there breaks every call.
    needed = [
        name
        for name in added
        if not after[name].is_optional and any(name.startswith(f"{other} ") for other in before)
    ]
    optional = [name for name in added if name not in needed]
    for title, names in (
        ("removed", removed),
        ("changed", changed),
        ("needed from now on", needed),
        ("optional from now on", loosened),
        ("accepts more from now on", wider),
        ("added", optional),
    ):
        if names:
            print(f"{title}:")
        for name in names:
            texts = [found[name].text for found in (before, after) if name in found]
            print(f"  {name}: {' -> '.join(dict.fromkeys(texts))}".rstrip(": "))
    is_breaking = bool(removed or changed or needed)
    step = "major" if is_breaking else "minor" if optional or loosened or wider else "patch"
    print(f"version: {step}" if step != "patch" else "version: patch (nothing changes)")
    return 1 if is_breaking else 0


def _is_loosened(before: Fact, after: Fact) -> bool:
    """Whether an argument is of the same type and need not be given any more."""
    kind, comma, _ = before.text.partition(_NEEDED)
    return bool(comma) and after.text in {f"{kind} | Unset", f"{kind} | Unset | None"}


def _accepts_more(before: Fact, after: Fact) -> bool:
    """Whether whatever is given as an argument can be given as before."""
    if not before.is_argument or (after.text.endswith(_NEEDED) > before.text.endswith(_NEEDED)):
        return False
    kinds, given = (_alternatives(each.text.removesuffix(_NEEDED)) for each in (after, before))
    return "Any" in kinds or given <= kinds


def _alternatives(annotation: str) -> set[str]:
    """Take a union apart."""
    found, depth = [""], 0
    for word in re.split(r"( \| |\[|\])", annotation):
        depth += {"[": 1, "]": -1}.get(word, 0)
        if word == " | " and not depth:
            found.append("")
        else:
            found[-1] += word
    return set(found)


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
        facts[enum.name] = Fact("enumeration")
        facts.update({f"{enum.name}.{name}": Fact(value) for name, value in enum.members})
    return facts


def _operation(facts: Surface, name: str, view: OperationView) -> None:
    facts[name] = Fact("")
    facts[f"{name} returns"] = Fact(view.optional_result)
    for each in view.fields:
        is_optional = bool(each.default)
        text = f"{each.parameter}{'' if is_optional else _NEEDED}"
        facts[f"{name} {each.name}"] = Fact(text, is_optional, is_argument=True)


def _model(facts: Surface, view: ModelView) -> None:
    facts[view.name] = Fact("model")
    for each in view.fields:
        is_optional = bool(each.default)
        text = f"{each.kind.annotation}{'' if is_optional else _NEEDED}"
        facts[f"{view.name} {each.name}"] = Fact(text, is_optional)


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
