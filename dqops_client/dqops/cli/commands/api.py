"""`dqopsctl api`: any operation of the server, with options made of its signature."""

from __future__ import annotations

import inspect
import json
import re
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import click

from ..options import OutputFile, ParamType, confirm, needs_server, yes_option
from ..output import Listing, format_option, printable, show_listing, write_exact, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from ..options import Session

_READS = {"GET", "HEAD", "OPTIONS"}


class _Operations(click.Group):
    """The operations as commands, each made when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return sorted(operation_groups())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = cmd_name.replace("-", "_")
        groups = operation_groups()
        if name not in groups:
            import difflib

            near = difflib.get_close_matches(name, groups, 3, 0.6)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            ctx.fail(f"there is no operation {cmd_name!r}.{hint} `dqopsctl api --list` names all.")
        return _command(groups[name], name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Leave 341 operations to `--list`."""


def _list_operations(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001  # click's signature
    if not value or ctx.resilient_parsing:
        return
    rows = [
        {"operation": name, "group": group, **_described(group, name)}
        for name, group in sorted(operation_groups().items(), key=lambda item: item[::-1])
    ]
    names = ("operation", "group", "method", "summary")
    show_listing(Listing("api --list", names, rows), ctx.params.get("format_") or "table")
    ctx.exit()


@click.group(cls=_Operations, invoke_without_command=False)
@format_option("table", "json", "csv")
@click.option(
    "--list",
    is_flag=True,
    is_eager=False,
    expose_value=False,
    callback=_list_operations,
    help="List all operations.",
)
def api(format_: str) -> None:
    """Call any operation: `dqopsctl api get_table --help` tells its options.

    The result is printed as the server sends it: JSON, a string or the content of a file.
    """


def operation_groups() -> dict[str, str]:
    """List the operations.

    Returns:
        The group of each, by its name.
    """
    from ...client import api as package

    return {
        module.name: group.name
        for group in iter_modules(package.__path__)
        for module in iter_modules([str(Path(package.__path__[0], group.name))])
    }


def _load(group: str, name: str) -> ModuleType:
    return import_module(f"dqops.client.api.{group}.{name}")


def _described(group: str, name: str) -> dict[str, Any]:
    module = _load(group, name)
    summary = (inspect.getdoc(module.sync) or "").partition("\n\n")[0].replace("\n", " ")
    return {"method": module._OPERATION.method, "summary": summary}


def _command(group: str, name: str) -> click.Command:
    """Make the command of an operation."""
    module = _load(group, name)
    documentation = inspect.getdoc(module.sync) or ""
    says = dict(_arguments_of(documentation))
    method = module._OPERATION.method
    parameters = [
        each for each in inspect.signature(module.sync).parameters.values() if each.name != "client"
    ]

    @needs_server
    def call(session: Session, output: Path | None, yes: bool = False, **given: Any) -> int:
        if method not in _READS:
            confirm(f"{method} {module._OPERATION.path} changes something.", yes=yes)
        path, arguments = [], {}
        for each in parameters:
            value = _value(module, each, given[each.name])
            if each.kind is each.POSITIONAL_OR_KEYWORD:
                path.append(value)
            elif value is not None:
                arguments[each.name] = value
        return _print(module, session, path, arguments, output)

    command: Callable[..., Any] = call
    if method not in _READS:
        command = yes_option(command)
    command = click.option(
        "--output",
        "-o",
        type=OutputFile(),
        metavar="FILE",
        help="Write the result there.",
    )(command)
    enums = _enums(module)
    for each in reversed(parameters):
        command = _option(each, enums.get(each.name), says.get(each.name, ""))(command)
    text = documentation.partition("\n\nArgs:")[0]
    return click.command(name, help=f"{text}\n\n{method} {module._OPERATION.path}")(command)


def _enums(module: ModuleType) -> dict[str, Any]:
    """List the enumerations that arguments are members of, by the arguments."""
    operation = module._OPERATION
    models = import_module(operation.models)
    return {operation.argument(key): getattr(models, name) for key, name in operation.enums.items()}


def _option(parameter: inspect.Parameter, enum: Any, says: str) -> Callable[[Any], Any]:
    """Make the option of a parameter, which may be a member of an enumeration."""
    is_needed = parameter.default is inspect.Parameter.empty
    if parameter.name == "json_body":
        return click.option(
            "--body",
            "json_body",
            metavar="FILE",
            required=is_needed,
            help=f"A file with JSON or YAML, - for standard input. {says}",
        )
    kind, many = _kind(str(parameter.annotation))
    if enum is not None:
        kind = click.Choice([str(member.value) for member in enum])
    return click.option(
        f"--{parameter.name.rstrip('_').replace('_', '-')}",
        parameter.name,
        type=kind,
        required=is_needed,
        multiple=many,
        default=None,
        help=says,
    )


def _kind(annotation: str) -> tuple[ParamType, bool]:
    """Find the type of an option by the annotation of its parameter."""
    names = [part.strip() for part in annotation.split("|")]
    kinds = [name for name in names if name not in {"Unset", "None"}]
    name = kinds[0]
    if name.startswith("list["):
        return _kind(name[5:-1])[0], True
    simple: dict[str, ParamType] = {
        "str": click.STRING,
        "int": click.INT,
        "float": click.FLOAT,
        "bool": click.BOOL,
        "datetime.date": click.DateTime(("%Y-%m-%d",)),
        "datetime.datetime": _Instant(),
    }
    if name in simple:
        return simple[name], False
    return click.STRING, False


class _Instant(ParamType):
    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        from datetime import datetime

        try:
            return value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-03-14T10:00:00Z", param, ctx)


def _value(module: ModuleType, parameter: inspect.Parameter, value: Any) -> Any:
    """Give an operation what it takes for the value of an option."""
    if value is None or value == ():
        return None
    annotation = str(parameter.annotation)
    if parameter.name == "json_body":
        return _read_body(module, value, is_list=annotation.startswith("list["))
    if "datetime.date" in {part.strip() for part in annotation.split("|")}:
        return value.date()
    return list(value) if isinstance(value, tuple) else value


def _read_body(module: ModuleType, source: str, *, is_list: bool) -> Any:
    """Read a body, and make of it what the operation takes."""
    from ...client.errors import ClientError
    from ..yaml_text import from_yaml

    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
        document = from_yaml(text)
    except (OSError, ValueError) as error:
        raise click.UsageError(f"--body {source}: {error}") from None
    expected = "an array" if is_list else "an object"
    if not isinstance(document, list if is_list else dict):
        raise click.UsageError(f"--body {source}: expected {expected} (JSON or YAML)")
    operation = module._OPERATION
    if operation.body is None:
        return document
    model = getattr(import_module(operation.models), operation.body)
    try:
        if is_list:
            return [model.from_dict(each) for each in document]
        return model.from_dict(document)
    except (ClientError, TypeError, AttributeError) as error:
        raise click.UsageError(
            f"--body {source}: expected {expected} of {operation.body}: {error}"
            if is_list
            else f"--body {source}: expected {operation.body}: {error}"
        ) from None


def _print(
    module: ModuleType,
    session: Session,
    path: list[Any],
    arguments: dict[str, Any],
    output: Path | None,
) -> int:
    """Call an operation, and print what comes."""
    from ...client import raw

    response = raw.send(module, *path, client=session.client, **arguments)
    content = response.content
    if output is not None:
        output.write_bytes(content)
        return 0
    if not content.strip():
        return 0
    try:
        document = json.loads(content)
    except ValueError:
        if b"\0" in content:
            raise click.UsageError("the result is a file: give --output FILE") from None
        write_exact(printable(content.decode(errors="replace").rstrip("\n"), lines=True))
    else:
        write_json(document)
    return 0


def _arguments_of(documentation: str) -> Iterator[tuple[str, str]]:
    """Read what a docstring says about each argument."""
    section = documentation.partition("\nArgs:\n")[2].partition("\n\n")[0]
    for name, says in re.findall(r"^    (\w+): (.*(?:\n     .*)*)", section, re.MULTILINE):
        yield name, " ".join(says.split())
