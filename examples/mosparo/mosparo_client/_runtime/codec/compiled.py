# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Writes the methods of a model as source and compiles them, when the class is first used.

A method that names every property is several times as fast as a loop over them. The source is in
`linecache`, so that tracebacks and debuggers show it.
"""

from __future__ import annotations

import inspect
import linecache
from typing import TYPE_CHECKING, Any

import attrs

from ..declare.conversion import (
    INSTANT,
    LOCAL_DATE_TIME,
    EnumOf,
    ListOf,
    ModelOf,
    Nullable,
    OneOf,
    Scalar,
)
from ..declare.unset import UNSET
from ..suggestions import refuse_keywords
from .interpreting import create, extra_fields, interpret, models_of, write_extra_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..declare.conversion import Converter, Property

__all__ = [
    "compile_blank",
    "compile_from_dict",
    "compile_init",
    "compile_to_dict",
    "is_mostly_set",
    "learn",
]

# How many characters a point in time has as Java writes it: with three digits of a fraction of a
# second, which is what servers write nearly always, or with none, six or nine.
_INSTANT_LENGTHS = (24, 20, 27, 30)


def compile_init(model: type[Any]) -> Callable[..., None]:
    """Compile the constructor of a class.

    Args:
        model: The class.

    Returns:
        The function.
    """
    names: dict[str, Any] = {"UNSET": UNSET}
    names["refuse"] = lambda given: refuse_keywords(
        model.__name__, given, [item.name for item in model._properties]
    )
    signature = ["self"]
    fields = [field for field in attrs.fields(model) if field.name != "additional_properties"]
    for place, field in enumerate(fields):
        if field.default is attrs.NOTHING:
            signature.append(field.name)
        elif field.default is UNSET:
            signature.append(f"{field.name}=UNSET")
        else:
            names[f"default_{place}"] = field.default
            signature.append(f"{field.name}=default_{place}")
    lines = [
        f"def __init__({', '.join(signature)}, *, additional_properties=None, **unknown):",
        "    if unknown:",
        "        refuse(unknown)",
        *(f"    self.{field.name} = {field.name}" for field in fields),
        "    extra = additional_properties",
        "    self._unlisted = None if extra is None else dict(extra)",
    ]
    function = _compile(model, lines, names)
    function.__annotations__ = {
        **{field.name: field.type for field in fields},
        "additional_properties": "Mapping[str, Any] | None",
        "return": None,
    }
    shown = inspect.signature(function)
    # What is unknown is caught only to be refused.
    known = [each for each in shown.parameters.values() if each.name != "unknown"]
    function.__signature__ = shown.replace(parameters=known)  # type: ignore[attr-defined]
    return function


def compile_blank(model: type[Any]) -> Callable[[type[Any]], Any]:
    """Compile what makes a model on which nothing is set: the constructor takes longer.

    Args:
        model: The class.

    Returns:
        The function, to be called with the class or one that is derived from it.
    """
    fields = [f"model.{item.name} = " for item in model._properties]
    lines = [
        "def blank(cls):",
        "    model = create(cls)",
        *([f"    {''.join(fields)}UNSET"] if fields else []),
        "    model._unlisted = None",
        "    return model",
    ]
    return _compile(model, lines, {"create": create, "UNSET": UNSET})


def is_mostly_set(model: type[Any]) -> bool:
    """Tell whether `from_dict` names every property.

    That is faster where most properties come with most objects. Models that hold several other
    models, such as checks and their categories, have few of them set: those are read by a loop over
    what there is. So are those that may hold others of their kind: what is out of the ordinary is
    read a second time, which would be twice as often with each level.

    Args:
        model: The class.
    """
    properties = model._properties
    if "_additional" in model.__dict__ or model._is_recursive:
        return False
    if any(item.required or isinstance(item.converter, OneOf) for item in properties):
        return False
    models = sum(_holds_models(item.converter) for item in properties)
    return bool(properties) and 4 * models <= len(properties)


def _holds_models(kind: Converter) -> bool:
    if isinstance(kind, ListOf):
        return _holds_models(kind.item)
    if isinstance(kind, Nullable):
        return _holds_models(kind.inner)
    return isinstance(kind, ModelOf)


def compile_from_dict(model: type[Any]) -> Callable[..., Any]:
    """Compile the reading method of a class that is mostly set.

    What is out of the ordinary is left to `interpret`: a property's first time, a new value of
    an enumeration, and what is to be refused.

    Args:
        model: The class.

    Returns:
        The function, which is to be a class method. `learn` tells it how values are converted.
    """
    names: dict[str, Any] = {
        "UNSET": UNSET,
        "create": create,
        "extra_fields": extra_fields,
        "interpret": interpret,
        "lengths": _INSTANT_LENGTHS,
        "owner": model,
    }
    lines = [
        "def from_dict(cls, src_dict):",
        "    if cls is not owner:",
        "        return interpret(cls, src_dict)",
        "    model = create(cls)",
        "    absent = 0",
        "    try:",
        "        get = src_dict.get",
    ]
    for place, item in enumerate(model._properties):
        names[f"decode_{place}"] = _first_decoder(item)
        lines += (f"        {line}" for line in _reading(place, item))
        lines.append(f"        model.{item.name} = value")
    lines += [
        "    except (AttributeError, LookupError, TypeError, ValueError):",
        "        pass",
        "    else:",
        # A null counts twice; like what is not listed, it is kept.
        f"        if len(src_dict) + absent == {len(model._properties)}:",
        "            model._unlisted = None",
        "        else:",
        "            model._unlisted = extra_fields(cls, src_dict)",
        "        return model",
        "    return interpret(cls, src_dict)",
    ]
    return _compile(model, lines, names)


def _reading(place: int, item: Property) -> Iterator[str]:
    """Write how a property is read into `value`."""
    kind = item.converter
    inner = kind.inner if isinstance(kind, Nullable) else kind
    absent, default = ("UNSET", ", UNSET") if kind.nullable else ("None", "")
    found = f"value := get({item.key!r}{default})"
    unset = [] if kind.nullable else ["value = UNSET"]
    decode = f"decode_{place}"
    if inner.exact is not None:
        yield f"if type({found}) is not {inner.exact.__name__}:"
        yield f"    if value is {absent}:"
        yield "        absent += 1"
        yield from (f"        {line}" for line in unset)
        yield "    else:"
        yield f"        value = {decode}(value)"
        return
    yield f"if ({found}) is {absent}:"
    yield "    absent += 1"
    yield from (f"    {line}" for line in unset)
    if kind is INSTANT:
        yield "elif value[16] == ':' and value[-1] == 'Z' and len(value) in lengths:"
        yield f"    value = {decode}(value)"
        yield "else:"
        yield "    return interpret(cls, src_dict)"
    else:
        yield "else:"
        is_looked_up = kind is LOCAL_DATE_TIME or (isinstance(kind, EnumOf) and kind.kind is str)
        yield f"    value = {decode}[value]" if is_looked_up else f"    value = {decode}(value)"


def _first_decoder(item: Property) -> Any:
    """Give what converts the values of a property, as far as that loads no model."""
    from .decoding import LOCAL_DATE_TIMES, parse_instant

    if item.converter is INSTANT:
        return parse_instant
    # An empty dictionary can neither be called nor has it anything in it, so that the first value
    # is left to the loop.
    return LOCAL_DATE_TIMES if item.converter is LOCAL_DATE_TIME else {}


def learn(from_dict: Callable[..., Any], model: type[Any], key: str, decode: Any) -> None:
    """Tell a compiled reading method how the values of a property are converted.

    Args:
        from_dict: The method.
        model: Its class.
        key: The property's name in JSON.
        decode: The function.
    """
    place = next(place for place, item in enumerate(model._properties) if item.key == key)
    kind = model._properties[place].converter
    if isinstance(kind, EnumOf) and kind.kind is str:
        decode = getattr(models_of(model), kind.name)._value2member_map_
    if kind is not INSTANT and kind is not LOCAL_DATE_TIME:
        from_dict.__globals__[f"decode_{place}"] = decode


def compile_to_dict(model: type[Any], base: type[Any]) -> Callable[..., Any]:
    """Compile the writing method of a class.

    Args:
        model: The class.
        base: The base of all models.

    Returns:
        The function.
    """
    from . import encoding

    def write_other(value: Any, key: str) -> Any:
        """Write what is no model, where an exception has told that."""
        if isinstance(value, base):
            raise  # it is one, in which something is wrong
        return model._encode[key](value)

    def write_plain(value: Any, python_names: bool, json: bool) -> Any:
        from .plain import to_plain

        return to_plain(value, python_names=python_names, json=json)

    names: dict[str, Any] = {
        "UNSET": UNSET,
        "encode": model._encode,
        "write_extra_fields": write_extra_fields,
        "write_other": write_other,
        "write_plain": write_plain,
    }
    lines = [
        # Not keyword-only, because such a call takes longer.
        "def to_dict(self, python_names=False, json=True):",
        "    if python_names or not json:",
        "        return write_plain(self, python_names, json)",
        "    unset = UNSET",
        "    result = write_extra_fields(self) if self._unlisted else {}",
    ]
    for place, item in enumerate(model._properties):
        kind = item.converter
        inner = kind.inner if isinstance(kind, Nullable) else kind
        # Where null is no value, None means as little as it does in a query.
        is_set = "is not unset" if kind.nullable else "is not unset and value is not None"
        lines.append(f"    if (value := self.{item.name}) {is_set}:")
        store = f"result[{item.key!r}] ="
        if isinstance(inner, ModelOf):
            # To try costs nothing where the value is what it should be.
            lines += [
                "        try:",
                f"            {store} value.to_dict()",
                "        except (AttributeError, TypeError):",
                f"            {store} write_other(value, {item.key!r})",
            ]
        elif isinstance(inner, EnumOf):
            lines += [
                "        try:",
                f"            {store} value._value_",
                "        except AttributeError:",
                f"            {store} encode[{item.key!r}](value)",
            ]
        elif isinstance(inner, Scalar) and inner.encode is not None:
            names[f"encode_{place}"] = getattr(encoding, inner.encode)
            lines.append(f"        {store} encode_{place}(value)")
        elif inner.exact is not None:
            lines.append(f"        {store} value")
        else:
            lines.append(f"        {store} encode[{item.key!r}](value)")
    lines.append("    return result")
    return _compile(model, lines, names)


def _compile(model: type[Any], lines: list[str], names: dict[str, Any]) -> Callable[..., Any]:
    name = lines[0].removeprefix("def ").partition("(")[0]
    source = "\n".join(lines) + "\n"
    file = f"<{model.__module__}.{model.__qualname__}.{name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    names["__name__"] = model.__module__
    exec(compile(source, file, "exec", dont_inherit=True), names)  # noqa: S102  # our own source
    function: Callable[..., Any] = names.pop(name)
    function.__module__ = model.__module__
    function.__qualname__ = f"{model.__qualname__}.{name}"
    return function
