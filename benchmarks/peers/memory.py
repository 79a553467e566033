"""How much memory a generated client takes, in this process; prints bytes.

    python memory.py rss PROGRAM
    python memory.py peak PACKAGE DOCUMENT MODEL
    python memory.py traced PACKAGE DOCUMENT MODEL

`rss` runs a program and tells what the process occupies then. `peak` decodes a document and tells
the most that it has occupied. `traced` tells the most that decoding alone has allocated.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # what this script imported, the programs would not have to
    from typing import Any


def _status(name: str) -> int:
    """Read a figure of this process from Linux, which gives it in units of 1024 bytes."""
    with open("/proc/self/status", encoding="ascii") as lines:  # noqa: PTH123  # see above
        for line in lines:
            key, _, value = line.partition(":")
            if key == name:
                return int(value.removesuffix("kB\n")) * 1024
    raise RuntimeError(f"the system does not tell {name}")


def rss(program: str) -> int:
    """Run a program.

    Args:
        program: Python code.

    Returns:
        Bytes of resident memory.
    """
    exec(compile(program, "program", "exec"), {})  # noqa: S102  # our own code
    return _status("VmRSS")


def peak(package: str, document: str, model: str) -> int:
    """Decode a document.

    Args:
        package: The client's import name.
        document: The document's path.
        model: The class to make of it, or of each of its items.

    Returns:
        The most bytes of resident memory so far.
    """
    kept = _decode(package, document, model)
    most = _status("VmHWM")
    del kept
    return most


def traced(package: str, document: str, model: str) -> int:
    """Decode a document for the second time, when all modules are loaded.

    Args:
        package: The client's import name.
        document: The document's path.
        model: The class to make of it, or of each of its items.

    Returns:
        The most bytes that Python objects have taken meanwhile, the parsed JSON included.
    """
    import tracemalloc

    _decode(package, document, model)
    tracemalloc.start()
    kept = _decode(package, document, model)
    most = tracemalloc.get_traced_memory()[1]
    del kept
    return most


def _decode(package: str, document: str, model: str) -> Any:
    import json
    from importlib import import_module

    from_dict = getattr(import_module(f"{package}.models"), model).from_dict
    with open(document, "rb") as file:  # noqa: PTH123  # see above
        value = json.loads(file.read())
    return [from_dict(item) for item in value] if isinstance(value, list) else from_dict(value)


command, *arguments = sys.argv[1:]
if command == "rss":
    print(rss(*arguments))
else:
    print({"peak": peak, "traced": traced}[command](*arguments))
