"""What a program may put into a request body although nobody should, or hardly ever does."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import math
import uuid
from collections import OrderedDict
from typing import Any, NamedTuple

from dqops.client.models import CheckType

__all__ = ["WRITTEN"]


class Plain(enum.Enum):
    """An enumeration whose members are no texts."""

    A = "a"
    N = math.nan


class Flag(enum.IntFlag):
    """An enumeration of numbers."""

    A = 1


class Pair(NamedTuple):
    """A tuple with names."""

    a: int
    b: str


@dataclasses.dataclass
class Data:
    """What orjson alone would write."""

    a: int = 1


class Text(str):
    """A text of a class of its own."""

    __slots__ = ()


class Number(float):
    """A number of a class of its own."""


ITSELF: dict[str, Any] = {}
ITSELF["itself"] = ITSELF


def nested(levels: int) -> list[Any]:
    """Make a list in a list in a list."""
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


WRITTEN: dict[str, Any] = {
    "scalars": [None, True, False, 0, -1, 1.5, -0.0, "ä☃🐘\u2028\x7f"],
    "null": None,
    "escapes": 'a/b"\\\b\f\n\r\t\x00\x1f',
    "order": {"b": 1, "a": 2, "": 3},
    "text of null": {"null": ":null,null[null"},
    "NaN": math.nan,
    "NaN in a list": [1.5, math.nan],
    "NaN first": [math.nan],
    "NaN beside null": {"a": None, "b": {"c": math.nan}},
    "infinity": {"a": -math.inf},
    "NaN as key": {math.nan: 1},
    "64 bits": [2**63 - 1, -(2**63), 2**64 - 1],
    "beyond 64 bits": [2**64],
    "beyond 64 bits, negative": -(2**63) - 1,
    "5000 digits": 10**5000,
    "lone surrogate": ["\ud800"],
    "lone surrogate as key": {"\ud800": 1},
    "keys that are no texts": {1: 1, None: 2, False: 3, 1.5: 4},
    "same key twice": {1: "a", "1": "b"},
    "member as key": {CheckType.PROFILING: 1},
    "unknown member as key": {CheckType.decode("new"): 1},
    "tuple as key": {(1, 2): 1},
    "date as key": {datetime.date(2024, 1, 31): 1},
    "members": [CheckType.PROFILING, CheckType.decode("new"), Plain.A, Flag.A],
    "member that is NaN": Plain.N,
    "class of members": Plain,
    "subclasses": [Text("x"), Number(1.5), Pair(1, "b"), OrderedDict(b=1, a=2), (1, 2)],
    "key of a subclass": {Text("x"): 1},
    "number of a subclass that is NaN": Number("nan"),
    "UUID": {"a": uuid.UUID(int=7)},
    "dates": [datetime.date(2024, 1, 31), datetime.datetime(2024, 1, 31), datetime.timedelta(1)],
    "time": datetime.time(1, 2),
    "dataclass": Data(),
    "decimal": decimal.Decimal("1.5"),
    "bytes": [b"x"],
    "bytearray": bytearray(b"x"),
    "memoryview": memoryview(b"x"),
    "set": {1, 2},
    "range": range(3),
    "object": object(),
    "itself": ITSELF,
    "300 levels": nested(300),
    "100000 levels": nested(100_000),
}
