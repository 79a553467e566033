"""The connection to DQOps."""

from typing import Any

from prefect.blocks.core import Block
from pydantic import Field, SecretStr

from dqops.client import AuthenticatedClient, Client

__all__ = ["DqopsCredentials"]


class DqopsCredentials(Block):
    """A DQOps server, as a block that Prefect keeps."""

    _block_type_name = "DQOps Credentials"
    _block_type_slug = "dqops-credentials"
    _description = "The URL of a DQOps server, and the API key of a user."

    url: str = Field(description="The URL of the server.")
    api_key: SecretStr | None = Field(
        default=None, description="The API key of a user; none for a server without authentication."
    )
    data_domain: str | None = Field(
        default=None, description="The technical name of the data domain; none for the default one."
    )
    timeout: float = Field(
        default=120.0, description="Seconds that each step of a request may take."
    )
    verify: str | None = Field(
        default=None, description="A file with the certificate authorities to trust."
    )

    def get_client(self) -> AuthenticatedClient | Client:
        """Make a client, to be used in a `with` or `async with` block.

        Returns:
            The client.
        """
        options: dict[str, Any] = {
            "raise_on_unexpected_status": True,
            "timeout": self.timeout,
            "verify_ssl": self.verify or True,
        }
        client: AuthenticatedClient | Client
        if self.api_key is not None:
            client = AuthenticatedClient(self.url, self.api_key.get_secret_value(), **options)
        else:
            client = Client(self.url, **options)
        return client.with_options(data_domain=self.data_domain) if self.data_domain else client
