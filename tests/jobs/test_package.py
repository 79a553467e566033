"""The package itself: names, imports, the display."""

from __future__ import annotations

import importlib
import inspect
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client.errors import InvalidRequest
from dqops.jobs import Timing, aio

from jobs.shop import TIMING
from jobs.support import FILTERS

if TYPE_CHECKING:
    from dqops.client import Client

    from jobs.support import Calling

FUNCTIONS = [
    "collect_error_samples",
    "collect_statistics_on_data_groups",
    "collect_statistics_on_table",
    "delete_stored_data",
    "failures",
    "gate",
    "import_tables",
    "judge",
    "run",
    "run_checks",
    "run_many",
    "submit",
    "synchronize_folders",
]


def test_names() -> None:
    """All names of the package can be had, and misspelt ones cannot."""
    assert [] == [name for name in jobs.__all__ if getattr(jobs, name, None) is None]
    with pytest.raises(AttributeError, match="no attribute 'run_check'"):
        jobs.run_check  # type: ignore[attr-defined]  # noqa: B018


def test_all_names_in_both_worlds() -> None:
    """`aio` has all names of the package, and the same classes."""
    assert set(jobs.__all__) - {"aio"} | {"raise_for_severity"} == set(aio.__all__)
    shared = {name for name in jobs.__all__ if name[0].isupper()}
    assert [] == [name for name in shared if getattr(aio, name) is not getattr(jobs, name)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_both_worlds(name: str) -> None:
    """A function and its asynchronous twin take the same arguments."""
    blocking, asynchronous = getattr(jobs, name), getattr(aio, name)
    assert inspect.iscoroutinefunction(asynchronous)
    assert list(inspect.signature(blocking).parameters) == list(
        inspect.signature(asynchronous).parameters
    )


def loaded_by(program: str) -> set[str]:
    """Tell which modules a program loads, by their first names."""
    program += "\nimport sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_light_import() -> None:
    """Importing the package loads nothing, and submitting synchronously no event loop of ours."""
    assert {"httpx", "attrs", "dqops.jobs.blocking", "typing"}.isdisjoint(
        loaded_by("import dqops.jobs")
    )
    loaded = loaded_by("from dqops.jobs import run_checks, errors, JobForgotten")
    assert {"httpx", "rich", "dqops.client.models.table_spec"}.isdisjoint(loaded)


def test_httpx_is_not_our_business() -> None:
    """No module of the package imports the HTTP library."""
    folder = Path(jobs.__file__).parent
    pattern = re.compile(r"^\s*(import|from) (httpx|httpcore|aiohttp)", re.MULTILINE)
    assert [] == [path.name for path in folder.glob("*.py") if pattern.search(path.read_text())]


@pytest.mark.parametrize(
    "wrong",
    [{"turn": 0}, {"registered_within": -1}, {"submissions": 0}, {"request": float("nan")}],
)
def test_impossible_timing(wrong: dict[str, Any]) -> None:
    """A time that makes no sense is refused by its name."""
    with pytest.raises(InvalidRequest, match=next(iter(wrong))):
        Timing(**wrong)


@pytest.mark.parametrize("timeout", [-1, float("nan")])
def test_impossible_timeout(client: Client, calling: Calling, timeout: float) -> None:
    """So is a timeout."""
    with pytest.raises(InvalidRequest, match="timeout must be a number of seconds"):
        calling(client, "run_checks", FILTERS, timeout=timeout)


def test_display(client: Client, calling: Calling) -> None:
    """The display shows each job with its number and how it ended."""
    pytest.importorskip("rich")
    from dqops.jobs.display import ProgressDisplay
    from rich.console import Console

    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=100)
    wanted = [jobs.RUN_CHECKS.request(FILTERS) for _ in range(3)]
    with ProgressDisplay(total=3, console=console) as display:
        calling(client, "run_many", wanted, on_progress=display)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written.getvalue())
    numbers = re.findall(r"run_checks (\d+): finished", text)
    assert 3 == len(set(numbers))
    assert "all jobs" in text


def test_display_of_one(client: Client, calling: Calling) -> None:
    """A display for one job needs no total."""
    pytest.importorskip("rich")
    from dqops.jobs.display import ProgressDisplay
    from rich.console import Console

    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=100)
    with ProgressDisplay(console=console) as display:
        calling(client, "run_checks", FILTERS, on_progress=display)
    assert "finished" in written.getvalue()


def test_display_of_a_gate(client: Client, calling: Calling) -> None:
    """A gate shows its job, and then how many tables are judged."""
    pytest.importorskip("rich")
    from dqops.jobs.display import ProgressDisplay
    from rich.console import Console

    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=100)
    with ProgressDisplay(total=1, console=console) as display:
        calling(client, "gate", FILTERS, on_progress=display, timing=TIMING)
    assert re.search(r"judging, (\d+) of \1 tables", written.getvalue())


def test_display_without_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package that it needs, the error names the extra to install."""
    for name in list(sys.modules):
        if name.partition(".")[0] == "rich" or name == "dqops.jobs.display":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "rich", None)
    with pytest.raises(ImportError, match=r'pip install "dqops-client\[cli\]"'):
        import dqops.jobs.display  # noqa: F401


PUBLIC = [
    "dqops",
    "dqops.client",
    "dqops.client.client",
    "dqops.client.errors",
    "dqops.health",
    "dqops.jobs",
]


@pytest.mark.parametrize("package", ["dqops", "dqops.client", "dqops.health", "dqops.jobs"])
def test_classes_name_where_programs_import_them_from(package: str) -> None:
    """So tracebacks do, and pickles stay readable when a class moves inside of the package."""
    names = importlib.import_module(package)
    for name in names.__all__:
        found = getattr(names, name)
        if isinstance(found, type):
            assert found.__module__ in PUBLIC, found
            assert found is getattr(importlib.import_module(found.__module__), found.__name__)
