"""Makes what the templates see: one view per operation, model and enumeration.

What is in a view is in `viewing.view_types`. Names come from openapi-python-client; texts, formats
and statuses come from the bundled document itself, because the generator's own data leaves them
out.
"""

from __future__ import annotations

import json
import re
import unicodedata
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from itertools import takewhile
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from openapi_python_client.parser.properties import EnumProperty
from openapi_python_client.strings import PythonIdentifier

from clientsmith.checking.supported import operation_name, same_names
from clientsmith.errors import PipelineError, raise_all
from clientsmith.reading.documents import to_pointer
from clientsmith.reading.grammar import METHODS
from clientsmith.viewing.body_rules import CONTENT_TYPE, BodyRules
from clientsmith.viewing.defaults import default_expression, default_value
from clientsmith.viewing.docstrings import Docstring
from clientsmith.viewing.kinds import Kind, kind_of
from clientsmith.viewing.lowering import is_class
from clientsmith.viewing.media import BODY_ARGUMENTS
from clientsmith.viewing.parameters import bounds_of, parameter_schema, style_of
from clientsmith.viewing.taken import TAKEN_CLASSES
from clientsmith.viewing.texts import first_sentence, literal, one_line, text
from clientsmith.viewing.tokens import Token, alternatives, asked_by, token_of
from clientsmith.viewing.types import Types, plain
from clientsmith.viewing.view_types import (
    BodyField,
    BodyView,
    EnumView,
    Field,
    GroupView,
    ModelView,
    OperationView,
    Responses,
)
from clientsmith.writing.skeleton import skeleton_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import (
        LiteralEnumProperty,
        ModelProperty,
        Property,
    )

    from clientsmith.targets import Target
    from clientsmith.viewing.lowering import Lowered
    from clientsmith.viewing.media import MediaTypes

# What the base class of models has; a property of that name gets an underscore, as a keyword does.
_MODEL_NAMES = frozenset(
    {
        "additional_keys",
        "additional_properties",
        "from_dict",
        "from_json",
        "to_dict",
        "to_json",
    }
)

# The names that the functions of an operation need for themselves.
_TAKEN_ARGUMENTS = frozenset({"client"})
# What methods of an object take besides.
_TAKEN_OPTIONS = frozenset({"deadline", "headers", "options", "retries", "timeout"})

# What annotations and signatures name.
_RESERVED_NAMES = frozenset(
    {"bool", "bytes", "cls", "datetime", "dict", "float", "int", "list", "object", "self", "str"}
)


def _import_path(source: str, name: str) -> str:
    """Name a module for `from ... import`, relatively where both are parts of one package.

    Args:
        source: The package of the module that imports.
        name: The module that is imported.

    Returns:
        For example `...._runtime`, or `dqops._runtime`.
    """
    steps, wanted = source.split("."), name.split(".")
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(steps, wanted, strict=False))))
    if not shared:
        return name
    return "." * (len(steps) - shared + 1) + ".".join(wanted[shared:])


class Views:
    """Makes the views of one document.

    Args:
        lowered: The lowered document.
        target: What is generated.
        data: What openapi-python-client made of its skeleton.
        media_types: What media types mean.
    """

    def __init__(
        self, lowered: Lowered, target: Target, data: GeneratorData, media_types: MediaTypes
    ) -> None:
        self._lowered = lowered
        self._media_types = media_types
        bundle = lowered.document
        self._bundle = bundle
        self._usual_token: Token | None = None
        self._components = bundle.get("components", {})
        self._schemas: dict[str, Any] = self._components.get("schemas", {})
        self._target = target
        self._data = data
        # By name in Python, because the generator writes Python names into the path templates.
        self._operations = {
            operation_name(item[method]["operationId"]): (path, method)
            for path, item in bundle.get("paths", {}).items()
            for method in METHODS
            if method in item
        }
        self._referenced_schemas = {
            name: set(re.findall(r'"#/components/schemas/([^"/]+)"', json.dumps(schema)))
            for name, schema in self._schemas.items()
        }
        self._types = Types(
            self._schemas,
            {
                _component(item): (str(item.class_info.name), str(item.class_info.module_name))
                for item in (*data.models, *data.enums)
            },
            target.is_adopted,
        )
        self._rules = BodyRules(self._schemas)
        self._enums = {self._types.classes[_component(item)]: item for item in data.enums}
        self.header = (
            f"# Generated by `make regenerate` from {target.name_of(target.folder)}; do not edit."
        )
        self.title = one_line(bundle["info"]["title"])
        self.has_groups = "groups" in target.folders
        self._views: dict[str, OperationView] = {}
        self._models: dict[str, ModelView] = {}
        self._packages = {
            "api": f"{target.import_name}.api",
            "groups": f"{target.import_name}.groups",
            "operations": f"{target.import_name}.api.any_group",
            "models": f"{target.import_name}.models",
        }
        self.models_package = f"{target.import_name}.models"

    # --- the whole package -----------------------------------------------------------------

    def runtime(self, place: str, module: str) -> str:
        """Name a module of the runtime for `from ... import`.

        Args:
            place: What imports it: `operations` or `models`.
            module: Its name within the runtime.

        Returns:
            For example `...._runtime.declare.bodies`.
        """
        return _import_path(self._packages[place], f"{self._target.runtime}.{module}")

    def client(self, place: str, module: str) -> str:
        """Name a module of the package with the public classes, as `runtime` does."""
        return _import_path(self._packages[place], f"{self._target.client}.{module}")

    def classes(self) -> list[tuple[str, str]]:
        """List every model and enumeration.

        Returns:
            Class name and module name, sorted by class name.
        """
        items = [*self._data.models, *self._data.enums]
        return sorted((item.class_info.name, item.class_info.module_name) for item in items)

    def check_complete(self) -> None:
        """Compare what the generator understood with what the document says.

        Raises:
            PipelineError: The generator passed over something without a warning.
        """
        found = {
            operation_name(endpoint.name)
            for collection in self._data.endpoint_collections_by_tag.values()
            for endpoint in collection.endpoints
        }
        if found != self._operations.keys():
            missing = ", ".join(sorted(self._operations.keys() - found))
            raise self._error(f"the generator left out operations: {missing}", "/paths")
        names = {name for name, _ in self.classes()}
        for name, schema in self._schemas.items():
            if is_class(schema) and name not in names:
                raise self._error(
                    f"schema {name} has no class of that name; choose a name in PascalCase",
                    self._lowered.pointer(name),
                )
        modules: dict[str, str] = {}
        for name, module in self.classes():
            if module in modules:
                raise self._error(
                    f"{modules[module]} and {name} would share the module {module}.py",
                    self._lowered.pointer(name),
                )
            modules[module] = name
            if name in TAKEN_CLASSES:
                raise self._error(
                    f"{name}: the generated code uses that name itself; choose another one",
                    self._lowered.pointer(name),
                )

    def check_all(self) -> None:
        """Make every view, and tell of all that cannot be made at once.

        Raises:
            PipelineError: There are such.
        """
        problems: list[PipelineError] = []
        made: list[tuple[Any, Any]] = [(self.model, each) for each in self._data.models]
        made += [
            (self.operation, endpoint)
            for collection in self._data.endpoint_collections_by_tag.values()
            for endpoint in collection.endpoints
        ]
        for make, item in made:
            try:
                make(item)
            except PipelineError as error:
                problems.append(error)
        raise_all(problems)

    @contextmanager
    def _at(self, pointer: str) -> Iterator[None]:
        """Make errors point to what they are about."""
        try:
            yield
        except PipelineError as error:
            raise (
                error if error.pointer else self._error(error.message, pointer, error.hint)
            ) from None

    def _error(self, message: str, pointer: str, hint: str | None = None) -> PipelineError:
        file = self._target.name_of(self._target.bundle)
        return PipelineError(message, file, pointer, hint)

    # --- models and enumerations -------------------------------------------------------------

    def model(self, model: ModelProperty) -> ModelView:
        """Make the view of a model."""
        name = _component(model)
        if name not in self._models:
            self._models[name] = self._model(name, model)
        return self._models[name]

    def _model(self, name: str, model: ModelProperty) -> ModelView:
        schema, pointer = self._schemas[name], self._lowered.pointer(name)
        properties = [*(model.required_properties or []), *(model.optional_properties or [])]
        by_key = {text(item.name): item for item in properties}
        always_sent = schema.get("x-always-sent") or ()
        fields = []
        for key, inner in schema.get("properties", {}).items():
            with self._at(f"{pointer}{to_pointer(('properties', key))}"):
                field = self._property_field(key, by_key[skeleton_key(key, inner)], inner)
                fields.append(replace(field, is_always_sent=key in always_sent))
        twice = same_names(field.name for field in fields)
        if twice is not None:
            raise self._error(f"two properties would have the Python name {twice!r}", pointer)
        with self._at(f"{pointer}/additionalProperties"):
            additional = self._additional(schema)
        is_map = additional is not None and not fields
        return ModelView(
            name=str(model.class_info.name),
            module=str(model.class_info.module_name),
            docstring=self._model_docstring(model, schema, fields, additional),
            fields=fields,
            arguments=sorted(fields, key=lambda field: bool(field.default)),
            additional=additional,
            is_map=is_map,
            is_recursive=self._reaches_itself(name),
            selects=schema.get("x-selects") is True,
            home=self._types.classes[self._hosts[name]][1] if name in self._hosts else "",
            guests=[self.model(each) for each in self._guests.get(name, ())],
        )

    @cached_property
    def _hosts(self) -> dict[str, str]:
        """Name the models that hold a map of their own kind, by the map."""
        return {
            _component(guest): host for host, guests in self._guests.items() for guest in guests
        }

    @cached_property
    def _guests(self) -> dict[str, list[ModelProperty]]:
        """List the maps that hold models that hold them, by the name of these models."""
        guests: dict[str, list[ModelProperty]] = {}
        for model in self._data.models:
            name = _component(model)
            values = self._additional(self._schemas[name])
            held = self._referenced_schemas.get(name, set())
            if values is None or self._schemas[name].get("properties") or len(held) != 1:
                continue
            (host,) = held
            holds_properties = bool(self._schemas[host].get("properties"))
            if holds_properties and name in self._referenced_schemas[host]:
                guests.setdefault(host, []).append(model)
        return guests

    def _reaches_itself(self, name: str) -> bool:
        """Whether references lead from a schema back to it."""
        reached: set[str] = set()
        waiting = [name]
        while waiting:
            new = self._referenced_schemas.get(waiting.pop(), set()) - reached
            reached |= new
            waiting += new
        return name in reached

    def _property_field(self, key: str, item: Property, schema: Any) -> Field:
        chosen = _chosen_name(_beside(schema, "x-python-name"), _MODEL_NAMES)
        name = chosen or str(item.python_name)
        kind = kind_of(schema, self._types)
        if name in {found for found, _ in kind.classes}:
            raise PipelineError(f"the property hides the class {name}")
        description, default = one_line(_beside(schema, "description")), ""
        value = default_value(schema, self._schemas)
        if isinstance(value, (dict, list)):
            # One object for all models would be changed by each.
            description = f"{description} {_default_text(value)}".strip()
        elif value is not None:
            default = self._default(kind, value)
        return Field(
            key=key,
            name=f"{name}_" if name in _MODEL_NAMES else name,
            kind=kind,
            required=item.required,
            default=default or ("" if item.required else "UNSET"),
            description=description,
        )

    def _default(self, kind: Kind, value: Any) -> str:
        for name, module in kind.classes:
            enum = self._enums.get((name, module))
            if enum is not None and value in self._enum_values(enum):
                return f"{name}.{list(enum.values)[self._enum_values(enum).index(value)]}"
        try:
            return default_expression(kind, value)
        except PipelineError:
            if self._target.is_adopted:
                return ""  # of another type than the value, or of one that has no default
            raise

    def _enum_values(self, enum: EnumProperty | LiteralEnumProperty) -> list[Any]:
        found: list[Any] = self._schemas[_component(enum)]["enum"]
        return found

    def _additional(self, schema: dict[str, Any]) -> Kind | None:
        values = schema.get("additionalProperties")
        return kind_of(values, self._types) if isinstance(values, dict) else None

    def _model_docstring(
        self,
        model: ModelProperty,
        schema: dict[str, Any],
        fields: list[Field],
        additional: Kind | None,
    ) -> str:
        description = one_line(schema.get("description"))
        if not description:
            if additional is not None:
                description = one_line(f"Values of type `{additional.annotation}` by name.")
            else:
                description = f"{model.class_info.name} of {self.title}."
        summary, rest = first_sentence(description)
        docstring = Docstring(summary, rest)
        docstring.add_section(
            "Attributes",
            [(field.name, field.description) for field in fields if field.description],
        )
        return docstring.render(indent=4)

    def models(self) -> list[ModelView]:
        """Make the views of all models."""
        return [self.model(each) for each in self._data.models]

    def enums(self) -> list[EnumView]:
        """Make the views of all enumerations."""
        return [self.enum(each) for each in self._data.enums if isinstance(each, EnumProperty)]

    def enum(self, enum: EnumProperty) -> EnumView:
        """Make the view of an enumeration."""
        schema = self._schemas[_component(enum)]
        summary, rest = first_sentence(
            one_line(schema.get("description")) or f"{enum.class_info.name} of {self.title}."
        )
        values = self._enum_values(enum)
        members = [
            (name, str(value) if isinstance(value, int) else literal(value))
            for name, value in zip(enum.values, values, strict=True)
        ]
        is_ordered = schema.get("x-ordered") is True
        base = "OrderedStrEnum" if is_ordered else "OpenStrEnum"
        if enum.value_type is int:
            base = "OpenIntEnum"
        return EnumView(
            name=str(enum.class_info.name),
            docstring=Docstring(summary, rest).render(indent=4),
            base=base,
            members=members,
        )

    # --- operations --------------------------------------------------------------------------

    def groups(self) -> list[GroupView]:
        """Make the views of all groups, sorted by name."""
        return sorted(
            map(self.group, self._data.endpoint_collections_by_tag), key=lambda group: group.name
        )

    def group(self, tag: str) -> GroupView:
        """Make the view of a group."""
        endpoints = self._data.endpoint_collections_by_tag[PythonIdentifier(tag, "")].endpoints
        described = {
            PythonIdentifier(item["name"], ""): one_line(item.get("description", ""))
            for item in self._bundle.get("tags", [])
        }
        group = GroupView(
            name=str(tag),
            class_name=_class_name(tag),
            description=described.get(PythonIdentifier(tag, "")) or f"The operations of `{tag}`.",
            operations=sorted(map(self.operation, endpoints), key=lambda view: view.name),
        )
        names = [name for name, _ in group.members]
        twice = same_names(names)
        if self.has_groups and twice is not None:
            raise self._error(f"two methods of the group {tag!r} are named {twice!r}", "/tags")
        return group

    def operation(self, endpoint: Endpoint) -> OperationView:
        """Make the view of an operation."""
        name = operation_name(endpoint.name)
        if name not in self._views:
            self._views[name] = self._operation(name, endpoint)
        return self._views[name]

    def _operation(self, name: str, endpoint: Endpoint) -> OperationView:
        path, method = self._operations[name]
        item = self._bundle["paths"][path]
        operation = item[method]
        pointer = to_pointer(("paths", path, method))
        parameters = {
            (parameter["in"], parameter["name"]): parameter
            for parameter in map(
                self._resolve, [*item.get("parameters", []), *operation.get("parameters", [])]
            )
        }

        def fields(place: str, properties: list[Property]) -> list[Field]:
            found = [
                self._parameter_field(each, parameters[place, text(each.name)], pointer)
                for each in properties
            ]
            if len(found) != sum(1 for where, _ in parameters if where == place):
                raise self._error(f"the generator left out {place} parameters", pointer)
            return found

        responses = self._responses(operation, pointer)
        with self._at(pointer):
            wait = _wait(parameters)
            short_name = _short_name(operation.get("x-short-name"))
        refused, needed = self._body_rules(operation, pointer)
        path_fields = fields("path", endpoint.path_parameters)
        view = OperationView(
            name=name,
            method=method.upper(),
            path=path.partition("#")[0],  # what follows tells operations of one path apart
            summary=one_line(operation.get("summary") or operation["operationId"]),
            description=one_line(
                f"{operation.get('description', '')} {_servers_text(item.get('servers', []))}"
            ),
            path_fields=path_fields,
            query_fields=fields("query", endpoint.query_parameters),
            header_fields=fields("header", endpoint.header_parameters),
            cookie_fields=fields("cookie", endpoint.cookie_parameters),
            bodies=self._bodies(operation, pointer),
            results=responses.results,
            errors=responses.errors,
            advice=responses.advice,
            result_annotation=responses.annotation,
            result_texts=responses.texts,
            result_kinds=responses.result_kinds,
            error_kinds=responses.error_kinds,
            body_classes=responses.body_classes,
            is_deprecated=operation.get("deprecated") is True,
            replacement=self._replacement(operation, pointer),
            is_repeatable=operation.get("x-repeatable") is True,
            keeps_cookies=responses.keeps_cookies,
            may_be_empty=responses.may_be_empty and not wait,
            has_options=self.has_groups,
            short_name=short_name,
            secrets=[
                literal(name)
                for (place, name), parameter in parameters.items()
                if place == "path" and parameter.get("x-secret") is True
            ],
            plain=[
                literal(field.key)
                for field in path_fields
                if parameters["path", field.key].get("x-plain-segment") is True
            ],
            wait=wait,
            can_be_streamed=responses.can_be_streamed and not responses.items,
            streamed_item=" | ".join(dict.fromkeys(responses.items)),
            styles=[
                (literal(name), literal(style))
                for (_, name), parameter in parameters.items()
                if (style := style_of(parameter, self._types))
            ],
            needs_body=self._needs_body(operation),
            is_public=self._target.is_vendored and not any(operation.get("security", [True])),
            schemes=self._schemes_of(operation),
            content_type=literal(operation[CONTENT_TYPE]) if CONTENT_TYPE in operation else "",
            refused=[
                (literal(place), f'("{_allowing_name(place)}", {literal(reason)})')
                for place, reason in refused
            ],
            needed=[(literal(place), literal(reason)) for place, reason in needed],
            allowing_fields=_allowing_fields(refused),
        )
        if len({item.key for item in view.times}) < len(view.times):
            raise self._error("two parameters of one name are dates or times", pointer)
        names = [field.name for field in view.fields]
        taken = [each for each in names if each in self._taken_arguments()]
        twice = same_names([*names, *taken])
        if twice is not None:
            raise self._error(f"a parameter cannot have the Python name {twice!r}", pointer)
        return view

    def _taken_arguments(self) -> frozenset[str]:
        return _TAKEN_ARGUMENTS | _TAKEN_OPTIONS if self.has_groups else _TAKEN_ARGUMENTS

    def _parameter_field(self, item: Property, parameter: Any, pointer: str) -> Field:
        with self._at(pointer):
            schema = parameter_schema(parameter)
            kind = kind_of(schema, self._types)
            style = style_of(parameter, self._types)
            _check_sendable(kind, parameter, style)
            if style in {"deep", "fields", "json"}:
                kind = _accepting_mappings(kind)
            chosen = _chosen_name(parameter.get("x-python-name"), _TAKEN_ARGUMENTS)
            name = chosen or str(item.python_name)
        description = one_line(parameter.get("description", ""))
        default = plain(schema, self._schemas).get("default")
        if default is not None:
            description = f"{description} {_default_text(default)}".strip()
        required = item.required or parameter["in"] == "path"
        return Field(
            key=text(item.name),
            name=name,
            kind=kind,
            required=required,
            default="" if required else "UNSET",
            description=description,
            bounds=bounds_of(plain(schema, self._schemas)),
        )

    def _bodies(self, operation: Any, pointer: str) -> list[BodyView]:
        """Make an argument for each way in which a body can be sent."""
        if "requestBody" not in operation:
            return []
        body = self._resolve(operation["requestBody"])
        is_required = bool(body.get("required"))
        found: dict[str, BodyView] = {}
        for media_type, media in body["content"].items():
            argument = self._media_types.sent_as(media_type)
            sent_type = self._media_types.sent_type(media_type)
            if any(view.media_type == sent_type for view in found.values()):
                continue
            name = BODY_ARGUMENTS[argument]
            is_further = name in found
            if is_further:  # a second one that is sent in the same way
                word = sent_type.partition("/")[2].removesuffix("+json")
                name = str(PythonIdentifier(f"{word}_body", "field_"))
            with self._at(pointer):
                kind = self._body_kind(argument, media.get("schema", {}))
            field = BodyField(
                key="",
                name=name,
                kind=kind,
                required=is_required,
                default="" if is_required else "UNSET",
                description=one_line(body.get("description", "")),
            )
            found.setdefault(name, BodyView(field, argument, sent_type, is_further))
        if len(found) > 1:
            # One of them is given; which one, the signature cannot say.
            return [
                replace(view, field=replace(view.field, required=False, default="UNSET"))
                for view in found.values()
            ]
        return list(found.values())

    def _schemes_of(self, operation: Any) -> str:
        """List the alternatives of security schemes, as Python; empty for the usual one alone."""
        if not self._target.is_vendored:
            return ""
        if self._usual_token is None:
            self._usual_token = token_of(self._bundle)
        asked = asked_by(self._bundle, operation)
        found = alternatives(self._bundle, asked, self._usual_token)
        written = [f"({', '.join(map(literal, names))},)" for names in found]
        return f"({', '.join(written)},)" if written else ""

    def _replacement(self, operation: dict[str, Any], pointer: str) -> str:
        """Name what newer servers have in the place of an operation."""
        replaced_by = operation.get("x-replaced-by")
        if replaced_by is None:
            return ""
        name = operation_name(str(replaced_by))
        if name not in self._operations:
            raise self._error(f"x-replaced-by: there is no operation {replaced_by!r}", pointer)
        path, method = self._operations[name]
        tag = self._bundle["paths"][path][method]["tags"][0]
        return f"{PythonIdentifier(tag, '')}.{name}"

    def _needs_body(self, operation: Any) -> bool:
        """Whether one of several bodies must be given, which the signature cannot say."""
        body = self._resolve(operation.get("requestBody", {}))
        types = {self._media_types.sent_type(each) for each in body.get("content", {})}
        return len(types) > 1 and bool(body.get("required"))

    def _body_kind(self, argument: str, schema: Any) -> Kind:
        if argument == "binary":
            return Kind("bytes | File", "")
        if argument == "text":
            return Kind("str", "")
        kind = kind_of(schema, self._types)
        if argument in {"form", "multipart"}:
            self._check_form(schema, argument)
            if kind.annotation == "Any":
                return Kind("Mapping[str, Any]", "")
        return kind

    def _body_rules(
        self, operation: Any, pointer: str
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """List what a JSON body must not, and what it must, hold beyond its schema."""
        content = self._resolve(operation.get("requestBody", {})).get("content", {})
        with self._at(pointer):
            return self._rules.of(content.get("application/json", {}).get("schema"))

    def _check_form(self, schema: Any, argument: str) -> None:
        form = plain(schema, self._schemas)
        variants = [*form.get("anyOf", ()), *form.get("oneOf", ())]
        if variants:
            for each in variants:
                self._check_form(each, argument)
            return
        if form.get("type") != "object" and form:
            raise PipelineError("a form must be an object")
        inner = [*form.get("properties", {}).values(), form.get("additionalProperties", True)]
        for each in inner if argument == "form" else ():
            if isinstance(each, dict) and plain(each, self._schemas).get("type") == "object":
                raise PipelineError("a form with an object in it cannot be generated")

    def _responses(self, operation: Any, pointer: str) -> Responses:
        found = Responses()
        statuses = sorted(operation["responses"], key=lambda status: (len(status) > 3, status))
        has_success = any(status.startswith("2") for status in statuses)
        for status in statuses:
            response = self._resolve(operation["responses"][status])
            key = status if status.isdecimal() else literal(status)
            with self._at(f"{pointer}/responses/{status}"):
                expression, kinds = self._response_body(response)
            is_only = status == "default" and not has_success
            if status.startswith("2") or response.get("x-result") is True or is_only:
                found.results.append((key, expression))
                found.keeps_cookies |= response.get("x-keeps-cookies") is True
                found.may_be_empty |= response.get("x-may-be-empty") is True
                found.can_be_streamed |= self._can_be_streamed(response)
                found.items += self._items(response)
                found.texts.append(f"{status}: {one_line(response.get('description', ''))}")
                found.result_kinds.extend(kinds)
                if not is_only:
                    continue
            if kinds:
                found.errors.append((key, expression))
                found.error_kinds.extend(kinds)
            if "x-advice" in response:
                advice = " ".join(str(response["x-advice"]).split())
                found.advice.append((key, literal(advice)))
        if not found.results:
            raise self._error("the operation has no successful response", pointer)
        return found

    def _response_body(self, response: Any) -> tuple[str, list[Kind]]:
        """Choose how a body is read."""
        content = response.get("content") or {}
        bodies: dict[str, tuple[str, Kind]] = {}
        for media_type, media in content.items():
            bodies.setdefault(
                media_type.partition(";")[0].strip().lower(),
                self._media_body(media_type, media, response),
            )
        if not bodies:
            return "NoBody()", []
        kinds = list(dict.fromkeys(kind for _, kind in bodies.values()))
        expressions = list(dict.fromkeys(expression for expression, _ in bodies.values()))
        if len(expressions) == 1:
            return expressions[0], kinds
        choices = ", ".join(f"{literal(key)}: {body}" for key, (body, _) in bodies.items())
        return f"BodyByType({{{choices}}})", kinds

    def _media_body(self, media_type: str, media: Any, response: Any) -> tuple[str, Kind]:
        """Choose how a body of one media type is read."""
        schema = media.get("schema", {})
        way = self._media_types.read_as(media_type)
        if plain(schema, self._schemas).get("format") == "binary":
            return "BinaryBody()", Kind("File", "")
        if way == "any":
            way = "json" if schema else "binary"
        if way == "html":
            is_plain = response.get("x-plain-text") is True
            return "HtmlBody(pages=False)" if is_plain else "HtmlBody()", Kind("str", "")
        if way == "text":
            return "TextBody()", Kind("str", "")
        if "x-joined-text" in response:
            return f"JoinedTextBody({literal(response['x-joined-text'])})", Kind("list[str]", "")
        if way in {"lines", "events"}:
            kind, annotation = self._item(way, media)
            name = "LinesBody" if way == "lines" else "EventsBody"
            items = replace(kind, annotation=f"list[{annotation}]", accepts="")
            return f"{name}({kind.converter})", items
        if way == "json":
            kind = kind_of(schema, self._types)
            if kind.converter == "STRING" and kind.annotation == "str":
                return "TextBody()", Kind("str", "")
            return f"JsonBody({kind.converter})", kind
        return "BinaryBody()", Kind("File", "")

    def _item(self, way: str, media: Any) -> tuple[Kind, str]:
        """Tell the kind of each of the items of a body, and how it is annotated."""
        kind = kind_of(media.get("schema", {}), self._types)
        is_certain = way == "lines" or kind.annotation in {"Any", "str"}
        return kind, kind.annotation if is_certain else f"{kind.annotation} | str"

    def _items(self, response: dict[str, Any]) -> list[str]:
        """List the types of what is read item by item."""
        found = []
        for media_type, media in (response.get("content") or {}).items():
            way = self._media_types.read_as(media_type)
            if way in {"lines", "events"}:
                _, annotation = self._item(way, media)
                found.append(annotation if way == "lines" else f"ServerSentEvent[{annotation}]")
        return found

    def _can_be_streamed(self, response: dict[str, Any]) -> bool:
        """Whether a body may be large and is of use in pieces: files and tables, not JSON."""
        return response.get("x-plain-text") is not True and any(
            self._media_types.read_as(media_type) not in {"json", "any"}
            for media_type in response.get("content") or {}
        )

    def _resolve(self, value: Any) -> Any:
        """Follow a reference within the bundle."""
        while isinstance(value, dict) and "$ref" in value:
            _, _, section, name = value["$ref"].split("/")
            value = self._components[section][name.replace("~1", "/").replace("~0", "~")]
        return value


def _allowing_name(place: str) -> str:
    """Name the argument that lets a body hold what is refused."""
    return str(PythonIdentifier(f"allow_{place.rpartition('.')[2]}", ""))


def _allowing_fields(refused: list[tuple[str, str]]) -> list[Field]:
    """Make an argument for each property that a body must not hold without being asked for it."""
    found: dict[str, tuple[str, str]] = {}
    for place, reason in refused:
        found.setdefault(_allowing_name(place), (place.rpartition(".")[2], reason))
    return [
        Field(
            key=argument,
            name=argument,
            kind=Kind("bool", ""),
            required=True,  # never UNSET
            default="False",
            description=one_line(f"Send `{place}` if it is in the body. It is refused: {reason}."),
        )
        for argument, (place, reason) in found.items()
    ]


def _default_text(value: Any) -> str:
    shown = one_line(json.dumps(value, ensure_ascii=False))
    return f"The server takes {shown} if absent."


def _component(item: EnumProperty | LiteralEnumProperty | ModelProperty) -> str:
    """Give the name of the component that openapi-python-client has made a class of."""
    return text(item.name).rpartition("/")[2]


def _beside(schema: Any, name: str) -> Any:
    """Read what stands in a schema or beside a reference."""
    return schema.get(name) if isinstance(schema, dict) else None


def _class_name(tag: str) -> str:
    """Name the class of a group."""
    return "".join(word.capitalize() for word in str(tag).split("_"))


def _short_name(name: Any) -> str:
    """Check a further name that the document gives to a method; empty where it gives none."""
    found = "" if name is None else text(name)
    if name is not None and (not found.isidentifier() or iskeyword(found) or found[0] == "_"):
        raise PipelineError(f"x-short-name: {found!r} is not a Python identifier")
    return found


def _chosen_name(name: Any, taken: Collection[str]) -> str | None:
    """Check a name that the document gives for Python in place of the one that would be made."""
    if name is None:
        return None
    found = unicodedata.normalize("NFKC", text(name))  # as Python reads names
    if not found.isidentifier() or iskeyword(found):
        raise PipelineError(f"x-python-name: {found!r} is not a Python identifier")
    if found in taken or found in _RESERVED_NAMES:
        raise PipelineError(
            f"x-python-name: {found!r} is reserved: the generated code uses that name itself",
            hint=f"Choose another name, such as '{found}_'.",
        )
    if found.startswith("_"):
        raise PipelineError(
            f"x-python-name: {found!r} is reserved: names that begin with '_' are private",
            hint=f"Choose another name, such as {found.strip('_') or 'value'!r}.",
        )
    return found


def _wait(parameters: Mapping[tuple[str, str], Any]) -> str:
    """Write which parameter says how long a response may take; an empty string if none does."""
    query = {name: parameter for (place, name), parameter in parameters.items() if place == "query"}
    waits = [
        (name, query[name]["x-wait-seconds"]) for name in query if "x-wait-seconds" in query[name]
    ]
    if not waits:
        return ""
    name, seconds = waits[0]
    is_number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
    if len(waits) > 1 or not is_number or not 0 <= seconds < float("inf"):
        raise PipelineError(
            "x-wait-seconds must be a number of seconds >= 0, on one parameter of an operation"
        )
    switch = next((name for name in query if query[name].get("x-wait-switch") is True), "")
    return f"({literal(name)}, {seconds!r}, {literal(switch)})"


def _servers_text(servers: list[dict[str, Any]]) -> str:
    """Say where an operation is to be sent that has servers of its own."""
    named = [
        f"`{server['url']}`"
        + (f" ({server['description'].rstrip('.')})" if server.get("description") else "")
        for server in servers
    ]
    return f"The client needs a base URL of its own for it: {', or '.join(named)}." if named else ""


def _accepting_mappings(kind: Kind) -> Kind:
    """Let a dictionary stand for a model."""
    if "ModelOf" not in kind.converters or "Mapping" in kind.given:
        return kind
    return replace(kind, accepts=f"{kind.given} | Mapping[str, Any]")


def _check_sendable(kind: Kind, parameter: dict[str, Any], style: str) -> None:
    """Refuse what the runtime has no text for in a URL or a header."""
    name = parameter["name"]
    if "DURATION" in kind.converters:
        raise PipelineError(f"the parameter {name!r} cannot be a duration")
    if style == "json":
        return
    if "ModelOf" in kind.converters and style not in {"deep", "fields", "comma"}:
        raise PipelineError(f"the parameter {name!r} cannot be an object")
    if kind.converter.startswith("ListOf(ListOf("):
        raise PipelineError(f"the parameter {name!r} cannot be an object")


__all__ = ["Views"]
