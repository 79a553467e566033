"""The first call of README; `make types` reads it."""

from __future__ import annotations

from dqops import DQOps

with DQOps("http://localhost:8888/", api_key="the API key") as dq:
    print(dq.healthcheck.is_healthy())
    for table in dq.tables.iterate("warehouse", "public"):
        print(table.target.table_name)
