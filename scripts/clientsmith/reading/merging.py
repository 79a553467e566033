"""Merges `allOf` of object schemas into one flat object.

In the files `allOf` is how schemas share building blocks; in the bundle each schema stands for
itself, so that a generated class has all of its properties. The order of properties is the order
in which they stand in the file: those of the blocks where `allOf` stands, the schema's own where
`properties` stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from clientsmith.reading.documents import DEEPEST
from clientsmith.reading.grammar import ANNOTATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from clientsmith.reading.documents import Location
    from clientsmith.reading.references import Specification

# Bundles one layer: its mapping without `allOf`, where it is -> the same with bundled content.
BundleLayer: TypeAlias = "Callable[[dict[str, Any], Location], dict[str, Any]]"

# A schema with one of these is more than a building block: its `allOf` is left as it is.
_NOT_MERGEABLE = frozenset(
    {"anyOf", "const", "else", "enum", "if", "items", "not", "oneOf", "prefixItems", "then"}
)


# A few blocks that include each other twice would be millions of layers.
_MOST_LAYERS = 1000


@dataclass
class Layers:
    """What an `allOf` consists of.

    Args:
        by_rank: The layers, outer before inner: the first has the last word on annotations.
        by_order: The layers in the order of their properties.
    """

    by_rank: list[Layer] = field(default_factory=list)
    by_order: list[Layer] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Layer:
    """One mapping of an `allOf`, without the `allOf`."""

    content: dict[str, Any]
    location: Location


@dataclass(frozen=True)
class Merged:
    """A flat schema, and where its parts that come from elsewhere are."""

    schema: dict[str, Any]
    origins: dict[tuple[str, ...], Location]


def object_layers(
    schema: dict[str, Any], location: Location, specification: Specification
) -> Layers | None:
    """Take an `allOf` apart.

    Args:
        schema: A schema with `allOf`.
        location: Where it is.
        specification: What its references lead into.

    Returns:
        Its layers, or None where one of them describes something else than an object.

    Raises:
        PipelineError: A reference leads nowhere, or the `allOf` includes itself.
    """
    layers = Layers()
    _collect(schema, location, specification, [location], layers)
    contents = [layer.content for layer in layers.by_rank]
    if all(_may_be_object(content) for content in contents) and any(
        "type" in content or "properties" in content for content in contents
    ):
        return layers
    return None


def _collect(
    schema: Any, location: Location, specification: Specification, path: list[Location], to: Layers
) -> None:
    if not isinstance(schema, dict):
        # `true`, or a mistake that the validation tells about: either way nothing to merge.
        schema = {"not": {}}
    if len(path) > DEEPEST:
        raise path[0].error(f"allOf leads through more than {DEEPEST} schemas")
    if len(to.by_rank) == _MOST_LAYERS:
        raise path[0].error(f"allOf consists of more than {_MOST_LAYERS} schemas")
    own = Layer({k: v for k, v in schema.items() if k not in {"allOf", "$ref"}}, location)
    to.by_rank.append(own)
    keys = list(schema)
    own_first = "properties" in schema and (
        "allOf" not in schema or keys.index("properties") < keys.index("allOf")
    )
    if own_first:
        to.by_order.append(own)
    if "$ref" in schema:
        target, value = specification.resolve(schema["$ref"], location)
        if target in path:
            circle = " -> ".join(str(step) for step in [*path[path.index(target) :], target])
            raise location.error(f"allOf includes itself: {circle}")
        _collect(value, target, specification, [*path, target], to)
    blocks = schema.get("allOf", [])
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        _collect(block, location.child("allOf", index), specification, path, to)
    if not own_first:
        to.by_order.append(own)


def _may_be_object(content: dict[str, Any]) -> bool:
    return content.get("type", "object") == "object" and _NOT_MERGEABLE.isdisjoint(content)


def merge(
    layers: Layers, location: Location, bundle_layer: BundleLayer, *, narrows: bool = False
) -> Merged:
    """Make one schema of the layers of an `allOf`.

    Args:
        layers: What `object_layers` found.
        location: Where the schema with the `allOf` is.
        bundle_layer: Bundles the content of one layer.
        narrows: Whether an outer layer may define differently what an inner one defines.

    Returns:
        The schema: annotations, `type`, other keywords, `required`, `properties`.

    Raises:
        PipelineError: Two layers define the same property, or keyword, differently.
    """
    bundled = {id(layer): bundle_layer(layer.content, layer.location) for layer in layers.by_rank}
    keywords: dict[str, Any] = {}
    origins: dict[tuple[str, ...], Location] = {}
    for layer in layers.by_rank:
        for key, value in bundled[id(layer)].items():
            if key in {"properties", "required", "type"}:
                continue
            if key not in keywords:
                keywords[key] = value
                origins[(key,)] = layer.location.child(key)
            elif not narrows and not _is_annotation(key) and keywords[key] != value:
                first, second = origins[(key,)], layer.location.child(key)
                raise location.error(f"allOf sets {key!r} twice: in {first} and in {second}")

    properties: dict[str, Any] = {}
    required: dict[str, None] = {}
    ranks: dict[str, int] = {}
    for layer in layers.by_order:
        content = bundled[id(layer)]
        required.update(dict.fromkeys(_strings(content.get("required"))))
        for name, value in _items(content.get("properties")):
            place = layer.location.child("properties", name)
            rank = layers.by_rank.index(layer)
            if name not in properties or (narrows and rank < ranks[name]):
                properties[name] = value
                ranks[name] = rank
                origins[("properties", name)] = place
            elif not narrows and properties[name] != value:
                first = origins[("properties", name)]
                raise location.error(
                    f"allOf defines the property {name!r} twice, and differently: "
                    f"in {first} and in {place}",
                    "A building block can add properties, but not change them.",
                )

    annotations = {key: value for key, value in keywords.items() if _is_annotation(key)}
    rest = {key: value for key, value in keywords.items() if key not in annotations}
    schema = annotations | {"type": "object"} | rest
    if required:
        schema["required"] = list(required)
    if properties:
        schema["properties"] = properties
    return Merged(schema, origins)


def _is_annotation(key: str) -> bool:
    return key in ANNOTATIONS or key.startswith("x-")


def _strings(value: Any) -> Iterable[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _items(value: Any) -> Iterable[tuple[str, Any]]:
    return value.items() if isinstance(value, dict) else ()
