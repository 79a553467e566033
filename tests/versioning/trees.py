"""A copy of a few modules of the package, and of the specification, to change and compare."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from releasing.baseline import Release
from releasing.comparing import Comparison, compare
from releasing.python_surface import python_surface
from releasing.specification import specification_facts

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "dqops_client" / "dqops"
MODULES = (
    "_runtime/codec/model.py",
    "_runtime/declare/enums.py",
    "_runtime/errors.py",
    "_runtime/settings/retries.py",
    "_runtime/statuses.py",
    "client/__init__.py",
    "client/api/jobs/run_checks.py",
    "client/errors.py",
    "client/groups/jobs.py",
    "client/models/check_result_entry_model.py",
    "client/models/check_type.py",
)
#: Retry table and exit codes of the copy.
BEHAVIOUR = {"/exit-codes": "table", "/exit-codes/1": "bad data", "/retries/503": "idempotent"}


@dataclass
class Copy:
    """The modules in a folder of their own, with the specification and the tables."""

    folder: Path
    bundle: dict[str, Any]
    behaviour: dict[str, str]

    @classmethod
    def make(cls, folder: Path) -> Copy:
        """Copy the modules."""
        for name in MODULES:
            path = folder / "dqops" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PACKAGE / name, path)
            for each in path.parent.relative_to(folder).parents:
                if each != Path():
                    (folder / each / "__init__.py").touch()
            (path.parent / "__init__.py").touch()
        return cls(folder, json.loads(_bundle()), dict(BEHAVIOUR))

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a module, everywhere where it says something."""
        path = self.folder / "dqops" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def release(self, version: str, accepted: dict[str, str] | None = None) -> Release:
        """Read what programs rely on."""
        return Release(
            version=version,
            python=python_surface(self.folder),
            specifications={"dqops.client": specification_facts(self.bundle)},
            behaviour=dict(self.behaviour),
            accepted=accepted or {},
        )


def compare_with(old: Release, copy: Copy, version: str = "9.0.0") -> Comparison:
    """Compare a copy with a release."""
    return compare(old, copy.release(version))


@cache
def _bundle() -> str:
    return (REPOSITORY / "openapi" / "dqops.bundle.json").read_text(encoding="utf-8")
