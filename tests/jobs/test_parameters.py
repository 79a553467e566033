"""What jobs and gates are told, in the forms in which users tell it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client import Client
from dqops.client.errors import ClientWarning, InvalidRequest
from dqops.client.models import (
    CheckSearchFilters,
    CollectErrorSamplesParameters,
    DeleteStoredDataQueueJobParameters,
    ImportTablesQueueJobParameters,
    RunChecksParameters,
    StatisticsCollectorSearchFilters,
)
from dqops.jobs import aio
from dqops.jobs.judging.selection import selection_of
from dqops.jobs.parameters import settled
from dqops.testing import DqopsServer, Fault
from support.runtime import warned

from jobs.support import FAST

if TYPE_CHECKING:
    from jobs.support import Calling

NAMES = (
    "connection",
    "full_table_name",
    "column",
    "column_data_type",
    "check_category",
    "quality_dimension",
    "table_comparison_name",
    "check_name",
    "sensor_name",
)
EMPTY = "an empty string would select everything; leave it out if that is meant; nothing was sent"


@pytest.mark.parametrize("function", ["gate", "judge", "failures", "run_checks"])
def test_empty_names(server: DqopsServer, client: Client, calling: Calling, function: str) -> None:
    """An empty string, such as an empty variable of a pipeline, selects nothing silently."""
    for name in NAMES:
        empty: dict[str, Any] = {name: ""}
        with pytest.raises(InvalidRequest) as caught:
            calling(client, function, CheckSearchFilters(**empty), timing=FAST)
        assert f"CheckSearchFilters: {name}: {EMPTY}" == str(caught.value)
    assert [] == server.requests


@pytest.mark.parametrize(
    ("function", "parameters", "name"),
    [
        ("run_checks", RunChecksParameters(CheckSearchFilters(connection="")), "connection"),
        ("run_checks", RunChecksParameters({"connection": ""}), "connection"),  # type: ignore[arg-type]
        ("collect_error_samples", CheckSearchFilters(connection=""), "connection"),
        (
            "collect_error_samples",
            CollectErrorSamplesParameters(CheckSearchFilters(connection="")),
            "conn",
        ),
        (
            "collect_statistics_on_table",
            StatisticsCollectorSearchFilters(connection=""),
            "connection",
        ),
        (
            "collect_statistics_on_data_groups",
            StatisticsCollectorSearchFilters(connection=""),
            "connection",
        ),
        (
            "delete_stored_data",
            DeleteStoredDataQueueJobParameters(full_table_name=""),
            "full_table_name",
        ),
        ("delete_stored_data", DeleteStoredDataQueueJobParameters(check_name=""), "check"),
        (
            "import_tables",
            ImportTablesQueueJobParameters(connection_name="", table_names=["t"]),
            "connection",
        ),
    ],
    ids=str,
)
def test_empty_names_of_other_jobs(
    server: DqopsServer, client: Client, calling: Calling, function: str, parameters: Any, name: str
) -> None:
    """They are refused in the parameters of every kind of jobs."""
    with pytest.raises(InvalidRequest, match=f"{name}.*: an empty string would select everything"):
        calling(client, function, parameters)
    assert [] == server.requests


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("public.", "the name of the table is empty in 'public.'; write '*' for every table"),
        (".orders", "the name of the schema is empty in '.orders'; write '*' for every schema"),
        (".", "the name of the schema is empty in '.'; write '*' for every schema"),
    ],
)
def test_tables_half_of_whose_name_is_empty(name: str, told: str) -> None:
    """Half a name would select all tables of the schema, or those of all schemas."""
    with pytest.raises(InvalidRequest) as caught:
        jobs.RUN_CHECKS.request(CheckSearchFilters(full_table_name=name))
    assert f"CheckSearchFilters: full_table_name: {told}; nothing was sent" == str(caught.value)


def test_all_schemas() -> None:
    """The schema of an import may be empty, which stands for all, and filters may be left out."""
    jobs.IMPORT_TABLES.request(ImportTablesQueueJobParameters(schema_name="", table_names=["t"]))
    jobs.RUN_CHECKS.request(CheckSearchFilters())


@pytest.mark.parametrize("function", ["gate", "judge", "failures"])
def test_dictionary_of_filters(client: Client, calling: Calling, function: str) -> None:
    """Filters may be a dictionary within the parameters, with the names in JSON."""
    told: Any = {"connection": "warehouse", "fullTableName": "public.nowhere"}

    def judge() -> None:
        calling(client, function, RunChecksParameters(told), timing=FAST).raise_if_failed()

    with pytest.raises(jobs.NothingSelected, match=r"public\.nowhere"):
        judge()


def test_misspelt_keys_of_a_dictionary_of_filters() -> None:
    """They are refused before anything is sent."""
    wrong: Any = {"conection": "warehouse"}
    with pytest.raises(InvalidRequest, match=r"did you mean 'connection'\? Nothing was sent$"):
        selection_of(RunChecksParameters(wrong))


@pytest.mark.parametrize("kind", [tuple, set, frozenset, iter])
def test_labels_that_can_be_read_once(kind: Any) -> None:
    """A gate judges by the labels by which it runs, and a job that is sent twice has them twice."""
    labels = ["a"]
    lost = Fault.disconnect(operation="run_checks", times=1)
    with DqopsServer(faults=[lost]) as server, Client(server.url) as client:
        filters = CheckSearchFilters(labels=kind(labels))
        verdict = jobs.gate(client, filters, timing=FAST)
        assert not verdict.passed
        sent = [each for each in server.requests if each.operation == "run_checks"]
    assert 2 == len(sent)
    assert [["a"]] * 2 == [each.body["check_search_filters"]["labels"] for each in sent]


def test_parameters_stay_as_they_are() -> None:
    """The parameters that were given are not changed."""
    labels: Any = ("a",)
    given = CheckSearchFilters(labels=labels)
    request = jobs.RUN_CHECKS.request(given)
    assert given.labels is labels
    assert ["a"] == request.arguments["json_body"].check_search_filters.labels


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"conection": "warehouse"}, "no property 'conection'; did you mean 'connection'?"),
        ({"fulltablename": "public.orders"}, "did you mean 'fullTableName'?"),
    ],
)
@pytest.mark.parametrize("function", ["gate", "judge", "failures", "run_checks"])
def test_misspelt_keys_of_what_was_read(
    server: DqopsServer,
    client: Client,
    calling: Calling,
    function: str,
    filters: dict[str, Any],
    told: str,
) -> None:
    """The server would ignore such a key, and select everything."""
    with pytest.raises(InvalidRequest) as caught:
        calling(client, function, CheckSearchFilters.from_dict(filters), timing=FAST)
    assert told in str(caught.value)
    assert [] == server.requests


def test_fields_that_a_newer_server_knows(server: DqopsServer, client: Client) -> None:
    """What resembles nothing is sent."""
    filters = CheckSearchFilters.from_dict({"connection": "warehouse", "zyx": 1})
    jobs.submit(client, jobs.RUN_CHECKS.request(filters), timing=FAST)
    assert 1 == server.requests[0].body["check_search_filters"]["zyx"]


def test_a_deletion_does_not_lose_its_filter(server: DqopsServer, client: Client) -> None:
    """It would delete the results of all tables."""
    parameters = DeleteStoredDataQueueJobParameters.from_dict(
        {"connection": "warehouse", "fulTableName": "public.orders", "deleteCheckResults": True}
    )
    with pytest.raises(InvalidRequest, match=r"no property 'fulTableName'; did you mean"):
        jobs.delete_stored_data(client, parameters, timing=FAST)
    assert [] == server.requests


FLAGS = (
    "delete_errors, delete_statistics, delete_check_results, delete_sensor_readouts, "
    "delete_error_samples, delete_incidents or delete_checks_configuration"
)


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"connection": "c"}, f"nothing would be deleted: set {FLAGS} to True"),
        (
            {"connection": "c", "delete_errors": False},
            f"nothing would be deleted: set {FLAGS} to True",
        ),
        ({"delete_errors": True}, "name the connection whose data is deleted"),
        (
            {
                "connection": "c",
                "delete_errors": True,
                "date_start": date(2024, 2, 1),
                "date_end": date(2024, 1, 1),
            },
            "date_start must not be after date_end, got 2024-02-01 and 2024-01-01",
        ),
    ],
)
def test_deletions_that_delete_nothing(
    server: DqopsServer, client: Client, calling: Calling, parameters: dict[str, Any], told: str
) -> None:
    """The server would fail, or delete nothing without a word."""
    with pytest.raises(InvalidRequest) as caught:
        calling(client, "delete_stored_data", DeleteStoredDataQueueJobParameters(**parameters))
    assert f"{told}; nothing was sent" == str(caught.value)
    assert [] == server.requests


@pytest.mark.parametrize("given", [RunChecksParameters(), "warehouse", ["warehouse"]], ids=repr)
@pytest.mark.parametrize("function", ["gate", "judge", "failures", "run_checks"])
def test_filters_of_another_class(
    server: DqopsServer, client: Client, calling: Calling, function: str, given: Any
) -> None:
    """What stands in the place of filters is refused before anything is sent."""
    with pytest.raises(InvalidRequest) as caught:
        calling(client, function, RunChecksParameters(check_search_filters=given), timing=FAST)
    assert (
        "RunChecksParameters: check_search_filters: expected CheckSearchFilters, got "
        f"{type(given).__name__}; nothing was sent" == str(caught.value)
    )
    assert [] == server.requests


class HalfAHeartbeat:
    """It hears of the beginning only."""

    def started(self) -> None:
        """Hear nothing."""


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"on_progress": "print"}, "on_progress must be a function that takes a JobProgress, got 'pr"),
    ({"timing": {"turn": 5}}, "timing must be a Timing, as in timing=jobs.Timing(turn=5), got {"),
    ({"timing": 5}, "timing must be a Timing, as in timing=jobs.Timing(turn=5), got 5"),
]
HEARTBEATS: list[tuple[Any, str]] = [
    ("http://x", "got str without started"),
    (HalfAHeartbeat(), "got HalfAHeartbeat without finished"),
]


@pytest.mark.parametrize(("options", "told"), MISTAKES)
@pytest.mark.parametrize("function", ["run_checks", "gate", "judge", "failures"])
def test_options_of_other_types(
    server: DqopsServer,
    client: Client,
    calling: Calling,
    function: str,
    options: dict[str, Any],
    told: str,
) -> None:
    """They are refused by name, before anything is sent."""
    with pytest.raises(InvalidRequest) as caught:
        calling(client, function, CheckSearchFilters(), **{"timing": FAST, **options})
    assert told in str(caught.value)
    assert [] == server.requests


@pytest.mark.parametrize(("options", "told"), MISTAKES)
def test_options_of_many_jobs(
    server: DqopsServer, client: Client, calling: Calling, options: dict[str, Any], told: str
) -> None:
    """They are refused at once, and not for each job."""
    requests = [jobs.RUN_CHECKS.request(CheckSearchFilters())]
    for function in ("run_many", "submit"):
        given = requests if function == "run_many" else requests[0]
        with pytest.raises(InvalidRequest) as caught:
            calling(client, function, given, **{"timing": FAST, **options})
        assert told in str(caught.value)
    assert [] == server.requests


@pytest.mark.parametrize(("heartbeat", "told"), HEARTBEATS)
@pytest.mark.parametrize("function", ["run_checks", "gate"])
def test_what_is_no_heartbeat(
    server: DqopsServer, client: Client, calling: Calling, function: str, heartbeat: Any, told: str
) -> None:
    """It is refused before it hears anything."""
    with pytest.raises(InvalidRequest) as caught:
        calling(client, function, CheckSearchFilters(), heartbeat=heartbeat)
    assert (
        "heartbeat must be an object with the methods started(), finished(outcome) and "
        f"failed(error), {told}" == str(caught.value)
    )
    assert [] == server.requests


@pytest.mark.parametrize("attach", [jobs.attach, aio.attach])
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("run_checks", "got 'run_checks': write jobs.RUN_CHECKS"),
        (jobs.import_tables, ": write jobs.IMPORT_TABLES"),
        ("check", "got 'check', such as jobs.RUN_CHECKS"),
        (None, "got None, such as jobs.RUN_CHECKS"),
    ],
)
def test_what_is_no_kind(client: Client, attach: Any, kind: Any, told: str) -> None:
    """A name or a function in the place of the kind is refused."""
    with pytest.raises(InvalidRequest) as caught:
        attach(client, "k", kind)
    assert str(caught.value).startswith("kind must be a kind of jobs, got ")
    assert told in str(caught.value)


@pytest.mark.parametrize("value", ["5", None, timedelta(1)], ids=repr)
def test_times_that_are_no_numbers(value: Any) -> None:
    """They are refused with their names."""
    with pytest.raises(InvalidRequest, match=r"Timing: turn must be >= 1, got"):
        jobs.Timing(turn=value)
    with pytest.raises(InvalidRequest, match=r"months must be >= 2, got"):
        jobs.Criteria(months=value)
    with pytest.raises(InvalidRequest, match=r"max_concurrent must be >= 1, got"):
        jobs.Criteria(max_concurrent=value)


def test_tags_of_filters_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """DQOps ignores them, so that more runs than is meant; once is enough to say so."""
    monkeypatch.setattr(warned, "_told", set())
    for filters in (CheckSearchFilters(), StatisticsCollectorSearchFilters(tags=[])):
        settled(filters)
    with pytest.warns(ClientWarning, match=r"tags of filters restrict nothing.* use labels"):
        jobs.RUN_CHECKS.request(CheckSearchFilters(tags=["eu"]))
    settled(StatisticsCollectorSearchFilters(tags=["eu"]))  # a warning would fail the test


@pytest.mark.parametrize(
    ("labels", "executed"),
    [
        (["gold"], True),
        (["G*", "prod/eu"], True),
        (["gold", "other"], False),
        (["of the connection"], False),
        (["of the column"], False),
    ],
)
def test_runs_select_by_the_labels_of_the_table(labels: list[str], executed: bool) -> None:
    """As recorded: all of them, with patterns, and none of what is above or below it."""
    column = {"name": "email", "spec": {"labels": ["of the column"]}}
    table = {
        "schema": "sales",
        "name": "orders",
        "labels": ["gold", "prod/eu"],
        "columns": [column],
    }
    shop = {"name": "shop", "tables": [table], "labels": ["of the connection"]}
    with (
        DqopsServer(seed={"connections": [shop]}, job_duration=0.01) as server,
        Client(server.url) as client,
    ):
        filters = CheckSearchFilters(connection="shop", labels=labels)
        verdict = jobs.gate(client, filters, timing=FAST)
        assert executed is verdict.passed
        if not executed:
            assert "A run looks at the tables' own labels only" in str(verdict)
