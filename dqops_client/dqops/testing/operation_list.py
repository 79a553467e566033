"""What the simulator can do, operation by operation."""

from __future__ import annotations

from dataclasses import dataclass

from .handlers import HANDLERS
from .specification.shipped import load_specification

__all__ = ["SimulatedOperation", "simulated_operations"]


@dataclass(frozen=True)
class SimulatedOperation:
    """An operation of the API, and how the simulated server responds to it.

    Args:
        name: Its name in Python, such as `run_checks`.
        group: Its group, such as `jobs`.
        has_behaviour: Whether the response comes from the state of the server. Otherwise it is the
            specification's example, or status 501 in strict mode.
        is_deprecated: Whether only servers of earlier versions have the operation.
    """

    name: str
    group: str
    has_behaviour: bool
    is_deprecated: bool


def simulated_operations() -> list[SimulatedOperation]:
    """List every operation, and whether it has behaviour or only an example.

    Returns:
        All operations of the specification, ordered by group and name.

    Raises:
        MissingSpecificationError: The specification is not where it should be.
    """
    operations = load_specification().operations.values()
    return [
        SimulatedOperation(each.name, each.tag, each.name in HANDLERS, each.is_deprecated)
        for each in sorted(operations, key=lambda each: (each.tag, each.name))
    ]
