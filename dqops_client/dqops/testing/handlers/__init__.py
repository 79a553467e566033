"""What operations do; those without a handler respond with the specification's examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    account,
    check_models,
    check_results,
    columns,
    compared_tables,
    comparisons,
    connections,
    dashboards,
    data_domains,
    data_sources,
    definitions,
    environment,
    groupings,
    healthcheck,
    incidents,
    jobs,
    lineage,
    notifications,
    parts,
    policies,
    statistics,
    tables,
)
from .failures import FAILURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Handler

__all__ = ["FAILURES", "HANDLERS"]

#: By the operations' names.
HANDLERS: Mapping[str, Handler] = {
    **account.HANDLERS,
    **check_models.HANDLERS,
    **check_results.HANDLERS,
    **columns.HANDLERS,
    **compared_tables.HANDLERS,
    **comparisons.HANDLERS,
    **connections.HANDLERS,
    **dashboards.HANDLERS,
    **data_domains.HANDLERS,
    **data_sources.HANDLERS,
    **definitions.HANDLERS,
    **environment.HANDLERS,
    **groupings.HANDLERS,
    **healthcheck.HANDLERS,
    **incidents.HANDLERS,
    **jobs.HANDLERS,
    **lineage.HANDLERS,
    **notifications.HANDLERS,
    **parts.HANDLERS,
    **policies.HANDLERS,
    **statistics.HANDLERS,
    **tables.HANDLERS,
}
