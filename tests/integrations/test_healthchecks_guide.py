"""docs/healthchecks.md and docs/health.md are true: their programs run."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clientsmith.targets import load_targets
from dqops.testing import DqopsServer
from dqops.testing.healthchecks import Check

if TYPE_CHECKING:
    from dqops.testing.healthchecks import HealthchecksServer
    from pytest_httpserver import HTTPServer

DOCS = Path(__file__).resolve().parents[2] / "docs"
PROGRAMS = [
    (name, number, text)
    for name in ("healthchecks.md", "health.md")
    for number, text in enumerate(
        re.findall(r"```python\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)
    )
]


@pytest.mark.parametrize(
    ("name", "number", "text"), PROGRAMS, ids=[f"{name}-{number}" for name, number, _ in PROGRAMS]
)
def test_program(
    name: str,
    number: int,
    text: str,
    server: HealthchecksServer,
    httpserver: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A program of the documentation runs, with other addresses and keys."""
    for logger in ("httpcore", "httpx"):
        caplog.set_level(logging.NOTSET, logger)  # which also restores what a program changes
    monkeypatch.syspath_prepend(str(load_targets()["mosparo"].package.parent))
    report = {"service": "mosparo", "healthy": True, "databaseStatus": "connected", "error": None}
    httpserver.expect_request("/api/v1/health/check").respond_with_json(report)
    check = Check(name="Nightly", slug="nightly", tags="prod")
    server.project.checks.append(check)
    with DqopsServer() as dqops:
        for there, here in {
            "http://localhost:8888": dqops.url,
            "http://localhost:8080": httpserver.url_for(""),
            "https://checks.example.org/": server.url,
            "the ping key": server.project.ping_key,
            "the API key": server.project.api_key,
            "the uuid of the check": str(check.uuid),
            '"a read-only key"': f'"{server.project.read_only_key}"',
            "the UUID of the project": str(server.project.id),
        }.items():
            text = text.replace(there, here)
        exec(compile(text, f"{name}-{number}", "exec"), {})
    assert "example.org" not in text


def test_both_guides_have_programs() -> None:
    """The programs are found."""
    assert {"healthchecks.md": 7, "health.md": 2} == {
        name: sum(name == each for each, _, _ in PROGRAMS)
        for name in ("healthchecks.md", "health.md")
    }


def test_table_of_exceptions() -> None:
    """The tree in the guide is the one at the top of the module."""
    from dqops.integrations.healthchecks_io import exceptions

    guide = (DOCS / "healthchecks.md").read_text(encoding="utf-8")
    tree = re.search(r"    HCAPIError\n(?:    .*\n)+", exceptions.__doc__ or "")
    assert tree is not None
    assert tree.group() in guide
