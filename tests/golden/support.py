"""The small specification of the golden tests, and how it is generated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.reading.bundle import bundle_specification, bundle_text
from clientsmith.targets import REPOSITORY, Target
from clientsmith.writing.regenerate import default_generator, generate
from clientsmith.writing.vendoring import vendor

if TYPE_CHECKING:
    from collections.abc import Iterable

CORNERS = Path(__file__).resolve().parent / "corners"
EXPECTED = CORNERS / "expected"


def corners_target(root: Path = CORNERS / "openapi.yaml", repository: Path = REPOSITORY) -> Target:
    """Describe the small specification as `targets.yaml` describes the real ones.

    Args:
        root: Its root document.
        repository: The folder that holds the root document somewhere, and `generator-config.yml`.

    Returns:
        The target; its package is the folder of expected files.
    """
    return Target(
        name="corners",
        repository=repository,
        root=root,
        bundle=root.parent / "bundle.yaml",
        manifest=root.parent / "manifest.json",
        package=root.parent / "expected",
        import_name="corners",
        runtime="dqops._runtime",
        client="dqops.client",
        generator_config=repository / "generator-config.yml",
        entry={"name": "corners"},
        folders=("api", "models", "groups"),
    )


def generate_into(target: Target, folder: Path) -> Path:
    """Generate a target.

    Args:
        target: What to generate.
        folder: A folder that does not exist yet.

    Returns:
        The folder with `api` and `models`.
    """
    folder.mkdir(parents=True)
    return generate(target, folder, default_generator()).package


def generate_without_validation(target: Target, folder: Path) -> Path:
    """Generate a target again: without the validation, which takes half of the time.

    Args:
        target: What to generate; its specification is known to be valid.
        folder: A folder that does not exist yet.

    Returns:
        The folder with `api` and `models`; the bundle is beside it.
    """
    package = folder / "package"
    package.mkdir(parents=True)
    bundle = bundle_specification(target)
    default_generator().generate_package(bundle.content, target, package)
    if target.is_vendored:
        vendor(bundle.content, target, package)
    (folder / "bundle").write_bytes(bundle_text(bundle, target).encode())
    return package


def contents(package: Path, names: Iterable[str] = ("api", "models", "groups")) -> dict[str, bytes]:
    """Read a generated package.

    Args:
        package: The folder with `api` and `models`.
        names: Which folders and files to read.

    Returns:
        The contents by name; caches of Python are left out.
    """
    return {
        path.relative_to(package).as_posix(): path.read_bytes()
        for name in names
        for path in sorted([package / name, *(package / name).rglob("*")])
        if path.is_file() and "__pycache__" not in path.parts
    }


def differing(expected: dict[str, bytes], actual: dict[str, bytes]) -> list[str]:
    """Name the files that are not the same.

    Args:
        expected: Contents by name.
        actual: Contents by name.

    Returns:
        The names, sorted, with what is wrong with each.
    """
    lines: list[str] = []
    for name in sorted(expected.keys() | actual.keys()):
        if name not in actual:
            lines.append(f"{name}: not generated")
        elif name not in expected:
            lines.append(f"{name}: generated, but not expected")
        elif expected[name] != actual[name]:
            lines.append(f"{name}: differs")
    return lines
