"""`diff` tells what a new document changes for Python programs, and which version it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from clientsmith.diff import compare_documents

if TYPE_CHECKING:
    from pathlib import Path

OLD = """\
openapi: 3.1.0
info: {title: Zoo, version: "1"}
paths:
  /animals:
    get:
      operationId: list_animals
      tags: [zoo]
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: page, in: query, required: true, schema: {type: integer}}
      responses:
        "200":
          description: The animals.
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Animal"}}
components:
  schemas:
    Animal:
      type: object
      required: [name]
      properties:
        name: {type: string}
        size: {$ref: "#/components/schemas/Size"}
    Size: {type: string, enum: [large, small]}
"""


def _limit(content: Any) -> Any:
    return content["paths"]["/animals"]["get"]["parameters"][0]


def _page(content: Any) -> Any:
    return content["paths"]["/animals"]["get"]["parameters"][1]


def _parameter(content: Any, name: str, *, required: bool) -> None:
    content["paths"]["/animals"]["get"]["parameters"].append(
        {"name": name, "in": "query", "required": required, "schema": {"type": "string"}}
    )


def _animal(content: Any) -> Any:
    return content["components"]["schemas"]["Animal"]


def _described(content: Any) -> None:
    content["info"]["version"] = "2"
    _animal(content)["description"] = "An animal."


def _added_operation(content: Any) -> None:
    content["paths"]["/health"] = {
        "get": {
            "operationId": "health",
            "tags": ["zoo"],
            "parameters": [
                {"name": "by", "in": "query", "required": True, "schema": {"type": "string"}}
            ],
            "responses": {"204": {"description": "Fine."}},
        }
    }


def _added_member(content: Any) -> None:
    content["components"]["schemas"]["Size"]["enum"].append("tiny")


def _renamed_operation(content: Any) -> None:
    content["paths"]["/animals"]["get"]["operationId"] = "get_animals"


CHANGES: dict[str, tuple[Any, int, list[str]]] = {
    "descriptions": (_described, 0, ["version: patch (nothing changes)"]),
    "an optional parameter": (
        lambda content: _parameter(content, "by", required=False),
        0,
        ["added:", "  zoo.list_animals by: str | Unset | None", "version: minor"],
    ),
    "an operation, with what it needs": (
        _added_operation,
        0,
        [
            "added:",
            "  zoo.health",
            "  zoo.health returns: None",
            "  zoo.health by: str, needed",
            "version: minor",
        ],
    ),
    "a member of an enumeration": (
        _added_member,
        0,
        ["added:", '  Size.TINY: "tiny"', "version: minor"],
    ),
    "a needed parameter": (
        lambda content: _parameter(content, "by", required=True),
        1,
        ["needed from now on:", "  zoo.list_animals by: str, needed", "version: major"],
    ),
    "the type of a parameter": (
        lambda content: _limit(content).update(schema={"type": "string"}),
        1,
        [
            "changed:",
            "  zoo.list_animals limit: int | Unset | None -> str | Unset | None",
            "version: major",
        ],
    ),
    "a parameter that need not be given any more": (
        lambda content: _page(content).update(required=False),
        0,
        [
            "optional from now on:",
            "  zoo.list_animals page: int, needed -> int | Unset | None",
            "version: minor",
        ],
    ),
    "a parameter that takes more": (
        lambda content: _limit(content).update(schema={"type": ["integer", "string"]}),
        0,
        [
            "accepts more from now on:",
            "  zoo.list_animals limit: int | Unset | None -> int | str | Unset | None",
            "version: minor",
        ],
    ),
    "a parameter that takes less": (
        lambda content: _page(content).update(schema={"type": "string", "enum": ["first"]}),
        1,
        [
            "changed:",
            "  zoo.list_animals page: int, needed -> ListAnimalsPageLike, needed",
            "added:",
            "  ListAnimalsPage: enumeration",
            '  ListAnimalsPage.FIRST: "first"',
            "version: major",
        ],
    ),
    "a property that holds more": (
        lambda content: _animal(content)["properties"].update(name={"type": ["string", "integer"]}),
        1,
        ["changed:", "  Animal name: str, needed -> str | int, needed", "version: major"],
    ),
    "a parameter of another type that need not be given": (
        lambda content: _page(content).update(required=False, schema={"type": "string"}),
        1,
        [
            "changed:",
            "  zoo.list_animals page: int, needed -> str | Unset | None",
            "version: major",
        ],
    ),
    "a property that is gone": (
        lambda content: _animal(content)["properties"].pop("size"),
        1,
        [
            "removed:",
            "  Animal size: Size",
            "  Size: enumeration",
            '  Size.LARGE: "large"',
            '  Size.SMALL: "small"',
            "version: major",
        ],
    ),
    "a property that is needed": (
        lambda content: _animal(content)["required"].append("size"),
        1,
        ["changed:", "  Animal size: Size -> Size, needed", "version: major"],
    ),
    "the name of an operation": (
        _renamed_operation,
        1,
        [
            "removed:",
            "  zoo.list_animals",
            "  zoo.list_animals returns: list[Animal] | None",
            "  zoo.list_animals limit: int | Unset | None",
            "  zoo.list_animals page: int, needed",
            "added:",
            "  zoo.get_animals",
            "  zoo.get_animals returns: list[Animal] | None",
            "  zoo.get_animals limit: int | Unset | None",
            "  zoo.get_animals page: int, needed",
            "version: major",
        ],
    ),
}


@pytest.mark.parametrize(("change", "status", "lines"), CHANGES.values(), ids=list(CHANGES))
def test_each_change_is_told_with_the_version_it_asks_for(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Any,
    status: int,
    lines: list[str],
) -> None:
    """The status is 1 where a program that works can break."""
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(OLD)
    content = yaml.safe_load(OLD)
    change(content)
    new.write_text(yaml.safe_dump(content))

    assert status == compare_documents(old, new)
    assert lines == capsys.readouterr().out.splitlines()
    assert sorted([new, old]) == sorted(tmp_path.iterdir())
