"""The `dqops` package: `dqops.client` is the client of DQOps' REST API."""

import os as _os

__all__: list[str] = []


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
