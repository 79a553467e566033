"""Make the pictures of the README anew: `python -m docsite.pictures`, after `make docs`.

They need Chromium, and are committed.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from tempfile import TemporaryDirectory
from threading import Thread

from clientsmith.targets import REPOSITORY
from dqops.cli.main import main as dqopsctl
from dqops.testing import DqopsServer
from rich.console import Console
from rich.text import Text

from docsite.world import open_world

_PICTURES = REPOSITORY / "docs" / "pictures"
_SITE = REPOSITORY / "build" / "docs" / "site"
_FONT = re.compile(r"@font-face \{.*?\}", re.DOTALL)  # rich names a font of another site
_COMMAND = "dqopsctl run-checks warehouse.public.orders --fail-at error"


def main() -> int:
    """Make the pictures.

    Returns:
        The exit code: 0.

    Raises:
        RuntimeError: There is no Chromium.
    """
    _PICTURES.mkdir(exist_ok=True)
    _PICTURES.joinpath("terminal.svg").write_text(_terminal(), encoding="utf-8")
    with open_world() as world, TemporaryDirectory() as folder:
        page = f"{folder}/report.html"
        dqopsctl(["report", page, "warehouse", "--days", "30", "--url", world.server.url])
        _photograph(f"file://{page}", "report", height=900)
    handler = partial(SimpleHTTPRequestHandler, directory=str(_SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/operations/healthcheck/"
        _photograph(address, "site", height=1180)
        server.shutdown()
    return 0


def _terminal() -> str:
    """Draw what the gate prints."""
    printed = io.StringIO()
    with DqopsServer() as server, redirect_stdout(printed), redirect_stderr(io.StringIO()):
        dqopsctl([*_COMMAND.split()[1:], "--quiet", "--url", server.url])
    console = Console(record=True, width=96, file=io.StringIO())
    console.print(Text(f"$ {_COMMAND}", style="bold"))
    console.print(Text.from_ansi(printed.getvalue().rstrip("\n")))
    console.print(Text("$ echo $?\n1", style="bold"))
    return _FONT.sub("", console.export_svg(title="dqopsctl", unique_id="terminal"))


def _photograph(address: str, name: str, *, height: int) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise RuntimeError("there is no Chromium")
    with TemporaryDirectory() as folder:
        subprocess.run(  # noqa: S603  # our own arguments
            [
                browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                f"--user-data-dir={folder}", f"--window-size=1240,{height}",
                "--virtual-time-budget=4000", f"--screenshot={_PICTURES / name}.png", address,
            ],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
