"""The exceptions: hierarchy, messages, and what is shown of a body."""

from __future__ import annotations

import copy
import pickle
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from dqops.client import errors
from dqops.client.errors import DecodeError, InvalidRequest, UnexpectedStatus, excerpt
from dqops.client.models import SpringErrorPayload
from dqops.client.types import Response
from support.runtime import http_status

if TYPE_CHECKING:
    from dqops.client.errors import ClientError


class OwnError(UnexpectedStatus):
    """An exception as a program may derive it, with a constructor of its own."""

    def __init__(self, reason: str) -> None:
        super().__init__(418, b"teapot", operation="brew")
        self.reason = reason


def test_every_name_is_an_exception() -> None:
    """What the module lists can be caught, most of it as one base class."""
    kinds = {getattr(errors, name) for name in errors.__all__}

    assert {errors.ClientWarning, errors.InsecureTransportWarning} == {
        kind for kind in kinds if not issubclass(kind, errors.ClientError)
    }
    assert issubclass(errors.InsecureTransportWarning, UserWarning)
    assert sorted(errors.__all__) == errors.__all__
    with pytest.raises(AttributeError, match="has no attribute 'Typo'"):
        getattr(errors, "Typo")  # noqa: B009  # type checkers know that it is not there


MESSAGES: list[tuple[ClientError, str]] = [
    (UnexpectedStatus(500, b""), "returned 500 Internal Server Error; the body is empty"),
    (
        UnexpectedStatus(520, b"x"),
        "returned 520 (not a registered status); the body begins: 'x'",
    ),
    (
        errors.TooManyRequests(429, b"", operation="f", method="GET", url="http://h/p"),
        (
            "f: GET http://h/p returned 429 Too Many Requests; the body is empty. Wait "
            "for the time in the Retry-After header, if there is one, and try again."
        ),
    ),
    (
        errors.ServerError(500, b"{}", parsed=SpringErrorPayload(message="no\nroom " * 100)),
        (
            f"returned 500 Internal Server Error; the server says: '{('no room ' * 25)}...'. "
            "The server's log holds the cause."
        ),
    ),
    (DecodeError("wrong"), "cannot decode the value: wrong"),
    (
        DecodeError("wrong").within(2).within("a b").within("c"),
        ("cannot decode the value at c['a b'][2]: wrong"),
    ),
    (
        DecodeError("no").within("x" * 200),
        f"cannot decode the value at ['{'x' * 60}...']: no",
    ),
    (
        DecodeError("wrong", operation="f", status_code=200, content_type="a/b", content=b"\n"),
        "f: cannot decode the response (status 200) of type a/b: wrong; the body begins: ''",
    ),
    (InvalidRequest("no"), "no"),
]


@pytest.mark.parametrize(("error", "message"), MESSAGES, ids=range(len(MESSAGES)))
def test_messages(error: ClientError, message: str) -> None:
    """A message says what happened, where, and what to do; copies say the same."""
    assert message == str(error)
    for copied in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert (type(error), message, vars(error)) == (type(copied), str(copied), vars(copied))


def test_own_exception_can_be_pickled() -> None:
    """A derived exception survives, whatever its constructor takes."""
    error = OwnError("because")
    copied = pickle.loads(pickle.dumps(error))

    assert (OwnError, "because", str(error)) == (type(copied), copied.reason, str(copied))


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"", "''"),
        (b"\n\n  <html>\n\t<head>", "'<html> <head>'"),
        (b" " * 5000 + b"x", "'x'"),
        (b" " * 20_000 + b"x", "'...'"),
        (b"x" * 200, f"'{'x' * 200}'"),
        (b"x" * 201, f"'{'x' * 200}...'"),
        ("☃".encode() * 300, f"'{'☃' * 200}...'"),
        (b"a" + b" " * 17_000 + b"b", "'a...'"),
        (b"\xff\x00\x1b", "'\ufffd\\x00\\x1b'"),
        ("text\u202e", "'text\\u202e'"),
    ],
    ids=range(10),
)
def test_excerpt(content: bytes | str, shown: str) -> None:
    """An excerpt is one short, printable line, marked where something is left out."""
    assert shown == excerpt(content)


@pytest.mark.parametrize("status", [200, 299, 404, 520, 999])
def test_every_status_is_a_number(status: int) -> None:
    """An unregistered status compares and prints, and is not added to the registered ones."""
    member = http_status(status)

    assert (status, status, True) == (member, member.value, isinstance(member, HTTPStatus))
    assert f"Response(status_code={status}, parsed=None)" == repr(
        Response(member, b"secret", {"Set-Cookie": "secret"}, None)
    )
    assert (status in {known.value for known in HTTPStatus}) == (member in list(HTTPStatus))
