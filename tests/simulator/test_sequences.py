"""Random sequences of calls and faults: no invalid response, no failure of the simulator."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.testing import DqopsServer, Fault, FaultPlan, SimulatedDqops
from dqops.testing.http.messages import Response

from simulator.support import SPECIFICATION, VALIDATION
from simulator.valid_requests import ValidRequest, valid_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from dqops.testing import RecordedRequest

SEED = 20260115
IN_PROCESS = 940
ON_SOCKETS = 60
BATCHES = 10

JSON = {"Content-Type": "application/json"}
STARTING = {
    "run_checks": ValidRequest(
        "POST", "/api/jobs/runchecks?wait=false&jobBusinessKey=one", JSON, b"{}"
    ),
    "collect_statistics_on_table": ValidRequest(
        "POST", "/api/jobs/collectstatistics/table?wait=false", JSON, b"{}"
    ),
    "synchronize_folders": ValidRequest(
        "POST", "/api/jobs/synchronize?wait=false", JSON, b'{"sources": true}'
    ),
}
STARTED_TYPES = {"run_checks", "collect_statistics", "synchronize_multiple_folders"}
LOOKING = {
    "get_all_jobs": ValidRequest("GET", "/api/jobs/jobs", {}, None),
    "get_job": ValidRequest("GET", "/api/jobs/jobs/one", {}, None),
    "wait_for_job": ValidRequest("GET", "/api/jobs/jobs/one/wait?waitTimeout=0", {}, None),
    "get_job_changes_since": ValidRequest("GET", "/api/jobs/jobchangessince/3", {}, None),
    "cancel_job": ValidRequest("DELETE", "/api/jobs/jobs/one", {}, None),
    "is_healthy": ValidRequest("HEAD", "/api/ishealthy", {}, None),
}
WRONG = [
    ValidRequest("GET", "/api/nowhere", {}, None),
    ValidRequest("PUT", "/api/jobs/runchecks", {}, None),
    ValidRequest("POST", "/api/jobs/runchecks", JSON, b"{"),
    ValidRequest("POST", "/api/jobs/runchecks?wait=perhaps", JSON, b"{}"),
    ValidRequest("GET", "/api/jobs/jobs", {"Authorization": "Bearer wrong"}, None),
]
# Nobody waits in these sequences, where the clock stands still.
OTHERS = [
    each
    for each in SPECIFICATION.operations.values()
    if each.tag != "jobs" and not any(p["name"] == "waitTimeout" for _, p in each.parameters)
]
MAKERS: list[Callable[..., Fault]] = [
    lambda **rule: Fault.delay(0.001, **rule),
    lambda **rule: Fault.slow(1_000_000, **rule),
    lambda **rule: Fault.status(503, retry_after=1, **rule),
    lambda **rule: Fault.status(504, when="after", **rule),
    lambda **rule: Fault.endless_body(max_bytes=70_000, **rule),
    lambda **rule: Fault.compressed_bomb(size=10_000, **rule),
    lambda **rule: Fault.redirect("/elsewhere", **rule),
    lambda **rule: Fault.reset(when="during", **rule),
    lambda **rule: Fault.reset(when="after", **rule),
    lambda **rule: Fault.truncated(announced="actual", **rule),
    lambda **rule: Fault.wrong_json("not_utf8", **rule),
    lambda **rule: Fault.wrong_json("empty", **rule),
    lambda **rule: Fault.restart(when="after", **rule),
    Fault.close_idle,
    Fault.disconnect,
    Fault.invalid_http,
    Fault.null,
    Fault.proxy_page,
    Fault.reset,
    Fault.restart,
    Fault.timeout,
    Fault.truncated,
    Fault.unknown_enum,
    Fault.unknown_property,
    Fault.wrong_json,
]
# They change when or on which connection a response comes, and not what it says.
HARMLESS = {"close_idle", "delay", "restart", "slow"}


class Sequence:
    """A server, what is asked of it, and what must be true of it."""

    def __init__(self, seed: str, *, on_socket: bool) -> None:
        self.chance = random.Random(seed)
        plan = FaultPlan(self.faults(), seed=self.chance.randrange(1000))
        mode: Any = self.chance.choice(["immediate", "manual"])
        options: Any = {"faults": plan, "job_mode": mode, "poll_seconds": 0.0, "job_duration": 60}
        self.has_timeouts = any(fault.kind == "timeout" for fault in plan.faults)
        self.simulated = DqopsServer(**options) if on_socket else SimulatedDqops(**options)
        self.is_manual = mode == "manual"
        self.asked = 0
        self.jobs = 0
        self.compared = 0

    def faults(self) -> list[Fault]:
        """Make up some faults."""
        faults = []
        for _ in range(self.chance.randrange(4)):
            rule: dict[str, Any] = {"probability": self.chance.choice([0.2, 0.5, 1.0])}
            if self.chance.random() < 0.5:
                rule["operation"] = self.chance.sample([*STARTING, *LOOKING], 2)
            if self.chance.random() < 0.3:
                rule["nth"] = [1, 3, 4]
            if self.chance.random() < 0.3:
                rule["times"] = 2
            faults.append(self.chance.choice(MAKERS)(**rule))
        return faults

    def run(self) -> None:
        """Ask, and compare after each response."""
        with self.simulated as simulated:
            if isinstance(simulated, DqopsServer):
                # A connection for each request: what one ends must not hit the next.
                options: Any = {
                    "base_url": simulated.url,
                    "headers": {"Connection": "close"},
                }
            else:
                options = {"base_url": "http://x", "transport": simulated.transport()}
            # Patience is needed only where it is in vain.
            options["timeout"] = 0.05 if self.has_timeouts else 10
            with httpx.Client(verify=False, **options) as http:
                for _ in range(self.chance.randrange(4, 11)):
                    self.step(http)
            self.check_jobs()

    def step(self, http: httpx.Client) -> None:
        """Let something happen."""
        drawn = self.chance.random()
        if drawn < 0.1 and self.is_manual:
            self.simulated.state.advance(self.chance.choice([1, 30, 100]))
        elif drawn < 0.13:
            self.simulated.restart()
            self.jobs = 0
        elif drawn < 0.16:
            self.simulated.restore(self.simulated.snapshot())
        elif drawn < 0.4:
            self.ask(http, self.chance.choice(list(STARTING.values())), starts_job=True)
        elif drawn < 0.65:
            self.ask(http, self.chance.choice(list(LOOKING.values())))
        elif drawn < 0.75:
            self.ask(http, self.chance.choice(WRONG))
        else:
            self.ask(http, valid_request(self.chance.choice(OTHERS)))

    def ask(self, http: httpx.Client, request: ValidRequest, *, starts_job: bool = False) -> None:
        """Send a request, and compare what comes with what may come."""
        method, url, headers, content = request
        failure: httpx.TransportError | httpx.DecodingError | None = None
        response = None
        try:
            response = http.request(method, url, headers=headers, content=content)
        except (httpx.TransportError, httpx.DecodingError) as error:
            failure = error
        self.asked += 1
        record = self.record()
        self.count_job(record, starts_job=starts_job)
        if {fault.kind for fault in record.faults} <= HARMLESS:
            if self.has_timeouts and isinstance(failure, httpx.ReadTimeout):
                return  # the machine is busy
            assert response is not None, failure
            assert record.status == response.status_code
            if method != "HEAD":
                self.compared += 1
                assert [] == problems(record, response)

    def record(self) -> RecordedRequest:
        """Give the record of the request; after a timeout it may yet have to come."""
        ends = time.monotonic() + 10
        while len(self.simulated.requests) < self.asked and time.monotonic() < ends:
            time.sleep(0.001)
        records = self.simulated.requests
        assert self.asked == len(records)
        return records[-1]

    def count_job(self, record: RecordedRequest, *, starts_job: bool) -> None:
        """Count the job that was started, if it was, and forget those that a restart forgot."""
        when = {(fault.kind, fault.options.get("when")) for fault in record.faults}
        if ("restart", "before") in when:
            self.jobs = 0
        if any(moment == "before" and kind != "restart" for kind, moment in when):
            return
        self.jobs += starts_job
        if ("restart", "after") in when:
            self.jobs = 0

    def check_jobs(self) -> None:
        """Compare the queue with what was asked of it, and with itself."""
        queue = self.simulated.state.queue
        with self.simulated.state.condition:
            queue.advance()
            jobs = {job.number: job for job in queue.jobs}
            changes = queue.changes_since(0)
        parents = [job for job in jobs.values() if "parentJobId" not in job.id_model()]
        assert self.jobs == sum(job.kind.job_type in STARTED_TYPES for job in parents)
        assert sorted(jobs) == list(jobs)
        numbers = [each["changeSequence"] for each in changes]
        assert sorted({*numbers, *jobs}) == sorted([*numbers, *jobs])
        assert sorted(numbers) == numbers
        assert set(jobs) == {each["jobId"]["jobId"] for each in changes}
        for job in parents:
            if job.status == "finished":
                assert all(child.ended for child in queue.child_jobs(job))
        if not self.is_manual:
            assert all(job.ended for job in jobs.values())


def problems(record: RecordedRequest, response: httpx.Response) -> list[str]:
    """Compare a response with the specification, or with what the framework sends."""
    content_type = response.headers.get("content-type")
    headers = {} if content_type is None else {"Content-Type": content_type}
    sent = Response(response.status_code, response.content, headers)
    if sent.status >= 400 and sent.body.startswith(b"{"):
        schema = "/components/schemas/SpringErrorPayload"
        return [str(each) for each in VALIDATION.problems(schema, response.json())]
    if sent.status in {401, 403} and not sent.body:
        return []
    assert record.operation is not None
    return VALIDATION.response_problems(SPECIFICATION.operations[record.operation], sent)


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize(("count", "on_socket"), [(IN_PROCESS, False), (ON_SOCKETS, True)])
def test_random_sequences(
    batch: int, count: int, on_socket: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """1,000 sequences of some seven calls each; a failing one is named by its seed."""
    compared = 0
    for number in range(batch, count, BATCHES):
        seed = f"{SEED}:{on_socket}:{number}"
        sequence = Sequence(seed, on_socket=on_socket)
        try:
            sequence.run()
        except Exception:
            print(f"the sequence with the seed {seed!r} failed: {sequence.simulated.faults!r}")
            raise
        compared += sequence.compared
    assert compared > count // BATCHES
    assert "" == caplog.text
