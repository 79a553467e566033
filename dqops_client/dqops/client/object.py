"""`DQOps` and `AsyncDQOps`: a client with every operation as a method."""

from __future__ import annotations

import os
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

# First and from here, because it imports httpx: within many other imports, CPython would map and
# unmap memory for every other call there, which takes a tenth of the time of this import.
from .._runtime.transport import http_settings  # noqa: F401

# isort: split
from .._runtime.client.environment import read_environment, read_token
from .._runtime.client.fields import check_keywords, fields_of, keep_settings
from .._runtime.client.grouped import (
    Asynchronous,
    Blocking,
    Grouped,
    RawAsynchronous,
    RawBlocking,
)
from .._runtime.errors import InvalidRequest
from .._runtime.public import publish
from .._runtime.settings.headers import ApiKey
from .._runtime.settings.shown import forgetting
from .client import Client, data_domain_cookie, with_data_domain
from .groups import Groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import ClassVar, ParamSpec, Self, Unpack

    from .._runtime.client.environment import ClientOptions, ConnectionOptions

    _P = ParamSpec("_P")

__all__ = ["AsyncDQOps", "DQOps"]


def _check_options(name: str, options: Iterable[str]) -> None:
    """Refuse arguments that there are not."""
    for each in ("token", "apikey", "key"):
        if each in options:
            raise TypeError(
                f"{name}() got an unexpected keyword argument {each!r}; write api_key=..."
            )
    if "raise_on_unexpected_status" in options:
        raise TypeError(f"{name}() takes no 'raise_on_unexpected_status': it always raises")
    settings = {each.alias for each in fields_of(Client)} - {"raise_on_unexpected_status"}
    check_keywords(name, options, {*settings, "api_key", "data_domain", "environ"})


def _checking_arguments(init: Callable[_P, None]) -> Callable[_P, None]:
    """Let the constructor of an object refuse wrong arguments with what may be meant."""

    @wraps(init)
    def checked(*args: _P.args, **options: _P.kwargs) -> None:
        name = type(args[0]).__name__
        if len(args) > 2:
            raise TypeError(
                f"{name}() takes one positional argument, the URL, got {len(args) - 1}; all others "
                f"go by name, as in {name}(base_url, api_key=...)"
            )
        _check_options(name, options)
        return init(*args, **options)

    return checked


class _Connected(Client):
    """A client that has a token if need be, and that always raises."""

    @forgetting
    @_checking_arguments
    def __init__(
        self,
        base_url: str | None = None,
        *,
        api_key: str | Callable[[], str] | None = None,
        data_domain: str | None = None,
        **options: Unpack[ConnectionOptions],
    ) -> None:
        given = cast("ClientOptions", dict(options))
        if base_url is not None:
            given["base_url"] = base_url
        if data_domain is not None:
            cookies = given.get("cookies") or {}
            given["cookies"] = {**cookies, **data_domain_cookie(data_domain)}
        if api_key is None:
            api_key = read_token(options.get("environ", os.environ))
        if isinstance(api_key, str) and api_key.lstrip().lower().startswith("bearer "):
            raise InvalidRequest(
                "the API key must be given alone, without 'Bearer ', which the client writes "
                "before it"
            )
        arguments = read_environment(with_data_domain(given), with_token=False)
        keep_settings(self, {**arguments, "raise_on_unexpected_status": True})
        if api_key:
            if "auth" in self._config.httpx_args:
                raise InvalidRequest(
                    "httpx_args must not hold 'auth': the API key takes its place; api_key='' is "
                    "for another kind of authentication"
                )
            self._change(token=ApiKey(api_key), prefix="Bearer")
        self._change(
            how_to_authenticate=f"pass one, as in {type(self).__name__}(base_url, api_key=...), or "
            "set DQOPS_API_KEY."
        )

    @classmethod
    @forgetting
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Make an object with settings from the environment, as calling the class does."""
        arguments: dict[str, Any] = {**options}
        arguments.pop("raise_on_unexpected_status", None)
        return cls(**arguments)

    def _change(self, **settings: Any) -> None:
        if settings.get("raise_on_unexpected_status", True) is not True:
            raise InvalidRequest(
                f"{type(self).__name__} always raises on a response that is no success; use a "
                "Client for calls that return None then"
            )
        super()._change(**settings)

    def _caller(self) -> Self:
        return self

    def _namesake(self, group: str, name: str) -> str:
        others = ("checks", "health", "jobs")
        for each in (group, *others) if group else others:
            try:
                module = import_module(f"dqops.{each}")
            except ModuleNotFoundError:
                continue
            if name in module.__all__ and name.islower():
                return f"; the module dqops.{each} has it: {each}.{name}(dq, ...)"
        return ""

    def _check_pickle(self) -> None:
        if self._config.token is not None:
            raise TypeError(
                f"{type(self).__name__} cannot be pickled, because its API key would be in the "
                "pickle. Create it where it is used, for example in the worker process"
            )
        super()._check_pickle()


class _Raw(Grouped[Any]):
    """What makes the methods of another object return whole responses."""

    __slots__ = ("_client",)

    def __init__(self, client: _Connected) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.with_raw_response"

    def _caller(self) -> _Connected:
        return self._client


class _RawDQOps(_Raw, Groups[RawBlocking]):
    __slots__ = ()

    _mode: ClassVar[type[RawBlocking]] = RawBlocking


class _RawAsyncDQOps(_Raw, Groups[RawAsynchronous]):
    __slots__ = ()

    _mode: ClassVar[type[RawAsynchronous]] = RawAsynchronous


class DQOps(_Connected, Groups[Blocking]):
    """A DQOps server: `dq.jobs.run_checks(...)` calls an operation of the group `jobs`.

    It is a `Client`, so everything that takes a client takes it, and what `Client` says about
    connections, threads and tasks holds here, too. Unlike the functions in `dqops.client.api`, its
    methods never return None in place of an error.

    A method takes what its operation takes, and four options of the call: `timeout`, `retries`,
    `headers` and `deadline`, as `with_options` does.

    Args:
        base_url: The URL of the server, such as `http://localhost:8888`; None for what the
            environment variable `DQOPS_URL` says.
        api_key: The API key of a user; or a function that returns the one to use. White space
            around it is dropped. None for what `DQOPS_API_KEY` says, or the file that
            `DQOPS_API_KEY_FILE` names, or else none. An empty string for none, whatever they say.
        data_domain: The technical name of the data domain to work on; None for what
            `DQOPS_DATA_DOMAIN` says, or the default one.
        **options: Further arguments of `Client`. `DQOPS_TIMEOUT` is the timeout if none is given.

    Raises:
        InvalidRequest: An argument or a variable cannot be used, or there is no URL.
    """

    _mode: ClassVar[type[Blocking]] = Blocking

    @property
    def with_raw_response(self) -> Groups[RawBlocking]:
        """The same groups; their methods return the `Response` with status, headers and body."""
        return _RawDQOps(self)


class AsyncDQOps(_Connected, Groups[Asynchronous]):
    """A DQOps server: `await dq.jobs.run_checks(...)` calls an operation of the group `jobs`.

    Everything that `DQOps` says holds here, but for the `await`; `async with` closes connections.

    Args:
        base_url: As in `DQOps`, and so are the further arguments.
        api_key: See there.
        data_domain: See there.
        **options: See there.

    Raises:
        InvalidRequest: An argument or a variable cannot be used, or there is no URL.
    """

    _mode: ClassVar[type[Asynchronous]] = Asynchronous

    @property
    def with_raw_response(self) -> Groups[RawAsynchronous]:
        """The same groups; their methods return the `Response` with status, headers and body."""
        return _RawAsyncDQOps(self)


publish("", (AsyncDQOps, DQOps), package="dqops")
