"""Windows and macOS, by care: the tests that are run there are in `.github/workflows/ci.yml`."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs" / "platforms.md").read_text(encoding="utf-8")
SOURCES = [
    file
    for folder in ("dqops_client/dqops", "scripts")
    for file in sorted((REPOSITORY / folder).rglob("*.py"))
    if not {"api", "models", "groups"} & set(file.parts)
]

# What only POSIX has is taken away before modules are imported and used. The libraries below them
# are there already, because they have other code for Windows.
WITHOUT_POSIX = """
import asyncio, importlib, json, logging, os, pkgutil, random, signal, socket, subprocess, sys
import tempfile, threading
LIBRARIES = '''
    aiohttp attrs click dateutil httpx httpx2 jinja2 jsonschema matplotlib.pyplot orjson pyarrow
    openapi_python_client pytest rich.console ruamel.yaml yaml
'''
for name in LIBRARIES.split():
    try:
        importlib.import_module(name)
    except ImportError:
        pass
GONE = {
    os: '''
        chown fchmod fchown fork forkpty getegid geteuid getgid getloadavg getpgid getuid killpg
        lchown mkfifo nice openpty pipe2 posix_spawn register_at_fork sched_getaffinity setsid
        sysconf uname O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_NONBLOCK O_SYNC WNOHANG
    ''',
    signal: '''
        SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE SIGQUIT SIGUSR1 SIGUSR2 alarm pthread_kill setitimer
    ''',
    socket: "MSG_DONTWAIT SO_REUSEPORT",
}
for module, names in GONE.items():
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
for name in "curses fcntl grp pty pwd readline resource syslog termios tty".split():
    sys.modules[name] = None

def modules_of(package):
    yield package.__name__
    for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        left_out = {"api", "models", "groups", "airflow", "dagster", "prefect", "__main__"}
        if not left_out & set(each.name.split(".")):
            yield each.name

count = 0
for name in sys.argv[1:]:
    for each in modules_of(importlib.import_module(name)):
        importlib.import_module(each)
        count += 1
if "dqops" in sys.argv:
    from dqops.client import AuthenticatedClient
    from dqops.client.api.healthcheck import is_healthy
    from dqops.testing import DqopsServer
    with DqopsServer(require_login=True) as server, tempfile.TemporaryDirectory() as folder:
        key = os.path.join(folder, "key")
        with open(key, "w", encoding="utf-8") as file:
            file.write(server.api_key)
        environ = {"DQOPS_URL": server.url, "DQOPS_API_KEY_FILE": key}
        with AuthenticatedClient.from_env(environ=environ) as client:
            print(is_healthy.sync(client=client), asyncio.run(is_healthy.asyncio(client=client)))
print(count > 50)
"""


@pytest.mark.parametrize(
    ("packages", "printed"), [("dqops", "OK OK\nTrue\n"), ("clientsmith", "True\n")]
)
def test_nothing_needs_what_only_posix_has(packages: str, printed: str, tmp_path: Path) -> None:
    """Every module is imported, and a call made, without the modules and names of POSIX."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_POSIX, packages],
        env={"PYTHONPATH": str(REPOSITORY / "scripts"), "MPLCONFIGDIR": str(tmp_path)},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert printed == done.stdout, done.stderr


def test_text_files_are_utf_8_whatever_the_system_prefers() -> None:
    """Each call that opens a file as text names its encoding."""
    found = [
        f"{file.relative_to(REPOSITORY)}:{call.lineno}"
        for file in SOURCES
        for call in _calls(file)
        if _opens_text(call) and not any(each.arg == "encoding" for each in call.keywords)
    ]
    assert [] == found


def test_generated_files_have_the_same_ends_of_lines_everywhere() -> None:
    """Each call of the pipeline that writes text says that lines end with a line feed."""
    found = [
        f"{file.relative_to(REPOSITORY)}:{call.lineno}"
        for file in SOURCES
        # ruff gives the generated modules their ends of lines.
        if file.relative_to(REPOSITORY).parts[0] == "scripts"
        and not {"docsite", "generate.py"} & set(file.parts)
        for call in _calls(file)
        if _name(call) == "write_text" and not any(each.arg == "newline" for each in call.keywords)
    ]
    assert [] == found


def _calls(file: Path) -> list[ast.Call]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _name(call: ast.Call) -> str:
    function = call.func
    return str(getattr(function, "attr", None) or getattr(function, "id", ""))


def _opens_text(call: ast.Call) -> bool:
    name = _name(call)
    if name in {"read_text", "write_text"}:
        return not call.args if name == "read_text" else len(call.args) < 2
    if name not in {"open", "NamedTemporaryFile", "TemporaryFile", "fdopen"}:
        return False
    if isinstance(call.func, ast.Attribute) and not call.args:
        return False  # what is opened is no file
    if isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "os":
        return name == "fdopen"
    texts = [
        each.value
        for each in (*call.args, *(each.value for each in call.keywords))
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    return not any(re.fullmatch(r"[rwxa+t]*b[rwxa+t]*", each) for each in texts)


def test_the_page_lists_what_is_skipped_on_windows() -> None:
    """docs/platforms.md has every test that is skipped there, with its reason."""
    marked = re.compile(
        r'^@not_on_windows\("(.+)"\)\n(?:[@ \])].*\n)*(?:async )?def (test_\w+)', re.M
    )
    skipped = {
        f"| `{file.relative_to(REPOSITORY).as_posix()}::{test}` | {reason} |"
        for file in (REPOSITORY / "tests").rglob("test_*.py")
        for reason, test in marked.findall(file.read_text(encoding="utf-8"))
    }
    skipped.add(
        "| `tests/client/test_token_search.py::test_no_token` "
        "| no thread can be sent a signal (one of its places) |"
    )
    listed = {line for line in PAGE.splitlines() if line.startswith("| `tests/")}
    assert skipped == listed
