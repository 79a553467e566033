"""Users, their roles, and what a role may do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .checked_fields import check_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PERMISSIONS", "ROLES", "User", "check_api_key"]

#: The permissions of each role, as the real server grants them. The names of the roles are those
#: of `DqoUserRole`, the names of the permissions those in the specification's `security`.
PERMISSIONS: Mapping[str, frozenset[str]] = {
    "admin": frozenset({"VIEW", "OPERATE", "EDIT", "MANAGE_ACCOUNT"}),
    "editor": frozenset({"VIEW", "OPERATE", "EDIT"}),
    "operator": frozenset({"VIEW", "OPERATE"}),
    "viewer": frozenset({"VIEW"}),
    "none": frozenset(),
}

ROLES = tuple(PERMISSIONS)


@dataclass(frozen=True)
class User:
    """A user account.

    Args:
        email: The address that identifies the user.
        role: The role in the account: `admin`, `editor`, `operator`, `viewer` or `none`; None if
            the user only has roles in data domains.
        api_key: The API key that the user logs in with; None for a user who cannot.
        data_domain_roles: Roles in single data domains by the domains' names. In such a domain the
            stronger of both roles counts.
    """

    email: str
    role: str | None = "viewer"
    api_key: str | None = field(default=None, repr=False)
    data_domain_roles: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_fields(self)
        for role in (self.role, *self.data_domain_roles.values()):
            if role is not None and role not in tuple(PERMISSIONS):
                raise ValueError(f"a role must be one of {ROLES}, got {role!r}")
        if self.api_key is not None:
            check_api_key(self.api_key)
        object.__setattr__(self, "data_domain_roles", dict(self.data_domain_roles))

    @property
    def permissions(self) -> frozenset[str]:
        """What the user may do."""
        return PERMISSIONS[self.role or "none"]

    def within(self, data_domain: str) -> User:
        """Give the user as the one that a data domain sees.

        Args:
            data_domain: The domain's technical name.

        Returns:
            The user, whose role is the stronger one of that in the account and that in the domain.
        """
        role = self.data_domain_roles.get(data_domain)
        if role is None or PERMISSIONS[role] <= self.permissions:
            return self
        return replace(self, role=role)

    def model(self) -> dict[str, Any]:
        """Give the user as the API shows it (`DqoUserRolesModel`).

        Returns:
            The JSON object.
        """
        return {
            "email": self.email,
            "accountRole": self.role,
            "dataDomainRoles": dict(self.data_domain_roles),
        }


def check_api_key(key: Any) -> None:
    """Refuse what no client could send as an API key.

    Args:
        key: The key.

    Raises:
        ValueError: It is not a string of printable ASCII characters. The message is without
            the key.
    """
    if key == "":
        raise ValueError("an API key must not be empty")
    if not (isinstance(key, str) and key.isascii() and key.isprintable()):
        raise ValueError("an API key must be a string of printable ASCII characters")
