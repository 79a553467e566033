"""The generated corners work: over a real socket, each operation by each of its functions."""

from __future__ import annotations

import ast
import asyncio
import datetime
import io
import pickle
import pkgutil
import re
import subprocess
import sys
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import import_module
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from clientsmith.targets import REPOSITORY
from dqops.client import AuthenticatedClient, Client, errors
from dqops.client.types import UNSET, File
from support.types import cache_of_mypy
from werkzeug import Request, Response

from .support import EXPECTED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_httpserver import HTTPServer

FUNCTIONS = ("sync", "sync_detailed", "asyncio", "asyncio_detailed")
CHIP = UUID("12345678-1234-5678-1234-567812345678")
UTC = datetime.UTC
PET = {"name": "Minka", "age": 3, "kind": "cat", "children": [{"name": "Mo", "kind": "dog"}]}


@dataclass
class Call:
    """An operation, what is passed to it, what the server must get, and what must come back.

    Models are written as functions of the package of models, which only the fixture knows.
    """

    operation: str  # group and module
    target: str  # method and request target, as they are on the wire
    expected: Callable[[Any], Any] = lambda _: None
    arguments: Callable[[Any], tuple[Any, ...]] = lambda _: ()
    keywords: Callable[[Any], dict[str, Any]] = lambda _: {}
    headers: dict[str, str | None] = field(default_factory=dict)
    body: bytes = b""
    status: int = 200
    response: bytes = b""
    content_type: str = "application/json"


def pet(models: Any) -> Any:
    """Build what `PET` holds."""
    child = models.Pet(name="Mo", kind=models.Kind.DOG)
    return models.Pet(name="Minka", age=3, kind=models.Kind.CAT, children=[child])


PET_JSON = b'{"name":"Minka","age":3,"kind":"cat","children":[{"name":"Mo","kind":"dog"}]}'
CALLS = {
    "path parameters in path order, of a keyword's name, an enum and a shared header": Call(
        "parameters.get_pet",
        "GET /pets/7/guinea%20pig",
        arguments=lambda models: (7, models.Kind.GUINEA_PIG),
        keywords=lambda _: {"x_trace_id": CHIP},
        headers={"X-Trace-Id": str(CHIP)},
        response=PET_JSON,
        expected=pet,
    ),
    "an operation without a body to return": Call(
        "parameters.delete_pet",
        "DELETE /pets/7/cat",
        arguments=lambda models: (7, models.Kind.CAT),
        headers={"X-Trace-Id": None},
        status=204,
    ),
    "parameters of every kind": Call(
        "parameters.search",
        "GET /search?words=a+b&words=c%26d&kinds=cat&kinds=dog&level=-3&bornOn=2024-02-29"
        "&seenAt=2024-01-31T10%3A20%3A30Z&openedAt=2024-01-31T10%3A20%3A30"
        f"&chip={CHIP}&exact=false&weight=0.5&mood=wild&note=x&either=true&limit=0",
        keywords=lambda models: {
            "words": ["a b", "c&d"],
            "kinds": [models.Kind.CAT, models.Kind.DOG],
            "level": models.Level.VALUE_NEGATIVE_3,
            "born_on": datetime.date(2024, 2, 29),
            "seen_at": datetime.datetime(2024, 1, 31, 10, 20, 30, tzinfo=UTC),
            "opened_at": datetime.datetime(2024, 1, 31, 10, 20, 30),
            "chip": CHIP,
            "exact": False,
            "weight": 0.5,
            "mood": models.SearchMood.WILD,
            "note": "x",
            "either": True,
            "limit": 0,
            "x_level": models.Level.VALUE_2,
            "session": "s1",
            "theme": models.SearchTheme.DARK,
        },
        headers={"X-Level": "2", "Cookie": "session=s1; theme=dark"},
        response=b"[" + PET_JSON + b"]",
        expected=lambda models: [pet(models)],
    ),
    "parameters that are left out": Call(
        "parameters.search",
        "GET /search",
        keywords=lambda models: {
            "words": [],
            "note": None,
            "x_level": models.Level.VALUE_1,
            "session": "s1",
            "theme": None,
        },
        headers={"X-Level": "1", "Cookie": "session=s1"},
        response=b"[]",
        expected=lambda _: [],
    ),
    "parameters whose names Python has given away": Call(
        "parameters.names",
        "GET /names?from=1&import=2&list=3&type=4&id=5&self=6&client=7&url=8&response=9&sync=10"
        f"&asyncio=11&datetime=2024-01-31T00%3A00%3A00Z&uuid={CHIP}&same-name=12&fooBar=13"
        "&foo_bar=14&1st=15&filter%5B%22a%5Cb%22%5D%7Bx%7D%E2%80%A8=16&gr%C3%B6%C3%9Fe=17",
        keywords=lambda _: {
            "from_": "1",
            "import_": "2",
            "list_": 3,
            "type_": "4",
            "id": "5",
            "self_": "6",
            "client_query": "7",
            "url_query": "8",
            "response": "9",
            "sync": "10",
            "asyncio": "11",
            "datetime_": datetime.datetime(2024, 1, 31, tzinfo=UTC),
            "uuid": CHIP,
            "same_name_query": "12",
            "same_name_header": "h",
            "fooBar": "13",
            "foo_bar": "14",
            "field_1st": "15",
            "filtera_bx": "16",
            "größe": "17",
        },
        headers={"same-name": "h"},
        status=204,
    ),
    "a text both ways": Call(
        "bodies.send_text",
        "POST /text",
        keywords=lambda _: {"text_body": 'grün "x"\n'},
        headers={"Content-Type": "text/plain; charset=utf-8"},
        body='grün "x"\n'.encode(),
        response='grün "x"\n'.encode(),
        content_type="text/plain; charset=utf-8",
        expected=lambda _: 'grün "x"\n',
    ),
    "a form": Call(
        "bodies.send_form",
        "POST /form",
        keywords=lambda models: {
            "form_data": models.Form(
                name="a&b=c ü", tags=["x", "y"], born=datetime.date(2024, 1, 2), indoor=True
            )
        },
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=b"name=a%26b%3Dc+%C3%BC&tags=x&tags=y&born=2024-01-02&indoor=true",
        status=201,
    ),
    "bytes both ways": Call(
        "bodies.send_binary",
        "PUT /binary",
        keywords=lambda _: {"binary_body": b"\0\xff\r\n"},
        headers={"Content-Type": "application/octet-stream"},
        body=b"\0\xff\r\n",
        response=b"\0\xff\r\n",
        content_type="application/octet-stream",
        expected=lambda _: b"\0\xff\r\n",
    ),
    "an optional body that is given": Call(
        "bodies.send_optional",
        "PATCH /optional",
        keywords=lambda models: {"json_body": pet(models)},
        headers={"Content-Type": "application/json"},
        body=PET_JSON,
        status=202,
        response=PET_JSON,
        expected=pet,
    ),
    "an optional body that is left out, and a response that may be empty": Call(
        "bodies.send_optional", "PATCH /optional", headers={"Content-Type": None}, status=202
    ),
    "no body, but its type": Call(
        "bodies.poke",
        "PUT /poke",
        headers={"Content-Type": "application/json", "Content-Length": "0"},
        status=204,
    ),
    "a body with all that it needs": Call(
        "bodies.send_guarded",
        "PUT /guarded",
        keywords=lambda models: {"json_body": models.Guarded(parts=[models.GuardedPart()])},
        body=b'{"key":"","parts":[{}]}',
        status=204,
    ),
    "a body with what would be refused": Call(
        "bodies.send_guarded",
        "PUT /guarded",
        keywords=lambda models: {
            "json_body": models.Guarded(
                class_=1, names=models.GuardedNames.from_dict({"a": {"class": "cat"}})
            ),
            "allow_class": True,
        },
        body=b'{"key":"","class":1,"names":{"a":{"class":"cat"}}}',
        status=204,
    ),
    "a list as the body, a number as the response": Call(
        "bodies.send_list",
        "POST /list",
        keywords=lambda models: {"json_body": [pet(models)]},
        body=b"[" + PET_JSON + b"]",
        response=b"1",
        expected=lambda _: 1,
    ),
    "comma-separated values": Call(
        "answers.get_table",
        "GET /table",
        response=b'"a",b\r\n',
        content_type="text/csv",
        expected=lambda _: '"a",b\r\n',
    ),
    "one success status": Call(
        "answers.get_several", "GET /several", response=PET_JSON, expected=pet
    ),
    "another one, with another model": Call(
        "answers.get_several",
        "GET /several",
        status=202,
        response=b'{"other":4}',
        expected=lambda models: models.Conflict(other=4),
    ),
    "a third one, without a body": Call("answers.get_several", "GET /several", status=204),
    "a bare text under application/json": Call(
        "answers.get_health", "GET /health", response=b"OK", expected=lambda _: "OK"
    ),
    "a status that is a response, not an error": Call(
        "answers.get_health",
        "GET /health",
        status=503,
        response=b'"DOWN"',
        expected=lambda _: "DOWN",
    ),
    "a moment": Call(
        "answers.get_scalar",
        "GET /scalar",
        response=b'"2024-01-31T10:20:30.5Z"',
        expected=lambda _: datetime.datetime(2024, 1, 31, 10, 20, 30, 500000, tzinfo=UTC),
    ),
    "null where the specification allows it": Call(
        "answers.get_scalar", "GET /scalar", response=b"null"
    ),
    "anything": Call(
        "answers.get_any", "GET /any", response=b'{"a":[1]}', expected=lambda _: {"a": [1]}
    ),
    "names in Python other than on the wire, and a redirection that is a response": Call(
        "answers.choose_workspace",
        "POST /workspaces/mine?months=3",
        arguments=lambda _: ("mine",),
        keywords=lambda _: {"days": 3},
        status=303,
    ),
    "one of two operations of a path": Call(
        "answers.choose_workspace_by_number",
        "POST /workspaces/7",
        arguments=lambda _: (7,),
        response=b"OK",
        content_type="text/html; charset=utf-8",
        expected=lambda _: "OK",
    ),
    "a page of HTML": Call(
        "answers.get_page",
        "GET /page",
        response=b"<!doctype html><p>x",
        content_type="text/html",
        expected=lambda _: "<!doctype html><p>x",
    ),
    "texts that the server runs together": Call(
        "answers.get_zones",
        "GET /zones",
        response=b"Europe/RomeUTC",
        expected=lambda _: ["Europe/Rome", "UTC"],
    ),
    "a path, a parameter and a model full of special characters": Call(
        "odd.odd_import_corners_operation_was_run",
        "GET /odd/%22quoted%22%5Cn*/'''/a%2Fb%3Fc%22",
        arguments=lambda _: ('a/b?c"',),
        response=(
            b'{"\\"quote":"1","a\\"b\\\\c{d}":"2","new\\nline":"3",'
            b'"\\ud83d\\ude00 */ \'\'\' \\"\\"\\"":"new\\nline"}'
        ),
        expected=lambda models: models.Odd(
            quote="1", ab_cd="2", newline="3", field_=models.OddValues.NEWLINE
        ),
    ),
}


@pytest.fixture(scope="session")
def models(corners_folder: Path) -> Any:  # noqa: ARG001 # puts it on the search path
    """Give the package of models."""
    return import_module("corners.models")


def run(module: Any, function: str, *arguments: Any, **keywords: Any) -> Any:
    """Call one of the four functions of an operation."""
    result = getattr(module, function)(*arguments, **keywords)
    return asyncio.run(result) if asyncio.iscoroutine(result) else result


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("call", CALLS.values(), ids=list(CALLS))
def test_calls(httpserver: HTTPServer, models: Any, call: Call, function: str) -> None:
    """The server gets what was passed, and its response comes back."""
    seen: list[Request] = []

    def respond(request: Request) -> Response:
        request.get_data()
        seen.append(request)
        return Response(call.response, call.status, content_type=call.content_type)

    httpserver.expect_request(re.compile(".*")).respond_with_handler(respond)
    module = import_module(f"corners.api.{call.operation}")
    client = Client(httpserver.url_for(""), raise_on_unexpected_status=True)
    result = run(module, function, *call.arguments(models), client=client, **call.keywords(models))
    (request,) = seen
    assert f"{request.method} {request.environ['REQUEST_URI']}" == call.target
    assert request.get_data() == call.body
    assert {name: request.headers.get(name) for name in call.headers} == call.headers
    if function.endswith("detailed"):
        assert result.status_code == call.status
        assert result.content == call.response
        result = result.parsed
    if isinstance(result, File):
        result = result.payload.read()
    assert result == call.expected(models)


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (-1, "limit must be >= 0, got -1"),
        (101, "limit must be <= 100, got 101"),
        (Fraction(-1), "limit must be >= 0, got -1"),  # neither int nor float, as numpy.int64
    ],
)
def test_number_out_of_its_bounds(models: Any, limit: Any, said: str) -> None:
    """It is refused, and nothing is sent."""
    call = CALLS["parameters of every kind"]
    module = import_module(f"corners.api.{call.operation}")
    keywords = {**call.keywords(models), "limit": limit}
    with pytest.raises(errors.InvalidRequest, match=f"search: {said}; nothing was sent"):
        run(module, "sync", *call.arguments(models), client=Client("http://h"), **keywords)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_page_in_place_of_a_plain_text(
    httpserver: HTTPServer, corners_folder: Path, function: str
) -> None:
    """Under a media type that is wrong anyway, a page is told from a text by how it begins."""
    del corners_folder  # on the search path
    httpserver.expect_request("/workspaces/7").respond_with_data(
        "\n<!DOCTYPE html><p>Log in", content_type="text/html"
    )
    module = import_module("corners.api.answers.choose_workspace_by_number")
    client = Client(httpserver.url_for(""))
    with pytest.raises(errors.DecodeError, match="expected plain text, got an HTML page"):
        run(module, function, 7, client=client)


@pytest.mark.parametrize(
    ("status", "body", "message", "advice"),
    [
        (404, "", "", 'Look for it "elsewhere"\\, or make it.'),
        (404, "<html>no</html>", "", 'Look for it "elsewhere"\\, or make it.'),
        (409, "it is in use", "it is in use", ""),
        (409, "<html>a proxy</html>", "", ""),
        (403, "not you", "not you", errors.Forbidden.advice),
    ],
)
def test_advice_and_words_of_the_server(
    httpserver: HTTPServer, corners_folder: Path, status: int, body: str, message: str, advice: str
) -> None:
    """An error has the specification's advice, or that of its class, and a text that came."""
    del corners_folder  # on the search path
    httpserver.expect_request("/workspaces/7").respond_with_data(
        body, status, content_type="text/html"
    )
    module = import_module("corners.api.answers.choose_workspace_by_number")
    client = Client(httpserver.url_for(""), raise_on_unexpected_status=True)
    with pytest.raises(errors.UnexpectedStatus) as caught:
        run(module, "sync", 7, client=client)
    assert (message, advice) == (caught.value.server_message, caught.value.advice)
    assert str(caught.value).endswith(advice)
    assert pickle.loads(pickle.dumps(caught.value)).advice == advice


EVERYTHING = {
    "requiredText": "t",
    "requiredNull": None,
    "requiredModel": {"meows": True},
    "nullText": None,
    "nullDate": None,
    "nullLocal": "2024-01-31T10:20:30",
    "nullSpan": None,
    "nullKind": None,
    "nullMood": None,
    "nullMap": None,
    "nullWhole": {"part": None},
    "nullModel": None,
    "nullList": ["PT60S"],
    "animal": {"barks": False},
    "animals": [{"meows": True}, {"barks": True}],
    "textOrNumber": 0.5,
    "spanOrFlag": True,
    "kindOrDog": {"barks": True},
    "uuid": str(CHIP),
    "span": "PT5400S",
    "day": "2024-02-29",
    "moment": "2024-01-31T10:20:30Z",
    "local": "2024-01-31T10:20:30",
    "anything": [1, {"a": None}],
    "free": {"x": {"y": 1}},
    "freeMap": {"x": "y"},
    "lists": {"a": [1, 2]},
    "kinds": {"a": "cat"},
    "days": {"a": "2024-02-29"},
    "maps": {"a": {"b": {"name": "Mo", "kind": "dog"}}},
    "matrix": [[1.5], []],
    "service": 'corners "one"',
    "version": 3,
    "isOn": True,
    "code": 500,
    "sign": "",
    "levels": [1, -3],
    "defaults": {"always": "x"},
    "open": {"unit": "kg", "a": 1.5},
    "shadows": {
        "field": "1",
        "define": "2",
        "additional_properties": "3",
        "to_dict": "4",
        "class": "5",
        "self": "6",
        "datetime": "2024-01-31T10:20:30Z",
        "_private": "7",
        "fooBar": "8",
        "foo_bar": "9",
        "unlisted": "10",
    },
    "anyOfPet": {"a": {"name": "Mo", "kind": "dog"}},
    "unlisted": None,
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_everything_comes_back(httpserver: HTTPServer, models: Any, function: str) -> None:
    """A model with a property of every kind is sent as it came, and comes back as it was sent."""
    seen: list[Any] = []

    def respond(request: Request) -> Response:
        seen.append(request.get_json())
        return Response(request.get_data(), content_type="application/json")

    httpserver.expect_request("/values", method="POST").respond_with_handler(respond)
    module = import_module("corners.api.bodies.send_values")
    client = AuthenticatedClient(httpserver.url_for(""), token="t")
    sent = models.Everything.from_dict(EVERYTHING)
    result = run(module, function, client=client, json_body=sent)
    assert seen == [EVERYTHING]
    assert sent == (result.parsed if function.endswith("detailed") else result)


KINDS: dict[str, Callable[[Any], Any]] = {
    "null_text": lambda _: None,
    "null_mood": lambda _: None,
    "null_map": lambda _: None,
    "null_whole": lambda models: models.Whole(part=None),
    "null_local": lambda _: datetime.datetime(2024, 1, 31, 10, 20, 30),
    "null_list": lambda _: [datetime.timedelta(minutes=1)],
    "animal": lambda models: models.Dog(barks=False),
    "animals": lambda models: [models.Cat(meows=True), models.Dog(barks=True)],
    "span_or_flag": lambda _: True,
    "kind_or_dog": lambda models: models.Dog(barks=True),
    "uuid": lambda _: CHIP,
    "span": lambda _: datetime.timedelta(minutes=90),
    "day": lambda _: datetime.date(2024, 2, 29),
    "local": lambda _: datetime.datetime(2024, 1, 31, 10, 20, 30),
    "free_map": lambda _: {"x": "y"},
    "lists": lambda _: {"a": [1, 2]},
    "kinds": lambda models: {"a": models.Kind.CAT},
    "days": lambda _: {"a": datetime.date(2024, 2, 29)},
    "code": lambda models: models.Code.SERVER_ERROR,
    "sign": lambda models: models.Sign.NONE,
    "levels": lambda models: [models.Level.VALUE_1, models.Level.VALUE_NEGATIVE_3],
    "any_of_pet": lambda models: {"a": models.Pet(name="Mo", kind=models.Kind.DOG)},
}


@pytest.mark.parametrize("name", KINDS)
def test_kinds_of_values(models: Any, name: str) -> None:
    """A value that was read is of the Python type that the annotation promises."""
    value = getattr(models.Everything.from_dict(EVERYTHING), name)
    expected = KINDS[name](models)
    assert value == expected
    if not isinstance(expected, dict):
        assert type(value) is type(expected)


def test_defaults(models: Any) -> None:
    """A model starts with the defaults of the specification, to the letter."""
    defaults = models.Defaults()
    assert defaults.kind is models.Kind.GUINEA_PIG
    assert defaults.to_dict() == {
        "always": 'it\'s "here" \\ {x}\n',
        "count": 3,
        "share": 0.5,
        "isOn": True,
        "kind": "guinea pig",
        "level": 2,
        "fixed": "fixed",
    }


def test_required(models: Any) -> None:
    """Without a required property there is no model: neither made nor read."""
    with pytest.raises(TypeError, match="required_text"):
        models.Everything()
    with pytest.raises(errors.DecodeError, match="requiredText"):
        models.Everything.from_dict({"requiredNull": None, "requiredModel": {"meows": True}})


@pytest.mark.parametrize(
    ("operation", "status", "content_type", "response", "parsed"),
    [
        ("get_pet", 404, "application/json", b'{"what":"x"}', lambda m: m.Missing(what="x")),
        ("get_pet", 409, "application/problem+json", b'{"other":1}', lambda m: m.Conflict(other=1)),
        ("get_several", 400, "application/json", b'{"what":"x"}', lambda m: m.Missing(what="x")),
        ("get_several", 500, "text/plain", b"broken", lambda _: "broken"),
    ],
)
def test_errors_have_a_model_per_status(
    httpserver: HTTPServer,
    models: Any,
    operation: str,
    status: int,
    content_type: str,
    response: bytes,
    parsed: Callable[[Any], Any],
) -> None:
    """The exception of an error carries the model that the specification gives for its status."""
    httpserver.expect_request(re.compile(".*")).respond_with_data(
        response, status, content_type=content_type
    )
    group, arguments = ("answers", ()) if operation == "get_several" else ("parameters", (1, "cat"))
    module = import_module(f"corners.api.{group}.{operation}")
    client = Client(httpserver.url_for(""), raise_on_unexpected_status=True)
    for function in FUNCTIONS:
        with pytest.raises(errors.UnexpectedStatus) as caught:
            run(module, function, *arguments, client=client)
        assert caught.value.parsed == parsed(models)


def test_file_is_sent(httpserver: HTTPServer, models: Any) -> None:
    """A binary body can be a file, too."""
    del models
    httpserver.expect_request("/binary", method="PUT", data=b"abc").respond_with_data(b"def")
    module = import_module("corners.api.bodies.send_binary")
    client = Client(httpserver.url_for(""))
    result = module.sync(client=client, binary_body=File(io.BytesIO(b"abc")))
    assert result.payload.read() == b"def"


def test_every_module_is_imported_without_running_anything(corners_folder: Path) -> None:
    """Texts that try to be code are none: every module loads, and has only its own names."""
    import corners  # type: ignore[import-not-found]  # generated for this test

    names = [each.name for each in pkgutil.walk_packages(corners.__path__, "corners.")]
    assert len(names) > 40
    for name in names:
        import_module(name)
    assert [] == [name for name in sys.modules if name.startswith("corners_")]
    assert corners_folder.is_dir()


@pytest.mark.parametrize(
    "file", sorted(EXPECTED.rglob("*.py")), ids=lambda path: path.relative_to(EXPECTED).as_posix()
)
def test_nothing_from_the_specification_became_code(file: Path) -> None:
    """Each generated file imports only what the templates import."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module or "."
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    assert [name for name in sorted(imported) if name.endswith("_was_run")] == []
    allowed = re.compile(
        r"(\.|__future__|attrs|collections\.abc|datetime|importlib|typing|uuid|dqops\.client\.\w+|dqops\._runtime(\.\w+){1,2}|\w+|models\.\w+)"
    )
    assert [name for name in sorted(imported) if not allowed.fullmatch(name)] == []


USER = """
from typing import assert_type

from corners.api.answers import get_several, get_table
from corners.api.bodies import send_list
from corners.api.parameters import delete_pet, get_pet
from corners.groups import Groups
from corners.models import Conflict, Kind, Pet
from dqops._runtime.client.grouped import Asynchronous, Blocking
from dqops._runtime.exchange.streams import AsyncItemStream, ItemStream, ServerSentEvent
from dqops.client import Client
from dqops.client.types import Response

client = Client("http://localhost")
assert_type(get_pet.sync(1, Kind.CAT, client=client), Pet | None)
assert_type(get_several.sync(client=client), Pet | Conflict | None)
assert_type(get_table.sync(client=client), str | None)
assert_type(get_table.sync_detailed(client=client), Response[str])
assert_type(send_list.sync(client=client, json_body=[]), int | None)
delete_pet.sync(1, "cat", client=client)
delete_pet.sync(1, "cow", client=client)  # type: ignore[arg-type]
get_pet.sync(client=client)  # type: ignore[call-arg]


def blocking(api: Groups[Blocking]) -> None:
    with api.answers.stream_events(kind=Kind.CAT, timeout=3) as events:
        assert_type(events, ItemStream[ServerSentEvent[Pet | str]])
    with api.answers.stream_get_lines() as lines:
        assert_type(lines, ItemStream[Pet])
    api.answers.stream_events()  # type: ignore[call-arg]
    api.answers.stream_get_lines(kind=Kind.CAT)  # type: ignore[call-arg]


async def asynchronous(api: Groups[Asynchronous]) -> None:
    async with api.answers.stream_events(kind=Kind.CAT) as events:
        assert_type(events, AsyncItemStream[ServerSentEvent[Pet | str]])
    async with api.answers.stream_get_lines() as lines:
        assert_type([line async for line in lines], list[Pet])
"""


def test_types(corners_folder: Path, pytestconfig: pytest.Config) -> None:
    """`mypy --strict` has nothing to say about the package, and knows the types of its results."""
    user = corners_folder / "user.py"
    user.write_text(USER)
    cache = cache_of_mypy(pytestconfig, "corners")
    run_of_mypy = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--python-version=3.11", "--config-file="),
            *("--cache-dir", cache, "-p", "corners", "-m", "user"),
        ],
        cwd=corners_folder,
        env={"MYPYPATH": str(REPOSITORY / "dqops_client"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run_of_mypy.returncode == 0, run_of_mypy.stdout + run_of_mypy.stderr


def test_left_out_is_unset(models: Any) -> None:
    """What was not given is UNSET, and is not sent."""
    known = models.Everything(
        required_text="t", required_null=None, required_model=models.Cat(meows=True)
    )
    assert known.null_mood is UNSET
    assert known.to_dict() == {
        "requiredText": "t",
        "requiredNull": None,
        "requiredModel": {"meows": True},
    }
