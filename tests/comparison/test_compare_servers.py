"""What each version of a server has, read from the servers' own documents."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from comparing.servers import main

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
BEFORE = """\
document: docs/compatibility.md
versions: [1.0.0]
operations:
  pet_food:
    list_food: {since: 1.0.0, note: Kept by people.}
"""


def _query(name: str, *values: str) -> dict[str, Any]:
    enum = {"enum": list(values)} if values else {}
    return {"name": name, "in": "query", "type": "string", **enum}


def _food(*parameters: dict[str, Any]) -> dict[str, Any]:
    return {"get": {"operationId": "listFood", "tags": ["PetFood"], "parameters": list(parameters)}}


def _schema(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


SORTS = "#/components/schemas/Sorts"
BUNDLE = {
    "openapi": "3.1.0",
    "info": {"title": "Shop"},
    "paths": {
        "/food": {
            "get": {
                "operationId": "listFood",
                "tags": ["pet_food"],
                "parameters": [
                    {"name": "sort", "in": "query", "schema": {"$ref": SORTS}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                ],
            }
        }
    },
    "components": {
        "schemas": {
            "Sorts": {"type": "string", "enum": ["name", "price"]},
            "Food": {"properties": {"name": {}, "price": {}, "on": {}, "weight": {}}},
            "Old": {"properties": {"name": {}}},
        }
    },
}
SERVERS = {
    # The oldest has another path, one more parameter and a schema that the others lack.
    "v1.2.0.json": {
        "paths": {"/feed": _food(_query("sort", "name"), _query("size"))},
        "definitions": {"Food": _schema(name={}, weight={}), "Old": _schema(name={})},
    },
    "v1.10.0.json.gz": {
        "paths": {"/food": _food(_query("sort", "name"))},
        "definitions": {"Food": _schema(name={}, price={}, weight={})},
    },
    "v2.0.0.json": {
        "paths": {
            "/food": _food(_query("sort", "name", "price"), _query("limit")),
            "/toys/{name}": {"put": {"operationId": "putToy", "tags": ["toys"]}},
        },
        "definitions": {"Food": _schema(name={}, price={}, on={})},
    },
}
EXPECTED = {
    "document": "docs/compatibility.md",
    "versions": ["1.2.0", "1.10.0", "2.0.0"],
    "operations": {
        "pet_food": {
            "list_food": {
                "since": "1.2.0",
                "path_since": "1.10.0",
                "parameters_since": {"limit": "2.0.0"},
                "parameters_until": {"size": "1.2.0"},
                "note": "Kept by people.",
            }
        },
        "toys": {"put_toy": {"since": "2.0.0"}},
    },
    "schemas": {"Old": {"since": "1.2.0", "until": "1.2.0"}},
    "properties": {
        "Food": {
            "on": {"since": "2.0.0"},
            "price": {"since": "1.10.0"},
            "weight": {"until": "1.10.0"},
        }
    },
    "values": {"Sorts": {"price": {"since": "2.0.0"}}},
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give a small repository with one target, and the documents of three servers."""
    for name, text in {
        "generator-config.yml": "{}\n",
        "openapi/targets.yaml": TARGETS,
        "openapi/shop/openapi.yaml": "openapi: 3.1.0\n",
        "openapi/shop.bundle.yaml": yaml.safe_dump(BUNDLE),
        "openapi/shop.versions.yaml": BEFORE,
        "servers/notes.txt": "not a document\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name, content in SERVERS.items():
        data = json.dumps({"swagger": "2.0", **content}).encode()
        (tmp_path / "servers" / name).write_bytes(
            gzip.compress(data) if name.endswith(".gz") else data
        )
    return tmp_path


def _run(repository: Path, *options: str) -> int:
    return main([str(repository / "servers"), "--repository", str(repository), *options])


def test_what_each_version_has(repository: Path) -> None:
    """Versions are ordered as numbers; what all of them have is not listed twice."""
    code = _run(repository)

    text = (repository / "openapi/shop.versions.yaml").read_text(encoding="utf-8")
    assert (0, EXPECTED) == (code, yaml.safe_load(text))


def test_a_second_run_finds_nothing_to_do(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A check fails before the file is written, and passes after it, without writing."""
    path = repository / "openapi/shop.versions.yaml"
    assert (1, BEFORE) == (_run(repository, "--check"), path.read_text(encoding="utf-8"))
    _run(repository)
    written = path.read_bytes()
    capsys.readouterr()

    assert (0, 0) == (_run(repository, "--check"), _run(repository))

    assert written == path.read_bytes()
    assert "openapi/shop.versions.yaml: up to date\n" * 2 == capsys.readouterr().out


def test_a_folder_without_documents_is_an_error(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says how the files must be called."""
    for name in SERVERS:
        (repository / "servers" / name).unlink()

    assert 1 == _run(repository)

    assert "v<version>.json" in capsys.readouterr().err
