# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The settings of a client: constructor, copies, comparison, description.

The fields below are the arguments of the constructor, with their checks. Their values stand in one
frozen `Config`, which is replaced as a whole when one of them changes.
"""

from __future__ import annotations

import copy
from threading import Lock
from typing import TYPE_CHECKING, Any

from ..public import mask_url
from ..settings.checks import (
    check_deadline,
    check_max_body_bytes,
    check_server_version,
    check_transport,
    check_verify_ssl,
)
from ..settings.config import Config
from ..settings.headers import check_cookies, check_headers
from ..settings.retries import Retries, check_retries
from ..settings.shown import (
    HIDDEN,
    credential_names,
    show_names,
    show_url,
    without_values,
)
from ..transport.http_settings import Timeout, as_timeout, check_httpx_args, check_server_url
from .fields import fields_of

if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Iterator, Mapping
    from datetime import timedelta
    from typing import Self, TypeVar

    from attrs import define, field

    from ..settings.checks import Transport

    _T = TypeVar("_T", bound="ClientSettings")
else:
    from .fields import define, field

__all__ = ["ClientSettings", "changing"]

DEFAULT_TIMEOUT = Timeout(120.0)
DEFAULT_RETRIES = Retries()
DEFAULT_MAX_BODY_BYTES = 256 * 1024 * 1024

# What descriptions leave out.
_USUAL: Mapping[str, object] = {
    "retries": DEFAULT_RETRIES,
    "deadline": None,
    "max_body_bytes": DEFAULT_MAX_BODY_BYTES,
    "strict_enums": False,
    "server_version": None,
}

# Threads may change two settings of one client at once, and both have to remain.
changing = Lock()


# Converters with types that mypy understands; the constructor as a whole is `forgetting`.


def _as_base_url(value: str) -> str:
    return check_server_url(value)


def _as_cookies(value: Mapping[str, str] | None) -> Mapping[str, str]:
    return {} if value is None else check_cookies(value)


def _as_headers(value: Mapping[str, str] | None) -> Mapping[str, str]:
    return {} if value is None else check_headers(value)


def _as_timeout(value: Timeout | float | timedelta | None) -> Timeout:
    return as_timeout(value)


def _as_httpx_args(value: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return {} if value is None else check_httpx_args(value)


@define(slots=False, repr=False, eq=False)
class ClientSettings:
    """What both clients are told."""

    # `alias` and `repr` are for subclasses that let attrs make their methods, too.
    _base_url: str = field(alias="base_url", converter=_as_base_url, repr=show_url)
    _cookies: Mapping[str, str] = field(
        alias="cookies", default=None, kw_only=True, converter=_as_cookies, repr=show_names
    )
    _headers: Mapping[str, str] = field(
        alias="headers", default=None, kw_only=True, converter=_as_headers, repr=show_names
    )
    _timeout: Timeout = field(
        alias="timeout", default=DEFAULT_TIMEOUT, kw_only=True, converter=_as_timeout
    )
    _verify_ssl: bool | str | os.PathLike[str] | ssl.SSLContext = field(
        alias="verify_ssl", default=True, kw_only=True, converter=check_verify_ssl
    )
    _follow_redirects: bool = field(alias="follow_redirects", default=False, kw_only=True)
    raise_on_unexpected_status: bool = field(default=False, kw_only=True)
    _httpx_args: Mapping[str, Any] = field(
        alias="httpx_args", default=None, kw_only=True, converter=_as_httpx_args, repr=show_names
    )
    _transport: Transport | None = field(
        alias="transport", default=None, kw_only=True, converter=check_transport
    )
    _retries: Retries | None = field(
        alias="retries",
        default=DEFAULT_RETRIES,
        kw_only=True,
        converter=check_retries,
        repr=False,
    )
    _deadline: float | None = field(
        alias="deadline", default=None, kw_only=True, converter=check_deadline, repr=False
    )
    _max_body_bytes: int | None = field(
        alias="max_body_bytes",
        default=DEFAULT_MAX_BODY_BYTES,
        kw_only=True,
        converter=check_max_body_bytes,
        repr=False,
    )
    _strict_enums: bool = field(alias="strict_enums", default=False, kw_only=True, repr=False)
    _server_version: str | None = field(
        alias="server_version",
        default=None,
        kw_only=True,
        converter=check_server_version,
        repr=False,
    )

    def __attrs_post_init__(self) -> None:
        given = vars(self)
        self._config = Config(
            **{each.alias: given.pop(each.name) for each in fields_of(type(self))}
        )
        self._open()

    def _open(self) -> None:
        """Begin with no connections."""

    def _change(self, **settings: Any) -> None:
        """Change settings of this very client; they are checked already."""
        with changing:
            self._config = self._config.changed(**settings)

    def _copied(self, attributes: Mapping[str, Any], config: Config) -> Self:
        """Make a client of the same class, with these attributes and settings."""
        return _restore(type(self), {**attributes, "_config": config})

    def _independent(self, **settings: Any) -> Self:
        """Make a copy that shares nothing with this one, with other settings that are checked."""
        return self._copied(self._attributes(), self._config.independent(**settings))

    def _attributes(self) -> dict[str, Any]:
        """Return the attributes, those of subclasses included, without what is this client's."""
        state: Any = object.__getstate__(self)  # what attrs makes for classes with slots differs
        own, slots = state if isinstance(state, tuple) else (state, {})
        return {**own, **slots}

    def __copy__(self) -> Self:
        return self._independent()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # Settings never change. What httpx_args holds (transports, hooks) cannot be copied anyway.
        attributes = self._attributes()
        config = attributes.pop("_config")
        return self._copied(copy.deepcopy(attributes, memo), config.independent())

    def __reduce__(self) -> tuple[Any, ...]:
        self._check_pickle()
        return (_restore, (type(self), self._independent()._attributes()))

    def _check_pickle(self) -> None:
        config = self._config
        found = [f"the header {name!r}" for name in credential_names(config.headers)]
        found += [f"the cookie {name!r}" for name in config.cookies]
        if mask_url(config.base_url) != config.base_url:
            found.append("the user name in base_url")
        found += [
            f"httpx_args[{name!r}]"
            for name in ("auth", "cert", "mounts", "params", "proxy")
            if name in config.httpx_args
        ]
        if found:
            raise TypeError(
                f"this {type(self).__name__} cannot be pickled, because credentials would be in "
                f"the pickle: {', '.join(found)}. Create the client where it is used, for example "
                "in the worker process"
            )

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._config == other._config

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._description())
        return f"{type(self).__name__}({shown})"

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        # Without this, rich would print the fields that attrs knows, with all their values.
        return self._description()

    def _description(self) -> Iterator[tuple[str, Any]]:
        """List what may be shown; also of a client whose construction failed half-way."""
        config: Config | None = vars(self).get("_config")
        if config is None:
            return
        yield "base_url", mask_url(config.base_url)
        if config.token is not None:
            yield "token", HIDDEN
            yield "prefix", config.prefix
            yield "auth_header_name", config.auth_header_name
            if config.credentials:
                yield "credentials", without_values(config.credentials)
        for name in ("cookies", "headers", "httpx_args"):
            mapping: Mapping[str, Any] = getattr(config, name)
            if mapping:
                yield name, without_values(mapping)
        for name in ("timeout", "verify_ssl", "follow_redirects", "transport"):
            yield name, getattr(config, name)
        for name, usual in _USUAL.items():
            if getattr(config, name) != usual:
                yield name, getattr(config, name)
        yield "raise_on_unexpected_status", config.raise_on_unexpected_status


def _restore(kind: type[_T], attributes: Mapping[str, Any]) -> _T:
    """Make a client with the given attributes and no connections."""
    client = kind.__new__(kind)
    for name, value in attributes.items():
        object.__setattr__(client, name, value)
    client._open()
    return client
