"""The command line: exit codes, and never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from clientsmith.__main__ import main
from clientsmith.targets import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from .support import FakeGenerator, Repository

SOURCES = REPOSITORY / "scripts"


def run(repository: Repository, *arguments: str) -> int:
    """Run a command in this process, on the given repository."""
    return main(["--repository", str(repository.path), *arguments])


@pytest.mark.usefixtures("generator")
def test_regenerate_and_check(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """After a regeneration both checks are content."""
    codes = [
        run(repository, "regenerate"),
        run(repository, "check"),
        run(repository, "check", "--quick", "demo"),
    ]
    output = capsys.readouterr()

    assert (codes, output.err) == ([0, 0, 0], "")
    assert output.out.splitlines()[-2:] == ["demo: up to date"] * 2


@pytest.mark.usefixtures("generator")
@pytest.mark.parametrize("options", [(), ("--quick",)])
def test_check_fails_on_a_hand_edit(
    repository: Repository, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    """The exit code is 1, and the file is named."""
    repository.regenerate()
    repository.append("packages/demo/models/pet.py", "# edited\n")

    assert run(repository, "check", *options) == 1
    assert capsys.readouterr().out.splitlines() == [
        "demo: the generated files are not what would be generated",
        "edited by hand:",
        "  packages/demo/models/pet.py",
        "  -> Edit the specification or the templates instead; `make regenerate` overwrites these.",
    ]


@pytest.mark.usefixtures("generator")
def test_check_fails_on_bad_input(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is nothing to compare with; the error says why."""
    repository.append("openapi/demo/schemas/pets.yaml", "Alone: {}\n")

    assert run(repository, "check") == 1
    assert capsys.readouterr().err.startswith("openapi/demo/schemas/pets.yaml:19#/Alone: nothing ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "the following arguments are required: command"),
        (("bundle",), "invalid choice: 'bundle'"),
        (("regenerate", "other"), "unknown target 'other'; known: demo"),
        (("check", "demo", "--fast"), "unrecognized arguments: --fast"),
    ],
)
def test_wrong_usage(
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    message: str,
) -> None:
    """A command line that is not good exits with 2 and says what it wants."""
    with pytest.raises(SystemExit) as caught:
        run(repository, *arguments)

    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_no_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without targets is an error like any other."""
    assert main(["--repository", str(tmp_path), "check"]) == 1
    assert (
        capsys.readouterr().err
    ) == "openapi/targets.yaml: cannot be read: No such file or directory\n"


def test_what_the_file_system_refuses_is_told(
    repository: Repository,
    generator: FakeGenerator,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No permission or no space is no traceback."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "some/file.py")

    monkeypatch.setattr(generator, "generate_package", refuse)

    assert run(repository, "regenerate") == 1
    assert capsys.readouterr().err == "some/file.py: Permission denied\n"


@pytest.mark.parametrize(
    "command", [[str(SOURCES / "clientsmith")], ["-m", "clientsmith"]], ids=["path", "module"]
)
def test_it_runs_from_any_working_directory(
    repository: Repository, tmp_path: Path, command: list[str]
) -> None:
    """By its path it needs nothing; as a module only the search path."""
    repository.append("openapi/demo/schemas/pets.yaml", "Alone: {}\n")
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    if command[0] != "-m":
        environment.pop("PYTHONPATH")
    result = subprocess.run(
        [sys.executable, *command, "--repository", str(repository.path), "regenerate"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (
        result.returncode,
        result.stderr.split(": ")[0],
    ) == (1, "openapi/demo/schemas/pets.yaml:19#/Alone")


SLOW = """
import runpy, sys, time
sys.path[:0] = [{repository!r}, {tests!r}]
from pipeline.support import FakeGenerator
class Slow(FakeGenerator):
    def generate_package(self, *arguments):
        super().generate_package(*arguments)
        print("generating", flush=True)
        time.sleep(60)
sys.modules["clientsmith.writing.generate"] = Slow()
sys.argv = ["clientsmith", "--repository", {path!r}, "regenerate"]
runpy.run_module("clientsmith", run_name="__main__")
"""


@pytest.mark.parametrize(("signal_number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_nothing_behind(
    repository: Repository, signal_number: signal.Signals, code: int
) -> None:
    """An interrupted regeneration removes its temporary folder and changes nothing."""
    before = repository.snapshot()
    script = SLOW.format(
        repository=str(SOURCES), tests=str(REPOSITORY / "tests"), path=str(repository.path)
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background of a shell ignores interrupts, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            if line == "generating\n":
                break
        during = set(repository.snapshot())
        start = time.monotonic()
        process.send_signal(signal_number)
        process.wait(timeout=10)
        error = process.stderr.read()

    assert during > set(before)
    assert (code, before) == (process.returncode, repository.snapshot())
    assert "Traceback" not in error
    assert time.monotonic() - start < 10
