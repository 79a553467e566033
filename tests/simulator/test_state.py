"""The state of the simulated server: what operations read and change of it."""

from __future__ import annotations

import pickle
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from dqops.testing import CheckResult, Incident, ManualClock, Settings, State
from dqops.testing.handlers import HANDLERS

from simulator.stateful import KNOWN, NAMES, RICH, UNKNOWN, request_for, send, simulator
from simulator.support import GROUPS, NOW, SPECIFICATION, VALIDATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dqops.testing.handlers.call import Call
    from dqops.testing.http.messages import Response

# What creates something needs a name that is free, and what looks for targets that of a source.
FRESH: dict[str, Any] = {
    "connectionName": "fresh",
    "create_table": {"tableName": "fresh"},
    "create_column": {"columnName": "fresh"},
    "create_table_source_table": {"sourceTable": "fresh"},
    "get_table_target_tables": {"tableName": "carts"},
}
FRESH_NAMES = (
    "fullRuleName",
    "fullSensorName",
    "fullCheckName",
    "patternName",
    "targetPatternName",
    "dataDomainName",
)
FOLDERS = ("Sales", "Daily", "Europe", "Germany", "Berlin")
# Bodies whose name must be that of the path.
BODIES: dict[str, Any] = {
    "update_dictionary": {"dictionary_name": KNOWN, "file_content": "a"},
    "update_shared_credential": {"credential_name": KNOWN, "type": "text", "text_value": "a"},
}
# Bodies with which an operation succeeds, where the specification's example is not one.
SUCCESSFUL: dict[str, Any] = {
    "import_tables": {"connectionName": "shop", "schemaName": "sales", "tableNames": ["carts"]},
    "synchronize_folders": {},
}
# Jobs to ask about; those of the same kind as the operation waits for, which fails.
JOBS = {"wait_for_collect_error_samples_job": "collect_error_samples"}
FAILING = {"wait_for_collect_error_samples_job": 500, "wait_for_run_checks_job": 500}
# Operations that find nothing wrong with a name that there is not.
FORGIVING = {
    "cancel_job": 204,
    "create_connection": 201,
    "create_connection_basic": 201,
    "delete_default_filtered_notification_configuration": 204,
    "find_recent_incidents_on_connection": 200,
    "set_incident_issue_url": 204,
}


def names_for(name: str) -> dict[str, Any]:
    """Choose names with which an operation succeeds."""
    if name in {"create_connection", "create_connection_basic"}:
        return {"connectionName": "fresh"}
    chosen: dict[str, Any] = dict(FRESH.get(name, {}))
    if name.startswith("get_dashboard_level_"):
        numbered = {f"folder{number}": folder for number, folder in enumerate(FOLDERS, 1)}
        chosen |= {"folder": FOLDERS[0], "dashboardName": "KPI", **numbered}
    if name.startswith(("create_", "copy_from_")):
        chosen |= dict.fromkeys(FRESH_NAMES, "fresh")
        chosen["sourcePatternName"] = KNOWN
    return chosen


@pytest.mark.parametrize("group", GROUPS)
def test_operations_respond_as_specified(group: str) -> None:
    """Status and body of what succeeds are those of the specification."""
    for name in HANDLERS.keys() & GROUPS[group]:
        asked = simulator()
        send(asked, JOBS.get(name, "run_checks"), {"jobBusinessKey": KNOWN})
        operation = SPECIFICATION.operations[name]

        body = BODIES.get(name, SUCCESSFUL.get(name))
        response = asked.respond(request_for(operation, names_for(name), body)).response

        expected = FAILING.get(name, operation.result_status)
        assert expected == response.status, (name, response.body)
        assert [] == VALIDATION.response_problems(operation, response), name
        assert "X-Simulated" not in response.headers, name


@pytest.mark.parametrize("group", GROUPS)
def test_what_is_missing_is_told_as_specified(group: str) -> None:
    """What the path names does not exist: 404, empty or `[]`, and nothing is made up."""
    for name in HANDLERS.keys() & GROUPS[group]:
        operation = SPECIFICATION.operations[name]
        if 404 not in operation.responses or "{" not in operation.path:
            continue
        asked = simulator()
        before = asked.state.snapshot()
        path_names = {each["name"] for _, each in operation.parameters if each["in"] == "path"}
        names = {**dict.fromkeys(path_names, "missing"), **NAMES, **UNKNOWN}

        body = BODIES.get(name)
        if body is not None:
            body = {key: "missing" if key.endswith("_name") else body[key] for key in body}
            names = dict.fromkeys(path_names, "missing")
        response = asked.respond(request_for(operation, names, body)).response

        expected = FORGIVING.get(name, 404)
        assert expected == response.status, (name, response.body)
        assert [] == VALIDATION.response_problems(operation, response), name
        if expected == 404:
            assert before == asked.state.snapshot(), name


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in sorted(HANDLERS)
        if name.startswith(("create_", "copy_from_"))
        and 409 in SPECIFICATION.operations[name].responses
    ],
)
def test_what_exists_is_not_created_again(name: str) -> None:
    """A second creation is a conflict, and changes nothing."""
    asked = simulator()
    operation = SPECIFICATION.operations[name]
    asked.respond(request_for(operation, names_for(name)))
    before = asked.state.snapshot()

    response = asked.respond(request_for(operation, names_for(name))).response

    assert (409, b"") == (response.status, response.body)
    assert before == asked.state.snapshot()


def test_there_are_many_operations_with_behaviour() -> None:
    """At least 300 of the 379 operations respond from the state."""
    assert len(HANDLERS) >= 300


def test_snapshot_survives_pickling_and_later_changes() -> None:
    """A snapshot is plain data: it compares, it can go to another process, and it stays."""
    asked = simulator()
    send(asked, "run_checks", {"jobBusinessKey": "first"})
    snapshot = asked.state.snapshot()
    loaded = pickle.loads(pickle.dumps(snapshot))

    send(asked, "delete_connection")
    send(asked, "run_checks", {"jobBusinessKey": "second"})
    send(asked, "stop_cron_scheduler")

    assert loaded == snapshot
    assert snapshot != asked.state.snapshot()


def test_restore_brings_everything_back() -> None:
    """Documents, results, incidents, users, switches and jobs are as they were."""
    asked = simulator()
    send(asked, "run_checks", {"jobBusinessKey": "first"})
    snapshot = asked.state.snapshot()
    for name in ("delete_connection", "delete_user", "delete_rule", "stop_cron_scheduler"):
        send(asked, name)
    send(asked, "set_incident_status")
    send(asked, "run_checks", {"jobBusinessKey": "second"})

    asked.state.restore(snapshot)

    assert snapshot == asked.state.snapshot()
    assert 404 == send(asked, "get_job", {"jobId": "second"})[0]
    assert 200 == send(asked, "get_job", {"jobId": "first"})[0]


def test_snapshot_goes_to_another_state() -> None:
    """What one server knew, another one can know, too."""
    one, other = simulator(), State({}, clock=ManualClock(NOW))
    other.restore(one.state.snapshot())
    assert one.state.snapshot() == other.snapshot()


def test_reset_goes_back_to_the_seed() -> None:
    """No job is left, and what was deleted is there again."""
    asked = simulator()
    send(asked, "run_checks")
    send(asked, "delete_table")
    asked.state.reset()
    assert State(RICH, clock=ManualClock(NOW)).snapshot() == asked.state.snapshot()


def test_state_of_the_default_seed_is_made_quickly() -> None:
    """Tests make one for each test, so it takes less than 5 ms (1 ms where nothing else runs)."""
    State()
    seconds = []
    for _ in range(30):
        start = time.process_time()
        State()
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.005


@pytest.mark.parametrize("severity", ["valid", "warning", "error", "fatal", 0, 1, 2, 3])
def test_next_outcome_is_what_the_next_run_finds(severity: int | str) -> None:
    """Exactly this severity, whatever the stored results say; nothing is new afterwards."""
    asked = simulator()
    names = ("valid", "warning", "error", "fatal")
    expected = severity if isinstance(severity, str) else names[severity]
    asked.state.next_outcome(severity, table="sales.orders", column="email")
    filters = {"check_search_filters": {"fullTableName": "sales.orders"}}

    _, first = send(asked, "run_checks", body=filters)
    _, second = send(asked, "run_checks", body=filters)

    assert expected == first["result"]["highest_severity"]
    assert "valid" == second["result"]["highest_severity"]
    # One of them is brought by the policy for columns.
    assert [7, 7] == [each["result"]["executed_checks"] for each in (first, second)]


def test_outcomes_are_used_one_after_the_other_for_their_table_only() -> None:
    """Each counts for as many runs as it says; other tables go by their own results."""
    asked = simulator()
    asked.state.next_outcome("fatal", table="sales.carts")
    asked.state.next_outcome("warning", table="sales.orders", times=2)
    asked.state.next_outcome("valid", table="sales.*")

    def run(table: str) -> str | None:
        body = {"check_search_filters": {"fullTableName": f"sales.{table}"}}
        _, response = send(asked, "run_checks", body=body)
        severity: str | None = response["result"].get("highest_severity")
        return severity

    seen = [run(name) for name in ("orders", "orders", "orders", "carts")]
    assert ["warning", "warning", "valid", "fatal"] == seen


def test_outcome_makes_a_check_that_has_no_results_yet() -> None:
    """A seed need not have any check for a test to let one fail."""
    state = State({"default_policies": False}, settings=Settings(job_mode="immediate"))
    state.add_incident(Incident("c", "s", "t", first_seen=NOW, status="resolved"))
    asked = simulator()
    asked.state.restore(state.snapshot())
    asked.state.next_outcome("error", check_name="daily_data_freshness", actual_value=9.0)
    _, response = send(asked, "run_checks", body={})
    assert ("error", 1) == (
        response["result"]["highest_severity"],
        response["result"]["executed_checks"],
    )
    (stored,) = asked.state.check_results
    assert ("daily_data_freshness", 9.0, NOW) == (
        stored.check_name,
        stored.actual_value,
        stored.executed_at,
    )


def test_run_that_fails_tells_why() -> None:
    """The job and the child that failed have the message; the next run works."""
    asked = simulator()
    asked.state.next_outcome(table="sales.orders", fails="The database is down.")
    responses = [send(asked, "run_checks", body={}) for _ in range(2)]
    messages = [job.error_message for job in asked.state.queue.jobs]
    assert [500, 201] == [status for status, _ in responses]
    assert "The database is down." == responses[0][1]["message"]
    assert 2 == messages.count("The database is down.")


def test_value_of_an_outcome_is_measured_by_its_check_only() -> None:
    """The other checks of the run measure what they did before, or what passes their rules."""
    asked = simulator()

    def values() -> dict[int, float | None]:
        return {
            each.check_hash: each.actual_value
            for each in asked.state.check_results
            if not each.is_execution_error
        }

    before = values()
    asked.state.next_outcome("valid", table="sales.orders", column="email", actual_value=77.0)
    _, response = send(asked, "run_checks", body={})
    assert "finished" == response["status"]
    assert [3.5] * 6 == list(before.values())
    # The rules of the seed: at least 100 rows, at most 1 percent of nulls.
    assert [3.5, 3.5, 3.5, 77.0, 1000.0] == sorted(filter(None, values().values()))


@pytest.mark.parametrize(
    ("check_name", "expected"),
    [
        ("daily_row_count", ("monitoring", "daily")),
        ("monthly_row_count", ("monitoring", "monthly")),
        ("profile_row_count", ("profiling", None)),
        ("daily_partition_row_count", ("partitioned", "daily")),
        ("monthly_partition_row_count", ("partitioned", "monthly")),
    ],
)
def test_name_of_a_new_check_says_its_type(
    check_name: str, expected: tuple[str, str | None]
) -> None:
    """The names of checks begin with their type and time scale, on the real server as well."""
    table = {"schema": "s", "name": "t"}
    asked = simulator()
    seed = {"connections": [{"name": "c", "tables": [table]}], "default_policies": False}
    asked.state.restore(State(seed).snapshot())
    asked.state.next_outcome("error", check_name=check_name)
    send(asked, "run_checks", body={})
    (found,) = {
        (each.check_name, (each.check_type, each.time_scale)) for each in asked.state.check_results
    }
    assert (check_name, expected) == found


@pytest.mark.parametrize(
    "wrong",
    [{"severity": "bad"}, {"severity": 7}, {"times": 0}, {"table": "orders"}],
    ids=str,
)
def test_impossible_outcome_is_refused(wrong: dict[str, Any]) -> None:
    """A wrong test fails where it is written; so does one for a table without its schema."""
    with pytest.raises(ValueError, match=r"severity must|times must|schema\.table"):
        State({}).next_outcome(**wrong)


def test_issue_of_a_run_joins_an_incident_or_opens_one() -> None:
    """Nothing joins what is resolved."""
    asked = simulator()
    body = {"check_search_filters": {"checkCategory": "nulls", "checkType": "monitoring"}}

    def incidents() -> list[tuple[str, int, int]]:
        return [
            (each.status, each.failed_checks_count, each.severity)
            for each in asked.state.incidents.values()
        ]

    asked.state.next_outcome("fatal", table="sales.orders")
    send(asked, "run_checks", body=body)
    joined = incidents()
    send(asked, "set_incident_status")
    asked.state.advance(60)
    asked.state.next_outcome("warning", table="sales.orders")
    send(asked, "run_checks", body=body)

    assert [("open", 2, 3)] == joined
    assert [("resolved", 2, 3), ("open", 1, 1)] == incidents()


def test_forgotten_jobs_are_gone_and_their_numbers_do_not_come_again() -> None:
    """History, keys and changes are gone; their numbers go on."""
    asked = simulator()
    send(asked, "run_checks", {"jobBusinessKey": KNOWN})
    last = asked.state.queue.newest_number
    asked.state.forget_jobs()
    assert 404 == send(asked, "get_job")[0]
    _, changes = send(asked, "get_job_changes_since", {"sequenceNumber": last})
    assert [] == changes["jobChanges"]
    _, response = send(asked, "run_checks", {"wait": "false"})
    assert last < changes["lastSequenceNumber"] < response["jobId"]["jobId"]


def test_result_of_an_unknown_table_adds_the_table() -> None:
    """A table that was in the data source only counts as imported from then on."""
    state = State(RICH, clock=ManualClock(NOW))
    state.add_check_result(
        CheckResult("shop", "sales", "returns", "rows", "volume", 0, NOW, column="reason")
    )
    found = state.table("shop", "sales", "returns")
    assert found is not None
    assert ["reason"] == [column.name for column in found.columns]


class Spy(dict[str, Any]):
    """Parameters that remember which of them were looked at."""

    def __init__(self, parameters: Mapping[str, Any], seen: set[str]) -> None:
        super().__init__(parameters)
        self.seen = seen

    def __getitem__(self, name: str) -> Any:
        self.seen.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """Look at a parameter that may be absent."""
        self.seen.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.seen.add(str(name))
        return super().__contains__(name)


# What nothing depends on that comes back; the parameters of `push_data_quality_status...` are
# those of what is pushed, and nobody is there who gets it.
UNSEEN = {"windowLocationOrigin"}
WITHOUT_RESULT = {"push_data_quality_status_to_data_catalog"}
VALUES = {
    "integer": 1,
    "boolean": True,
    "date": "2024-05-01",
    "date-time-local": "2024-05-01T00:00",
}


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in sorted(HANDLERS.keys() - WITHOUT_RESULT)
        if any(each["in"] == "query" for _, each in SPECIFICATION.operations[name].parameters)
    ],
)
def test_every_query_parameter_is_looked_at(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """No filter is ignored, which would select too much without a word."""
    operation = SPECIFICATION.operations[name]
    asked = simulator()
    send(asked, JOBS.get(name, "run_checks"), {"jobBusinessKey": KNOWN})
    seen: set[str] = set()

    def spying(call: Call) -> Response:
        return HANDLERS[name](replace(call, parameters=Spy(call.parameters, seen)))

    monkeypatch.setattr("dqops.testing.application.HANDLERS", {name: spying})
    expected: set[str] = set()
    for pointer, parameter in operation.parameters:
        if parameter["in"] == "query":
            expected.add(parameter["name"])
            _, schema = SPECIFICATION.resolve(f"{pointer}/schema")
            kind = schema.get("format", schema["type"])
            value = schema["enum"][0] if "enum" in schema else VALUES.get(kind, 1)
            asked.respond(request_for(operation, {**names_for(name), parameter["name"]: value}))
    assert set() == expected - seen - UNSEEN
