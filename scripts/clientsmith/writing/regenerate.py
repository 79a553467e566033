"""Specifications in, Python packages out; the tree changes only when everything has succeeded.

Everything is generated into temporary folders beside the packages first. Whatever goes wrong,
an interrupt included, those are removed and the tree is, byte for byte, what it was.
"""

from __future__ import annotations

import importlib
import shutil
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from clientsmith.checking.validation import validate_bundle
from clientsmith.errors import PipelineError, raise_all
from clientsmith.reading.bundle import Bundle, bundle_json_text, bundle_text, bundle_with_problems
from clientsmith.reading.documents import from_pointer
from clientsmith.writing.manifest import (
    input_hashes,
    manifest_text,
    output_files,
    sha256,
)
from clientsmith.writing.swap import replace_all
from clientsmith.writing.vendoring import vendor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from clientsmith.targets import Target


class Generator(Protocol):
    """What `clientsmith.writing.generate` provides."""

    def generate_package(self, bundle: dict[str, Any], target: Target, destination: Path) -> None:
        """Write the folders of a target, formatted, as they are to be."""
        ...

    def tool_versions(self) -> dict[str, str]:
        """Give the versions of the tools that the output depends on."""
        ...

    def template_files(self) -> list[Path]:
        """List the templates."""
        ...


def default_generator() -> Generator:
    """Import the generator; it takes a moment, which not every command needs."""
    return cast("Generator", importlib.import_module("clientsmith.writing.generate"))


@dataclass(frozen=True)
class Generated:
    """What has been generated for a target, in a temporary folder.

    Args:
        target: What it was generated for.
        package: The folder that holds the new folders.
        documents: The new bundled documents, by the places that they are to have.
        manifest: The new manifest.
        counts: What there is, in words.
    """

    target: Target
    package: Path
    documents: dict[Path, Path]
    manifest: Path
    counts: str


def generate(
    target: Target,
    folder: Path,
    generator: Generator,
    report: Callable[[str], None] = lambda _: None,
) -> Generated:
    """Generate everything for a target into a folder; nothing else is touched.

    Args:
        target: What to generate.
        folder: An empty folder.
        generator: What turns the bundle into code.
        report: Takes a line about each step.

    Returns:
        Where everything is.

    Raises:
        PipelineError: The input is not good.
    """

    @contextmanager
    def step(name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        report(f"{target.name}: {name:<8} {time.perf_counter() - start:6.2f} s")

    package, manifest_file = folder / "package", folder / "manifest"
    documents = {target.bundle: folder / "bundle"}
    package.mkdir()
    with step("bundle"):
        bundle = bundle_with_problems(target)
    with step("validate"):
        validate_bundle(bundle, strict=not target.is_adopted)
    with step("generate"), _located(bundle, target):
        generator.generate_package(bundle.content, target, package)
    if target.is_vendored:
        with step("vendor"):
            vendor(bundle.content, target, package)
    with step("manifest"):
        _check_package(package, target)
        documents[target.bundle].write_bytes(bundle_text(bundle, target).encode())
        if target.bundle_json is not None:
            documents[target.bundle_json] = folder / "bundle_json"
            documents[target.bundle_json].write_bytes(bundle_json_text(bundle).encode())
        outputs = output_files(target, package, documents)
        text = manifest_text(
            target,
            inputs=input_hashes(target, generator.template_files()),
            tools=generator.tool_versions(),
            outputs={name: sha256(path.read_bytes()) for name, path in outputs.items()},
        )
        manifest_file.write_bytes(text.encode())
    counts = f"{bundle.operations} operations, {bundle.schemas} schemas, {len(outputs)} files"
    return Generated(target, package, documents, manifest_file, counts)


@contextmanager
def _located(bundle: Bundle, target: Target) -> Iterator[None]:
    """Turn the places that the generator names in the bundle into places in the source files."""
    try:
        yield
    except PipelineError as error:
        several = getattr(error, "problems", [error])
        raise_all([_in_source(each, bundle, target) for each in several])


def _in_source(error: PipelineError, bundle: Bundle, target: Target) -> PipelineError:
    if error.file != target.name_of(target.bundle) or not error.pointer:
        return error
    try:
        place = bundle.locate(*from_pointer(error.pointer))
    except KeyError:
        return error
    return place.error(error.message, hint=error.hint)


def regenerate(
    targets: Iterable[Target],
    generator: Generator | None = None,
    report: Callable[[str], None] = print,
) -> None:
    """Generate targets, and put what came out in place of what was there.

    Args:
        targets: What to generate; either all of it changes or nothing does.
        generator: What turns a bundle into code; by default `clientsmith.writing.generate`.
        report: Takes a line about each step, and the counts.

    Raises:
        PipelineError: The input is not good, or the files cannot be written; nothing has changed.
    """
    start = time.perf_counter()
    generator = generator or default_generator()
    with ExitStack() as stack:
        replacements: list[tuple[Path, Path]] = []
        backups: Path | None = None
        done: list[Generated] = []
        for target in targets:
            folder = stack.enter_context(_folder_beside(target.package))
            generated = generate(target, folder, generator, report)
            replacements.extend(
                (generated.package / name, target.package / name) for name in target.generated
            )
            replacements.extend((new, place) for place, new in generated.documents.items())
            replacements.append((generated.manifest, target.manifest))
            done.append(generated)
            backups = backups or folder
        if backups is not None:
            (backups / "before").mkdir()
            replace_all(replacements, backups / "before")
    for generated in done:
        report(f"{generated.target.name}: {generated.counts}")
    report(f"regenerated in {time.perf_counter() - start:.2f} s")


@contextmanager
def _folder_beside(package: Path) -> Iterator[Path]:
    """Make a temporary folder on the file system of the package, and remove it in any case."""
    parent = next(folder for folder in package.parents if folder.is_dir())
    folder = Path(tempfile.mkdtemp(prefix=".regenerate-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _check_package(package: Path, target: Target) -> None:
    """Make sure that the generator has written what will be put in place, and nothing else."""
    for cache in sorted(package.rglob("__pycache__")):
        shutil.rmtree(cache)
    names = sorted(path.name for path in package.iterdir())
    if names != list(target.generated):
        raise PipelineError(
            f"the generator wrote {names} for the target {target.name!r}, "
            f"not {list(target.generated)}"
        )
