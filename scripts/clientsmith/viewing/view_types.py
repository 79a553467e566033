"""What the templates see of one model, enumeration or operation.

A view holds finished pieces of Python text, so that the templates are about layout only. They are
made by `clientsmith.viewing.views`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from clientsmith.viewing.docstrings import Docstring
from clientsmith.viewing.kinds import or_unset
from clientsmith.viewing.media import USUAL
from clientsmith.viewing.texts import literal

if TYPE_CHECKING:
    from clientsmith.viewing.kinds import Kind

# What stands for itself in a path (RFC 3986), and the braces of parameters.
_PATH_CHARACTERS = "/{}%-._~!$&'()*+,;=:@"


@dataclass(frozen=True)
class Field:
    """A property of a model, or a parameter of an operation."""

    key: str  # the name on the wire
    name: str  # the name in Python
    kind: Kind
    required: bool
    default: str  # the Python expression of the default
    description: str
    is_always_sent: bool = False  # by the server; requests need not have it
    bounds: tuple[float | None, float | None] = (None, None)  # of a parameter that is a number

    @property
    def annotation(self) -> str:
        """The type of an attribute and a constructor argument."""
        got = self.kind.annotation
        if not self.required and (not self.is_always_sent or self.default not in {"", "UNSET"}):
            got = self.kind.or_unset
        given = self.kind.given if self.required else or_unset(self.kind.given)
        # A default of its own could not be that of a `Field`.
        is_plain = given == got or self.default not in {"", "UNSET"}
        return got if is_plain else f"Field[{got}, {given}]"

    @property
    def names_field(self) -> bool:
        """Whether it is read as something else than it may be set to."""
        return self.annotation.startswith("Field[")

    @property
    def parameter(self) -> str:
        """The type of an operation's parameter; None leaves it out as UNSET does."""
        if self.required:
            return self.kind.given
        return or_unset(self.kind.given).removesuffix(" | None") + " | None"

    @property
    def key_literal(self) -> str:
        """The name on the wire as Python."""
        return literal(self.key)

    @property
    def argument(self) -> str:
        """The declaration in a constructor's signature."""
        default = "ABSENT" if self.names_field and self.default == "UNSET" else self.default
        return f"{self.name}: {self.annotation}" + (f" = {default}" if default else "")

    @property
    def is_time(self) -> bool:
        """Whether the value is a date or a time, or a list of such, and nothing else."""
        kinds = self.kind.converters - {"ListOf", "Nullable"}
        return len(kinds) == 1 and kinds <= {"DATE", "INSTANT", "LOCAL_DATE_TIME"}

    @property
    def enum(self) -> str:
        """The enumeration that the value, or each of a list, is a member of; empty for none."""
        found = re.fullmatch(
            r'(?:(?:ListOf|Nullable)\()*EnumOf\("(\w+)"(?:, int)?\)+', self.kind.converter
        )
        return found[1] if found else ""

    @property
    def passed(self) -> str:
        """The argument of a call within the module."""
        return f"{self.name}={self.name}"

    @property
    def operation_argument(self) -> str:
        """The declaration in an operation's signature."""
        return f"{self.name}: {self.parameter}" + (f" = {self.default}" if self.default else "")


@dataclass(frozen=True)
class ModelView:
    """A model class."""

    name: str
    module: str
    docstring: str
    fields: list[Field]  # in the order of the specification
    arguments: list[Field]  # in the order of the constructor: required ones first
    additional: Kind | None  # the kind of the free keys, where the specification gives one
    is_map: bool
    is_recursive: bool  # whether it may hold models of its own class, at any depth
    selects: bool  # whether what is missing in it selects more
    #: A map of models that hold the map stands in their module, so that no two import each other.
    home: str  # the module that it stands in; empty for its own
    guests: list[ModelView]  # the maps that stand in this one's module

    @property
    def _kinds(self) -> list[Kind]:
        return [item.kind for item in self.fields] + ([self.additional] if self.additional else [])

    @property
    def converters(self) -> list[str]:
        """The names that the module takes from the runtime's converters."""
        names = {name for kind in self._kinds for name in kind.converters}
        names |= {name for guest in self.guests for name in guest.converters}
        if not self.is_map:
            names |= {"Property"}
        return sorted(names | {"Converter"} if self.additional else names)

    @property
    def has_unset(self) -> bool:
        """Whether a property can be left out."""
        return any(not item.required for item in self.fields)

    @property
    def names_unset(self) -> bool:
        """Whether a default is `UNSET`."""
        return any(item.default == "UNSET" and not item.names_field for item in self.fields)

    @property
    def names_absent(self) -> bool:
        """Whether a default is `ABSENT`."""
        return any(item.default == "UNSET" and item.names_field for item in self.fields)

    @property
    def names_field(self) -> bool:
        """Whether an annotation is a `Field`."""
        return any(item.names_field for item in self.fields)

    @property
    def names_file(self) -> bool:
        """Whether an annotation is a `File`."""
        return any(kind.names("File") for kind in self._kinds)

    @property
    def typed_imports(self) -> bool:
        """Whether the module imports something for type checkers only."""
        return (
            self.has_unset or self.names_field or self.names_file or bool(self.annotation_imports)
        )

    @property
    def bases(self) -> list[str]:
        """The names that the module takes from the runtime's models."""
        if self.is_map:
            return ["MapModel", "map_model"]
        return ["Model", "model"]

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
        lines = {
            line
            for item in self.fields
            for line in item.kind.import_lines("", self.name, item.annotation)
        }
        if self.additional is not None:
            # It is named in a string: the base class is evaluated.
            named = self.additional.import_lines("", self.name)
            if self.is_map and self.additional.names("Any"):
                named.add("from typing import Any")
            lines |= {f"{line}  # noqa: F401" if self.is_map else line for line in named}
        if any(re.search(r"\bAny\b", item.annotation) for item in self.fields):
            lines.add("from typing import Any")
        here = {f"from .{guest.module} import {guest.name}" for guest in self.guests}
        return sorted(lines.difference(self.default_imports, here))

    @property
    def public_names(self) -> list[str]:
        """The classes that stand in the module."""
        return sorted([self.name, *(guest.name for guest in self.guests)])


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
        return self.kind.given if self.required else or_unset(self.kind.given)


@dataclass(frozen=True)
class BodyView:
    """The request body of an operation."""

    field: Field
    argument: str  # the keyword of `Arguments`
    media_type: str
    is_further: bool = False  # whether another body is sent in the same way

    @property
    def further_key(self) -> str:
        """The key in the argument `further` of `Arguments`, as Python."""
        return f'("{self.argument}", {literal(self.media_type)})'


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
    may_be_empty: bool = False
    can_be_streamed: bool = False
    items: list[str] = field(default_factory=list)  # types of what is read item by item

    @property
    def annotation(self) -> str:
        """The type of the result."""
        names = list(dict.fromkeys(kind.annotation for kind in self.result_kinds))
        return "Any" if "Any" in names else " | ".join(names) or "None"

    @property
    def body_classes(self) -> list[str]:
        """The names that the module takes from the runtime's bodies."""
        expressions = " ".join(body for _, body in [*self.results, *self.errors])
        return sorted(set(re.findall(r"\b\w*Body\w*(?=\()", expressions)))


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
    bodies: list[BodyView]
    results: list[tuple[str, str]]  # status, body expression
    errors: list[tuple[str, str]]
    advice: list[tuple[str, str]]  # status, text as Python
    result_annotation: str
    result_texts: list[str]
    result_kinds: list[Kind]
    error_kinds: list[Kind]
    body_classes: list[str]
    is_deprecated: bool
    replacement: str  # the group and name of what newer servers have instead
    is_repeatable: bool  # although its method says otherwise
    keeps_cookies: bool
    may_be_empty: bool  # a body is no error if it is missing, unless a wait was too short
    has_options: bool  # whether a method of an object takes options of the call
    short_name: str  # of the method of an object; mostly empty
    secrets: list[str]  # path parameters
    plain: list[str]  # path parameters
    wait: str  # the query parameter with the wait, its default, and what turns it off; as Python
    can_be_streamed: bool
    streamed_item: str  # the type of what is read item by item; mostly empty
    styles: list[tuple[str, str]]  # of parameters, as Python
    needs_body: bool
    is_public: bool
    schemes: str  # alternatives of security schemes, if not the usual one alone; as Python
    content_type: str  # what a request without a body is to name; mostly empty
    refused: list[tuple[str, str]]  # places in the body; allowing argument and reason, as Python
    needed: list[tuple[str, str]]
    allowing_fields: list[Field]  # what lets a body hold what is refused

    @property
    def keyword_fields(self) -> list[Field]:
        """Everything that is passed by keyword only, in the order of the signature."""
        body = [each.field for each in self.bodies]
        sent = [*self.query_fields, *self.header_fields, *self.cookie_fields]
        return [*body, *sent, *self.allowing_fields]

    @property
    def fields(self) -> list[Field]:
        """Every argument of the operation but the client."""
        return [*self.path_fields, *self.keyword_fields]

    @property
    def _sent_fields(self) -> list[Field]:
        return [*self.path_fields, *self.query_fields, *self.header_fields, *self.cookie_fields]

    @property
    def times(self) -> list[Field]:
        """The parameters that are dates and times, of which each is written in its own way."""
        return [item for item in self._sent_fields if item.is_time]

    @property
    def enums(self) -> list[tuple[str, str]]:
        """The parameters that are values of an enumeration, and its class."""
        return [(item.key_literal, literal(item.enum)) for item in self._sent_fields if item.enum]

    @property
    def bounds(self) -> list[tuple[str, str]]:
        """The parameters whose numbers have bounds, and these."""
        none = (None, None)
        return [
            (item.key_literal, repr(item.bounds))
            for item in self._sent_fields
            if item.bounds != none
        ]

    @property
    def names(self) -> list[Field]:
        """The parameters whose Python names `Operation.argument` cannot derive."""
        # Of two with one name on the wire, the first.
        first = {item.key: item for item in reversed(self._sent_fields)}
        return [item for item in first.values() if item.name != _snake_case(item.key)][::-1]

    @property
    def converters(self) -> list[str]:
        """The converters that the module names."""
        kinds = self.result_kinds + self.error_kinds + [item.kind for item in self.times]
        return sorted({name for kind in kinds for name in kind.converters})

    @property
    def body_model(self) -> str:
        """The class of a JSON body, or of the items of one; empty for a body of another kind."""
        found = re.fullmatch(r'(?:ListOf\()?ModelOf\("(\w+)"\)\)?', self._body_converter)
        return found[1] if found else ""

    @property
    def body_is_list(self) -> bool:
        """Whether a JSON body is a list."""
        return self._body_converter.startswith("ListOf(")

    @property
    def _body_converter(self) -> str:
        return "".join(
            each.field.kind.converter
            for each in self.bodies
            if each.argument == "json" and not each.is_further
        )

    @property
    def content_types(self) -> list[tuple[str, str]]:
        """The media types of bodies that are not the usual ones, as Python."""
        return [
            (literal(each.argument), literal(each.media_type))
            for each in self.bodies
            if each.media_type != USUAL[each.argument] and not each.is_further
        ]

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
    def annotation_imports(self) -> list[str]:
        """Import lines that only type checkers need."""
        place = "...models"
        lines = {
            line
            for field in self.fields
            for line in field.kind.import_lines(place, "", field.parameter)
        }
        for kind in self.result_kinds:
            lines |= kind.import_lines(place, "")
        return sorted(lines)

    @property
    def has_unset(self) -> bool:
        """Whether an argument can be `UNSET`."""
        return any(not field.required for field in self.fields)

    @property
    def types(self) -> list[str]:
        """The names that annotations take from the runtime's types."""
        kinds = [field.kind for field in self.fields] + self.result_kinds
        names = {"Response", "CallOptions"} if self.has_options else {"Response"}
        if self.has_unset:
            names.add("Unset")
        if any(kind.names("File") for kind in kinds):
            names.add("File")
        return sorted(names)

    @property
    def certain_result(self) -> str:
        """What a method of an object returns, which raises where there is no result."""
        return self.optional_result if self.may_be_empty else self.result_annotation

    @property
    def typing_names(self) -> list[str]:
        """The names that annotations take from `typing`."""
        annotations = [self.result_annotation, *(field.parameter for field in self.fields)]
        names_any = any(re.search(r"\bAny\b", text) for text in annotations)
        return ["Any"] * names_any + ["Unpack"] * self.has_options

    @property
    def functions(self) -> list[str]:
        """The names of the functions of the module."""
        has_streams = self.can_be_streamed or self.streamed_item
        streams = ["asyncio_stream", "stream"] if has_streams else []
        return sorted(["asyncio", "asyncio_detailed", "sync", "sync_detailed", *streams])

    @property
    def stream_imports(self) -> list[str]:
        """The names that the types of streams take from the runtime."""
        names = ("AsyncItemStream", "ItemStream") if self.streamed_item else ()
        return [*names, *(["ServerSentEvent"] if "ServerSentEvent[" in self.streamed_item else [])]

    @property
    def is_paged(self) -> bool:
        """Whether results come in pages that a number chooses."""
        numbers = {field.key for field in self.query_fields if field.kind.annotation == "int"}
        return {"page", "limit"} <= numbers and self.certain_result.startswith("list[")

    @property
    def method_docstring(self) -> str:
        """The docstring of the function that takes the arguments; tools show it for methods."""
        text = Docstring(self.summary, self._described)
        text.add_section("Args", [(field.name, field.description) for field in self.fields])
        text.add_text("Returns", self._result_text)
        return text.render(indent=4)

    @property
    def module_docstring(self) -> str:
        """The docstring of the module, with which `help` begins."""
        return Docstring(self.summary).render(indent=0)

    @property
    def _described(self) -> str:
        if not self.is_deprecated:
            return self.description
        instead = f" Newer servers have `{self.replacement}`." if self.replacement else ""
        return f"Deprecated. {self.description}{instead}"

    @property
    def _result_text(self) -> str:
        results = " ".join(self.result_texts)
        return results.partition(": ")[2] if len(self.result_texts) == 1 else results

    def docstring(self, returned: str) -> str:
        """Write the docstring of one of the functions.

        Args:
            returned: What the function returns: `result`, `response`, `download` or `items`.

        Returns:
            The text, indented for the body of a function.
        """
        text = Docstring(self.summary, self._described)
        arguments = [(field.name, field.description) for field in self.path_fields]
        arguments.append(("client", "The client to send the request with."))
        arguments += [(field.name, field.description) for field in self.keyword_fields]
        text.add_section("Args", arguments)
        text.add_text("Returns", f"{self._returned(returned)} {self._result_text}")
        text.add_section("Raises", [("ClientError", "The class says what went wrong.")])
        return text.render(indent=4)

    def _returned(self, returned: str) -> str:
        if returned == "response":
            return "The response with its status, headers and body; `parsed` holds the result."
        if returned == "items":
            return "The items, for a `with` block; each is read when it has come."
        if returned == "download":
            return "The download, for a `with` block; it needs little memory, however large it is."
        return (
            "Nothing."
            if self.result_annotation == "None"
            else ("The result, or None where there is none.")
        )


@dataclass(frozen=True)
class GroupView:
    """A group of operations."""

    name: str
    class_name: str
    description: str
    operations: list[OperationView]  # by name

    @property
    def members(self) -> list[tuple[str, str]]:
        """The methods of the class by name, as Python; short names follow what they stand for."""
        found: list[tuple[str, str]] = []
        for each in self.operations:
            function = f"lambda: {self.name}.{each.name}._arguments"
            kind = "DeprecatedMethod" if each.is_deprecated else "Method"
            found.append((each.name, f"{kind}({function})"))
            if each.short_name:
                found.append((each.short_name, each.name))
            if each.is_paged:
                found.append((iterating_name(each.name), f"Pages({function})"))
                if each.short_name:
                    found.append((iterating_name(each.short_name), iterating_name(each.name)))
            if each.streamed_item:
                stream = f"lambda: {self.name}.{each.name}.stream"
                found.append((f"stream_{each.name}", f"StreamedItems({function}, {stream})"))
            elif each.can_be_streamed:
                found.append((f"stream_{each.name}", f"Streamed({function})"))
            if (each.streamed_item or each.can_be_streamed) and each.short_name:
                found.append((f"stream_{each.short_name}", f"stream_{each.name}"))
        return found

    @property
    def kinds(self) -> list[str]:
        """The classes of methods that there are."""
        return sorted({value.partition("(")[0] for _, value in self.members if "(" in value})

    def docstring(self, indent: int) -> str:
        """Write the docstring of the class, or of the property that returns its object."""
        return Docstring(self.description).render(indent)


def iterating_name(name: str) -> str:
    """Name the method that goes through all pages: `iterate` takes the place of the verb.

    Args:
        name: The name of the method that returns one page.
    """
    _, line, rest = name.partition("_")
    return f"iterate{line}{rest}"


__all__ = [
    "BodyField",
    "BodyView",
    "EnumView",
    "Field",
    "GroupView",
    "ModelView",
    "OperationView",
    "Responses",
]


def _snake_case(name: str) -> str:
    """Derive the Python name of a parameter as `Operation.argument` of the runtime does."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").lower()
