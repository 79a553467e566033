"""`python -m dqops.health`: exit codes, output, and how fast it starts."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from .servers import CERTIFICATE, OK, STARTING, dead, serving

if TYPE_CHECKING:
    from .servers import Scripted


def probe(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "-m", "dqops.health", *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )


def test_every_state(state: tuple[Scripted, str, int, str]) -> None:
    """The exit code is 0 for healthy and 1 for all others, with one line that tells why."""
    server, status, code, words = state
    found = probe(server.url, "--timeout", "0.3" if status == "timeout" else "10")
    assert (code, "") == (found.returncode, found.stderr)
    assert found.stdout.startswith(f"dqops: {status} after ")
    assert words.lower() in found.stdout.lower()
    assert 1 == found.stdout.count("\n")


def test_json() -> None:
    """With --json the report is one line of JSON."""
    with serving(OK) as server:
        found = probe(server.url, "--json")
    report = json.loads(found.stdout)
    assert ("dqops", True, "healthy", "OK") == tuple(report.values())[:4]
    assert ["latency", "checked_at"] == list(report)[4:]


def test_wait() -> None:
    """With --wait it asks again until the service is healthy."""
    with serving(STARTING, OK) as server:
        found = probe(server.url, "--wait", "20")
        assert (0, 2) == (found.returncode, len(server.asked))


def test_wait_ends() -> None:
    """The time of --wait is an end, too."""
    started = time.monotonic()
    with dead() as server:
        assert 1 == probe(server.url, "--wait", "0.3").returncode
    assert 0.3 <= time.monotonic() - started < 10


def test_wait_is_for_all_of_it() -> None:
    """A question near the end makes it no longer, and the report is that of a whole response."""
    started = time.monotonic()
    with serving(STARTING, OK, delay=1) as server:
        found = probe(server.url, "--wait", "1.5", "--timeout", "30")
    assert 1.5 <= time.monotonic() - started < 15
    assert (1, True) == (found.returncode, found.stdout.startswith("dqops: starting after"))


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("localhost:8888",),
        ("ftp://localhost",),
        ("http://",),
        ("http://localhost:99999",),
        ("http://localhost/?x",),
        ("http://localhost/a b",),
        ("http://localhost/\x01",),
        ("http://localhost/\xfc",),
        ("http://localhost", "--wait", "-1"),
        ("http://localhost", "--wait", "soon"),
        ("http://localhost", "--timeout", "0"),
        ("http://localhost", "--timeout", "nan"),
        ("http://localhost", "--service", "other"),
        ("http://localhost", "--ca-file", "no-such-file.pem"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    """The exit code is 2, and nothing is on the standard output."""
    found = probe(*arguments)
    assert (2, "") == (found.returncode, found.stdout)
    assert "usage: python -m dqops.health" in found.stderr


def test_wrong_usage_for_docker() -> None:
    """With --docker it is 1, because Docker keeps 2 for itself; help is no mistake."""
    found = probe("--docker", "ftp://localhost")
    assert (1, "") == (found.returncode, found.stdout)
    assert 0 == probe("--docker", "--help").returncode


def test_url_of_the_environment() -> None:
    """DQOPS_URL counts where no URL is given, and for DQOps only."""
    with serving(OK) as server:
        assert 0 == probe(DQOPS_URL=server.url).returncode
        found = probe("--service", "mosparo", DQOPS_URL=server.url)
    assert (2, True) == (found.returncode, "URL is missing: pass it\n" in found.stderr)
    found = probe(DQOPS_URL="")
    assert (2, True) == (found.returncode, "or set DQOPS_URL" in found.stderr)


def test_password_is_not_shown() -> None:
    """User name and password in the address are sent, and shown nowhere."""
    with serving((401, b"", "text/plain")) as server:
        address = server.url.replace("://", "://somebody:secret@")
        found = probe(address)
        assert "Basic c29tZWJvZHk6c2VjcmV0" == server.asked[0][1]["authorization"]
    assert 1 == found.returncode
    assert "secret" not in found.stdout + found.stderr
    assert "secret" not in probe("http://somebody:secret@localhost:x").stderr


def test_trusted_certificate() -> None:
    """With the right authority a certificate of one's own is trusted."""
    with serving(OK, secure=True) as server:
        assert 0 == probe(server.url, "--ca-file", str(CERTIFICATE)).returncode


def test_plain_server_at_an_https_address() -> None:
    """A server without TLS is told from one that is not there."""
    with serving(OK) as server:
        found = probe(server.url.replace("http:", "https:"))
    assert 1 == found.returncode
    assert found.stdout.startswith("dqops: untrusted")


def test_path_of_a_proxy_and_other_services() -> None:
    """The service's path is put after that of the address."""
    with serving(OK) as server:
        assert 0 == probe(f"{server.url}/behind/", "--service", "healthchecks").returncode
        probe(server.url, "--service", "mosparo")
        assert ["/behind/api/v3/status/", "/api/v1/health/check"] == [
            path for path, _ in server.asked
        ]


def test_drip_is_too_slow() -> None:
    """A response that comes byte by byte does not hold the probe up."""
    stop = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            while not stop.wait(0.1):
                with suppress(OSError):
                    connection.sendall(b"H")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,), daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        found = probe(f"http://127.0.0.1:{port}", "--timeout", "0.5")
        stop.set()
        thread.join(10)
    assert (1, True) == (found.returncode, "timeout" in found.stdout)


def test_a_long_response_is_not_read_to_its_end() -> None:
    """A response without an end is judged by its first 64 KiB."""
    sent = 0

    def flood(listener: socket.socket) -> None:
        nonlocal sent
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            while sent < 1 << 30:
                sent += connection.send(b" " * 65_536)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=flood, args=(listener,), daemon=True)
        thread.start()
        found = probe(f"http://127.0.0.1:{listener.getsockname()[1]}", "--timeout", "30")
        thread.join(30)
    assert 1 == found.returncode
    assert sent < 64 << 20  # what the buffers of both ends take


def test_starts_without_what_is_slow() -> None:
    """Neither httpx nor attrs nor the generated client is loaded."""
    code = (
        "import sys; from dqops.health.__main__ import main; main(['http://127.0.0.1:1']); "
        "print(*sorted({'httpx', 'attr', 'dqops.client.models', 'asyncio'} & {*sys.modules}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "" == found.stdout.splitlines()[1]


def test_starts_fast() -> None:
    """It needs less than 150 ms of the processor: that long it takes where nothing else runs.

    The best of some attempts, because other programs slow it down.
    """
    code = (
        "import runpy, sys, time\n"
        "sys.argv = ['dqops.health', *sys.argv[1:]]\n"
        "try:\n"
        "    runpy.run_module('dqops.health', run_name='__main__')\n"
        "except SystemExit as end:\n"
        "    print(end.code, time.process_time())\n"
    )
    best = 60.0
    with dead() as server:
        for _ in range(20):
            command = [sys.executable, "-c", code, server.url]
            found = subprocess.run(command, capture_output=True, text=True, check=True)
            exit_code, seconds = found.stdout.splitlines()[-1].split()
            assert "1" == exit_code
            best = min(best, float(seconds))
            if best < 0.15:
                break
    assert best < 0.15


def test_a_time_that_is_none() -> None:
    """The message says what is expected, in words of the command."""
    found = probe("http://localhost", "--wait", "soon")
    assert "argument --wait: expected a number of seconds, got 'soon'" in found.stderr
