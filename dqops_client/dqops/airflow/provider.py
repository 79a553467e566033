"""What Airflow learns about this provider (entry point `apache_airflow_provider`)."""

from __future__ import annotations

from typing import Any

__all__ = ["get_provider_info"]


def get_provider_info() -> dict[str, Any]:
    """Describe the provider; nothing of it is imported for that.

    Returns:
        What Airflow's provider manager wants to know.
    """
    from importlib.metadata import version

    hook = "dqops.airflow.hooks.DqopsHook"
    return {
        "package-name": "dqops-client",
        "name": "DQOps",
        "description": "Runs data quality checks of DQOps, and stops on bad data.",
        "versions": [version("dqops-client")],
        "connection-types": [
            {
                "connection-type": "dqops",
                "hook-class-name": hook,
                "hook-name": "DQOps",
                "ui-field-behaviour": {
                    "hidden-fields": ["login", "schema"],
                    "relabeling": {"host": "URL", "password": "API key"},
                    "placeholders": {
                        "host": "https://dqops.example.com",
                        "password": "the API key of a user; empty without authentication",
                    },
                },
                "conn-fields": {
                    "data_domain": _field(
                        "Data domain", "string", "Its technical name; empty for the default one."
                    ),
                    "timeout": _field(
                        "Timeout", "number", "Seconds that each step of a request may take."
                    ),
                    "verify": _field(
                        "Verify TLS",
                        "string",
                        "false, or the path of a file with the certificate authorities to trust.",
                    ),
                    "proxy": _field("Proxy", "string", "The URL of a proxy."),
                },
            }
        ],
        "extra-links": ["dqops.airflow.links.DqopsTableLink", "dqops.airflow.links.DqopsJobLink"],
    }


def _field(label: str, kind: str, description: str) -> dict[str, Any]:
    return {"label": label, "description": description, "schema": {"type": [kind, "null"]}}
