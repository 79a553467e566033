"""The operations of the group `jobs`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..domain.deletion import check_deletion
from ..domain.selection import select_tables
from ..http.errors import RefusedRequestError
from ..http.messages import Response
from ..http.wire import compact
from ..jobs import kinds
from ..jobs.queue import LONGEST_JOB_ID, ForgottenJobError
from ..jobs.work import filters_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..jobs.records import Job, JobKind
    from .call import Call, Handler

__all__ = ["HANDLERS"]

_FOLDERS = (
    "sources",
    "sensors",
    "rules",
    "checks",
    "settings",
    "credentials",
    "dictionaries",
    "patterns",
    "data_sensor_readouts",
    "data_check_results",
    "data_statistics",
    "data_errors",
    "data_incidents",
)

_EXECUTION_ERROR = 4


def _starting(kind: JobKind) -> Handler:
    """Make the handler of an operation that starts a job with its body as parameters."""

    def handler(call: Call) -> Response:
        return _started(call, kind, call.body)

    return handler


def _collecting_statistics(data_scope: str) -> Handler:
    def handler(call: Call) -> Response:
        parameters = compact(
            {
                "statistics_collector_search_filters": call.body,
                "data_scope": data_scope,
                # Left out by the server if it is false.
                "configure_table": call.parameters.get("configureTable") or None,
                "samples_limit": call.parameters.get("samplesLimit"),
                "dummy_sensor_execution": False,
            }
        )
        return _started(call, kinds.COLLECT_STATISTICS, parameters)

    return handler


def _synchronize_folders(call: Call) -> Response:
    job = _submitted(call, kinds.SYNCHRONIZE_FOLDERS, call.body)
    if not _is_awaited(call):
        return Response.of_json(201, {"jobId": job.id_model(), "status": "queued"})
    # Unlike all others, this operation has a body also when the wait times out.
    if _is_over(call, job):
        _check_finished(job)
    return Response.of_json(201, {"jobId": job.id_model(), "status": job.status})


def _started(call: Call, kind: JobKind, parameters: Mapping[str, Any]) -> Response:
    job = _submitted(call, kind, parameters)
    if not _is_awaited(call):
        return Response.of_json(201, {"jobId": job.id_model(), "status": "queued"})
    if not _is_over(call, job):
        return Response(201)
    _check_finished(job)
    outcome = {"jobId": job.id_model(), "result": job.result, "status": job.status}
    return Response.of_json(201, compact(outcome))


def _submitted(call: Call, kind: JobKind, parameters: Mapping[str, Any]) -> Job:
    # Refuses what it does not know before a job is there.
    select_tables(call.state, filters_of(parameters))
    check_deletion(parameters)
    key = call.parameters.get("jobBusinessKey")
    return call.state.queue.submit(kind, parameters, business_key=key)


def _is_over(call: Call, job: Job) -> bool:
    """Wait for a job as long as the caller wants to."""
    try:
        return call.state.queue.wait_for_end(job, _wait_seconds(call), call.cut)
    except ForgottenJobError:
        raise RefusedRequestError(404, f"Job {job.number} is not known any more.") from None


def _get_all_jobs(call: Call) -> Response:
    return Response.of_json(
        200,
        {
            "jobs": [],  # always, on the real server; the jobs are in the changes
            "folderSynchronizationStatus": _folder_status(call),
            "lastSequenceNumber": call.state.queue.number_before_changes(),
        },
    )


def _get_job_changes_since(call: Call) -> Response:
    queue = call.state.queue
    known = call.parameters["sequenceNumber"]
    asked = queue.next_number()
    queue.wait_for_changes(known, call.state.settings.poll_seconds, call.cut)
    changes = queue.changes_since(known)
    return Response.of_json(
        200,
        {
            "jobChanges": changes,
            "folderSynchronizationStatus": _folder_status(call),
            "lastSequenceNumber": queue.next_number() if changes else asked,
        },
    )


def _get_job(call: Call) -> Response:
    job = _find(call)
    return Response(404) if job is None else Response.of_json(200, job.model())


def _cancel_job(call: Call) -> Response:
    job = _find(call)
    if job is not None:  # the real server says the same about jobs that it does not know
        call.state.queue.cancel(job)
    return Response(204)


def _wait_for_job(call: Call) -> Response:
    return _waited(call, None)


def _waiting_for(result_type: str, summary_type: str) -> Handler:
    """Make the handler of an operation that waits for jobs of one type, and fails at their end."""

    def handler(call: Call) -> Response:
        return _waited(call, f"a {summary_type} cannot be taken for a {result_type}")

    return handler


def _waited(call: Call, defect: str | None) -> Response:
    job = _find(call)
    if job is None:
        return Response(404)
    is_known = job.ended
    if not _is_over(call, job):
        return Response(200)
    _check_finished(job)
    # The real server sends only what a job gives; one that gives nothing leaves the body empty.
    if job.result is None:
        return Response(200)
    if defect is not None:
        raise RefusedRequestError(500, defect)
    # At the end of a job it responds before it has noted the result among the parameters.
    return Response.of_json(200, job.model(with_result=is_known))


def _check_finished(job: Job) -> None:
    """Fail as the real server does whose response depends on a job that has failed.

    Whoever waits for a job that is cancelled gets an error without words.
    """
    if job.status != "finished":
        raise RefusedRequestError(500, job.failure or "")


def _is_cron_scheduler_running(call: Call) -> Response:
    return Response.of_json(200, call.state.scheduler_running)


def _switching_scheduler(*, on: bool) -> Handler:
    def handler(call: Call) -> Response:
        call.state.scheduler_running = on
        return Response(200)

    return handler


def _find(call: Call) -> Job | None:
    text = call.parameters["jobId"]
    job = call.state.queue.find(text)
    if job is None and text.isdigit() and len(text) > LONGEST_JOB_ID:
        raise RefusedRequestError(400, f"A job id has no {len(text)} digits.")
    return job


def _is_awaited(call: Call) -> bool:
    return bool(call.parameters.get("wait", call.state.settings.wait_by_default))


def _wait_seconds(call: Call) -> float:
    return float(call.parameters.get("waitTimeout", call.state.settings.wait_seconds))


def _folder_status(call: Call) -> dict[str, str]:
    """Tell which folders hold anything that DQOps Cloud does not have."""
    state = call.state
    results = state.check_results
    holds: dict[str, object] = {
        "sources": state.catalog.connections,
        "data_sensor_readouts": results,
        "data_check_results": results,
        "data_statistics": state.statistics,
        "data_errors": [result for result in results if result.severity == _EXECUTION_ERROR],
        "data_incidents": state.incidents,
    }
    return {
        folder: "changed" if holds.get(folder) and not state.settings.cloud_paired else "unchanged"
        for folder in _FOLDERS
    }


HANDLERS: Mapping[str, Handler] = {
    "cancel_job": _cancel_job,
    "collect_error_samples": _starting(kinds.COLLECT_ERROR_SAMPLES),
    "collect_statistics_on_data_groups": _collecting_statistics("data_group"),
    "collect_statistics_on_table": _collecting_statistics("table"),
    "delete_stored_data": _starting(kinds.DELETE_STORED_DATA),
    "get_all_jobs": _get_all_jobs,
    "get_job": _get_job,
    "get_job_changes_since": _get_job_changes_since,
    "import_tables": _starting(kinds.IMPORT_TABLES),
    "is_cron_scheduler_running": _is_cron_scheduler_running,
    "run_checks": _starting(kinds.RUN_CHECKS),
    "start_cron_scheduler": _switching_scheduler(on=True),
    "stop_cron_scheduler": _switching_scheduler(on=False),
    "synchronize_folders": _synchronize_folders,
    "wait_for_collect_error_samples_job": _waiting_for(
        "CollectErrorSamplesResult", "ErrorSamplerExecutionSummary"
    ),
    "wait_for_job": _wait_for_job,
    "wait_for_run_checks_job": _waiting_for("RunChecksQueueJobResult", "CheckExecutionSummary"),
}
