"""Scalars, times and combinations of kinds are read tolerantly and written exactly."""

from __future__ import annotations

import datetime
import json
import math
import uuid
from typing import Any

import pytest
from dqops.client import models
from dqops.client.errors import DecodeError
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.runtime import (
    ANY,
    BOOLEAN,
    DATE,
    DURATION,
    INSTANT,
    INTEGER,
    LOCAL_DATE_TIME,
    LOCAL_DATE_TIMES,
    NUMBER,
    STRING,
    UUID_STRING,
    Converter,
    EnumOf,
    ListOf,
    Model,
    ModelOf,
    Nullable,
    OneOf,
    Property,
    decoder,
    encoder,
    parse_date_time,
)

UTC = datetime.UTC
SECOND = datetime.datetime(2024, 1, 31, 10, 20, 30)


def decode(converter: Converter, value: Any) -> Any:
    """Read a value as a model does."""
    return decoder(converter, models)(value)


def encode(converter: Converter, value: Any) -> Any:
    """Write a value as a model does."""
    write = encoder(converter, models)
    return value if write is None else write(value)


def hours(count: float) -> datetime.timezone:
    """Return the time zone with this offset."""
    return datetime.timezone(datetime.timedelta(hours=count))


@pytest.mark.parametrize(
    "text",
    [
        "20240131T102030Z",
        "20240131T10:20:30Z",
        "2024-W05-3T10:20:30Z",
        "2024W053T102030Z",
        "2024-031T10:20:30Z",
        "2024-031T10:20:30+00:00",
    ],
)
def test_rare_forms_of_iso_8601(text: str) -> None:
    """Basic form, week dates and days of the year are read like the usual form."""
    assert repr(SECOND.replace(tzinfo=UTC)) == repr(decode(INSTANT, text))


@pytest.mark.parametrize("separator", ["T", "t", " ", "_", "x", "5", "\n", "☃", "\ud800"])
@pytest.mark.parametrize("date", ["2024-01-31", "2024-W05-3"])
def test_any_character_between_date_and_time(date: str, separator: str) -> None:
    """Python takes any, so do we, in every version, and whatever reads the text."""
    text = f"{date}{separator}10:20:30.000Z"
    expected = SECOND.replace(tzinfo=UTC)

    assert expected == parse_date_time(text)
    assert expected == decode(INSTANT, text)
    assert expected.replace(tzinfo=None) == decode(LOCAL_DATE_TIME, text)
    for _ in range(2):  # the second time, the class knows how
        result = models.CheckResultEntryModel.from_dict({"executedAt": text})
        assert expected == result.executed_at


@pytest.mark.parametrize("digits", range(11))
@pytest.mark.parametrize(
    ("suffix", "zone"), [("Z", UTC), ("z", UTC), ("+05:30", hours(5.5)), ("-0800", hours(-8))]
)
def test_fraction_digits(digits: int, suffix: str, zone: datetime.timezone) -> None:
    """Any number of fraction digits is read; what is finer than a microsecond is cut off."""
    fraction = "1239999999"[:digits]
    expected = SECOND.replace(microsecond=int(fraction[:6].ljust(6, "0")), tzinfo=zone)
    text = f"2024-01-31T10:20:30{'.' if digits else ''}{fraction}"

    assert repr(expected) == repr(decode(INSTANT, text + suffix))
    assert expected.replace(tzinfo=UTC) == decode(INSTANT, text)
    assert expected.replace(tzinfo=None) == decode(LOCAL_DATE_TIME, text)
    assert decode(LOCAL_DATE_TIME, text + suffix).tzinfo is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1706696430, "2024-01-31T10:20:30Z"),
        (1706696430.5, "2024-01-31T10:20:30.500000Z"),
        (1706696430123, "2024-01-31T10:20:30.123000Z"),
        (1706696430123.0, "2024-01-31T10:20:30.123000Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (-1706696430123, "1915-12-02T13:39:29.877000Z"),
        ("2024-01-31", "2024-01-31T00:00:00Z"),
        ("2024-01-31 10:20", "2024-01-31T10:20:00Z"),
        ("2024-01-31T10:20:30,5+00", "2024-01-31T10:20:30.500000Z"),
        ("2024-01-31T10:20:30-00:00", "2024-01-31T10:20:30Z"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999Z"),
        ("1900-01-01T00:00:00+00:19:32", "1900-01-01T00:00:00+00:19:32"),
    ],
)
def test_instant(value: Any, expected: str) -> None:
    """Epoch seconds, epoch milliseconds and ISO texts become aware times."""
    moment = decode(INSTANT, value)

    assert expected == encode(INSTANT, moment)
    assert moment.tzinfo is not None


GARBAGE: list[Any] = [
    "",
    " ",
    "soon",
    "2024",
    "2024-01",
    "20240131",
    "2024-W05-3",
    "10:20:30",
    "2024-13-01",
    "2024-02-30T00:00:00Z",
    "2024-01-31T25:00:00Z",
    "2024-01-31T10:20:60Z",
    "10000-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "-2024-01-31T10:20:30Z",
    "2024-01-31T10:20:30.Z",
    "2024-01-31T10:20:30Z ",
    "2024-01-31T10:20:30 Z",
    "2024-01-31T10:20:30.1x2Z",
    "2024-01-31T10:20.30Z",
    "2024-01-31T10:20:30ZZ",
    "2024-01-31T10:20:30+24:00",
    "2024-01-31T10:20:30Z\n",
    "٢٠٢٤-01-31T10:20:30Z",
    "x" * 100_000,
    True,
    [],
    {},
    [2024, 1, 31],
    1e300,
    -1e300,
    10**400,
    math.nan,
    math.inf,
    253402300800000,
]


@pytest.mark.parametrize("value", GARBAGE, ids=range(len(GARBAGE)))
@pytest.mark.parametrize("converter", [INSTANT, LOCAL_DATE_TIME], ids=["instant", "local"])
def test_no_time(converter: Converter, value: Any) -> None:
    """What is no time, or out of range, is a decode error of bounded length."""
    with pytest.raises(DecodeError) as caught:
        decode(converter, value)

    assert len(str(caught.value)) < 250


def test_every_python_reads_times_alike() -> None:
    """Changed letters are read, or refused, as the table says, whatever the Python version."""
    text = "2024-01-31T10:20:30.5Z"
    accepted = []
    for position in range(len(text)):
        for letter in "0:-+.T ,Zz":
            changed = text[:position] + letter + text[position + 1 :]
            try:
                accepted.append(f"{changed} {parse_date_time(changed).isoformat()}")
            except ValueError:
                continue

    odd = [line for line in accepted if not line.endswith("10:20:30.500000+00:00")]
    assert [
        "0024-01-31T10:20:30.5Z 0024-01-31T10:20:30.500000+00:00",
        "2004-01-31T10:20:30.5Z 2004-01-31T10:20:30.500000+00:00",
    ] == [line for line in accepted if line.startswith(("0", "200"))]
    assert [
        "2024-01-31T00:20:30.5Z 2024-01-31T00:20:30.500000+00:00",
        "2024-01-31T10:00:30.5Z 2024-01-31T10:00:30.500000+00:00",
        "2024-01-31T10:20:00.5Z 2024-01-31T10:20:00.500000+00:00",
        "2024-01-31T10:20:30.0Z 2024-01-31T10:20:30+00:00",
        "2024-01-31T10:20:30.50 2024-01-31T10:20:30.500000",
    ] == odd


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (SECOND, "2024-01-31T10:20:30Z"),
        (SECOND.replace(tzinfo=UTC, microsecond=1), "2024-01-31T10:20:30.000001Z"),
        (SECOND.replace(tzinfo=hours(-8)), "2024-01-31T10:20:30-08:00"),
        ("as the server likes it", "as the server likes it"),
    ],
)
def test_write_instant(value: Any, expected: str) -> None:
    """A naive time counts as UTC; a text is passed on."""
    assert expected == encode(INSTANT, value)


@given(st.datetimes(), st.sampled_from([None, UTC, hours(5.5)]))
@example(datetime.datetime(1, 1, 1), UTC)
@example(datetime.datetime(9999, 12, 31, 23, 59, 59, 999999), UTC)
@example(datetime.datetime(2024, 1, 31, 10, 20, 30, 1), None)
def test_times_are_written_as_python_writes_them(
    wall_clock: datetime.datetime, zone: datetime.timezone | None
) -> None:
    """Each year and each fraction comes out as `isoformat` has it."""
    moment = wall_clock.replace(tzinfo=zone)
    offset = "+05:30" if zone not in {None, UTC} else "Z"

    assert wall_clock.isoformat() + offset == encode(INSTANT, moment)
    assert wall_clock.isoformat() == encode(LOCAL_DATE_TIME, wall_clock)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("PT1H30M", datetime.timedelta(hours=1, minutes=30)),
        ("P2DT3.5S", datetime.timedelta(days=2, seconds=3.5)),
        ("-PT1.5S", datetime.timedelta(seconds=-1.5)),
        ("PT-0.5S", datetime.timedelta(seconds=-0.5)),
        ("PT-1H-0.25S", -datetime.timedelta(hours=1, seconds=0.25)),
        ("pt0.123456789s", datetime.timedelta(microseconds=123456)),
        ("PT86399913600.000001S", datetime.timedelta(days=999999, microseconds=1)),
        (90.5, datetime.timedelta(seconds=90.5)),
    ],
)
def test_durations(value: Any, expected: datetime.timedelta) -> None:
    """java.time.Duration's texts and seconds are read, and survive the way back."""
    assert expected == decode(DURATION, value)
    assert expected == decode(DURATION, encode(DURATION, expected))


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "PT0S"), (-1.5, "PT-1.5S"), (-0.000001, "PT-0.000001S")]
)
def test_write_durations(seconds: float, text: str) -> None:
    """Fractions keep their sign."""
    assert text == encode(DURATION, datetime.timedelta(seconds=seconds))


UNREADABLE: list[tuple[Converter, Any, str]] = [
    (STRING, 1, "a string, got 1"),
    (STRING, b"x", "a string, got a value of type bytes"),
    (INTEGER, True, "an integer, got true"),
    (INTEGER, 1.5, "an integer, got 1.5"),
    (INTEGER, "1", "an integer, got '1'"),
    (INTEGER, math.nan, "an integer, got nan"),
    (INTEGER, math.inf, "an integer, got inf"),
    (NUMBER, [], "a number, got an array of 0 items"),
    (NUMBER, {"a": 1}, "a number, got an object with 1 property"),
    (NUMBER, "12", "a number, got '12'"),
    (NUMBER, False, "a number, got false"),
    (STRING, 10**5000, "a string, got a very large number"),
    (BOOLEAN, "true", "a boolean, got 'true'"),
    (BOOLEAN, 1, "a boolean, got 1"),
    (DATE, "2024-02-30", "a date such as 2024-01-31, got '2024-02-30'"),
    (DATE, 20240131, "a date such as 2024-01-31, got 20240131"),
    (DURATION, "PT", "a duration such as PT1H30M, got 'PT'"),
    (DURATION, "P1DT", "a duration such as PT1H30M, got 'P1DT'"),
    (DURATION, math.nan, "a duration such as PT1H30M, got nan"),
    (DURATION, "P9999999999D", "a duration such as PT1H30M, got 'P9999999999D'"),
    (UUID_STRING, "x", "a UUID, got 'x'"),
    (EnumOf("CheckType"), ["profiling"], "a string (CheckType), got an array of 1 item"),
    (EnumOf("CheckType", int), True, "an integer (CheckType), got true"),
    (ListOf(STRING), {"a": 1}, "an array, got an object with 1 property"),
    (ModelOf("CommentSpec"), "x" * 99, f"an object (CommentSpec), got '{'x' * 60}...'"),
]


@pytest.mark.parametrize(("converter", "value", "message"), UNREADABLE, ids=lambda _: "")
def test_wrong_kind(converter: Converter, value: Any, message: str) -> None:
    """The message says what belongs there and shows a glimpse of what was found."""
    with pytest.raises(DecodeError) as caught:
        decode(converter, value)

    assert f"expected {message}" == caught.value.problem


READABLE: list[tuple[Converter, Any, Any, Any]] = [
    (INTEGER, 5.0, 5, 5),
    (NUMBER, 5, 5, 5),
    (NUMBER, "-Infinity", -math.inf, -math.inf),
    (DATE, "2024-01-31T23:00:00Z", datetime.date(2024, 1, 31), "2024-01-31"),
    (
        UUID_STRING,
        "00000000-0000-0000-0000-0000000000AB",
        uuid.UUID(int=171),
        str(uuid.UUID(int=171)),
    ),
    (ListOf(STRING), ["a", None], ["a", None], ["a", None]),
    (ListOf(Nullable(INTEGER)), [None, 1], [None, 1], [None, 1]),
    (OneOf(INTEGER, STRING), "a", "a", "a"),
    (
        OneOf(INSTANT, STRING),
        "2024-01-31",
        datetime.datetime(2024, 1, 31, tzinfo=UTC),
        "2024-01-31T00:00:00Z",
    ),
    (OneOf(Nullable(INTEGER), STRING), None, None, None),
    (ANY, {"a": [None]}, {"a": [None]}, {"a": [None]}),
]


@pytest.mark.parametrize(("converter", "wire", "value", "written"), READABLE, ids=lambda _: "")
def test_other_kinds(converter: Converter, wire: Any, value: Any, written: Any) -> None:
    """What is close enough is read, and written in its regular form."""
    decoded = decode(converter, wire)

    assert (value, type(value)) == (decoded, type(decoded))
    assert written == (None if decoded is None else encode(converter, decoded))


def test_no_alternative_fits() -> None:
    """The problems of all alternatives are told, with their places."""
    with pytest.raises(DecodeError) as caught:
        decode(OneOf(INTEGER, ModelOf("CommentSpec")), {"comment": 1})

    assert (
        "no variant matches: expected an integer, got an object with 1 property; expected "
        "a string, got 1 at comment"
    ) == caught.value.problem


class Strict(Model):
    """A model as the golden specification has one, with a required property."""

    _properties = (Property("aKey", "a_key", STRING, required=True), Property("b", "b", STRING))
    __module__ = "dqops.client.models.strict"


def test_required() -> None:
    """A required property must be there; null is kept."""
    with pytest.raises(DecodeError) as caught:
        Strict.from_dict({"b": "x"})

    assert "cannot decode the value: required properties of Strict are missing: aKey" == str(
        caught.value
    )
    assert {"aKey": None} == Strict.from_dict({"aKey": None}).to_dict()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.datetimes().map(str)
    | st.sampled_from(["NaN", "P1D", "profiling", "2024-01-31T00:00:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
FUZZED: list[type[Model]] = [
    models.CheckResultsListModel,
    models.CheckResultEntryModel,
    models.DqoQueueJobId,
    models.TimeWindowFilterParameters,
    models.TableSpec,
    models.HierarchyIdModel,
    models.TableCurrentDataQualityStatusModel,
    models.SpringErrorPayload,
]


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(data=st.data())
def test_any_json_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever the JSON, the result is a model that can be written and read, or a DecodeError."""
    model = data.draw(st.sampled_from(FUZZED))
    keys = st.sampled_from([item.key for item in model._properties]) | st.text(max_size=5)
    wire: Any = data.draw(st.dictionaries(keys, JSON, max_size=4) | JSON)
    try:
        result = model.from_dict(wire)
    except DecodeError:
        return
    written = json.dumps(result.to_dict())
    assert written == json.dumps(model.from_dict(json.loads(written)).to_dict())


def test_local_times_are_kept_within_bounds() -> None:
    """However many times a server sends, and however long, little is kept of them."""
    for second in range(3000):
        hour, minute = divmod(second // 60, 60)
        text = f"2024-01-31T{hour:02d}:{minute:02d}:{second % 60:02d}"
        assert LOCAL_DATE_TIMES[text] == datetime.datetime.fromisoformat(text)
        assert LOCAL_DATE_TIMES[f"{text}.{'0' * 1000}"] == datetime.datetime.fromisoformat(text)
        assert len(LOCAL_DATE_TIMES) <= 1024
    assert max(map(len, LOCAL_DATE_TIMES)) < 30
    with pytest.raises(DecodeError):
        LOCAL_DATE_TIMES[True]  # type: ignore[index]
