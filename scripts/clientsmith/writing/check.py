"""Tells whether the generated files are what the specifications and tools make today.

The full check generates everything again, into a temporary folder, and compares. The quick one
compares hashes with the manifest: it sees any change of input and output, but trusts that the
manifest belongs to what was generated.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.writing.manifest import (
    input_hashes,
    output_files,
    read_manifest,
    sha256,
)
from clientsmith.writing.regenerate import Generator, default_generator, generate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientsmith.targets import Target

EDITED = "edited by hand"
STRAY = "not generated"
MISSING = "missing"
STALE = "out of date"
DRIFT = "changed since"

_ADVICE = {
    EDITED: "Edit the specification or the templates instead; `make regenerate` overwrites these.",
    STRAY: "`make regenerate` deletes these: move what is yours out of the generated folders.",
    MISSING: "`make regenerate` writes these.",
    STALE: "Run `make regenerate` and commit what it changes.",
    DRIFT: "These went into the generated files; run `make regenerate` and commit what it changes.",
}


@dataclass(frozen=True, order=True)
class Finding:
    """One difference.

    Args:
        kind: What is wrong, one of the constants of this module.
        name: The file or tool it is wrong with.
    """

    kind: str
    name: str


def check(target: Target, generator: Generator | None = None) -> list[Finding]:
    """Generate again and compare.

    Args:
        target: What to check.
        generator: What turns a bundle into code; by default `clientsmith.writing.generate`.

    Returns:
        All differences, sorted; empty where everything is up to date.

    Raises:
        PipelineError: The input is not good, so that there is nothing to compare with.
    """
    generator = generator or default_generator()
    with tempfile.TemporaryDirectory(prefix="check-generated-") as temporary:
        fresh = generate(target, Path(temporary), generator)
        expected = _hashes(output_files(target, fresh.package, fresh.documents))
        manifest = fresh.manifest.read_bytes()
    recorded = read_manifest(target)
    findings = set(_compare(target, expected, recorded["outputs"] if recorded else {}))
    if recorded is None:
        findings.add(Finding(MISSING, target.name_of(target.manifest)))
    else:
        findings.update(_drift(target, recorded, generator))
        if target.manifest.read_bytes() != manifest:
            findings.add(Finding(STALE, target.name_of(target.manifest)))
    return sorted(findings)


def check_quickly(target: Target, generator: Generator | None = None) -> list[Finding]:
    """Compare what is there with the manifest.

    Args:
        target: What to check.
        generator: What tells templates and tools; by default `clientsmith.writing.generate`.

    Returns:
        All differences, sorted; empty where everything is as it was recorded.

    Raises:
        PipelineError: The manifest cannot be read.
    """
    generator = generator or default_generator()
    recorded = read_manifest(target)
    if recorded is None:
        return [Finding(MISSING, target.name_of(target.manifest))]
    findings = set(_compare(target, recorded["outputs"], recorded["outputs"]))
    findings.update(_drift(target, recorded, generator))
    return sorted(findings)


def describe(findings: Iterable[Finding]) -> Iterator[str]:
    """Put findings into lines: by kind, each with what to do about it."""
    findings = list(findings)
    for kind, advice in _ADVICE.items():
        names = [finding.name for finding in findings if finding.kind == kind]
        if names:
            yield f"{kind}:"
            yield from (f"  {name}" for name in names)
            yield f"  -> {advice}"


def _hashes(files: Mapping[str, Path]) -> dict[str, str]:
    # A link that leads nowhere is no file; whatever it should be, it is not as generated.
    return {
        name: sha256(path.read_bytes()) if path.is_file() else "" for name, path in files.items()
    }


def _compare(
    target: Target, expected: Mapping[str, str], recorded: Mapping[str, str]
) -> Iterator[Finding]:
    """Compare generated files with what they should be.

    Args:
        target: Where the files are.
        expected: The hashes that they should have.
        recorded: The hashes that they had when they were generated: what has another one now was
            edited by hand.
    """
    actual = _hashes(
        output_files(target, target.package, {path: path for path in target.documents})
    )
    gone = [
        f"{target.name_of(target.package / name)}{'' if Path(name).suffix else '/'}"
        for name in target.generated
        if not (target.package / name).exists()
    ]
    yield from (Finding(MISSING, folder) for folder in gone)
    for name in expected.keys() | actual.keys():
        if name.startswith(tuple(gone)):
            continue  # one line for the folder says it
        is_as_generated = recorded.get(name, actual.get(name)) == actual.get(name)
        if name not in actual:
            yield Finding(MISSING, name)
        elif name not in expected:
            # What an earlier generation wrote is not somebody's stray file.
            yield Finding(STALE if name in recorded and is_as_generated else STRAY, name)
        elif expected[name] != actual[name]:
            yield Finding(STALE if is_as_generated else EDITED, name)
    yield from _stray_folders(target, expected)


def _stray_folders(target: Target, expected: Iterable[str]) -> Iterator[Finding]:
    """Find empty folders; of those with files, the files tell.

    A folder that holds nothing but caches is what git leaves behind when it removes a package.
    """
    known = {parent for name in expected for parent in (target.repository / name).parents}
    for generated in target.generated:
        for folder in (target.package / generated).rglob("*"):
            if (
                folder.is_dir()
                and folder not in known
                and "__pycache__" not in folder.parts
                and all(path.is_dir() for path in folder.rglob("*"))
            ):
                yield Finding(STRAY, f"{target.name_of(folder)}/")


def _drift(
    target: Target, recorded: Mapping[str, Mapping[str, str]], generator: Generator
) -> Iterator[Finding]:
    """Compare what the manifest says about inputs and tools with what is there now."""
    inputs, tools = input_hashes(target, generator.template_files()), generator.tool_versions()
    for name in inputs.keys() | recorded["inputs"].keys():
        if inputs.get(name) != recorded["inputs"].get(name):
            yield Finding(DRIFT, name)
    for name in tools.keys() | recorded["tools"].keys():
        before, now = recorded["tools"].get(name, "none"), tools.get(name, "none")
        if before != now:
            yield Finding(DRIFT, f"{name} {before} -> {now}")
