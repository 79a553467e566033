"""Pictures and pages about the data; plots need the extra `reports` (matplotlib).

    from dqops import frames, reports

    results = frames.check_results(client, filters)
    reports.plot_status(results)
    reports.write_report(client, "report.html", filters, days=30)

Everything here is loaded when it is first named.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any

    from .page import write_report as write_report
    from .plots import plot_histogram as plot_histogram
    from .plots import plot_history as plot_history
    from .plots import plot_status as plot_status

__all__ = ["plot_histogram", "plot_history", "plot_status", "write_report"]

if not TYPE_CHECKING:
    # Out of sight of type checkers, which would let every misspelt name pass.
    def __getattr__(name: str) -> Any:
        import importlib

        if name not in __all__:
            from .._runtime.suggestions import no_such_name

            raise no_such_name(__name__, name, __all__)
        module = "page" if name == "write_report" else "plots"
        found = getattr(importlib.import_module(f"{__name__}.{module}"), name)
        globals()[name] = found  # the next look-up does not come here
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
