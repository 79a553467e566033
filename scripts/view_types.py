"""What the templates see of one model, enumeration or operation.

A view holds finished pieces of Python text, so that the templates are about layout only. They are
made by `scripts.views`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from scripts.docstrings import Docstring
from scripts.texts import literal

if TYPE_CHECKING:
    from scripts.kinds import Kind

# What stands for itself in a path (RFC 3986), and the braces of parameters.
_PATH_CHARACTERS = "/{}%-._~!$&'()*+,;=:@"

# Names that stand in an f-string as they are.
_PLAIN_KEY = re.compile(r"[\w .:/@$-]+")

# How times become texts, by converter, and all that `_json_pieces` uses of the runtime's `Writers`.
_TIME_WRITERS = {"INSTANT": "instant", "LOCAL_DATE_TIME": "local_time"}
_WRITING_TOOLS = ("quote", "is_finite", "instant", "local_time")

# The class of JSON values that are Python values already, by converter.
_EXACT = {"TEXT": "str", "INTEGER": "int", "NUMBER": "float", "BOOLEAN": "bool"}

# With no more than so many, to look up a method for each is faster than to keep it (CPython 3.11).
_FEW_PROPERTIES = 10


@dataclass(frozen=True)
class Field:
    """A property of a model, or a parameter of an operation."""

    key: str  # the name on the wire
    name: str  # the name in Python
    kind: Kind
    required: bool
    default: str  # the Python expression of the default
    description: str

    @property
    def annotation(self) -> str:
        """The type of an attribute or a constructor argument."""
        return self.kind.annotation if self.required else self.kind.or_unset

    @property
    def parameter(self) -> str:
        """The type of an operation's parameter; None leaves it out as UNSET does."""
        if self.required:
            return self.kind.annotation
        return self.kind.or_unset.removesuffix(" | None") + " | None"

    @property
    def key_literal(self) -> str:
        """The name on the wire as Python."""
        return literal(self.key)

    @property
    def argument(self) -> str:
        """The declaration in a constructor's signature."""
        return f"{self.name}: {self.annotation}" + (f" = {self.default}" if self.default else "")

    @property
    def exact(self) -> str:
        """The class of JSON values that are Python values already, or an empty text."""
        return _EXACT.get(self.kind.converter.removeprefix("Nullable(").removesuffix(")"), "")

    def is_unread(self, get: str) -> str:
        """Write the condition that takes the property as `value`, and holds if there is more to do.

        Args:
            get: What finds a property in the JSON object.

        Returns:
            A Python expression.
        """
        default = "" if self.absent == "None" else f", {self.absent}"
        value = f"value := {get}({self.key_literal}{default})"
        return f"type({value}) is not {self.exact}" if self.exact else f"({value}) is {self.absent}"

    @property
    def looks_usual(self) -> str:
        """The condition under which the quick way of reading may be taken; empty for always."""
        if self.kind.converter != "INSTANT":
            return ""
        return 'value[16] == ":" and value[-1] == "Z" and len(value) in INSTANT_LENGTHS'

    @property
    def reading(self) -> str:
        """The expression that reads `value` the quick way."""
        is_text_enum = self.is_enum and self.is_quoted
        if is_text_enum or self.kind.converter == "LOCAL_DATE_TIME":
            return f"{self.decoder_name}[value]"
        return f"{self.decoder_name}(value)"

    @property
    def decoder_name(self) -> str:
        """The variable that holds what reads the property the quick way."""
        return f"decode_{self.name}"

    @property
    def absent(self) -> str:
        """What stands for a property that is absent: None, unless null is a value of its own."""
        return "UNSET" if self.kind.converter.startswith("Nullable(") else "None"

    @property
    def writing(self) -> str:
        """The expression that writes `value`."""
        if self.is_enum:
            return 'getattr(value, "_value_", value)'
        if not self.is_encoded:
            return "value"
        encoded = f"encode[{self.key_literal}](value)"
        if self.kind.converter.startswith("ModelOf("):
            return f"value.to_dict() if isinstance(value, Model) else {encoded}"
        return encoded

    @property
    def is_quoted(self) -> bool:
        """Whether the value is a text, be it an enumeration's member, and never null."""
        kind = self.kind.converter
        return kind == "TEXT" or (kind.startswith("EnumOf(") and ", int" not in kind)

    def json_text(self, before: str = "") -> str:
        """Write the expression that writes the property, with its name, as JSON text.

        Args:
            before: What separates it from the property before.

        Returns:
            A Python expression.
        """
        written = f"write[{self.key_literal}](value)"
        if self.is_quoted:
            written = "quote(value)"
        elif self.exact == "int":
            written = f"value if type(value) is int else {written}"
        elif self.exact == "float":
            written = f"value if type(value) is float and is_finite(value) else {written}"
        elif self.exact == "bool":
            written = f'"true" if value is True else "false" if value is False else {written}'
        written = f"{{{written}}}"
        if self.kind.converter in _TIME_WRITERS:
            written = f'"{{{_TIME_WRITERS[self.kind.converter]}(value)}}"'
        return f"f'{before}{self.json_name}:{written}'"

    @property
    def json_name(self) -> str:
        """The name on the wire as JSON."""
        return json.dumps(self.key, ensure_ascii=False)

    @property
    def holds_models(self) -> bool:
        """Whether the value is a model, or holds models."""
        return "ModelOf" in self.kind.converters

    @property
    def is_enum(self) -> bool:
        """Whether the value is an enumeration's member."""
        return self.kind.converter.removeprefix("Nullable(").startswith("EnumOf(")

    @property
    def is_time(self) -> bool:
        """Whether the value is a date or a time, or a list of such, and nothing else."""
        kinds = self.kind.converters - {"ListOf", "Nullable"}
        return len(kinds) == 1 and kinds <= {"DATE", "INSTANT", "LOCAL_DATE_TIME"}

    @property
    def may_take_null(self) -> bool:
        """Whether only the converter knows if null is a value."""
        return self.kind.converter.startswith("OneOf(")

    @property
    def is_encoded(self) -> bool:
        """Whether the value has another form in JSON, which a converter writes."""
        return not self.exact and not self.is_enum

    @property
    def operation_argument(self) -> str:
        """The declaration in an operation's signature."""
        return f"{self.name}: {self.parameter}" + (f" = {self.default}" if self.default else "")


@dataclass(frozen=True)
class ModelView:
    """A model class."""

    name: str
    docstring: str
    fields: list[Field]  # in the order of the specification
    arguments: list[Field]  # in the order of the constructor: required ones first
    additional: Kind | None  # the kind of the free keys, where the specification gives one
    is_map: bool
    is_recursive: bool  # whether it may hold models of its own class, at any depth

    @property
    def _kinds(self) -> list[Kind]:
        return [item.kind for item in self.fields] + ([self.additional] if self.additional else [])

    @property
    def converters(self) -> list[str]:
        """The names that the module takes from the runtime's converters."""
        names = {name for kind in self._kinds for name in kind.converters}
        if self.is_mostly_set and any(item.looks_usual for item in self.fields):
            names |= {"INSTANT_LENGTHS"}
        return sorted(names | {"Converter"} if self.additional else names)

    @property
    def has_unset(self) -> bool:
        """Whether a property can be left out."""
        return any(not item.required for item in self.fields)

    @property
    def encodes(self) -> bool:
        """Whether a property has another form in JSON."""
        return any(item.is_encoded for item in self.fields)

    @property
    def decoder_names(self) -> list[str]:
        """The variables that hold what reads the properties the quick way, in their order."""
        return [item.decoder_name for item in self.fields if not item.exact]

    @property
    def get(self) -> str:
        """What finds a property in the JSON object: a variable pays only if it is used often."""
        return "get" if len(self.fields) > _FEW_PROPERTIES else "src_dict.get"

    @property
    def writing_tools(self) -> list[str]:
        """What `_json_pieces` takes from the runtime's `Writers`."""
        used = "".join(item.json_text() for item in self.fields if not item.holds_models)
        return [name for name in _WRITING_TOOLS if f"{name}(" in used]

    @property
    def bases(self) -> list[str]:
        """The names that the module takes from the runtime's models."""
        if self.is_map:
            return ["MapModel"]
        return ["Model", "Property", *(["create"] if self.is_mostly_set else [])]

    @property
    def is_mostly_set(self) -> bool:
        """Whether `from_dict` names every property, and `_json_pieces` where there are several.

        That is faster where most properties come with most objects. Models that hold several other
        models, such as checks and their categories, have few of them set: those are read by a loop
        over what there is, and written by way of a dictionary. So are those that may hold others of
        their kind: what is out of the ordinary is read or written a second time, which would be
        twice as often with each level.
        """
        if self.additional is not None or self.is_recursive:
            return False
        if any(item.required or item.may_take_null for item in self.fields):
            return False
        if not all(_PLAIN_KEY.fullmatch(item.key) for item in self.fields):
            return False
        models = sum(item.holds_models for item in self.fields)
        return bool(self.fields) and 4 * models <= len(self.fields)

    @property
    def writes_itself(self) -> bool:
        """Whether there is a `_json_pieces`; for a single property there is nothing to gain."""
        return self.is_mostly_set and len(self.fields) > 1

    @property
    def holds_models(self) -> bool:
        """Whether a property holds models, so that `_json_pieces` has more than a few pieces."""
        return any(item.holds_models for item in self.fields)

    @property
    def attrs_field(self) -> str:
        """The name for `attrs.field`: a property's default would take the place of `field`."""
        return "attrs_field" if any(item.name == "field" for item in self.fields) else "field"

    @property
    def is_any_named(self) -> bool:
        """Whether the module names `Any`."""
        return not self.is_map or any(kind.names("Any") for kind in self._kinds)

    @property
    def default_imports(self) -> list[str]:
        """Import lines that the defaults need when the module is loaded."""
        kinds = [item.kind for item in self.fields if item.default not in {"", "UNSET"}]
        return sorted(
            f"from .{module} import {name}"
            for name, module in {found for kind in kinds for found in kind.classes}
            if any(item.default.startswith(f"{name}.") for item in self.fields)
        )

    @property
    def annotation_imports(self) -> list[str]:
        """Import lines that only type checkers need."""
        lines = {line for kind in self._kinds for line in kind.import_lines("", self.name)}
        return sorted(lines.difference(self.default_imports))


@dataclass(frozen=True)
class EnumView:
    """An enumeration class."""

    name: str
    docstring: str
    base: str
    members: list[tuple[str, str]]


@dataclass(frozen=True)
class BodyField(Field):
    """A request body."""

    @property
    def parameter(self) -> str:
        """The type of the argument; unlike with a parameter, None is a value (null)."""
        return self.annotation


@dataclass(frozen=True)
class BodyView:
    """The request body of an operation."""

    field: Field
    argument: str  # the keyword of Operation.request


@dataclass
class Responses:
    """What the responses of an operation come to."""

    results: list[tuple[str, str]] = field(default_factory=list)  # status, body expression
    errors: list[tuple[str, str]] = field(default_factory=list)
    advice: list[tuple[str, str]] = field(default_factory=list)  # status, text as Python
    texts: list[str] = field(default_factory=list)
    result_kinds: list[Kind] = field(default_factory=list)
    error_kinds: list[Kind] = field(default_factory=list)
    keeps_cookies: bool = False
    can_be_streamed: bool = False

    @property
    def annotation(self) -> str:
        """The type of the result."""
        names = list(dict.fromkeys(kind.annotation for kind in self.result_kinds))
        return "Any" if "Any" in names else " | ".join(names) or "None"

    @property
    def bodies(self) -> list[str]:
        """The names that the module takes from the runtime's bodies."""
        return sorted({body.partition("(")[0] for _, body in [*self.results, *self.errors]})


@dataclass(frozen=True)
class OperationView:
    """An operation and the four functions that call it."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    path_fields: list[Field]
    query_fields: list[Field]
    header_fields: list[Field]
    cookie_fields: list[Field]
    body: BodyView | None
    results: list[tuple[str, str]]  # status, body expression
    errors: list[tuple[str, str]]
    advice: list[tuple[str, str]]  # status, text as Python
    result_annotation: str
    result_texts: list[str]
    result_kinds: list[Kind]
    error_kinds: list[Kind]
    bodies: list[str]
    is_deprecated: bool
    is_repeatable: bool  # although its method says otherwise
    keeps_cookies: bool
    secrets: list[str]  # path parameters
    wait: str  # the query parameter with the wait, its default, and what turns it off; as Python
    can_be_streamed: bool
    content_type: str  # what a request without a body is to name; mostly empty
    refused: list[tuple[str, str]]  # places in the body; allowing argument and reason, as Python
    needed: list[tuple[str, str]]
    allowing_fields: list[Field]  # what lets a body hold what is refused

    @property
    def keyword_fields(self) -> list[Field]:
        """Everything that is passed by keyword only, in the order of the signature."""
        body = [self.body.field] if self.body else []
        sent = [*self.query_fields, *self.header_fields, *self.cookie_fields]
        return [*body, *sent, *self.allowing_fields]

    @property
    def fields(self) -> list[Field]:
        """Every argument of the operation but the client."""
        return [*self.path_fields, *self.keyword_fields]

    @property
    def times(self) -> list[Field]:
        """The parameters that are dates and times, of which each is written in its own way."""
        sent = (self.path_fields, self.query_fields, self.header_fields, self.cookie_fields)
        return [item for fields in sent for item in fields if item.is_time]

    @property
    def converters(self) -> list[str]:
        """The converters that the module names."""
        kinds = self.result_kinds + self.error_kinds + [item.kind for item in self.times]
        return sorted({name for kind in kinds for name in kind.converters})

    @property
    def optional_result(self) -> str:
        """What `sync` returns."""
        annotation = self.result_annotation
        is_optional = annotation == "None" or annotation.endswith("| None")
        return annotation if is_optional else f"{annotation} | None"

    @property
    def path_literal(self) -> str:
        """The path template as Python, percent-encoded but for its parameters."""
        return literal(quote(self.path, safe=_PATH_CHARACTERS))

    @property
    def answer_name(self) -> str:
        """A name for the answer that no argument has."""
        taken = any(field.name == "response" for field in self.fields)
        return "answer" if taken else "response"

    @property
    def annotation_imports(self) -> list[str]:
        """Import lines that only type checkers need."""
        kinds = [field.kind for field in self.fields] + self.result_kinds
        return sorted({line for kind in kinds for line in kind.import_lines("...models", "")})

    @property
    def has_unset(self) -> bool:
        """Whether an argument can be `UNSET`."""
        return any(not field.required for field in self.fields)

    @property
    def types(self) -> list[str]:
        """The names that annotations take from the runtime's types."""
        kinds = [field.kind for field in self.fields] + self.result_kinds
        names = {"Response"}
        if self.has_unset:
            names.add("Unset")
        if any(kind.names("File") for kind in kinds):
            names.add("File")
        return sorted(names)

    @property
    def functions(self) -> list[str]:
        """The names of the functions of the module."""
        streams = ["asyncio_stream", "stream"] if self.can_be_streamed else []
        return sorted(["asyncio", "asyncio_detailed", "sync", "sync_detailed", *streams])

    def docstring(self, returned: str) -> str:
        """Write the docstring of one of the functions.

        Args:
            returned: What the function returns: `result`, `response` or `download`.

        Returns:
            The text, indented for the body of a function.
        """
        description = f"Deprecated. {self.description}" if self.is_deprecated else self.description
        text = Docstring(self.summary, description)
        arguments = [(field.name, field.description) for field in self.path_fields]
        arguments.append(("client", "The client to send the request with."))
        arguments += [(field.name, field.description) for field in self.keyword_fields]
        text.add_section("Args", arguments)
        results = " ".join(self.result_texts)
        if len(self.result_texts) == 1:
            results = results.partition(": ")[2]
        text.add_text("Returns", f"{self._returned(returned)} {results}")
        raised = [
            ("InvalidRequest", "An argument cannot be sent; nothing was sent."),
            ("UnexpectedStatus", "The answer is no success, and the client raises on that."),
            ("DecodeError", "The answer is not what the specification says."),
            ("TransportFailure", "No answer came: connection, time-out, TLS or protocol."),
        ]
        if returned == "download":
            raised[1:3] = [("UnexpectedStatus", "The answer is no success; there is no download.")]
        text.add_section("Raises", raised)
        return text.render(indent=4)

    def _returned(self, returned: str) -> str:
        if returned == "response":
            return "The answer with its status, headers and body; `parsed` holds the result."
        if returned == "download":
            return "The download, for a `with` block; it needs little memory, however large it is."
        return (
            "Nothing."
            if self.result_annotation == "None"
            else ("The result, or None where there is none.")
        )


__all__ = ["BodyField", "BodyView", "EnumView", "Field", "ModelView", "OperationView", "Responses"]
