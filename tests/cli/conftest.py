"""A server, and the command in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from dqops.testing import DqopsServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytest.importorskip("click", reason="the extra `cli` is not installed")
pytest.importorskip("rich", reason="the extra `cli` is not installed")


class Ended(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str


@pytest.fixture
def server() -> Iterator[DqopsServer]:
    """A server with the default seed, on which checks of `customers` and `orders` fail."""
    with DqopsServer(job_duration=0.02) as server:
        yield server


@pytest.fixture
def settings(server: DqopsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which commands find the server, and no profile of a person."""
    for name in ("DQOPS_API_KEY", "DQOPS_API_KEY_FILE", "DQOPS_DATA_DOMAIN", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DQOPS_URL", server.url)
    monkeypatch.setenv("DQOPSCTL_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def ctl(
    settings: None,  # noqa: ARG001  # sets the environment
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Ended]:
    """Run the command: `ctl("status", "warehouse")`."""
    from dqops.cli.main import main

    def run(*arguments: str) -> Ended:
        capsys.readouterr()
        code = main(list(arguments))
        left = capsys.readouterr()
        return Ended(code, left.out, left.err)

    return run
