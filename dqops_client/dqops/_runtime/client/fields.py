"""Classes with fields, as attrs makes them, and without it.

To import attrs takes as long as the rest of a client. So a client is made here, and `attrs.fields`,
`attrs.evolve` and subclasses that attrs makes find what they need when they ask for it.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from ..settings.shown import forgetting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import ParamSpec, TypeVar

    _C = TypeVar("_C", bound=type[Any])
    _P = ParamSpec("_P")
    _T = TypeVar("_T")

__all__ = ["check_keywords", "define", "field", "fields_of", "keep_settings", "naming_keywords"]

_REQUIRED: Any = object()

# What other libraries call an argument, and what it is here.
_BASE_URL = "base_url"
_PROXY = 'httpx_args={"proxy": ...}'
_VERIFY = "verify_ssl"
_ELSEWHERE = {
    "url": _BASE_URL,
    "host": _BASE_URL,
    "endpoint": _BASE_URL,
    "server": _BASE_URL,
    "proxy": _PROXY,
    "proxies": _PROXY,
    "http_proxy": _PROXY,
    "https_proxy": _PROXY,
    "verify": _VERIFY,
    "ca_file": _VERIFY,
    "ca_bundle": _VERIFY,
    "cafile": _VERIFY,
    "cert": _VERIFY,
    "max_retries": "retries",
    "async_transport": "transport",
}


def fields_of(cls: type[Any]) -> tuple[Setting, ...]:
    """List the settings of a class, those of its bases included."""
    found: tuple[Setting, ...] = cls._settings
    return found


class Setting:
    """An attribute whose value is a field of the client's `Config`; arguments as of `attrs.field`.

    Args:
        alias: The name of the constructor's argument, and in the `Config`.
        default: The argument's default.
        kw_only: Whether the argument goes by keyword only.
        converter: Checks a value, and makes what is kept.
        repr: How attrs shows it, where that makes the `__repr__` of a subclass.
    """

    name: str

    def __init__(
        self,
        *,
        alias: str = "",
        default: Any = _REQUIRED,
        kw_only: bool = False,
        converter: Callable[[Any], Any] | None = None,
        repr: bool | Callable[[Any], str] = True,  # noqa: A002  # as attrs calls it
    ) -> None:
        self.alias = alias
        self.default = default
        self.kw_only = kw_only
        self.converter = converter
        self.repr = repr

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.alias = self.alias or name

    def __get__(self, client: Any, kind: type | None = None) -> Any:
        if client is None:
            return self
        try:
            return getattr(vars(client)["_config"], self.alias)
        except KeyError:
            raise AttributeError(f"{type(client).__name__} has no {self.name} yet") from None

    def __set__(self, client: Any, value: Any) -> None:
        if "_config" in vars(client):
            client._change(**{self.alias: self.checked(value)})
        else:  # the constructor is not done yet
            vars(client)[self.name] = value

    def checked(self, value: Any) -> Any:
        """Check a value.

        Args:
            value: What the caller gave.

        Returns:
            What is kept.
        """
        return value if self.converter is None else self.converter(value)

    def attrs_options(self) -> dict[str, Any]:
        """Describe it as attrs wants it."""
        options = {name: getattr(self, name) for name in ("alias", "kw_only", "converter", "repr")}
        return options if self.default is _REQUIRED else {**options, "default": self.default}


class _AttrsFields:
    """What attrs looks for in its classes, made when it does."""

    def __get__(self, _: Any, owner: type[Any]) -> Any:
        import attrs

        made = {each.name: attrs.field(**each.attrs_options()) for each in owner._settings}
        return attrs.fields(attrs.make_class(owner.__name__, made))


class _LazyConstructor:
    """Stands for a constructor until it is first asked for: to compile it takes a while."""

    def __init__(self, cls: type[Any]) -> None:
        self._cls = cls

    def __get__(self, client: Any, owner: type[Any]) -> Any:
        init: Any = forgetting(_checking_keywords(_constructor(self._cls)))
        self._cls.__init__ = init
        return init.__get__(client, owner)


def keep_settings(client: Any, given: Mapping[str, Any]) -> None:
    """Do what the constructor does, which need not be compiled then.

    Args:
        client: What is made.
        given: The arguments by name, with all that are required and none that is unknown.
    """
    for each in fields_of(type(client)):
        vars(client)[each.name] = each.checked(given.get(each.alias, each.default))
    client.__attrs_post_init__()


def field(**options: Any) -> Any:
    """Declare a setting as `attrs.field` does; see `Setting`."""
    return Setting(**options)


def define(**_: bool) -> Callable[[_C], _C]:
    """Make a class decorator as `attrs.define(slots=False, repr=False, eq=False)` is one.

    It gives a class a constructor for its settings, those of its bases included.
    """

    def make(cls: _C) -> _C:
        own = [each for each in vars(cls).values() if isinstance(each, Setting)]
        cls._settings = (*getattr(cls, "_settings", ()), *own)
        changed: Any = cls
        changed.__attrs_attrs__ = _AttrsFields()
        changed.__init__ = _LazyConstructor(cls)
        return cls

    return make


def _constructor(cls: type[Any]) -> Callable[..., None]:
    by_position = [each for each in cls._settings if not each.kw_only]
    by_name = [each for each in cls._settings if each.kw_only]
    signature = ", ".join(["self", *map(_parameter, by_position), "*", *map(_parameter, by_name)])
    kept = [
        f"    vars(self)[{each.name!r}] = checked_{each.alias}({each.alias})"
        for each in cls._settings
    ]
    source = "\n".join([f"def __init__({signature}):", *kept, "    self.__attrs_post_init__()"])
    names: dict[str, Any] = {"__name__": cls.__module__}
    for each in cls._settings:
        names[f"default_{each.alias}"] = each.default
        names[f"checked_{each.alias}"] = each.checked
    exec(compile(source, f"<{cls.__module__}.{cls.__qualname__}>", "exec"), names)  # noqa: S102  # our own source
    init: Callable[..., None] = names["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _parameter(setting: Setting) -> str:
    if setting.default is _REQUIRED:
        return setting.alias
    return f"{setting.alias}=default_{setting.alias}"


def _checking_keywords(function: Callable[..., None]) -> Callable[..., None]:
    """Let a constructor refuse misspelt keywords with what may be meant."""
    code = function.__code__
    known = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]

    @wraps(function)
    def init(*args: Any, **kwargs: Any) -> None:
        if wrong := kwargs.keys() - set(known):
            name = type(args[0]).__name__
            if wrong & {"api_key", "apikey", "key"}:
                hint = "the API key is the argument token of AuthenticatedClient"
                raise TypeError(f"{name}() takes no {min(wrong)!r}: {hint}")
            check_keywords(name, kwargs, known)
        return function(*args, **kwargs)

    return init


def check_keywords(function: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Refuse settings that there are not.

    Args:
        function: What takes them.
        given: The names of those that are given.
        known: The names of those that there are.

    Raises:
        TypeError: One is unknown; the message says what may be meant.
    """
    known = frozenset(known)
    wrong = sorted(set(given) - known)
    if not wrong:
        return
    meant = _ELSEWHERE.get(wrong[0])
    if meant is not None and meant.partition("=")[0] in known:
        said = f"got an unexpected keyword argument {wrong[0]!r}; write {meant}"
        raise TypeError(f"{function}() {said}{'' if '=' in meant else '=...'}")
    from ..suggestions import refuse_keywords

    refuse_keywords(function, wrong, known)


def naming_keywords(method: Callable[_P, _T]) -> Callable[_P, _T]:
    """Let a method refuse misspelt keywords by its public name, with what may be meant."""
    code = method.__code__
    known = frozenset(code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount])

    @wraps(method)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        name = f"{type(args[0]).__name__}.{method.__name__}"
        if len(args) > 1:
            raise TypeError(f"{name}() takes keyword arguments only")
        check_keywords(name, kwargs, known)
        return method(*args, **kwargs)

    return call
