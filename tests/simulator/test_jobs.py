"""Jobs: waiting, time-outs, business keys, children, cancelling, changes."""

from __future__ import annotations

import concurrent.futures
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.testing import DqopsServer, Incident, Settings, State
from dqops.testing.jobs.kinds import RUN_CHECKS

from simulator.support import NOW, TABLE, ManualClock, problems, result, seed

if TYPE_CHECKING:
    from collections.abc import Callable

    Connect = Callable[[DqopsServer], httpx.Client]

RUN = "/api/jobs/runchecks"
STARTING = [
    "/api/jobs/runchecks",
    "/api/jobs/collecterrorsamples",
    "/api/jobs/collectstatistics/table",
    "/api/jobs/collectstatistics/withgrouping",
    "/api/jobs/deletestoreddata",
    "/api/jobs/importtables",
]


def run(http: httpx.Client, filters: dict[str, Any]) -> dict[str, Any]:
    """Run checks, wait for the end, and give the result."""
    response = http.post(f"{RUN}?wait=true", json={"check_search_filters": filters})
    assert [] == problems("run_checks", response)
    outcome: dict[str, Any] = response.json()["result"]
    return outcome


@pytest.mark.parametrize("path", STARTING)
def test_wait_that_times_out_has_no_body_and_the_job_goes_on(connect: Connect, path: str) -> None:
    """After `waitTimeout` the response is 201 and empty; the job finishes later."""
    clock = ManualClock()
    http = connect(DqopsServer(clock=clock, job_duration=600, wait_by_default=False))
    body = {}
    if path.endswith("importtables"):
        body = {"connectionName": "warehouse", "tableNames": ["orders"]}

    response = http.post(f"{path}?wait=true&waitTimeout=0&jobBusinessKey=slow", json=body)

    assert (201, b"") == (response.status_code, response.content)
    assert "running" == http.get("/api/jobs/jobs/slow").json()["status"]
    clock.move(600)
    assert "finished" == http.get("/api/jobs/jobs/slow").json()["status"]


def test_synchronization_has_a_body_also_when_the_wait_times_out(connect: Connect) -> None:
    """It is the one operation that always has a body."""
    http = connect(DqopsServer(job_duration=5, wait_by_default=False))
    response = http.post("/api/jobs/synchronize?wait=true&waitTimeout=0", json={})
    assert "running" == response.json()["status"]


def test_job_without_result_leaves_the_body_of_wait_for_job_empty(http: httpx.Client) -> None:
    """A synchronization gives nothing, so waiting for it gives 200 with no body."""
    number = http.post("/api/jobs/synchronize", json={}).json()["jobId"]["jobId"]
    response = http.get(f"/api/jobs/jobs/{number}/wait")
    assert (200, b"") == (response.status_code, response.content)


@pytest.mark.parametrize("path", ["/api/jobs/jobs", "/api/jobs/runchecks"])
def test_waiting_for_a_job_that_goes_on_gives_200_without_body(connect: Connect, path: str) -> None:
    """The wait operations do not fail when the time is over."""
    http = connect(DqopsServer(job_duration=5, wait_by_default=False))
    http.post(f"{RUN}?jobBusinessKey=slow", json={})
    response = http.get(f"{path}/slow/wait?waitTimeout=0")
    assert (200, b"") == (response.status_code, response.content)


def test_without_wait_the_response_has_only_id_and_status(http: httpx.Client) -> None:
    """A job that was just started is `queued`, with neither result nor more."""
    response = http.post(f"{RUN}?jobBusinessKey=mine", json={}).json()
    assert {"jobId", "status"} == set(response)
    assert "queued" == response["status"]
    assert "mine" == response["jobId"]["jobBusinessKey"]


def test_absent_wait_means_to_wait(connect: Connect) -> None:
    """Without `wait` the response comes when the job ends; with `wait=no` it comes at once."""
    http = connect(DqopsServer(job_duration=0.01))
    statuses = [http.post(f"{RUN}{query}", json={}).json()["status"] for query in ("", "?wait=no")]
    assert ["finished", "queued"] == statuses


def test_job_is_found_by_number_and_by_business_key(http: httpx.Client) -> None:
    """Both lead to the same job; a business key that looks like a number comes first."""
    first = http.post(RUN, json={}).json()["jobId"]["jobId"]
    keyed = http.post(f"{RUN}?jobBusinessKey={first}", json={}).json()["jobId"]["jobId"]
    odd = http.post(RUN, params={"jobBusinessKey": "nightly/ü ?"}, json={}).json()["jobId"]["jobId"]

    def found(text: str) -> int:
        number: int = http.get(f"/api/jobs/jobs/{text}").json()["jobId"]["jobId"]
        return number

    assert [keyed, keyed, odd, odd] == [
        found(text) for text in (str(first), str(keyed), "nightly%2F%C3%BC%20%3F", str(odd))
    ]


def test_run_starts_a_child_for_each_table(http: httpx.Client) -> None:
    """The children carry their parent's id, their table and their part of the result."""
    parent = http.post(f"{RUN}?wait=true", json={}).json()
    changes = http.get("/api/jobs/jobchangessince/0").json()["jobChanges"]
    jobs = [each["updatedModel"] for each in changes if each["status"] == "finished"]
    children = [job for job in jobs if job["jobType"] == "run_checks_on_table"]

    assert [parent["jobId"]] * 2 == [child["jobId"]["parentJobId"] for child in children]
    parameters = [child["parameters"]["runChecksOnTableParameters"] for child in children]
    assert ["orders", "customers"] == [each["table"]["table_name"] for each in parameters]
    executed = [each["run_checks_result"]["executed_checks"] for each in parameters]
    assert parent["result"]["executed_checks"] == sum(executed)


def test_job_carries_its_result_in_its_parameters(http: httpx.Client) -> None:
    """A finished job shows what it was asked for, and what came out."""
    body = {"check_search_filters": {"connection": "warehouse"}}
    response = http.post(f"{RUN}?wait=true", json=body).json()
    job = http.get(f"/api/jobs/jobs/{response['jobId']['jobId']}").json()
    assert {**body, "run_checks_result": response["result"]} == job["parameters"][
        "runChecksParameters"
    ]


def test_cancelled_job_and_its_children_end_without_result(connect: Connect) -> None:
    """Cancelling returns 204 at once, all that the job has started ends, and waits fail."""
    server = DqopsServer(job_duration=30, wait_by_default=False)
    http = connect(server)
    http.post(f"{RUN}?jobBusinessKey=long", json={})
    http.get("/api/jobs/jobs/long")  # the job is running by now

    assert 204 == http.delete("/api/jobs/jobs/long").status_code

    assert "cancelled" == http.get("/api/jobs/jobs/long").json()["status"]
    assert ["cancelled"] * 3 == [job.status for job in server.state.queue.jobs]
    for kind in ("jobs", "runchecks"):
        waited = http.get(f"/api/jobs/{kind}/long/wait")
        assert (500, "") == (waited.status_code, waited.json()["message"])


def test_job_to_be_cancelled_is_over_for_those_who_wait_only(connect: Connect) -> None:
    """Until it has stopped it is `cancel_requested`, while every wait for it fails at once."""
    clock = ManualClock()
    http = connect(DqopsServer(clock=clock, job_duration=30, cancel_delay=3, wait_by_default=False))
    http.post(f"{RUN}?jobBusinessKey=long", json={})
    http.delete("/api/jobs/jobs/long")

    seen = [http.get("/api/jobs/jobs/long").json()["status"]]
    status = http.get("/api/jobs/jobs/long/wait").status_code
    clock.move(3)
    seen.append(http.get("/api/jobs/jobs/long").json()["status"])
    assert ["cancel_requested", "cancelled"] == seen
    assert 500 == status


@pytest.mark.parametrize("name", ["4242", "nosuch", "-1"])
def test_whatever_is_to_be_cancelled_is_confirmed(http: httpx.Client, name: str) -> None:
    """204 also for a job that there is not, for which everything else returns 404."""
    paths = [f"/api/jobs/jobs/{name}", f"/api/jobs/jobs/{name}/wait"]
    assert 204 == http.delete(paths[0]).status_code
    responses = [http.get(path) for path in (*paths, f"/api/jobs/runchecks/{name}/wait")]
    assert [(404, b"")] * 3 == [(each.status_code, each.content) for each in responses]


def test_cancelling_a_finished_job_changes_nothing(http: httpx.Client) -> None:
    """The response is 204, and the job stays finished."""
    http.post(f"{RUN}?jobBusinessKey=done&wait=true", json={})
    assert 204 == http.delete("/api/jobs/jobs/done").status_code
    assert "finished" == http.get("/api/jobs/jobs/done").json()["status"]


def test_waiting_for_a_job_of_another_type_is_a_server_error(http: httpx.Client) -> None:
    """As on the real server, which reads parameters that are not there."""
    http.post("/api/jobs/synchronize?jobBusinessKey=other", json={})
    response = http.get("/api/jobs/runchecks/other/wait")
    assert 200 == response.status_code  # it gives nothing, not even to be mistaken for something
    body = {"connectionName": "warehouse", "tableNames": ["orders"]}
    http.post("/api/jobs/importtables?jobBusinessKey=import", json=body)
    response = http.get("/api/jobs/runchecks/import/wait")
    assert 500 == response.status_code
    assert [] == problems("wait_for_run_checks_job", response)


WAITS_THAT_FAIL: dict[str, tuple[str, dict[str, Any]]] = {
    "run_checks": ("runchecks", {}),
    "collect_error_samples": ("collecterrorsamples", {}),
}


@pytest.mark.parametrize(("path", "body"), WAITS_THAT_FAIL.values(), ids=WAITS_THAT_FAIL)
def test_waits_of_their_own_fail_at_the_end_of_a_job(
    http: httpx.Client, path: str, body: dict[str, Any]
) -> None:
    """Their result never comes; `get_job` has it."""
    http.post(f"/api/jobs/{path}?jobBusinessKey=mine", json=body)
    waited = http.get(f"/api/jobs/{path}/mine/wait")
    assert (500, "Internal Server Error") == (waited.status_code, waited.json()["error"])
    assert {"timestamp", "path", "status", "error", "message", "requestId", "trace"} == set(
        waited.json()
    )
    assert f"/api/jobs/{path}/mine/wait" == waited.json()["path"]
    assert "finished" == http.get("/api/jobs/jobs/mine").json()["status"]


def test_result_is_noted_after_those_who_wait_get_their_responses(connect: Connect) -> None:
    """The job that a wait gives has a result only if the job had ended before; `get_job` has it."""
    http = connect(DqopsServer(job_mode="skip", job_duration=60))
    http.post(f"{RUN}?wait=false&jobBusinessKey=mine", json={})
    waited = http.get("/api/jobs/jobs/mine/wait").json()
    asked = http.get("/api/jobs/jobs/mine").json()
    assert ("finished", "") == (waited["status"], waited["dataDomain"])
    assert asked == http.get("/api/jobs/jobs/mine/wait").json()
    assert "run_checks_result" not in waited["parameters"]["runChecksParameters"]
    assert asked["parameters"]["runChecksParameters"].pop("run_checks_result")
    assert waited == asked


FAILING: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "import without names": (
        "importtables",
        {"connectionName": "warehouse", "schemaName": "public"},
        "java.lang.NullPointerException",
        '"tableNames" is null',
    ),
    "synchronization without a key for the cloud": (
        "synchronize",
        {"direction": "full", "sources": True},
        "com.dqops.core.jobqueue.exceptions.DqoQueueJobExecutionException",
        "com.dqops.core.dqocloud.apikey.DqoCloudInvalidKeyException",
    ),
    "import of an unknown connection": (
        "importtables",
        {"connectionName": "missing", "tableNames": ["orders"]},
        "",
        "Connection 'missing' was not found.",
    ),
}


@pytest.mark.parametrize(("path", "body", "kind", "message"), FAILING.values(), ids=FAILING)
def test_job_that_fails(
    http: httpx.Client, path: str, body: dict[str, Any], kind: str, message: str
) -> None:
    """Whoever waits gets 500, without a job id; the job says why, with the exception's name."""
    response = http.post(f"/api/jobs/{path}?wait=true", json=body)
    queued = http.post(f"/api/jobs/{path}?jobBusinessKey=mine", json=body).json()
    waited = http.get("/api/jobs/jobs/mine/wait")
    job = http.get("/api/jobs/jobs/mine").json()

    assert [500, 500] == [response.status_code, waited.status_code]
    assert "jobId" not in response.json()
    assert "queued" == queued["status"]
    assert "failed" == job["status"]
    assert message in response.json()["message"]
    assert response.json()["message"] == waited.json()["message"]
    prefix = f"{kind}: " if kind else ""
    assert f"{prefix}{waited.json()['message']}" == job["errorMessage"]


def test_synchronization_of_a_server_with_a_key_for_the_cloud(connect: Connect) -> None:
    """Such a server is a setting away."""
    http = connect(DqopsServer(cloud_paired=True, job_duration=0))
    response = http.post("/api/jobs/synchronize?wait=true", json={"sources": True}).json()
    assert "finished" == response["status"]


def test_list_of_jobs_is_always_empty(http: httpx.Client) -> None:
    """Only the number from which all changes can be asked for is of use."""
    http.post(f"{RUN}?wait=true", json={})
    listed = http.get("/api/jobs/jobs").json()
    assert [] == listed["jobs"]
    assert "changed" == listed["folderSynchronizationStatus"]["sources"]
    number = listed["lastSequenceNumber"]
    changes = http.get(f"/api/jobs/jobchangessince/{number}").json()["jobChanges"]
    assert number + 1 == changes[0]["changeSequence"]


def test_same_key_again_starts_a_second_job_that_takes_the_key(http: httpx.Client) -> None:
    """The server does not mind; the first job can be found by its number only."""
    first, second = (http.post(f"{RUN}?jobBusinessKey=same", json={}).json() for _ in range(2))
    found = http.get("/api/jobs/jobs/same").json()["jobId"]
    assert second["jobId"] == found != first["jobId"]
    number = first["jobId"]["jobId"]
    assert first["jobId"] == http.get(f"/api/jobs/jobs/{number}").json()["jobId"]


def test_times_of_jobs_have_nanoseconds(http: httpx.Client) -> None:
    """9 digits, but for the rare time that has none to tell."""
    digits = set()
    for _ in range(5):
        created = http.post(RUN, json={}).json()["jobId"]["createdAt"]
        digits.add(len(created.removesuffix("Z").partition(".")[2]))
    assert digits <= {9, 6}
    assert 9 in digits


def test_imported_table_is_known_afterwards(connect: Connect) -> None:
    """A table of the data source gives 404 until it is imported."""
    http = connect(DqopsServer(seed(), job_duration=0, wait_by_default=False))
    path = "/api/connections/shop/schemas/sales/tables/returns/status"
    before = http.get(path).status_code
    body = {"connectionName": "shop", "schemaName": "sales", "tableNames": ["returns", "other"]}
    response = http.post("/api/jobs/importtables?wait=true", json=body).json()
    assert [404, 200] == [before, http.get(path).status_code]
    (table,) = response["result"]["source_table_specs"]
    assert ["id", "email"] == list(table["columns"])


def test_changes_are_numbered_and_told_once(http: httpx.Client) -> None:
    """A job's changes come in order; asking again with the last number waits and gives none.

    Numbers count within a second of the server's time, and jobs have theirs among them.
    """
    http.post(f"{RUN}?wait=true", json={"check_search_filters": {"connection": "none"}})
    snapshot = http.get("/api/jobs/jobchangessince/0").json()
    changes = snapshot["jobChanges"]

    assert ["queued", "running", "finished"] == [change["status"] for change in changes]
    numbers = [changes[0]["jobId"]["jobId"], *(each["changeSequence"] for each in changes)]
    numbers.append(snapshot["lastSequenceNumber"])
    assert sorted(set(numbers)) == numbers
    assert abs(numbers[0] // 1_000_000 - time.time()) < 60
    assert [True, False, True] == ["updatedModel" in each for each in changes]
    assert {""} == {each["domainName"] for each in changes}
    later = http.get(f"/api/jobs/jobchangessince/{numbers[-1]}").json()
    assert [] == later["jobChanges"]
    assert numbers[-1] < later["lastSequenceNumber"]


def test_changes_are_forgotten_after_a_time(connect: Connect) -> None:
    """The real server remembers them for five minutes, and jobs for an hour."""
    clock = ManualClock()
    server = DqopsServer(
        clock=clock, job_mode="immediate", change_history_seconds=300, job_history_seconds=3600
    )
    http = connect(server)
    http.post(f"{RUN}?jobBusinessKey=mine", json={})
    seen = []
    for _ in range(3):
        changes = http.get("/api/jobs/jobchangessince/0").json()["jobChanges"]
        seen.append((bool(changes), http.get("/api/jobs/jobs/mine").status_code))
        clock.move(1900)
    assert [(True, 200), (False, 200), (False, 404)] == seen


def test_request_for_changes_gets_a_response_as_soon_as_there_is_one(connect: Connect) -> None:
    """A long poll ends with the change, not with the time that it may take."""
    server = DqopsServer(poll_seconds=30, wait_by_default=False)
    http = connect(server)
    later = threading.Timer(0.05, lambda: http.post(RUN, json={}))
    later.start()
    start = time.monotonic()
    number = http.get("/api/jobs/jobs").json()["lastSequenceNumber"]
    changes = http.get(f"/api/jobs/jobchangessince/{number}").json()["jobChanges"]
    elapsed = time.monotonic() - start
    # The change can arrive before the response to what made it; the client is closed after both.
    later.join()
    assert "queued" == changes[0]["status"]
    assert elapsed < 5


def test_deletion_removes_what_matches_and_counts_it(connect: Connect) -> None:
    """Only the flagged kind of data within the dates goes; the response counts rows per month."""
    results = [result("rows", days_ago=days) for days in (0, 1, 40)] + [result("other")]
    clock = ManualClock()
    http = connect(DqopsServer(seed(*results), clock=clock, job_mode="immediate"))
    body: dict[str, Any] = {"connection": "shop", "checkName": "rows", "dateStart": "2024-05-01"}

    unflagged = http.post("/api/jobs/deletestoreddata?wait=true", json=body).json()
    body = {**body, "deleteCheckResults": True}
    flagged = http.post("/api/jobs/deletestoreddata?wait=true", json=body).json()

    assert {} == unflagged["result"]["partitionResults"]
    (partition,) = flagged["result"]["partitionResults"].values()
    assert {"rowsAffectedCount": 2, "partitionDeleted": False} == partition
    status = http.get(f"{TABLE}/status?months=3").json()
    assert {"other": 1, "rows": 1} == {
        name: check["executed_checks"] for name, check in status["checks"].items()
    }


DELETED_KINDS: list[tuple[dict[str, Any], dict[str, int], dict[str, Any]]] = [
    # The flags, the rows that each kind of data loses, and what is left.
    ({}, {}, {"valid": 1, "failed": 1, "samples": 2, "incidents": 2}),
    ({"deleteCheckResults": True}, {"check_results": 1}, {"failed": 1, "incidents": 2}),
    ({"deleteErrors": True}, {"errors": 1}, {"valid": 1, "samples": 2, "incidents": 2}),
    (
        {"deleteErrorSamples": True},
        {"error_samples": 2},
        {"valid": 1, "failed": 1, "incidents": 2},
    ),
    ({"deleteIncidents": True}, {}, {"valid": 1, "failed": 1, "samples": 2}),
    (
        {"deleteIncidents": True, "incidentStatusName": "resolved"},
        {},
        {"valid": 1, "failed": 1, "samples": 2, "incidents": 1},
    ),
]


@pytest.mark.parametrize(("flags", "rows", "left"), DELETED_KINDS, ids=str)
def test_deletion_takes_the_flagged_kinds_of_data_only(
    connect: Connect, flags: dict[str, Any], rows: dict[str, int], left: dict[str, Any]
) -> None:
    """Results, execution errors, error samples and incidents of some status go one by one."""
    server = DqopsServer(seed(result("rows", 0, samples=("a", "b")), result("broken", 4)))
    for status in ("open", "resolved"):
        server.state.add_incident(
            Incident("shop", "sales", "orders", NOW, status=status, incident_id=status)
        )
    http = connect(server)
    response = http.post(
        "/api/jobs/deletestoreddata?wait=true", json={**flags, "connection": "shop"}
    )
    results = server.state.check_results
    partitions = response.json()["result"]["partitionResults"].items()
    assert rows == {name.partition("/")[0]: rows["rowsAffectedCount"] for name, rows in partitions}
    assert {"valid": 0, "failed": 0, "samples": 0, "incidents": 0, **left} == {
        "valid": sum(each.severity == 0 for each in results),
        "failed": sum(each.severity == 4 for each in results),
        "samples": sum(len(each.samples) for each in results),
        "incidents": len(server.state.incidents),
    }


def test_deletion_of_configuration_is_refused(http: httpx.Client) -> None:
    """What the simulator cannot do it says, before a job is there."""
    body = {"connection": "warehouse", "deleteChecksConfiguration": True}
    response = http.post("/api/jobs/deletestoreddata", json=body)
    assert (501, []) == (response.status_code, http.get("/api/jobs/jobs").json()["jobs"])


def checks() -> list[Any]:
    """Results of many kinds, one for each check."""
    return [
        result("rows", 1, quality_dimension="Completeness"),
        result("rows", 3, days_ago=1, quality_dimension="Completeness"),
        result("nulls", 2, column="email", category="nulls", sensor_name="column/nulls/count"),
        result("profile_nulls", 0, column="id", check_type="profiling", category="nulls"),
        result("partition", 4, check_type="partitioned", time_scale="monthly"),
        result("other_table", 3, table="carts"),
    ]


@pytest.mark.parametrize(
    ("filters", "counts"),  # valid, warnings, errors, fatals, execution errors
    [
        ({}, (1, 1, 1, 1, 1)),
        ({"connection": "s*"}, (1, 1, 1, 1, 1)),
        ({"connection": "other"}, (0, 0, 0, 0, 0)),
        ({"fullTableName": "sales.carts"}, (0, 0, 0, 1, 0)),
        ({"fullTableName": "*.ord*"}, (1, 1, 1, 0, 1)),
        ({"fullTableName": "sales.ord"}, (0, 0, 0, 0, 0)),
        ({"checkType": "profiling"}, (1, 0, 0, 0, 0)),
        ({"checkType": "partitioned", "timeScale": "monthly"}, (0, 0, 0, 0, 1)),
        ({"timeScale": "daily"}, (0, 1, 1, 1, 0)),
        ({"column": "em*"}, (0, 0, 1, 0, 0)),
        ({"column": "*"}, (1, 0, 1, 0, 0)),
        ({"columnDataType": "BIGINT"}, (1, 0, 0, 0, 0)),
        ({"columnNullable": True}, (0, 0, 1, 0, 0)),
        ({"checkTarget": "table"}, (0, 1, 0, 1, 1)),
        ({"checkTarget": "column"}, (1, 1, 1, 1, 1)),
        ({"checkTarget": "column", "column": "*"}, (1, 0, 1, 0, 0)),
        ({"tags": ["ignored"]}, (1, 1, 1, 1, 1)),
        ({"checkName": "PROFILE_*"}, (1, 0, 0, 0, 0)),
        ({"checkName": "*nulls"}, (1, 0, 1, 0, 0)),
        ({"checkCategory": "nulls"}, (1, 0, 1, 0, 0)),
        ({"sensorName": "column/*"}, (0, 0, 1, 0, 0)),
        ({"fullTableName": "sales.orders", "maxResults": 1}, (0, 1, 0, 0, 0)),
        ({"fullTableName": "sales.orders", "maxResults": 3}, (1, 1, 0, 0, 1)),
        ({"qualityDimension": "Completeness"}, (0, 1, 0, 0, 0)),
        ({"labels": ["hot"]}, (1, 1, 1, 0, 1)),
        ({"labels": []}, (1, 1, 1, 1, 1)),
        ({"enabled": False}, (0, 0, 0, 0, 0)),
    ],
    ids=str,
)
def test_run_executes_the_checks_that_match(
    connect: Connect, filters: dict[str, Any], counts: tuple[int, ...]
) -> None:
    """Each filter restricts; in a new period each check finds what it found last."""
    http = connect(DqopsServer(seed(*checks()), job_duration=0))
    outcome = run(http, filters)
    valid, warnings, *others = counts
    names = ("valid_results", "warnings", "errors", "fatals", "execution_errors")
    # A warning is a valid result, too.
    assert (valid + warnings, warnings, *others) == tuple(outcome[name] for name in names)
    assert sum(counts) == outcome["executed_checks"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "fatal"),
        ({"fullTableName": "sales.orders"}, "error"),
        ({"checkName": "rows"}, "warning"),
        ({"checkType": "profiling"}, "valid"),
        ({"checkType": "partitioned"}, "valid"),
        ({"connection": "missing"}, "valid"),
    ],
    ids=str,
)
def test_run_tells_the_worst_severity(
    connect: Connect, filters: dict[str, Any], expected: str
) -> None:
    """An execution error is no severity; without any, the run is called valid."""
    http = connect(DqopsServer(seed(*checks()), job_duration=0))
    assert expected == run(http, filters)["highest_severity"]


@pytest.mark.parametrize("filters", [{"checkHierarchyIdsModels": [{"path": ["a"]}]}], ids=str)
def test_filter_that_is_not_simulated_is_refused(
    http: httpx.Client, filters: dict[str, Any]
) -> None:
    """Selecting too much would be wrong in silence; 501 says what is not there yet."""
    response = http.post(RUN, json={"check_search_filters": filters})
    assert 501 == response.status_code
    assert next(iter(filters)) in response.json()["message"]
    assert [] == http.get("/api/jobs/jobs").json()["jobs"]


def test_jobs_move_by_the_clock_that_is_given() -> None:
    """An hour-long job goes through its states when the clock says so, not when time passes."""
    clock = ManualClock()
    state = State(seed(), clock=clock, settings=Settings(queue_delay=600, job_duration=3600))
    with state.condition:
        job = state.queue.submit(RUN_CHECKS, {})
        seen = []
        for seconds in (0, 599, 1, 3599, 1):
            clock.move(seconds)
            state.queue.advance()
            seen.append(job.status)
    assert ["queued", "queued", "running", "running", "finished"] == seen
    assert job.result is not None
    assert 0 == job.result["executed_checks"]


def test_waiting_for_a_long_job_takes_no_time_with_another_clock(connect: Connect) -> None:
    """The whole server follows the clock: a wait of an hour ends at once."""
    http = connect(
        DqopsServer(seed(), clock=ManualClock(), job_duration=3600, wait_by_default=False)
    )
    start = time.monotonic()
    response = http.post(f"{RUN}?wait=true&waitTimeout=7200", json={}).json()
    assert "finished" == response["status"]
    assert response["jobId"]["createdAt"].startswith("2024-05-20T12:00:00.000000")
    job = http.get(f"/api/jobs/jobs/{response['jobId']['jobId']}").json()
    assert job["statusChangedAt"].startswith("2024-05-20T13:00:00.000000")
    assert time.monotonic() - start < 5


def test_many_clients_at_once_each_get_their_own_job(server: DqopsServer) -> None:
    """Concurrent requests neither mix up nor lose a job."""

    def work(index: int) -> list[bool]:
        with httpx.Client(base_url=server.url, timeout=20) as http:
            right = []
            for turn in range(3):
                key = f"{index}-{turn}"
                response = http.post(f"{RUN}?wait=true&jobBusinessKey={key}", json={}).json()
                found = http.get(f"/api/jobs/jobs/{key}").json()
                right.append(
                    response["jobId"] == found["jobId"] and response["status"] == "finished"
                )
            return right

    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(work, range(12)))
    assert [[True] * 3] * 12 == outcomes
    numbers = [job.number for job in server.state.queue.jobs]
    assert sorted(set(numbers)) == numbers
    assert 12 * 3 * 3 == len(numbers)  # two tables, so two children each
