"""Collects statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dqops import jobs
from dqops.airflow.base import DqopsJobOperator, given, or_unset
from dqops.client.models import StatisticsCollectorSearchFilters
from dqops.client.types import UNSET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dqops.jobs import JobRequest

__all__ = ["DqopsCollectStatisticsOperator"]

_FILTERS = (
    "connection",
    "full_table_name",
    "enabled",
    "labels",
    "column_names",
    "sensor_name",
    "target",
)


class DqopsCollectStatisticsOperator(DqopsJobOperator):
    """Collects the statistics of the tables that filters select; without any, of all.

    Args:
        connection: The connection in DQOps; a pattern such as `prod_*`.
        full_table_name: Schema and table, such as `public.orders` or `public.*`.
        enabled: Whether to select enabled tables.
        labels: Labels that the table must have, each.
        column_names: The columns.
        sensor_name: The sensor.
        target: `table` or `column`.
        **kwargs: Those of `DqopsJobOperator`.
    """

    template_fields: Sequence[str] = (*DqopsJobOperator.template_fields, *_FILTERS)
    kind = jobs.COLLECT_STATISTICS_ON_TABLE

    def __init__(
        self,
        *,
        connection: Any = UNSET,
        full_table_name: Any = UNSET,
        enabled: Any = UNSET,
        labels: Any = UNSET,
        column_names: Any = UNSET,
        sensor_name: Any = UNSET,
        target: Any = UNSET,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.connection = given(connection)
        self.full_table_name = given(full_table_name)
        self.enabled = given(enabled)
        self.labels = given(labels)
        self.column_names = given(column_names)
        self.sensor_name = given(sensor_name)
        self.target = given(target)

    def _request(self, key: str) -> JobRequest[Any]:
        told = {name: or_unset(getattr(self, name)) for name in _FILTERS}
        return self.kind.request(StatisticsCollectorSearchFilters(**told), business_key=key)

    def _place(self) -> tuple[str, str]:
        return str(self.connection or ""), str(self.full_table_name or "")
