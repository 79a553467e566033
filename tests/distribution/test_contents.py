"""What the wheels hold, byte for byte, and the lists of it."""

from __future__ import annotations

import hashlib
import json
import os
import runpy
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.version import Version
from releasing import contents, sbom

if TYPE_CHECKING:
    from .support import Run

REPOSITORY = Path(__file__).resolve().parents[2]
SBOM = "dqops-client.cdx.json"


def test_wheel_holds_what_is_listed(wheel: Path) -> None:
    """A file more or less is reported by name; `make build-contents` renews the list."""
    listed = contents.list_of(wheel).read_text(encoding="utf-8").splitlines()
    assert [] == contents.differences(wheel, listed)
    assert ["dqops/__main__.py is in the wheel and not in the list"] == contents.differences(
        wheel, [each for each in listed if each != "dqops/__main__.py"]
    )
    assert ["dqops/old.py is in the list and not in the wheel"] == contents.differences(
        wheel, [*listed, "dqops/old.py"]
    )


def test_wheel_of_the_pipeline_holds_what_is_listed(run: Run, tmp_path: Path) -> None:
    """The same for `clientsmith`."""
    options = ["--wheel", "--no-isolation", "--outdir"]
    run(sys.executable, "-m", "build", *options, tmp_path, REPOSITORY / "scripts", folder=tmp_path)
    (built,) = tmp_path.glob("*.whl")
    listed = contents.list_of(built).read_text(encoding="utf-8").splitlines()
    assert [] == contents.differences(built, listed)


def test_same_bytes_elsewhere(wheel: Path, tmp_path: Path) -> None:
    """Another folder, umask, locale, time zone and time of the files give the same wheel."""
    other = tmp_path / "two wörds"
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing += ["dqops_client", "distribution", "openapi", "*.md", "LICENSE", "pyproject.toml"]
    names = subprocess.run(listing, cwd=REPOSITORY, capture_output=True, check=True).stdout
    for name in sorted(set(os.fsdecode(names).split("\0")) - {""}, reverse=True):
        if (REPOSITORY / name).exists():
            (other / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / name, other / name)
    for file in other.rglob("*.py"):
        file.chmod(0o600)
    os.utime(other / "dqops_client" / "dqops" / "__init__.py", (time.time(), 1_000_000_000))
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LC_ALL": "C",
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
    }
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    subprocess.run(build, cwd=other, env=environment, umask=0o077, check=True, capture_output=True)
    (built,) = (other / "dist").glob("*.whl")
    assert _sha256(wheel) == _sha256(built)


def test_changelog_tells_of_the_version(wheel: Path) -> None:
    """What is not released yet stands in the changelog of the wheel, under the version it has."""
    news = sorted(each for each in (REPOSITORY / "news").iterdir() if each.name != "README.md")
    version = wheel.name.split("-")[1]
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("dqops/CHANGELOG.md").decode()
    assert f"\n## {version}" in text
    assert ("(not released)\n" in text) == bool(news)
    words = " ".join(text.split())
    for each in news:
        assert " ".join(each.read_text(encoding="utf-8").split()) in words, each.name
    released = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.endswith(released.partition("<!-- releases -->\n")[2])


def test_changelog_without_news_is_that_of_the_repository(tmp_path: Path) -> None:
    """After a release nothing is added; what comes after it has a section without a version."""
    kinds = [("added", "Added"), ("fixed", "Fixed")]
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "README.md").write_text("News.\n", encoding="utf-8")
    released = "# Changelog\n\n<!-- releases -->\n\n## 1.2.3 (2030-01-01)\n\n- Pages.\n"
    (tmp_path / "CHANGELOG.md").write_text(released, encoding="utf-8")
    complete = runpy.run_path(str(REPOSITORY / "distribution" / "wheel_changelog.py"))["complete"]
    assert released == complete(tmp_path, "1.2.3", kinds)
    (tmp_path / "news" / "+rows.fixed.md").write_text("Rows end,\nat last.\n", encoding="utf-8")
    section = "\n## Not released\n\n### Fixed\n\n- Rows end,\n  at last.\n"
    mark = "<!-- releases -->\n"
    assert released.replace(mark, mark + section) == complete(tmp_path, "1.2.3", kinds)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_sbom(wheel: Path) -> None:
    """The wheel carries a valid CycloneDX document about its version, which has no time in it."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(
            next(each for each in archive.namelist() if each.endswith(f".dist-info/sboms/{SBOM}"))
        ).decode()
    assert (REPOSITORY / sbom.PLACE).read_text(encoding="utf-8") == text
    assert sbom.build(REPOSITORY) == text, "run `make regenerate`"
    assert None is JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    document = json.loads(text)
    assert set() == {"serialNumber", "timestamp"} & {*document, *document["metadata"]}
    assert wheel.name.split("-")[1] == document["metadata"]["component"]["version"]


def test_sbom_names_what_is_required() -> None:
    """What the wheel requires is required, with what that needs; extras are optional."""
    components = json.loads((REPOSITORY / sbom.PLACE).read_text(encoding="utf-8"))["components"]
    of_scope = {
        scope: {each["name"] for each in components if each["scope"] == scope}
        for scope in ("required", "optional")
    }
    assert {"attrs", "h11", "httpcore", "httpx", "python-dateutil"} <= of_scope["required"]
    assert len(of_scope["required"]) < 15
    assert {"aiohttp", "click", "orjson", "pyarrow", "pytest"} <= of_scope["optional"]
    assert set() == {"hypothesis", "respx", "trio"} & of_scope["optional"], "only tests need them"


def test_locks_meet_what_the_wheel_asks_for() -> None:
    """The newest versions are those that it allows, the lowest exactly its lower bounds."""
    project = sbom.read_project(REPOSITORY)
    wanted = [
        Requirement(line)
        for extra, lines in {
            "": project["dependencies"],
            **project["optional-dependencies"],
        }.items()
        if extra not in {"airflow", "all", "dagster", "prefect"}
        for line in lines
    ]
    newest, lowest = locked("testing"), locked("lowest")
    for each in wanted:
        assert each.specifier.contains(newest[each.name]), each
        bounds = [Version(item.version) for item in each.specifier if item.operator == ">="]
        assert bounds == [Version(lowest[each.name])], each


def locked(name: str) -> dict[str, str]:
    """Read the versions of a lock."""
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return {each.name: each.version for each in sbom.read_lock(text)}
