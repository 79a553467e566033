"""What operations do; those without a handler answer with the specification's examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    account,
    check_models,
    check_results,
    columns,
    connections,
    data_sources,
    definitions,
    healthcheck,
    incidents,
    jobs,
    parts,
    policies,
    table_lists,
    tables,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Handler

__all__ = ["HANDLERS"]

#: By the operations' names.
HANDLERS: Mapping[str, Handler] = {
    **account.HANDLERS,
    **check_models.HANDLERS,
    **check_results.HANDLERS,
    **columns.HANDLERS,
    **connections.HANDLERS,
    **data_sources.HANDLERS,
    **definitions.HANDLERS,
    **healthcheck.HANDLERS,
    **incidents.HANDLERS,
    **jobs.HANDLERS,
    **parts.HANDLERS,
    **policies.HANDLERS,
    **table_lists.HANDLERS,
    **tables.HANDLERS,
}
