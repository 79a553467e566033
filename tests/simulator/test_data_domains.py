"""Data domains: each has its own state, which the cookie of a request chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import AuthenticatedClient
from dqops.client.api.connections import get_all_connections
from dqops.client.api.data_domains import switch_to_data_domain
from dqops.testing import (
    DEFAULT_API_KEY,
    DqopsServer,
    Incident,
    ManualClock,
    Seed,
    SeedError,
    SimulatedDqops,
    State,
)

from simulator.support import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RIGHT = f"Bearer {DEFAULT_API_KEY}"
SEED: dict[str, Any] = {
    "connections": [{"name": "main"}],
    "data_domains": {
        "sales": {
            "connections": [{"name": "shop", "tables": [{"schema": "s", "name": "orders"}]}],
            "rules": {"own/rule": {"type": "python"}},
            "default_policies": False,
            "check_results": [
                {
                    "connection": "shop",
                    "schema": "s",
                    "table": "orders",
                    "check_name": "daily_row_count",
                    "category": "volume",
                    "severity": "error",
                    "executed_at": "-1h",
                }
            ],
        },
        "empty": None,
    },
    "users": [
        {
            "email": "eve",
            "role": "viewer",
            "api_key": "eve's key",
            "data_domain_roles": {"sales": "operator", "empty": "none"},
        },
    ],
}


@pytest.fixture
def simulated() -> Iterator[SimulatedDqops]:
    """A server with two data domains besides the default one."""
    settings: Any = {"job_mode": "immediate", "license": "ENTERPRISE"}
    with SimulatedDqops(SEED, clock=ManualClock(NOW), **settings) as running:
        yield running


def ask(
    simulated: SimulatedDqops,
    path: str,
    domain: str | None = None,
    *,
    method: str = "GET",
    body: Any = None,
    **headers: str,
) -> httpx.Response:
    """Send a request that works on a data domain."""
    if domain is not None:
        headers["Cookie"] = f"other=1; DQODataDomain={domain}"
    with httpx.Client(base_url="http://x/api/", transport=simulated.transport()) as http:
        return http.request(method, path, headers=headers, json=body)


def connections(simulated: SimulatedDqops, domain: str | None = None) -> list[str]:
    """Ask for the names of the connections."""
    return [each["connection_name"] for each in ask(simulated, "connections", domain).json()]


def test_cookie_chooses_the_data_domain(simulated: SimulatedDqops) -> None:
    """Each has its own connections; without a cookie it is the default one."""
    names = [None, "", "(default)", "%28default%29", "sales", "empty"]
    found = [connections(simulated, name) for name in names]
    assert [*[["main"]] * 4, ["shop"], []] == found


def test_unknown_data_domain_is_told(simulated: SimulatedDqops) -> None:
    """A misspelt name does not quietly mean another data domain."""
    response = ask(simulated, "connections", "slaes")
    expected = (
        "Locking for DQOps Root sources is not supported. (In a cookie: no data domain is called "
        "'slaes'; there are '(default)', 'sales', 'empty'.)"
    )
    assert (500, expected) == (response.status_code, response.json()["message"])


@pytest.mark.parametrize("path", ["ishealthy", "domains/", "domains/sales/switch"])
def test_data_domain_that_is_gone_can_be_left(simulated: SimulatedDqops, path: str) -> None:
    """What does not depend on the data domain works with any cookie."""
    assert ask(simulated, path, "gone", Authorization=RIGHT).status_code in {200, 303}


def test_everything_stays_in_its_data_domain(simulated: SimulatedDqops) -> None:
    """Documents, definitions, results, incidents, jobs and the scheduler are kept apart."""
    server = simulated.state
    finished = ask(simulated, "jobs/runchecks", "sales", method="POST", body={}).json()
    ask(simulated, "jobs/scheduler/status/stop", "sales", method="POST")
    body = {"provider_type": "duckdb"}
    ask(simulated, "connections/new", "empty", method="POST", body=body)
    server.domain("sales").add_incident(Incident("shop", "s", "orders", NOW))

    assert "error" == finished["result"]["highest_severity"]
    assert [2, 0, 0] == [len(server.domain(name).queue.jobs) for name in ("sales", "empty", "")]
    assert [False, True, True] == [
        ask(simulated, "jobs/scheduler/isrunning", name).json() for name in ("sales", "empty", "")
    ]
    assert [["shop"], ["new"], ["main"]] == [
        connections(simulated, name) for name in ("sales", "empty", "")
    ]
    assert [1, 0, 0] == [
        len(ask(simulated, "rules", name).json()) for name in ("sales", "empty", "")
    ]
    # One of the run, in which the error is found again, and the one that was added.
    assert [2, 0, 0] == [len(server.domain(name).incidents) for name in ("sales", "empty", "")]


def test_jobs_of_all_data_domains_have_different_ids(simulated: SimulatedDqops) -> None:
    """So a client that asks in the wrong data domain gets 404, and no other job."""
    numbers = [
        ask(simulated, "jobs/runchecks", name, method="POST", body={}).json()["jobId"]["jobId"]
        for name in ("sales", "", "empty", "sales")
    ]
    assert sorted(set(numbers)) == numbers
    assert 404 == ask(simulated, f"jobs/jobs/{numbers[0]}", "empty").status_code
    assert 200 == ask(simulated, f"jobs/jobs/{numbers[0]}", "sales").status_code


def test_users_are_those_of_the_whole_server(simulated: SimulatedDqops) -> None:
    """A user who is added in one data domain is known in all."""
    body = {"email": "bob", "accountRole": "viewer"}
    assert 201 == ask(simulated, "users", "sales", method="POST", body=body).status_code
    assert 200 == ask(simulated, "users/bob", "empty").status_code


@pytest.mark.parametrize(("domain", "expected"), [("sales", 201), ("empty", 403), ("", 403)])
def test_stronger_role_counts_in_a_data_domain(
    simulated: SimulatedDqops, domain: str, expected: int
) -> None:
    """A viewer who operates one data domain may run checks there, and nowhere else."""
    login = {"Authorization": "Bearer eve's key"}
    run = ask(simulated, "jobs/runchecks", domain, method="POST", body={}, **login)
    look = ask(simulated, "connections", domain, **login)
    assert (expected, 200) == (run.status_code, look.status_code)


def test_data_domain_comes_and_goes(simulated: SimulatedDqops) -> None:
    """A new one is empty, and one that was deleted is gone with all that was in it."""
    ask(simulated, "domains/HR", method="POST")
    before = connections(simulated, "hr")
    ask(simulated, "connections/people", "hr", method="POST", body={})
    deleted = [ask(simulated, "domains/hr", method="DELETE").status_code for _ in range(2)]
    gone = ask(simulated, "connections", "hr").status_code
    ask(simulated, "domains/HR", method="POST")
    assert ([], [204, 404], 500, []) == (before, deleted, gone, connections(simulated, "hr"))


@pytest.mark.parametrize(
    ("name", "token", "status", "cookie"),
    [
        ("sales", RIGHT, 303, "DQODataDomain=sales; Path=/"),
        ("(default)", RIGHT, 303, "DQODataDomain=%28default%29; Path=/"),
        ("missing", RIGHT, 303, None),
        ("missing", None, 303, None),
        ("sales", None, 500, None),
        ("(default)", None, 500, None),
    ],
)
def test_switching_sets_the_cookie(
    simulated: SimulatedDqops, name: str, token: str | None, status: int, cookie: str | None
) -> None:
    """One can only switch to what there is; the server fails where nobody does it."""
    headers = {} if token is None else {"Authorization": token}
    response = ask(simulated, f"domains/{name}/switch", **headers)
    assert (status, cookie) == (response.status_code, response.headers.get("set-cookie"))


@pytest.mark.parametrize("in_process", [False, True])
def test_client_works_on_the_data_domain_that_it_switched_to(in_process: bool) -> None:
    """Through both doors; the record says which data domain a request was for."""
    with DqopsServer(SEED, require_login=True) as server:
        arguments = {"transport": server.transport()} if in_process else {}
        with AuthenticatedClient(server.url, server.api_key, httpx_args=arguments) as client:

            def names(asking: AuthenticatedClient) -> list[object]:
                found = get_all_connections.sync(client=asking) or []
                return [each.connection_name for each in found]

            seen = [names(client)]
            switch_to_data_domain.sync("sales", client=client)
            seen += [names(client), names(client.with_options(data_domain="empty"))]
    assert [["main"], ["shop"], []] == seen
    calls = server.calls("get_all_connections")
    assert ["", "sales", "empty"] == [each.data_domain for each in calls]


def test_snapshot_has_every_data_domain(simulated: SimulatedDqops) -> None:
    """What was deleted, added and run since is undone; references to a data domain stay valid."""
    sales = simulated.state.domain("sales")
    ask(simulated, "jobs/runchecks", "sales", method="POST", body={})
    snapshot = simulated.snapshot()

    ask(simulated, "domains/new", method="POST")
    ask(simulated, "connections/shop", "sales", method="DELETE")
    ask(simulated, "connections/a", "empty", method="POST", body={})
    simulated.restore(snapshot)

    assert snapshot == simulated.snapshot()
    assert ["sales", "empty"] == list(simulated.state.domains)
    assert sales is simulated.state.domain("sales")
    assert (["shop"], []) == (connections(simulated, "sales"), connections(simulated, "empty"))


def test_restart_forgets_the_jobs_of_every_data_domain(simulated: SimulatedDqops) -> None:
    """Stored results stay."""
    for name in ("sales", ""):
        ask(simulated, "jobs/runchecks", name, method="POST", body={})
    simulated.restart()
    assert [[], []] == [simulated.state.domain(name).queue.jobs for name in ("sales", "")]
    assert 1 == len(simulated.state.domain("sales").check_results)


def test_clock_moves_the_jobs_of_every_data_domain() -> None:
    """One clock is that of the whole server."""
    with SimulatedDqops(SEED, job_mode="manual", job_duration=60) as simulated:
        for name in ("sales", ""):
            ask(simulated, "jobs/runchecks?wait=false", name, method="POST", body={})
        simulated.advance(60)
        jobs = [simulated.state.domain(name).queue.jobs[0] for name in ("sales", "")]
        assert ["finished", "finished"] == [job.status for job in jobs]


def test_domain_that_there_is_not_is_told_to_the_test() -> None:
    """As to a request."""
    with pytest.raises(LookupError, match=r"no data domain is called 'x'; there are '.def"):
        State({}).domain("x")


@pytest.mark.parametrize(
    ("domains", "message"),
    [
        ("sales", "expected names, or a mapping of names to seeds, got 'sales'"),
        ([""], "a data domain must have a name, got ''"),
        ({"sales": {"conections": []}}, r"data_domains\.sales\.conections: unknown key"),
        ({"sales": {"connections": 5}}, r"data_domains\.sales\.connections: expected a list"),
        ({"sales": {"users": [{"email": "a"}]}}, r"sales\.users: they belong to the whole server"),
        ({"sales": {"data_domains": ["a"]}}, r"sales\.data_domains: they belong to the whole"),
    ],
    ids=str,
)
def test_impossible_data_domain_is_refused(domains: Any, message: str) -> None:
    """With its place in the seed."""
    with pytest.raises(SeedError, match=message):
        Seed.of({"data_domains": domains})


def test_mistake_in_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    """Documents of data domains are compared with the specification, too."""
    path = tmp_path / "seed.yaml"
    path.write_text("data_domains:\n  sales:\n    rules:\n      own:\n        tipe: python\n")
    with pytest.raises(SeedError, match=r"line 5: data_domains\.sales\.rules\.own\.tipe: unknown"):
        Seed.from_file(path)
