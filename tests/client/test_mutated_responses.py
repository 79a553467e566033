"""Some mutated responses; `mutated_responses.py` has the experiment, and larger figures."""

from __future__ import annotations

import datetime
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conformance import error_problems, result_problems, value_problems
from dqops.client import errors, models
from dqops.client.api.connections import get_all_connections
from mutated_responses import WAYS, Call, Harness, UnwantedOutcomeError, mutate
from mutations import KINDS, Response
from operations_under_test import OPERATIONS, module
from support.runtime import documents

if TYPE_CHECKING:
    from collections.abc import Iterator

BY_NAME = {each.name: each for each in OPERATIONS}
RESPONSES = 400


def test_mutated_responses() -> None:
    """Each call returns what the specification says, or raises an exception of the SDK."""
    tally = mutate(RESPONSES, seed=2)
    assert [] == tally.failures, str(tally)
    assert RESPONSES <= tally.responses <= RESPONSES + len(tally.by_operation)
    # Otherwise the test would prove nothing.
    assert {
        "a model",
        "DecodeError",
        "ProtocolFailure",
        "TransportFailure",
    } <= tally.outcomes.keys()
    assert set(KINDS) == {kind for kind, outcomes in tally.by_kind.items() if outcomes}


@pytest.fixture(scope="module")
def harness() -> Iterator[Harness]:
    """A server of responses, and clients of it."""
    harness = Harness(1)
    yield harness
    harness.close()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("raises", [True, False])
def test_right_responses(harness: Harness, way: str, raises: bool) -> None:
    """What is mutated is right before: no result of it is an error, of no operation."""
    found = {
        harness.outcome(Call(operation, way, raises, follows=False, orjson=raises), response)
        for operation in OPERATIONS[:: 1 if way == "sync" and raises else 20]
        for response in harness.right_responses(operation)[:1]
    }
    assert {"None", "a model", "a list of models"} <= found
    assert not any(hasattr(errors, name) for name in found)


def test_a_wrong_result_is_noticed(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation that passes on what it got is found out."""
    call = Call(BY_NAME["get_all_connections"], "sync", raises=True, follows=False, orjson=True)
    response = harness.right_responses(call.operation)[0]
    body = get_all_connections._OPERATION.results[200]
    monkeypatch.setattr(body, "decode", lambda value: value)
    with pytest.raises(UnwantedOutcomeError, match=r"result\[0\] is no a .*ConnectionModel: dict"):
        harness.outcome(call, response)


@pytest.mark.parametrize("kind", [RecursionError, ValueError, KeyError])
def test_a_foreign_exception_is_noticed(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    """An exception that is none of the SDK's is found out."""

    def fail(value: Any, **_: bool) -> Any:
        raise kind(value)

    call = Call(BY_NAME["get_all_connections"], "sync", raises=True, follows=False, orjson=True)
    monkeypatch.setattr(documents, "parse_json", fail)
    with pytest.raises(UnwantedOutcomeError, match=f"^{kind.__name__}: .* is no exception of the"):
        harness.outcome(call, Response(200, b"[]", b"application/json"))


CONNECTION = "/components/schemas/ConnectionModel"
ENTRY = "/components/schemas/CheckResultEntryModel"
NAIVE = datetime.datetime(2024, 1, 31)
AWARE = NAIVE.replace(tzinfo=datetime.UTC)


def changed(model: Any, **values: Any) -> Any:
    """Give a model values of any type."""
    for name, value in values.items():
        setattr(model, name, value)
    return model


CONNECTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, ""),
    "right values": (
        {
            "connection_name": "a",
            "parallel_jobs_limit": 1,
            "can_edit": True,
            "provider_type": models.ProviderType.BIGQUERY,
            "bigquery": models.BigQueryParametersSpec(),
            "additional_properties": {"b": [1, None, {"c": 1.5}], "can_edit": None},
        },
        "",
    ),
    "unknown member": ({"provider_type": models.ProviderType.decode("x")}, ""),
    "text for a member": ({"provider_type": "bigquery"}, "result.provider_type is no a"),
    "null": ({"connection_name": None}, "result.connection_name is no a string"),
    "number for a text": ({"connection_name": 1}, "result.connection_name is no a string"),
    "true for a number": ({"parallel_jobs_limit": True}, "result.parallel_jobs_limit is no a int"),
    "float for a number": ({"parallel_jobs_limit": 1.0}, "result.parallel_jobs_limit is no a int"),
    "dictionary for a model": ({"bigquery": {}}, "result.bigquery is no a"),
    "another model": ({"bigquery": models.SnowflakeParametersSpec()}, "result.bigquery is no a"),
    "model for a map": ({"advanced_properties": models.ConnectionModel()}, "no a map"),
    "known property among the others": (
        {"additional_properties": {"can_edit": True}},
        "result.can_edit is an additional property",
    ),
    "object among the others": ({"additional_properties": {"b": [NAIVE]}}, "no plain JSON"),
    "wrong deep within": (
        {"run_checks_job_template": changed(models.CheckSearchFilters(), tags=["a", 1])},
        "result.run_checks_job_template.tags[1] is no a string",
    ),
}


@pytest.mark.parametrize(("values", "problem"), CONNECTIONS.values(), ids=CONNECTIONS)
def test_problems_of_a_model(values: dict[str, Any], problem: str) -> None:
    """A value of another type is found wherever it is, and nothing else is."""
    found = "; ".join(value_problems(CONNECTION, changed(models.ConnectionModel(), **values)))
    assert problem in found
    assert bool(problem) is bool(found)


@pytest.mark.parametrize(
    ("time", "is_right"), [(AWARE, True), (NAIVE, False), (NAIVE.date(), False), ("2024", False)]
)
def test_problems_of_a_time(time: Any, is_right: bool) -> None:
    """A point in time has an offset."""
    entry = changed(models.CheckResultEntryModel(), executed_at=time)
    assert is_right is not bool(list(value_problems(ENTRY, entry)))


@pytest.mark.parametrize(
    ("name", "status", "follows", "is_right"),
    [
        ("delete_connection", 302, True, True),
        ("delete_connection", 307, True, False),
        ("delete_connection", 302, False, False),
        ("get_all_connections", 302, True, False),
    ],
)
def test_problems_of_a_redirection(
    harness: Harness,
    name: str,
    status: int,
    follows: bool,
    is_right: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A client that does not raise on statuses raises for redirected writes that it follows."""
    error = errors.Redirection(status, b"", operation=name)

    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(module(BY_NAME[name]), "sync_detailed", fail)
    call = Call(BY_NAME[name], WAYS[0], raises=False, follows=follows, orjson=False)
    response = Response(status, b"", b"", headers=[b"Location: "])
    problem = None if is_right else pytest.raises(UnwantedOutcomeError, match="that does not")
    with problem or nullcontext():
        harness.outcome(call, response)


RESULTS: dict[str, tuple[str, int, bytes, Any, bool]] = {
    "text": ("is_healthy", 200, b"OK", "OK", True),
    "bytes for a text": ("is_healthy", 200, b"OK", b"OK", False),
    "no text for a body": ("is_healthy", 200, b"OK", None, False),
    "no text for no body": ("is_healthy", 200, b"", None, True),
    "response that is no success": ("is_healthy", 503, b"UNAVAILABLE", "UNAVAILABLE", True),
    "page in its place": ("is_healthy", 503, b"<html>", None, True),
    "result of an error": ("is_healthy", 500, b"x", "x", False),
    "another success": ("is_healthy", 201, b"x", "x", True),
    "result of nothing": ("delete_connection", 204, b"x", "x", False),
    "list": ("get_all_connections", 200, b"[null]", [None], True),
    "tuple for a list": ("get_all_connections", 200, b"[]", (), False),
    "null": ("get_all_connections", 200, b" null ", None, True),
    "file": ("download_logs", 200, b"x", b"x", False),
    "list of texts": ("get_available_zone_ids", 200, b"UTC", ["UTC"], True),
    "text for a list of texts": ("get_available_zone_ids", 200, b"UTC", "UTC", False),
}


@pytest.mark.parametrize(
    ("name", "status", "content", "result", "is_right"), RESULTS.values(), ids=RESULTS
)
def test_problems_of_a_result(
    name: str, status: int, content: bytes, result: Any, is_right: bool
) -> None:
    """Status and body tell which result can be right, None among them."""
    assert is_right is not bool(result_problems(BY_NAME[name], status, content, result))


def test_problems_of_an_error() -> None:
    """The parsed body of an error is what the specification has for it, or None."""
    operation = BY_NAME["get_all_connections"]
    assert [] == error_problems(operation, 500, models.SpringErrorPayload())
    assert [] == error_problems(operation, 418, None)
    assert [] != error_problems(operation, 418, {"message": "x"})


def test_the_experiment_runs_by_its_path() -> None:
    """The command of CONTRIBUTING.md finds what it imports."""
    program = Path(__file__).with_name("mutated_responses.py")
    command = [sys.executable, str(program), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert (0, True) == (done.returncode, "--responses" in done.stdout), done.stderr
