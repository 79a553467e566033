"""What a server, or a file, says is data: nothing of it is run, imported or opened."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import Client, errors
from dqops.client.api.connections import get_all_connections

if TYPE_CHECKING:
    from support.raw_server import RawServer

MIB = 1024 * 1024

HOSTILE = [
    "__import__('os').system('true')",
    "os:system",
    "dqops._runtime.declare.enums",
    "../../../../etc/passwd",
    "file:///etc/passwd",
    "!!python/object/apply:os.system ['true']",
    "cos\nsystem\n(S'true'\ntR.",
    "{0.__class__.__init__.__globals__}",
    "%(__class__)s",
    "${jndi:ldap://127.0.0.1/a}",
]
KEYS = [
    "__class__",
    "__init__",
    "__reduce__",
    "__dict__",
    "_decode",
    "_properties",
    "$ref",
    "$type",
]

# In a process of its own, because an audit hook cannot be taken off again.
PROGRAM = """
import json, sys
from dqops.client import models
from support.runtime import Model
from dqops.client.errors import DecodeError

hostile, keys = json.loads(sys.stdin.read())
found = [getattr(models, name) for name in models.__all__]
classes = [one for one in found if isinstance(one, type) and issubclass(one, Model)]
enums = [one for one in found if one not in classes and hasattr(one, "decode")]

def values():
    for text in hostile:
        yield text
        yield {text: text}
        yield [text, {text: [text]}]
        yield {key: text for key in keys}

def read_all():
    read = refused = 0
    for one in classes:
        known = [item.key for item in one._properties]
        for value in values():
            for document in (value, dict.fromkeys([*known, *keys], value)):
                try:
                    made = one.from_dict(document)
                except DecodeError:
                    refused += 1
                else:
                    read += 1
                    assert type(made) is one, made
                    made.to_dict()
    for one in enums:
        for text in hostile:
            one.decode(text)
    return read, refused

expected = read_all()  # loads all models, and what messages of errors need
events = []
DANGEROUS = ("import", "exec", "compile", "open", "os.", "subprocess.", "socket.", "pickle.",
             "ctypes.", "marshal.", "shutil.", "code.", "sys._getframe", "builtins.input")
sys.addaudithook(lambda event, _: event.startswith(DANGEROUS) and events.append(event))
assert read_all() == expected
print(json.dumps([len(classes), *expected, events[:5]]))
"""


def test_from_dict_runs_nothing() -> None:
    """No model imports, runs, opens or connects to anything that its input names."""
    done = subprocess.run(
        [sys.executable, "-c", dedent(PROGRAM)],
        cwd=Path(__file__).parents[1],
        input=json.dumps([HOSTILE, KEYS]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "" == done.stderr
    models, read, refused, events = json.loads(done.stdout)
    assert [] == events
    assert models > 700
    assert min(read, refused) > models


@pytest.mark.parametrize(
    "body",
    [b"[" * (4 * MIB), b'{"a":' * MIB, b'[{"a":' * (MIB // 2), b"[" * MIB + b"]" * MIB],
    ids=["lists", "objects", "both", "closed"],
)
def test_deep_nesting(raw_server: RawServer, mode: str, body: bytes) -> None:
    """Nesting without end is a typed error, and needs a multiple of the body's size in memory."""
    import asyncio

    raw_server.respond = lambda *_: (
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
        % (
            len(body),
            body,
        )
    )
    limit = 8 * MIB

    def run() -> Any:
        client = Client(raw_server.url, max_body_bytes=limit, verify_ssl=False)
        if mode == "sync":
            with client:
                return get_all_connections.sync(client=client)

        async def main() -> Any:
            async with client:
                return await get_all_connections.asyncio(client=client)

        return asyncio.run(main())

    with pytest.raises(errors.DecodeError):
        run()  # also loads what is to be loaded
    tracemalloc.start()
    try:
        with pytest.raises(errors.DecodeError):
            run()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # orjson takes 12 times as much before it begins.
    assert peak < 20 * len(body)
