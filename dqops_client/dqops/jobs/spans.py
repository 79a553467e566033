"""One span of OpenTelemetry for what is done about a job, for programs that use it.

The spans of its HTTP calls are below it.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .job import Job

__all__ = ["job_span"]


@contextmanager
def job_span(job: Job) -> Iterator[None]:
    """Make what is done in the block a span.

    Args:
        job: The job that it is about.

    Yields:
        Nothing; without the program's own import of `opentelemetry.trace` nothing happens.
    """
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        yield
        return
    with trace.get_tracer("dqops.jobs").start_as_current_span(
        f"dqops job {job.kind.name}",
        # What went wrong is told by attributes: a recorded exception would hold a traceback.
        record_exception=False,
        set_status_on_exception=False,
        attributes={"dqops.job.kind": job.kind.name, "dqops.job.business_key": job.business_key},
    ) as span:
        if job.label:
            span.set_attribute("dqops.job.label", job.label)
        try:
            yield
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(trace.StatusCode.ERROR)
            raise
        finally:
            if job.job_id is not None:
                span.set_attribute("dqops.job.id", job.job_id)
            span.set_attribute("dqops.job.submissions", job.submissions)
