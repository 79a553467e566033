"""`make audit ADVISORIES=...`: what an export of OSV says about locked requirements."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from releasing import advisories

if TYPE_CHECKING:
    from pathlib import Path

LOCK = """\
httpx==0.28.1 \\
    --hash=sha256:00
    # via dqops-client (pyproject.toml)
python-dateutil==2.9.0 ; python_full_version < '3.12' \\
    --hash=sha256:00
    # via
    #   -r requirements/testing.in
    #   freezegun
"""


def advisory(name: str = "httpx", ecosystem: str = "PyPI", **affected: Any) -> dict[str, Any]:
    """Make an advisory."""
    package = {"ecosystem": ecosystem, "name": name}
    return {"id": "PYSEC-1", "summary": "It leaks", "affected": [{"package": package, **affected}]}


def events(*of: tuple[str, str], kind: str = "ECOSYSTEM") -> dict[str, Any]:
    """Make the ranges of an advisory."""
    return {"ranges": [{"type": kind, "events": [{name: at} for name, at in of]}]}


@pytest.mark.parametrize(
    ("found", "known"),
    [
        (True, advisory(versions=["0.28.0", "0.28.1"])),
        (False, advisory(versions=["0.28.0"])),
        (False, advisory(ecosystem="npm", versions=["0.28.1"])),
        (False, advisory("httpcore", versions=["0.28.1"])),
        (True, advisory("Python.Dateutil", versions=["2.9.0"])),
        (True, advisory(**events(("introduced", "0")))),
        (True, advisory(**events(("introduced", "0"), ("fixed", "0.28.2")))),
        (False, advisory(**events(("introduced", "0"), ("fixed", "0.28.1")))),
        (True, advisory(**events(("introduced", "0"), ("last_affected", "0.28.1")))),
        (False, advisory(**events(("introduced", "0"), ("last_affected", "0.28.0")))),
        (False, advisory(**events(("introduced", "0.28.10")))),
        (False, advisory(**events(("introduced", "0"), kind="GIT"), versions=["1"])),
        (
            True,
            advisory(**events(("introduced", "0.28"), ("fixed", "0.9"), ("introduced", "0.1"))),
        ),
        (True, advisory()),
        (True, advisory(**events(("introduced", "no version")))),
        (False, {**advisory(versions=["0.28.1"]), "withdrawn": "2026-01-01T00:00:00Z"}),
    ],
)
def test_one_advisory(
    found: bool, known: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A version that is listed or in a range is found; other packages and fixed ones are not."""
    harmless = advisory("another", versions=["1"])
    (tmp_path / "lock.txt").write_text(LOCK)
    (tmp_path / "osv.json").write_text(json.dumps([known, harmless]))
    status = advisories.main([str(tmp_path / "osv.json"), str(tmp_path / "lock.txt")])
    printed = capsys.readouterr().out
    assert (int(found), found) == (status, "PYSEC-1: It leaks" in printed), printed


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_exports(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder and a zip file with an advisory in each file are read, with their other names."""
    (tmp_path / "lock.txt").write_text(LOCK)
    known = {**advisory(versions=["0.28.1"]), "aliases": ["GHSA-1", "CVE-1"]}
    export = tmp_path / "export"
    export.mkdir()
    (export / "PYSEC-1.json").write_text(json.dumps(known))
    if form == "zip":
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
            archive.write(export / "PYSEC-1.json", "PYSEC-1.json")
        export = tmp_path / "all.zip"
    assert 1 == advisories.main([str(export), str(tmp_path / "lock.txt")])
    assert capsys.readouterr().out == (
        "httpx 0.28.1: PYSEC-1 (CVE-1, GHSA-1): It leaks\n"
        "2 packages, 1 advisories, 1 vulnerabilities found\n"
    )


def test_nothing_about_packages_of_python(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An export of another ecosystem shows nothing to be safe."""
    (tmp_path / "osv.json").write_text(json.dumps(advisory(ecosystem="npm")))
    assert 2 == advisories.main([str(tmp_path / "osv.json")])
    assert "has no advisory for PyPI" in capsys.readouterr().err
