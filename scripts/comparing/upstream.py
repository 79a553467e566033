"""Compare our specification of an API with what the API says of itself.

    python -m comparing.upstream DOCUMENT [--target NAME]

DOCUMENT is a Swagger 2 or OpenAPI 3 document, YAML or JSON: a file, compressed with gzip or not, or
the URL of the document on a running server. What our specification lacks, has in addition or
describes differently is printed per operation and schema; what differs on purpose stands, with the
reason, in `openapi/<target>.differences.yaml`. Exit code 0 means that every difference is an
intended one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from clientsmith.errors import PipelineError
from clientsmith.reading.documents import load_text

from comparing.documents import ApiDocument, document_facts
from comparing.facts import compare
from comparing.report import report
from comparing.review import load_intended, review
from comparing.targets import add_target_option, choose_target, data_file

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIMEOUT = 30.0
_GZIP = b"\x1f\x8b"


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and print the outcome.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0 where every difference is intended and no entry is stale, 1 otherwise.

    Raises:
        SystemExit: With 2, where the command line is not good.
    """
    parser = argparse.ArgumentParser(prog="python -m comparing.upstream", description=__doc__)
    parser.add_argument("document", metavar="DOCUMENT", help="a file (.gz, too), or an http(s) URL")
    parser.add_argument("--ours", help="our document; by default the target's bundle")
    parser.add_argument(
        "--differences", type=Path, help="the intended differences; by default the target's"
    )
    parser.add_argument(
        "--only-ours", action="store_true", help="leave out operations and schemas that ours lacks"
    )
    parser.add_argument(
        "--timeout", type=float, default=_TIMEOUT, help="for a URL, in seconds (default: 30)"
    )
    add_target_option(parser)
    options = parser.parse_args(arguments)
    try:
        ours, differences = options.ours, options.differences
        if ours is None or differences is None:
            target = choose_target(options)
            ours = ours or str(target.bundle)
            differences = differences or data_file(target, "differences")
        entries = load_intended(differences)
        upstream = ApiDocument(load(options.document, options.timeout), options.document)
        facts = document_facts(upstream, ApiDocument(load(ours, options.timeout), ours))
        comparison = compare(*facts, only_ours=options.only_ours)
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 1
    reviewed = review(comparison, entries)
    is_complete = not options.only_ours
    for line in report(reviewed, with_stale=is_complete):
        print(line)
    return 1 if reviewed.unexplained or (is_complete and reviewed.stale) else 0


def load(source: str, timeout: float = _TIMEOUT) -> dict[str, Any]:
    """Read a document.

    Args:
        source: A file, compressed with gzip or not, or an http(s) URL.
        timeout: The longest time to wait for a server, in seconds.

    Returns:
        What it holds.

    Raises:
        PipelineError: It cannot be read, or it is neither JSON nor YAML.
    """
    is_url = source.startswith(("http://", "https://"))
    text = _download(source, timeout) if is_url else _read(Path(source))
    try:
        content = json.loads(text)
    except RecursionError:
        raise PipelineError("is nested too deeply", source) from None
    except ValueError:
        if text.lstrip()[:1] == "<":
            raise PipelineError(
                "is a page, not a document",
                source,
                hint="Give the URL of the document itself; it often ends in /api-docs, "
                "/swagger.json or /openapi.json.",
            ) from None
        return load_text(text, source)
    if not isinstance(content, dict):
        raise PipelineError("holds no mapping", source)
    return content


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
        if content.startswith(_GZIP):
            content = gzip.decompress(content)
        return content.decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise PipelineError(f"cannot be read: {reason}", str(path)) from error
    except UnicodeDecodeError as error:
        raise PipelineError(f"is not UTF-8 text (byte {error.start})", str(path)) from error


def _download(url: str, timeout: float) -> str:
    try:
        response = httpx.get(url, timeout=timeout, follow_redirects=True)
    except httpx.TimeoutException:
        raise PipelineError(f"no response within {timeout:g} s", url) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PipelineError(f"cannot be reached: {error}", url) from error
    if response.status_code != httpx.codes.OK:
        raise PipelineError(f"the server responded with status {response.status_code}", url)
    return response.text


if __name__ == "__main__":
    sys.exit(main())
