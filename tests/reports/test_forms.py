"""What notebooks and terminals show of outcomes, verdicts and models."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client import Client
from dqops.client.api.check_results import get_table_data_quality_status
from dqops.client.models import CheckSearchFilters
from dqops.testing import DqopsServer

from reports.test_page import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

FILTERS = CheckSearchFilters(connection="warehouse")


@pytest.fixture(scope="module")
def shown() -> Iterator[dict[str, tuple[Any, set[str]]]]:
    """What is shown, and texts that have to be there."""
    with DqopsServer(job_duration=0) as server, Client(server.url) as client:
        outcome = jobs.run_checks(client, FILTERS)
        yield {
            "outcome": (outcome, {f"{outcome.kind} job {outcome.job_id}: finished", "duration"}),
            "verdict": (
                jobs.judge(client, FILTERS),
                {"daily_nulls_percent", "fatal", "warehouse.public.orders"},
            ),
            "status": (
                get_table_data_quality_status.sync("warehouse", "public", "orders", client=client),
                {"TableCurrentDataQualityStatusModel", "current_severity", "daily_nulls_percent"},
            ),
        }  # fmt: skip


@pytest.mark.parametrize("name", ["outcome", "verdict", "status"])
def test_a_notebook_shows_a_table(shown: dict[str, tuple[Any, set[str]]], name: str) -> None:
    """A notebook shows a well-formed table with what matters."""
    value, expected = shown[name]
    page = Page(value._repr_html_())
    assert [] == page.open
    assert "table" in {tag for tag, _ in page.tags}
    assert expected <= set(page.texts)


@pytest.mark.parametrize("name", ["outcome", "verdict", "status"])
def test_rich_shows_a_table(shown: dict[str, tuple[Any, set[str]]], name: str) -> None:
    """Rich shows the same within the width of the terminal."""
    console = pytest.importorskip("rich.console", reason="the extra `cli` is not installed")
    value, expected = shown[name]
    out = io.StringIO()
    console.Console(file=out, width=140).print(value)
    assert max(map(len, out.getvalue().splitlines())) <= 140
    for text in expected:
        assert text in out.getvalue()


def test_markup_of_names_is_shown_as_it_is() -> None:
    """Names cannot be HTML or markup of rich."""
    filters = CheckSearchFilters(connection="<b>[red]")
    assert "&lt;b&gt;[red]" in filters._repr_html_()
