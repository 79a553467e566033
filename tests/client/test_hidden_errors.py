"""A None in place of an error is told once, where it was got."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from support.raw_server import RawServer

PROGRAM = """\
import asyncio
import sys
from dqops.client import Client
from dqops.client.api.tables import get_table

client = Client(sys.argv[1])
NAMES = "c", "s", "t"


async def ask():
    return [{call} for _ in range(2)]


assert asyncio.run(ask()) == {result}
"""
CALLS = {
    "sync": ("get_table.sync(*NAMES, client=client)", "[None, None]", 1),
    "asyncio": ("await get_table.asyncio(*NAMES, client=client)", "[None, None]", 1),
    "sync_detailed": (
        "get_table.sync_detailed(*NAMES, client=client).status_code",
        "[404, 404]",
        0,
    ),
}


@pytest.mark.parametrize("function", CALLS)
def test_the_first_none_that_hides_an_error_warns(
    raw_server: RawServer, tmp_path: Path, function: str
) -> None:
    """With operation, status, and how to raise; only once, and only where the status is hidden."""
    raw_server.respond = lambda _, __: b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    call, result, expected = CALLS[function]
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(call=call, result=result))
    run = subprocess.run(
        [sys.executable, "-W", "always::UserWarning", str(program), raw_server.url],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told = [line for line in run.stderr.splitlines() if "ClientWarning" in line]
    assert expected == len(told), run.stderr
    for line in told:
        assert line.startswith(f"{program}:11: ClientWarning: get_table: status 404")
        assert "raise_on_unexpected_status=True" in line
