"""Plausible JSON objects for every model, made from the model's own list of properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dqops.client import models
from support.runtime import MapModel, Model, conversion

if TYPE_CHECKING:
    import random

MODELS: dict[str, type[Model]] = {
    name: found
    for name in models.__all__
    if isinstance(found := getattr(models, name), type) and issubclass(found, Model)
}

UNKNOWN = {"addedLater": {"list": [1, None, {"deep": "é"}], "flag": True}}

_STRINGS = [
    "",
    "a",
    "public.fact_sales",
    "naïve ☃ 🐘",
    'quote " and \\ and \n',
    "2024-01-31",
    "null",
]
_SCALARS: dict[int, list[Any]] = {
    id(conversion.STRING): _STRINGS,
    id(conversion.INTEGER): [0, -1, 42, 2**63 - 1],
    id(conversion.NUMBER): [0.0, -1.5, 1e300, 7],
    id(conversion.BOOLEAN): [True, False],
    id(conversion.INSTANT): [
        "2024-01-31T10:20:30Z",
        "1969-12-31T23:59:59.999999Z",
        "2024-01-31T10:20:30+05:30",
    ],
    id(conversion.LOCAL_DATE_TIME): ["2024-01-31T10:20:30", "2024-02-29T00:00:00.123000"],
    id(conversion.DATE): ["2024-02-29", "0001-01-01"],
    id(conversion.DURATION): ["PT0S", "PT90.5S", "PT-1S"],
    id(conversion.UUID_STRING): ["123e4567-e89b-12d3-a456-426614174000"],
    id(conversion.ANY): [None, 1, "x", [1, {"a": None}], {"b": [True]}],
}


def value_for(converter: conversion.Converter, chance: random.Random, depth: int) -> Any:
    """Return a JSON value that the converter reads."""
    if isinstance(converter, conversion.Nullable):
        return None if chance.random() < 0.2 else value_for(converter.inner, chance, depth)
    if isinstance(converter, conversion.OneOf):
        return value_for(converter.kinds[0], chance, depth)
    if isinstance(converter, conversion.ListOf):
        return [value_for(converter.item, chance, depth) for _ in range(chance.randrange(3))]
    if isinstance(converter, conversion.EnumOf):
        known = [member.value for member in getattr(models, converter.name)]
        return chance.choice([*known, "added_later"] if converter.kind is str else [*known, 987])
    if isinstance(converter, conversion.ModelOf):
        return object_for(getattr(models, converter.name), chance, depth - 1)
    return chance.choice(_SCALARS[id(converter)])


def object_for(model: type[Model], chance: random.Random, depth: int = 2) -> dict[str, Any]:
    """Return a JSON object for a model; below the given depth, objects are empty."""
    if depth < 0:
        return {}
    if issubclass(model, MapModel):
        keys = chance.sample(["a", "daily check", "x.y", "☃"], 2)
        return {key: value_for(model._additional, chance, depth) for key in keys}
    values = {item.key: value_for(item.converter, chance, depth) for item in model._properties}
    return {**values, **UNKNOWN}
