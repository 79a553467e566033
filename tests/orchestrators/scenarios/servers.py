"""The servers that the scenarios run on: the embedded one, or a DQOps that is running."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dqops import jobs
from dqops.client import AuthenticatedClient
from dqops.testing import DqopsServer

from orchestrators.processes import free_port, wait_until
from orchestrators.support import submitted

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BAD", "GOOD", "LONG", "Proxy", "Server", "server_of_environment"]

GOOD, BAD, LONG = "files.customers.csv", "files.orders.csv", "files.big*"

# Seconds that the jobs of each kind of table run on the embedded server.
_SHORT_JOB, _LONG_JOB = 1.0, 12.0


class Server(Protocol):
    """What can be done to a server."""

    name: str
    url: str
    key: str

    def mark(self) -> None:
        """Count only jobs that are submitted from now on."""

    def count(self) -> Counter[str]:
        """Count the jobs by their status; without the children."""

    def restart(self) -> None:
        """Stop and start it, which makes it forget its jobs."""

    def running_long(self, table: str) -> None:
        """Prepare for jobs on a table."""

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Make jobs on the good table fail."""


class Embedded:
    """The embedded server."""

    name = "embedded"
    key = "the-key"

    def __init__(self) -> None:
        tables = [
            {"schema": "files", "name": name}
            for name in ("customers.csv", "orders.csv", "big1.csv")
        ]
        result = {"connection": "shop", "schema": "files", "check_name": "daily_row_count"}
        self._server = DqopsServer(
            {
                "connections": [{"name": "shop", "tables": tables}],
                "default_policies": False,
                "check_results": [
                    {
                        **result,
                        "table": table["name"],
                        "category": "volume",
                        "severity": "valid",
                        "executed_at": "-2h",
                    }
                    for table in tables
                ],
            },
            port=free_port(),
            require_login=True,
            api_key=self.key,
        )
        self._server.set_value(0, table=BAD, check_name="daily_row_count")
        self._before: Counter[str] = Counter()
        self._server.start()
        self.url = self._server.url

    def mark(self) -> None:
        self._before = submitted(self._server)

    def count(self) -> Counter[str]:
        return submitted(self._server) - self._before

    def restart(self) -> None:
        self._server.restart()
        self._before = Counter()

    def running_long(self, table: str) -> None:
        self._server.settings.job_duration = _LONG_JOB if table == LONG else _SHORT_JOB
        if table == BAD:
            self._server.next_outcome("error", table=BAD)

    @contextmanager
    def failing(self) -> Iterator[None]:
        self._server.next_outcome(table=GOOD, fails="the disk is full")
        yield


class Running:
    """A DQOps that the environment names."""

    name = "running DQOps"

    def __init__(self) -> None:
        self.url = os.environ["DQOPS_URL"]
        self.key = os.environ["DQOPS_API_KEY"]
        self._client = AuthenticatedClient(self.url, self.key, raise_on_unexpected_status=True)
        self._before: set[int | None] = set()

    def mark(self) -> None:
        self._before = {each.job_id for each in jobs.list_jobs(self._client)}

    def count(self) -> Counter[str]:
        found = jobs.list_jobs(self._client)
        return Counter(
            str(each.status)
            for each in found
            if each.business_key and each.job_id not in self._before
        )

    def restart(self) -> None:
        subprocess.run(os.environ["DQOPS_RESTART"], shell=True, check=True, timeout=300)

    def running_long(self, table: str) -> None:
        pass

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Put files where DQOps wants folders."""
        with (
            _instead_of(self._folder("check_results")),
            _instead_of(self._folder("sensor_readouts")),
        ):
            yield

    def _folder(self, kind: str) -> Path:
        return Path(os.environ["DQOPS_HOME"], ".data", kind, "c=shop", f"t={GOOD}")


@contextmanager
def _instead_of(folder: Path) -> Iterator[None]:
    aside = folder.with_name(f"{folder.name}.aside")
    had_one = folder.exists()
    if had_one:
        folder.rename(aside)
    folder.write_text("x")
    try:
        yield
    finally:
        folder.unlink()
        if had_one:
            aside.rename(folder)


def server_of_environment() -> Server:
    """Give the server that the environment names, or an embedded one."""
    return Running() if os.environ.get("DQOPS_URL") else Embedded()


class Proxy:
    """Forwards TCP to a server, and can be down.

    Args:
        url: The URL of the server.
    """

    def __init__(self, url: str) -> None:
        self._to = int(url.rstrip("/").rpartition(":")[2])
        self._port = free_port()
        self._connections: set[socket.socket] = set()
        self.url = f"http://127.0.0.1:{self._port}/"
        self.up()

    def up(self) -> None:
        """Accept connections."""
        self._listener = socket.create_server(("127.0.0.1", self._port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def down(self) -> None:
        """Refuse connections, and cut those that there are."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in list(self._connections):
            _cut(each)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                one, _ = listener.accept()
            except OSError:
                return
            try:
                other = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                one.close()
                continue
            self._connections |= {one, other}
            for pair in ((one, other), (other, one)):
                threading.Thread(target=self._forward, args=pair, daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for each in (source, target):
            _cut(each)
        self._connections.discard(source)
        source.close()


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def wait_for_jobs(server: Server, **expected: int) -> None:
    """Wait until a server has these jobs."""
    wait_until(lambda: server.count() == expected, f"{expected}, but {dict(server.count())}")
