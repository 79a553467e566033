"""Generates every target and the corners: `python -m tests.golden.generate_all FOLDER`.

The golden tests run it in processes of their own, under other circumstances than theirs.
"""

from __future__ import annotations

import sys
from pathlib import Path

from clientsmith.targets import load_targets

from .support import corners_target, generate_into

if __name__ == "__main__":
    for target in (*load_targets().values(), corners_target()):
        generate_into(target, Path(sys.argv[1]) / target.name)
