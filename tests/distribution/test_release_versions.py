"""Which versions can be released, by the tags that there are."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from releasing import release

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def tagged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository with a release, and with a tag that is none."""
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    for words in (
        ("init", "--quiet"),
        (*identity, "commit", "--quiet", "--allow-empty", "--message", "Begin"),
        ("tag", "v0.2.0"),
        ("tag", "vendored-code"),
    ):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    monkeypatch.setattr(release, "REPOSITORY", tmp_path)


@pytest.mark.parametrize(
    ("version", "why"),
    [
        *(
            (each, "expected three numbers")
            for each in ("", "1.2", "v1.2.3", "1.2.3rc1", "1.2.3\n", "01.2.3", "\u0661.2.3")
        ),
        ("0.2.0", "does not come after v0.2.0"),
        ("0.1.9", "does not come after v0.2.0"),
    ],
)
def test_refused(version: str, why: str) -> None:
    """What is no version, and what is not newer than a release."""
    with pytest.raises(release.RefusedError, match=why):
        release.refuse(version)


@pytest.mark.parametrize("version", ["0.2.1", "0.10.0", "1.0.0"])
def test_accepted(version: str) -> None:
    """What is newer, whatever other tags begin with a v."""
    release.refuse(version)
