"""Responses of operations that have no behaviour: what the specification gives as an example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.data_domain_cookie import switching_headers
from ..http.downloads import attachment, file_name
from ..http.errors import RefusedRequestError
from ..http.messages import BARE_TEXT, JSON, Response
from ..specification import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..specification import Operation, Specification

__all__ = ["SIMULATED_HEADER", "example_response"]

#: The header of responses that do not come from the state of the simulated server. Its value is
#: `example`: the response is the specification's example, whatever was asked for.
SIMULATED_HEADER = "X-Simulated"

_SUFFIXES = {"application/zip": ".zip", "text/csv": ".csv"}
# The properties of examples that have the name that a path parameter gives.
_NAMES = {
    "connectionName": ("connection_name", "connectionName", "compared_connection"),
    "schemaName": ("schema_name", "schemaName"),
    "tableName": ("table_name", "tableName"),
    "columnName": ("column_name", "columnName"),
}


def example_response(
    specification: Specification, operation: Operation, parameters: Mapping[str, Any]
) -> Response:
    """Respond with the first example of an operation's result, under the names of the request.

    Args:
        specification: What the operation belongs to.
        operation: The operation.
        parameters: The parameters of the request. Its names of a connection, schema, table and
            column take the place of those in the example, and files are called by them.

    Returns:
        The response, with the header `SIMULATED_HEADER`.

    Raises:
        RefusedRequestError: The specification has no example for the result (501).
    """
    status = operation.result_status
    pointer, specified = operation.responses[status]
    headers = {SIMULATED_HEADER: "example"}
    if operation.name == "switch_to_data_domain":
        headers |= switching_headers(parameters["dataDomainName"])
    if "content" not in specified:
        return Response(status, headers=headers)
    media_type = operation.result_media_types[0]
    place = f"{pointer}/content/{escaped(media_type)}"
    _, schema = specification.resolve(f"{place}/schema")
    value = _example(specification, operation, place)
    if schema.get("format") == "binary":
        name = file_name(_stem(operation, parameters), _SUFFIXES.get(media_type, ""))
        headers["Content-Disposition"] = attachment(name)
    is_text = media_type == JSON and schema.get("type") == "string"
    if specified.get("x-joined-text"):
        # The real server writes the strings one after another, with nothing between them.
        body = "".join(value).encode()
        is_text = True
    elif media_type == JSON and not is_text:
        body = Response.of_json(status, _with_names(value, _names(parameters))).body
    else:
        # Text is sent without quotes, also where it is declared as JSON.
        body = value.encode()
    declared = BARE_TEXT if is_text else media_type
    return Response(status, body, {"Content-Type": declared, **headers})


def _example(specification: Specification, operation: Operation, place: str) -> Any:
    _, content = specification.resolve(place)
    for name in content.get("examples", ()):
        _, example = specification.resolve(f"{place}/examples/{escaped(name)}")
        return example["value"]
    raise RefusedRequestError(501, f"The specification has no example for {operation.name!r}.")


def _with_names(value: Any, names: Mapping[str, str]) -> Any:
    """Put the names that the path has in the place of those of the example."""
    if isinstance(value, list):
        return [_with_names(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: names[name] if name in names and isinstance(part, str) else _with_names(part, names)
        for name, part in value.items()
    }


def _names(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Find out what is called how, in both spellings of the API."""
    names: dict[str, str] = {}
    for parameter, properties in _NAMES.items():
        if parameter in parameters:
            names |= dict.fromkeys(properties, parameters[parameter])
    return names


def _stem(operation: Operation, parameters: Mapping[str, Any]) -> str:
    """Name a file as what was asked for (the last parameter of the path), or as the operation."""
    names = [each["name"] for _, each in operation.parameters if each["in"] == "path"]
    return str(parameters[names[-1]]) if names else operation.name.removeprefix("download_")
