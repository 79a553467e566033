"""The blocks of code on pages that are written by hand, and what it takes to run them."""

from __future__ import annotations

import ast
import asyncio
import inspect
import io
import os
import re
import subprocess
import sys
import textwrap
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"

_BLOCK = re.compile(
    r"(?:^<!-- not run: (?P<reason>[^\n]+) -->\n\n?)?"
    r"^(?P<indent> *)```(?P<language>\w+)\n(?P<code>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_SHELL = (".venv/", "PYTHONPATH=", "curl ", "dqopsctl ", "export ", "make ", "pip ", "python -m ")
# What stands in PATH before everything else: programs that would need a network, or take minutes.
_PIP = f"""#!{sys.executable}
import sys, tomllib
from packaging.requirements import Requirement
project = tomllib.load(open({str(REPOSITORY / "pyproject.toml")!r}, "rb"))["project"]
for argument in sys.argv[2:]:
    if not argument.startswith(("-", ".")):
        wanted = Requirement(argument)
        if wanted.name == project["name"]:
            missing = wanted.extras - set(project["optional-dependencies"])
            assert not missing, f"there is no extra {{missing}}"
"""
_MAKE = f"""#!/bin/sh
exec /usr/bin/make -C {REPOSITORY} -n "$@" >/dev/null
"""


@dataclass(frozen=True)
class Block:
    """A block of code.

    Args:
        page: The file that it is in.
        line: Where it begins.
        language: Its language.
        code: The code.
        reason: Why it is not run; empty if it is.
        output: What the block after it says that it prints; None for no such block.
    """

    page: str
    line: int
    language: str
    code: str
    reason: str
    output: str | None = None


def blocks_of(path: Path) -> list[Block]:
    """Read the blocks of a page."""
    text = path.read_text(encoding="utf-8")
    found: list[Block] = []
    ended = 0
    for match in _BLOCK.finditer(text):
        code = textwrap.dedent(match["code"])
        is_output = match["language"] == "text" and not text[ended : match.start()].strip()
        if is_output and found and found[-1].language in {"python", "bash"}:
            found[-1] = Block(**{**vars(found[-1]), "output": code})
        else:
            line = text.count("\n", 0, match.start()) + 1
            reason = match["reason"] or ""
            found.append(Block(path.name, line, match["language"], code, reason))
        ended = match.end()
    return found


def unfenced_shell(path: Path) -> list[str]:
    """Find shell commands that are only indented, which nobody would run."""
    text = _BLOCK.sub("", path.read_text(encoding="utf-8"))
    lines = (line.strip() for line in text.split("\n") if line.startswith("    "))
    return [line for line in lines if line.startswith(_SHELL)]


class Runner:
    """Runs the blocks of a page, one after another.

    Args:
        url: The URL of the server.
        api_key: Its API key.
        names: What Python may name, also after another block has given the name to something else.
        folder: Where programs of the shell are run, and files of the page are.
    """

    def __init__(self, url: str, api_key: str, names: dict[str, Any], folder: Path) -> None:
        self._replaced = {
            "http://localhost:8888/": url,
            "http://localhost:8888": url.rstrip("/"),
            "https://dqops.example.com/": url,
            "the API key": api_key,
        }
        self._url = url
        self._names = dict(names)
        self._first = names
        self._folder = folder
        for name, text in {"pip": _PIP, "make": _MAKE}.items():
            program = folder / "bin" / name
            program.parent.mkdir(exist_ok=True)
            program.write_text(text, encoding="utf-8")
            program.chmod(0o755)

    def run(self, block: Block) -> None:
        """Run a block, and compare what it prints with what the page says."""
        code = block.code
        for there, here in self._replaced.items():
            code = code.replace(there, here)
        runs = {"python": self._python, "bash": self._bash, "yaml": self._yaml}
        printed = runs[block.language](code, f"{block.page}:{block.line}")
        if block.output is not None:
            printed = printed.replace(self._url, "http://localhost:8888/")
            expected = re.escape(" ".join(block.output.split())).replace(r"\.\.\.", ".*")
            found = " ".join(printed.split())
            assert re.fullmatch(expected, found), f"{block.page}:{block.line} printed:\n{printed}"

    def _python(self, code: str, place: str) -> str:
        printed = io.StringIO()
        compiled = compile(code, place, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        with redirect_stdout(printed):
            self._names.update(self._first)
            awaited = eval(compiled, self._names)
            if inspect.iscoroutine(awaited):
                asyncio.run(awaited)
        return printed.getvalue()

    def _bash(self, code: str, place: str) -> str:
        paths = (self._folder / "bin", Path(sys.executable).parent)
        environment = {
            **os.environ,
            "PATH": ":".join([*map(str, paths), os.environ["PATH"]]),
            "DQOPS_URL": self._url,
            "HOME": str(self._folder),
            "NO_COLOR": "1",
        }
        printed = ""
        for command in _commands(code):
            done = subprocess.run(
                ["bash", "-c", command], cwd=self._folder, env=environment, capture_output=True,
                text=True, timeout=60, check=False,
            )  # fmt: skip
            allowed = {0, *map(int, re.findall(r"#.*\bexit code (\d+)", command))}
            assert done.returncode in allowed, f"{place}: {command}\n{done.stdout}{done.stderr}"
            printed += done.stdout
        return printed

    def _yaml(self, code: str, place: str) -> str:
        parsed = yaml.safe_load(code)
        assert parsed, place
        named = re.match(r"# (\S+\.yaml)\n", code)
        if named:
            (self._folder / named[1]).write_text(code, encoding="utf-8")
        for step in parsed if isinstance(parsed, list) else ():
            if "run" in step:
                self._bash(f"{step['run']} # exit code 1", place)
        return ""


def _commands(code: str) -> Iterator[str]:
    """Split a program of the shell into its commands; those over several lines stay together."""
    command = ""
    for line in code.split("\n"):
        command += line + "\n"
        document = re.search(r"<<'(\w+)'", command)
        if line.endswith("\\") or (document and f"\n{document[1]}\n" not in command):
            continue
        if command.strip() and not command.lstrip().startswith("#"):
            yield command.strip()
        command = ""
