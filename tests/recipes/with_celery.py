"""The task of docs/recipes.md in workers of Celery (`make test-recipes`)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from dqops.testing import DqopsServer, Fault
from orchestrators.processes import wait_until
from orchestrators.seeds import SHOP
from orchestrators.support import submitted

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).resolve().parents[2] / "docs/recipes.md"

# A broker and a result backend that are folders.
HEAD = """
from celery import Celery
app = Celery("recipe", broker="filesystem://", backend="file://results")
folders = {"data_folder_in": "queue", "data_folder_out": "queue"}
app.conf.broker_transport_options = folders | {"control_folder": "control"}
"""
SEND = """
from recipe import check_table
print(check_table.delay("shop", "public.orders").id)
"""
TELL = """
import sys
from recipe import app
print(app.AsyncResult(sys.argv[1]).state)
"""


class Celery:
    """A worker, and what is sent to it."""

    def __init__(self, folder: Path, server: DqopsServer) -> None:
        self.folder = folder
        self.environment = {**os.environ, "DQOPS_URL": server.url, "DQOPS_API_KEY": "the-key"}

    def start(self, **settings: float) -> None:
        """Write the module, and start the worker."""
        (block,) = re.findall(
            r"```python\n(.*?app\.task.*?)```", PAGE.read_text("utf-8"), re.DOTALL
        )
        more = "".join(f"app.conf.{name} = {value}\n" for name, value in settings.items())
        (self.folder / "recipe.py").write_text(HEAD + more + block)
        for name in ("queue", "control", "results"):
            (self.folder / name).mkdir()
        command = ["-m", "celery", "-A", "recipe", "worker", "--concurrency", "1"]
        self.worker = subprocess.Popen(
            [sys.executable, *command, "--without-mingle", "--without-gossip"],
            cwd=self.folder,
            env=self.environment,
            start_new_session=True,
        )

    def stop(self) -> None:
        """Stop the worker."""
        children = psutil.Process(self.worker.pid).children(recursive=True)
        for each in [*children, self.worker]:
            each.kill()
        self.worker.wait(20)

    def python(self, program: str, *arguments: str) -> str:
        """Run a program beside the module."""
        command = [sys.executable, "-c", program, *arguments]
        return subprocess.check_output(
            command, cwd=self.folder, env=self.environment, text=True, timeout=100
        ).strip()

    def send(self) -> str:
        """Send a message, and give its id."""
        return self.python(SEND)

    def wait_for_end(self, message: str) -> str:
        """Wait until a message was worked on, and say what came of it."""

        def look() -> str:
            state = self.python(TELL, message)
            return state if state in {"SUCCESS", "FAILURE"} else ""

        state: str = wait_until(look, "the end of the task")
        return state


@pytest.fixture
def server() -> Iterator[DqopsServer]:
    """A server with an API key."""
    with DqopsServer(SHOP, require_login=True, api_key="the-key") as server:
        yield server


@pytest.fixture
def celery(server: DqopsServer, tmp_path: Path) -> Iterator[Celery]:
    """Celery in a folder."""
    found = Celery(tmp_path, server)
    yield found
    found.stop()


def test_good_data(server: DqopsServer, celery: Celery) -> None:
    """The task runs one job."""
    celery.start()
    assert "SUCCESS" == celery.wait_for_end(celery.send())
    assert {"finished": 1} == submitted(server)


def test_bad_data(server: DqopsServer, celery: Celery) -> None:
    """Bad data fails the task, and is not retried."""
    server.next_outcome("error", table="public.orders")
    celery.start()
    assert "FAILURE" == celery.wait_for_end(celery.send())
    assert {"finished": 1} == submitted(server)


def test_technical_trouble(server: DqopsServer, celery: Celery) -> None:
    """A retry over technical trouble takes up the job."""
    server.faults.add(Fault.status(403, operation="find_tables", times=1))
    celery.start()
    assert "SUCCESS" == celery.wait_for_end(celery.send())
    assert {"finished": 1} == submitted(server)


def test_lost_worker(server: DqopsServer, celery: Celery) -> None:
    """A message whose worker was lost is delivered again, and its job taken up."""
    server.settings.job_duration = 10.0
    celery.start()
    message = celery.send()
    wait_until(lambda: {"running": 1} == submitted(server), "the job")
    (child,) = psutil.Process(celery.worker.pid).children()
    child.kill()
    assert "SUCCESS" == celery.wait_for_end(message)
    assert {"finished": 1} == submitted(server)


def test_soft_time_limit(server: DqopsServer, celery: Celery) -> None:
    """A task that takes too long cancels its job."""
    server.settings.job_duration = 600.0
    celery.start(task_soft_time_limit=3)
    celery.send()
    wait_until(lambda: {"cancelled": 1} == submitted(server), "the cancellation")
    time.sleep(3)
    assert {"cancelled": 1} == submitted(server)
