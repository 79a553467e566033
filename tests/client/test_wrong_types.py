"""An argument of a wrong type is refused by its name, never by an error from inside."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import fields
from datetime import UTC, datetime
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from dqops import DQOps, checks, health, jobs, testing
from dqops.client import models
from dqops.client.errors import ClientError
from dqops.testing import DqopsServer, Fault, SimulatedDqops

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

WRONG = [5, None, ("a", "b"), "x", ["x"], {"x": 1}, object()]
# What messages call an argument that they do not name.
CALLED = {
    "api_key": "API key",
    "business_key": "business key",
    "data_domain_roles": "role",
    "faults": "fault",
    "host": "loopback",
    "parameters": "filters",
    "requests": "request",
    "seed": "seed|mapping|unknown key",
}
FILTERS = models.CheckSearchFilters(connection="warehouse")
STATISTICS = models.StatisticsCollectorSearchFilters(connection="warehouse")
REQUEST = jobs.RUN_CHECKS.request(FILTERS)
SOON = jobs.Timing(registered_within=0.1, listed_within=0.1)
JOB = {"timeout": 3, "timing": SOON}
NOW = datetime(2026, 1, 15, tzinfo=UTC)

# The arguments of a call that is right, besides the client; where there are options, all are tried.
CHECK = {"table": "warehouse.public.orders", "check": "daily_row_count"}
CALLS: dict[str, Mapping[str, Any]] = {
    "checks.get_checks": {"table": CHECK["table"]},
    "checks.remove_check": CHECK,
    "checks.set_check": {**CHECK, "error": {"min_count": 1}},
    "checks.aio.get_checks": {"table": CHECK["table"]},
    "checks.aio.remove_check": CHECK,
    "checks.aio.set_check": {**CHECK, "error": {"min_count": 1}},
    "health.check": {},
    "health.check_async": {},
    "jobs.as_completed": {"requests": [REQUEST], **JOB},
    "jobs.attach": {"business_key": "k", "kind": jobs.RUN_CHECKS, "timing": SOON},
    "jobs.changes": {**JOB, "timeout": 0.05},
    "jobs.collect_error_samples": {"parameters": FILTERS, **JOB},
    "jobs.collect_statistics_on_data_groups": {"parameters": STATISTICS, **JOB},
    "jobs.collect_statistics_on_table": {"parameters": STATISTICS, **JOB},
    "jobs.failures": {"parameters": FILTERS, **JOB},
    "jobs.gate": {"parameters": FILTERS, **JOB},
    "jobs.judge": {"parameters": FILTERS, **JOB},
    "jobs.list_jobs": JOB,
    "jobs.run": {"request": REQUEST, **JOB},
    "jobs.run_checks": {"parameters": FILTERS, **JOB},
    "jobs.run_many": {"requests": [REQUEST], **JOB},
    "jobs.submit": {"request": REQUEST, **JOB},
    "jobs.aio.run": {"request": REQUEST, **JOB},
    "jobs.aio.run_many": {"requests": [REQUEST], **JOB},
    "jobs.aio.gate": {"parameters": FILTERS, **JOB},
}
RESULT = {"connection": "warehouse", "schema": "public", "table": "orders"}
CONSTRUCTORS: dict[str, Mapping[str, Any]] = {
    "CheckResult": {
        **RESULT,
        "check_name": "daily_row_count",
        "category": "volume",
        "severity": 1,
        "executed_at": NOW,
    },
    "Column": {"name": "id"},
    "Connection": {"name": "shop"},
    "DqopsServer": {},
    "FaultPlan": {},
    "Incident": {**RESULT, "first_seen": NOW},
    "ManualClock": {},
    "Seed": {},
    "Settings": {},
    "SimulatedDqops": {},
    "SkippingClock": {},
    "State": {},
    "Table": {"schema": "sales", "name": "orders"},
    "User": {"email": "a@example.com"},
}
FAULTS: dict[str, Mapping[str, Any]] = {
    **{kind: {} for kind in testing.FAULT_KINDS},
    "delay": {"seconds": 1},
    "redirect": {"location": "/login"},
    "slow": {"bytes_per_second": 100},
    "status": {"status": 503},
}
RULE = ("operation", "method", "nth", "times", "probability")


@pytest.fixture(scope="module")
def dq() -> Iterator[DQOps]:
    """A client of a server whose jobs end at once."""
    with DqopsServer(job_mode="skip") as server, DQOps(server.url) as dq:
        yield dq


def parameters_of(function: Callable[..., Any]) -> list[str]:
    """The names of the parameters, with those of the options that its type tells."""
    found = []
    for name, each in inspect.signature(function).parameters.items():
        if each.kind is not each.VAR_KEYWORD:
            found.append(name)
        elif "RunOptions" in str(each.annotation) or "GateOptions" in str(each.annotation):
            found += (jobs.run.__kwdefaults__ or {}).keys() - set(found)
        if "GateOptions" in str(each.annotation) or "JudgingOptions" in str(each.annotation):
            found += {field.name for field in fields(jobs.Criteria)} - set(found)
    return found


def problem_with(call: Callable[[], Any], name: str) -> str:
    """Say how a call answers a wrong argument other than by its name; empty if it does not."""
    said = [f"{name}: it hangs"]

    def ask() -> None:
        try:
            result = call()
            if inspect.iscoroutine(result):
                result = asyncio.run(result)
            if inspect.isgenerator(result):
                next(result, None)
        except (ClientError, TypeError, ValueError) as error:
            words = CALLED.get(name, name).split("|")
            is_named = any(each in str(error) for each in (*words, name))
            said[0] = "" if is_named else f"{type(error).__name__}: {error}"
        except Exception as error:
            said[0] = f"{type(error).__name__}: {error}"
        else:
            said[0] = ""

    thread = Thread(target=ask, daemon=True)
    thread.start()
    thread.join(20)
    return said[0]


def problems(
    call: Callable[..., Any], right: Mapping[str, Any], names: list[str]
) -> list[tuple[str, Any, str]]:
    """Give each parameter each wrong value, and list what is not refused by its name."""
    found = []
    for name in names:
        for value in WRONG:
            if name.endswith("timeout") and value in (5, None):
                continue  # which are right, and take their time
            said = problem_with(lambda n=name, v=value: call(**{**right, n: v}), name)  # type: ignore[misc]
            if said:
                found.append((name, value, said))
    return found


@pytest.mark.parametrize("path", CALLS)
def test_functions(dq: DQOps, path: str) -> None:
    """Functions that send requests refuse each wrong argument by its name, and none hangs."""
    package, _, name = path.rpartition(".")
    modules = {"checks": checks, "checks.aio": checks.aio, "health": health, "jobs": jobs}
    function = getattr({**modules, "jobs.aio": jobs.aio}[package], name)
    assert [] == problems(function, {"client": dq, **CALLS[path]}, parameters_of(function))


@pytest.mark.parametrize("name", CONSTRUCTORS)
def test_constructors(name: str) -> None:
    """What a simulated server is made of is refused where it is made."""
    make = getattr(testing, name)
    right = CONSTRUCTORS[name]

    def made(**arguments: Any) -> None:
        found = make(**arguments)
        if name == "DqopsServer":
            with found:
                pass
        elif name == "Seed":
            SimulatedDqops(found)

    assert [] == problems(made, right, parameters_of(make))


@pytest.mark.parametrize("kind", FAULTS)
def test_faults(kind: str) -> None:
    """A fault is refused where it is made."""
    make = getattr(Fault, kind)
    assert [] == problems(make, FAULTS[kind], [*parameters_of(make), *RULE])
