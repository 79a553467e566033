"""The demo, which `make demo` runs, comes to its end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DEMO = Path(__file__).resolve().parents[2] / "examples" / "demo.py"
REPORT = DEMO.parents[1] / "build" / "demo-report.html"


def test_demo_ends_as_expected() -> None:
    """Everything comes back as the demo expects, and its gate finds the bad checks."""
    ended = subprocess.run(
        [sys.executable, str(DEMO)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (0, "") == (ended.returncode, ended.stderr)
    assert "failed: 59 checks of 2 tables judged, 2 at error or worse" in ended.stdout
    assert "<h2>Worst tables</h2>" in REPORT.read_text(encoding="utf-8")
    assert 4 == ended.stdout.count("gate           not passed, 3 reasons:")
