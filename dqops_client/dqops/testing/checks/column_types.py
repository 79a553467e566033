"""The families of column types, whatever a data source calls them."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["data_type_category"]

# The first pattern that is found at the beginning of a type's name decides.
_CATEGORIES = (
    (r"array|.*\[\]", "array"),
    (r"json|variant", "json"),
    (r"binary|varbinary|bytea|bytes|blob|raw|image", "binary"),
    (r"bool|bit\b", "bool"),
    (r"n?clob|n?text$|(tiny|medium|long)text", "clob"),
    (r"date$", "datetime_date"),
    (r"timestamp without|datetime(?!offset)|timestamp_ntz|smalldatetime", "datetime_datetime"),
    (r"timestamp|datetimeoffset", "datetime_timestamp"),
    (r"time", "datetime_time"),
    (r"float|double|real", "numeric_float"),
    (r"decimal|numeric|number|bignumeric|bigdecimal|(small)?money", "numeric_decimal"),
    (
        r"(tiny|small|medium|big|huge|u)?int(?!erval)|integer|(big|small)?serial|byte|short|long",
        "numeric_integer",
    ),
    (r"n?(var)?char|character|string|text|uuid|uniqueidentifier", "text"),
)


@lru_cache(maxsize=256)
def data_type_category(data_type: str) -> str:
    """Tell to which family a column type belongs.

    Args:
        data_type: The physical type, such as `VARCHAR(100)`.

    Returns:
        The `DataTypeCategory` on the wire; `other` for a type that is not known.
    """
    name = data_type.strip().lower()
    for pattern, category in _CATEGORIES:
        if re.match(pattern, name):
            return category
    return "other"
