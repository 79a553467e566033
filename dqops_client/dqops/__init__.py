"""The `dqops` package: `DQOps` is the client of DQOps' REST API, with every operation as a method.

`dqops.client` has what it is made of, `dqops.jobs` runs jobs. All of it is loaded when it is first
named.
"""

import os as _os

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from . import checks as checks
    from . import client as client
    from . import frames as frames
    from . import health as health
    from . import jobs as jobs
    from . import reports as reports
    from . import testing as testing
    from .client.errors import ClientWarning as DqopsWarning
    from .client.object import AsyncDQOps as AsyncDQOps
    from .client.object import DQOps as DQOps
    from .client.types import columns_of as columns_of
    from .client.types import to_json as to_json
    from .client.types import to_records as to_records
    from .versions import server_version as server_version
    from .versions import server_version_async as server_version_async

    __version__: str

__all__ = [
    "AsyncDQOps",
    "DQOps",
    "DqopsWarning",
    "columns_of",
    "server_version",
    "server_version_async",
    "to_json",
    "to_records",
]

_PACKAGES = ("checks", "client", "frames", "health", "jobs", "reports", "testing")
# Where a name is looked for that somebody takes for one of this package.
_ELSEWHERE = (
    "checks",
    "health",
    "jobs",
    "client",
    "client.errors",
    "client.types",
    "client.models",
    "testing",
    "reports",
)
_NAMES = {
    "AsyncDQOps": ("dqops.client.object", "AsyncDQOps"),
    "DQOps": ("dqops.client.object", "DQOps"),
    "DqopsWarning": ("dqops.client.errors", "ClientWarning"),
    "columns_of": ("dqops.client.types", "columns_of"),
    "to_json": ("dqops.client.types", "to_json"),
    "to_records": ("dqops.client.types", "to_records"),
    "server_version": ("dqops.versions", "server_version"),
    "server_version_async": ("dqops.versions", "server_version_async"),
}


def _refuse_mixed_installation() -> None:
    """Stop where files of the `dqops` distribution lie among ours.

    Both distributions install into the same folder, and the one that was installed last overwrites
    a part of the other. The look-up of two file names is the cheapest sign of that; it costs a few
    microseconds, reading the installed distributions' metadata would cost milliseconds.

    Raises:
        ImportError: The two distributions are mixed.
    """
    folder = _os.path.dirname(__file__)  # noqa: PTH120 - pathlib takes longer to import than this package
    for name in ("startdqo.py", "install.py"):
        if _os.path.exists(_os.path.join(folder, name)):  # noqa: PTH110, PTH118 - see above
            raise ImportError(
                f"the distributions 'dqops' and 'dqops-client' are mixed in {folder} ({name} is "
                "of 'dqops'): both bring the package 'dqops', so only one of them can be "
                "installed. To use dqops-client, run 'pip uninstall dqops dqops-client' and then "
                "'pip install dqops-client'; to use dqops, install it into an environment of its "
                "own."
            )


_refuse_mixed_installation()


if not TYPE_CHECKING:
    # Out of sight of type checkers, which would let every misspelt name pass.
    def __getattr__(name):
        if name in _NAMES:
            from importlib import import_module

            module, attribute = _NAMES[name]
            found = getattr(import_module(module), attribute)
            globals()[name] = found  # the next look-up does not come here
            return found
        if name == "__version__":
            from importlib.metadata import version

            return version("dqops-client")
        if name in _PACKAGES:
            from importlib import import_module

            return import_module(f"dqops.{name}")
        from importlib import import_module

        from ._runtime.suggestions import no_such_name

        hint = ""
        for each in () if name.startswith("_") else _ELSEWHERE:
            module = import_module(f"dqops.{each}")
            if name in module.__all__ or name in getattr(module, "_SUBMODULES", ()):
                hint = f"; did you mean 'dqops.{each}.{name}'?"
                break
        raise no_such_name(__name__, name, [*__all__, *_PACKAGES], hint)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_PACKAGES, "__version__"})
