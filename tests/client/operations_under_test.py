"""The operations of the specification, and arguments that the simulated server accepts."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from dqops.client import models
from dqops.testing.specification import load_specification

if TYPE_CHECKING:
    from types import ModuleType

    from dqops.testing.specification import Operation

SPECIFICATION = load_specification()
OPERATIONS = list(SPECIFICATION.operations.values())

#: Path parameters that name something which the simulated server has.
KNOWN = {
    "connectionName": "warehouse",
    "schemaName": "public",
    "tableName": "orders",
    "columnName": "customer_id",
    "jobId": "the-job",
    "timeScale": "daily",
    "sequenceNumber": 0,
}


def key_for(operation: str) -> str:
    """Name the job that an operation is asked about: some wait for jobs of one kind only."""
    return "the-samples-job" if "collect_error_samples" in operation else "the-job"


def module(operation: Operation) -> ModuleType:
    """Import the generated module of an operation."""
    return importlib.import_module(f"dqops.client.api.{operation.tag}.{operation.name}")


def path_arguments(operation: Operation) -> list[Any]:
    """Choose the positional arguments, in path order."""
    names = [each[1:-1] for each in operation.path.split("/") if each.startswith("{")]
    return [key_for(operation.name) if name == "jobId" else KNOWN[name] for name in names]


def body(operation: Operation) -> Any:
    """Build the request body from the specification's example."""
    if operation.body is None:
        return None
    media_type, _, _ = operation.body.rpartition("/")
    pointer, schema = SPECIFICATION.resolve(operation.body)
    _, examples = SPECIFICATION.resolve(f"{media_type}/examples")
    _, example = SPECIFICATION.resolve(f"{media_type}/examples/{next(iter(examples))}")
    model = getattr(models, pointer.rpartition("/")[2])
    assert schema["type"] == "object"
    return model.from_dict(example["value"])
