"""Stop a pipeline where the data is bad."""

import sys
from typing import TYPE_CHECKING

from dqops import DQOps, jobs
from dqops.client.models import CheckSearchFilters

with DQOps("http://localhost:8888/", api_key="the API key", timeout=30) as dq:
    warehouse = CheckSearchFilters(connection="warehouse")
    verdict = jobs.gate(dq, warehouse, at_least="error", timeout=600)
    print("passed:", verdict.passed, "severity:", verdict.severity)
    try:
        verdict.raise_if_failed()
    except jobs.QualityGateFailed as stop:
        for failure in stop.failures:
            print(failure.table, failure.check, failure.severity, failure.actual_value)
    except jobs.JobError as error:
        print(error, file=sys.stderr)

if TYPE_CHECKING:
    reveal_type(verdict)
    reveal_type(verdict.failures)
