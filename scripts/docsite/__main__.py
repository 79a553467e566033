"""Build the site, and show it.

    python -m docsite --zensical .venvs/site/bin/zensical [--serve PORT] [--without-examples]

The site is in `build/docs/site`; a link to a page or heading that there is not fails the build.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.targets import REPOSITORY

from docsite.assembling import assemble
from docsite.plain_pages import write_plain_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDER = REPOSITORY / "build" / "docs"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the site.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        The exit code: 0, or that of the builder.

    Raises:
        RuntimeError: An example failed.
    """
    parser = argparse.ArgumentParser(prog="python -m docsite", description=__doc__)
    parser.add_argument("--zensical", required=True, type=Path, help="the program that builds")
    parser.add_argument("--serve", type=int, metavar="PORT", help="show the site on loopback")
    parser.add_argument(
        "--without-examples", action="store_true", help="do not run the examples of operations"
    )
    options = parser.parse_args(arguments)
    started = time.monotonic()
    pages = assemble(_FOLDER, with_examples=not options.without_examples)
    print(f"{len(pages)} pages written after {time.monotonic() - started:.0f} s", flush=True)
    command = [options.zensical.absolute(), "build", "--strict", "--clean", "-f", "mkdocs.yml"]
    built = subprocess.run(command, cwd=_FOLDER, check=False)  # noqa: S603  # of our own choice
    if built.returncode:
        return built.returncode
    site = _FOLDER / "site"
    write_plain_pages(site, pages)
    print(f"{site.relative_to(REPOSITORY)}: built after {time.monotonic() - started:.0f} s")
    if options.serve is not None:
        handler = partial(SimpleHTTPRequestHandler, directory=str(site))
        with ThreadingHTTPServer(("127.0.0.1", options.serve), handler) as server:
            print(f"http://127.0.0.1:{server.server_port}/", flush=True)
            server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
