"""What the templates cannot do is an error that says where; nothing is left out silently."""

from __future__ import annotations

import shutil
from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest
from clientsmith.errors import PipelineError
from clientsmith.targets import REPOSITORY
from clientsmith.viewing.views import _MODEL_NAMES
from support.runtime import Model

from .support import corners_target, generate_into

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
openapi: 3.1.0
info: {title: Refused, version: "1"}
tags: [{name: things}]
"""
GET = "#/paths/~1things/get"
SCHEMA = "#/components/schemas/Thing"
REFERENCE = "#/components/schemas/A"


def operation(text: str, *, responses: str = "204: {description: Done.}") -> str:
    """Write a document with one operation."""
    lines = f"operationId: getThings\ntags: [things]\n{dedent(text)}"
    lines += f"\nresponses:\n{indent(dedent(responses), '  ')}\n"
    return f"{HEAD}paths:\n  /things:\n    get:\n{indent(lines, '      ')}"


def parameter(text: str) -> str:
    """Write a document with one parameter."""
    return operation(f"parameters:\n  - {text}")


def body(text: str) -> str:
    """Write a document with one request body."""
    return operation(f"requestBody:\n  content: {text}")


def schema(text: str, *, name: str = "Thing", more: str = "") -> str:
    """Write a document with one schema."""
    lines = f"{name}:\n{indent(dedent(text), '  ')}\n{dedent(more)}"
    reference = f"{{$ref: '#/components/schemas/{name}'}}"
    used = [reference]
    if more:
        used.append(f"{{$ref: '#/components/schemas/{more.partition(':')[0]}'}}")
    head = operation(
        f"requestBody: {{content: {{application/json: {{schema: {used[-1]}}}}}}}",
        responses=f"""\
        200:
          description: A thing.
          content: {{application/json: {{schema: {reference}}}}}
        """,
    )
    return f"{head}\ncomponents:\n  schemas:\n{indent(lines, '    ')}"


def allof_chain(length: int, *, times: int = 1) -> str:
    """Write schemas each of which is made of the next one."""
    lines = []
    for index in range(length):
        blocks = ", ".join([f"{{$ref: '{REFERENCE}{index + 1}'}}"] * times)
        lines.append(f"A{index}: {{allOf: [{blocks}]}}")
    return "\n".join([*lines, f"A{length}: {{type: object}}"]) + "\n"


def reference_chain(length: int) -> str:
    """Write schemas each of which is nothing but a reference to the next one."""
    lines = [f"A{index}: {{$ref: '{REFERENCE}{index + 1}'}}" for index in range(length)]
    return "\n".join([*lines, f"A{length}: {{type: object}}"]) + "\n"


def property_chain(length: int) -> str:
    """Write schemas each of which has the next one as a property."""
    lines = [
        f"A{index}: {{type: object, properties: {{next: {{$ref: '{REFERENCE}{index + 1}'}}}}}}"
        for index in range(length)
    ]
    return "\n".join([*lines, f"A{length}: {{type: object}}"]) + "\n"


PROPERTY = "type: object\nproperties:\n  x: "
REFUSED = {
    "body without a schema": (
        body("{application/json: {}}"),
        f"{GET}/requestBody/content/application~1json",
        "schema of a request body is missing",
    ),
    "order of an enum without a name": (
        schema(f"{PROPERTY}{{type: string, enum: [a, b], x-ordered: true}}"),
        f"{SCHEMA}/properties/x",
        "only a schema of its own that is an enum of strings can be ordered",
    ),
    "order of numbers": (
        schema("type: integer\nenum: [1, 2]\nx-ordered: true"),
        SCHEMA,
        "only a schema of its own that is an enum of strings can be ordered",
    ),
    "replacement that is none": (
        operation("deprecated: true\nx-replaced-by: getNothing"),
        GET,
        "x-replaced-by: there is no operation 'getNothing'",
    ),
    "empty body with a schema": (
        operation("requestBody: {x-empty: true, content: {application/json: {schema: {}}}}"),
        f"{GET}/requestBody",
        "a body that is always empty has one media type and no schema",
    ),
    "refused without a reason": (
        schema(f"{PROPERTY}{{type: string, x-refused: true}}"),
        GET,
        "x-refused must give the reason as a string",
    ),
    "form with an object": (
        body(
            "{application/x-www-form-urlencoded: {schema: {type: object, "
            "properties: {x: {type: object}}}}}"
        ),
        GET,
        "a form with an object in it",
    ),
    "a name in Python that is none": (
        parameter("{name: a, in: query, schema: {type: string}, x-python-name: a-b}"),
        GET,
        "'a-b' is not a Python identifier",
    ),
    "a name in Python that is a keyword": (
        parameter("{name: a, in: query, schema: {type: string}, x-python-name: class}"),
        GET,
        "'class' is not a Python identifier",
    ),
    "reserved name of a property": (
        schema(f"{PROPERTY}{{type: string, x-python-name: to_json}}"),
        f"{SCHEMA}/properties/x",
        "'to_json' is reserved: the generated code uses that name itself",
    ),
    "private name of a property": (
        schema(f"{PROPERTY}{{type: string, x-python-name: _properties}}"),
        f"{SCHEMA}/properties/x",
        "'_properties' is reserved: names that begin with '_' are private",
    ),
    "special name of a property": (
        schema(f"{PROPERTY}{{type: string, x-python-name: __init__}}"),
        f"{SCHEMA}/properties/x",
        "'__init__' is reserved",
    ),
    "property named self": (
        schema(f"{PROPERTY}{{type: string, x-python-name: self}}"),
        f"{SCHEMA}/properties/x",
        "'self' is reserved",
    ),
    "property named as a type": (
        schema(f"{PROPERTY}{{type: string, x-python-name: str}}"),
        f"{SCHEMA}/properties/x",
        "'str' is reserved",
    ),
    "reserved name of a parameter": (
        parameter("{name: a, in: query, schema: {type: string}, x-python-name: client}"),
        GET,
        "'client' is reserved",
    ),
    "reserved name in other letters": (
        parameter("{name: a, in: query, schema: {type: string}, x-python-name: \uff43lient}"),
        GET,
        "'client' is reserved",
    ),
    "allOf through many schemas": (
        schema(f"{PROPERTY}{{$ref: '#/components/schemas/A0'}}", more=allof_chain(70)),
        "#/components/schemas/A0",
        "allOf leads through more than 64 schemas",
    ),
    "allOf of a million schemas": (
        schema(f"{PROPERTY}{{$ref: '#/components/schemas/A0'}}", more=allof_chain(20, times=2)),
        "#/components/schemas/A0",
        "allOf consists of more than 1000 schemas",
    ),
    "references through many schemas": (
        schema(f"{PROPERTY}{{$ref: '#/components/schemas/A0'}}", more=reference_chain(1000)),
        "#/components/schemas/A0",
        "more than 64 references lead to one another",
    ),
    "properties through many schemas": (
        schema(f"{PROPERTY}{{$ref: '#/components/schemas/A0'}}", more=property_chain(1500)),
        "#",
        "schemas are nested, or refer to each other, too deeply",
    ),
    "a short name that is none": (
        operation("x-short-name: a-b"),
        GET,
        "x-short-name: 'a-b' is not a Python identifier",
    ),
    "a short name that is another method": (
        operation("x-short-name: get_things"),
        "#/tags",
        "two methods of the group 'things' are named 'get_things'",
    ),
    "a parameter with the name of an option": (
        parameter("{name: timeout, in: query, schema: {type: integer}}"),
        GET,
        "a parameter cannot have the Python name 'timeout'",
    ),
    "a wait that is no number": (
        parameter("{name: a, in: query, schema: {type: integer}, x-wait-seconds: long}"),
        GET,
        "x-wait-seconds must be a number of seconds >= 0",
    ),
    "two waits": (
        operation("""\
            parameters:
              - {name: a, in: query, schema: {type: integer}, x-wait-seconds: 1}
              - {name: b, in: query, schema: {type: integer}, x-wait-seconds: 2}
        """),
        GET,
        "on one parameter of an operation",
    ),
    "two parameters given one name": (
        operation("""\
            parameters:
              - {name: a, in: query, schema: {}}
              - {name: b, in: query, schema: {}, x-python-name: a}
        """),
        GET,
        "a parameter cannot have the Python name 'a'",
    ),
    "no success": (
        operation("", responses="404: {description: D}"),
        GET,
        "the operation has no successful response",
    ),
    "duration in the query": (
        parameter("{name: x, in: query, schema: {type: string, format: duration}}"),
        GET,
        "the parameter 'x' cannot be a duration",
    ),
    "header that is the client's own": (
        parameter("{name: Authorization, in: header, schema: {type: string}}"),
        f"{GET}/parameters/0",
        "the header 'Authorization' is set by the client",
    ),
    "reserved characters in the query": (
        parameter("{name: x, in: query, allowReserved: true, schema: {type: string}}"),
        f"{GET}/parameters/0/allowReserved",
        "allowReserved of parameters",
    ),
    "parameter of the body's name": (
        operation(
            "parameters: [{name: jsonBody, in: query, schema: {type: string}}]\n"
            "requestBody: {content: {application/json: {schema: {type: string}}}}"
        ),
        GET,
        "a parameter cannot have the Python name 'json_body'",
    ),
    "two properties of the same name": (
        schema("type: object\nproperties: {a b: {}, a'b: {}, ab: {}}"),
        f"{SCHEMA}/properties/ab",
        """the properties "a'b" and 'ab' would have the same name in Python: ab""",
    ),
    "two classes of the same module": (
        schema("type: object", name="FOOBar", more="FooBar:\n  type: object\n"),
        "#/components/schemas/FooBar",
        "FOOBar and FooBar would share the module foo_bar.py",
    ),
    "class of a name that is taken": (
        schema("type: object", name="Unset"),
        "#/components/schemas/Unset",
        "Unset: the generated code uses that name itself",
    ),
    "schema in snake case": (
        schema("type: object", name="thing"),
        "#/components/schemas/thing",
        "schema thing has no class of that name",
    ),
    "values of the same name": (
        schema("type: string\nenum: [a-b, a_b, a b]"),
        f"{SCHEMA}/enum",
        "two values of the enum have the same name in Python",
    ),
    "values whose names are the same only in capitals": (
        schema("type: string\nenum: [ab, AB]"),
        f"{SCHEMA}/enum",
        "two values of the enum have the same name in Python",
    ),
    "names of values that are too few": (
        schema("type: string\nenum: [a, b]\nx-enum-varnames: [one]"),
        f"{SCHEMA}/x-enum-varnames",
        "2 values cannot have 1 names",
    ),
    "name of a value that is none": (
        schema("type: string\nenum: [a]\nx-enum-varnames: ['1 = 2; import os']"),
        f"{SCHEMA}/enum",
        "'1_2_IMPORT_OS' cannot be the name of an enum's value",
    ),
    "enum of mixed values": (
        schema("enum: [a, 1]"),
        f"{SCHEMA}/enum",
        "an enum can only be generated of strings or of integers",
    ),
    "enum of truth": (
        schema("type: boolean\nenum: [true]"),
        f"{SCHEMA}/enum",
        "an enum can only be generated of strings or of integers",
    ),
    "enum that forgets null": (
        schema("type: [string, 'null']\nenum: [a]"),
        f"{SCHEMA}/enum",
        "the enum does not fit to type",
    ),
    "boolean schema": (
        schema(PROPERTY + "true"),
        f"{SCHEMA}/properties/x",
        "a schema that is true cannot be generated",
    ),
    "tuple": (
        schema(PROPERTY + "{type: array, prefixItems: [{type: string}]}"),
        f"{SCHEMA}/properties/x/prefixItems",
        "'prefixItems' cannot be generated",
    ),
    "pattern of names": (
        schema("type: object\npatternProperties: {a: {}}"),
        f"{SCHEMA}/patternProperties",
        "'patternProperties' cannot be generated",
    ),
    "discriminator": (
        schema(PROPERTY + "{type: object, discriminator: {propertyName: x}}"),
        f"{SCHEMA}/properties/x/discriminator",
        "'discriminator' has no effect without anyOf or oneOf",
    ),
    "items without a type": (
        schema(PROPERTY + "{items: {type: string}}"),
        f"{SCHEMA}/properties/x/items",
        "'items' has no effect without type: array",
    ),
    "properties beside a union": (
        schema(PROPERTY + "{anyOf: [{type: object}], properties: {y: {}}}"),
        f"{SCHEMA}/properties/x/properties",
        "'properties' beside 'anyOf' cannot be generated",
    ),
    "allOf of texts": (
        schema(PROPERTY + "{allOf: [{type: string}, {maxLength: 3}]}"),
        f"{SCHEMA}/properties/x/allOf",
        "only an allOf of objects can be generated",
    ),
    "bytes within JSON": (
        schema(PROPERTY + "{type: string, format: binary}"),
        f"{SCHEMA}/properties/x",
        "format: binary is for whole bodies",
    ),
    "union with a local time": (
        schema(PROPERTY + "{anyOf: [{type: string, format: date-time-local}, {type: integer}]}"),
        f"{SCHEMA}/properties/x",
        "a union with format: date-time-local",
    ),
    "default of a date": (
        schema(PROPERTY + "{type: string, format: date, default: '2024-01-31'}"),
        f"{SCHEMA}/properties/x",
        "the default \"2024-01-31\" of a value of type datetime.date",
    ),
    "query in a path": (
        operation("").replace("/things:", "'/things?x=1':"),
        "#/paths/~1things?x=1",
        "the path '/things?x=1' holds more than a path",
    ),
    "path that ends with a mark": (
        operation("").replace("/things:", "'/things#':"),
        "#/paths/~1things#",
        "the path '/things#' holds more than a path",
    ),
    "server of one operation": (
        operation("servers: [{url: /x}]"),
        f"{GET}/servers",
        "servers of a single operation",
    ),
    "two operations of one module": (
        operation("").replace(
            "    get:", "    put: {operationId: get_things, tags: [things], "
            "responses: {204: {description: D}}}\n    get:"
        ),
        "#/paths/~1things/put",
        f"{GET.removeprefix('#')} would be a module named get_things, too",
    ),
}  # fmt: skip


def generate(document: str, folder: Path) -> Path:
    """Generate from a document and give the package."""
    root = folder / "specification" / "openapi.yaml"
    root.parent.mkdir(parents=True)
    root.write_text(document, encoding="utf-8")
    shutil.copy(REPOSITORY / "generator-config.yml", folder)
    return generate_into(corners_target(root, folder), folder / "out")


@pytest.mark.parametrize(("document", "pointer", "message"), REFUSED.values(), ids=list(REFUSED))
def test_refused(tmp_path: Path, document: str, pointer: str, message: str) -> None:
    """The error names the file, points to the place and says what is wrong."""
    with pytest.raises(PipelineError) as caught:
        generate(document, tmp_path)
    assert message in caught.value.message
    assert f"{caught.value.file}#{caught.value.pointer}" == f"specification/openapi.yaml{pointer}"


def test_a_reserved_name_comes_with_a_hint(tmp_path: Path) -> None:
    """The error says what to write instead."""
    with pytest.raises(PipelineError) as caught:
        generate(schema(f"{PROPERTY}{{type: string, x-python-name: to_json}}"), tmp_path)
    assert caught.value.hint == "Choose another name, such as 'to_json_'."


def test_all_names_of_the_base_of_models_are_reserved() -> None:
    """A property can take the place of nothing that every model has."""
    assert {name for name in dir(Model) if not name.startswith("_")} == _MODEL_NAMES


@pytest.mark.parametrize(
    "document",
    [
        operation(""),
        parameter("{name: x, in: query, schema: {type: string}}"),
        body("{application/json: {schema: {type: string}}}"),
        schema(PROPERTY + "{type: string}", more="Other:\n  type: object\n"),
    ],
    ids=["operation", "parameter", "body", "schema"],
)
def test_frame_is_good(tmp_path: Path, document: str) -> None:
    """The documents of these tests are refused for what they add: the frame itself is good."""
    package = generate(document, tmp_path)
    assert (package / "api" / "things" / "get_things.py").is_file()
