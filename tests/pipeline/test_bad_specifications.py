"""Bad input is told with file and pointer, and leaves the tree untouched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from clientsmith.__main__ import main
from clientsmith.errors import PipelineError, SeveralError

if TYPE_CHECKING:
    from pathlib import Path

    from .support import Repository

ROOT = "openapi/demo/openapi.yaml"
PATHS = "openapi/demo/paths/pets.yaml"
PETS = "openapi/demo/schemas/pets.yaml"
PARAMETERS = "openapi/demo/parameters.yaml"
RESPONSES = "openapi/demo/responses.yaml"
LIST = "/~1pets/get"
GET = "/~1pets~1{pet_id}/get"


@dataclass(frozen=True)
class Bad:
    """A mistake and what is told about it.

    Args:
        file: The file to change; without `old` the text is added to its end.
        new: What is written.
        told: The message behind file and pointer, from its beginning; `...` leaves out the rest.
        pointer: The pointer that is told.
        old: What is replaced.
        in_file: The file that is told, where it is not the one that was changed.
        also: Another change that the mistake takes: file, old text (or none) and new text.
    """

    file: str
    new: str
    told: str
    pointer: str = ""
    old: str = ""
    in_file: str = ""
    also: tuple[str, str, str] | None = None

    def apply(self, repository: Repository) -> None:
        """Make the mistake."""
        for file, old, new in filter(None, ((self.file, self.old, self.new), self.also)):
            if old:
                repository.replace(file, old, new)
            else:
                repository.append(file, new)


BAD = {
    # YAML
    "broken YAML": Bad(PETS, "a: [1\n", "broken YAML at line 20, column 1: ..."),
    "duplicate schema in a file": Bad(
        PETS,
        "Pet: {type: object}\n",
        "line 19: the key 'Pet' occurs twice in one mapping\n",
        "/Pet",
    ),
    "no mapping": Bad("openapi/demo/list.yaml", "- a\n", "expected a mapping, got an array\n"),
    # References
    "dangling reference, similar name": Bad(
        PETS,
        "#/Kinds",
        "'#/Kinds' refers to nothing: openapi/demo/schemas/pets.yaml has no /Kinds\n"
        "  hint: Did you mean '#/Kind'?\n",
        "/Pet/properties/kind/$ref",
        old="#/Kind",
    ),
    "dangling reference, name in another file": Bad(
        PATHS,
        '"../responses.yaml#/Kind"',
        "'../responses.yaml#/Kind' refers to nothing: openapi/demo/responses.yaml has no /Kind\n"
        "  hint: Did you mean '../schemas/pets.yaml#/Kind'?\n",
        f"{GET}/responses/404/$ref",
        old='"../responses.yaml#/NotFound"',
    ),
    "dangling reference to a file": Bad(
        PATHS,
        "../response.yaml#/NotFound",
        "the file '../response.yaml' does not exist\n  hint: Did you mean '../responses.yaml'?\n",
        f"{GET}/responses/404/$ref",
        old="../responses.yaml#/NotFound",
    ),
    "dangling reference in allOf": Bad(
        PETS,
        "#/Name",
        "'#/Name' refers to nothing: openapi/demo/schemas/pets.yaml has no /Name\n"
        "  hint: Did you mean '#/Named'?\n",
        "/Pet/allOf/0/$ref",
        old="#/Named",
    ),
    "reference out of the folder": Bad(
        PETS,
        "../../targets.yaml#/demo",
        "'../../targets.yaml' leads out of the folder of the ...",
        "/Pet/properties/kind/$ref",
        old="#/Kind",
    ),
    "reference to the web": Bad(
        PETS,
        "https://example.com/x.yaml#/Kind",
        "'https://example.com/x.yaml#/Kind' is not a relative reference\n...",
        "/Pet/properties/kind/$ref",
        old="#/Kind",
    ),
    "reference to a whole file": Bad(
        PATHS,
        "../responses.yaml",
        "'../responses.yaml' refers to a whole file\n...",
        f"{GET}/responses/404/$ref",
        old="../responses.yaml#/NotFound",
    ),
    "reference without pointer": Bad(
        PETS,
        "#Kind",
        "'#Kind' has no JSON pointer behind '#'\n...",
        "/Pet/properties/kind/$ref",
        old="#/Kind",
    ),
    "reference into a definition": Bad(
        PETS,
        "#/Named/properties/name",
        "'#/Named/properties/name' refers to something inside a definition\n...",
        "/Pet/properties/kind/$ref",
        old="#/Kind",
    ),
    "reference that is no text": Bad(
        PETS,
        "$ref: [Kind]",
        "a reference must be a string\n",
        "/Pet/properties/kind/$ref",
        old='$ref: "#/Kind"',
    ),
    "references in a circle": Bad(
        PETS,
        "Kind:\n  $ref: '#/Other'\nOther:\n  $ref: '#/Kind'\n",
        f"the references lead in a circle: {PETS}#/Kind -> {PETS}#/Other -> {PETS}#/Kind\n",
        "/Kind",
        old="Kind:\n  type: string\n  enum: [cat, dog]\n",
    ),
    "reference where OpenAPI has none": Bad(
        PATHS,
        "get:\n    $ref: '../responses.yaml#/NotFound'\n    operationId: list_pets",
        "a $ref is not possible here: OpenAPI has no shared operation\n",
        LIST,
        old="get:\n    operationId: list_pets",
    ),
    "field without effect beside a reference": Bad(
        PATHS,
        '"../parameters.yaml#/pet_id"\n        required: false',
        "'required' has no effect beside the $ref of a parameter\n",
        f"{GET}/parameters/0/required",
        old='"../parameters.yaml#/pet_id"',
    ),
    "field without effect beside the reference of a path": Bad(
        ROOT,
        '#/~1pets"\n    summary: Pets',
        "'summary' has no effect beside the $ref of a path\n",
        "/paths/~1pets/summary",
        old='#/~1pets"',
    ),
    # Names
    "duplicate schema in two files": Bad(
        "openapi/demo/schemas/more.yaml",
        "Pet: {type: string}\n",
        f"the schema 'Pet' is defined twice: here and in {PETS}#/Pet\n  hint: ...",
        "/Pet",
        also=(PETS, '#/Kind"', 'more.yaml#/Pet"'),
    ),
    "name that is none": Bad(
        PETS,
        "Kind of pet:\n  type: string\n",
        "'Kind of pet' cannot be the name of a component\n...",
        "/Kind of pet",
        also=(PETS, "#/Kind", "#/Kind%20of%20pet"),
    ),
    "definition of two kinds": Bad(
        PATHS,
        '"../schemas/pets.yaml#/Kind"',
        "is used as a response and as a schema\n",
        "/Kind",
        old='"../responses.yaml#/NotFound"',
        in_file=PETS,
    ),
    # Left out
    "schema that nothing uses": Bad(
        PETS,
        "Alone: {type: object}\n",
        "nothing refers to 'Alone': it would be left out of the bundle\n...",
        "/Alone",
    ),
    "file that nothing uses": Bad(
        "openapi/demo/schemas/more/alone.yml",
        "Alone: {type: object}\n",
        "nothing refers to 'Alone': it would be left out of the bundle\n...",
        "/Alone",
    ),
    "component of the root that nothing uses": Bad(
        ROOT,
        "components:\n  schemas: {Alone: {type: object}}\n",
        "nothing refers to 'Alone': it would be left out of the bundle\n...",
        "/components/schemas/Alone",
        old="components:\n",
    ),
    "path that the root does not list": Bad(
        PATHS,
        "/pets/{pet_id}/toys:\n  get: {operationId: toys, tags: [pets]}\n",
        "the path is not listed in the root document\n"
        f"  hint: Add this line to `paths` in {ROOT}:\n"
        '  /pets/{pet_id}/toys: {$ref: "paths/pets.yaml#/~1pets~1{pet_id}~1toys"}\n',
        "/~1pets~1{pet_id}~1toys",
    ),
    # Not supported
    "callbacks": Bad(
        PATHS,
        "operationId: list_pets\n    callbacks: {}",
        "'callbacks' is not supported by the pipeline\n",
        f"{LIST}/callbacks",
        old="operationId: list_pets",
    ),
    "section of components": Bad(
        ROOT,
        "components:\n  schemes: {}\n",
        "unknown section 'schemes'\n  hint: Did you mean 'schemas'?\n",
        "/components/schemes",
        old="components:\n",
    ),
    "misspelled keyword of a schema": Bad(
        PETS,
        "  requried: [name]",
        "a schema has no keyword 'requried'\n  hint: Did you mean 'required'?\n",
        "/Named/requried",
        old="  required: [name]",
    ),
    "keyword of OpenAPI 3.0": Bad(
        PETS,
        "  type: string\n  nullable: true\n  enum",
        "a schema has no keyword 'nullable'\n  hint: OpenAPI 3.1 writes type: [..., 'null'].\n",
        "/Kind/nullable",
        old="  type: string\n  enum",
    ),
    # OpenAPI
    "version": Bad(
        ROOT,
        "openapi: 3.0.3",
        "expected 'openapi: 3.1.x', got '3.0.3'\n",
        "/openapi",
        old="openapi: 3.1.0",
    ),
    "missing description": Bad(
        RESPONSES,
        "  summary: None.",
        "is not valid OpenAPI 3.1: 'description' is a required property...",
        "/NotFound",
        old="  description: There is no such pet.",
    ),
    "unknown field": Bad(
        PATHS,
        "operationId: list_pets\n    sumary: All.",
        "is not valid OpenAPI 3.1: Unevaluated properties are not allowed ('sumary' was unex...",
        LIST,
        old="operationId: list_pets",
    ),
    "list instead of a mapping": Bad(
        PETS,
        "Kind: [cat]\n",
        "is not valid OpenAPI 3.1: ['cat'] is not of type 'object', 'boolean'\n",
        "/Kind",
        old="Kind:\n  type: string\n  enum: [cat, dog]\n",
    ),
    "unknown type": Bad(
        PETS,
        "name:\n      type: text",
        "is not valid OpenAPI 3.1: 'text' is not valid under any of the given schemas\n",
        "/Named/properties/name/type",
        old="name:\n      type: string",
    ),
    "unknown type in an operation": Bad(
        PATHS,
        "type: list",
        "is not valid OpenAPI 3.1: 'list' is not valid under any of the given schemas\n",
        f"{LIST}/responses/200/content/application~1json/schema/type",
        old="type: array",
    ),
    "properties that are a list": Bad(
        PETS,
        "Kind:\n  properties: []\n",
        "is not valid OpenAPI 3.1: [] is not of type 'object'\n",
        "/Kind/properties",
        old="Kind:\n  type: string\n  enum: [cat, dog]\n",
    ),
    "allOf that is no list": Bad(
        PETS,
        "$ref: '#/Kind'\n      allOf: 5",
        "is not valid OpenAPI 3.1: 5 is not of type 'array'\n",
        "/Pet/properties/kind/allOf",
        old='$ref: "#/Kind"',
    ),
    "security schemes that are a list": Bad(
        ROOT,
        "securitySchemes: []",
        "is not valid OpenAPI 3.1: [] is not of type 'object'\n",
        "/components/securitySchemes",
        old="securitySchemes:\n    bearer:\n      type: http\n      scheme: bearer",
    ),
    "default of another type": Bad(
        PETS,
        "type: string\n  default: 5\n",
        "is not valid OpenAPI 3.1: 5 is not of type 'string'\n",
        "/Kind/default",
        old="type: string\n  enum: [cat, dog]\n",
    ),
    # Operations
    "duplicate operationId": Bad(
        PATHS,
        "operationId: get_pet",
        f"the operationId 'get_pet' is used twice: here and in {PATHS}#{GET}\n",
        f"{LIST}/operationId",
        old="operationId: list_pets",
    ),
    "operation without operationId": Bad(
        PATHS,
        "summary: All.",
        "the operation has no operationId\n...",
        LIST,
        old="operationId: list_pets",
    ),
    "operation without tag": Bad(
        PATHS, "get_pet\n", "the operation has no tag\n...", GET, old="get_pet\n    tags: [pets]\n"
    ),
    "two tags": Bad(
        PATHS,
        "get_pet\n    tags: [pets, pets]",
        "the operation has more than one tag\n...",
        f"{GET}/tags",
        old="get_pet\n    tags: [pets]",
    ),
    "unknown tag": Bad(
        PATHS,
        "get_pet\n    tags: [pet]",
        "the tag 'pet' is not listed in `tags` of the root document\n"
        "  hint: Did you mean 'pets'?\n",
        f"{GET}/tags/0",
        old="get_pet\n    tags: [pets]",
    ),
    "path that is another one": Bad(
        ROOT,
        'paths:\n  /pets/{id}:\n    $ref: "paths/pets.yaml#/~1pets"\n',
        f"the path '/pets/{{pet_id}}' is the same as '/pets/{{id}}' in {PATHS}#/~1pets\n...",
        "/~1pets~1{pet_id}",
        old="paths:\n",
        in_file=PATHS,
    ),
    "path parameter that is not declared": Bad(
        PARAMETERS,
        "in: query",
        "the path parameter 'pet_id' of '/pets/{pet_id}' is not declared\n",
        GET,
        old="in: path",
        in_file=PATHS,
    ),
    "path parameter that the path does not have": Bad(
        PARAMETERS,
        "name: pet",
        "the path '/pets/{pet_id}' has no parameter 'pet'\n  hint: Did you mean 'pet_id'?\n",
        f"{GET}/parameters/0",
        old="name: pet_id",
        in_file=PATHS,
    ),
    "parameter that is there twice": Bad(
        PATHS,
        '"../parameters.yaml#/pet_id"\n      - $ref: "../parameters.yaml#/pet_id"\n',
        "the path parameter 'pet_id' is declared twice\n",
        f"{GET}/parameters/1",
        old='"../parameters.yaml#/pet_id"\n',
    ),
    "unknown security scheme": Bad(
        ROOT,
        "  - baerer: []",
        "the root document has no security scheme 'baerer'\n  hint: Did you mean 'bearer'?\n",
        "/security/0/baerer",
        old="  - bearer: []",
    ),
    "required property that is none": Bad(
        PETS,
        "required: [nam]",
        "the property 'nam' is required, but there is no such property\n"
        "  hint: Did you mean 'name'?\n",
        "/Pet",
        old="required: [name]",
    ),
    "property that is always sent and is none": Bad(
        PETS,
        "x-always-sent: [nam]",
        "the property 'nam' is always sent, but there is no such property\n"
        "  hint: Did you mean 'name'?\n",
        "/Pet",
        old="required: [name]",
    ),
}


@pytest.mark.usefixtures("generator")
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_bad_input_is_told_and_changes_nothing(
    bad: Bad,
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command prints file, pointer, message and hint, exits with 1 and leaves the tree."""
    repository.regenerate()
    bad.apply(repository)
    before = repository.snapshot()

    exit_code = main(["--repository", str(repository.path), "regenerate"])

    error = re.sub(r":\d+#", "#", capsys.readouterr().err, count=1)
    place = f"{bad.in_file or bad.file}#{bad.pointer}" if bad.pointer else bad.in_file or bad.file
    expected = f"{place}: {bad.told}".removesuffix("...")
    assert expected == (error[: len(expected)] if bad.told.endswith("...") else error)
    assert exit_code == 1
    assert before == repository.snapshot()


@pytest.mark.usefixtures("generator")
def test_a_link_out_of_the_specification_is_refused(
    repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What is generated cannot come from a file elsewhere, such as one with a secret."""
    file = repository.path / PETS
    outside = file.rename(tmp_path / "outside.yaml")
    file.symlink_to(outside)

    assert main(["--repository", str(repository.path), "regenerate"]) == 1

    told = "is a symbolic link that leads out of the folder of the specification\n  hint: Copy"
    assert capsys.readouterr().err.startswith(f"{PETS}: {told}")


def test_a_link_to_a_folder_elsewhere_is_not_followed(
    repository: Repository, tmp_path: Path
) -> None:
    """A reference through such a link leads nowhere."""
    folder = repository.path / "openapi/demo/schemas"
    folder.rename(tmp_path / "outside")
    folder.symlink_to(tmp_path / "outside")

    with pytest.raises(PipelineError, match=r"the file '../schemas/pets.yaml' does not exist"):
        repository.regenerate()


def test_a_link_within_the_specification_is_followed(repository: Repository) -> None:
    """Where both ends belong to the specification, nothing comes from elsewhere."""
    file = repository.path / "openapi/demo/schemas/pets.yaml"
    file.rename(file.with_name("animals.txt"))
    file.symlink_to("animals.txt")

    assert repository.regenerate()


def test_endless_recursion_is_told(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever exhausts the stack in a step of the pipeline ends without a traceback."""

    def recurse(*_: object) -> None:
        recurse()

    monkeypatch.setattr("clientsmith.__main__.regenerate", recurse)

    assert main(["--repository", str(repository.path), "regenerate"]) == 1
    assert capsys.readouterr().err.startswith("a document is nested, or refers to itself")


@pytest.mark.usefixtures("generator")
def test_all_problems_are_told_at_once_by_their_cause(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each cause stands once, with how often it is there, and each place with its line."""
    repository.replace(PETS, '"#/Kind"', '"#/Kinds"')
    repository.replace(PATHS, "yaml#/NotFound", "yaml#/NotFond")

    assert main(["--repository", str(repository.path), "regenerate"]) == 1
    assert capsys.readouterr().err == (
        "2 problems:\n"
        "2 x '../responses.yaml#/NotFond' refers to nothing: "
        "openapi/demo/responses.yaml has no /NotFond\n"
        "  hint: Did you mean '../responses.yaml#/NotFound'?\n"
        f"  {PATHS}:28#/~1pets~1{{pet_id}}/get/responses/404/$ref\n"
        f"  {PETS}:14#/Pet/properties/kind/$ref: '#/Kinds' refers to nothing: "
        f"{PETS} has no /Kinds; Did you mean '#/Kind'?\n"
    )


# Files to change, as `Repository.replace` takes it, and the problems that are told in one run.
SEVERAL: dict[str, tuple[list[tuple[str, str, str]], list[str]]] = {
    "while files are read": (
        [
            (PETS, "description: What to call it.", "nullable: true\n      exemple: Mo"),
            (PETS, "enum: [cat, dog]", "enum: [cat, dog]\n  nullable: true"),
            (PATHS, "yaml#/pet_id", "yaml#/pet"),
            (PATHS, 'yaml#/NotFound"', 'yaml#/NotFound"\n        x-a: 1'),
        ],
        [
            f"{PATHS}#{GET}/parameters/0/$ref: '../parameters.yaml#/pet' refers to nothing",
            f"{PATHS}#{GET}/responses/404/x-a: 'x-a' has no effect beside the $ref of a",
            f"{PETS}#/Kind/nullable: a schema has no keyword 'nullable'",
            f"{PETS}#/Named/properties/name/exemple: a schema has no keyword 'exemple'",
            f"{PETS}#/Named/properties/name/nullable: a schema has no keyword 'nullable'",
        ],
    ),
    "of operations, schemas, and what cannot be generated": (
        [
            (PATHS, "operationId: list_pets\n", "operationId: get_pet\n    servers: [{url: /x}]\n"),
            (PETS, "required: [name]", "required: [nam]"),
            (PETS, "enum: [cat, dog]", "enum: [cat, dog]\n  not: {const: cow}"),
        ],
        [
            f"{PATHS}#{LIST}/operationId: the operationId 'get_pet' is used twice: here and in",
            f"{PATHS}#{LIST}/servers: servers of a single operation cannot be generated",
            f"{PETS}#/Kind/not: 'not' cannot be generated",
            f"{PETS}#/Pet: the property 'nam' is required, but there is no such property",
        ],
    ),
    "of references, and of the structure without what they lead to": (
        [
            (PATHS, "yaml#/pet_id", "yaml#/pet"),
            (PATHS, 'yaml#/NotFound"', 'yaml#/NotFound"\n        x-a: 1'),
            (PATHS, "operationId: list_pets", "operationId: 3"),
            (PATHS, "description: All pets.", "description: {}"),
        ],
        [
            f"{PATHS}#{LIST}/operationId: is not valid OpenAPI 3.1: 3 is not of type 'string'",
            f"{PATHS}#{LIST}/responses/200/description: is not valid OpenAPI 3.1: {{}} is not of",
            f"{PATHS}#{GET}/parameters/0/$ref: '../parameters.yaml#/pet' refers to nothing",
            f"{PATHS}#{GET}/responses/404/x-a: 'x-a' has no effect beside the $ref of a",
        ],
    ),
    "of operations, and a schema that is not valid": (
        [
            (PATHS, "operationId: list_pets", "operationId: get_pet"),
            (PETS, "type: string\n  enum", "type: strin\n  not: {const: cow}\n  enum"),
        ],
        [
            f"{PATHS}#{LIST}/operationId: the operationId 'get_pet' is used twice: here and in",
            f"{PETS}#/Kind/type: is not valid OpenAPI 3.1: 'strin' is not valid under any of the",
        ],
    ),
}


@pytest.mark.parametrize(("changes", "expected"), SEVERAL.values(), ids=SEVERAL)
def test_a_problem_hides_no_other_one(
    repository: Repository, changes: list[tuple[str, str, str]], expected: list[str]
) -> None:
    """What is found in different steps is told in one run, and each thing once."""
    for change in changes:
        repository.replace(*change)

    with pytest.raises(SeveralError) as caught:
        repository.regenerate()
    told = sorted(f"{each.place}: {each.message}" for each in caught.value.problems)

    assert expected == [line[: len(start)] for line, start in zip(told, expected, strict=True)]
