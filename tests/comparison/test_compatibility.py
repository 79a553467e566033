"""The table of operations by server version."""

from __future__ import annotations

import runpy
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from maintenance.compatibility import main

if TYPE_CHECKING:
    from pathlib import Path

TARGETS = """\
shop:
  root: shop/openapi.yaml
  bundle: shop.bundle.yaml
  manifest: shop.manifest.json
  package: packages/shop
  import_name: shop
  runtime: shop
  generator_config: generator-config.yml
"""
BUNDLE = {
    "openapi": "3.1.0",
    "info": {"title": "Shop"},
    "paths": {
        "/pets": {
            "get": {"operationId": "listPets", "tags": ["pets"]},
            "post": {"operationId": "addPet", "tags": ["pets"], "deprecated": True},
            "parameters": [],
        },
        "/health": {"get": {"operationId": "isHealthy", "tags": ["health"]}},
    },
}
VERSIONS = """\
document: docs/compatibility.md
versions: [1.0.0, 1.1.0, 2.0.0]
operations:
  pets:
    list_pets: {since: 1.0.0, path_since: 1.1.0, parameters_since: {limit: 2.0.0}}
    add_pet: {since: 1.0.0, until: 1.1.0}
    find_pets: {since: 2.0.0}
  logs:
    get_logs: {note: Nobody knows.}
schemas:
  Pet: {since: 1.1.0}
properties:
  Pet:
    age: {since: 2.0.0}
    tail: {until: 1.1.0}
values:
  Kind:
    cat: {since: 1.1.0, until: 1.1.0}
"""
TABLES = """\
| group | 1.0.0 | 1.1.0 | 2.0.0 | SDK |
| --- | ---: | ---: | ---: | ---: |
| [health](#health) | 0 | 0 | 0 | 1 |
| [logs](#logs) | 0 | 0 | 0 | 0 |
| [pets](#pets) | 2 | 2 | 2 | 2 |
| all | 2 | 2 | 2 | 3 |

| lacks | 1.0.0 | 1.1.0 | 2.0.0 |
| --- | ---: | ---: | ---: |
| query parameters | 1 | 1 | 0 |
| properties | 0 | 1 | 1 |
| of so many schemas | 0 | 1 | 1 |
| values | 1 | 0 | 1 |

## health

| operation | 1.0.0 | 1.1.0 | 2.0.0 | SDK | note |
| --- | --- | --- | --- | --- | --- |
| `is_healthy` | ? | ? | ? | yes | |

## logs

| operation | 1.0.0 | 1.1.0 | 2.0.0 | SDK | note |
| --- | --- | --- | --- | --- | --- |
| `get_logs` | ? | ? | ? | - | Nobody knows. |

## pets

| operation | 1.0.0 | 1.1.0 | 2.0.0 | SDK | note |
| --- | --- | --- | --- | --- | --- |
| `add_pet` | yes | yes | - | yes | Deprecated. |
| `find_pets` | - | - | yes | - | |
| `list_pets` | other path | yes | yes | yes | `limit` since 2.0.0. |

## Properties and schemas

| schema | since | until |
| --- | --- | --- |
| `Pet` | 1.1.0 | |
| `Pet.age` | 2.0.0 | |
| `Pet.tail` | | 1.1.0 |

## Values of enumerations

| value | since | until |
| --- | --- | --- |
| `Kind.cat` | 1.1.0 | 1.1.0 |
"""

# What the module for the client has of it.
MODULE: dict[str, Any] = {
    "VERSIONS": ("1.0.0", "1.1.0", "2.0.0"),
    "OPERATIONS": {"add_pet": "-1.1.0", "find_pets": "2.0.0-"},
    "MOVED": {"list_pets": "1.1.0"},
    "PARAMETERS": {("limit", "2.0.0-"): "list_pets"},
    "PROPERTIES": {("age", "2.0.0-"): "Pet", ("tail", "-1.1.0"): "Pet"},
    "VALUES": {("cat", "1.1.0-1.1.0"): "Kind"},
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give a small repository with one target."""
    for name, text in {
        "generator-config.yml": "{}\n",
        "openapi/targets.yaml": TARGETS,
        "openapi/shop/openapi.yaml": "openapi: 3.1.0\n",
        "openapi/shop.bundle.yaml": yaml.safe_dump(BUNDLE),
        "openapi/shop.versions.yaml": VERSIONS,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def _run(repository: Path, *options: str) -> int:
    return main(["--repository", str(repository), *options])


def test_the_tables_tell_what_each_server_has(repository: Path) -> None:
    """One table counts by group, and one per group tells of each operation."""
    code = _run(repository)

    document = (repository / "docs/compatibility.md").read_text(encoding="utf-8")
    assert (0, TABLES) == (code, document[document.index("| group") :])


def test_a_module_has_the_tables_for_the_client(repository: Path) -> None:
    """What came with many holders is packed; the module is as the formatter would write it."""
    schemas = [f"AnotherSchemaWithALongName{number}" for number in range(9)]
    more = "".join(f"  {name}:\n    age: {{since: 2.0.0}}\n" for name in schemas)
    text = VERSIONS.replace("values:\n", f"{more}values:\n")
    path = repository / "openapi/shop.versions.yaml"
    path.write_text(f"module: packages/versions.py\n{text}", encoding="utf-8")
    assert 0 == _run(repository)

    module = repository / "packages/versions.py"
    found = runpy.run_path(str(module))
    packed = found["PROPERTIES"]["age", "2.0.0-"].split()
    assert sorted([*schemas, "Pet"]) == packed
    found["PROPERTIES"]["age", "2.0.0-"] = "Pet"
    assert MODULE == {name: found[name] for name in found["__all__"]}
    assert max(map(len, module.read_text(encoding="utf-8").splitlines())) <= 100


def test_the_same_input_gives_the_same_bytes(repository: Path) -> None:
    """A second run finds nothing to do, and a check agrees."""
    _run(repository)
    before = (repository / "docs/compatibility.md").read_bytes()

    assert [0, 0] == [_run(repository, "--check"), _run(repository)]
    assert before == (repository / "docs/compatibility.md").read_bytes()


def test_a_document_that_is_out_of_date_is_told(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A check names the document and changes nothing."""
    path = repository / "docs/compatibility.md"
    path.parent.mkdir()
    path.write_text("old", encoding="utf-8")
    code = _run(repository, "--check")

    assert (1, "old") == (code, path.read_text(encoding="utf-8"))
    expected = "docs/compatibility.md: not up to date; run `python -m maintenance.compatibility`\n"
    assert expected == capsys.readouterr().err


def test_a_target_without_a_history_has_no_table(repository: Path) -> None:
    """The file is optional."""
    (repository / "openapi/shop.versions.yaml").unlink()

    assert 0 == _run(repository)
    assert not (repository / "docs").exists()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("document: docs/compatibility.md\n", "", "#/document: expected a string"),
        ("docs/compatibility.md", "../x.md", "#/document: the path leads out of the repository"),
        ("[1.0.0, 1.1.0, 2.0.0]", "1.0.0", "#/versions: expected an array"),
        (
            "{since: 2.0.0}",
            "{since: 3.0.0}",
            "#/operations/pets/find_pets/since: '3.0.0' is none of the versions",
        ),
        (
            "{since: 2.0.0}",
            "{from: 2.0.0}",
            "#/operations/pets/find_pets/from: unknown key; known: since, until",
        ),
        (
            "{since: 2.0.0}",
            "2.0.0",
            "#/operations/pets/find_pets: expected a mapping with the keys since",
        ),
    ],
)
def test_a_mistake_in_the_history_is_told_with_its_place(
    repository: Path,
    capsys: pytest.CaptureFixture[str],
    old: str,
    new: str,
    expected: str,
) -> None:
    """Nothing is written then."""
    path = repository / "openapi/shop.versions.yaml"
    path.write_text(VERSIONS.replace(old, new), encoding="utf-8")
    code = _run(repository)

    expected = f"openapi/shop.versions.yaml{expected}"
    assert (1, expected) == (code, capsys.readouterr().err[: len(expected)])
    assert not (repository / "docs").exists()
