# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Which versions of a server have what: the tables beside a package of models, where there are any.

They are in a generated module `_versions`, which is read when somebody asks: because an operation
is missing, because the version of the server is known, or because a server of an older version is
simulated.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

__all__ = ["Span", "Tables", "tables_of"]


class Span(NamedTuple):
    """The first and the last version that has something; an empty string is for no limit."""

    since: str = ""
    until: str = ""

    def __str__(self) -> str:
        """Put it into words, such as `since 1.8.0`."""
        words = (("since", self.since), ("until", self.until))
        return " ".join(f"{word} {version}" for word, version in words if version)


ALWAYS = Span()


class Tables:
    """What versions of a server have.

    Args:
        module: The generated module.

    Attributes:
        versions: The versions that are known, from the oldest to the newest.
    """

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self.versions: tuple[str, ...] = module.VERSIONS

    @cached_property
    def operations(self) -> Mapping[str, Span]:
        """The operations that not all versions have."""
        return {name: _span(text) for name, text in self._module.OPERATIONS.items()}

    @cached_property
    def callable_operations(self) -> Mapping[str, Span]:
        """The same, where those count only that have it under the path of today."""
        moved: Mapping[str, str] = self._module.MOVED
        since = {name: Span(moved[name], self.operations[name].until) for name in moved}
        return {**self.operations, **since}

    @cached_property
    def parameters(self) -> Mapping[tuple[str, str], Span]:
        """The query parameters that not all versions have, by operation and name."""
        return _unpacked(self._module.PARAMETERS)

    @cached_property
    def properties(self) -> Mapping[tuple[str, str], Span]:
        """The properties that not all versions have, by schema and name."""
        return _unpacked(self._module.PROPERTIES)

    @cached_property
    def values(self) -> Mapping[tuple[str, str], Span]:
        """The values that not all versions have, by enumeration and value."""
        return _unpacked(self._module.VALUES)

    def nearest(self, version: str) -> str:
        """Find the newest known version that is not newer than another one.

        Args:
            version: Any version; `1.7` stands for the last one that begins with that.

        Returns:
            The known version; the oldest one for what is older.
        """
        wanted = _numbers(version)
        found = self.versions[0]
        for each in self.versions:
            if _numbers(each)[: len(wanted)] <= wanted:
                found = each
        return found

    def named(self, version: str) -> str:
        """Name a version for a message.

        Args:
            version: Any version.

        Returns:
            The version, with the known one that it is taken for where that is another.
        """
        known, wanted = self.nearest(version), _numbers(version)
        is_same = _numbers(known)[: len(wanted)] == wanted
        return known if is_same else f"{version} (taken for {known})"

    def is_known(self, version: str) -> bool:
        """Tell whether a version is of the known minor releases, or between them.

        Args:
            version: Any version.
        """
        first, last = _numbers(self.versions[0])[:2], _numbers(self.versions[-1])[:2]
        wanted = _numbers(version)[:2]
        return first[: len(wanted)] <= wanted <= last

    def has(self, span: Span, version: str) -> bool:
        """Tell whether a known version is within a span."""
        position = self.versions.index(version)
        since = self.versions.index(span.since) if span.since else 0
        until = self.versions.index(span.until) if span.until else len(self.versions)
        return since <= position <= until


@lru_cache(maxsize=8)
def tables_of(models: str) -> Tables | None:
    """Find the tables beside a package of models.

    Args:
        models: The import name of the package of models.

    Returns:
        The tables; None where there are none.
    """
    try:
        return Tables(import_module(f"{models.rpartition('.')[0]}._versions"))
    except ImportError:
        return None


def _span(text: str) -> Span:
    since, _, until = text.partition("-")
    return Span(since, until)


def _unpacked(table: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], Span]:
    return {
        (holder, part): _span(text)
        for (part, text), holders in table.items()
        for holder in holders.split()
    }


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
