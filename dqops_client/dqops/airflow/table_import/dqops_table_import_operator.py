"""Imports tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dqops import jobs
from dqops.airflow.base import DqopsJobOperator
from dqops.client.models import ImportTablesQueueJobParameters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dqops.jobs import JobRequest

__all__ = ["DqopsTableImportOperator"]


class DqopsTableImportOperator(DqopsJobOperator):
    """Imports tables from a database into DQOps.

    Args:
        connection_name: The connection in DQOps.
        schema_name: The schema.
        table_names: The tables.
        **kwargs: Those of `DqopsJobOperator`.
    """

    template_fields: Sequence[str] = (
        *DqopsJobOperator.template_fields,
        "connection_name",
        "schema_name",
        "table_names",
    )
    kind = jobs.IMPORT_TABLES

    def __init__(
        self, connection_name: str, schema_name: str, table_names: list[str], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.connection_name = connection_name
        self.schema_name = schema_name
        self.table_names = table_names

    def _request(self, key: str) -> JobRequest[Any]:
        parameters = ImportTablesQueueJobParameters(
            connection_name=self.connection_name,
            schema_name=self.schema_name,
            table_names=list(self.table_names),
        )
        return self.kind.request(parameters, business_key=key)

    def _place(self) -> tuple[str, str]:
        return self.connection_name, f"{self.schema_name}.*"
