"""Where OpenAPI 3.1 has what: which fields of an object hold objects of which kind.

The bundle needs it to know what a `$ref` refers to (its position tells the kind, the kind the
section of `components`), and to leave everything else, such as the values of examples, alone.
"""

from __future__ import annotations

from typing import Final

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# Fields by kind of object: the kind that they hold, with `[]` a list of it, with `{}` a mapping to
# it. Fields that are not here hold plain values.
FIELDS: Final[dict[str, dict[str, str]]] = {
    "path item": {"parameters": "parameter[]", **dict.fromkeys(METHODS, "operation")},
    "operation": {
        "parameters": "parameter[]",
        "requestBody": "request body",
        "responses": "response{}",
    },
    "parameter": {"schema": "schema", "content": "media type{}", "examples": "example{}"},
    "header": {"schema": "schema", "content": "media type{}", "examples": "example{}"},
    "request body": {"content": "media type{}"},
    "response": {"headers": "header{}", "content": "media type{}"},
    "media type": {"schema": "schema", "examples": "example{}", "encoding": "encoding{}"},
    "encoding": {"headers": "header{}"},
    "example": {},
    "schema": {
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), "schema[]"),
        **dict.fromkeys(("properties", "patternProperties", "dependentSchemas"), "schema{}"),
        **dict.fromkeys(
            (
                "additionalProperties",
                "contains",
                "contentSchema",
                "else",
                "if",
                "items",
                "not",
                "propertyNames",
                "then",
                "unevaluatedItems",
                "unevaluatedProperties",
            ),
            "schema",
        ),
    },
}

# The section of `components` that a `$ref` to an object of this kind leads to. A path item has
# none: it is put in where it is referred to. Other kinds cannot be referred to.
COMPONENT_SECTIONS: Final = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "example": "examples",
    "request body": "requestBodies",
    "header": "headers",
}

# Valid OpenAPI that the pipeline does not carry: an error, so that nothing is left out silently.
UNSUPPORTED_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "root": ("webhooks", "jsonSchemaDialect"),
    "components": ("links", "callbacks", "pathItems"),
    "operation": ("callbacks",),
    "response": ("links",),
    "schema": ("$anchor", "$defs", "$dynamicAnchor", "$dynamicRef", "$id", "$schema"),
}

# What tells people about a schema, without a say in which values are valid.
ANNOTATIONS: Final = (
    "title",
    "description",
    "deprecated",
    "readOnly",
    "writeOnly",
    "default",
    "example",
    "examples",
    "externalDocs",
    "xml",
    "$comment",
)

# JSON Schema allows any other keyword and ignores it; here it is an error, because it is a typing
# mistake. Extensions (`x-...`) are free.
SCHEMA_KEYWORDS: Final = frozenset(
    {
        "$ref",
        *ANNOTATIONS,
        *FIELDS["schema"],
        "const",
        "contentEncoding",
        "contentMediaType",
        "dependentRequired",
        "discriminator",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "maxContains",
        "maximum",
        "maxItems",
        "maxLength",
        "maxProperties",
        "minContains",
        "minimum",
        "minItems",
        "minLength",
        "minProperties",
        "multipleOf",
        "pattern",
        "required",
        "type",
        "uniqueItems",
    }
)
