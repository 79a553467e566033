"""The operations of the group `connections`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..messages import Answer
from ..wire import compact, stable_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..seeds import Connection
    from .call import Call, Handler

__all__ = ["HANDLERS"]

_CHECK_TYPE_TEMPLATES = {
    "run_profiling_checks_job_template": "profiling",
    "run_monitoring_checks_job_template": "monitoring",
    "run_partition_checks_job_template": "partitioned",
}
_DELETE_FLAGS = {
    "deleteErrors": True,
    "deleteStatistics": True,
    "deleteCheckResults": True,
    "deleteSensorReadouts": True,
    "deleteErrorSamples": True,
    "deleteIncidents": True,
    "deleteChecksConfiguration": False,
}


def _get_all_connections(call: Call) -> Answer:
    return Answer.of_json(200, [_model(connection) for connection in call.state.connections])


def _model(connection: Connection) -> dict[str, Any]:
    everything = {"connection": connection.name, "enabled": True}
    return compact(
        {
            "connection_name": connection.name,
            "connection_hash": stable_hash(connection.name),
            "parallel_jobs_limit": connection.parallel_jobs_limit,
            "provider_type": connection.provider,
            connection.provider: dict(connection.parameters),
            "run_checks_job_template": everything,
            **{
                name: {**everything, "checkType": check_type}
                for name, check_type in _CHECK_TYPE_TEMPLATES.items()
            },
            "collect_statistics_job_template": everything,
            "data_clean_job_template": {"connection": connection.name, **_DELETE_FLAGS},
            "can_edit": True,
            "can_collect_statistics": True,
            "can_run_checks": True,
            "can_delete_data": True,
        }
    )


HANDLERS: Mapping[str, Handler] = {"get_all_connections": _get_all_connections}
