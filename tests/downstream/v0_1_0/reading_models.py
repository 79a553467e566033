"""Read and write models."""

import json
from typing import TYPE_CHECKING

import dqops
from dqops.client.models import (
    CheckResultEntryModel,
    CheckSearchFilters,
    CheckType,
    RuleSeverityLevel,
    TableSpec,
    TimePeriodGradient,
)
from dqops.client.types import UNSET, Unset, is_set, or_none

entry = CheckResultEntryModel.from_dict(
    {"id": "1", "checkName": "daily_row_count", "severity": 2, "actualValue": 7.5, "new": True}
)
print(entry.check_name, entry.severity, entry.actual_value, entry.column_name is UNSET)
print(or_none(entry.column_name), is_set(entry.actual_value))
print(entry.additional_properties)
filters = CheckSearchFilters(connection="warehouse", check_type="monitoring")
print(filters.to_dict(), filters.check_type == CheckType.MONITORING)
print(RuleSeverityLevel.WARNING < RuleSeverityLevel.ERROR, TimePeriodGradient("day").value)
print(json.dumps([filters], default=dqops.to_json))
spec = TableSpec(disabled=True)
print(spec.to_dict(), isinstance(spec.priority, Unset))

if TYPE_CHECKING:
    reveal_type(entry.check_name)
    reveal_type(entry.actual_value)
    reveal_type(or_none(entry.actual_value))
    reveal_type(filters.check_type)
