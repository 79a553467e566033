"""What is generated is, byte for byte, what is committed: everywhere, every time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from clientsmith.targets import REPOSITORY, Target, load_targets

from .support import (
    EXPECTED,
    contents,
    corners_target,
    differing,
    generate_into,
    generate_without_validation,
)

TARGETS = load_targets()
# It takes long, so it is generated once only: in another process, under other circumstances.
LARGEST = "dqops"


def test_corners_give_the_expected_files(tmp_path: Path) -> None:
    """The small specification gives the committed files; renew them by `tests.golden.renew`."""
    package = generate_into(corners_target(), tmp_path / "out")
    assert [] == differing(contents(EXPECTED), contents(package))


def test_difference_names_the_files() -> None:
    """Changed, missing and stray files are told by name."""
    expected = {"same.py": b"1", "changed.py": b"1", "missing.py": b"1"}
    actual = {"same.py": b"1", "changed.py": b"2", "stray.py": b"1"}
    assert differing(expected, actual) == [
        "changed.py: differs",
        "missing.py: not generated",
        "stray.py: generated, but not expected",
    ]


def _tree(target: Target) -> dict[str, bytes]:
    return contents(target.package, target.generated) | {"bundle": target.bundle.read_bytes()}


def _generated(target: Target, package: Path) -> dict[str, bytes]:
    bundle = (package.parent / "bundle").read_bytes()
    return contents(package, target.generated) | {"bundle": bundle}


@pytest.mark.parametrize("name", sorted(TARGETS.keys() - {LARGEST}))
def test_tree_is_what_is_generated(name: str, tmp_path: Path) -> None:
    """Each target gives what is generated of it in the tree."""
    target = TARGETS[name]
    package = generate_into(target, tmp_path / "out")
    assert [] == differing(_tree(target), _generated(target, package))


def test_tree_is_what_is_generated_twice_in_a_row(tmp_path: Path) -> None:
    """Nothing is left of the first time; the largest target takes long, and is like the others."""
    for number, name in enumerate(["mosparo", "healthchecks_io", "mosparo"]):
        target = TARGETS[name]
        package = generate_without_validation(target, tmp_path / str(number))
        assert [] == differing(_tree(target), _generated(target, package))


def _regenerate_elsewhere(python: str, folder: Path, **environment: str) -> None:
    """Generate everything in a process of its own, in another working directory, and compare."""
    run = subprocess.run(
        [python, "-P", "-m", "tests.golden.generate_all", str(folder / "out")],
        cwd=folder,
        env={
            "PYTHONPATH": f"{REPOSITORY / 'scripts'}{os.pathsep}{REPOSITORY}",
            "LC_ALL": "C",
            "TZ": "Asia/Kolkata",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    for target in TARGETS.values():
        package = folder / "out" / target.name / "package"
        assert [] == differing(_tree(target), _generated(target, package))
    package = folder / "out" / "corners" / "package"
    assert [] == differing(contents(EXPECTED), contents(package))


def test_working_directory_and_hash_seed_do_not_matter(tmp_path: Path) -> None:
    """Every target gives the tree, with another working directory, hash seed, locale and zone."""
    _regenerate_elsewhere(sys.executable, tmp_path, PYTHONHASHSEED="4242")


def _other_pythons() -> list[str]:
    """List interpreters other than this one: `OTHER_PYTHON`, then those of pyenv and its envs."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [*root.glob("3.*/bin/python"), *root.glob("3.*/envs/*/bin/python")]
    given = os.environ.get("OTHER_PYTHON")
    return [given] if given else [str(path) for path in sorted(found)]


def _is_useful(python: str) -> bool:
    """Tell whether an interpreter has another version, at least 3.11, and the pipeline's tools."""
    code = (
        "import sys; here = sys.version_info[:2]\n"
        f"assert here >= (3, 11) and here != {sys.version_info[:2]}\n"
        "import openapi_python_client, openapi_spec_validator, ruff, yaml"
    )
    run = subprocess.run([python, "-I", "-c", code], capture_output=True, check=False)
    return run.returncode == 0


def test_another_python_gives_the_same(tmp_path: Path) -> None:
    """Another version of Python gives the same bytes."""
    python = next(filter(_is_useful, _other_pythons()), None)
    if python is None:
        pytest.skip(
            "no other Python >= 3.11 under pyenv has the tools of the pipeline; "
            "name one by the environment variable OTHER_PYTHON"
        )
    _regenerate_elsewhere(python, tmp_path, PYTHONHASHSEED="1")
