"""Quality gates against a simulated server."""

from __future__ import annotations

import asyncio
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client.errors import InvalidRequest
from dqops.client.models import CheckSearchFilters
from dqops.jobs import aio
from dqops.testing import Fault

from jobs.shop import MINUTE, ROWS, TIMING, Shop
from jobs.support import FILTERS, submitted

if TYPE_CHECKING:
    from dqops.client import Client
    from dqops.testing import DqopsServer

    from jobs.support import Calling

GOOD = CheckSearchFilters(
    connection="warehouse", full_table_name="public.orders", check_name="daily_row_count"
)


@pytest.mark.parametrize("name", ["gate", "judge"])
@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"connection": "warehouse", "full_table_name": "public.ordres"}, "public.ordres"),
        ({"connection": "zzz"}, "connection 'zzz'"),
    ],
)
def test_mistyped_name(
    client: Client, calling: Calling, name: str, filters: dict[str, Any], said: str
) -> None:
    """Filters that select nothing never say that data is good."""
    verdict = calling(client, name, CheckSearchFilters(**filters), timing=TIMING)
    assert not verdict.passed
    with pytest.raises(jobs.NothingSelected, match=said):
        verdict.raise_if_failed()
    calling(
        client, name, CheckSearchFilters(**filters), allow_nothing_selected=True, timing=TIMING
    ).raise_if_failed()


def test_gate_of_an_outcome(client: Client) -> None:
    """An outcome knows its client, and what it judged; it does not take the client along."""
    filters = CheckSearchFilters(connection="zzz")
    outcome = jobs.run_checks(client, filters, timing=TIMING)
    with pytest.raises(jobs.NothingSelected) as caught:
        outcome.raise_for_severity()
    assert outcome is caught.value.outcome
    outcome.raise_for_severity(allow_no_results=True)
    copy = pickle.loads(pickle.dumps(outcome))
    with pytest.raises(InvalidRequest, match="pass client="):
        copy.judge()
    with pytest.raises(jobs.NothingSelected):
        copy.raise_for_severity(client=client)


def test_gate_of_an_asynchronous_outcome(client: Client) -> None:
    """An outcome of an asynchronous run is judged by `aio.raise_for_severity`, or by itself."""

    async def main() -> None:
        async with client:
            outcome = await aio.run_checks(
                client, CheckSearchFilters(connection="zzz"), timing=TIMING
            )
            with pytest.raises(jobs.NothingSelected):
                await aio.raise_for_severity(outcome)
            await aio.raise_for_severity(outcome, allow_nothing_selected=True)
            with pytest.raises(jobs.NothingSelected):
                outcome.raise_for_severity()

    asyncio.run(main())


def test_gate_of_a_job_of_somebody_else(client: Client) -> None:
    """What an attached job has run is told by the server."""
    jobs.run_checks(
        client, CheckSearchFilters(connection="zzz"), business_key="nightly", timing=TIMING
    )
    outcome = jobs.attach(client, "nightly", jobs.RUN_CHECKS, timing=TIMING).wait()
    with pytest.raises(jobs.NothingSelected, match="connection 'zzz'"):
        outcome.raise_for_severity()


def test_gate_that_is_started_again_after_a_repair(calling: Calling) -> None:
    """It takes up the job that had ended, and runs the checks again where the data was not good."""
    shop = Shop(calling, business_key_delay=0.0)
    try:
        options: dict[str, Any] = {"business_key": "nightly", "if_exists": "attach"}
        shop.put(ROWS).value(3)
        assert not shop.gate(**options).passed
        assert {"nightly": 1} == submitted(shop.server)
        shop.value(900)
        joined = shop.gate(**{**options, "if_exists": "join"})
        repaired = shop.gate(**options)
        assert {"nightly": 2} == submitted(shop.server)
        again = shop.gate(**options)
        assert {"nightly": 2} == submitted(shop.server)
    finally:
        shop.close()

    assert [False, True, True] == [each.passed for each in (joined, repaired, again)]
    told = "; the run had ended before this gate began"
    assert [True, False, True] == [told in str(each) for each in (joined, repaired, again)]


def test_gate_that_takes_up_a_run_of_long_ago(
    calling: Calling, caplog: pytest.LogCaptureFixture
) -> None:
    """How old its results are is told by the server's clock, not by the end of that run."""
    shop = Shop(calling, business_key_delay=0.0)
    try:
        options: dict[str, Any] = {"business_key": "nightly", "max_age": 10 * MINUTE}
        shop.put(ROWS).value(900)
        assert shop.gate(**options).passed
        shop.later(50 * MINUTE)
        joined = shop.gate(**options, if_exists="join")
        assert {"nightly": 1} == submitted(shop.server)
        caplog.clear()
        assert shop.gate(**options, if_exists="attach").passed
        assert {"nightly": 2} == submitted(shop.server)
    finally:
        shop.close()

    with pytest.raises(jobs.ResultsTooOld):
        joined.raise_if_failed()
    warnings = [each.message for each in caplog.records if each.levelname == "WARNING"]
    assert 1 == len(warnings), warnings


def test_run_whose_result_went_with_a_restart(
    server: DqopsServer, client: Client, calling: Calling
) -> None:
    """A job that ends while the server stops is no run of the checks, so that it is retried."""
    server.faults.add(Fault.restart(when="after", operation="wait_for_job", nth=1))
    options: dict[str, Any] = {"business_key": "nightly", "if_exists": "attach", "timing": TIMING}
    with pytest.raises(jobs.JobForgotten, match="finished, but the server no longer knows it"):
        calling(client, "gate", GOOD, **options)
    assert {} == submitted(server)
    calling(client, "gate", GOOD, **options).raise_if_failed()
    assert {"nightly": 1} == submitted(server)


def test_run_whose_result_is_not_told(
    server: DqopsServer, client: Client, calling: Calling
) -> None:
    """What the status says is no proof where the server never told what the run counted."""
    calling(client, "gate", GOOD, timing=TIMING).raise_if_failed()
    server.faults.add(Fault.status(502, operation="get_job"))
    with pytest.raises(jobs.JobUnreachable, match="did not tell what came out of it") as caught:
        calling(client, "gate", GOOD, timing=TIMING, timeout=1.5)
    server.faults.clear()
    again: dict[str, Any] = {"business_key": caught.value.business_key, "if_exists": "attach"}
    calling(client, "gate", GOOD, timing=TIMING, **again).raise_if_failed()
    assert {1} == set(submitted(server).values())


def test_outcome_that_is_judged_late(calling: Calling) -> None:
    """An outcome that was kept does not make its results any younger."""
    shop = Shop(calling)
    try:
        shop.put(ROWS).value(900)
        outcome = jobs.run_checks(shop.client, CheckSearchFilters(connection="shop"), timing=TIMING)
        shop.later(50 * MINUTE)
        with pytest.raises(jobs.ResultsTooOld):
            outcome.raise_for_severity(max_age=10 * MINUTE, allow_not_evaluated=True)
        outcome.raise_for_severity(max_age=60 * MINUTE, allow_not_evaluated=True)
    finally:
        shop.close()


def test_gate_whose_time_is_over_when_it_has_judged(calling: Calling) -> None:
    """It says that the data is bad, not that there is no time to run the checks again."""
    shop = Shop(calling, business_key_delay=0.0)
    try:
        shop.put(ROWS).value(3).gate(business_key="nightly")
        verdict = shop.gate(business_key="nightly", if_exists="attach", timeout=0)
        assert {"nightly": 1} == submitted(shop.server)
    finally:
        shop.close()

    assert ["daily_row_count"] == [each.check for each in verdict.failed_checks]


@pytest.mark.parametrize(
    ("function", "wrong", "message"),
    [
        ("gate", "fail_at", r"gate\(\) got .*'fail_at'; did you mean 'at_least'"),
        ("judge", "severity", r"judge\(\) got .*'severity'; did you mean 'at_least'"),
        ("judge", "allow_nothing", r"judge\(\) got .*; did you mean 'allow_nothing_selected'"),
        ("judge", "check_name", r"judge\(\) got .*: CheckSearchFilters\(check_name=\.\.\.\)"),
    ],
)
def test_keywords_that_do_not_exist(
    client: Client, calling: Calling, function: str, wrong: str, message: str
) -> None:
    """An unknown keyword is refused by the name of the function, with what may be meant."""
    filters = CheckSearchFilters(connection="warehouse")
    with pytest.raises(TypeError, match=message):
        calling(client, function, filters, **{wrong: "error"})


def test_bad_criteria_come_before_the_run(client: Client, calling: Calling) -> None:
    """What a gate cannot judge by is refused before anything runs."""
    for options in ({"at_least": "bad"}, {"months": 1}):
        with pytest.raises(InvalidRequest):
            calling(client, "gate", FILTERS, **options)
    with pytest.raises(InvalidRequest):
        calling(client, "gate", CheckSearchFilters(enabled=False))
    assert [] == client_jobs(client)


def client_jobs(client: Client) -> list[Any]:
    """List what the server has been told to do."""
    told = client.get_httpx_client().get("api/jobs/jobchangessince/0").json()
    changes: list[Any] = told["jobChanges"]
    return changes
