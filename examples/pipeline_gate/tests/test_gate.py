"""The gate, against a simulated DQOps: the plugin of `dqops-client[testing]` brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dqops.client.errors import TransportFailure
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
    with pytest.raises(GateError, match="no checks"):
        check_table(dqops_client, "warehouse", "public.oders")


def test_job_that_fails(dqops_server: DqopsServer, dqops_client: AuthenticatedClient) -> None:
    """Its status is told."""
    dqops_server.next_outcome(fails="the data source is down")
    with pytest.raises(GateError, match="ended as failed"):
        check_table(dqops_client, *ORDERS)


@pytest.mark.dqops(job_mode="skip", job_duration=3590)
def test_job_of_an_hour(dqops_client: AuthenticatedClient) -> None:
    """It is waited for; here, that takes milliseconds."""
    assert decide(check_table(dqops_client, *ORDERS)) == BAD


@pytest.mark.dqops(job_mode="skip", job_duration=3610)
def test_job_of_more_than_an_hour(dqops_client: AuthenticatedClient) -> None:
    """The gate gives up in the end."""
    with pytest.raises(GateError, match="still runs after 60 minutes"):
        check_table(dqops_client, *ORDERS)


@pytest.mark.dqops(faults=[{"kind": "reset", "operation": "run_checks", "when": "after"}])
def test_lost_answer(dqops_server: DqopsServer, dqops_client: AuthenticatedClient) -> None:
    """The connection breaks when the job has been taken on: no second job is started."""
    with pytest.raises(TransportFailure):
        check_table(dqops_client, *ORDERS)
    assert len(dqops_server.calls("run_checks")) == 1


@pytest.mark.dqops(require_login=True)
def test_command(
    dqops_server: DqopsServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command logs in with the key of the environment, and prints what was found."""
    monkeypatch.setenv("DQOPS_API_KEY", dqops_server.api_key)
    dqops_server.next_outcome("error")
    assert main([dqops_server.url, *ORDERS]) == BAD
    assert "highest severity error" in capsys.readouterr().out


@pytest.mark.dqops(faults=[{"kind": "proxy_page", "operation": "run_checks"}])
def test_command_behind_a_broken_proxy(
    dqops_server: DqopsServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page of a proxy is no answer, and stops the pipeline with a code of its own."""
    monkeypatch.setenv("DQOPS_API_KEY", dqops_server.api_key)
    assert main([dqops_server.url, *ORDERS]) == UNKNOWN
    assert "502" in capsys.readouterr().err
