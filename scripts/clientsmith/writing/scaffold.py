"""What a new distribution needs besides its package: written once, and then its owner's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientsmith.checking.supported import operation_name
from clientsmith.reading.grammar import METHODS
from clientsmith.viewing.texts import literal
from clientsmith.viewing.tokens import Token, further_schemes, token_of
from clientsmith.writing.vendoring import example_url

if TYPE_CHECKING:
    from clientsmith.targets import Target

__all__ = ["write_scaffold"]

_PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = {distribution}
version = "0.1.0"
description = {description}
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["attrs>=23.1", "httpx>=0.28,<0.29", "python-dateutil>=2.8.2"]

[tool.hatch.build.targets.wheel]
packages = [{package}]
"""
_README = """\
# {title}

A typed Python client, generated from `{root}`.

```python
from {package} import {client}
from {package}.api.{group} import {operation}

with {client}({arguments}) as client:
    result = {operation}.sync({call}client=client)
    print(result)
```

{security}Each operation is a module in `{package}.api`, with `sync`, `asyncio`, and
`sync_detailed` and `asyncio_detailed` for the whole response. After a change of the specification
run `clientsmith regenerate {name}`.
"""


def write_scaffold(target: Target, document: dict[str, Any]) -> list[str]:
    """Write `pyproject.toml` and a README beside a package, where there are none.

    Args:
        target: What was generated.
        document: Its document.

    Returns:
        The names of the files that were written.
    """
    folder = target.package.parent
    title = " ".join(str(document["info"]["title"]).split())
    distribution = target.import_name.replace("_", "-").replace(".", "-")
    files = {
        "pyproject.toml": _PROJECT.format(
            distribution=literal(distribution),
            description=literal(f"A typed Python client of {title}"),
            package=literal(target.package.name),
        ),
        "README.md": _README.format(
            title=title,
            root=target.name_of(target.root),
            package=target.import_name,
            name=target.name,
            **_first_call(target, document),
        ),
    }
    written = []
    for name, text in files.items():
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
            written.append(name)
    return written


def _first_call(target: Target, document: dict[str, Any]) -> dict[str, str]:
    """Choose an operation that needs as little as possible, and write a call of it."""
    calls = [
        (len(_required(operation)), method != "get", path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]
    operation = min(calls, key=lambda each: each[:3])[3] if calls else {"tags": ["group"]}
    needs_token = bool(document.get("security")) or "security" in operation
    token = token_of(document)
    url = literal(example_url(document, target))
    example = "user:password" if token.prefix == "Basic" else "..."
    return {
        "client": "AuthenticatedClient" if needs_token else "Client",
        "arguments": f"{url}, token={literal(example)}" if needs_token else url,
        "group": operation_name(str(operation["tags"][0])),
        "operation": operation_name(str(operation.get("operationId", "operation"))),
        "call": "".join(f"{operation_name(name)}=..., " for name in _required(operation)),
        "security": _security(document, token) if needs_token else "",
    }


def _security(document: dict[str, Any], token: Token) -> str:
    """Say where credentials go."""

    def place(each: Token) -> str:
        kind = {"query": "query parameter"}.get(each.place, each.place)
        return f"{kind} `{each.name.strip(chr(34))}`"

    lines = [f"The token is sent in the {place(token)}."]
    further = {name: each for name, each in further_schemes(document).items() if each != token}
    if further:
        example = ", ".join(f'"{name}": "..."' for name in further)
        lines += [
            "Operations that ask for another security scheme get its credential from",
            f"`credentials={{{example}}}` of the client, or the token without one:",
            "",
            *(f"- `{name}`: {place(each)}" for name, each in further.items()),
        ]
    return "\n".join((*lines, "", ""))


def _required(operation: dict[str, Any]) -> list[str]:
    names = [
        each["name"]
        for each in operation.get("parameters", [])
        if "name" in each and (each.get("required") or each.get("in") == "path")
    ]
    return [*names, *(["json_body"] if "requestBody" in operation else [])]
