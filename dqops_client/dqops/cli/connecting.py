"""Which server is meant, by options, the environment and profiles; and the client for it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from .profiles import read_profile

if TYPE_CHECKING:
    from .. import DQOps
    from .profiles import Profile

__all__ = ["find_server", "make_client", "same_server"]


def make_client(
    url: str | None = None,
    api_key_file: str | None = None,
    profile: str | None = None,
    data_domain: str | None = None,
    request_timeout: float | None = None,
    ca_file: str | None = None,
    **settings: Any,
) -> DQOps:
    """Make a client from options, the environment and a profile, in this order.

    Returns:
        The client, which raises.

    Raises:
        UsageError: It is not known which server is meant, or a setting cannot be used.
    """
    from .. import DQOps
    from ..client.errors import InvalidRequest

    environ = {name: value for name, value in os.environ.items() if name.startswith("DQOPS_")}
    told, domain, found = find_server(url, profile, data_domain)
    environ.update(DQOPS_URL=told, DQOPS_DATA_DOMAIN=domain)
    if found and not api_key_file and not {"DQOPS_API_KEY", "DQOPS_API_KEY_FILE"} & environ.keys():
        key = found.read_key()
        if key is not None:
            environ["DQOPS_API_KEY"] = key
    if api_key_file:
        environ.pop("DQOPS_API_KEY", None)
        environ["DQOPS_API_KEY_FILE"] = api_key_file
        if api_key_file == "-":
            del environ["DQOPS_API_KEY_FILE"]
            environ["DQOPS_API_KEY"] = sys.stdin.readline().strip()
    if request_timeout is not None:
        settings["timeout"] = request_timeout
    if ca_file:
        settings["verify_ssl"] = ca_file
    try:
        return DQOps(environ=environ, **settings)
    except InvalidRequest as error:
        raise click.UsageError(str(error)) from None


def find_server(
    url: str | None, profile: str | None, data_domain: str | None
) -> tuple[str, str, Profile | None]:
    """Find out which server is meant by options, the environment and a profile, in this order.

    Returns:
        Its URL, the data domain (empty for the default one), and the profile whose key it may get.

    Raises:
        UsageError: It is not known which server is meant.
    """
    told = url or os.environ.get("DQOPS_URL")
    domain = data_domain or os.environ.get("DQOPS_DATA_DOMAIN")
    wanted = profile or os.environ.get("DQOPSCTL_PROFILE")
    found = read_profile(wanted or "default", must_exist=wanted is not None)
    if found is not None and told and not same_server(told, found.url):
        # The key of a profile goes to the server of the profile, and to no other one.
        if wanted is not None:
            raise click.UsageError(f"the profile {found.name!r} is of another server than {told}")
        found = None
    if found is not None:
        told = told or found.url
        domain = found.data_domain if domain is None else domain
    if not told:
        raise click.UsageError(
            "it is not known which server is meant: give --url, set DQOPS_URL, or run "
            "dqopsctl login"
        )
    return told, domain or "", found


def same_server(url: str, other: str) -> bool:
    """Tell whether two URLs are of the same server."""
    return url.rstrip("/").lower() == other.rstrip("/").lower()
