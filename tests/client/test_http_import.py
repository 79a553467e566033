"""What is imported when, and what is installed beside what."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dqops
import pytest
from dqops.client import Client
from dqops.client.api.healthcheck import is_healthy
from dqops.client.errors import ConnectionFailure

if TYPE_CHECKING:
    from support.raw_server import RawServer

PACKAGE = Path(dqops.__file__).parent
RUNTIME = PACKAGE / "_runtime"


def run(code: str, *, folder: Path = PACKAGE.parent) -> subprocess.CompletedProcess[str]:
    """Run a program in a fresh interpreter that finds the package in the folder."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_few_modules_import_http_libraries() -> None:
    """All use of httpx and aiohttp sits in `transport/`."""
    libraries = r"^\s*(?:import|from)\s+(httpx|httpcore|h11|h2|aiohttp|yarl)\b"
    pattern = re.compile(libraries, re.MULTILINE)
    using = {
        path.relative_to(PACKAGE).as_posix()
        for path in [*RUNTIME.rglob("*.py"), *(PACKAGE / "client").rglob("*.py")]
        if pattern.search(path.read_text(encoding="utf-8"))
    }
    outside = {name for name in using if not name.startswith("_runtime/transport/")}
    assert outside == set()


@pytest.mark.parametrize(
    "code",
    [
        "import dqops.client",
        "from dqops import client; dir(client)",
        "import dqops.client.errors, dqops.client.types",
        "import dqops.client as c; c.errors.ClientError; c.types.UNSET",
    ],
)
def test_import_loads_no_library(code: str) -> None:
    """Neither httpx nor attrs is loaded before a client is named."""
    report = "import sys; print(sorted({'httpx', 'attr', 'attrs'} & set(sys.modules)))"
    done = run(f"{code}\n{report}")
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_synchronous_calls_load_no_asynchronous_library() -> None:
    """Neither asyncio nor aiohttp is loaded before the first asynchronous call."""
    report = "import sys; print(sorted({'asyncio', 'aiohttp', 'yarl'} & set(sys.modules)))"
    done = run(f"from dqops.client import Client; Client('http://h').get_httpx_client()\n{report}")
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize("transport", ["httpx", "httpx2"])
def test_synchronous_calls_to_ip_addresses_load_no_idna(
    raw_server: RawServer, transport: str
) -> None:
    """The tables for names in other scripts are loaded only where a name is looked up."""
    done = run(
        "import sys; from dqops.client import Client; from dqops.client.api import healthcheck\n"
        f"client = Client({raw_server.url!r}, transport={transport!r})\n"
        "print(healthcheck.is_healthy.sync(client=client), 'encodings.idna' in sys.modules)"
    )
    assert ("OK False\n", "") == (done.stdout, done.stderr)


@pytest.mark.usefixtures("sync_transport")
@pytest.mark.parametrize(
    ("authority", "expected"),
    [
        ("127.0.0.1:9", b"127.0.0.1"),
        ("[::1]:9", b"::1"),
        ("localhost:9", "localhost"),
        ("10.example", "10.example"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
    ],
)
def test_hosts_of_synchronous_calls(
    monkeypatch: pytest.MonkeyPatch, authority: str, expected: str | bytes
) -> None:
    """What replaces `socket.getaddrinfo` gets names as `str`."""
    hosts = []

    def refuse(host: str | bytes, *_: Any, **__: Any) -> None:
        hosts.append(host)
        raise OSError("no connection is made")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(ConnectionFailure):
        is_healthy.sync(client=Client(f"http://{authority}", retries=None))
    assert [expected] == hosts


@pytest.mark.parametrize(
    ("transport", "expected"), [("httpx", "[]"), ("httpx2", "['httpcore2', 'httpx2']")]
)
def test_only_the_chosen_library_is_loaded(transport: str, expected: str) -> None:
    """What is installed and not chosen is not imported."""
    done = run(
        "import asyncio, sys; from dqops.client import Client\n"
        f"client = Client('http://h', transport={transport!r})\n"
        "print(type(client.get_httpx_client()), type(client.get_async_httpx_client()))\n"
        "print(sorted({'aiohttp', 'httpx2', 'httpcore2'} & set(sys.modules)))"
    )
    classes = f"<class '{transport}.Client'> <class '{transport}.AsyncClient'>"
    assert (done.stdout, done.stderr) == (f"{classes}\n{expected}\n", "")


@pytest.mark.parametrize(
    "code",
    [
        "from dqops.client import AuthenticatedClient as A, Client as C",
        "from dqops import client; A, C = client.AuthenticatedClient, client.Client",
        "from dqops.client.client import AuthenticatedClient as A, Client as C",
        "from dqops.client import *; A, C = AuthenticatedClient, Client",
        "import dqops.client.client as c; A, C = c.AuthenticatedClient, c.Client",
    ],
)
def test_names_of_the_clients(code: str) -> None:
    """The classes are found under each name that callers of the official client use."""
    done = run(f"{code}\nprint(C('http://h')._base_url, A('http://h', 't').token)")
    assert (done.stdout, done.stderr) == ("http://h t\n", "")


@pytest.mark.parametrize(
    "name",
    [
        "BodyTooLarge",
        "ClientError",
        "ConnectionFailure",
        "DeadlineExceeded",
        "InsecureTransportWarning",
        "ProtocolFailure",
        "TLSFailure",
        "TimeoutFailure",
        "TransportFailure",
    ],
)
def test_failures_are_in_errors(name: str) -> None:
    """The failures are found in `dqops.client.errors` without an import of the module."""
    done = run(f"import dqops.client as c; print(c.errors.{name}.__name__)")
    assert (done.stdout, done.stderr) == (f"{name}\n", "")


def test_listing() -> None:
    """What can be named is listed, loaded or not."""
    done = run(
        "import dqops.client as c\n"
        "print(c.__all__, {'AuthenticatedClient', 'Client', 'errors', 'types'} <= set(dir(c)))"
    )
    assert (done.stdout, done.stderr) == ("['AuthenticatedClient', 'Client', 'Retries'] True\n", "")


def test_unknown_name() -> None:
    """A name that does not exist is an AttributeError, as of any module."""
    done = run("import dqops.client as c; c.Nothing")
    assert done.stderr.endswith(
        "AttributeError: module 'dqops.client' has no attribute 'Nothing'\n"
    )


@pytest.mark.parametrize("name", ["startdqo.py", "install.py"])
def test_mixed_with_the_official_distribution(tmp_path: Path, name: str) -> None:
    """Files of the official distribution beside ours stop the import and say what to do."""
    target = tmp_path / "dqops"
    target.mkdir()
    shutil.copy(PACKAGE / "__init__.py", target)
    assert run("import dqops", folder=tmp_path).returncode == 0
    (target / name).touch()
    done = run("import dqops.client", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"ImportError: the distributions 'dqops' and 'dqops-client' are mixed in {target} ({name} "
        "is of 'dqops'): both bring the package 'dqops', so only one of them can be installed. To "
        "use dqops-client, run 'pip uninstall dqops dqops-client' and then 'pip install "
        "dqops-client'; to use dqops, install it into an environment of its own."
    )
