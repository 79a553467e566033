"""The worked example: a client of mosparo's health check."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clientsmith.targets import load_targets

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

EXAMPLE = load_targets()["mosparo"].package.parent
PATH = "/api/v1/health/check"


def report(healthy: bool | None, database: str, error: str | None, **more: Any) -> dict[str, Any]:
    """Write a report as the server does."""
    return {
        "service": "mosparo",
        "healthy": healthy,
        "databaseStatus": database,
        "error": error,
        **more,
    }


@pytest.fixture
def mosparo(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the package; the example is no part of what is installed."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    return import_module("mosparo_client")


@pytest.fixture
def check_health(mosparo: Any) -> Any:  # noqa: ARG001 - it makes the package importable
    """Give the operation."""
    return import_module("mosparo_client.api.health.check_health")


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (200, report(True, "connected", None, statusCode=200)),
        (500, report(False, "connection-failed", "refused", statusCode=500)),
        (200, report(None, "bypassed", "", statusCode=200)),
        (200, report(True, "not-configured", None)),
        (200, report(True, "test-skipped__moon-not-full", None, statusCode=200)),
    ],
)
def test_report(
    httpserver: HTTPServer, mosparo: Any, check_health: Any, status: int, sent: dict[str, Any]
) -> None:
    """A report is the result, whatever the status, whatever the state of the database."""
    httpserver.expect_request(PATH).respond_with_json(sent, status)
    with mosparo.Client(httpserver.url_for(""), raise_on_unexpected_status=True) as client:
        response = check_health.sync_detailed(client=client)
    assert status == response.status_code
    assert (sent["healthy"], sent["databaseStatus"]) == (
        response.parsed.healthy,
        response.parsed.database_status,
    )
    assert sent == response.parsed.to_dict()


def test_unknown_state_of_the_database(
    httpserver: HTTPServer, mosparo: Any, check_health: Any
) -> None:
    """A value that a newer server invents says that it is not known."""
    sent = report(True, "test-skipped__moon-not-full", None)
    httpserver.expect_request(PATH).respond_with_json(sent)
    with mosparo.Client(httpserver.url_for("")) as client:
        assert not check_health.sync(client=client).database_status.is_known


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        ('{"error": true, "errorMessage": "No route found"}', "application/json", "No route found"),
        ("<!doctype html><title>404</title>", "text/html", ""),
    ],
)
def test_not_found_means_not_allowed_or_a_wrong_address(
    httpserver: HTTPServer,
    mosparo: Any,
    check_health: Any,
    body: str,
    content_type: str,
    words: str,
) -> None:
    """The error tells both, whether the refusal comes as JSON or as a page."""
    httpserver.expect_request(PATH).respond_with_data(body, 404, content_type=content_type)
    with (
        mosparo.Client(httpserver.url_for(""), raise_on_unexpected_status=True) as client,
        pytest.raises(mosparo.errors.NotFound) as caught,
    ):
        check_health.sync(client=client)
    assert words == caught.value.server_message
    assert "Not allowed, or a wrong address" in str(caught.value)
    assert "MOSPARO_HEALTH_ALLOW_LIST" in str(caught.value)


def test_500_that_is_no_report(httpserver: HTTPServer, mosparo: Any, check_health: Any) -> None:
    """The page of a framework is an error, and not a report."""
    httpserver.expect_request(PATH).respond_with_data(
        "<html></html>", 500, content_type="text/html"
    )
    with (
        mosparo.Client(httpserver.url_for(""), raise_on_unexpected_status=True) as client,
        pytest.raises(mosparo.errors.ServerError),
    ):
        check_health.sync(client=client)


@pytest.mark.parametrize(
    ("status", "sent", "code", "printed"),
    [
        (200, report(True, "connected", None), 0, "healthy: True, database: connected\n"),
        (
            500,
            report(False, "connection-failed", "refused"),
            1,
            "healthy: False, database: connection-failed\nrefused\n",
        ),
    ],
)
def test_program(
    httpserver: HTTPServer, status: int, sent: dict[str, Any], code: int, printed: str
) -> None:
    """The example's program prints the report, and its exit code says the same."""
    httpserver.expect_request(PATH, headers={"Accept": "application/json"}).respond_with_json(
        sent, status
    )
    run = subprocess.run(
        [sys.executable, Path(EXAMPLE, "check_health.py"), httpserver.url_for("")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (code, printed, "") == (run.returncode, run.stdout, run.stderr)
