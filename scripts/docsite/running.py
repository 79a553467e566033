"""Run the forms of a call, and tell what each printed."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from dqops.cli.main import main as dqopsctl
from dqops.client.errors import NoResult

from docsite.forms import API_KEY, URL
from docsite.layout import json_lines, python_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsite.forms import Form
    from docsite.world import World

__all__ = ["run"]

_SECONDS = 30.0


def run(form: Form, world: World) -> str:
    """Run a program against the server, as it stands but for the URL and the key.

    Args:
        form: The program.
        world: The server.

    Returns:
        What it printed, broken into lines; where that is nothing, what came back.

    Raises:
        RuntimeError: The program failed.
    """
    code = form.code.replace(URL, world.server.url).replace(API_KEY, world.server.api_key)
    with TemporaryDirectory() as folder, chdir(folder):
        if form.label == "curl":
            printed = json_lines(_bash(code))
        elif form.language == "python":
            printed = python_lines(_python(code))
        else:
            printed = _command(code, world)
    printed = printed.replace(world.server.url, URL)
    status = world.server.requests[-1].status or 0
    if status >= 400:
        raise RuntimeError(f"{form.code}\nstatus {status}")
    if printed:
        return printed
    return f"(status {status}, no body)" if form.label == "curl" else "(nothing)"


def _bash(code: str) -> str:
    done = subprocess.run(  # noqa: S603  # a program of ours
        ["/bin/bash", "-c", code], capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if done.returncode or done.stderr:
        raise RuntimeError(f"{code}\n{done.stderr}")
    return done.stdout


def _python(code: str) -> str:
    printed = io.StringIO()
    with redirect_stdout(printed):
        try:
            exec(compile(code, "<example>", "exec"), {"__name__": "__main__"})  # noqa: S102
        except NoResult as error:  # which a wait that is too short raises by design
            print(f"dqops.client.errors.NoResult: {error}")
    return printed.getvalue().rstrip("\n")


def _command(code: str, world: World) -> str:
    line, _, rest = code.partition(" <<'JSON'\n")
    words = shlex.split(line.replace("\\\n", " "))
    printed, told = io.StringIO(), io.StringIO()
    with (
        _environment(DQOPS_URL=world.server.url, DQOPS_API_KEY=world.server.api_key),
        redirect_stdout(printed),
        redirect_stderr(told),
        _standard_input(rest.removesuffix("\nJSON")),
    ):
        exit_code = dqopsctl(words[1:])
    if exit_code:
        raise RuntimeError(f"{code}\nexit code {exit_code}: {told.getvalue()}")
    return printed.getvalue().rstrip("\n")


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _standard_input(text: str) -> Iterator[None]:
    before = sys.stdin
    sys.stdin = io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = before
