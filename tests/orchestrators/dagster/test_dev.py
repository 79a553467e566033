"""The example in `dagster dev`: what its page asks for, and what it shows."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.testing import DqopsServer

from orchestrators.processes import free_port, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFINITIONS = Path(__file__).resolve().parents[3] / "examples/dagster/definitions.py"

QUERY = """
{ assetNodes(assetKeys: [{path: ["orders"]}]) { assetChecksOrError { ... on AssetChecks { checks {
  name blocking
  executionForLatestMaterialization { status evaluation {
    success severity metadataEntries { label ... on UrlMetadataEntry { url } }
  } }
} } } } }
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of `dagster dev`, after the example's assets were made once."""
    home = tmp_path_factory.mktemp("dagster")
    with DqopsServer() as server:
        environment = {
            **os.environ,
            "DAGSTER_HOME": str(home),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            "DQOPS_URL": server.url,
        }
        server.next_outcome("error", table="public.orders", check_name="daily_row_count")
        command = [sys.executable, "-m", "dagster", "asset", "materialize", "--select", "*"]
        made = subprocess.run(
            [*command, "--python-file", str(DEFINITIONS)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert "daily_row_count" in made.stdout + made.stderr
        port = free_port()
        command = [sys.executable, "-m", "dagster", "dev", "--python-file", str(DEFINITIONS)]
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            env=environment,
            cwd=home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            wait_until(lambda: _is_up(url), "the page", 180)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/server_info").status_code == 200
    except httpx.TransportError:
        return False


def test_graphql(page: str) -> None:
    """Dagster tells of each check its severity, and where it is in DQOps."""

    def look() -> Any:
        found = httpx.post(f"{page}/graphql", json={"query": QUERY}, timeout=60).json()["data"]
        return found["assetNodes"] and found["assetNodes"][0]["assetChecksOrError"].get("checks")

    checks = {each["name"]: each for each in wait_until(look, "the checks", 60)}
    assert {"dqops", "daily_row_count"} == set(checks)
    bad = checks["daily_row_count"]
    assert bad["blocking"]
    execution = bad["executionForLatestMaterialization"]
    assert "FAILED" == execution["status"]
    assert (False, "ERROR") == (
        execution["evaluation"]["success"],
        execution["evaluation"]["severity"],
    )
    links = [each.get("url") for each in execution["evaluation"]["metadataEntries"]]
    assert any("/public/table/orders/" in str(each) for each in links)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no browser is installed")
def test_page(page: str, tmp_path: Path) -> None:
    """The page of the asset shows its checks."""
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--virtual-time-budget=30000",
        f"--user-data-dir={tmp_path / 'browser'}",
        "--dump-dom",
        f"{page}/assets/orders?view=checks",
    ]
    end = time.monotonic() + 120
    shown = ""
    while "daily_row_count" not in shown and time.monotonic() < end:
        shown = subprocess.run(
            command, capture_output=True, text=True, timeout=120, check=False
        ).stdout
    assert "daily_row_count" in shown
