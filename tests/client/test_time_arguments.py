"""Dates and times as arguments: what the server would misread is refused, in queries and bodies."""

from __future__ import annotations

import datetime
import json
import math
import numbers
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import Client, errors
from dqops.client.api.check_results import get_table_data_quality_status, get_table_issues_histogram
from dqops.client.api.incidents import find_recent_incidents_on_connection, get_incident
from dqops.client.api.jobs import run_checks
from dqops.client.api.sensor_readouts import get_table_profiling_sensor_readouts
from dqops.client.models import RunChecksParameters, TimeWindowFilterParameters

if TYPE_CHECKING:
    from support.raw_server import RawServer

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
EMPTY = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n[]"
NOTHING_THERE = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
NAIVE = datetime.datetime(2024, 1, 31, 5)
UTC = NAIVE.replace(tzinfo=datetime.UTC)
WEST = NAIVE.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))
DAY = datetime.date(2024, 1, 31)
TABLE = ("c", "s", "t")


class Timestamp(datetime.datetime):
    """A datetime of another library, such as pandas."""


class NotATime(datetime.datetime):
    """What pandas writes for a missing time: a datetime that is not equal to itself."""

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True

    __hash__ = datetime.datetime.__hash__


STAMP = Timestamp(2024, 1, 31, 5)
MISSING = NotATime(2024, 1, 31)

NO_OFFSET = "expected a local date and time without an offset, got 2024-01-31T05:00:00"
NO_DAY = "expected a date and a time of day, got the date 2024-01-31"
NO_TIME = "expected a date without a time of day, got 2024-01-31T05:00:00"
NOTHING = "expected a date or time, got NotATime"

# For each kind of field: value, and what is sent or why it is refused.
LOCAL: list[tuple[Any, str | None, str]] = [
    (NAIVE, "2024-01-31T05:00:00", ""),
    (STAMP, "2024-01-31T05:00:00", ""),
    ("2024-01-31T05:00:00", "2024-01-31T05:00:00", ""),
    (NAIVE.replace(microsecond=1500), "2024-01-31T05:00:00.001500", ""),
    (UTC, None, NO_OFFSET + r"\+00:00"),
    (WEST, None, NO_OFFSET + r"-05:00: the server would ignore the offset"),
    (STAMP.replace(tzinfo=datetime.UTC), None, NO_OFFSET),
    (MISSING, None, NOTHING),
]
INSTANT: list[tuple[Any, str | None, str]] = [
    (UTC, "2024-01-31T05:00:00Z", ""),
    (WEST, "2024-01-31T05:00:00-05:00", ""),
    (NAIVE, "2024-01-31T05:00:00Z", ""),
    (DAY, None, NO_DAY),
    (MISSING, None, NOTHING),
]
DATES: list[tuple[Any, str | None, str]] = [
    (DAY, "2024-01-31", ""),
    ("2024-01-31", "2024-01-31", ""),
    (NAIVE, None, NO_TIME),
    (UTC, None, NO_TIME),
    (STAMP, None, NO_TIME),
    (MISSING, None, NOTHING),
]

QUERIES: list[tuple[Any, str, str, Any, str | None, str]] = [
    *((get_table_data_quality_status, "since", "since", *each) for each in LOCAL),
    (get_table_data_quality_status, "since", "since", DAY, "2024-01-31T00:00:00", ""),
    *((get_table_issues_histogram, "executed_since", "executedSince", *each) for each in DATES),
    *((get_table_profiling_sensor_readouts, "month_start", "monthStart", *each) for each in DATES),
]
BODIES: list[tuple[str, Any, str | None, str]] = [
    *(("from_date_time", *each) for each in LOCAL),
    ("to_date_time", DAY, None, NO_DAY),
    *(("from_date_time_offset", *each) for each in INSTANT),
    *(("to_date", *each) for each in DATES),
]


@pytest.mark.parametrize(("operation", "argument", "name", "value", "sent", "reason"), QUERIES)
def test_query_parameter(
    raw_server: RawServer,
    operation: Any,
    argument: str,
    name: str,
    value: Any,
    sent: str | None,
    reason: str,
) -> None:
    """A parameter is written by its own format, or refused under its name in Python."""
    raw_server.respond = lambda _, __: OK if operation is not LISTING else EMPTY
    with Client(raw_server.url) as client:
        if sent is not None:
            operation.sync(*TABLE, client=client, **{argument: value})
            target = raw_server.requests[0].split(b" ")[1].decode().replace("%3A", ":")
            assert f"{name}={sent}" == target.partition("?")[2]
            return
        with pytest.raises(errors.InvalidRequest, match=rf"^\w+: {argument}: {reason}"):
            operation.sync(*TABLE, client=client, **{argument: value})
    assert [] == raw_server.requests


LISTING = get_table_profiling_sensor_readouts


@pytest.mark.parametrize(("field", "value", "sent", "reason"), BODIES)
@pytest.mark.parametrize("is_fast", [True, False])
def test_field_of_a_body(
    raw_server: RawServer,
    monkeypatch: pytest.MonkeyPatch,
    field: str,
    value: Any,
    sent: str | None,
    reason: str,
    is_fast: bool,
) -> None:
    """A field is written by its own format, or refused with its place; orjson or not."""
    if not is_fast:
        monkeypatch.setattr(json_module(), "orjson", None)
    raw_server.respond = lambda _, __: OK
    window = TimeWindowFilterParameters(**{field: value})
    body = RunChecksParameters(time_window_filter=window)
    with Client(raw_server.url) as client:
        if sent is not None:
            run_checks.sync(client=client, json_body=body)
            content = json.loads(raw_server.requests[0].partition(b"\r\n\r\n")[2])
            assert {"time_window_filter": {field: sent}} == content
            return
        place = rf"json_body\.time_window_filter\.{field}"
        with pytest.raises(errors.InvalidRequest, match=rf"^run_checks: {place}: {reason}"):
            run_checks.sync(client=client, json_body=body)
    assert [] == raw_server.requests
    with pytest.raises(errors.InvalidRequest, match=rf"^{reason}"):
        window.to_dict()


def json_module() -> Any:
    """Find the module that writes JSON."""
    from support.runtime import json_io as _json

    return _json


def test_naive_time_of_the_repeated_hour_is_sent_as_it_stands(raw_server: RawServer) -> None:
    """A local time has no offset, so nothing is lost that it had."""
    raw_server.respond = lambda _, __: OK
    moment = datetime.datetime(2024, 10, 27, 2, 30, fold=1)
    with Client(raw_server.url) as client:
        get_table_data_quality_status.sync(*TABLE, client=client, since=moment)
    assert b"since=2024-10-27T02%3A30%3A00 " in raw_server.requests[0]


def test_nothing_that_was_read_is_refused() -> None:
    """What a server sends is written again, whatever form its times have."""
    content = {
        "from_date": "2024-01-31",
        "from_date_time": "2024-01-31T05:00:00.5+02:00",
        "from_date_time_offset": "2024-01-31T05:00:00.5+02:00",
    }
    expected = {
        "from_date": "2024-01-31",
        "from_date_time": "2024-01-31T05:00:00.500000",
        "from_date_time_offset": "2024-01-31T05:00:00.500000+02:00",
    }
    assert expected == TimeWindowFilterParameters.from_dict(content).to_dict()


class _Foreign:
    """A scalar of NumPy, which the tests do not install."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __int__(self) -> int:
        return int(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)


def _foreign(name: str, kind: Any = None) -> type[_Foreign]:
    made = type(name, (_Foreign,), {"__module__": "numpy"})
    if kind is not None:
        kind.register(made)
    return made


Int64, Float32 = _foreign("int64", numbers.Integral), _foreign("float32", numbers.Real)
Bool, Delta = _foreign("bool"), _foreign("timedelta64", numbers.Integral)
Moment = _foreign("datetime64")


@pytest.mark.parametrize("is_fast", [True, False])
def test_scalars_of_numpy(
    raw_server: RawServer, monkeypatch: pytest.MonkeyPatch, is_fast: bool
) -> None:
    """Integers, floats and booleans are accepted in bodies, queries and paths."""
    if not is_fast:
        monkeypatch.setattr(json_module(), "orjson", None)
    raw_server.respond = lambda _, __: NOTHING_THERE
    body = {"a": [Int64(7), Float32(0.5)], "dummy_execution": Bool(True), "c": Bool(False)}
    window = TimeWindowFilterParameters(daily_partitioning_recent_days=Int64(7))  # type: ignore[arg-type]
    with Client(raw_server.url, raise_on_unexpected_status=False) as client:
        run_checks.sync_detailed(client=client, json_body=body, wait=Bool(True))  # type: ignore[arg-type]
        run_checks.sync_detailed(
            client=client, json_body=RunChecksParameters(time_window_filter=window)
        )
        find_recent_incidents_on_connection.sync("c", client=client, months=Int64(3))  # type: ignore[arg-type]
        get_incident.sync("c", Int64(2024), 1, "i", client=client)  # type: ignore[arg-type]

    contents = [each.partition(b"\r\n\r\n")[2] for each in raw_server.requests]
    targets = [each.split(b" ")[1].decode() for each in raw_server.requests]
    assert b'{"a":[7,0.5],"dummy_execution":true,"c":false}' == contents[0]
    assert b'{"time_window_filter":{"daily_partitioning_recent_days":7}}' == contents[1]
    assert ["wait=true", "months=3"] == [targets[0].partition("?")[2], targets[2].partition("?")[2]]
    assert "/api/incidents/c/2024/1/i" == targets[3]


@pytest.mark.parametrize("value", [Delta(7), Moment(7), Float32(math.nan)])
def test_other_scalars_of_numpy_are_refused(raw_server: RawServer, value: Any) -> None:
    """A duration that passes for a whole number is none, and NaN is sent nowhere."""
    with Client(raw_server.url) as client:
        with pytest.raises(errors.InvalidRequest):
            run_checks.sync(client=client, json_body={"a": value})  # type: ignore[arg-type]
        with pytest.raises(errors.InvalidRequest):
            find_recent_incidents_on_connection.sync("c", client=client, months=value)
    assert [] == raw_server.requests
