"""A project: its keys, checks and integrations."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

if TYPE_CHECKING:
    from .checks import Check

__all__ = ["Channel", "Project"]


@dataclass(frozen=True)
class Channel:
    """An integration.

    Args:
        name: Its name; may be empty.
        kind: What it is, such as `email`.
        id: Its id.
    """

    name: str
    kind: str = "email"
    id: UUID = field(default_factory=uuid4)


@dataclass
class Project:
    """A project of an account; it may be read and changed at any time.

    Args:
        name: What it is called; keys are made of it, the same in every run.
        api_key: The key that can read and write; a string of 32 characters.
        read_only_key: The key that can only read.
        ping_key: What pings by slug begin with.
        channels: Its integrations.
        check_limit: How many checks it can have.
        ping_log_limit: How many pings of a check are kept.
        checks: Its checks.
        id: Its id, which the URL of its metrics has.
    """

    name: str = "default"
    api_key: str = ""
    read_only_key: str = ""
    ping_key: str = ""
    channels: list[Channel] = field(default_factory=lambda: [Channel("On call")])
    check_limit: int = 20
    ping_log_limit: int = 100
    checks: list[Check] = field(default_factory=list)
    id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        self.api_key = self.api_key or f"hcw_{self._derived('write')[:28]}"
        self.read_only_key = self.read_only_key or f"hcr_{self._derived('read')[:28]}"
        self.ping_key = self.ping_key or self._derived("ping")[:22]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r} with {len(self.checks)} checks>"

    @property
    def badge_key(self) -> str:
        """What URLs of badges begin with."""
        return self._derived("badge")[:30]

    @property
    def tags(self) -> list[str]:
        """The tags of all checks, sorted."""
        return sorted({tag for check in self.checks for tag in check.tag_list})

    def signature(self, tag: str) -> str:
        """Sign the URL of a tag's badge."""
        return self._derived(f"badge of {tag}")[:8]

    def by_slug(self, slug: str) -> list[Check]:
        """Find checks by their slug."""
        return [check for check in self.checks if check.slug == slug]

    def by_uuid(self, uuid: UUID) -> Check | None:
        """Find a check by its UUID."""
        return next((check for check in self.checks if check.uuid == uuid), None)

    def by_unique_key(self, key: str) -> Check | None:
        """Find a check by its unique key."""
        return next((check for check in self.checks if check.unique_key == key), None)

    def _derived(self, purpose: str) -> str:
        return hashlib.sha256(f"{self.name}/{purpose}".encode()).hexdigest()
