"""Operators, run as a worker runs them, against the embedded server."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException, TaskDeferred
from dqops import jobs
from dqops.airflow.collect_statistics.dqops_collect_statistics_operator import (
    DqopsCollectStatisticsOperator,
)
from dqops.airflow.common.exceptions.dqops_data_quality_issue_detected_exception import (
    DqopsDataQualityIssueDetectedException,
)
from dqops.airflow.common.exceptions.dqops_job_failed_exception import DqopsJobFailedException
from dqops.airflow.common.exceptions.dqops_timeout_exception import DqopsTimeoutException
from dqops.airflow.common.exceptions.dqops_unfinished_job_exception import (
    DqopsUnfinishedJobException,
)
from dqops.airflow.hooks import ServerSettings
from dqops.airflow.provider import get_provider_info
from dqops.airflow.run_checks.dqops_run_checks_operator import DqopsRunChecksOperator
from dqops.airflow.run_checks.dqops_run_monitoring_checks_operator import (
    DqopsRunMonitoringChecksOperator,
)
from dqops.airflow.sensors import DqopsTableStatusSensor
from dqops.airflow.table_import.dqops_table_import_operator import DqopsTableImportOperator
from dqops.airflow.table_status.dqops_assert_monitoring_table_status_operator import (
    DqopsAssertMonitoringTableStatusOperator,
)
from dqops.airflow.table_status.dqops_assert_profiling_table_status_operator import (
    DqopsAssertProfilingTableStatusOperator,
)
from dqops.airflow.table_status.dqops_assert_table_status_operator import (
    DqopsAssertTableStatusOperator,
)
from dqops.airflow.triggers import DqopsJobTrigger, DqopsTableStatusTrigger
from dqops.airflow.wait_for_job.dqops_wait_for_job_operator import DqopsWaitForJobOperator
from dqops.client import Client
from dqops.client.errors import ClientError, InvalidRequest, Unauthorized
from dqops.client.models import CheckType, RuleSeverityLevel
from dqops.client.types import UNSET
from dqops.testing import DqopsServer

from orchestrators.airflow.support import TaskInstance, connect, run
from orchestrators.seeds import seed
from orchestrators.support import submitted

if TYPE_CHECKING:
    from collections.abc import Callable


def gate(conn_id: str, **options: Any) -> DqopsRunChecksOperator:
    """Make the operator that most tests are about."""
    given = {"connection": "shop", "full_table_name": "public.orders", **options}
    return DqopsRunMonitoringChecksOperator(task_id="task", conn_id=conn_id, **given)


def test_good_data(server: DqopsServer, connection: str) -> None:
    """The task returns what the official operator returns, and the verdict."""
    ti = TaskInstance()
    value = run(gate(connection, fail_at_severity="error"), ti)
    assert "finished" == value["status"]
    assert value["jobId"]["jobId"] == ti.xcoms["dqops_job"]["job_id"]
    assert value["jobId"]["jobBusinessKey"].startswith("airflow.dag.task.run-1.")
    assert {"valid_results": 1, "errors": 0}.items() <= value["result"].items()
    assert value["verdict"]["passed"]
    assert {"finished": 1} == submitted(server)
    links = ti.xcoms["dqops_job"]
    assert f"{server.url}api/jobs/jobs/{links['job_id']}" == links["job_link"]
    expected = "monitoring/connection/shop/schema/public/table/orders/monitoring/daily"
    assert f"{server.url}{expected}" == links["table_link"]


def test_bad_data(server: DqopsServer, connection: str) -> None:
    """A gate that fails is not retried, and leaves its verdict; run again, it fails again."""
    server.next_outcome("error", table="public.orders")
    for _ in range(2):
        ti = TaskInstance()
        with pytest.raises(AirflowFailException, match="daily_row_count: error") as caught:
            run(gate(connection, fail_at_severity="error"), ti)
        assert isinstance(caught.value, DqopsDataQualityIssueDetectedException)
        assert ti.xcoms["return_value"]["verdict"]["failures"][0]["check"] == "daily_row_count"
    # The second try has taken up the job of the first one.
    assert {"finished": 1} == submitted(server)


def test_bad_data_that_may_be_retried(server: DqopsServer, connection: str) -> None:
    """With `retry_on_bad_data`, a retry runs the checks again."""
    server.next_outcome("error", table="public.orders")
    operator = gate(connection, fail_at_severity="error", retry_on_bad_data=True)
    with pytest.raises(DqopsDataQualityIssueDetectedException) as caught:
        run(operator)
    assert not isinstance(caught.value, AirflowFailException)
    server.next_outcome("valid", table="public.orders")
    assert run(operator)["verdict"]["passed"]
    assert {"finished": 2} == submitted(server)


@pytest.mark.parametrize("severity", [RuleSeverityLevel.FATAL, "fatal", "{{ 'fatal' }}"[4:9]])
def test_severities(server: DqopsServer, connection: str, severity: Any) -> None:
    """Severities are those of the official package, or strings; what is milder passes."""
    server.next_outcome("error", table="public.orders")
    value = run(gate(connection, fail_at_severity=severity))
    assert ("error", True) == (value["verdict"]["severity"], value["verdict"]["passed"])


def test_mistyped_table(server: DqopsServer, connection: str) -> None:
    """Filters that select nothing fail the gate."""
    with pytest.raises(AirflowFailException, match="select nothing that could be judged"):
        run(gate(connection, full_table_name="public.ordres"))


def test_job_that_fails(server: DqopsServer, connection: str) -> None:
    """A job that failed is retried, which runs it anew."""
    server.next_outcome(table="public.orders", fails="the disk is full")
    with pytest.raises(DqopsJobFailedException, match="the disk is full") as caught:
        run(gate(connection))
    assert not isinstance(caught.value, AirflowFailException)
    assert "finished" == run(gate(connection))["status"]
    assert {"failed": 1, "finished": 1} == submitted(server)


@pytest.mark.parametrize("fail", [True, False])
def test_timeout(server: DqopsServer, connection: str, fail: bool) -> None:
    """A wait that times out does not lose the job: the XCom names it, a retry takes it up."""
    server.settings.job_duration = 2.0
    ti = TaskInstance()
    operator = gate(connection, wait_timeout=0.3, fail_on_timeout=fail)
    if fail:
        with pytest.raises(DqopsTimeoutException, match="A retry of the task takes it up"):
            run(operator, ti)
        told = ti.xcoms["return_value"]
    else:
        told = run(operator, ti)
    assert ("running", ti.xcoms["dqops_job"]["job_id"]) == (told["status"], told["jobId"]["jobId"])
    assert "finished" == run(gate(connection))["status"]
    assert {"finished": 1} == submitted(server)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {}, 1),
        ({}, {"run_id": "run-2"}, 2),
        ({"map_index": 0}, {"map_index": 1}, 2),
        ({"max_tries": 2}, {"max_tries": 2, "try_number": 2}, 1),  # a retry
        ({"max_tries": 2}, {"max_tries": 4, "try_number": 3}, 2),  # cleared after the second try
    ],
    ids=["same", "other run", "other map index", "retry", "clear"],
)
def test_logical_runs(
    server: DqopsServer,
    connection: str,
    first: dict[str, Any],
    second: dict[str, Any],
    expected: int,
) -> None:
    """There is one job for each logical run; a clear begins another one."""
    operator = gate(connection, retries=first.get("max_tries", 0))
    run(operator, TaskInstance(**first))
    run(operator, TaskInstance(**second))
    assert {"finished": expected} == submitted(server)


def test_key_of_ones_own(server: DqopsServer, connection: str) -> None:
    """A key of one's own takes up a job under way, and runs one anew that has ended."""
    operator = gate(connection, job_business_key="nightly")
    assert "nightly" == run(operator)["jobId"]["jobBusinessKey"]
    run(operator, TaskInstance(run_id="run-2"))
    assert {"finished": 2} == submitted(server)
    server.settings.job_duration = 1.0
    threads = [threading.Thread(target=run, args=(operator,)) for _ in range(2)]
    threads[0].start()
    while {"running": 1, "finished": 2} != submitted(server):
        time.sleep(0.02)
    threads[1].start()
    for thread in threads:
        thread.join()
    assert {"finished": 3} == submitted(server)


def test_killed_task(server: DqopsServer, connection: str) -> None:
    """`on_kill` cancels the job, while the task is in the middle of waiting."""
    server.settings.job_duration = 60.0
    operator = gate(connection)
    found: list[BaseException] = []

    def work() -> None:
        try:
            run(operator)
        except BaseException as error:
            found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while {"running": 1} != submitted(server):
        time.sleep(0.02)
    operator.on_kill()
    thread.join(20)
    assert {"cancelled": 1} == submitted(server)
    assert isinstance(found[0], DqopsJobFailedException)


def test_killed_before_anything_was_sent(server: DqopsServer, connection: str) -> None:
    """`on_kill` of a task that has not begun does nothing."""
    gate(connection).on_kill()
    assert {} == submitted(server)


def test_wrong_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong API key is said to be one, and the key is not shown."""
    with DqopsServer(require_login=True) as server:
        connect(monkeypatch, host=server.url, password="wrong-key")
        with pytest.raises(Unauthorized) as caught:
            run(gate("dqops_test"))
    assert "wrong-key" not in str(caught.value)
    assert "wrong-key" not in repr(gate("dqops_test", api_key="wrong-key").hook().settings())


@pytest.mark.parametrize("way", ["connection", "default", "argument", "environment"])
def test_api_key(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """The key comes from a connection, an argument or the environment."""
    options: dict[str, Any] = {"conn_id": None, "connection": "warehouse"}
    with DqopsServer(require_login=True, api_key="the-key") as server:
        if way == "connection":
            options["conn_id"] = connect(monkeypatch, host=server.url, password="the-key")
        elif way == "default":
            connect(monkeypatch, "dqops_default", host=server.url, password="the-key")
            options["base_url"] = server.url.rstrip("/")
        elif way == "argument":
            options |= {"base_url": server.url, "api_key": "the-key"}
        else:
            monkeypatch.setenv("DQOPS_API_KEY", "the-key")
            options["base_url"] = server.url
        operator = DqopsCollectStatisticsOperator(task_id="task", **options)
        assert "finished" == run(operator)["status"]


def test_key_of_another_server(monkeypatch: pytest.MonkeyPatch, server: DqopsServer) -> None:
    """The key of a connection is not sent to a server that an argument names."""
    connect(monkeypatch, "dqops_default", host="https://dqops.example.com", password="secret")
    operator = DqopsCollectStatisticsOperator(
        task_id="task", connection="shop", base_url=server.url
    )
    assert operator.hook().settings().api_key is None
    run(operator)


def test_key_in_a_template() -> None:
    """A key is no template, which would be shown, and sent as it is written."""
    with pytest.raises(InvalidRequest, match="put the key into a connection"):
        DqopsRunChecksOperator(task_id="task", api_key="{{ var.value.key }}")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"host": "https://dqops.example.com"}, "https://dqops.example.com"),
        ({"host": "dqops", "port": 8888}, "http://dqops:8888"),
        ({"host": "dqops", "schema": "https", "port": 443}, "https://dqops:443"),
        ({"host": "https://dqops/prefix/", "port": 8443}, "https://dqops:8443/prefix/"),
        ({"host": "http://dqops:1", "port": 2}, "http://dqops:1"),
        ({"host": "http://[::1]", "port": 8888}, "http://[::1]:8888"),
    ],
)
def test_url_of_a_connection(
    monkeypatch: pytest.MonkeyPatch, fields: dict[str, Any], expected: str
) -> None:
    """A connection's host is a URL, or a name with scheme and port in fields of their own."""
    hook = gate(connect(monkeypatch, **fields)).hook()
    assert expected == hook.settings().url


def test_extra_of_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra has data domain, timeout, TLS and proxy; what is unknown is refused."""
    extra = {"data_domain": "sales", "timeout": "5", "verify": "false", "proxy": "http://proxy:1"}
    found = gate(connect(monkeypatch, host="https://dqops", extra=extra)).hook().settings()
    assert ("sales", 5.0, False, "http://proxy:1") == (
        found.data_domain,
        found.timeout,
        found.verify,
        found.proxy,
    )
    found.client()
    connect(monkeypatch, host="https://dqops", extra={"domain": "sales"})
    with pytest.raises(AirflowException, match="unknown keys: domain"):
        gate("dqops_test").hook().settings()
    connect(monkeypatch, password="key")
    with pytest.raises(AirflowException, match="has no host"):
        gate("dqops_test").hook().settings()


def test_connection_can_be_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    """The button of the UI tells whether the server is there and knows the key."""
    with DqopsServer(require_login=True, api_key="the-key") as server:
        connect(monkeypatch, host=server.url, password="the-key")
        assert gate("dqops_test").hook().test_connection()[0]
        connect(monkeypatch, host=server.url, password="wrong")
        is_good, said = gate("dqops_test").hook().test_connection()
    assert not is_good
    assert "401" in said


# Other jobs.


def test_statistics(server: DqopsServer, connection: str) -> None:
    """Statistics are collected; all fields of the official operator are there."""
    operator = DqopsCollectStatisticsOperator(
        task_id="task", conn_id=connection, connection="shop", column_names=UNSET, enabled=True
    )
    assert "finished" == run(operator)["status"]
    (request,) = server.calls("collect_statistics_on_table")
    assert {"connection": "shop", "enabled": True} == request.body


def test_import(server: DqopsServer, connection: str) -> None:
    """Tables are imported."""
    operator = DqopsTableImportOperator(
        connection_name="shop",
        schema_name="public",
        table_names=["orders"],
        task_id="task",
        conn_id=connection,
    )
    assert "finished" == run(operator)["status"]


@pytest.mark.parametrize("make", ["import", "statistics", "checks"])
def test_wait_for_job(server: DqopsServer, connection: str, make: str) -> None:
    """A job of any kind is waited for, named by the XCom of the task upstream."""
    server.settings.job_duration = 0.5
    options: dict[str, Any] = {"conn_id": connection, "wait_timeout": 0.1, "fail_on_timeout": False}
    operators: dict[str, Callable[[], Any]] = {
        "import": lambda: DqopsTableImportOperator(
            connection_name="shop",
            schema_name="public",
            table_names=["orders"],
            task_id="first",
            **options,
        ),
        "statistics": lambda: DqopsCollectStatisticsOperator(
            task_id="first", connection="shop", **options
        ),
        "checks": lambda: (
            gate(connection=connection, wait_timeout=0.1)
            if False
            else DqopsRunChecksOperator(task_id="first", connection="shop", **options)
        ),
    }
    first = TaskInstance()
    value = run(operators[make](), first)
    second = TaskInstance()
    second.upstream = {"first": {"return_value": value}}
    waiting = DqopsWaitForJobOperator(
        task_id="second", task_id_to_wait_for="first", conn_id=connection
    )
    told = run(waiting, second)
    assert ("finished", value["jobId"]["jobId"]) == (told["status"], told["jobId"]["jobId"])
    assert (make == "checks") == ("verdict" in told)
    waiting.on_kill()
    assert {"finished": 1} == submitted(server)


def test_wait_for_a_number(server: DqopsServer, connection: str) -> None:
    """A job without a business key is found by its number, as the official operators tell it."""
    server.settings.job_duration = 30.0
    with gate(connection).hook().get_conn() as client:
        from dqops.client.api.jobs import collect_statistics_on_table
        from dqops.client.models import StatisticsCollectorSearchFilters

        started = collect_statistics_on_table.sync(
            client=client, json_body=StatisticsCollectorSearchFilters(), wait=False
        )
    assert started is not None
    ti = TaskInstance()
    ti.upstream = {"first": {"return_value": {"jobId": {"jobId": started.job_id.job_id}}}}
    operator = DqopsWaitForJobOperator(
        task_id="task", task_id_to_wait_for="first", conn_id=connection, wait_timeout=0.2
    )
    with pytest.raises(DqopsUnfinishedJobException):
        run(operator, ti)


def test_wait_cancels_nothing(server: DqopsServer, connection: str) -> None:
    """A task that waits for the job of another one leaves it alone, whatever ends the wait."""
    server.settings.job_duration = 60.0
    first = TaskInstance()
    with pytest.raises(TaskDeferred):
        run(gate(connection, deferrable=True), first)
    key = first.xcoms["dqops_job"]["business_key"]
    ti = TaskInstance()
    ti.start_date = datetime.now(UTC) - timedelta(seconds=10)
    operator = DqopsWaitForJobOperator(
        task_id="task",
        conn_id=connection,
        job_business_key=key,
        deferrable=True,
        execution_timeout=timedelta(seconds=10),
    )
    trigger: Any = deferred(operator, ti).trigger
    asyncio.run(trigger.on_kill())
    (event,) = trigger_events(trigger)
    assert "killed" == event["what"]
    with pytest.raises(AirflowException, match="goes on"):
        operator.execute_complete({"ti": ti}, event)
    assert {"running": 1} == submitted(server)


def test_wait_for_nothing(server: DqopsServer, connection: str) -> None:
    """A task without a job upstream says so."""
    operator = DqopsWaitForJobOperator(task_id="task", conn_id=connection)
    with pytest.raises(AirflowException, match="pass task_id_to_wait_for"):
        run(operator)
    operator = DqopsWaitForJobOperator(
        task_id="task", conn_id=connection, task_id_to_wait_for="first"
    )
    with pytest.raises(AirflowException, match="has told of no job"):
        run(operator)


# The status of tables.


def assertion(conn_id: str, kind: Any = DqopsAssertTableStatusOperator, **options: Any) -> Any:
    """Make an operator that judges a table."""
    return kind(
        connection_name="shop",
        schema_name="public",
        table_name="orders",
        task_id="task",
        conn_id=conn_id,
        **options,
    )


def test_status(server: DqopsServer, connection: str) -> None:
    """A table is judged without running anything."""
    value = run(assertion(connection))
    assert ("valid", 1, 1) == (
        value["current_severity"],
        value["executed_checks"],
        value["valid_results"],
    )
    server.next_outcome("fatal", table="public.orders")
    run_quietly(gate(connection))
    with pytest.raises(AirflowFailException, match="daily_row_count: fatal"):
        run(assertion(connection, DqopsAssertMonitoringTableStatusOperator, months=1))
    assert 1 == len(server.calls("run_checks"))


@pytest.mark.parametrize(
    "options",
    [
        {"check_name": "daily_nulls_count"},
        {"category": "nulls"},
        {"quality_dimension": "Validity"},
        {"table_comparison": "copy"},
        {"check_time_scale": "monthly"},
        {"monitoring": False},
    ],
    ids=str,
)
def test_status_of_nothing(server: DqopsServer, connection: str, options: dict[str, Any]) -> None:
    """Filters that select no check fail, where the official operator passes or breaks."""
    with pytest.raises(AirflowFailException):
        run(assertion(connection, **options))


def test_status_of_other_checks(server: DqopsServer, connection: str) -> None:
    """Only checks of the wanted types count."""
    with pytest.raises(AirflowFailException):
        run(assertion(connection, DqopsAssertProfilingTableStatusOperator))
    allowed = {"allow_nothing_selected": True, "allow_not_evaluated": True}
    value = run(assertion(connection, DqopsAssertProfilingTableStatusOperator, criteria=allowed))
    assert 0 == value["executed_checks"]


def test_status_of_a_data_group(server: DqopsServer, connection: str) -> None:
    """Results of other data groups do not count."""
    server.next_outcome("fatal", table="public.orders")
    run_quietly(gate(connection))
    value = run(assertion(connection, data_group="DE"))
    assert ("valid", 0) == (value["current_severity"], value["fatals"])


def run_quietly(operator: Any) -> None:
    """Run an operator whatever it says."""
    with suppress(AirflowException):
        run(operator)


# The triggerer.


def trigger_events(trigger: Any) -> list[Any]:
    """Run a trigger as the triggerer does, from its serialized form."""
    path, arguments = trigger.serialize()
    module, _, name = path.rpartition(".")
    made = getattr(importlib.import_module(module), name)(**json.loads(json.dumps(arguments)))

    async def main() -> list[Any]:
        return [each.payload async for each in made.run()]

    return asyncio.run(main())


def deferred(operator: Any, ti: TaskInstance | None = None) -> TaskDeferred:
    """Execute an operator that defers."""
    with pytest.raises(TaskDeferred) as caught:
        run(operator, ti)
    return caught.value


def test_deferred(server: DqopsServer, connection: str) -> None:
    """The triggerer waits, and the worker judges."""
    server.settings.job_duration = 1.0
    server.next_outcome("fatal", table="public.orders")
    operator = gate(connection, deferrable=True)
    (event,) = trigger_events(deferred(operator).trigger)
    assert "ended" == event["what"]
    with pytest.raises(AirflowFailException, match="daily_row_count: fatal"):
        gate(connection).execute_complete({"ti": TaskInstance()}, event)
    assert {"finished": 1} == submitted(server)


@pytest.mark.parametrize("default", [True, False])
def test_default_of_deferrable(default: bool) -> None:
    """Tasks and sensors wait in the triggerer by default where Airflow's option says so."""
    program = """if True:
        from dqops.airflow.run_checks.dqops_run_checks_operator import DqopsRunChecksOperator
        from dqops.airflow.sensors import DqopsTableStatusSensor
        from dqops.airflow.wait_for_job.dqops_wait_for_job_operator import DqopsWaitForJobOperator

        told = {"task_id": "task", "connection": "shop", "full_table_name": "public.orders"}
        tasks = [DqopsRunChecksOperator(**told), DqopsTableStatusSensor(**told)]
        tasks.append(DqopsWaitForJobOperator(task_id="task", task_id_to_wait_for="another"))
        print([task.deferrable for task in tasks])
    """
    option = {"AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE": str(default)}
    printed = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **option},
        check=True,
        capture_output=True,
        text=True,
        timeout=200,
    ).stdout
    assert str([default] * 3) == printed.splitlines()[-1]


def test_job_that_ends_at_once_is_not_deferred(server: DqopsServer, connection: str) -> None:
    """The status is looked at before anything is deferred."""
    server.settings.job_mode = "immediate"
    assert "finished" == run(gate(connection, deferrable=True))["status"]


def test_secrets_in_triggers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the event nor the description of a trigger has the key of a task without one."""
    with DqopsServer(require_login=True, api_key="the-key", job_duration=0.5) as server:
        operator = DqopsRunChecksOperator(
            task_id="task",
            base_url=server.url,
            api_key="the-key",
            connection="warehouse",
            deferrable=True,
        )
        trigger = deferred(operator).trigger
        (event,) = trigger_events(trigger)
    assert "the-key" not in repr(trigger) + json.dumps(event)


def test_deadlines_are_absolute(server: DqopsServer, connection: str) -> None:
    """A triggerer that takes a trigger over does not begin to count anew."""
    server.settings.job_duration = 60.0
    trigger = deferred(gate(connection, deferrable=True, wait_timeout=100)).trigger
    assert isinstance(trigger, DqopsJobTrigger)
    assert 90 < (trigger.wait_until or 0) - time.time() < 101
    trigger.wait_until = time.time() + 0.3
    (event,) = trigger_events(trigger)
    assert "timeout" == event["what"]
    with pytest.raises(DqopsTimeoutException):
        gate(connection).execute_complete({"ti": TaskInstance()}, event)
    assert {"running": 1} == submitted(server)


def test_execution_timeout_while_deferred(server: DqopsServer, connection: str) -> None:
    """The job of a task that takes longer than its execution_timeout is cancelled."""
    server.settings.job_duration = 60.0
    ti = TaskInstance()
    ti.start_date = datetime.now(UTC) - timedelta(seconds=9)
    operator = gate(connection, deferrable=True, execution_timeout=timedelta(seconds=10))
    (event,) = trigger_events(deferred(operator, ti).trigger)
    assert "killed" == event["what"]
    with pytest.raises(
        AirflowException, match=r"longer than its execution_timeout.* was cancelled"
    ):
        gate(connection).execute_complete({"ti": TaskInstance()}, event)
    assert {"cancelled": 1} == submitted(server)


def test_kill_while_deferred(server: DqopsServer, connection: str) -> None:
    """`on_kill` of a trigger cancels the job; `cleanup` does not."""
    server.settings.job_duration = 60.0
    trigger: Any = deferred(gate(connection, deferrable=True)).trigger
    asyncio.run(trigger.cleanup())
    assert {"running": 1} == submitted(server)
    asyncio.run(trigger.on_kill())
    assert {"cancelled": 1} == submitted(server)
    (event,) = trigger_events(trigger)
    with pytest.raises(DqopsJobFailedException, match="was cancelled"):
        gate(connection).execute_complete({"ti": TaskInstance()}, event)


def test_forgotten_while_deferred(server: DqopsServer, connection: str) -> None:
    """A job that the server has forgotten is told by the task, and run anew by its retry."""
    server.settings.job_duration = 60.0
    trigger = deferred(gate(connection, deferrable=True)).trigger
    server.restart()
    server.settings.job_duration = 0.05
    (event,) = trigger_events(trigger)
    with pytest.raises(jobs.JobForgotten):
        gate(connection).execute_complete({"ti": TaskInstance()}, event)
    assert "finished" == run(gate(connection))["status"]


@pytest.mark.parametrize(
    ("name", "least"), [("gate", 0.0), ("gate", 1.0), ("sensor", 0.0), ("sensor", 1.0)]
)
def test_a_trigger_takes_its_time(
    connection: str, name: str, least: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scheduler that hears of its end too soon fails the task; it takes no longer than that."""
    monkeypatch.setattr("dqops.airflow.triggers._LEAST_SECONDS", least)
    if name == "gate":
        trigger = deferred(gate(connection, deferrable=True)).trigger
    else:
        trigger = DqopsTableStatusTrigger(
            conn_id=connection,
            filters={"connection": "shop"},
            at_least="fatal",
            options={"allow_not_evaluated": True, "allow_nothing_selected": True},
            poke_interval=60.0,
            wait_until=time.time() + 600.0,
        )
    began = time.monotonic()
    (event,) = trigger_events(trigger)
    assert event["what"] in {"ended", "good"}
    assert least <= time.monotonic() - began < least + 15.0


def test_triggers_share_a_client(server: DqopsServer, connection: str) -> None:
    """The triggers of one process and server wait with one feed of changes."""
    server.settings.job_duration = 2.0
    server.settings.poll_seconds = 60.0
    triggers: list[Any] = [
        deferred(gate(connection, deferrable=True), TaskInstance(map_index=number)).trigger
        for number in range(5)
    ]

    async def one(trigger: Any) -> Any:
        return [each.payload async for each in trigger.run()]

    async def main() -> Any:
        return await asyncio.gather(*map(one, triggers))

    events = asyncio.run(main())
    assert 5 == len(events)
    # Changes that come while many jobs end are read in a few requests, whoever waits.
    assert len(server.calls("get_job_changes_since")) < 5 * 2
    assert {"finished": 5} == submitted(server)


# The sensor.


def sensor(connection: str, **options: Any) -> DqopsTableStatusSensor:
    """Make a sensor."""
    given = {"poke_interval": 0.2, "timeout": 2, **options}
    return DqopsTableStatusSensor(
        task_id="task",
        conn_id=connection,
        connection="shop",
        full_table_name="public.orders",
        **given,
    )


@pytest.mark.parametrize("deferrable", [True, False])
def test_sensor(server: DqopsServer, connection: str, deferrable: bool) -> None:
    """The sensor waits until a table is good."""
    server.next_outcome("fatal", table="public.orders")
    run_quietly(gate(connection))

    def mend() -> None:
        server.next_outcome("valid", table="public.orders")
        run_quietly(gate(connection, job_business_key="mended"))

    timer = threading.Timer(0.6, mend)
    operator = sensor(connection, deferrable=deferrable)
    if deferrable:
        trigger = deferred(operator).trigger
        timer.start()
        (event,) = trigger_events(trigger)
        operator.execute_complete({"ti": TaskInstance()}, event)
    else:
        assert not operator.poke({})
        timer.start()
        timer.join()
        assert operator.poke({})
    timer.join()


def test_sensor_that_times_out(server: DqopsServer, connection: str) -> None:
    """The task fails if the table does not become good in time."""
    server.next_outcome("fatal", table="public.orders")
    run_quietly(gate(connection))
    operator = sensor(connection, deferrable=True, timeout=0.5)
    (event,) = trigger_events(deferred(operator).trigger)
    with pytest.raises(AirflowException, match="did not become good in time"):
        operator.execute_complete({"ti": TaskInstance()}, event)


def test_sensors_share_a_client(
    server: DqopsServer, connection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sensors of one process and server look with one client, and listen to no feed."""
    server.next_outcome("fatal", table="public.orders")
    run_quietly(gate(connection))
    heard = len(server.calls("get_job_changes_since"))
    made: list[Client] = []

    def client(self: ServerSettings) -> Client:
        made.append(Client(self.url, raise_on_unexpected_status=True))
        return made[-1]

    monkeypatch.setattr(ServerSettings, "client", client)
    triggers: list[Any] = [
        DqopsTableStatusTrigger(
            conn_id=connection,
            filters={"connection": "shop"},
            at_least="error",
            options={},
            poke_interval=0.2,
            wait_until=time.time() + 0.7,
        )
        for _ in range(5)
    ]

    async def one(trigger: Any) -> Any:
        return [each.payload["what"] async for each in trigger.run()]

    async def main() -> Any:
        return await asyncio.gather(*map(one, triggers))

    assert [["timeout"]] * 5 == asyncio.run(main())
    assert 1 == len(made)
    assert heard == len(server.calls("get_job_changes_since"))


# What OpenLineage is told.


def test_lineage(server: DqopsServer, connection: str) -> None:
    """Each check of a judged table is an assertion of its dataset."""
    server.next_outcome("fatal", table="public.orders")
    operator = gate(connection)
    assert operator.get_openlineage_facets_on_complete(TaskInstance()) is None
    run_quietly(operator)
    (dataset,) = operator.get_openlineage_facets_on_failure(TaskInstance()).inputs
    assert "public.orders" == dataset.name
    assert dataset.namespace.startswith("dqops://127.0.0.1:")
    (assertion,) = dataset.inputFacets["dataQualityAssertions"].assertions
    assert ("daily_row_count", False) == (assertion.assertion, assertion.success)


# Templates, and what Airflow knows.


def test_templates(server: DqopsServer, connection: str) -> None:
    """Fields are rendered, by XComs and macros as well."""
    operator = DqopsRunChecksOperator(
        task_id="task",
        conn_id="{{ params.conn }}",
        connection="{{ params.shop }}",
        full_table_name="public.{{ ds }}",
        labels=["{{ params.shop }}"],
        check_type=CheckType.MONITORING,
        wait_timeout="{{ 5 }}",
        job_business_key="{{ ds }}-key",
    )
    operator.render_template_fields(
        {"params": {"conn": connection, "shop": "shop"}, "ds": "2026-01-15"}
    )
    assert (connection, "shop", "public.2026-01-15", ["shop"], "2026-01-15-key") == (
        operator.conn_id,
        operator.connection,
        operator.full_table_name,
        operator.labels,
        operator.job_business_key,
    )
    assert 5.0 == operator._timeout()


def test_all_texts_are_templates() -> None:
    """All arguments of the official operators that are text are templates, but for the key."""
    for kind in OPERATORS:
        arguments = {
            name
            for each in kind.__mro__
            if each.__module__.startswith("dqops.")
            for name in inspect.signature(each.__init__).parameters
        }
        plain = {"self", "kwargs", "api_key", "deferrable", "fail_on_timeout", "retry_on_bad_data"}
        types = {"profiling", "monitoring", "partitioned"}
        assert set() == arguments - plain - types - set(kind.template_fields), kind


OPERATORS: list[Any] = [
    DqopsRunChecksOperator,
    DqopsRunMonitoringChecksOperator,
    DqopsCollectStatisticsOperator,
    DqopsTableImportOperator,
    DqopsAssertTableStatusOperator,
    DqopsAssertMonitoringTableStatusOperator,
    DqopsWaitForJobOperator,
]


def test_provider() -> None:
    """Airflow finds the connection type, the hook and the links."""
    found = pytest.importorskip("airflow.sdk.providers_manager_runtime")  # since Airflow 3
    manager = found.ProvidersManagerTaskRuntime()
    hook = manager.hooks["dqops"]
    assert hook is not None
    assert ("DQOps", "dqops_conn_id") == (hook.hook_name, hook.connection_id_attribute_name)
    for path in get_provider_info()["extra-links"]:
        module, _, name = path.rpartition(".")
        assert getattr(importlib.import_module(module), name)().name.endswith("in DQOps")


def test_official_surface() -> None:
    """Modules, names and parameters of the official package are there."""
    for module, names in SURFACE.items():
        found = importlib.import_module(module)
        for name, parameters in names.items():
            thing = getattr(found, name)
            if parameters:
                accepted = {
                    each
                    for kind in getattr(thing, "__mro__", [thing])
                    for each in inspect.signature(
                        kind.__init__ if inspect.isclass(kind) else kind
                    ).parameters
                }
                assert set() == set(parameters) - accepted, name


_COMMON = ["base_url", "wait_timeout", "fail_on_timeout"]
_STATUS = ["connection_name", "schema_name", "table_name", "months", "data_group", "check_name"]
_STATUS += ["category", "table_comparison", "quality_dimension", *_COMMON, "fail_at_severity"]
_RUN = ["job_business_key", "api_key", "connection", "full_table_name", *_COMMON]
_RUN += ["fail_at_severity"]
_SURFACE: dict[str, dict[str, list[str]]] = {
    "run_checks.dqops_run_checks_operator": {
        "DqopsRunChecksOperator": [
            *_RUN,
            *["enabled", "tags", "labels", "column", "column_data_type", "column_nullable"],
            *["check_target", "check_type", "time_scale", "check_category", "check_name"],
            *["table_comparison_name", "sensor_name"],
        ]
    },
    "run_checks.dqops_run_monitoring_checks_operator": {"DqopsRunMonitoringChecksOperator": _RUN},
    "run_checks.dqops_run_partitioned_checks_operator": {"DqopsRunPartitionedChecksOperator": _RUN},
    "run_checks.dqops_run_profiling_checks_operator": {"DqopsRunProfilingChecksOperator": _RUN},
    "collect_statistics.dqops_collect_statistics_operator": {
        "DqopsCollectStatisticsOperator": [
            *["connection", "full_table_name", "enabled", "labels", "column_names"],
            *["sensor_name", "target", "job_business_key", *_COMMON],
        ]
    },
    "table_import.dqops_table_import_operator": {
        "DqopsTableImportOperator": [
            *["connection_name", "schema_name", "table_names", "job_business_key", *_COMMON]
        ]
    },
    "table_status.dqops_assert_table_status_operator": {
        "DqopsAssertTableStatusOperator": [
            *[*_STATUS, "profiling", "monitoring", "partitioned", "check_time_scale"]
        ]
    },
    "table_status.dqops_assert_monitoring_table_status_operator": {
        "DqopsAssertMonitoringTableStatusOperator": [*_STATUS, "check_time_scale"]
    },
    "table_status.dqops_assert_partitioned_table_status_operator": {
        "DqopsAssertPartitionedTableStatusOperator": [*_STATUS, "check_time_scale"]
    },
    "table_status.dqops_assert_profiling_table_status_operator": {
        "DqopsAssertProfilingTableStatusOperator": _STATUS
    },
    "wait_for_job.dqops_wait_for_job_operator": {
        "DqopsWaitForJobOperator": [
            *["task_id_to_wait_for", "job_business_key", *_COMMON, "fail_at_severity"]
        ]
    },
    "common.exceptions.dqops_data_quality_issue_detected_exception": {
        "DqopsDataQualityIssueDetectedException": ["ti", "return_value"]
    },
    "common.exceptions.dqops_empty_response_exception": {"DqopsEmptyResponseException": []},
    "common.exceptions.dqops_internal_server_error_exception": {
        "DqopsInternalServerErrorException": []
    },
    "common.exceptions.dqops_job_failed_exception": {
        "DqopsJobFailedException": ["ti", "return_value"]
    },
    "common.exceptions.dqops_timeout_exception": {"DqopsTimeoutException": []},
    "common.exceptions.dqops_unfinished_job_exception": {"DqopsUnfinishedJobException": []},
    "common.tools.client_creator": {"create_client": ["base_url"]},
    "common.tools.rule_severity_level_utility": {
        "get_severity_value_from_rule_severity": ["rule_severity"],
        "get_severity_value_from_check_result": ["check_result_status"],
    },
    "common.tools.server_response_verifier": {"verify_server_response_correctness": ["response"]},
    "common.tools.timeout.dqo_timeout": {
        "handle_dqo_timeout": ["fail_on_timeout", "ti", "return_value"]
    },
    "common.tools.timeout.python_client_timeout": {
        "handle_python_timeout": ["exception", "fail_on_timeout"]
    },
    "common.tools.url_resolver": {"extract_base_url": ["url"]},
}
SURFACE = {f"dqops.airflow.{module}": names for module, names in _SURFACE.items()}


def test_verdict_of_any_size_is_small(server: DqopsServer, connection: str) -> None:
    """The XCom of a gate stays small, however much is wrong."""
    ti = TaskInstance()
    many = seed("big", [f"t{number}" for number in range(300)], "fatal")
    with DqopsServer(many) as big, pytest.MonkeyPatch.context() as patch:
        connect(patch, host=big.url)
        with pytest.raises(AirflowFailException):
            run(gate("dqops_test", connection="big", full_table_name="public.*"), ti)
    verdict = ti.xcoms["return_value"]["verdict"]
    assert (300, 300, 20) == (
        verdict["tables"],
        verdict["failures_count"],
        len(verdict["failures"]),
    )
    assert len(json.dumps(ti.xcoms)) < 48_000


def test_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Technical trouble is retried by Airflow."""
    monkeypatch.setattr("dqops.airflow.base._SUBMIT_WITHIN", 0.5)
    connect(monkeypatch, host="http://127.0.0.1:9")
    with pytest.raises(ClientError) as caught:
        run(gate("dqops_test"))
    assert not isinstance(caught.value, AirflowFailException)
