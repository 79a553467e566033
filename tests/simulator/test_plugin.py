"""The pytest plugin, in test runs of its own."""

from __future__ import annotations

import gc
import socket
import sys
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from dqops.testing import check_extra

from simulator.support import simulator_threads

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Run: TypeAlias = Callable[..., pytest.RunResult]

pytest_plugins = ["pytester"]

CALLS = """
import asyncio
import threading

import pytest
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.jobs import run_checks, wait_for_job
from dqops.client.api.schemas import get_schemas
from dqops.client.errors import NotFound
from dqops.client.models import RunChecksParameters
"""


@pytest.fixture(autouse=True)
def _project(pytester: pytest.Pytester) -> None:
    """Be the root of a project, in whose runs every warning is an error."""
    pytester.makeini(
        """
        [pytest]
        # hypothesis takes longer to load than all of these tests.
        addopts = --strict-markers -p no:cacheprovider -p no:hypothesispytest
        asyncio_default_fixture_loop_scope = function
        filterwarnings =
            error
            ignore:Module already imported so cannot be rewritten
        """
    )


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run a test file, in this process."""

    def run_file(text: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(CALLS + dedent(text))
        return pytester.runpytest_inprocess(*options)

    return run_file


def test_fixtures_give_a_server_and_clients(run: Run) -> None:
    """Clients raise, are logged in, and talk to the server of the test, each in its own way."""
    result = run(
        """
        def test_sync(dqops_server, dqops_client):
            assert is_healthy.sync(client=dqops_client) == "OK"
            with pytest.raises(NotFound):
                get_schemas.sync("nowhere", client=dqops_client)
            assert len(dqops_server.calls("is_healthy")) == 1

        @pytest.mark.dqops(require_login=True)
        def test_login(dqops_client):
            assert get_schemas.sync("warehouse", client=dqops_client)

        def test_async(dqops_server, dqops_client, async_dqops_client):
            async def call():
                assert await is_healthy.asyncio(client=async_dqops_client) == "OK"
                with pytest.raises(NotFound):
                    await get_schemas.asyncio("nowhere", client=async_dqops_client)

            asyncio.run(call())
            is_healthy.sync(client=dqops_client)
            assert len(dqops_server.calls("is_healthy")) == 2

        def test_without_a_socket(dqops_simulated):
            from dqops.client import Client

            arguments = {"transport": dqops_simulated.transport()}
            with Client("http://dqops.test", httpx_args=arguments) as client:
                assert is_healthy.sync(client=client) == "OK"
        """
    )
    result.assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("mark", "options"),
    [
        ("@pytest.mark.asyncio", ("-p", "no:anyio")),
        ("@pytest.mark.anyio\n@pytest.mark.parametrize('anyio_backend', ['asyncio'])", ()),
    ],
    ids=["pytest-asyncio", "anyio"],
)
def test_asynchronous_tests_need_nothing_more(
    run: Run, mark: str, options: tuple[str, ...]
) -> None:
    """With either plugin, an asynchronous test uses the client as it is, and closes nothing."""
    result = run(
        f"""
{mark}
async def test_async(async_dqops_client):
    started = await run_checks.asyncio(
        client=async_dqops_client, json_body=RunChecksParameters(), wait=True
    )
    assert started.result
        """,
        *options,
    )
    result.assert_outcomes(passed=1)


def test_mark_says_how_the_server_begins_and_behaves(run: Run) -> None:
    """A seed, faults and settings; every test has a server of its own."""
    result = run(
        """
        from dqops.testing import Fault, FaultPlan, Seed

        SEED = {"connections": [{"name": "lake"}]}
        TWICE = FaultPlan([Fault.status(503, operation="is_healthy", nth=1)])

        @pytest.mark.dqops(seed=SEED)
        def test_dictionary(dqops_server):
            assert [each.name for each in dqops_server.state.connections] == ["lake"]

        @pytest.mark.dqops(seed=Seed.of(SEED), healthy=False)
        def test_seed(dqops_server, dqops_client):
            assert [each.name for each in dqops_server.state.connections] == ["lake"]
            assert is_healthy.sync(client=dqops_client) == "UNAVAILABLE"

        @pytest.mark.parametrize("number", [1, 2])
        @pytest.mark.dqops(faults=TWICE)
        def test_each_begins_to_count_anew(dqops_server, dqops_client, number):
            statuses = [is_healthy.sync_detailed(client=dqops_client).status_code for _ in "ab"]
            assert statuses == [503, 200]
            assert len(dqops_server.requests) == 2

        @pytest.mark.dqops(faults=Fault.status(418, operation="is_healthy", times=1))
        def test_single_fault(dqops_server, dqops_client):
            with pytest.raises(Exception, match="418"):
                is_healthy.sync(client=dqops_client)
            assert dqops_server.requests[0].fault.kind == "status"

        @pytest.mark.dqops(faults=[{"kind": "reset", "operation": "run_checks"}], api_key="mine")
        def test_dictionaries(dqops_server, dqops_client):
            assert dqops_server.api_key == dqops_client.token == "mine"
            assert [fault.kind for fault in dqops_server.faults.faults] == ["reset"]

        @pytest.mark.dqops(job_mode="manual", healthy=False)
        def test_without_a_socket(dqops_simulated):
            dqops_simulated.advance(3600)
            assert not dqops_simulated.healthy
        """
    )
    result.assert_outcomes(passed=7)


def test_closest_mark_wins_keyword_by_keyword(run: Run) -> None:
    """What is closer to the test replaces single keywords and leaves the others."""
    result = run(
        """
        pytestmark = pytest.mark.dqops(job_duration=1, queue_delay=1, wait_seconds=1)

        @pytest.mark.dqops(queue_delay=2, wait_seconds=2)
        class TestClass:
            @pytest.mark.dqops(wait_seconds=3)
            def test_method(self, dqops_server):
                settings = dqops_server.settings
                numbers = (settings.job_duration, settings.queue_delay, settings.wait_seconds)
                assert numbers == (1, 2, 3)
        """
    )
    result.assert_outcomes(passed=1)


def test_seed_is_found_beside_the_test_and_in_the_root(pytester: pytest.Pytester) -> None:
    """The path of a mark is relative to the test's file, or else to the root of the project."""
    (pytester.path / "root.yaml").write_text("connections: [{name: far}]")
    folder = pytester.mkdir("tests")
    (folder / "beside.yaml").write_text("connections: [{name: near}]")
    (folder / "test_seeds.py").write_text(
        "import pytest\n"
        "@pytest.mark.dqops(seed='beside.yaml')\n"
        "def test_near(dqops_server):\n"
        "    assert dqops_server.state.connection('near')\n"
        "@pytest.mark.dqops(seed='root.yaml')\n"
        "def test_far(dqops_server):\n"
        "    assert dqops_server.state.connection('far')\n"
    )
    pytester.runpytest_inprocess().assert_outcomes(passed=2)


MISTAKES = {
    "seed='none.yaml'": "there is no seed 'none.yaml' in ",
    "seed='wrong.yaml'": "wrong.yaml, line 1: conections: unknown key. Did you mean 'connections'?",
    "seed={'connections': 5}": "connections: expected a list, got 5",
    "seed=5": "a seed is a dictionary, a Seed, or the path of a file; not 5",
    "sed={}": "'sed': unknown key. Did you mean 'seed'?",
    "port=80": "'port': unknown key.",
    "'seed.yaml'": "it takes keywords only, such as seed=...; not 'seed.yaml'",
    "job_mode='later'": "job_mode must be one of ",
    "job_duration='1h'": "job_duration must be a number of seconds >= 0, got '1h'",
    "strict='no'": "strict must be True or False, got 'no'",
    "clock=5": "a clock must have the methods now and wait, got 5",
    "api_key=''": "an API key must not be empty",
    "faults=3": "faults must be a list of faults, got int",
    "faults=[{'kind': 'rset'}]": "the kind of a fault must be one of ",
    "faults=[{'kind': 'reset', 'operation': 'run_check'}]": "did you mean 'run_checks'",
}


def test_mistakes_in_marks_are_told_with_the_test(run: Run, pytester: pytest.Pytester) -> None:
    """Each is one error, which names the test and what is wrong, without a traceback."""
    (pytester.path / "wrong.yaml").write_text("conections: []")
    result = run(
        "\n".join(
            f"@pytest.mark.dqops({mark})\ndef test_{number}(dqops_server): pass"
            for number, mark in enumerate(MISTAKES)
        )
    )
    result.assert_outcomes(errors=len(MISTAKES))
    output = result.stdout.str()
    for number, message in enumerate(MISTAKES.values()):
        start = (
            f"test_mistakes_in_marks_are_told_with_the_test.py::test_{number}: @pytest.mark.dqops: "
        )
        (line,) = [line for line in output.splitlines() if line.startswith(start)]
        assert message in line
    assert "pytest_marks.py" not in output


def test_failure_lists_the_requests(run: Run) -> None:
    """Method, path, status and faults, below failed tests only; nothing of headers and bodies."""
    result = run(
        """
        @pytest.mark.dqops(faults=[
            {"kind": "status", "status": 502, "nth": 2},
            {"kind": "reset", "nth": 3},
        ])
        def test_failing(dqops_server, dqops_client):
            is_healthy.sync(client=dqops_client)
            get_schemas.sync("warehouse", client=dqops_client)
            assert False

        @pytest.mark.dqops(api_key="a-" + "secret")
        def test_failing_with_many(dqops_client):
            for _ in range(60):
                is_healthy.sync(client=dqops_client)
                with pytest.raises(NotFound):
                    get_schemas.sync("nowhere", client=dqops_client)
            for _ in range(10):
                is_healthy.sync(client=dqops_client)
            assert False

        def test_passing(dqops_client):
            is_healthy.sync(client=dqops_client)
        """
    )
    result.assert_outcomes(failed=2, passed=1)
    result.stdout.fnmatch_lines(
        [
            "*- DQOps requests -*",
            "GET /api/ishealthy -> 200",
            "GET /api/connections/warehouse/schemas -> 502, Fault.status(status=502, *nth=[[]2])",
            "GET /api/connections/warehouse/schemas -> no response, Fault.reset(*nth=[[]3])",
            "*- DQOps requests -*",
            "(71 earlier ones are left out)",
            "GET /api/ishealthy -> 200",
            "GET /api/connections/nowhere/schemas -> 404",
            "GET /api/ishealthy -> 200 (10 times)",
        ]
    )
    assert 2 == result.stdout.str().count("- DQOps requests -")
    assert "a-secret" not in result.stdout.str()


def test_failure_tells_why_requests_were_refused_and_which_responses_are_examples(run: Run) -> None:
    """So nobody has to repeat a request to learn what the server had against it."""
    result = run(
        """
        from dqops.client.api.data_domains import synchronize_data_domains

        def test_failing(dqops_client):
            synchronize_data_domains.sync(client=dqops_client)
            http = dqops_client.get_httpx_client()
            http.post("api/jobs/runchecks", json={"check_search_filters": {"enabled": "yes"}})
            assert False
        """
    )
    result.stdout.fnmatch_lines(
        [
            "*- DQOps requests -*",
            "PATCH /api/domains/ -> 204 (the specification's example)",
            (
                "POST /api/jobs/runchecks -> 400 (The request body is not valid at "
                "'/check_search_filters/enabled': 'yes' is not of type boolean.)"
            ),
        ]
    )


def test_missing_extra_is_told_by_the_fixture(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin is found without the extra as well; then the test says what to install."""
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    check_extra.cache_clear()
    result = run("def test_it(dqops_server): pass")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*'jsonschema'*pip install \"dqops-client[[]testing[]]\"*"])


def test_plugin_can_be_switched_off(run: Run) -> None:
    """`-p no:dqops` takes fixtures and marker away."""
    result = run("def test_it(dqops_server): pass", "-p", "no:dqops")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'dqops_server' not found*"])


def test_marker_and_fixtures_are_listed(pytester: pytest.Pytester) -> None:
    """`pytest --markers` and `pytest --fixtures` explain them."""
    markers = pytester.runpytest_inprocess("--markers")
    markers.stdout.fnmatch_lines(["@pytest.mark.dqops(seed=None, faults=(), [*][*]settings): *"])
    fixtures = pytester.runpytest_inprocess("--fixtures").stdout.str()
    for name in ("dqops_server", "dqops_simulated", "dqops_client", "async_dqops_client"):
        assert f"\n{name} -- " in fixtures


def test_nothing_is_left_behind(run: Run, pytester: pytest.Pytester) -> None:
    """No thread and no port, whatever a test leaves: open clients, waits, cancelled waits."""
    result = run(
        """
        pytestmark = pytest.mark.dqops(job_duration=3600, wait_seconds=3600)
        PARAMETERS = RunChecksParameters()

        def keep(server):
            with open("urls", "a") as file:
                file.write(server.url + "\\n")

        def test_open_connection(dqops_server, dqops_client):
            keep(dqops_server)
            dqops_client.get_httpx_client().get("/api/ishealthy")

        def test_wait_in_a_thread(dqops_server, dqops_client):
            keep(dqops_server)

            def wait():
                with pytest.raises(Exception):
                    run_checks.sync(client=dqops_client, json_body=PARAMETERS, wait=True)

            thread = threading.Thread(target=wait)
            thread.start()
            while not dqops_server.state.queue.jobs:
                pass
            dqops_server.stop()
            thread.join()

        def test_cancelled_wait(dqops_server, async_dqops_client):
            keep(dqops_server)

            async def cancel():
                calls = run_checks.asyncio(
                    client=async_dqops_client, json_body=PARAMETERS, wait=True
                )
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(calls, 0.05)

            asyncio.run(cancel())
        """
    )
    gc.collect()  # what is not closed warns now
    result.assert_outcomes(passed=3)
    assert [] == simulator_threads()
    urls = (pytester.path / "urls").read_text().splitlines()
    assert 3 == len(urls)
    for url in urls:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(url.rstrip("/").rpartition(":")[2]))) != 0


def test_workers_of_xdist_do_not_meet(run: Run, pytester: pytest.Pytester) -> None:
    """Tests at the same time have servers on ports of their own."""
    result = run(
        """
        @pytest.mark.parametrize("number", range(6))
        def test_it(dqops_server, dqops_client, number, worker_id):
            with open(f"urls-{worker_id}", "a") as file:
                file.write(dqops_server.url + "\\n")
            for _ in range(number + 1):
                is_healthy.sync(client=dqops_client)
            assert len(dqops_server.requests) == number + 1
        """,
        "-n",
        "2",
    )
    result.assert_outcomes(passed=6)
    urls = [file.read_text().split() for file in Path(pytester.path).glob("urls-*")]
    assert (2, 6) == (len(urls), sum(map(len, urls)))


def test_runs_that_do_not_use_it_load_nothing_of_it(pytester: pytest.Pytester) -> None:
    """A project that happens to have dqops-client installed pays for one small module."""
    pytester.makeconftest(
        "import sys\n"
        "def pytest_unconfigure():\n"
        "    names = sorted(n for n in sys.modules if n.partition('.')[0] in WATCHED)\n"
        "    print('loaded', *names)\n"
        "WATCHED = {'dqops', 'httpx', 'jsonschema', 'yaml', 'attr'}\n"
    )
    pytester.makepyfile("def test_it(): pass")
    options = (
        "-p",
        "no:hypothesispytest",
        "-p",
        "no:anyio",
        "-p",
        "no:pytest_httpx",
        "-p",
        "no:respx",
    )
    command = (sys.executable, "-m", "pytest", "-s", *options)
    result = pytester.run(*command)
    result.stdout.fnmatch_lines(["loaded dqops dqops.testing dqops.testing.pytest_plugin"])
