"""No argument bends the address: what the server gets on its request line."""

from __future__ import annotations

import ast
import asyncio
import datetime
import inspect
import math
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from dqops.client import Client, api, errors
from dqops.client.api.check_results import get_table_profiling_checks_results
from dqops.client.api.jobs import cancel_job, get_job, run_checks
from dqops.client.models import CheckResultsDetailedLoadMode, CheckType, RunChecksParameters
from dqops.client.types import UNSET
from support.runtime import query_pairs

if TYPE_CHECKING:
    from support.raw_server import RawServer


class Shouting(str):
    """A text that prints itself as something else."""

    __slots__ = ()

    def __str__(self) -> str:
        return "../admin"


class Color(Enum):
    """An enumeration of a program's own."""

    RED = "r/ed"


SEGMENTS: dict[str, tuple[Any, str]] = {
    "step up": ("../x", "..%2Fx"),
    "three dots": ("...", "..."),
    "query": ("a?b=c", "a%3Fb%3Dc"),
    "fragment": ("a#b", "a%23b"),
    "slashes": ("//a/", "%2F%2Fa%2F"),
    "backslash": ("..\\x", "..%5Cx"),
    "escaped": ("%2e%2e%2F", "%252e%252e%252F"),
    "escaped dot": ("%2e", "%252e"),
    "lone percent": ("100%", "100%25"),
    "line break": ("a\r\nHost: evil", "a%0D%0AHost%3A%20evil"),
    "NUL": ("a\0b", "a%00b"),
    "unicode": ("naïve☃🐘", "na%C3%AFve%E2%98%83%F0%9F%90%98"),
    "full-width dots": ("\uff0e\uff0e", "%EF%BC%8E%EF%BC%8E"),
    "spaces": (" a b ", "%20a%20b%20"),
    "only a space": (" ", "%20"),
    "matrix parameter": ("..;a=b", "..%3Ba%3Db"),
    "address": ("http://evil/", "http%3A%2F%2Fevil%2F"),
    "user": ("a@b:c", "a%40b%3Ac"),
    "quotes": ("'\"<>{}|^`", "%27%22%3C%3E%7B%7D%7C%5E%60"),
    "plain": ("a-b_c.d~e", "a-b_c.d~e"),
    "placeholder": ("{tableName}", "%7BtableName%7D"),
    "very long": ("x" * 20_000, "x" * 20_000),
    "number": (7, "7"),
    "boolean": (True, "true"),
    "date": (datetime.date(2024, 1, 31), "2024-01-31"),
    "member": (CheckType.decode("new/kind"), "new%2Fkind"),
    "foreign member": (Color.RED, "r%2Fed"),
    "text that prints otherwise": (Shouting("x"), "x"),
}


def target(server: RawServer) -> str:
    """Return the target on the request line of the only request."""
    assert len(server.requests) == 1
    return server.requests[0].split(b"\r\n")[0].split(b" ")[1].decode("ascii")


@pytest.mark.parametrize("prefix", ["", "/proxy/dqops/"])
@pytest.mark.parametrize(("value", "segment"), SEGMENTS.values(), ids=SEGMENTS)
def test_one_segment(raw_server: RawServer, value: Any, segment: str, prefix: str) -> None:
    """Whatever the value, it is one segment of the path, and nothing else changes."""
    raw_server.respond = lambda _, __: b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
    cancel_job.sync(value, client=Client(raw_server.url + prefix))

    assert f"{prefix.rstrip('/')}/api/jobs/jobs/{segment}" == target(raw_server)


def test_each_parameter_is_a_segment(raw_server: RawServer) -> None:
    """Several parameters stay where they belong."""
    raw_server.respond = lambda _, __: (
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n[]"
    )
    values = ("{schemaName}", "../../x", "t?a=1&b#c")
    get_table_profiling_checks_results.sync(*values, client=Client(raw_server.url))

    parts = target(raw_server).split("/")
    assert list(values) == [unquote(parts[position]) for position in (3, 5, 7)]
    assert ["", "api", "connections"] == parts[:3]
    assert ["profiling", "results"] == parts[8:]


REFUSED: list[tuple[Any, str]] = [
    ("", "must not be empty"),
    (
        ".",
        (
            "must not be '.': servers and proxies resolve it as a step in the path, so the "
            "request would go to another URL"
        ),
    ),
    (
        "..",
        (
            "must not be '..': servers and proxies resolve it as a step in the path, so the "
            "request would go to another URL"
        ),
    ),
    (None, "must be a string, a number or an enumeration member, got NoneType"),
    (UNSET, "must be a string, a number or an enumeration member, got UNSET"),
    (b"abc", "must be a string, a number or an enumeration member, got bytes"),
    (["a"], "must be a string, a number or an enumeration member, got list"),
    (math.nan, "must be a string, a number or an enumeration member, got nan"),
    ("a\ud800", "contains a lone surrogate, which UTF-8 cannot encode"),
]


@pytest.mark.parametrize("mode", ["sync", "asyncio"])
@pytest.mark.parametrize(("value", "problem"), REFUSED)
def test_refused(raw_server: RawServer, value: Any, problem: str, mode: str) -> None:
    """What cannot be sent safely is refused, and nothing reaches the server."""
    client = Client(raw_server.url)

    def call() -> None:
        if mode == "sync":
            get_job.sync(value, client=client)
        else:
            asyncio.run(get_job.asyncio(value, client=client))

    with pytest.raises(errors.InvalidRequest) as caught:
        call()

    assert f"get_job: job_id {problem}; nothing was sent" == str(caught.value)
    assert ([], 0) == (raw_server.requests, raw_server.connections)


def test_too_long(raw_server: RawServer) -> None:
    """What does not fit into an address is refused before it is sent."""
    client = Client(raw_server.url)
    with pytest.raises(errors.InvalidRequest, match="get_job: the path would be 300,015 charact"):
        get_job.sync("☃" * 33_333 + "xxx", client=client)
    with pytest.raises(errors.InvalidRequest, match="the query would be 70,015 characters"):
        run_checks.sync(
            client=client, json_body=RunChecksParameters(), job_business_key="x" * 70_000
        )

    assert [] == raw_server.requests


def test_query(raw_server: RawServer) -> None:
    """Query values of each kind arrive as the server reads them; what is absent is left out."""
    raw_server.respond = lambda _, __: (
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n[]"
    )
    get_table_profiling_checks_results.sync(
        "c",
        "s",
        "t",
        client=Client(raw_server.url),
        data_group="ä ☃&=+#?/%\n",
        month_start=datetime.date(2024, 1, 31),
        month_end=None,
        check_name="",
        load_mode=CheckResultsDetailedLoadMode.decode("added later"),
        max_results_per_check=0,
    )

    parts = urlsplit(target(raw_server))
    assert [
        ("dataGroup", "ä ☃&=+#?/%\n"),
        ("monthStart", "2024-01-31"),
        ("checkName", ""),
        ("loadMode", "added later"),
        ("maxResultsPerCheck", "0"),
    ] == parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)
    assert "" == parts.fragment


def test_query_of_flags(raw_server: RawServer) -> None:
    """Booleans are written as the server writes them."""
    raw_server.respond = lambda _, __: (
        b"HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    )
    run_checks.sync(
        client=Client(raw_server.url), json_body=RunChecksParameters(), wait=True, wait_timeout=30
    )

    assert "/api/jobs/runchecks?wait=true&waitTimeout=30" == target(raw_server)


UTC = datetime.UTC
QUERY_VALUES: list[tuple[Any, list[str]]] = [
    (None, []),
    (UNSET, []),
    ([], []),
    (False, ["false"]),
    (0, ["0"]),
    (1.5, ["1.5"]),
    ("", [""]),
    (["a", "b"], ["a", "b"]),
    (("a", 1), ["a", "1"]),
    ([CheckType.PROFILING], ["profiling"]),
    (datetime.datetime(2024, 1, 31, tzinfo=UTC), ["2024-01-31T00:00:00Z"]),
    (datetime.datetime(2024, 1, 31, 1), ["2024-01-31T01:00:00"]),
    (datetime.timedelta(minutes=1), ["PT60S"]),
]


@pytest.mark.parametrize(("value", "texts"), QUERY_VALUES)
def test_query_values(value: Any, texts: list[str]) -> None:
    """Every kind of value has its text; a list is one pair for each item."""
    assert [("key", text) for text in texts] == query_pairs({"key": value})


KINDS = (
    "must be a string, number, boolean, date, time, duration, enumeration member or a list of "
    "these, got "
)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"a": 1}, KINDS + "dict"),
        (b"x", KINDS + "bytes"),
        ([None], KINDS + "NoneType"),
        ([[1]], KINDS + "list"),
        (math.inf, KINDS + "inf"),
        (RunChecksParameters(), KINDS + "RunChecksParameters"),
        ("\udfff", "contains a lone surrogate, which UTF-8 cannot encode"),
    ],
)
def test_refused_query_values(value: Any, problem: str) -> None:
    """What has no single text is refused under its name."""
    with pytest.raises(errors.InvalidRequest) as caught:
        query_pairs({"key": value})

    assert f"key {problem}" == str(caught.value)


def test_messages_name_arguments_as_in_python() -> None:
    """Whatever a parameter is called on the wire, its Python name is found."""
    root = Path(api.__file__).parent
    found = 0
    for file in sorted(root.glob("*/*.py")):
        if file.stem == "__init__":
            continue
        module = import_module(f"{api.__name__}.{file.parent.name}.{file.stem}")
        for call in ast.walk(ast.parse(inspect.getsource(module._arguments))):
            if not isinstance(call, ast.keyword) or call.arg not in {"path", "query", "headers"}:
                continue
            assert isinstance(call.value, ast.Dict)
            for key, value in zip(call.value.keys, call.value.values, strict=True):
                assert isinstance(key, ast.Constant)
                assert module._OPERATION.argument(key.value) == ast.unparse(value), file.name
                found += 1
    assert found > 1000
