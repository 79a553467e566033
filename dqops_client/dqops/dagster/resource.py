"""The connection to DQOps."""

from typing import Any

from dagster import ConfigurableResource

from dqops.client import AuthenticatedClient, Client

__all__ = ["DqopsResource"]


class DqopsResource(ConfigurableResource[Any]):
    """A DQOps server.

    Args:
        url: Its URL.
        api_key: The API key of a user, best as `EnvVar("DQOPS_API_KEY")`; empty for a server
            without authentication.
        data_domain: The data domain; empty for the default one.
        timeout: Seconds that each step of a request may take.
        verify: The path of a file with the certificate authorities to trust; empty for those of
            the machine.
    """

    url: str
    api_key: str = ""
    data_domain: str = ""
    timeout: float = 120.0
    verify: str = ""

    def get_client(self) -> AuthenticatedClient | Client:
        """Make a client, to be used in a `with` block.

        Returns:
            The client.
        """
        options: dict[str, Any] = {
            "raise_on_unexpected_status": True,
            "timeout": self.timeout,
            "verify_ssl": self.verify or True,
        }
        client: AuthenticatedClient | Client
        if self.api_key:
            client = AuthenticatedClient(self.url, self.api_key, **options)
        else:
            client = Client(self.url, **options)
        return client.with_options(data_domain=self.data_domain) if self.data_domain else client
