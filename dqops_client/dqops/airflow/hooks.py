"""The connection to DQOps."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.connection import (
    get_async_connection,
    get_async_extra_dejson,
)
from airflow.providers.common.compat.sdk import AirflowException, AirflowNotFoundException, BaseHook

from dqops.client import AuthenticatedClient, Client

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEFAULT_URL", "DqopsHook", "ServerSettings"]

#: Where the official operators look for a server if nothing is said.
DEFAULT_URL = "http://localhost:8888/"


@dataclass(frozen=True)
class ServerSettings:
    """Where a server is and how to talk to it.

    Attributes:
        url: Its URL.
        api_key: The API key; None for a server without authentication.
        data_domain: The data domain; None for the default one.
        timeout: Seconds that each step of a request may take; None for the client's default.
        verify: Whether its TLS certificate must be valid, or the path of the authorities to trust.
        proxy: The URL of a proxy; None for what the environment says.
    """

    url: str
    api_key: str | None = field(default=None, repr=False)
    data_domain: str | None = None
    timeout: float | None = None
    verify: bool | str = True
    proxy: str | None = None

    def client(self) -> AuthenticatedClient | Client:
        """Make a client; it is closed by leaving its `with` or `async with` block.

        Returns:
            The client.
        """
        options: dict[str, Any] = {"raise_on_unexpected_status": True, "verify_ssl": self.verify}
        if self.timeout is not None:
            options["timeout"] = self.timeout
        if self.proxy is not None:
            options["httpx_args"] = {"proxy": self.proxy}
        client: AuthenticatedClient | Client
        if self.api_key:
            client = AuthenticatedClient(self.url, self.api_key, **options)
        else:
            client = Client(self.url, **options)
        if self.data_domain:
            client = client.with_options(data_domain=self.data_domain)
        return client


class DqopsHook(BaseHook):
    """Connects to a DQOps server.

    In the connection, `host` is the URL of the server, the password is the API key of a user, and
    the extra has `data_domain`, `timeout` (seconds), `verify` (false, or the path of a file with
    certificate authorities) and `proxy` (a URL).

    Args:
        dqops_conn_id: The connection. None for `dqops_default` where there is such a one, or else
            the arguments and the environment variable `DQOPS_API_KEY`.
        base_url: The URL of the server, if it is not that of the connection. The key of a
            connection is sent to the connection's own server only.
        api_key: The API key, if it is not that of the connection.
    """

    conn_name_attr = "dqops_conn_id"
    default_conn_name = "dqops_default"
    conn_type = "dqops"
    hook_name = "DQOps"

    def __init__(
        self,
        dqops_conn_id: str | None = default_conn_name,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
    ) -> None:
        super().__init__()
        self.dqops_conn_id = dqops_conn_id
        self._base_url = base_url
        self._api_key = api_key
        self._settings: ServerSettings | None = None

    def get_conn(self) -> AuthenticatedClient | Client:
        """Make a client of the server, to be used in a `with` block.

        Returns:
            The client.
        """
        return self.settings().client()

    async def aget_conn(self) -> AuthenticatedClient | Client:
        """Make a client of the server, to be used in an `async with` block.

        Returns:
            The client.
        """
        return (await self.asettings()).client()

    def settings(self) -> ServerSettings:
        """Look the connection up; it is asked for once.

        Returns:
            Where the server is and how to talk to it.

        Raises:
            AirflowException: There is no such connection, or it cannot be used.
        """
        if self._settings is None:
            try:
                found = self.get_connection(self.dqops_conn_id or self.default_conn_name)
            except AirflowNotFoundException:
                if self.dqops_conn_id is not None:
                    raise
                found = None
            self._settings = self._merged(found, None if found is None else found.extra_dejson)
        return self._settings

    async def asettings(self) -> ServerSettings:
        """Look the connection up without blocking the event loop.

        Returns:
            Where the server is and how to talk to it.

        Raises:
            AirflowException: There is no such connection, or it cannot be used.
        """
        if self._settings is None:
            try:
                found = await get_async_connection(
                    self.dqops_conn_id or self.default_conn_name, self
                )
            except AirflowNotFoundException:
                if self.dqops_conn_id is not None:
                    raise
                found = None
            self._settings = self._merged(
                found, None if found is None else await get_async_extra_dejson(found)
            )
        return self._settings

    def test_connection(self) -> tuple[bool, str]:
        """Ask the server whether it is well and knows the key; for the button in the UI.

        Returns:
            Whether that is so, and what it said.
        """
        from dqops.client.api.environment import get_user_profile
        from dqops.client.api.healthcheck import is_healthy

        try:
            with self.get_conn() as client:
                quick = client.with_options(deadline=20.0)
                is_healthy.sync(client=quick)
                profile = get_user_profile.sync(client=quick)
        except Exception as error:
            return False, str(error)
        user = (profile and profile.user) or "nobody in particular"
        return True, f"DQOps is there, and knows the key as that of {user}"

    def _merged(self, connection: Any, extra: Mapping[str, Any] | None) -> ServerSettings:
        """Put together the connection and the arguments."""
        if connection is None:
            return ServerSettings(
                self._base_url or DEFAULT_URL, self._api_key or os.environ.get("DQOPS_API_KEY")
            )
        told = _settings_of(connection, extra or {})
        if self._base_url and self._base_url.rstrip("/") != told.url.rstrip("/"):
            return ServerSettings(self._base_url, self._api_key or os.environ.get("DQOPS_API_KEY"))
        return replace(told, api_key=self._api_key) if self._api_key else told

    @classmethod
    def get_ui_field_behaviour(cls) -> dict[str, Any]:
        """Say which fields the form of a connection has.

        Returns:
            The fields for Airflow.
        """
        return {
            "hidden_fields": ["login", "schema"],
            "relabeling": {"host": "URL", "password": "API key"},
            "placeholders": {
                "host": "https://dqops.example.com",
                "password": "the API key of a user; empty without authentication",
                "extra": '{"data_domain": "sales", "timeout": 60, "verify": "/etc/ssl/ca.pem"}',
            },
        }


def _settings_of(connection: Any, extra: Mapping[str, Any]) -> ServerSettings:
    """Understand a connection."""
    host = (connection.host or "").strip()
    if not host:
        raise AirflowException(
            f"the connection {connection.conn_id!r} has no host: it is the URL of DQOps, such as "
            "https://dqops.example.com"
        )
    url = host if "://" in host else f"{connection.schema or 'http'}://{host}"
    if connection.port:
        scheme, _, rest = url.partition("://")
        place, slash, path = rest.partition("/")
        # Without brackets a colon separates a port; that of the URL itself wins.
        if ":" not in place.rpartition("]")[2]:
            url = f"{scheme}://{place}:{connection.port}{slash}{path}"
    unknown = sorted(extra.keys() - {"data_domain", "timeout", "verify", "proxy"})
    if unknown:
        raise AirflowException(
            f"the extra of the connection {connection.conn_id!r} has unknown keys: "
            f"{', '.join(unknown)}; expected data_domain, timeout, verify or proxy"
        )
    timeout = extra.get("timeout")
    return ServerSettings(
        url,
        connection.password or None,
        data_domain=extra.get("data_domain") or None,
        timeout=float(timeout) if timeout not in (None, "") else None,
        verify=_verify(extra.get("verify")),
        proxy=extra.get("proxy") or None,
    )


def _verify(told: Any) -> bool | str:
    """Understand what forms and URIs give for a boolean or a path."""
    if told is None or told == "":
        return True
    if isinstance(told, str) and told.lower() in {"true", "false"}:
        return told.lower() == "true"
    return told if isinstance(told, str) else bool(told)
