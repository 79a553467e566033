"""The gate, against a simulated DQOps: the plugin of `dqops-client[testing]` brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dqops import jobs
from gate import BAD, GOOD, UNKNOWN, GateError, check_table, decide, main

if TYPE_CHECKING:
    from dqops.client import AuthenticatedClient
    from dqops.testing import DqopsServer

ORDERS = ("warehouse", "public.orders")


@pytest.mark.parametrize(
    ("severity", "code"),
    [
        ("valid", GOOD),
        ("warning", GOOD),
        ("error", BAD),
        ("fatal", BAD),
        ("execution_error", UNKNOWN),
    ],
)
def test_severity_decides(
    dqops_server: DqopsServer, dqops_client: AuthenticatedClient, severity: str, code: int
) -> None:
    """Warnings pass, errors stop the pipeline."""
    dqops_server.next_outcome(severity, table="public.orders")
    assert code == decide(check_table(dqops_client, *ORDERS))


def test_only_the_table_is_checked(
    dqops_server: DqopsServer, dqops_client: AuthenticatedClient
) -> None:
    """The job has a filter for the table, and no other job is started."""
    check_table(dqops_client, *ORDERS)
    (request,) = dqops_server.calls("run_checks")
    filters = {"connection": "warehouse", "fullTableName": "public.orders", "enabled": True}
    assert filters == request.body["check_search_filters"]


@pytest.mark.dqops(healthy=False)
def test_unhealthy_server(dqops_server: DqopsServer, dqops_client: AuthenticatedClient) -> None:
    """Nothing is started on it."""
    with pytest.raises(GateError, match="unhealthy"):
        check_table(dqops_client, *ORDERS)
    assert not dqops_server.calls("run_checks")


def test_unknown_table(dqops_client: AuthenticatedClient) -> None:
    """A table without checks is no good news."""
    verdict = check_table(dqops_client, "warehouse", "public.oders")
    assert decide(verdict) == UNKNOWN
    with pytest.raises(jobs.NothingSelected, match=r"public\.oders"):
        verdict.raise_if_failed()


def test_second_run_of_bad_data(
    dqops_server: DqopsServer, dqops_client: AuthenticatedClient
) -> None:
    """A retry does not turn the gate green, although its summary says that nothing is wrong."""
    dqops_server.next_outcome("error", table="public.orders")
    assert decide(check_table(dqops_client, *ORDERS)) == BAD
    again = check_table(dqops_client, *ORDERS)
    assert again.outcome is not None
    assert "no result is new" in str(again.outcome)
    assert decide(again) == BAD


def test_job_that_fails(dqops_server: DqopsServer, dqops_client: AuthenticatedClient) -> None:
    """Its reason is told."""
    dqops_server.next_outcome(fails="the data source is down")
    with pytest.raises(jobs.JobFailed, match="the data source is down"):
        check_table(dqops_client, *ORDERS)


@pytest.mark.dqops(job_mode="skip", job_duration=30)
def test_job_of_half_a_minute(dqops_client: AuthenticatedClient) -> None:
    """It is waited for; here, that takes no time."""
    assert decide(check_table(dqops_client, *ORDERS)) == BAD


@pytest.mark.dqops(faults=[{"kind": "reset", "operation": "run_checks", "when": "after"}])
def test_lost_response(dqops_server: DqopsServer, dqops_client: AuthenticatedClient) -> None:
    """The connection breaks when the job has been taken on: no second job is started."""
    assert decide(check_table(dqops_client, *ORDERS)) == BAD
    assert len(dqops_server.calls("run_checks")) == 1


@pytest.mark.dqops(require_login=True)
def test_command(
    dqops_server: DqopsServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command logs in with the key of the environment, and prints what was found."""
    monkeypatch.setenv("DQOPS_API_KEY", dqops_server.api_key)
    dqops_server.next_outcome("error")
    assert main([dqops_server.url, *ORDERS]) == BAD
    assert "the data is not good" in capsys.readouterr().out


@pytest.mark.dqops(faults=[{"kind": "status", "status": 403, "operation": "run_checks"}])
def test_command_that_is_refused(
    dqops_server: DqopsServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A refusal stops the pipeline with a code of its own."""
    monkeypatch.setenv("DQOPS_API_KEY", dqops_server.api_key)
    assert main([dqops_server.url, *ORDERS]) == UNKNOWN
    assert "403" in capsys.readouterr().err
