"""Gates the tables that `dbt build` has just made: python dbt_gate.py CONNECTION [TARGET].

CONNECTION is the name in DQOps of the database that dbt writes to, TARGET the folder with dbt's
`manifest.json` and `run_results.json`. DQOPS_URL and DQOPS_API_KEY say where DQOps is. The exit
code is 1 if the data of a model is not good, or not known to be.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from dqops import DQOps, jobs
from dqops.client.models import CheckSearchFilters


def built_models(target: Path) -> tuple[str, list[str]]:
    """Read which models the last invocation of dbt has made.

    Args:
        target: The folder with what dbt writes.

    Returns:
        The id of the invocation, and schema and table of each model.
    """
    nodes: dict[str, Any] = json.loads((target / "manifest.json").read_text("utf-8"))["nodes"]
    run = json.loads((target / "run_results.json").read_text("utf-8"))
    made = [each["unique_id"] for each in run["results"] if each["status"] == "success"]
    models = [nodes[each] for each in made if nodes[each]["resource_type"] == "model"]
    tables = [f"{each['schema']}.{each['alias']}" for each in models]
    return run["metadata"]["invocation_id"], tables


def main(arguments: list[str]) -> int:
    """Run the checks of all models, many at once, and judge each.

    Args:
        arguments: The connection, and the folder.

    Returns:
        The exit code.
    """
    connection, *rest = arguments
    invocation, tables = built_models(Path(rest[0] if rest else "target"))
    requests = [
        jobs.RUN_CHECKS.request(
            CheckSearchFilters(connection=connection, full_table_name=table),
            # A step that is run again for the same invocation takes up its jobs.
            business_key=f"dbt-{invocation}-{number}",
        )
        for number, table in enumerate(tables)
    ]
    bad = 0
    with (
        DQOps.from_env() as dq,
        jobs.as_completed(dq, requests, if_exists="attach", cancel_on_interrupt=True) as done,
    ):
        for request, outcome in done:
            passed = False
            said: object = outcome
            if isinstance(outcome, jobs.Outcome):
                verdict = outcome.judge()
                passed, said = verdict.passed, verdict
            bad += not passed
            print(f"{request.label}: {said}")
    print(f"{len(tables) - bad} of {len(tables)} models are good")
    return 1 if bad or not tables else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
