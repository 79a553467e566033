"""The gate of README; `make types` reads it."""

from __future__ import annotations

from dqops import DQOps, jobs
from dqops.client.models import CheckSearchFilters

with DQOps("http://localhost:8888/", api_key="the API key") as dq:
    verdict = jobs.gate(dq, CheckSearchFilters(connection="warehouse"), at_least="error")
    try:
        verdict.raise_if_failed()
    except jobs.QualityGateFailed as stop:
        print(len(stop.failures), "results are bad")
