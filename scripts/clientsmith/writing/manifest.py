"""The record of a generation: the hash of everything that went in and of everything that came out.

It holds no time and no absolute path, so two generations from the same input are the same bytes.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clientsmith.errors import PipelineError
from clientsmith.reading.references import specification_files
from clientsmith.targets import TARGETS_FILE
from clientsmith.writing.vendoring import IS_INSTALLED, vendoring_inputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clientsmith.targets import Target

_PIPELINE = Path(__file__).resolve().parent.parent
_REPOSITORY = _PIPELINE.parent.parent
# The pipeline's modules that have a say in the output are these and whatever they import.
_ENTRY_MODULES = ("reading/bundle", "writing/generate")


def sha256(content: bytes) -> str:
    """Hash bytes."""
    return hashlib.sha256(content).hexdigest()


def input_hashes(target: Target, templates: Iterable[Path]) -> dict[str, str]:
    """Hash everything that the output depends on.

    Of `targets.yaml` only the target's own entry counts, so that adding a target is no drift of the
    others.

    Args:
        target: What is generated.
        templates: The templates of the generator.

    Returns:
        Hashes by path relative to the repository, sorted.

    Raises:
        OSError: A file cannot be read.
    """
    specification = [
        *(target.root, *target.overlays),
        *(each for each in (target.generator_config, target.versions) if each is not None),
        *specification_files(target.folder),
    ]
    hashes = {target.name_of(path): sha256(path.read_bytes()) for path in specification}
    copied = vendoring_inputs() if target.is_vendored else []
    # Of an installed pipeline the version says it, which is among the tools.
    own = [] if IS_INSTALLED else [*pipeline_modules(), *templates, *copied]
    for path in own:
        hashes[path.relative_to(_REPOSITORY).as_posix()] = sha256(path.read_bytes())
    hashes[f"{TARGETS_FILE.as_posix()}#/{target.name}"] = _canonical_hash(target.entry)
    return dict(sorted(hashes.items()))


@cache
def pipeline_modules() -> tuple[Path, ...]:
    """List the modules of the pipeline that have a say in the output, sorted.

    Checks and other commands have none: they can change without a regeneration.
    """
    found: set[Path] = set()
    pending = [_PIPELINE / f"{name}.py" for name in _ENTRY_MODULES]
    while pending:
        path = pending.pop()
        if path in found or not path.is_file():
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module is not None and not node.level:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            for name in names:
                package, _, module = name.partition(".")
                if package == _PIPELINE.name and module:
                    pending.append(_PIPELINE.joinpath(*module.split(".")).with_suffix(".py"))
    return tuple(sorted(found))


def output_files(target: Target, package: Path, documents: Mapping[Path, Path]) -> dict[str, Path]:
    """List the generated files that are there.

    Args:
        target: What is generated.
        package: The folder that holds what is generated.
        documents: Where the bundled documents are, by the places that they have (or will have).

    Returns:
        The files by the name that they have (or will have) relative to the repository, sorted.
    """
    files = {target.name_of(place): path for place, path in documents.items() if path.is_file()}
    for name in target.generated:
        # A file that stands in the place of a folder, or the other way round, is found, too.
        for path in (package / name, *(package / name).rglob("*")):
            if os.path.lexists(path) and not path.is_dir() and "__pycache__" not in path.parts:
                files[target.name_of(target.package / path.relative_to(package))] = path
    return dict(sorted(files.items()))


def manifest_text(
    target: Target,
    inputs: Mapping[str, str],
    tools: Mapping[str, str],
    outputs: Mapping[str, str],
) -> str:
    """Write the manifest.

    Args:
        target: What is generated.
        inputs: Hashes of what went in.
        tools: Versions of the tools by name.
        outputs: Hashes of what came out.

    Returns:
        JSON with sorted keys.
    """
    manifest = {
        "target": target.name,
        "inputs": dict(inputs),
        "tools": dict(tools),
        "outputs": dict(outputs),
    }
    return json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def read_manifest(target: Target) -> dict[str, dict[str, str]] | None:
    """Read what the last generation recorded.

    Returns:
        `inputs`, `tools` and `outputs`, or None where there is no manifest.

    Raises:
        PipelineError: The file is no manifest.
    """
    try:
        manifest = json.loads(target.manifest.read_bytes())
        parts = {part: dict(manifest[part]) for part in ("inputs", "tools", "outputs")}
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise PipelineError(
            "is not a manifest", target.name_of(target.manifest), hint="Run `make regenerate`."
        ) from error
    return parts


def _canonical_hash(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())
