"""`dqopsctl login`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..output import say
from ..profiles import Profile, write_profile


@click.command()
@click.option("--url", help="The URL of the server; it is asked for without.")
@click.option("--profile", default="default", metavar="NAME", help="The profile.  [default]")
@click.option("--data-domain", default="", metavar="NAME", help="The data domain.")
@click.option(
    "--api-key-file", metavar="FILE", help="A file with the API key; - for standard input."
)
@click.option("--no-key", is_flag=True, help="The server needs no API key.")
@click.option("--no-keyring", is_flag=True, help="Keep the key in a file that only you can read.")
@click.option("--no-check", is_flag=True, help="Do not ask the server whether it takes the key.")
def login(
    url: str | None,
    profile: str,
    data_domain: str,
    api_key_file: str | None,
    no_key: bool,
    no_keyring: bool,
    no_check: bool,
) -> int:
    """Keep the URL and the API key of a server in a profile.

    The key goes into the system's keyring where the package `keyring` finds one, else into a file
    of mode 600. It is never an argument, because arguments stand in the history of the shell.
    """
    if not profile.replace("-", "").replace("_", "").isalnum():
        raise click.UsageError("--profile: use letters, digits, - and _")
    if url is None:
        url = click.prompt("URL of the server", err=True)
    key = None if no_key else _read_key(api_key_file)
    if not no_check:
        _check(url, key, data_domain)
    kept = write_profile(Profile(profile, url, data_domain), key, use_keyring=not no_keyring)
    where = {"keyring": "in the keyring", "file": f"in {kept.key_file}", "": "not needed"}
    say(f"the profile {profile!r} was written; the API key is {where[kept.key_in]}")
    return 0


def _read_key(path: str | None) -> str:
    if path == "-" or (path is None and not sys.stdin.isatty()):
        key = sys.stdin.readline()
    elif path is not None:
        try:
            key = Path(path).read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            raise click.UsageError(f"{path} cannot be read: {error}") from None
    else:
        key = click.prompt("API key", hide_input=True, err=True)
    if not key.strip():
        raise click.UsageError("the API key is empty")
    return key.strip()


def _check(url: str, key: str | None, data_domain: str) -> None:
    """Ask the server something that needs a key."""
    from ...client import AuthenticatedClient, Client
    from ...client.api.connections import get_all_connections

    client: AuthenticatedClient | Client
    if key is None:
        client = Client(url, raise_on_unexpected_status=True, timeout=30)
    else:
        client = AuthenticatedClient(url, key, raise_on_unexpected_status=True, timeout=30)
    with client:
        view = client.with_options(data_domain=data_domain) if data_domain else client
        get_all_connections.sync(client=view)
