"""What logs and spans tell of a job."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client.models import CheckSearchFilters
from dqops.testing import Fault

if TYPE_CHECKING:
    from dqops.client import Client
    from dqops.testing import DqopsServer

    from jobs.support import Calling

ORDERS = CheckSearchFilters(connection="warehouse", full_table_name="public.orders")


def told(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    """What the package has told at a level, without keys and numbers."""
    return [
        record.message.partition("): ")[2]
        for record in caplog.records
        if record.name == "dqops.jobs" and record.levelno == level
    ]


def test_log(client: Client, calling: Calling, caplog: pytest.LogCaptureFixture) -> None:
    """INFO tells when a job was submitted and how it ended, and DEBUG what it does in between."""
    caplog.set_level(logging.DEBUG, "dqops.jobs")
    calling(client, "run_checks", ORDERS, business_key="nightly")
    assert caplog.records[0].message == (
        "run_checks job of public.orders (business key 'nightly'): is about to be submitted"
    )
    submitted, ended = told(caplog, logging.INFO)
    assert submitted.startswith("submitted after 0.")
    assert ended.startswith("finished after 0.")


def test_log_of_a_job_that_fails(
    server: DqopsServer, client: Client, calling: Calling, caplog: pytest.LogCaptureFixture
) -> None:
    """A job that failed is told at INFO as well; the exception has the reason."""
    caplog.set_level(logging.INFO, "dqops.jobs")
    server.state.next_outcome(fails="the disk is full")
    with pytest.raises(jobs.JobFailed):
        calling(client, "run_checks", ORDERS)
    assert told(caplog, logging.INFO)[-1].startswith("failed after 0.")


def test_log_of_a_gate(client: Client, calling: Calling, caplog: pytest.LogCaptureFixture) -> None:
    """A gate tells its verdict at INFO, and each table at DEBUG."""
    caplog.set_level(logging.DEBUG, "dqops.jobs")
    verdict = calling(client, "gate", ORDERS)
    assert str(verdict) == caplog.records[-1].message
    assert any("public.orders: " in record.message for record in caplog.records)


def test_span(server: DqopsServer, client: Client, calling: Calling, spans: Any) -> None:
    """A job is one span, and its HTTP calls are below it, also those that fail on the way."""
    server.faults.add(Fault.reset(when="after", operation="run_checks", nth=1))
    calling(client, "run_checks", ORDERS, business_key="nightly")
    finished = spans.get_finished_spans()
    job = finished[-1]
    assert "dqops job run_checks" == job.name
    attributes = dict(job.attributes)
    assert isinstance(attributes.pop("dqops.job.id"), int)
    assert {
        "dqops.job.kind": "run_checks",
        "dqops.job.business_key": "nightly",
        "dqops.job.label": "public.orders",
        "dqops.job.submissions": 1,
    } == attributes
    calls = finished[:-1]
    assert "dqops run_checks" in {span.name for span in calls}
    assert {job.context.span_id} == {span.parent.span_id for span in calls}


def test_span_of_a_job_that_fails(
    server: DqopsServer, client: Client, calling: Calling, spans: Any
) -> None:
    """The span of a job that fails is an error, with the kind of exception and no text of it."""
    server.state.next_outcome(fails="the disk is full")
    with pytest.raises(jobs.JobFailed):
        calling(client, "run_checks", ORDERS)
    job = spans.get_finished_spans()[-1]
    assert ("ERROR", "JobFailed") == (job.status.status_code.name, job.attributes["error.type"])
    assert () == tuple(job.events)


def test_spans_of_many(client: Client, calling: Calling, spans: Any) -> None:
    """Jobs at the same time have a span each, below what is current where they are asked for."""
    from opentelemetry import trace

    requests = [jobs.RUN_CHECKS.request(ORDERS) for _ in range(3)]
    with trace.get_tracer("mine").start_as_current_span("pipeline") as outer:
        calling(client, "run_many", requests)
    found = [span for span in spans.get_finished_spans() if span.name.startswith("dqops job")]
    assert [outer.get_span_context().span_id] * 3 == [span.parent.span_id for span in found]
