"""What a handler gets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..http.messages import Response

if TYPE_CHECKING:
    from ..results.check_results import TableKey
    from ..roles import User
    from ..specification import Specification
    from ..state.data_domain import DataDomain
    from ..state.state import State

__all__ = ["Call", "Failure", "Handler"]


@dataclass(frozen=True)
class Call:
    """A request that has been found to be valid.

    Args:
        state: What the data domain of the request knows; its lock is held while a handler runs.
        account: What the server knows, whatever the data domain: users, and the data domains.
        parameters: The parameters by their names in the specification.
        body: The JSON body, or the string of a body that is not JSON; or None.
        caller: Who sends it.
        specification: What it was compared with.
        cut: Set when nobody waits for the response any more.
    """

    state: DataDomain
    account: State
    parameters: Mapping[str, Any]
    body: Any
    caller: User
    specification: Specification
    cut: threading.Event = field(default_factory=threading.Event)

    def named(self, *names: str) -> tuple[str, ...]:
        """Give path parameters.

        Args:
            names: Their names in the specification.

        Returns:
            Their values.
        """
        return tuple(str(self.parameters[name]) for name in names)

    @property
    def table_key(self) -> TableKey:
        """The connection, schema and table that the path names."""
        connection, schema, table = self.named("connectionName", "schemaName", "tableName")
        return (connection, schema, table)


Handler = Callable[[Call], Response]
Failure = Callable[[Call], None]
