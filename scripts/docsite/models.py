"""The pages of models: one for each area, and which page has which model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml
from clientsmith.targets import REPOSITORY
from dqops.client import models

from docsite.catalogue import specification
from docsite.markdown import linked, plain, table

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["area_titles", "model_links", "model_pages"]

_SCHEMAS = REPOSITORY / "openapi" / "dqops" / "schemas"
# What a property has for a description that is described where its schema is.
_NOTE = re.compile(r"(Since|Until) [^.]*\d+(\.\d+)*( until \d+(\.\d+)*)?\.")
_FIELD = re.compile(r"Field\[(.*?), .*\]$")


def model_links(up: str) -> dict[str, str]:
    """Tell where each model is described.

    Args:
        up: What leads from the page with the link to the root, such as `../`.

    Returns:
        Links by the names of models; enumerations and what stands for them in arguments, too.
    """
    links = {}
    for name, area in _areas().items():
        links[name] = f"{up}models/{area}.md#{name}"
        if _is_enumeration(getattr(models, name)):
            links[f"{name}Like"] = links[name]
    return links


def area_titles() -> dict[str, str]:
    """Name the pages.

    Returns:
        The title of each page by its file name without ending, in alphabetical order.
    """
    return {area: _title(area) for area in sorted(set(_areas().values()))}


def model_pages() -> Iterator[tuple[str, str]]:
    """Write the pages.

    Yields:
        File names and their Markdown.
    """
    links = model_links("../")
    for area, title in area_titles().items():
        names = sorted(name for name, found in _areas().items() if found == area)
        lines = [f"# {title}", "", f"{len(names)} classes of `dqops.client.models`.", ""]
        for name in names:
            lines += _described(name, links)
        yield f"models/{area}.md", "\n".join(lines)
    yield "models/index.md", "\n".join(_index())


def _index() -> Iterator[str]:
    areas = _areas()
    classes = [getattr(models, name) for name in areas]
    enumerations = sum(map(_is_enumeration, classes))
    yield from ("# Models", "")
    yield f"`dqops.client.models` has {len(classes) - enumerations} models and {enumerations}"
    yield "enumerations. A field without a value is `UNSET`, which is false in a condition."
    yield "Every model has `from_dict` and `to_dict`; fields that are not specified are kept"
    yield "in `additional_properties`. Enumerations keep values that a newer server may invent."
    yield ""
    yield from table(
        ("area", "classes"),
        (
            (f"[{title}]({area}.md)", str(sum(found == area for found in areas.values())))
            for area, title in area_titles().items()
        ),
    )


def _described(name: str, links: Mapping[str, str]) -> Iterator[str]:
    found: Any = getattr(models, name)
    source = f"../source/dqops_client/{found.__module__.replace('.', '/')}.py.html"
    yield f"## {name} {{ #{name} }}"
    yield ""
    text = (found.__doc__ or "").partition("\n    Attributes:")[0]
    for paragraph in text.strip().split("\n\n"):
        yield plain(paragraph)
        yield ""
    yield f"[source]({source})"
    yield ""
    if _is_enumeration(found):
        yield from table(
            ("member", "value"), ((f"`{each.name}`", f"`{each.value}`") for each in found)
        )
        return
    if not found._properties:
        kind = linked(_kind(found._additional), links)
        if issubclass(found, Mapping):
            yield f"A mapping whose values are: {kind}."
        else:
            yield "It has no fields of its own."
        yield ""
        return
    schema = _schema(name)
    rows = []
    for each in found._properties:
        key = "" if each.key == each.name else f"<br>in JSON `{each.key}`"
        kind = linked(_annotation(found, each.name), links)
        rows.append((f"`{each.name}`{key}", kind, plain(_property(schema, each.key))))
    yield from table(("field", "type", "meaning"), rows)


def _kind(converter: Any) -> str:
    """Name the kind of the values of a mapping."""
    if hasattr(converter, "item"):
        return f"list[{_kind(converter.item)}]"
    if hasattr(converter, "inner"):
        return f"{_kind(converter.inner)} | None"
    return str(getattr(converter, "name", None) or getattr(converter.exact, "__name__", "any"))


def _annotation(found: type, name: str) -> str:
    annotation = str(found.__annotations__[name])
    annotation = _FIELD.sub(r"\1", annotation)
    parts = [part.strip() for part in annotation.split("|")]
    return " | ".join(part for part in parts if part != "Unset")


def _schema(name: str) -> Mapping[str, Any]:
    schemas: Mapping[str, Any] = specification().document["components"]["schemas"]
    found: Mapping[str, Any] = schemas.get(name, {})
    return found


def _property(schema: Mapping[str, Any], key: str) -> str:
    raw = schema.get("properties", {}).get(key, {})
    own = str(raw.get("description", ""))
    is_described = own and not _NOTE.fullmatch(own)
    if is_described or "$ref" not in raw:
        return own
    text = str(specification().resolve(raw["$ref"].removeprefix("#"))[1].get("description", ""))
    first = re.split(r"(?<=[.:])\s", " ".join(text.split()), maxsplit=1)[0]
    return f"{first.rstrip(':')} {own}".strip()


def _is_enumeration(found: object) -> bool:
    return hasattr(found, "__members__")


def _title(area: str) -> str:
    words = area.replace("checks_", "checks: ", 1).replace("_", " ")
    return words[0].upper() + words[1:]


@lru_cache(maxsize=1)
def _areas() -> dict[str, str]:
    """Find the area of each model: the file in which its schema stands, or that of its owner."""
    in_files = {
        name: "_".join(path.relative_to(_SCHEMAS).with_suffix("").parts)
        for path in sorted(_SCHEMAS.rglob("*.yaml"))
        for name in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    }
    names = [name for name in models.__all__ if isinstance(getattr(models, name), type)]
    areas = {name: in_files[name] for name in names if name in in_files}
    owners = sorted(areas, key=len, reverse=True)
    for name in names:
        if name not in areas:
            # A class of a schema without a name is called after the property that has it.
            areas[name] = areas[next(owner for owner in owners if name.startswith(owner))]
    return areas
