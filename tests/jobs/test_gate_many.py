"""Quality gates over many tables, and over tables that come, go and fail meanwhile."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client.errors import Forbidden, ServerError
from dqops.client.models import CheckSearchFilters
from dqops.jobs import aio
from dqops.testing import Fault, Table

from jobs.shop import MINUTE, ROWS, TABLE, TIMING, Shop, Told, judged, outcome_of
from jobs.support import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dqops.jobs import JobProgress
    from dqops.jobs.steps import Call

    from jobs.support import Calling

ALL = {"full_table_name": "sales.*"}


@pytest.fixture
def shop(calling: Calling) -> Iterator[Shop]:
    """A shop whose two tables are good."""
    shop = Shop(calling).put(ROWS).value(900)
    yield shop
    shop.close()


@pytest.mark.parametrize("count", [1_000])
def test_thousand_tables(calling: Calling, count: int) -> None:
    """A good table takes one request, and the list of tables one for each two hundred."""
    spec = {"monitoring_checks": {"daily": ROWS}}
    many = [Table("big", f"t{number:04}", spec=spec) for number in range(count)]
    shop = Shop(calling, more=many)
    try:
        shop.value(900, table=None)
        for name in ("t0007", "t0500", "t0999"):
            shop.value(100, table=f"big.{name}")
        heard: list[JobProgress] = []
        filters = {"full_table_name": "big.*"}
        options: dict[str, Any] = {"max_concurrent": 16}
        verdict = shop.gate(filters=filters, on_progress=heard.append, **options)
        assert ["t0007", "t0500", "t0999"] == [check.table for check in verdict.failures]
        assert count == len(verdict.tables)
        # Lists, the jobs of the run, a status each, and three more for each bad check.
        assert 6 + 1 + count + 3 * 3 >= verdict.requests
        told = [each.judged for each in heard if each.phase == "judging"]
        assert [0, *range(1, count + 1)] == told
        rerun = shop.later(MINUTE).gate(filters=filters, **options)
        assert 3 == len(rerun.failures)
        assert verdict.requests == rerun.requests
    finally:
        shop.close()


def test_disabled_table(shop: Shop) -> None:
    """A disabled table does not count; the server does not even list it."""
    shop.value(100).run()
    http = shop.client.get_httpx_client()
    http.put(TABLE, json={**http.get(TABLE).json()["spec"], "disabled": True})
    verdict = shop.gate()
    assert ["nothing_selected"] == outcome_of(verdict)["problems"]
    with pytest.raises(
        jobs.NothingSelected, match=r"'sales\.orders' .* whether the tables are enabled"
    ):
        verdict.raise_if_failed()


@pytest.mark.parametrize(
    ("fault", "passes"),
    [
        (Fault.status(502, operation="get_table_data_quality_status", nth=1), True),
        (Fault.status(503, operation="find_tables", nth=1, retry_after=0), True),
        (Fault.reset(operation="get_table_data_quality_status", nth=1), True),
        (Fault.status(500, operation="get_table_data_quality_status", nth=1), True),
        (Fault.status(502, operation="get_job_changes_since", nth=1), True),
    ],
)
def test_fault_that_passes(shop: Shop, fault: Fault, passes: bool) -> None:
    """What fails once on the way to the server is read again."""
    shop.server.faults.add(fault)
    assert passes is shop.gate().passed


@pytest.mark.parametrize(
    ("status", "error"), [(500, ServerError), (403, Forbidden)], ids=["broken", "forbidden"]
)
def test_status_that_cannot_be_read(shop: Shop, status: int, error: type[Exception]) -> None:
    """What cannot be read is not good, whatever the reason."""
    shop.server.faults.add(Fault.status(status, operation="get_table_data_quality_status"))
    with pytest.raises(error):
        shop.gate()


@pytest.mark.parametrize(
    ("is_listed", "problem"), [(True, "not_evaluated"), (False, "nothing_selected")]
)
def test_table_without_a_status(is_listed: bool, problem: str) -> None:
    """A table that has no status is not good, unless it is no longer listed either."""
    told = Told(datetime.now(UTC), UTC)
    lists: list[object] = []

    def respond(call: Call) -> object:
        if call.operation.endswith("data_quality_status"):
            return UNKNOWN
        if call.operation == "search/find_tables":
            lists.append(told(call))
            return lists[0] if is_listed or len(lists) == 1 else []
        return told(call)

    assert [problem] == outcome_of(judged(respond))["problems"]


def test_history_of_jobs_that_is_gone(shop: Shop) -> None:
    """Where the server does not know any more what the run covered, readouts tell."""
    shop.run()
    shop.later(MINUTE)
    shop.server.faults.add(Fault.status(503, operation="get_job_changes_since"))
    verdict = shop.gate()
    assert verdict.passed
    assert [True] == [table.in_this_run for table in verdict.tables]
    assert 3 == verdict.requests  # tables, status, readouts


def test_checks_that_the_run_did_not_cover(shop: Shop) -> None:
    """Results of checks that were all removed since are no proof, whoever tells it."""
    shop.run()
    shop.later(MINUTE).put({})
    assert ["nothing_selected"] == outcome_of(shop.gate())["problems"]
    shop.server.faults.add(Fault.status(503, operation="get_job_changes_since"))
    assert ["not_in_this_run", "nothing_selected"] == outcome_of(shop.gate())["problems"]
    allowed: dict[str, Any] = {"allow_not_in_this_run": True, "allow_nothing_selected": True}
    assert shop.gate(**allowed).passed


def test_time_that_is_over(shop: Shop) -> None:
    """Judging ends with its deadline."""
    with pytest.raises(jobs.JobTimeout, match="not judged in time"):
        shop.gate("judge", timeout=0)


def test_progress_of_an_asynchronous_gate(shop: Shop) -> None:
    """What a callback returns is awaited; its errors go to the caller."""
    heard: list[str] = []

    async def tell(progress: JobProgress) -> None:
        await asyncio.sleep(0)
        heard.append(str(progress))
        if progress.judged:
            raise RuntimeError("stop")

    async def main() -> None:
        async with shop.client:
            filters = CheckSearchFilters(connection="shop")
            await aio.gate(shop.client, filters, on_progress=tell, timing=TIMING)

    with pytest.raises(RuntimeError, match="stop"):
        asyncio.run(main())
    assert any("judging, 0 tables" in each for each in heard), heard


@pytest.mark.parametrize(
    "change",
    [
        lambda shop: shop.client.get_httpx_client().delete(TABLE),
    ],
    ids=["deleted"],
)
def test_table_that_goes_meanwhile(shop: Shop, change: Callable[[Shop], Any]) -> None:
    """A table that is deleted while others are judged is not judged."""
    shop.run()

    def hear(progress: JobProgress) -> None:
        if progress.phase == "judging" and progress.tables is None:
            change(shop)

    verdict = shop.gate("judge", on_progress=hear)
    assert ["nothing_selected"] == outcome_of(verdict)["problems"]


def test_cancelled_task(shop: Shop) -> None:
    """A gate that is cancelled while it judges leaves no task behind."""
    judging = asyncio.Event()

    def hear(progress: JobProgress) -> None:
        if progress.phase == "judging" and progress.tables is None:
            judging.set()

    async def main() -> set[Any]:
        before = asyncio.all_tasks()
        async with shop.client:
            filters = CheckSearchFilters(connection="shop")
            task = asyncio.create_task(
                aio.judge(shop.client, filters, on_progress=hear, timing=TIMING)
            )
            await judging.wait()
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        return asyncio.all_tasks() - before

    shop.run()
    shop.server.faults.add(Fault.delay(30, operation="get_table_data_quality_status"))
    assert set() == asyncio.run(main())


def test_interrupt(shop: Shop) -> None:
    """Ctrl-C ends a gate at once, however long the server takes."""
    shop.run()
    shop.server.faults.add(Fault.delay(30, operation="get_table_data_quality_status", nth=2))

    def interrupt(progress: JobProgress) -> None:
        if progress.judged:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.judge(
            shop.client,
            CheckSearchFilters(connection="shop"),
            on_progress=interrupt,
            timing=TIMING,
        )
