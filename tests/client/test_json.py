"""JSON with orjson and without: the same results, the same errors."""

from __future__ import annotations

import json
import math
import random
import struct
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client.errors import ClientError
from dqops.client.models import CheckResultEntryModel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odd_python_values import WRITTEN
from support.runtime import JsonBody, ModelOf, Received, json_content, json_io, parse_json
from support.runtime import read as read_body
from wire import MODELS, object_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.runtime import Model

pytest.importorskip("orjson")


def outcome(function: Callable[[Any], Any], argument: Any) -> tuple[type, str]:
    """Call a function; return the class and the text of the result, or of the error."""
    try:
        result = function(argument)
    except (ClientError, RecursionError) as error:
        return type(error), str(error)
    return type(result), repr(result)


def both(function: Callable[[Any], Any], argument: Any) -> Iterator[tuple[type, str]]:
    """Give the outcomes with orjson and without."""
    yield outcome(function, argument)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_io, "orjson", None)
        yield outcome(function, argument)


READ = {
    "empty": b"",
    "white space": b" \t\r\n[1 , 2]\n ",
    "vertical tab": b"\x0b1",
    "NaN": b"[NaN]",
    "infinities": b'{"a":Infinity,"b":-Infinity}',
    "nan": b"nan",
    "too large for a float": b"[1e400,-1e400]",
    "too small for a float": b"[1e-400,5e-324,2.2250738585072011e-308]",
    "zeros": b"[0,-0,0.0,-0.0,0e5]",
    "floats": b"[1.0,1E5,1e-7,0.1,1e16,123456789012345678901234567890.5]",
    "leading zero": b"[01]",
    "hexadecimal": b"[0x1]",
    "plus": b"[+1]",
    "no fraction": b"[1.]",
    "no whole part": b"[.5]",
    "largest of 64 bits": b"[9223372036854775807,-9223372036854775808,18446744073709551615]",
    "one beyond 64 bits": b"18446744073709551616",
    "one beyond 64 bits, negative": b"-9223372036854775809",
    "19 digits, negative, beyond": b'{"hash":[-7240915338472650912,-9999999999999999999]}',
    "25 digits": b'{"a":{"b":[1234567890123456789012345]}}',
    "25 digits in a text": b'["1234567890123456789012345"]',
    "4300 digits": b"9" * 4300,
    "4301 digits": b"9" * 4301,
    "4301 digits in something broken": b"[" + b"9" * 4301,
    "whole number with exponent": b"[100000000000000000000e-5]",
    "duplicate keys": b'{"a":1,"b":2,"a":3,"a":{"c":1,"c":2}}',
    "escapes": rb'"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\u0000"',
    "unknown escape": rb'"\x41"',
    "control character": b'"a\x01b"',
    "delete": b'"\x7f"',
    "lone surrogate": rb'["\ud800"]',
    "lone surrogate as key": rb'{"\udc00a":1}',
    "lone surrogate in UTF-8": b'"\xed\xa0\x80"',
    "overlong UTF-8": b'"\xc0\xaf"',
    "invalid UTF-8": b'{"a":"\xff"}',
    "invalid UTF-8 outside of texts": b"[1]\xff",
    "UTF-8 with a mark": b'\xef\xbb\xbf{"a":1}',
    "two marks": b"\xef\xbb\xbf\xef\xbb\xbf1",
    "UTF-16": '{"a":"ä"}'.encode("utf-16"),
    "UTF-16 without a mark": '{"a":"ä"}'.encode("utf-16-le"),
    "UTF-16, one character": b"1\x00",
    "UTF-32": '{"a":"ä"}'.encode("utf-32"),
    "UTF-32 without a mark": '{"a":"ä"}'.encode("utf-32-be"),
    "UTF-16 cut off": '"ä"'.encode("utf-16")[:-1],
    "trailing comma": b"[1,]",
    "trailing comma of an object": b'{"a":1,}',
    "trailing text": b"{} x",
    "two documents": b"1 2",
    "unfinished": b'{"a":[1,{"b"',
    "single quotes": b"{'a':1}",
    "comment": b"[1/* */]",
    "key that is no text": b"{1:2}",
    "number": b"42",
    "text": b'"x"',
    "null": b"null",
    "capital letters": b"True",
    "100 levels": b"[" * 100 + b"]" * 100,
    "100000 levels": b"[" * 100_000 + b"]" * 100_000,
    "100000 unfinished levels": b'{"a":' * 100_000,
}


@pytest.mark.parametrize("content", READ.values(), ids=READ)
def test_odd_documents_are_read_alike(content: bytes) -> None:
    """What orjson refuses or would read in another way is what the standard library makes of it."""
    fast, slow = both(parse_json, content)
    assert slow == fast


@pytest.mark.parametrize("value", WRITTEN.values(), ids=WRITTEN)
def test_odd_values_are_written_alike(value: Any) -> None:
    """The same bytes or the same refusal, which names the same place."""
    fast, slow = both(json_content, value)
    assert slow == fast


@pytest.mark.parametrize("value", WRITTEN.values(), ids=WRITTEN)
def test_odd_values_in_a_property_are_written_alike(value: Any) -> None:
    """The same where a program puts them into a model, whose properties are not checked."""
    model = MODELS["ConnectionModel"]()
    model.connection_name = value  # type: ignore[attr-defined]
    fast, slow = both(json_content, model)
    assert slow == fast


@pytest.mark.parametrize("number", [1e-7, 1e16, 1e22, 1e-300, 123456789.125, 5e-324])
def test_exponents_may_be_written_differently(number: float) -> None:
    """What differs in form is the same number."""
    written = json_content([number])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_io, "orjson", None)
        assert [number] == parse_json(written) == parse_json(json_content([number]))


def test_every_model_is_read_and_written_alike() -> None:
    """A model from the wire and back is the same with orjson and without, whatever it holds."""

    def round_trip(model: type[Model], document: bytes) -> tuple[list[Any], Any]:
        models = [model.from_dict(item) for item in parse_json(document)]
        return models, json.loads(json_content(models))

    for name, model in MODELS.items():
        chance = random.Random(name)
        content = json.dumps([object_for(model, chance) for _ in range(3)]).encode()

        fast, slow = both(partial(round_trip, model), content)

        assert slow == fast, name
        assert tuple is fast[0], name


LONG = [2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**25 + 1, -(10**19), 10**308, 10**309]
LONG_OR_NOT = [*LONG, float(2**63), 1e25, -1e19, 1e300, 5.0]


def places(value: Any) -> list[tuple[Any, Any]]:
    """List where there are values in a document: what holds each, and its key or position."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        for place in holder if isinstance(holder, dict) else range(len(holder)):
            found.append((holder, place))
            if isinstance(holder[place], (dict, list)):
                waiting.append(holder[place])
    return found


def read(model: str, content: bytes) -> Any:
    """Read a response as an operation does."""
    return read_body(
        JsonBody(ModelOf(model)), Received(content, "utf-8", {}), "dqops.client.models"
    )


@pytest.mark.parametrize("part", range(8))
def test_long_numbers_are_read_alike_anywhere(part: int) -> None:
    """Integers beyond 64 bits, and floats of that size, are the same with orjson."""
    for name in list(MODELS)[part::8]:
        chance = random.Random(name)
        for number in LONG_OR_NOT:
            document = json.loads(json.dumps(object_for(MODELS[name], chance)))  # a copy
            holder, place = chance.choice(places(document))
            holder[place] = chance.choice([number, [number], {"a": {"b": [1, number]}}])
            fast, slow = both(partial(read, name), json.dumps(document).encode())
            assert slow == fast, (name, number)


@pytest.mark.parametrize("number", LONG, ids=str)
def test_long_numbers_keep_their_digits(number: int) -> None:
    """All digits of whole numbers are kept, but for those that are described as fractions."""
    content = b'{"checkHash":%d,"actualValue":%d,"new":{"a":[%d]}}' % (number, number, number)
    for found in both(partial(read, "CheckResultEntryModel"), content):
        fits = -(2**63) <= number < 2**64
        value = number if fits else float(number) if number < 10**309 else math.inf
        expected = CheckResultEntryModel(
            check_hash=number,
            actual_value=value,
            additional_properties={"new": {"a": [number]}},
        )
        assert (type(expected), repr(expected)) == found


TEXTS = st.text(st.characters(), max_size=8)
NUMBERS = st.one_of(
    st.integers(),
    st.integers(-(2**70), 2**70),
    st.sampled_from([2**63, 2**64, -(2**63), 10**18, 10**19, 10**20]).flatmap(
        lambda middle: st.integers(middle - 2, middle + 2)
    ),
    st.floats(),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)


@given(VALUES, st.booleans())
@settings(suppress_health_check=[HealthCheck.too_slow])  # what is slow is a busy machine
def test_any_document_is_read_alike(value: Any, ascii_only: bool) -> None:
    """Whatever the standard library writes is read alike, NaN and single surrogates included."""
    content = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    fast, slow = both(parse_json, content)
    assert slow == fast


@given(VALUES, st.data())
def test_any_broken_document_is_read_alike(value: Any, data: st.DataObject) -> None:
    """A document with some bytes changed is the same value or the same error."""
    content = bytearray(json.dumps(value).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 2))] = data.draw(
            st.one_of(
                st.sampled_from(b'"\\[]{},:eE+-.019 nN\x00\xef\xff'), st.integers(0, 255)
            ).map(lambda byte: bytes([byte]))
        )
    fast, slow = both(parse_json, bytes(content))
    assert slow == fast


@given(VALUES)
def test_any_value_is_written_alike(value: Any) -> None:
    """The same document but for exponents, or the same refusal."""

    def written(plain: Any) -> str:
        return repr(json.loads(json_content(plain)))

    fast, slow = both(written, value)
    assert slow == fast


@given(st.integers(0, 2**64 - 1))
def test_every_float_is_read_alike(bits: int) -> None:
    """The nearest float, to the last bit."""
    (number,) = struct.unpack("d", struct.pack("Q", bits))
    for text in (repr(number), f"{number:.25e}", f"{number:.3f}"):
        fast, slow = both(parse_json, text.encode())
        assert slow == fast


def test_orjson_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is plain, hashes of 19 digits included, never reaches the standard library."""

    def refuse(*_: Any) -> Any:
        raise AssertionError("the standard library was asked")

    monkeypatch.setattr(json, "loads", refuse)
    monkeypatch.setattr(json.JSONEncoder, "encode", refuse)
    value = {"checkHash": -8120643597214830055, "dataGroupHash": 9120643597214830055, "x": [1.5]}
    assert value == parse_json(json_content(value))
    assert read("CheckResultEntryModel", json_content(value)).to_dict() == value


def test_only_odd_documents_are_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long number in one response does not slow down the next one, nor any without orjson."""
    asked: list[bytes] = []
    loads = json.loads

    def count(content: bytes) -> Any:
        asked.append(content)
        return loads(content)

    monkeypatch.setattr(json, "loads", count)
    odd = [b'{"new":%d}' % 2**70, b'{"checkHash":%d}' % 2**70]
    documents = [odd[0], b'{"new":1}', odd[1], b'{"new":1.5}', b'{"new":1e25}']
    for content in documents:
        read("CheckResultEntryModel", content)
    assert asked == odd

    asked.clear()
    monkeypatch.setattr(json_io, "orjson", None)
    for content in documents:
        read("CheckResultEntryModel", content)
    assert asked == documents
