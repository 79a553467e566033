"""The forms in which a call is shown: curl, four functions, the object and the command."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docsite.source_text import Source, typed_body
from docsite.world import target_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docsite.calls import Call
    from docsite.catalogue import Described

__all__ = ["API_KEY", "LABELS", "URL", "Form", "formatted", "forms_of"]

#: What stands in the pages for the URL and the API key of the server.
URL = "http://localhost:8888/"
API_KEY = "the API key"

#: The tabs of each operation, in their order.
LABELS = ("curl", "sync", "async", "sync with a key", "async with a key", "DQOps", "dqopsctl")

_LINE = 92  # of bash


@dataclass(frozen=True)
class Form:
    """A way to make a call.

    Args:
        label: Its tab.
        language: `bash` or `python`.
        code: The program.
    """

    label: str
    language: str
    code: str


def forms_of(call: Call) -> list[Form]:
    """Write a call in all its forms.

    Args:
        call: The call.

    Returns:
        The forms, in the order of `LABELS`; Python is not formatted yet.
    """
    programs = (
        _curl(call),
        _function(call, "sync", "Client"),
        _function(call, "asyncio", "Client"),
        _function(call, "sync", "AuthenticatedClient"),
        _function(call, "asyncio", "AuthenticatedClient"),
        _method(call),
        _command(call),
    )
    return [
        Form(label, "bash" if label in {"curl", "dqopsctl"} else "python", code)
        for label, code in zip(LABELS, programs, strict=True)
        if not (call.needs_key and label in {"sync", "async"})
    ]


def formatted(programs: Iterable[str]) -> list[str]:
    """Format Python programs as ruff does.

    Args:
        programs: The programs.

    Returns:
        The same in the same order.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, program in enumerate(programs):
            paths.append(Path(folder, f"{number:05}.py"))
            paths[-1].write_text(program, encoding="utf-8")
        subprocess.run(  # noqa: S603  # our own arguments
            [sys.executable, "-m", "ruff", "format", "--quiet", "--no-cache", "--isolated", folder],
            check=True,
        )
        return [path.read_text(encoding="utf-8").rstrip("\n") for path in paths]


def _curl(call: Call) -> str:
    method, target, headers, content = target_of(call)
    words = ["curl -sS"]
    if method != "GET":
        words.append(f"-X {method}")
    words.append(_quoted(URL.rstrip("/") + target))
    if call.needs_key:
        headers["Authorization"] = f"Bearer {API_KEY}"
    words += [_option("-H", f"{name}: {value}") for name, value in headers.items()]
    if content is not None:
        words.append(_option("-d", _broken(call.body, content)))
    if call.operation.is_archive:
        words.append("-o logs.zip")
    line = " ".join(words)
    return line if len(line) <= _LINE and "\n" not in line else " \\\n  ".join(words)


def _command(call: Call) -> str:
    operation = call.operation
    words = [f"dqopsctl api {operation.name}"]
    for name, value in call.named.items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        words.append(f"--{name.rstrip('_').replace('_', '-')} {shlex.quote(text)}")
    ending = ""
    if call.body is not None and operation.body_argument == "json_body":
        words.append("--body -")
        ending = f" <<'JSON'\n{_broken(call.body, json.dumps(call.body, ensure_ascii=False))}\nJSON"
    elif call.body is not None:
        words.append(f"--{operation.body_argument.replace('_', '-')} {shlex.quote(call.body)}")
    if operation.operation.method != "GET":
        words.append("--yes")
    if operation.is_archive:
        words.append("--output logs.zip")
    line = " ".join(words)
    return (line if len(line) <= _LINE else " \\\n  ".join(words)) + ending


def _function(call: Call, function: str, client: str) -> str:
    operation = call.operation
    body, imports = _body(call)
    key = f', "{API_KEY}"' if client == "AuthenticatedClient" else ""
    opened = f'{client}("{URL}"{key}, raise_on_unexpected_status=True) as client:'
    arguments = ", ".join([*_path_arguments(call), "client=client", *body, *_query_arguments(call)])
    called = f"{operation.name}.{function}({arguments})"
    lines = [
        *imports[:1],
        f"from dqops.client import {client}",
        f"from dqops.client.api.{operation.group} import {operation.name}",
        *imports[1:],
        "",
    ]
    if function == "sync":
        lines += [f"with {opened}", *_shown(operation, called)]
    else:
        shown = [f"    {line}" for line in _shown(operation, f"await {called}")]
        lines = [
            "import asyncio",
            *(lines if lines[0] else ["", *lines]),
            "async def main() -> None:",
            f"    async with {opened}",
        ]
        lines += [*shown, "", "asyncio.run(main())"]
    return "\n".join(lines)


def _method(call: Call) -> str:
    operation = call.operation
    body, imports = _body(call)
    arguments = ", ".join([*_path_arguments(call), *body, *_query_arguments(call)])
    return "\n".join(
        [
            *imports[:1],
            "from dqops import DQOps",
            *imports[1:],
            "",
            f'with DQOps("{URL}", api_key="{API_KEY}") as dq:',
            *_shown(operation, f"dq.{operation.group}.{operation.short_name}({arguments})"),
        ]
    )


def _path_arguments(call: Call) -> list[str]:
    places = {each.name: each.place for each in call.operation.parameters}
    return [Source(value).text for name, value in call.named.items() if places[name] == "path"]


def _query_arguments(call: Call) -> list[str]:
    places = {each.name: each.place for each in call.operation.parameters}
    return [
        f"{name}={Source(value).text}"
        for name, value in call.named.items()
        if places[name] == "query"
    ]


def _body(call: Call) -> tuple[list[str], list[str]]:
    """Write the body as an argument, and the lines that it imports: first that of `datetime`."""
    name = call.operation.body_argument
    if not name:
        return [], []
    annotation = str(call.operation.signature.parameters[name].annotation)
    source = Source(typed_body(annotation, call.body))
    imports = ["import datetime\n" if source.has_dates else ""]
    if source.models:
        imports.append(f"from dqops.client.models import {', '.join(sorted(source.models))}")
    return [f"{name}={source.text}"], imports


def _shown(operation: Described, called: str) -> list[str]:
    """Write a call and what is printed of its result: of a text file its content."""
    annotation = str(operation.signature.return_annotation)
    if annotation == "None":
        return [f"    {called}"]
    result = "result"
    if annotation.startswith("File"):
        result += ".file_name, result.mime_type" if operation.is_archive else ".payload.read()"
    return [f"    result = {called}", f"print({result})"]


def _broken(body: Any, content: str) -> str:
    """Break a body that is too long for one line."""
    if len(content) <= _LINE - 20 or isinstance(body, str):
        return content
    return json.dumps(body, indent=2, ensure_ascii=False)


def _option(name: str, value: str) -> str:
    return f"{name} {_quoted(value)}"


def _quoted(text: str) -> str:
    """Quote a word for bash, always with the same quotes."""
    return "'" + text.replace("'", "'\\''") + "'"
