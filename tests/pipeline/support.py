"""A small repository to run the pipeline on, and a generator that takes no time."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from clientsmith.targets import load_targets
from clientsmith.writing.regenerate import regenerate

if TYPE_CHECKING:
    from pathlib import Path

    from clientsmith.targets import Target

FILES = {
    "generator-config.yml": "post_hooks: []\n",
    "openapi/targets.yaml": """\
        demo:
          root: demo/openapi.yaml
          bundle: demo.bundle.yaml
          manifest: demo.manifest.json
          package: packages/demo
          import_name: demo
          runtime: demo
          generator_config: generator-config.yml
        """,
    "openapi/demo/openapi.yaml": """\
        openapi: 3.1.0
        info:
          title: Demo
          version: "1"
        security:
          - bearer: []
        tags:
          - name: pets
        paths:
          /pets/{pet_id}:
            $ref: "paths/pets.yaml#/~1pets~1{pet_id}"
          /pets:
            $ref: "paths/pets.yaml#/~1pets"
        components:
          securitySchemes:
            bearer:
              type: http
              scheme: bearer
        """,
    "openapi/demo/paths/pets.yaml": """\
        /pets:
          get:
            operationId: list_pets
            tags: [pets]
            responses:
              200:
                description: All pets.
                content:
                  application/json:
                    schema:
                      type: array
                      items:
                        $ref: "../schemas/pets.yaml#/Pet"
        /pets/{pet_id}:
          get:
            operationId: get_pet
            tags: [pets]
            parameters:
              - $ref: "../parameters.yaml#/pet_id"
            responses:
              200:
                description: The pet.
                content:
                  application/json:
                    schema:
                      $ref: "../schemas/pets.yaml#/Pet"
              404:
                $ref: "../responses.yaml#/NotFound"
        """,
    "openapi/demo/parameters.yaml": """\
        pet_id:
          name: pet_id
          in: path
          required: true
          schema:
            type: string
        """,
    "openapi/demo/responses.yaml": """\
        NotFound:
          description: There is no such pet.
        """,
    "openapi/demo/schemas/pets.yaml": """\
        Named:
          type: object
          required: [name]
          properties:
            name:
              type: string
              description: What to call it.
        Pet:
          description: A pet.
          allOf:
            - $ref: "#/Named"
          properties:
            kind:
              $ref: "#/Kind"
              description: Which animal it is.
        Kind:
          type: string
          enum: [cat, dog]
        """,
}


class FakeGenerator:
    """Writes one file per operation and per schema.

    Args:
        tools: What it calls its tools; by default one.
    """

    def __init__(self, tools: dict[str, str] | None = None) -> None:
        self.tools = tools or {"fake": "1.0"}

    def generate_package(self, bundle: dict[str, Any], target: Target, destination: Path) -> None:
        """Write `api/<tag>/<operation>.py` and `models/<schema>.py`."""
        files = {"api/__init__.py": "", "models/__init__.py": f"# {target.import_name}\n"}
        for path, item in bundle["paths"].items():
            for operation in item.values():
                name = f"api/{operation['tags'][0]}/{operation['operationId']}.py"
                files[name] = f"PATH = {path!r}\n"
        for name, schema in bundle["components"]["schemas"].items():
            files[f"models/{name.lower()}.py"] = f"SCHEMA = {json.dumps(schema)}\n"
        for name, text in files.items():
            file = destination / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def tool_versions(self) -> dict[str, str]:
        """Give what the constructor was told."""
        return self.tools

    def template_files(self) -> list[Path]:
        """Give none."""
        return []


class Repository:
    """A repository with one target, `demo`, that is good as it is.

    Args:
        path: An empty folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        for name, text in FILES.items():
            self.write(name, text)

    @property
    def target(self) -> Target:
        """The target, as `targets.yaml` describes it now."""
        return load_targets(self.path)["demo"]

    def write(self, name: str, text: str) -> Path:
        """Write a file; common indentation is taken off."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8", newline="\n")
        return file

    def append(self, name: str, text: str) -> None:
        """Add lines to a file; common indentation is taken off."""
        file = self.path / name
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        self.write(name, before + dedent(text))

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a text that is in a file exactly once."""
        file = self.path / name
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}"
        file.write_text(text.replace(old, new), encoding="utf-8", newline="\n")

    def regenerate(self) -> list[str]:
        """Generate with the fake generator and give the lines that were reported."""
        lines: list[str] = []
        regenerate([self.target], FakeGenerator(), lines.append)
        return lines

    def snapshot(self) -> dict[str, bytes | None]:
        """Read the whole tree: contents by name, None for folders."""
        return {
            path.relative_to(self.path).as_posix(): None if path.is_dir() else path.read_bytes()
            for path in sorted(self.path.rglob("*"))
        }
