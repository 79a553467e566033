"""The check names every file that is not what would be generated."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from clientsmith.writing.check import (
    DRIFT,
    EDITED,
    MISSING,
    STALE,
    STRAY,
    Finding,
    check,
    check_quickly,
    describe,
)

from .support import FakeGenerator, Repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clientsmith.targets import Target

BUNDLE = "openapi/demo.bundle.yaml"
MANIFEST = "openapi/demo.manifest.json"
API = "packages/demo/api"
MODELS = "packages/demo/models"


@pytest.fixture
def generated(repository: Repository) -> Repository:
    """Give a repository that is up to date."""
    repository.regenerate()
    return repository


def findings(repository: Repository, tools: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """Check and give kinds and names."""
    return [(found.kind, found.name) for found in check(repository.target, FakeGenerator(tools))]


def quick_findings(
    repository: Repository, tools: dict[str, str] | None = None
) -> list[tuple[str, str]]:
    """Check quickly and give kinds and names."""
    generator = FakeGenerator(tools)
    return [(found.kind, found.name) for found in check_quickly(repository.target, generator)]


BOTH = pytest.mark.parametrize("run", [findings, quick_findings])


@BOTH
def test_up_to_date(generated: Repository, run: Callable[..., Any]) -> None:
    """After a generation there is nothing to find."""
    assert run(generated) == []


@BOTH
def test_the_tree_is_only_read(generated: Repository, run: Callable[..., Any]) -> None:
    """A check changes nothing, also where it finds something."""
    generated.write(f"{MODELS}/pet.py", "# edited\n")
    before = generated.snapshot()
    run(generated)

    assert before == generated.snapshot()


@BOTH
@pytest.mark.parametrize("name", [f"{MODELS}/pet.py", f"{API}/pets/get_pet.py", BUNDLE])
def test_hand_edits(generated: Repository, name: str, run: Callable[..., Any]) -> None:
    """A generated file that somebody has changed."""
    generated.append(name, "# edited\n")

    assert [(EDITED, name)] == run(generated)


@BOTH
def test_hand_edits_of_json(repository: Repository, run: Callable[..., Any]) -> None:
    """The bundle as JSON is guarded like the one in YAML, where there is one."""
    old = "bundle.yaml\n"
    repository.replace("openapi/targets.yaml", old, f"{old}  bundle_json: demo.bundle.json\n")
    repository.regenerate()
    assert [] == run(repository)
    repository.append("openapi/demo.bundle.json", "{}")
    assert [(EDITED, "openapi/demo.bundle.json")] == run(repository)


@BOTH
@pytest.mark.parametrize(
    "name", [f"{MODELS}/mine.py", f"{API}/pets/note.txt", f"{API}/dogs/bark.py", f"{API}/.hidden"]
)
def test_stray_files(generated: Repository, name: str, run: Callable[..., Any]) -> None:
    """A file that no generation has written, in any folder."""
    generated.write(name, "")

    assert [(STRAY, name)] == run(generated)


@BOTH
def test_stray_folders(generated: Repository, run: Callable[..., Any]) -> None:
    """A folder that no generation has made, even when it is empty."""
    (generated.path / API / "dogs" / "small").mkdir(parents=True)

    assert [(STRAY, f"{API}/dogs/"), (STRAY, f"{API}/dogs/small/")] == run(generated)


@BOTH
def test_stray_links(generated: Repository, run: Callable[..., Any], tmp_path: Path) -> None:
    """A link that leads nowhere is a stray, and one in place of a file is an edit."""
    (generated.path / MODELS / "link.py").symlink_to(tmp_path / "nowhere")
    (generated.path / MODELS / "pet.py").unlink()
    (generated.path / MODELS / "pet.py").symlink_to(tmp_path / "nowhere")

    assert [(EDITED, f"{MODELS}/pet.py"), (STRAY, f"{MODELS}/link.py")] == run(generated)


@BOTH
def test_caches_are_no_strays(generated: Repository, run: Callable[..., Any]) -> None:
    """Python's caches come and go, also in folders that git has emptied."""
    generated.write(f"{API}/pets/__pycache__/get_pet.pyc", "")
    generated.write(f"{API}/old/__pycache__/old.pyc", "")

    assert run(generated) == []


@BOTH
def test_files_beside_the_generated_folders_are_free(
    generated: Repository, run: Callable[..., Any]
) -> None:
    """The package also holds what is written by hand."""
    generated.write("packages/demo/client.py", "")

    assert run(generated) == []


@BOTH
@pytest.mark.parametrize("name", [f"{MODELS}/pet.py", f"{API}/__init__.py", BUNDLE])
def test_missing_files(generated: Repository, name: str, run: Callable[..., Any]) -> None:
    """A generated file that has been deleted."""
    (generated.path / name).unlink()

    assert [(MISSING, name)] == run(generated)


@BOTH
def test_a_changed_tool(generated: Repository, run: Callable[..., Any]) -> None:
    """Another version of a tool asks for a regeneration, even if it makes the same."""
    found = run(generated, {"fake": "2.0", "more": "1.0"})

    assert [finding for finding in found if finding != (STALE, MANIFEST)] == [
        (DRIFT, "fake 1.0 -> 2.0"),
        (DRIFT, "more none -> 1.0"),
    ]


@BOTH
@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "openapi/demo/schemas/pets.yaml",
            "[cat, dog]",
            "[cat, dog] # pets",
            "openapi/demo/schemas/pets.yaml",
        ),
        ("generator-config.yml", "[]", "[ ]", "generator-config.yml"),
        ("openapi/targets.yaml", "runtime: demo", "runtime: other", "openapi/targets.yaml#/demo"),
    ],
)
def test_a_changed_input(
    generated: Repository, name: str, old: str, new: str, told: str, run: Callable[..., Any]
) -> None:
    """A change of specification or configuration asks for a regeneration."""
    generated.replace(name, old, new)

    assert (DRIFT, told) in run(generated)


def test_what_a_changed_specification_makes_outdated(generated: Repository) -> None:
    """The full check tells which generated files a change makes outdated, missing or useless."""
    generated.replace(
        "openapi/demo/schemas/pets.yaml", "Kind:\n  type: string\n", "Sort:\n  type: string\n"
    )
    generated.replace("openapi/demo/schemas/pets.yaml", "#/Kind", "#/Sort")

    assert [
        (DRIFT, "openapi/demo/schemas/pets.yaml"),
        (MISSING, f"{MODELS}/sort.py"),
        (STALE, BUNDLE),
        (STALE, MANIFEST),
        (STALE, f"{MODELS}/kind.py"),
        (STALE, f"{MODELS}/pet.py"),
    ] == findings(generated)


def test_an_edited_manifest(generated: Repository) -> None:
    """The manifest itself is a generated file."""
    generated.append(MANIFEST, "\n")

    assert findings(generated) == [(STALE, MANIFEST)]


@BOTH
def test_no_manifest(generated: Repository, run: Callable[..., Any]) -> None:
    """Without manifest there is no telling what was generated."""
    (generated.path / MANIFEST).unlink()

    assert run(generated) == [(MISSING, MANIFEST)]


def test_nothing_generated_yet(repository: Repository) -> None:
    """Before the first generation everything is missing; a missing folder is one line."""
    assert findings(repository) == [
        (MISSING, BUNDLE),
        (MISSING, MANIFEST),
        (MISSING, f"{API}/"),
        (MISSING, f"{MODELS}/"),
    ]


@BOTH
def test_a_missing_folder(generated: Repository, run: Callable[..., Any]) -> None:
    """A folder that is gone as a whole is named instead of its files."""
    shutil.rmtree(generated.path / MODELS)

    assert run(generated) == [(MISSING, f"{MODELS}/")]


def test_another_generator(generated: Repository) -> None:
    """A generator that makes something else with the same inputs is noticed by the full check."""

    class Other(FakeGenerator):
        def generate_package(
            self, bundle: dict[str, Any], target: Target, destination: Path
        ) -> None:
            super().generate_package(bundle, target, destination)
            (destination / "models" / "pet.py").write_text("# other\n")

    found = check(generated.target, Other())

    assert [Finding(STALE, MANIFEST), Finding(STALE, f"{MODELS}/pet.py")] == found


def test_findings_are_told_with_advice() -> None:
    """Kinds stand together, each with what to do."""
    lines = list(describe([Finding(MISSING, "b"), Finding(EDITED, "a"), Finding(MISSING, "c")]))

    assert lines == [
        "edited by hand:",
        "  a",
        "  -> Edit the specification or the templates instead; `make regenerate` overwrites these.",
        "missing:",
        "  b",
        "  c",
        "  -> `make regenerate` writes these.",
    ]
