# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Groups of operations, and what has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar

from ..suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import ClassVar

    from ..settings.retries import Retries
    from ..transport.http_settings import Timeout

__all__ = ["CallOptions", "Group", "Grouped", "Mode"]

Mode = TypeVar("Mode")


class CallOptions(TypedDict, total=False):
    """What one call does differently from others of its object; see `Client.with_options`."""

    timeout: Timeout | float | None
    headers: Mapping[str, str]
    retries: Retries | None
    deadline: float | None


class Grouped(Generic[Mode]):
    """What has groups of operations: base of the generated class that lists them."""

    __slots__ = ()

    _mode: ClassVar[Any]

    def _caller(self) -> Any:
        """Return the client that makes the calls."""
        raise NotImplementedError

    def _namesake(self, group: str, name: str) -> str:  # noqa: ARG002 - for subclasses
        """Say, for an error message, what else has the name of a group and this attribute."""
        return ""

    if not TYPE_CHECKING:  # type checkers know every group

        def __getattr__(self, name: str) -> Any:
            raise _missing(self, name, "" if name.startswith("_") else _in_a_group(self, name))


class Group(Generic[Mode]):
    """A group of operations; each is a method.

    Args:
        owner: What the group belongs to.
    """

    __slots__ = ("_owner",)

    def __init__(self, owner: Grouped[Mode]) -> None:
        self._owner = owner

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {type(self._owner).__name__}>"

    if not TYPE_CHECKING:  # type checkers know every method

        def __getattr__(self, name: str) -> Any:
            group = type(self).__module__.rpartition(".")[2]
            raise _missing(self, name, self._owner._namesake(group, name))


def _in_a_group(owner: Grouped[Any], name: str) -> str:
    """Suggest the methods of groups that have a name, or all words of it."""
    names = [each for each in dir(type(owner)) if each[0] != "_"]
    if did_you_mean(name, names, cutoff=0.8):
        return ""  # rather a group that is misspelt
    methods = {
        f"{each}.{method}": method
        for kind in type(owner).__mro__
        for each in vars(kind)
        if issubclass(kind, Grouped) and each[0] != "_"
        for group in [getattr(owner, each)]
        if isinstance(group, Group)
        for method in dir(type(group))
        if method[0] != "_"
    }
    words = set(name.split("_"))
    found = [path for path, method in methods.items() if method == name] or [
        path for path, method in methods.items() if words < set(method.split("_"))
    ]
    paths = sorted(found, key=lambda path: (len(path), path))[:3]
    return f"; did you mean {' or '.join(map(repr, paths))}?" if paths else ""


def _missing(owner: object, name: str, hint: str) -> AttributeError:
    names = [each for each in dir(type(owner)) if not each.startswith("_")]
    if not hint and not name.startswith("_"):
        hint = did_you_mean(name, names)
    return AttributeError(f"{type(owner).__name__!r} has no attribute {name!r}{hint}")
