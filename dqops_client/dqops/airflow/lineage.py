"""Tells OpenLineage what was judged. Its provider for Airflow calls this, so it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from dqops.jobs import Verdict

__all__ = ["lineage_of"]


def lineage_of(verdict: Verdict) -> Any:
    """Give the tables of a verdict as datasets with their data quality assertions.

    Args:
        verdict: The verdict.

    Returns:
        An `OperatorLineage`.
    """
    from airflow.providers.openlineage.extractors import OperatorLineage
    from openlineage.client.event_v2 import InputDataset
    from openlineage.client.facet_v2 import data_quality_assertions_dataset as facets

    place = urlsplit(verdict.server or "").netloc
    failed = set(verdict.failed_checks)
    inputs = [
        InputDataset(
            namespace=f"dqops://{place}/{table.connection}",
            name=f"{table.schema}.{table.table}",
            inputFacets={
                "dataQualityAssertions": facets.DataQualityAssertionsDatasetFacet(
                    assertions=[
                        facets.Assertion(
                            assertion=check.check,
                            success=check not in failed and check.execution_error is None,
                            column=check.column,
                        )
                        for check in table.checks
                    ]
                )
            },
        )
        for table in verdict.tables
    ]
    return OperatorLineage(inputs=inputs)
