"""Profiles: the servers that `dqopsctl login` was told, in the user's configuration folder."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["Profile", "config_folder", "keyring", "read_profile", "write_profile"]

_SERVICE = "dqopsctl"


@dataclass(frozen=True)
class Profile:
    """A server, and how to get at the API key.

    Attributes:
        name: The name of the profile.
        url: The URL of the server.
        data_domain: The data domain; empty for the default one.
        key_in: Where the key is: `keyring`, `file`, or empty for no key.
    """

    name: str
    url: str
    data_domain: str = ""
    key_in: str = ""

    @property
    def key_file(self) -> Path:
        """The file for the key."""
        return config_folder() / f"{self.name}.key"

    def read_key(self) -> str | None:
        """Read the API key.

        Returns:
            The key; None if the profile has none.

        Raises:
            UsageError: It cannot be read.
        """
        if self.key_in == "keyring":
            ring = keyring()
            try:
                key = None if ring is None else ring.get_password(_SERVICE, self.name)
            except Exception as error:  # each keyring has exceptions of its own
                raise click.UsageError(f"the keyring cannot be read: {error}") from None
            if key is None:
                raise click.UsageError(
                    f"the keyring has no API key of the profile {self.name!r}; run dqopsctl login"
                )
            return str(key)
        if self.key_in == "file":
            try:
                return self.key_file.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise click.UsageError(
                    f"the API key of the profile {self.name!r} cannot be read ({error.strerror}); "
                    "run dqopsctl login"
                ) from None
        return None


def config_folder() -> Path:
    """Tell where profiles are.

    Returns:
        The folder; DQOPSCTL_CONFIG names another one than the system's.
    """
    return Path(os.environ.get("DQOPSCTL_CONFIG") or click.get_app_dir("dqopsctl"))


def keyring() -> ModuleType | None:
    """Load the system's keyring, where the package `keyring` and a keyring are there.

    Returns:
        The module; None without one.
    """
    try:
        import keyring as ring  # pyright: ignore[reportMissingImports]
    except ImportError:
        return None
    # What the package itself does not recommend keeps nothing, or keeps it unencrypted.
    return ring if getattr(ring.get_keyring(), "priority", 0) >= 1 else None


def read_profile(name: str, *, must_exist: bool) -> Profile | None:
    """Read a profile.

    Args:
        name: Its name.
        must_exist: Whether it is an error if there is none.

    Returns:
        The profile; None if there is none.

    Raises:
        UsageError: There has to be one and is not, or the file cannot be read.
    """
    path = config_folder() / "profiles.toml"
    try:
        content = path.read_text(encoding="utf-8")
        found = tomllib.loads(content).get(name)
    except FileNotFoundError:
        found = None
    except (OSError, ValueError) as error:
        raise click.UsageError(f"{path} cannot be read: {error}") from None
    if not isinstance(found, dict) or not isinstance(found.get("url"), str):
        if must_exist:
            raise click.UsageError(f"there is no profile {name!r} in {path}; run dqopsctl login")
        return None
    texts = {
        key: found[key] for key in ("data_domain", "key_in") if isinstance(found.get(key), str)
    }
    return Profile(name, found["url"], **texts)


def write_profile(profile: Profile, key: str | None, *, use_keyring: bool = True) -> Profile:
    """Keep a profile and its key.

    Args:
        profile: The profile.
        key: The API key; None for none.
        use_keyring: Whether the key may go into the system's keyring.

    Returns:
        The profile, which says where its key is.
    """
    folder = config_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    ring = keyring() if key is not None and use_keyring else None
    where = "" if key is None else "file" if ring is None else "keyring"
    profile = Profile(profile.name, profile.url, profile.data_domain, where)
    if ring is not None:
        try:
            ring.set_password(_SERVICE, profile.name, key)
        except Exception as error:  # each keyring has exceptions of its own
            raise click.UsageError(
                f"the keyring takes no key: {error}; --no-keyring keeps it in a file"
            ) from None
    if where == "file":
        _write_private(profile.key_file, str(key))
    else:
        profile.key_file.unlink(missing_ok=True)
    path = folder / "profiles.toml"
    profiles = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    profiles[profile.name] = {
        "url": profile.url,
        "data_domain": profile.data_domain,
        "key_in": where,
    }
    lines = []
    for name, values in profiles.items():
        lines.append(f"[{json.dumps(name)}]")
        # A basic string of TOML is one of JSON, but for what JSON would write as surrogates.
        lines += [
            f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()
        ]
        lines.append("")
    _write_private(path, "\n".join(lines))
    return profile


def _write_private(path: Path, text: str) -> None:
    """Write a file that only the user may read, and never half of it."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)
