"""What DQOps has stored, as Arrow tables; it comes with the extra `frames` (pyarrow).

    from dqops import frames

    results = frames.check_results(client, CheckSearchFilters(connection="warehouse"))
    results.to_pandas(); polars.from_arrow(results); duckdb.sql("select * from results")

Everything here is loaded when it is first named.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any

    from .schemas import SEVERITIES as SEVERITIES
    from .schemas import FrameName as FrameName
    from .tables import check_results as check_results
    from .tables import column_profiles as column_profiles
    from .tables import error_samples as error_samples
    from .tables import errors as errors
    from .tables import incidents as incidents
    from .tables import schema as schema
    from .tables import sensor_readouts as sensor_readouts
    from .tables import stream as stream
    from .tables import table_statuses as table_statuses

__all__ = [
    "SEVERITIES",
    "FrameName",
    "check_results",
    "column_profiles",
    "error_samples",
    "errors",
    "incidents",
    "schema",
    "sensor_readouts",
    "stream",
    "table_statuses",
]

if not TYPE_CHECKING:
    # Out of sight of type checkers, which would let every misspelt name pass.
    def __getattr__(name: str) -> Any:
        import importlib

        if name not in __all__:
            from .._runtime.suggestions import no_such_name

            raise no_such_name(__name__, name, __all__)
        module = "schemas" if name in {"SEVERITIES", "FrameName"} else "tables"
        found = getattr(importlib.import_module(f"{__name__}.{module}"), name)
        globals()[name] = found  # the next look-up does not come here
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
