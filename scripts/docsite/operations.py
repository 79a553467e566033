"""The pages of operations: one for each group, with examples that have been run."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from clientsmith.checking.supported import operation_name
from dqops.client import errors

from docsite.calls import call_of
from docsite.catalogue import described_operations, specification
from docsite.finder import aliases_of
from docsite.forms import formatted, forms_of
from docsite.layout import cut
from docsite.markdown import fenced, linked, plain, table, tabs
from docsite.models import model_links
from docsite.running import run
from docsite.world import open_world

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from docsite.catalogue import Described
    from docsite.forms import Form

__all__ = ["Example", "group_texts", "operation_pages", "run_all_examples", "run_examples"]

_PROCESSES = 2


class Example(NamedTuple):
    """A program and what it printed."""

    form: Form
    printed: str


def run_examples(operations: Sequence[Described]) -> dict[str, list[Example]]:
    """Run every form of every operation, each against a server in the same state.

    Args:
        operations: The operations.

    Returns:
        The examples by the names of operations.

    Raises:
        RuntimeError: A program failed.
    """
    calls = [call_of(each) for each in operations]
    forms = [forms_of(call) for call in calls]
    programs = [form.code for each in forms for form in each if form.language == "python"]
    ready = iter(formatted(programs))
    examples = {}
    with open_world() as world:
        for call, each in zip(calls, forms, strict=True):
            done = []
            for form in each:
                code = next(ready) if form.language == "python" else form.code
                program = replace(form, code=code)
                world.reset(call.before)
                done.append(Example(program, run(program, world)))
            examples[call.operation.name] = done
    return examples


def run_all_examples() -> dict[str, list[Example]]:
    """Run every form of every operation, in several processes with a server each.

    Returns:
        The examples by the names of operations.

    Raises:
        RuntimeError: A program failed.
    """
    operations = described_operations()
    examples = {}
    with ProcessPoolExecutor(_PROCESSES) as pool:
        parts = (operations[start::_PROCESSES] for start in range(_PROCESSES))
        for part in pool.map(run_examples, parts):
            examples.update(part)
    return examples


def operation_pages(examples: Mapping[str, Sequence[Example]]) -> Iterator[tuple[str, str]]:
    """Write the pages.

    Args:
        examples: The examples by the names of operations.

    Yields:
        File names and their Markdown.
    """
    operations = described_operations()
    links = model_links("../")
    yield "operations/index.md", "\n".join(_index(operations))
    for group, members in groupby(operations, key=lambda each: each.group):
        yield f"operations/{group}.md", "\n".join(_page(group, list(members), examples, links))


def group_texts() -> dict[str, str]:
    """Tell what each group is about.

    Returns:
        Descriptions by the names of groups.
    """
    return {each["name"]: each["description"] for each in specification().document["tags"]}


def _index(operations: Sequence[Described]) -> Iterator[str]:
    new = sum(not each.operation.is_deprecated for each in operations)
    yield from ("# Operations", "")
    yield f"All {new} operations of DQOps 1.13 in {len(group_texts())} groups, and the"
    yield f"{len(operations) - new} that only servers up to 1.7 have. Each is shown in seven forms."
    yield "Every example has been run against [the embedded server](../testing.md), and what it"
    yield "printed stands below it; long output is cut, and JSON and objects are broken into lines."
    yield "[What do you want to do?](../finder.md) leads from a task to its operation."
    yield ""
    counts = {group: sum(each.group == group for each in operations) for group in group_texts()}
    yield from table(
        ("group", "operations", "about"),
        (
            (f"[{group}]({group}.md)", str(counts[group]), plain(text))
            for group, text in sorted(group_texts().items())
        ),
    )


def _page(
    group: str,
    members: Sequence[Described],
    examples: Mapping[str, Sequence[Example]],
    links: Mapping[str, str],
) -> Iterator[str]:
    yield from (f"# {group}", "", plain(group_texts()[group]), "")
    yield from table(
        ("operation", "request", "does"),
        (
            (
                f"[{each.name}](#{each.name})",
                f"`{each.operation.method}`",
                plain(each.raw["summary"])
                + (" (deprecated)" if each.operation.is_deprecated else ""),
            )
            for each in members
        ),
    )
    for each in members:
        yield from _operation(each, examples.get(each.name, ()), links)


def _operation(
    described: Described, examples: Iterable[Example], links: Mapping[str, str]
) -> Iterator[str]:
    operation = described.operation
    yield from (f"## {described.name} {{ #{described.name} }}", "")
    yield from (f"**{plain(described.raw['summary'])}.** {plain(described.raw['description'])}", "")
    if operation.is_deprecated:
        until = described.history.get("until", "1.7.0")
        yield '!!! warning "Deprecated"'
        yield f"    Only servers up to {until} have this operation."
        if replacement := described.raw.get("x-replaced-by"):
            yield f"    Newer ones have `{operation_name(replacement)}`."
        yield ""
    for label, text in _facts(described):
        yield f"- {label}: {text}"
    yield ""
    yield from _parameters(described, links)
    yield from _responses(described, links)
    yield '<div data-search-exclude markdown="1">'
    yield ""
    yield from tabs(
        (
            example.form.label,
            [
                *fenced(example.form.code, example.form.language),
                "",
                *fenced(cut(example.printed), "text"),
            ],
        )
        for example in examples
    )
    yield "</div>"
    yield ""


def _facts(described: Described) -> Iterator[tuple[str, str]]:
    operation = described.operation
    path = f"dqops_client/dqops/client/api/{described.group}/{described.name}.py"
    module = f"dqops.client.api.{described.group}.{described.name}"
    yield "Request", f"`{operation.method} {operation.path}`"
    names = dict.fromkeys((described.short_name, described.name))
    yield "Method", ", ".join(f"`dq.{described.group}.{name}`" for name in names)
    yield "Module", f"[`{module}`](../source/{path}.html)"
    permissions = ", ".join(f"`{each}`" for each in sorted(operation.permissions))
    yield "Permission", permissions or "none: no API key is needed"
    yield "Servers", _versions(described)
    aliases = aliases_of(described.name)
    if aliases:
        yield "For", ", ".join(aliases)


def _versions(described: Described) -> str:
    history = described.history
    if "since" not in history:
        return str(history.get("note", "not known"))
    text = f"since {history['since']}"
    if "until" in history:
        text += f", until {history['until']}"
    if "path_since" in history:
        text += f", with this path since {history['path_since']}"
    return f"{text}. {history['note']}" if "note" in history else text


def _parameters(described: Described, links: Mapping[str, str]) -> Iterator[str]:
    rows = []
    for each in described.parameters:
        key = "" if each.key == each.name else f" `{each.key}`"
        needed = "" if each.is_required else " Optional."
        rows.append(
            (
                f"`{each.name}`<br>{each.place}{key}",
                linked(_without_unset(each.annotation), links),
                f"{plain(each.description)}{needed}",
            )
        )
    name = described.body_argument
    if name:
        declared = str(described.signature.parameters[name].annotation)
        body = specification().resolve(f"{described.operation.pointer}/requestBody")[1]
        text = plain(str(body.get("description", "")))
        needed = "" if body.get("required") else " Optional."
        rows.append((f"`{name}`<br>body", linked(_without_unset(declared), links), text + needed))
    if rows:
        yield from table(("argument", "type", "meaning"), rows)


def _responses(described: Described, links: Mapping[str, str]) -> Iterator[str]:
    operation = described.operation
    advice = described.module._OPERATION.advice or {}
    rows = []
    for status, (_, response) in sorted(operation.responses.items()):
        is_result = 200 <= status < 300 or response.get("x-result")
        text = plain(response["description"])
        if is_result:
            declared = str(described.signature.return_annotation).removesuffix(" | None")
            kind = linked(declared, links) if response.get("content") else "None"
            if response.get("x-may-be-empty"):
                kind = f"{kind} or None"
        else:
            raised = errors.kind_of_status(status).__name__
            kind = f"[{raised}](../reference/dqops_client_errors.md#{raised})"
            if status in advice:
                text = f"{text} {plain(advice[status])}"
        rows.append((str(status), f"{'' if is_result else 'raises '}{kind}", text))
    yield from table(("status", "result", "meaning"), rows)


def _without_unset(annotation: str) -> str:
    parts = [part.strip() for part in annotation.split("|")]
    return " | ".join(part for part in parts if part not in {"Unset", "None"})
