"""Writes the expected files of the golden tests anew: `python -m tests.golden.renew`.

Look through the difference before committing it: it is what every generated client gets.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from .support import EXPECTED, corners_target, generate_into


def main() -> None:
    """Generate the small specification in place of what is expected of it."""
    with tempfile.TemporaryDirectory() as scratch:
        package = generate_into(corners_target(), Path(scratch) / "out")
        shutil.rmtree(EXPECTED, ignore_errors=True)
        shutil.move(package, EXPECTED)
    print(f"{sum(path.is_file() for path in EXPECTED.rglob('*'))} files renewed")


if __name__ == "__main__":
    main()
