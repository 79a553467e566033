"""A document that others maintain is generated as it is, and the client does what it says."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
from email.parser import BytesParser
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clientsmith.adopting.adopted import read_adopted
from clientsmith.targets import load_targets
from clientsmith.writing.regenerate import default_generator, generate
from dqops.client import Client, errors
from dqops.client.types import File
from werkzeug import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clientsmith.targets import Target
    from pytest_httpserver import HTTPServer

DOCUMENT = Path(__file__).with_name("adopted") / "library.yaml"
TARGET = """\
library:
  root: library/openapi.yaml
  bundle: library.bundle.yaml
  manifest: library.manifest.json
  package: library
  import_name: library
  runtime: dqops._runtime
  client: dqops.client
  generator_config: generator-config.yml
  adopted: true
"""


def write_target(folder: Path, document: str, target: str = TARGET, suffix: str = "yaml") -> Target:
    """Write a document of others and its target, and read the target."""
    (folder / "openapi" / "library").mkdir(parents=True)
    (folder / "generator-config.yml").write_text("post_hooks: []\n")
    target = target.replace("openapi.yaml", f"openapi.{suffix}")
    (folder / "openapi" / "targets.yaml").write_text(target)
    (folder / "openapi" / "library" / f"openapi.{suffix}").write_text(document, encoding="utf-8")
    return load_targets(folder)["library"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Generate the library; its package can be imported."""
    folder = tmp_path_factory.mktemp("library").resolve()
    target = write_target(folder, DOCUMENT.read_text(encoding="utf-8"))
    (folder / "out").mkdir()
    package = generate(target, folder / "out", default_generator()).package
    shutil.move(package, folder / "library")
    (folder / "library" / "__init__.py").touch()
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "library"]:
        del sys.modules[name]


@pytest.fixture
def models(library: Path) -> Any:  # noqa: ARG001 # makes it importable
    """Give the package of models."""
    return import_module("library.models")


def operation(name: str) -> Any:
    """Import an operation by group and name."""
    return import_module(f"library.api.{name}")


@pytest.fixture
def responding(httpserver: HTTPServer) -> Callable[..., list[Request]]:
    """Give a function that makes the server respond, and that returns the requests."""
    requests: list[Request] = []

    def respond(body: Any, *, status: int = 200, content_type: str = "application/json") -> Any:
        def handle(request: Request) -> Response:
            request.get_data()
            requests.append(request)
            content = body if isinstance(body, (bytes, str)) else json.dumps(body)
            return Response(content, status, content_type=content_type)

        httpserver.clear()
        httpserver.expect_request(re.compile("/.*")).respond_with_handler(handle)
        return requests

    return respond


@pytest.fixture
def client(httpserver: HTTPServer, library: Path) -> Iterator[Client]:  # noqa: ARG001 # importable
    """Give a client of the server."""
    with Client(httpserver.url_for("/"), raise_on_unexpected_status=True) as client:
        yield client


ITEMS: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]] = {
    "book": ({"kind": "book", "pages": 3}, lambda models: models.Book(kind="book", pages=3)),
    "film": (
        {"kind": "film", "minutes": 90},
        lambda models: models.Film(kind="film", minutes=90.0),
    ),
    "short": ({"kind": "short"}, lambda models: models.Film(kind="short")),
    "map": ({"kind": "map", "width": 2}, lambda models: models.Map(kind="map", width=2)),
    "unknown": ({"kind": "game", "players": 4}, lambda _: {"kind": "game", "players": 4}),
    "untagged": ({"pages": 3}, lambda _: {"pages": 3}),
}


def test_a_tag_tells_which_class_an_object_is(
    client: Client, models: Any, responding: Callable[..., list[Request]]
) -> None:
    """Each object is read as the class of its tag; one that none has is kept as it came."""
    responding([item for item, _ in ITEMS.values()])
    expected = [make(models) for _, make in ITEMS.values()]
    actual = operation("shelf.list_items").sync(client=client)

    assert expected == actual
    assert [type(each) for each in expected] == [type(each) for each in actual]


def test_parameters_are_written_in_their_styles(
    client: Client, models: Any, responding: Callable[..., list[Request]]
) -> None:
    """Lists and objects in the query and in headers are sent as the document says."""
    requests = responding([])
    operation("shelf.list_items").sync(
        client=client,
        tags=["a", "b"],
        filter_=models.ListItemsFilter(author="Ada", year=1843),
        page={"size": 5},
        near={"lat": 1.5},
        x_shelves=["x", "y"],
        client_parameter="me",
    )

    assert {
        "tags": ["a,b"],
        "filter[author]": ["Ada"],
        "filter[year]": ["1843"],
        "size": ["5"],
        "near": ['{"lat":1.5}'],
        "client": ["me"],
    } == requests[0].args.to_dict(flat=False)
    assert requests[0].headers["X-Shelves"] == "x,y"


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [(404, "Complaint", {"reason": "r"}), (503, "Problem", {"title": "t"})],
)
def test_errors_of_ranges_and_of_the_default_are_read(
    client: Client,
    models: Any,
    responding: Callable[..., list[Request]],
    status: int,
    kind: str,
    body: dict[str, str],
) -> None:
    """`4XX` covers a hundred statuses, `default` the rest."""
    responding(body, status=status)
    with pytest.raises(errors.UnexpectedStatus) as caught:
        operation("shelf.list_items").sync(client=client)

    assert getattr(models, kind).from_dict(body) == caught.value.parsed


def test_a_range_of_statuses_says_nothing_of_other_errors(
    client: Client, responding: Callable[..., list[Request]]
) -> None:
    """An error outside of `4XX` is not read as what that range is."""
    responding({"title": "t"}, status=503)
    with pytest.raises(errors.ServerError) as caught:
        operation("default.get_news").sync(client=client)

    assert caught.value.parsed is None


BODIES = {
    "json": ("json_body", "application/json", b'{"kind":"book","pages":1}'),
    "form": ("form_data", "application/x-www-form-urlencoded", b"kind=book&pages=1"),
}


@pytest.mark.parametrize(("argument", "media_type", "content"), BODIES.values(), ids=list(BODIES))
def test_each_kind_of_body_has_an_argument(
    client: Client,
    models: Any,
    responding: Callable[..., list[Request]],
    argument: str,
    media_type: str,
    content: bytes,
) -> None:
    """The argument that is given chooses the media type."""
    requests = responding("", status=201)
    operation("shelf.post_items").sync(
        client=client, **{argument: models.Book(kind="book", pages=1)}
    )

    assert (media_type, content) == (requests[0].mimetype, requests[0].get_data())


CHANGES: dict[str, tuple[str, str, bytes]] = {
    "json_body": ("{}", "application/json", b"{}"),
    "merge_patch_body": ('{"pages": 2}', "application/merge-patch+json", b'{"pages":2}'),
    "json_patch_body": ("[]", "application/json-patch+json", b"[]"),
    "text_body": ("ä", "text/plain; charset=utf-8", "ä".encode()),
    "csv_body": ("a;b", "text/csv; charset=utf-8", b"a;b"),
    "binary_body": ("b", "application/octet-stream", b"b"),
    "gif_body": ("GIF", "image/gif", b"GIF"),
}


@pytest.mark.parametrize("argument", CHANGES)
def test_each_media_type_of_one_kind_has_an_argument(
    client: Client, responding: Callable[..., list[Request]], argument: str
) -> None:
    """The first of them has the usual one, and the others are called as their type."""
    requests = responding("", status=204)
    given, media_type, content = CHANGES[argument]
    value = given.encode() if media_type in {"application/octet-stream", "image/gif"} else given
    operation("default.change").sync(
        client=client, **{argument: json.loads(given) if "json" in media_type else value}
    )

    assert (media_type, content) == (requests[0].headers["Content-Type"], requests[0].get_data())


def test_two_bodies_of_one_kind_are_refused(client: Client) -> None:
    """The message names what was given."""
    with pytest.raises(errors.InvalidRequest) as caught:
        operation("default.change").sync(client=client, json_body={}, merge_patch_body={})

    assert str(caught.value) == (
        "change: exactly one body must be given, got json_body, application/merge-patch+json; "
        "nothing was sent"
    )


UNTAGGED: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]] = {
    "the one with its properties": ({"wing": 2}, lambda models: models.Bird(wing=2)),
    "the other": ({"fin": 3}, lambda models: models.Fish(fin=3)),
    "neither": ({"leg": 4}, lambda _: {"leg": 4}),
}


@pytest.mark.parametrize(("sent", "make"), UNTAGGED.values(), ids=list(UNTAGGED))
def test_what_no_model_of_a_union_fits_is_kept(
    client: Client,
    models: Any,
    responding: Callable[..., list[Request]],
    sent: dict[str, Any],
    make: Callable[[Any], Any],
) -> None:
    """As it came, typed as a dictionary; what is no object is an error."""
    found = operation("default.get_animal")
    responding(sent)

    assert make(models) == found.sync(client=client)
    assert "Bird | Fish | dict[str, Any] | None" == found.sync.__annotations__["return"]
    responding([sent])
    with pytest.raises(errors.DecodeError, match="no variant matches"):
        found.sync(client=client)


@pytest.mark.parametrize("given", [{}, {"json_body": {}, "form_data": {}}], ids=["none", "two"])
def test_exactly_one_body_is_given(client: Client, given: dict[str, Any]) -> None:
    """None, or two, are refused before anything is sent."""
    with pytest.raises(errors.InvalidRequest, match="exactly one body"):
        operation("shelf.post_items").sync(client=client, **given)


def test_files_are_sent_as_parts(
    client: Client, models: Any, responding: Callable[..., list[Request]]
) -> None:
    """A list of files is several parts of one name, an object is JSON."""
    requests = responding("", status=201)
    operation("shelf.post_items").sync(
        client=client,
        multipart_data=models.UploadItemsBody(
            caption="two",
            files=[File(io.BytesIO(b"1"), 'a"\r\nb.txt', "text/plain"), b"\x00"],
            origin=models.UploadItemsBodyOrigin(city="Rome"),
        ),
    )
    head = f"Content-Type: {requests[0].headers['Content-Type']}\r\n\r\n".encode()
    parts = BytesParser().parsebytes(head + requests[0].get_data()).get_payload()
    assert isinstance(parts, list)

    assert [
        ("caption", "text/plain", None, b"two"),
        ("files", "text/plain", "a%22%0D%0Ab.txt", b"1"),
        ("files", "application/octet-stream", "files", b"\x00"),
        ("origin", "application/json", None, b'{"city": "Rome"}'),
    ] == [
        (
            part.get_param("name", header="Content-Disposition"),
            part.get_content_type(),
            part.get_filename(),
            part.get_payload(decode=True),
        )
        for part in parts
        if not isinstance(part, str)
    ]


READ = {
    "json": ('{"items": [{"kind": "book"}]}', "application/json"),
    "text": ("fine", "text/plain; charset=utf-8"),
    "binary": (b"\x89PNG", "image/png"),
}


def test_a_response_is_read_by_its_media_type(
    client: Client, models: Any, responding: Callable[..., list[Request]]
) -> None:
    """What the server says that it sends counts."""
    patch = operation("default.patch_items_item_id")
    actual = []
    requests: list[Request] = []
    for content, content_type in READ.values():
        requests = responding(content, content_type=content_type)
        actual.append(patch.sync(7, client=client, json_body=models.Book(kind="book")))

    assert [models.PageItem(items=[models.Book(kind="book")]), "fine"] == actual[:2]
    assert (actual[2].payload.read(), actual[2].mime_type) == (b"\x89PNG", "image/png")
    assert ("/items/7", "application/merge-patch+json") == (
        requests[0].path,
        requests[0].mimetype,
    )


def test_lines_and_events_are_lists(
    client: Client, models: Any, responding: Callable[..., list[Request]]
) -> None:
    """Each line of NDJSON, and the data of each event, is a value."""
    responding('{"title": "a"}\n\n{"title": "b"}\n', content_type="application/x-ndjson")
    lines = operation("default.get_log").sync(client=client)
    events = ': hi\n\nevent: x\ndata: {"title":\ndata:  "a"}\n\ndata: [DONE]\n\n'
    responding(events, content_type="text/event-stream")
    news = operation("default.get_news").sync(client=client)

    assert [models.Problem(title="a"), models.Problem(title="b")] == lines
    assert [models.Problem(title="a"), "[DONE]"] == news


def test_the_default_is_the_result_where_there_is_no_other(
    client: Client, models: Any, responding: Callable[..., list[Request]]
) -> None:
    """Of a success it is the result, of a failure the error; `*/*` with a schema is JSON."""
    anything = operation("default.get_anything")
    responding({"a": "b"})
    result = anything.sync(client=client)
    responding({"a": "c"}, status=500)
    with pytest.raises(errors.UnexpectedStatus) as caught:
        anything.sync(client=client)

    assert (models.Anything(a="b"), models.Anything(a="c")) == (result, caught.value.parsed)


def test_variants_of_a_base_are_told_apart(
    client: Client, models: Any, responding: Callable[..., list[Request]]
) -> None:
    """A discriminator of a base names the variant, by its mapping or by the name of the schema."""
    actual = []
    for animal in ("tabby", "Dog", "fish"):
        responding({"animal": animal})
        actual.append(operation("default.get_pet").sync(client=client))

    assert [models.Cat(animal="tabby"), models.Dog(animal="Dog"), {"animal": "fish"}] == actual


def test_every_change_is_noted(tmp_path: Path) -> None:
    """What is left out, or read as something else, is told with its place."""
    notes = read_adopted(write_target(tmp_path, DOCUMENT.read_text(encoding="utf-8"))).notes.by_text

    expected = {
        "read as OpenAPI 3.1, from 3.0": [""],
        "of several tags the first one counts": ["/paths/~1items/get"],
        "'callbacks' of operations are left out": ["/paths/~1items/post/callbacks"],
        "the client sets the header 'Accept' itself": ["/paths/~1items/get/parameters/5"],
        "what no operation uses is left out": ["/components/schemas/Nobody"],
        "an enum of numbers is any number": ["/components/schemas/Film/properties/minutes"],
        "an 'anyOf' that only validates is not checked": ["/components/schemas/Problem"],
    }
    assert expected == {text: notes[text] for text in expected}


_TEXT = {"type": "string"}
SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "Old \U0001f389", "version": "1"},
    "host": "old.example.com",
    "basePath": "/v1",
    "consumes": ["application/json"],
    "produces": ["application/json"],
    "paths": {
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "type": "integer", "required": True}],
            "put": {
                "operationId": "putThing",
                "parameters": [
                    {"in": "body", "name": "it", "schema": {"$ref": "#/definitions/Thing"}},
                    {"in": "query", "name": "tags", "type": "array", "items": _TEXT},
                ],
                "responses": {
                    "200": {"description": "", "schema": {"$ref": "#/definitions/Thing"}}
                },
            },
        },
        "/upload": {
            "post": {
                "operationId": "upload",
                "consumes": ["multipart/form-data"],
                "parameters": [{"in": "formData", "name": "file", "type": "file"}],
                "responses": {"204": {"description": "Stored."}},
            }
        },
    },
    "definitions": {"Thing": {"type": "object", "properties": {"a": {"type": "string"}}}},
}


def test_swagger_2_in_json_is_converted(tmp_path: Path) -> None:
    """Bodies, forms, lists and references are those of OpenAPI 3; escapes of JSON are read."""
    document = write_target(tmp_path, json.dumps(SWAGGER), suffix="json")
    content = read_adopted(document).document.content
    put = content["paths"]["/things/{id}"]["put"]
    reference = {"schema": {"$ref": "#/components/schemas/Thing"}}

    assert content["info"]["title"] == "Old \U0001f389"
    assert [{"url": "https://old.example.com/v1"}] == content["servers"]
    assert {"application/json": reference} == put["requestBody"]["content"]
    assert {"application/json": reference} == put["responses"]["200"]["content"]
    tags = next(each for each in put["parameters"] if each["name"] == "tags")
    assert (tags["style"], tags["explode"]) == ("form", False)
    upload = content["paths"]["/upload"]["post"]["requestBody"]["content"]
    assert {"type": "string", "format": "binary"} == (
        upload["multipart/form-data"]["schema"]["properties"]["file"]
    )


NARROWED = """\
openapi: 3.1.0
info: {title: Shapes, version: "1"}
paths:
  /shape:
    get:
      operationId: shape
      responses:
        "200":
          description: A shape.
          content: {application/json: {schema: {$ref: "#/components/schemas/Holder"}}}
components:
  schemas:
    Kind: {type: string, enum: [circle, square]}
    Circle: {type: object, properties: {kind: {$ref: "#/components/schemas/Kind", const: circle}}}
    Square: {type: object, properties: {kind: {$ref: "#/components/schemas/Kind", enum: [square]}}}
    Shape: {oneOf: [{$ref: "#/components/schemas/Circle"}, {$ref: "#/components/schemas/Square"}]}
    Holder:
      type: object
      properties: {shape: {description: Its shape., allOf: [{$ref: "#/components/schemas/Shape"}]}}
"""


def test_what_stands_beside_a_reference_narrows_it(tmp_path: Path) -> None:
    """A const beside a reference is a tag, and an `allOf` of one reference is that reference."""
    target = write_target(tmp_path.resolve(), NARROWED)
    (tmp_path / "out").mkdir()
    package = generate(target, tmp_path / "out", default_generator()).package

    assert 'Tagged("kind", {"circle": ModelOf("Circle"), "square": ModelOf("Square")})' in (
        (package / "models" / "holder.py").read_text()
    )


OVERRIDDEN = """\
openapi: 3.1.0
info: {title: Odd, version: "1"}
paths:
  /odd:
    post:
      operationId: odd
      requestBody: {required: true, content: {application/x-odd: {schema: {type: object}}}}
      responses:
        "200":
          description: Odd.
          content: {application/x-odd: {schema: {type: array, items: {type: integer}}}}
"""


def test_overrides_of_media_types_mean_what_they_say(tmp_path: Path) -> None:
    """Bodies and responses are what the other media type is, under their own name."""
    target = write_target(tmp_path.resolve(), OVERRIDDEN)
    (tmp_path / "generator-config.yml").write_text(
        "post_hooks: []\ncontent_type_overrides: {application/x-odd: application/json}\n"
    )
    (tmp_path / "out").mkdir()
    package = generate(target, tmp_path / "out", default_generator()).package
    module = (package / "api" / "default" / "odd.py").read_text()

    assert "results={200: JsonBody(ListOf(INTEGER))}" in module
    assert 'content_types={"json": "application/x-odd"}' in module


TREE = """\
openapi: 3.1.0
info: {title: Trees, version: "1"}
paths:
  /tree:
    get:
      operationId: tree
      responses:
        "200":
          description: The tree.
          content: {application/json: {schema: {$ref: "#/components/schemas/Folder"}}}
components:
  schemas:
    Folder:
      type: object
      properties:
        name: {type: string}
        folders: {$ref: "#/components/schemas/Folders"}
        shelves: {$ref: "#/components/schemas/Shelves"}
    Folders: {type: object, additionalProperties: {$ref: "#/components/schemas/Folder"}}
    Shelves: {type: object, additionalProperties: {$ref: "#/components/schemas/Shelf"}}
    Shelf: {type: object, properties: {width: {type: integer}}}
"""


def test_models_do_not_import_each_other(tmp_path: Path) -> None:
    """A map of models that hold it stands beside their class, and its own module leads there."""
    target = write_target(tmp_path, TREE)
    (tmp_path / "out").mkdir()
    package = generate(target, tmp_path / "out", default_generator()).package
    texts = {
        each.stem: re.findall(r"from [.](\w+) import (\w+)", each.read_text(encoding="utf-8"))
        for each in (package / "models").glob("*.py")
        if each.stem != "__init__"
    }
    assert texts == {
        "folder": [("shelf", "Shelf"), ("shelves", "Shelves")],
        "folders": [("folder", "Folders")],
        "shelves": [("shelf", "Shelf")],
        "shelf": [],
    }
