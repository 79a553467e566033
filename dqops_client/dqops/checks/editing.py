"""Changes single checks within what the server sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .._runtime.codec.unknown_values import check_keys
from .._runtime.codec.warned import warn_once
from .._runtime.declare.conversion import ModelOf
from .._runtime.suggestions import did_you_mean
from ..client import models
from ..client.errors import DecodeError, InvalidRequest
from ..client.types import UNSET
from .catalog import COMPARISONS, CUSTOM_CATEGORY, CUSTOM_CHECKS, check_class, model_of

if TYPE_CHECKING:
    from .catalog import Container

__all__ = ["checks_in", "warn_if_disabled", "with_check", "without_check"]

# The settings of a check that matter only where it runs.
_OF_RUNS = ("warning", "error", "fatal", "parameters")


def checks_in(container: Any) -> Iterator[tuple[str, Any]]:
    """Go through the checks that are configured.

    Args:
        container: What the server sent; None for no check.

    Yields:
        The name of each check, and its model.
    """
    for category, checks in _set_properties(container):
        if category == COMPARISONS:
            continue
        if category == CUSTOM_CATEGORY:
            yield from checks.items()
            continue
        for name, check in _set_properties(checks):
            if name == CUSTOM_CHECKS:
                yield from check.items()
            else:
                yield name, check


def with_check(
    found: Any, container: Container, name: str, settings: Mapping[str, Any]
) -> tuple[Any, Any]:
    """Configure a check.

    Args:
        found: What the server sent; None for no check at all.
        container: Where the check is kept.
        name: Its name.
        settings: What to change, by the properties of the check.

    Returns:
        What to send, and the check in it.

    Raises:
        InvalidRequest: A name or a value of a setting makes no sense.
    """
    category, kind = check_class(container, name)
    whole = found if found is not None else model_of(container.model)()
    checks = getattr(whole, category)
    if checks is UNSET:
        checks = _class_of(type(whole), category)()
        setattr(whole, category, checks)
    check = getattr(checks, name)
    if check is UNSET:
        check = kind()
        setattr(checks, name, check)
    for setting, value in settings.items():
        if setting not in _names(kind):
            hint = _parameter_of(kind, setting, value) or did_you_mean(setting, _names(kind))
            raise InvalidRequest(f"{name} has no setting {setting!r}; nothing was sent{hint}")
        setattr(check, setting, _changed(name, kind, setting, getattr(check, setting), value))
    return whole, check


def warn_if_disabled(
    path: tuple[str, ...], name: str, settings: Mapping[str, Any], check: Any
) -> None:
    """Warn that a check does not run, although it got a rule or parameters.

    Args:
        path: The names of its table or column.
        name: Its name.
        settings: What was changed, by the properties of the check.
        check: The check as it was sent.
    """
    is_to_run = any(settings.get(setting) is not None for setting in _OF_RUNS)
    if check.disabled and is_to_run and "disabled" not in settings:
        warn_once(
            (*path, name),
            f"{name} of {'.'.join(path)} is disabled, and stays so: it does not run. "
            "set_check(..., disabled=False) switches it on",
        )


def without_check(found: Any, name: str) -> bool:
    """Remove a check.

    Args:
        found: What the server sent; None for no check at all.
        name: The name of the check.

    Returns:
        Whether it was there.
    """
    for category, checks in _set_properties(found):
        if category == COMPARISONS:
            continue
        custom = checks if category == CUSTOM_CATEGORY else getattr(checks, CUSTOM_CHECKS, None)
        if custom and name in custom:
            del custom[name]
            return True
        if category != CUSTOM_CATEGORY and name in dict(_set_properties(checks)):
            setattr(checks, name, UNSET)
            return True
    return False


def _changed(check: str, kind: type[Any], setting: str, old: Any, value: Any) -> Any:
    """Give a setting its new value: what an object does not name stays as it was."""
    if value is None:
        return UNSET
    converter = _converter(kind, setting)
    if not isinstance(converter, ModelOf):
        return _decoded(kind, {setting: value}, check, setting, setting)
    inner = model_of(converter.name)
    if isinstance(value, inner):
        try:
            check_keys(models, converter.name, value.additional_properties, extra=True)
        except InvalidRequest as error:
            raise InvalidRequest(f"{check}: {setting}: {error}; nothing was sent") from None
        return value
    if not isinstance(value, Mapping):
        raise InvalidRequest(
            f"{check}: {setting} must be a dict, None, or {inner.__name__}, got {value!r}; nothing "
            "was sent"
        )
    properties = {item.name: item.key for item in inner._properties}
    keys = {**{key: key for key in properties.values()}, **properties}
    merged = {} if old is UNSET else old.to_dict()
    for name, parameter in value.items():
        if name not in keys:
            hint = _parameter_of(kind, name, parameter) or did_you_mean(name, properties)
            hint = hint or f". It has {', '.join(properties) or 'none'}"
            raise InvalidRequest(
                f"{check}: {setting} has no parameter {name!r}; nothing was sent{hint}"
            )
        merged.pop(keys[name], None)
        if parameter is not None:
            merged[keys[name]] = parameter
    return _decoded(kind, {setting: merged}, check, setting, f"{setting}.{', '.join(value)}")


def _parameter_of(kind: type[Any], name: str, value: Any) -> str:
    """Say where a parameter belongs that is given in another place; empty if it is none."""
    places = {"parameters": "the sensor", "error": "a rule", "warning": "a rule", "fatal": "a rule"}
    for setting, owner in places.items():
        if setting in _names(kind) and name in _names(_class_of(kind, setting)):
            return f"; it is a parameter of {owner}: write {setting}={{{name!r}: {value!r}}}"
    return ""


def _decoded(kind: type[Any], values: dict[str, Any], check: str, setting: str, what: str) -> Any:
    value = values[setting]
    try:
        return getattr(kind.from_dict(values), setting)
    except DecodeError as error:
        raise InvalidRequest(
            f"{check}: {what} cannot be {value!r}: {error}; nothing was sent"
        ) from error


def _set_properties(found: Any) -> Iterator[tuple[str, Any]]:
    for item in () if found is None else found._properties:
        value = getattr(found, item.name)
        if value is not UNSET and value is not None:
            yield item.name, value


def _names(kind: type[Any]) -> list[str]:
    return [item.name for item in kind._properties]


def _converter(kind: type[Any], name: str) -> Any:
    return next(item.converter for item in kind._properties if item.name == name)


def _class_of(kind: type[Any], name: str) -> type[Any]:
    return model_of(_converter(kind, name).name)
