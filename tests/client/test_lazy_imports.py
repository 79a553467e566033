"""A program pays at import only for what it uses."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOADED = "; import sys; print(' '.join(sorted(sys.modules)))"
OPERATION = "from dqops.client.api.jobs import run_checks"


def modules_after(statement: str) -> set[str]:
    """Run a statement in a process of its own and list what it loaded."""
    run = subprocess.run(
        [sys.executable, "-c", statement + LOADED], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


@pytest.fixture(scope="module")
def without() -> set[str]:
    """What a program without any import has loaded."""
    return modules_after("pass")


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        (OPERATION, {"httpx", "attr", "dateutil", "typing", "json", "datetime"}),
        ("from dqops.client.api.tables import get_table", {"httpx", "attr", "dateutil", "typing"}),
        ("from dqops.client.models import RunChecksResult", {"httpx", "dateutil", "json"}),
        ("from dqops import client", {"httpx", "attr", "dateutil", "typing"}),
        ("from dqops.client import Client", {"aiohttp", "orjson", "dateutil"}),
    ],
)
def test_import_loads_nothing_that_is_not_used(
    statement: str, absent: set[str], without: set[str]
) -> None:
    """Neither the HTTP library nor a model that is not named, nor the simulator."""
    loaded = modules_after(statement)
    assert set() == loaded & {*absent, "dqops.testing", "dqops.client.downloads"} - without
    models = {name for name in loaded if name.startswith("dqops.client.models.")}
    expected = {"dqops.client.models.run_checks_result"} if "models" in statement else set()
    assert expected == models


def test_plain_call_loads_only_what_it_needs() -> None:
    """A call without arguments, body and failure, whose result is a string, loads little."""
    call = (
        "import httpx; from dqops import DQOps; "
        "transport = httpx.MockTransport(lambda request: httpx.Response(200, text='OK')); "
        "dq = DQOps('http://localhost/', httpx_args={'transport': transport}, environ={}); "
        "assert dq.healthcheck.is_healthy() == 'OK'"
    )
    unused = (
        *("client.call_options", "codec.", "settings.redaction", "statuses", "suggestions"),
        *("exchange.content.", "exchange.joined_text", "exchange.styles", "exchange.unexpected"),
        *(
            "transport.async_",
            "transport.auth",
            "transport.bounded",
            "transport.no_proxy",
            "transport.proxied_",
            "transport.proxies",
            "transport.redirects",
            "transport.trust",
        ),
    )
    loaded = {f"{name}." for name in modules_after(call)}
    names = tuple(f"dqops._runtime.{name}" for name in unused)
    assert [] == sorted(name for name in loaded if name.startswith(names))


@pytest.mark.parametrize(
    "statement", ["from dqops import DQOps", "from dqops.client import Client"]
)
def test_http_library_is_imported_by_few_modules_within_each_other(statement: str) -> None:
    """CPython keeps frames in pieces of 16 KiB; a call at the end of one maps and unmaps the next.

    The library imports some 250 modules, within each other. Where the imports that lead to it have
    nearly filled a piece, thousands of the calls of these modules pay for that.
    """
    program = f"""
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        frame = sys._getframe() if name == "httpx" else None
        while frame is not None:
            if frame.f_code.co_name == "<module>":
                print(frame.f_globals["__name__"])
            frame = frame.f_back
sys.meta_path.insert(0, Finder())
{statement}
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    module = "object" if "DQOps" in statement else "client"
    expected = ["dqops._runtime.transport.http_settings", f"dqops.client.{module}", "__main__"]
    assert expected == run.stdout.split()


def test_what_runs_in_forked_processes_keeps_nothing_else() -> None:
    """The interpreter keeps it to its end, and searches all that it reaches for garbage again."""
    statement = "import httpx; before = {*sys.modules}; import dqops._runtime.transport.forks"
    run = f"import sys; {statement}; print(' '.join({{*sys.modules}} - before))"
    loaded = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True)
    ours = {"dqops", "dqops._runtime", "dqops._runtime.transport"}
    assert {*ours, "dqops._runtime.transport.forks"} == set(loaded.stdout.split())
    kept = "import dqops._runtime.transport.forks as f; print(*(k for k in vars(f) if k[0] != '_'))"
    names = subprocess.run([sys.executable, "-c", kept], capture_output=True, text=True, check=True)
    expected = {"TYPE_CHECKING", "annotations", "forget_when_forked", "os", "weakref"}
    assert expected == set(names.stdout.split())


def test_operation_is_cheap(without: set[str]) -> None:
    """An operation loads at most 40 modules, those of the standard library included."""
    assert len(modules_after(OPERATION) - without) <= 40


def test_first_decoding_loads_only_the_models_in_the_document() -> None:
    """A model that the JSON does not have is not loaded."""
    statement = (
        "from dqops.client.models import TableSpec; "
        "TableSpec.from_dict({'columns': {'a': {'labels': ['b']}}, 'owner': {}})"
    )
    loaded = {name for name in modules_after(statement) if ".models." in name}
    expected = {"table_spec", "table_spec_columns", "column_spec", "table_owner_spec"}
    assert {f"dqops.client.models.{name}" for name in expected} == loaded
