"""Check results as an Arrow table."""

from dqops import DQOps, frames, jobs
from dqops.client.models import CheckSearchFilters

with DQOps("http://localhost:8888/", api_key="the API key") as dq:
    filters = CheckSearchFilters(connection="warehouse", check_type="monitoring")
    jobs.run_checks(dq, filters, timeout=60)
    table = frames.check_results(dq, filters)
    columns = {"table", "column", "check", "severity", "actual_value"}
    print(sorted(columns & set(table.column_names)))
    print(table.num_rows > 10)
    bad = {row["check"] for row in table.to_pylist() if row["severity"] in {"error", "fatal"}}
    print(*sorted(bad))
