"""docs/mistakes.md is true: each mistake is reported as it says."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dqops
import pytest
from dqops import DQOps, jobs
from dqops.checks import set_check
from dqops.client import AuthenticatedClient, Client, models
from dqops.client.api.connections import get_connection
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.jobs import run_checks
from dqops.client.models import CheckSearchFilters, ImportTablesQueueJobParameters
from dqops.testing import DqopsServer, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mistakes.md"
ROWS = re.findall(r"^\| `(.*?)` \| `(.*)` \|$", PAGE.read_text("utf-8"), re.MULTILINE)
URL = "http://localhost:8888/"


@pytest.fixture(scope="module")
def names() -> Iterator[dict[str, Any]]:
    """What the code on the page may name."""
    with (
        DqopsServer(require_login=True) as server,
        AuthenticatedClient(server.url, server.api_key, raise_on_unexpected_status=True) as client,
        DQOps(server.url, api_key=server.api_key) as dq,
        DQOps(server.url, api_key=server.api_key, strict_enums=True) as strict,
        Client(server.url, raise_on_unexpected_status=True) as anonymous,
        AuthenticatedClient(server.url, "wrong", raise_on_unexpected_status=True) as wrong_key,
    ):
        yield {
            "anonymous": anonymous,
            "wrong_key": wrong_key,
            "AuthenticatedClient": AuthenticatedClient,
            "CheckSearchFilters": CheckSearchFilters,
            "Client": Client,
            "DQOps": DQOps,
            "DqopsServer": DqopsServer,
            "Fault": Fault,
            "ImportTablesQueueJobParameters": ImportTablesQueueJobParameters,
            "client": client,
            "dq": dq,
            "dqops": dqops,
            "filters": CheckSearchFilters(connection="warehouse"),
            "get_connection": get_connection,
            "is_healthy": is_healthy,
            "jobs": jobs,
            "models": models,
            "run_checks": run_checks,
            "server": server,
            "set_check": set_check,
            "strict": strict,
        }


def test_there_are_twenty() -> None:
    """The table is read, so that the test below tests something."""
    assert len(ROWS) >= 20


@pytest.mark.parametrize(("code", "message"), ROWS, ids=[code for code, _ in ROWS])
def test_mistake(names: dict[str, Any], code: str, message: str) -> None:
    """The mistake raises what the page says, word by word, but for the address of the server."""
    server = names["server"]
    with pytest.raises(Exception) as caught:  # noqa: PT011  # which one is compared below
        exec(code.replace(URL, server.url), dict(names))
    found = f"{type(caught.value).__name__}: {caught.value}".replace(server.url, URL)
    assert message == found


@pytest.mark.parametrize(
    ("module", "misspelt", "meant"),
    [
        ("dqops", "DQOp", "DQOps"),
        ("dqops.checks", "set_chek", "set_check"),
        ("dqops.client", "AuthenticatedClint", "AuthenticatedClient"),
        ("dqops.client.errors", "NotFoud", "NotFound"),
        ("dqops.client.models", "CheckSearchFilter", "CheckSearchFilters"),
        ("dqops.client.types", "Unst", "Unset"),
        ("dqops.frames", "check_result", "check_results"),
        ("dqops.health", "wait_until_helthy", "wait_until_healthy"),
        ("dqops.jobs", "run_check", "run_checks"),
        ("dqops.reports", "write_raport", "write_report"),
        ("dqops.testing", "DqopsSever", "DqopsServer"),
    ],
)
def test_misspelt_names(module: str, misspelt: str, meant: str) -> None:
    """Every public package says what may be meant, however the name is looked up."""
    with pytest.raises(AttributeError, match=f"did you mean .*'{meant}'"):
        getattr(import_module(module), misspelt)
    with pytest.raises(ImportError, match=f"did you mean .*'{meant}'"):
        exec(f"from {module} import {misspelt}")
