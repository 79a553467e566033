"""A target may get a copy of the runtime, which is generated and guarded like the rest."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from clientsmith.errors import PipelineError
from clientsmith.targets import REPOSITORY, load_targets
from clientsmith.writing import vendoring
from clientsmith.writing.check import DRIFT, EDITED, MISSING, STRAY, check, check_quickly
from clientsmith.writing.manifest import read_manifest

from .support import FakeGenerator, Repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clientsmith.targets import Target
    from clientsmith.writing.check import Finding

PACKAGE = "packages/demo"
RUNTIME = f"{PACKAGE}/_runtime"
ORIGIN = REPOSITORY / "dqops_client" / "dqops"


@pytest.fixture
def generated(repository: Repository) -> Repository:
    """Give a repository whose package has a copy of the runtime."""
    repository.replace("openapi/targets.yaml", "runtime: demo", "runtime: vendored")
    repository.regenerate()
    return repository


BOTH = pytest.mark.parametrize("look", [check, check_quickly])


def found(
    repository: Repository, look: Callable[[Target, FakeGenerator], list[Finding]]
) -> list[tuple[str, str]]:
    """Check and give kinds and names."""
    return [(each.kind, each.name) for each in look(repository.target, FakeGenerator())]


def test_whole_package_is_written(generated: Repository) -> None:
    """There are public modules, names of the package's own, and every module of the runtime."""
    package = generated.path / PACKAGE
    assert list(generated.target.generated) == sorted(path.name for path in package.iterdir())
    copied = {path.relative_to(package).as_posix() for path in (package / "_runtime").rglob("*.py")}
    originals = (ORIGIN / "_runtime").rglob("*.py")
    assert {path.relative_to(ORIGIN).as_posix() for path in originals} == copied
    identity = (package / "_identity.py").read_text()
    for line in ('DISTRIBUTION = "demo"', 'NAME = "demo"', 'PUBLIC_PACKAGE = "demo"'):
        assert line in identity
    assert "from ._runtime.errors import" in (package / "errors.py").read_text()


def test_copies_are_marked(generated: Repository) -> None:
    """Each module begins by saying that it is generated; then comes the original, as it is."""
    for path in (generated.path / PACKAGE).rglob("*.py"):
        if not {"api", "models"} & set(path.parts):
            assert "`make regenerate`" in path.read_text().partition("\n")[0]
    copied = (generated.path / RUNTIME / "errors.py").read_text()
    assert (ORIGIN / "_runtime" / "errors.py").read_text() == copied.partition("\n")[2]


def test_manifest_lists_copies_and_originals(generated: Repository) -> None:
    """What was copied is an output, what it was copied from an input."""
    manifest = read_manifest(generated.target)
    assert manifest is not None
    assert {f"{RUNTIME}/errors.py", f"{PACKAGE}/client.py", f"{PACKAGE}/py.typed"} <= set(
        manifest["outputs"]
    )
    assert {
        "dqops_client/dqops/_runtime/errors.py",
        "dqops_client/dqops/client/errors.py",
        "scripts/clientsmith/writing/templates/vendored/client.py.jinja",
        "scripts/clientsmith/writing/vendoring.py",
    } <= set(manifest["inputs"])


@BOTH
def test_up_to_date(generated: Repository, look: Callable[..., list[Finding]]) -> None:
    """After a generation there is nothing to find, and modules of one's own are free."""
    generated.write(f"{PACKAGE}/mine.py", "")
    assert [] == found(generated, look)


@BOTH
@pytest.mark.parametrize(
    "name", [f"{RUNTIME}/errors.py", f"{RUNTIME}/call/calls.py", f"{PACKAGE}/__init__.py"]
)
def test_edited_copies(
    generated: Repository, name: str, look: Callable[..., list[Finding]]
) -> None:
    """A copy that somebody has changed."""
    generated.append(name, "# edited\n")
    assert [(EDITED, name)] == found(generated, look)


@BOTH
@pytest.mark.parametrize("name", [f"{RUNTIME}/call/calls.py", f"{PACKAGE}/_identity.py"])
def test_missing_copies(
    generated: Repository, name: str, look: Callable[..., list[Finding]]
) -> None:
    """A copy that is not there."""
    (generated.path / name).unlink()
    assert [(MISSING, name)] == found(generated, look)


@BOTH
def test_a_missing_folder(generated: Repository, look: Callable[..., list[Finding]]) -> None:
    """One line for the whole runtime says it."""
    shutil.rmtree(generated.path / RUNTIME)
    assert [(MISSING, f"{RUNTIME}/")] == found(generated, look)


@BOTH
@pytest.mark.parametrize("name", [f"{RUNTIME}/extra.py", f"{RUNTIME}/call/notes.txt"])
def test_surplus_files(
    generated: Repository, name: str, look: Callable[..., list[Finding]]
) -> None:
    """A file in the runtime that no generation has written."""
    generated.write(name, "")
    assert [(STRAY, name)] == found(generated, look)


@BOTH
def test_changed_originals(generated: Repository, look: Callable[..., list[Finding]]) -> None:
    """An original that was another one when it was copied makes the copy outdated."""
    name = "dqops_client/dqops/_runtime/errors.py"
    manifest = json.loads(generated.target.manifest.read_bytes())
    manifest["inputs"][name] = "0" * 64
    generated.target.manifest.write_text(json.dumps(manifest, indent=2) + "\n")
    assert (DRIFT, name) in found(generated, look)


def test_runtime_that_names_its_origin(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A runtime that is not free of our own package's name is not copied."""
    copy = tmp_path / "dqops"
    ignored = shutil.ignore_patterns("__pycache__", "api", "models", "testing", "integrations")
    shutil.copytree(ORIGIN, copy, ignore=ignored)
    (copy / "_runtime" / "call" / "own.py").write_text("import dqops.client\n")
    monkeypatch.setattr(vendoring, "_ORIGIN", copy)
    repository.replace("openapi/targets.yaml", "runtime: demo", "runtime: vendored")
    with pytest.raises(PipelineError, match=r"^demo/_runtime/call/own.py: the runtime names"):
        repository.regenerate()
    assert not (repository.path / PACKAGE).exists()


@pytest.mark.parametrize(
    ("servers", "expected"),
    [
        ("[{url: 'https://pets.example.org/v2'}]", "https://pets.example.org/v2"),
        ("[{url: /v2}]", "https://demo.example.com"),
        (
            "[{url: 'https://{host}', variables: {host: {default: h}}}, {url: 'http://h:8'}]",
            "http://h:8",
        ),
    ],
)
def test_example_url(repository: Repository, servers: str, expected: str) -> None:
    """Messages show the first URL of the specification that can be used as it is."""
    repository.replace("openapi/targets.yaml", "runtime: demo", "runtime: vendored")
    repository.replace(
        "openapi/demo/openapi.yaml", "security:\n", f"servers: {servers}\nsecurity:\n"
    )
    repository.regenerate()
    identity = (repository.path / PACKAGE / "_identity.py").read_text()
    assert f'EXAMPLE_URL = "{expected}"' in identity


def test_a_client_of_another_package_is_refused(repository: Repository) -> None:
    """`client` has no meaning where the package has clients of its own."""
    repository.replace(
        "openapi/targets.yaml", "runtime: demo\n", "runtime: vendored\n  client: other\n"
    )
    with pytest.raises(PipelineError, match=r"targets.yaml#/demo/client: a package with a copy"):
        load_targets(repository.path)
