"""The manifest records everything that went in and came out, and nothing else."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from clientsmith.errors import PipelineError
from clientsmith.targets import REPOSITORY
from clientsmith.writing.manifest import input_hashes, pipeline_modules, read_manifest

if TYPE_CHECKING:
    from .support import Repository


def manifest(repository: Repository) -> dict[str, Any]:
    """Generate and read the manifest."""
    repository.regenerate()
    content: dict[str, Any] = json.loads(repository.target.manifest.read_bytes())
    return content


def test_it_is_sorted_json_without_machine_paths(repository: Repository) -> None:
    """The same content is the same bytes, on any machine."""
    content = manifest(repository)
    text = repository.target.manifest.read_bytes().decode()

    assert json.dumps(content, indent=2, sort_keys=True) + "\n" == text
    assert str(repository.path) not in text


def test_outputs_are_the_generated_files(repository: Repository) -> None:
    """The bundle and every file of `api` and `models` is listed with its hash."""
    outputs = manifest(repository)["outputs"]

    assert list(outputs) == [
        "openapi/demo.bundle.yaml",
        "packages/demo/api/__init__.py",
        "packages/demo/api/pets/get_pet.py",
        "packages/demo/api/pets/list_pets.py",
        "packages/demo/models/__init__.py",
        "packages/demo/models/kind.py",
        "packages/demo/models/pet.py",
    ]
    for name, value in outputs.items():
        assert hashlib.sha256((repository.path / name).read_bytes()).hexdigest() == value


def test_inputs_are_specification_configuration_and_pipeline(repository: Repository) -> None:
    """Every file that has a say in the output is listed."""
    repository.write("openapi/demo/.hidden.yaml", "not: ours\n")
    repository.write("openapi/demo/README.md", "Not read.\n")
    content = manifest(repository)
    own = [name for name in content["inputs"] if not name.startswith("scripts/")]

    assert own == [
        "generator-config.yml",
        "openapi/demo/openapi.yaml",
        "openapi/demo/parameters.yaml",
        "openapi/demo/paths/pets.yaml",
        "openapi/demo/responses.yaml",
        "openapi/demo/schemas/pets.yaml",
        "openapi/targets.yaml#/demo",
    ]
    assert {
        "scripts/clientsmith/reading/bundle.py",
        "scripts/clientsmith/reading/merging.py",
        "scripts/clientsmith/writing/yaml_output.py",
    } < set(content["inputs"])
    assert (content["target"], content["tools"]) == ("demo", {"fake": "1.0"})


def test_templates_are_inputs(repository: Repository) -> None:
    """A template counts under its path in the repository."""
    template = REPOSITORY / "Makefile"  # any file of this repository will do
    hashes = input_hashes(repository.target, [template])

    assert hashlib.sha256(template.read_bytes()).hexdigest() == hashes["Makefile"]


def test_modules_of_other_commands_are_no_inputs() -> None:
    """What the output is made with is found through imports; the rest can change freely."""
    names = {path.name for path in pipeline_modules()}

    assert names > {
        *("bundle.py", "documents.py", "errors.py", "grammar.py", "merging.py", "references.py"),
        *("generate.py", "targets.py", "yaml_output.py"),
    }
    assert names.isdisjoint({"__main__.py", "check.py", "regenerate.py", "swap.py"})


def test_another_target_is_no_input(repository: Repository) -> None:
    """Adding a target does not make the others look outdated."""
    before = input_hashes(repository.target, [])
    repository.write(
        "openapi/other/openapi.yaml", (repository.path / "openapi/demo/openapi.yaml").read_text()
    )
    entry = (repository.path / "openapi/targets.yaml").read_text()
    repository.append("openapi/targets.yaml", entry.replace("demo", "other"))

    assert before == input_hashes(repository.target, [])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"inputs": 1, "tools": {}, "outputs": {}}'])
def test_what_is_no_manifest_is_told(repository: Repository, text: str) -> None:
    """A damaged manifest is an error with its name."""
    repository.write("openapi/demo.manifest.json", text)
    with pytest.raises(PipelineError) as caught:
        read_manifest(repository.target)

    assert (
        str(caught.value)
        == "openapi/demo.manifest.json: is not a manifest\n  hint: Run `make regenerate`."
    )
