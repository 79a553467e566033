"""Whatever goes wrong while a job is submitted, it runs exactly once."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest
from dqops import jobs
from dqops.client import AuthenticatedClient, Client, errors
from dqops.testing import DqopsServer, Fault

from jobs.support import FAST, FILTERS, KEY_DELAY, submitted

if TYPE_CHECKING:
    from jobs.support import Calling

SUBMIT = "run_checks"
# Which of them the server has taken the job on in spite of.
FAULTS = {
    "reset before": (Fault.reset(when="before", operation=SUBMIT, nth=1), False),
    "reset during": (Fault.reset(when="during", operation=SUBMIT, nth=1), True),
    "reset after": (Fault.reset(when="after", operation=SUBMIT, nth=1), True),
    "closed before": (Fault.disconnect(when="before", operation=SUBMIT, nth=1), False),
    "closed after": (Fault.disconnect(when="after", operation=SUBMIT, nth=1), True),
    "silence before": (Fault.timeout(when="before", operation=SUBMIT, nth=1), False),
    "silence after": (Fault.timeout(when="after", operation=SUBMIT, nth=1), True),
    "408": (Fault.status(408, when="after", operation=SUBMIT, nth=1), True),
    "429": (Fault.status(429, retry_after=0, operation=SUBMIT, nth=1), False),
    "502 before": (Fault.status(502, when="before", operation=SUBMIT, nth=1), False),
    "502 after": (Fault.status(502, when="after", operation=SUBMIT, nth=1), True),
    "503": (Fault.status(503, retry_after=0, operation=SUBMIT, nth=1), False),
    "504": (Fault.proxy_page(504, when="after", operation=SUBMIT, nth=1), True),
    "500 after all": (Fault.status(500, when="after", operation=SUBMIT, nth=1), True),
    "page of a login": (Fault.proxy_page(200, operation=SUBMIT, nth=1), False),
    "no HTTP": (Fault.invalid_http(when="after", operation=SUBMIT, nth=1), True),
    "body cut off": (Fault.truncated(operation=SUBMIT, nth=1), True),
    "JSON cut off": (Fault.wrong_json("cut", operation=SUBMIT, nth=1), True),
    "no body": (Fault.wrong_json("empty", operation=SUBMIT, nth=1), True),
    "no job id": (Fault.null("/jobId/jobId", operation=SUBMIT, nth=1), True),
}


@pytest.mark.parametrize(("fault", "taken_on"), FAULTS.values(), ids=FAULTS)
def test_ambiguous_failure(
    server: DqopsServer, client: Client, calling: Calling, fault: Fault, taken_on: bool
) -> None:
    """A submission that failed half-way ends in one job, sent again only if there was none."""
    server.faults.add(fault)

    outcome = calling(client, "run_checks", FILTERS, business_key="nightly")

    assert {"nightly": 1} == submitted(server)
    assert (1 if taken_on else 2) == outcome.submissions
    assert ("finished", "fatal") == (outcome.status, outcome.highest_severity)


def test_fault_upon_fault(server: DqopsServer, client: Client, calling: Calling) -> None:
    """Look-ups that fail, too, prove nothing, and are repeated until one does."""
    server.faults.add(
        Fault.reset(when="after", operation=SUBMIT, nth=1),
        Fault.status(502, operation="get_job", nth=[1, 3]),
        Fault.reset(operation="get_job", nth=2),
        Fault.null("/jobId/jobId", operation="get_job", nth=6),
        # What a proxy says that does not find the server is no word of the server.
        Fault.proxy_page(404, operation="get_job", nth=[4, 5]),
    )
    outcome = calling(client, "run_checks", FILTERS)
    assert {outcome.business_key: 1} == submitted(server)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, errors.BadRequest), (401, errors.Unauthorized), (403, errors.Forbidden)],
)
def test_refusal(
    server: DqopsServer, client: Client, calling: Calling, status: int, kind: type[Exception]
) -> None:
    """A server that refuses gets the job once, and the caller the server's response at once."""
    server.faults.add(Fault.status(status, operation=SUBMIT))
    with pytest.raises(kind):
        calling(client, "run_checks", FILTERS)
    assert [SUBMIT] == [request.operation for request in server.requests]


def test_wrong_key(server: DqopsServer, calling: Calling) -> None:
    """A key that the server does not know is told as such, and shows nowhere."""
    client = AuthenticatedClient(server.url, "secret-token")
    with client, pytest.raises(errors.Unauthorized) as caught:
        calling(client, "run_checks", FILTERS)
    assert "secret-token" not in f"{caught.value!r} {caught.value}"


def test_error_of_the_server(server: DqopsServer, client: Client, calling: Calling) -> None:
    """A 500 is not repeated: if the server did not take the job on, the caller gets the 500."""
    server.faults.add(Fault.status(500, operation=SUBMIT))
    with pytest.raises(errors.ServerError, match="500"):
        calling(client, "run_checks", FILTERS)
    assert (1, {}) == (len(server.calls(SUBMIT)), submitted(server))


def test_no_server(calling: Calling) -> None:
    """Where nothing listens, nothing was sent; that is tried again for a while, then told."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with (
        Client(f"http://127.0.0.1:{port}") as client,
        pytest.raises(errors.ConnectionFailure),
    ):
        calling(client, "run_checks", FILTERS)


def test_never_sent_twice_if_so_wished(
    server: DqopsServer, client: Client, calling: Calling
) -> None:
    """With one submission allowed, a job that got lost is told as not confirmed."""
    server.faults.add(Fault.reset(when="before", operation=SUBMIT))
    timing = jobs.Timing(submissions=1, registered_within=0.2, first_pause=0.05)
    with pytest.raises(jobs.JobNotConfirmed, match=r"'once'.* most likely does not run") as caught:
        calling(client, "run_checks", FILTERS, business_key="once", timing=timing)
    assert (1, "once") == (len(server.calls(SUBMIT)), caught.value.business_key)


def test_given_key_is_taken(server: DqopsServer, client: Client, calling: Calling) -> None:
    """A key that the server knows is refused, unless the caller wants that very job."""
    first = jobs.run_checks(client, FILTERS, business_key="nightly", timing=FAST)
    time.sleep(KEY_DELAY)
    with pytest.raises(jobs.JobAlreadyExists, match="'nightly'"):
        calling(client, "run_checks", FILTERS, business_key="nightly")
    again = calling(client, "run_checks", FILTERS, business_key="nightly", if_exists="attach")
    assert (first.job_id, 0) == (again.job_id, again.submissions)
    assert {"nightly": 1} == submitted(server)


def test_key_of_another_kind(server: DqopsServer, client: Client, calling: Calling) -> None:
    """A job of another kind is not taken for the one that was meant."""
    jobs.run_checks(client, FILTERS, business_key="nightly", timing=FAST)
    time.sleep(KEY_DELAY)
    with pytest.raises(errors.InvalidRequest, match="'collect_error_samples', got 'run_c"):
        calling(
            client, "collect_error_samples", FILTERS, business_key="nightly", if_exists="attach"
        )
    assert {"nightly": 1} == submitted(server)


@pytest.mark.parametrize("key", ["", "7", "a/b", "a;b", "50%", "..", "line\nbreak", "x" * 201, 7])
def test_impossible_key(server: DqopsServer, client: Client, calling: Calling, key: str) -> None:
    """A key by which the job could not be looked up for sure is refused before anything is sent."""
    with pytest.raises(errors.InvalidRequest, match="a business key"):
        calling(client, "run_checks", FILTERS, business_key=key)
    assert [] == server.requests
