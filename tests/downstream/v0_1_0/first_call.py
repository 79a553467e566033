"""The first call, as the README has it."""

from dqops import DQOps

with DQOps("http://localhost:8888/", api_key="the API key") as dq:
    print(dq.healthcheck.is_healthy())
    for table in dq.tables.iterate("warehouse", "public"):
        print(table.target.table_name)
