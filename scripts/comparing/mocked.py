"""Call every GET of public documents against a mock of their servers, with generated clients.

    python -m comparing.mocked FOLDER [--mock COMMAND]

FOLDER holds OpenAPI documents (`.yaml` or `.json`, or gzip of them). For each one, a client is
generated as `clientsmith adopt` does it, and COMMAND is run as the server: Prism
(`npm install @stoplight/prism-cli`) unless another one is given, with `{document}` and `{port}` in
it. Each operation gets as few arguments as possible. What is not read is listed with its cause:

    refused    the mock refuses the request, or cannot make a response of the document
    not valid  the response is not what the document says, by a validator of its schema

Exit code 1 tells that there is something else, which is a fault of the client.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import json
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from clientsmith.adopting.command import adopt, init
from clientsmith.checking.supported import operation_name
from clientsmith.reading.documents import load_text
from clientsmith.reading.grammar import METHODS
from jsonschema import FormatChecker
from openapi_python_client.strings import PythonIdentifier
from openapi_schema_validator import (
    OAS30Validator,
    OAS31Validator,
    oas30_format_checker,
    oas31_format_checker,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PRISM = "prism mock --port {port} {document}"
_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_START_SECONDS = 120.0
_CALL_SECONDS = 60.0
_SHOWN = 160


@dataclass(frozen=True)
class Outcome:
    """What became of a call.

    Args:
        operation: The operation.
        cause: Why it gave no result: `refused`, `not valid` or `fault`; empty if it gave one.
        problem: What happened.
    """

    operation: str
    cause: str = ""
    problem: str = ""


class Document:
    """A document as it was published.

    Args:
        content: The document.
    """

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self._paths = {_PLACEHOLDER.sub("{}", path): path for path in content.get("paths", {})}

    def resolve(self, value: Any) -> Any:
        """Follow references within the document."""
        while isinstance(value, dict) and "$ref" in value:
            found: Any = self.content
            for step in value["$ref"].lstrip("#/").split("/"):
                key = step.replace("~1", "/").replace("~0", "~")
                found = found[int(key)] if isinstance(found, list) else found[key]
            value = found
        return value

    def item(self, path: str) -> dict[str, Any]:
        """Give what stands at a path, whatever its parameters are called."""
        bare = _PLACEHOLDER.sub("{}", path.partition("#")[0])
        found: dict[str, Any] = self.resolve(self.content["paths"][self._paths[bare]])
        return found

    def problem_of(self, operation: dict[str, Any], status: int, kind: str, body: bytes) -> str:
        """Say why a response is not what an operation says; empty if it is."""
        responses = operation.get("responses", {})
        keys = (str(status), f"{str(status)[0]}XX", "default")
        response = self.resolve(next((responses[key] for key in keys if key in responses), {}))
        content = response.get("content", {})
        media: Any = content.get(kind) or next(iter(content.values()), {})
        try:
            value = json.loads(body)
        except ValueError:
            return "it is no JSON"
        schema = {**_with_variants(self.content), "allOf": [media.get("schema", {})]}
        is_30 = str(self.content.get("openapi", "")).startswith("3.0")
        formats = FormatChecker(())
        formats.checkers = {
            **(oas30_format_checker if is_30 else oas31_format_checker).checkers,
            "duration": (_is_duration, ()),
        }
        validator = (OAS30Validator if is_30 else OAS31Validator)(schema, format_checker=formats)
        for error in validator.iter_errors(value):
            while error.context:
                # Of several variants the one whose tag is right, and what is wrong deep inside.
                error = min(
                    error.context,
                    key=lambda each: (each.validator in {"enum", "not"}, -len(each.path)),
                )
            return f"{error.json_path}: {error.message}"[:_SHOWN]
        return ""


def _is_duration(value: object) -> bool:
    """Whether a string is a duration of ISO 8601, which the validators have no check for."""
    return not isinstance(value, str) or re.match(r"-?P(?=[\dT])", value) is not None


def _with_variants(content: dict[str, Any]) -> dict[str, Any]:
    """Let a validator know that a discriminator names the variant that an object is to be."""
    content = copy.deepcopy(content)
    schemas = content.get("components", {}).get("schemas", {})
    text = "#/components/schemas/"
    for name, schema in list(schemas.items()):
        discriminator = schema.get("discriminator", {}) if isinstance(schema, dict) else {}
        mapping = discriminator.get("mapping")
        if not mapping or schema.keys() & {"anyOf", "oneOf"}:
            continue
        tag = discriminator["propertyName"]

        def tagged(*values: str, tag: str = tag) -> dict[str, Any]:
            return {"properties": {tag: {"enum": list(values)}}, "required": [tag]}

        plain = f"{name}.plain"
        for each in schemas.values():
            for block in each.get("allOf", ()) if isinstance(each, dict) else ():
                if block.get("$ref") == f"{text}{name}":
                    block["$ref"] = f"{text}{plain}"
        schemas[plain] = schema
        variants = [{"allOf": [tagged(key), {"$ref": to}]} for key, to in mapping.items()]
        schemas[name] = {"anyOf": [*variants, {"not": tagged(*mapping)}]}
    return content


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate, call and print.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0 if everything that is not read has a cause outside of the client.
    """
    parser = argparse.ArgumentParser(prog="python -m comparing.mocked", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mock", default=PRISM, help=f"the command of a mock; usually `{PRISM}`")
    options = parser.parse_args(arguments)
    total: list[Outcome] = []
    print("| document | GETs | read | refused | not valid | faults |\n|---|---|---|---|---|---|")
    for path in sorted(options.folder.iterdir()):
        if re.search(r"\.(ya?ml|json)(\.gz)?$", path.name):
            outcomes = check(path, options.mock)
            print(_row(path.name.partition(".")[0], outcomes), flush=True)
            total += outcomes
    print(_row("all", total))
    for each in total:
        if each.cause:
            print(f"- {each.operation}: {each.cause}: {each.problem}")
    return int(any(each.cause == "fault" for each in total))


def _row(name: str, outcomes: list[Outcome]) -> str:
    causes = [each.cause for each in outcomes]
    counts = [len(causes), *(causes.count(each) for each in ("", "refused", "not valid", "fault"))]
    return f"| {name} | {' | '.join(map(str, counts))} |"


def check(path: Path, mock: str) -> list[Outcome]:
    """Generate a client of a document and call each of its GETs.

    Args:
        path: The document.
        mock: The command of the mock.

    Returns:
        What became of each call.
    """
    name, *_, suffix = path.name.removesuffix(".gz").split(".")
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        published = folder / f"{name}.{suffix}"
        published.write_text(text, encoding="utf-8", newline="\n")
        with redirect_stdout(StringIO()):
            init(folder)
            adopt(folder, published, name)
        written = (folder / f"openapi/{name}.bundle.yaml").read_text(encoding="utf-8")
        bundle = load_text(written, "bundle.yaml")
        document = Document(load_text(text, published.name, strict=False))
        sys.path.insert(0, str(folder))
        try:
            with Mock(mock, published) as running:
                return list(_calls(f"{name}_client", running, document, bundle))
        finally:
            sys.path.remove(str(folder))


class Mock:
    """A mock that runs, for a `with` block.

    Args:
        command: How to run it.
        document: The document.
    """

    def __init__(self, command: str, document: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._command = [
            each.format(document=document, port=self._port) for each in shlex.split(command)
        ]
        self._log = document.with_name("mock.log")

    def __enter__(self) -> Self:
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(self._command, stdout=output, stderr=output)  # noqa: S603 - of the command line
        end = time.monotonic() + _START_SECONDS
        while not self._is_listening():
            if self._process.poll() is not None or time.monotonic() > end:
                self._process.kill()
                raise RuntimeError(f"no mock: {self._log.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def _is_listening(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), 1).close()
        except OSError:
            return False
        return True

    def renew(self) -> str:
        """Run it anew after a request that it has not responded to.

        Returns:
            The error that it told, or else what it said last.
        """
        self.__exit__()
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines() or ["nothing"]
        self.__enter__()
        return next((line for line in lines if "Error" in line), lines[-1]).strip()[:_SHOWN]


def _calls(
    package: str, mock: Mock, document: Document, bundle: dict[str, Any]
) -> Iterator[Outcome]:
    client_class = import_module(package).AuthenticatedClient
    identity = import_module(f"{package}._identity")
    usual = (identity.AUTH_PLACE, identity.AUTH_NAME, identity.AUTH_PREFIX)
    further = {name: "user:key" for name, each in identity.SCHEMES.items() if each != usual}
    options: dict[str, Any] = {"credentials": further} if further else {}
    options |= {"raise_on_unexpected_status": True, "retries": None, "timeout": _CALL_SECONDS}
    failure = import_module(f"{package}.errors").TransportFailure
    with client_class(mock.url, "user:key", **options) as client:
        for path, item in bundle["paths"].items():
            for method in METHODS:
                if method != "get" or method not in item:
                    continue
                try:
                    yield _call(package, client, path, item[method], document)
                except failure as error:
                    said = f"{type(error).__name__}; the mock said: {mock.renew()}"
                    yield Outcome(_shown(package, item[method]), "refused", said)


def _shown(package: str, operation: dict[str, Any]) -> str:
    return f"{package.removesuffix('_client')}.{operation_name(operation['operationId'])}"


def _call(
    package: str, client: Any, path: str, operation: dict[str, Any], document: Document
) -> Outcome:
    group = PythonIdentifier(operation["tags"][0], "")
    name = operation_name(operation["operationId"])
    module = import_module(f"{package}.api.{group}.{name}")
    errors = import_module(f"{package}.errors")
    published = document.item(path)
    original = published.get("get", {})
    shown = _shown(package, operation)
    arguments = _arguments(module, original, published, document)
    try:
        response = module.sync_detailed(client=client, **arguments)
    except errors.UnexpectedStatus as error:
        said = error.headers.get("sl-violations") or error.content.decode(errors="replace")
        return Outcome(
            shown, "refused", f"{int(error.status_code)} {' '.join(said.split())[:_SHOWN]}"
        )
    except errors.DecodeError as error:
        kind = (error.content_type or "").partition(";")[0]
        problem = document.problem_of(original, error.status_code, kind, error.content)
        if problem:
            return Outcome(shown, "not valid", problem)
        return Outcome(shown, "fault", str(error)[:_SHOWN])
    if response.parsed is None and response.content.strip() not in {b"", b"null"}:
        return Outcome(shown, "fault", f"no result of {response.content[:_SHOWN]!r}")
    return Outcome(shown)


def _arguments(
    module: Any, original: dict[str, Any], item: dict[str, Any], document: Document
) -> dict[str, Any]:
    """Make the arguments that an operation needs, of the document's examples where it has them."""
    found: dict[str, Any] = {}
    annotations = module.sync_detailed.__annotations__
    defaults = module.sync_detailed.__wrapped__.__kwdefaults__ or {}
    for each in (*item.get("parameters", []), *original.get("parameters", [])):
        parameter = document.resolve(each)
        name = str(PythonIdentifier(parameter["name"], "field_"))
        name = name if name in annotations else f"{name}_parameter"
        if name in annotations and name not in defaults:
            found[name] = _value(parameter, annotations[name], document)
    for name in annotations:
        if name not in {*found, *defaults, "client", "return"}:
            found[name] = _value({}, annotations[name], document)
    return found


def _value(parameter: dict[str, Any], annotation: str, document: Document) -> Any:
    schema = document.resolve(parameter.get("schema", parameter))
    examples = [document.resolve(each) for each in (parameter.get("examples") or {}).values()]
    for value in (
        parameter.get("example"),
        *(each.get("value") for each in examples),
        schema.get("example"),
        schema.get("default"),
        *(schema.get("enum") or ()),
    ):
        if value is not None:
            return _as(annotation, value)
    if schema.get("type") == "array":
        return [_value({"schema": schema.get("items", {})}, "", document)]
    if schema.get("type") in {"integer", "number"} or annotation.startswith(("int", "float")):
        return schema.get("minimum", 1)
    if schema.get("type") == "boolean" or annotation.startswith("bool"):
        return True
    formatted = {
        "date": "2027-01-31",
        "date-time": "2027-01-31T10:20:30Z",
        "uuid": "12345678-1234-5678-1234-567812345678",
        "uri": "http://localhost/",
        "email": "ada@example.com",
    }
    return _as(
        annotation, formatted.get(schema.get("format", ""), "a" * schema.get("minLength", 1))
    )


def _as(annotation: str, value: Any) -> Any:
    """Make a value of the type that an argument has."""
    if "datetime.datetime" in annotation:
        is_time = isinstance(value, datetime)
        return value if is_time else datetime(2027, 1, 31, 10, 20, 30, tzinfo=UTC)
    if "datetime.date" in annotation:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    if "UUID" in annotation:
        return UUID(str(value))
    return value


if __name__ == "__main__":
    sys.exit(main())
