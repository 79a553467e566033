"""Answers of operations that have no behaviour: what the specification gives as an example."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .errors import RefusedRequestError
from .messages import JSON, Answer
from .specification import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .specification import Operation, Specification

__all__ = ["SIMULATED_HEADER", "example_answer"]

#: The header of answers that do not come from the state of the simulated server. Its value is
#: `example`: the answer is the specification's example, whatever was asked for.
SIMULATED_HEADER = "X-Simulated"

_SUFFIXES = {"application/zip": ".zip", "text/csv": ".csv"}
# What a file name may have between plain quotes.
_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]")


def example_answer(
    specification: Specification, operation: Operation, parameters: Mapping[str, Any]
) -> Answer:
    """Answer with the first example of an operation's result.

    Args:
        specification: What the operation belongs to.
        operation: The operation.
        parameters: The parameters of the request, for what names them in the headers.

    Returns:
        The answer, with the header `SIMULATED_HEADER`.

    Raises:
        RefusedRequestError: The specification has no example for the result (501).
    """
    status = operation.result_status
    pointer, response = operation.responses[status]
    headers = {SIMULATED_HEADER: "example"}
    if operation.name == "switch_to_data_domain":
        headers["Location"] = "/"
        headers["Set-Cookie"] = f"DQODataDomain={_encoded(parameters['dataDomainName'])}; Path=/"
    if "content" not in response:
        return Answer(status, headers=headers)
    media_type = operation.result_media_types[0]
    place = f"{pointer}/content/{escaped(media_type)}"
    _, schema = specification.resolve(f"{place}/schema")
    value = _example(specification, operation, place)
    if schema.get("format") == "binary":
        headers["Content-Disposition"] = _attachment(_file_name(operation, parameters, media_type))
    if response.get("x-joined-text"):
        # The real server writes the texts one after another, with nothing between them.
        body = "".join(value).encode()
    elif media_type == JSON and schema.get("type") != "string":
        body = Answer.of_json(status, value).body
    else:
        # Text is sent without quotes, also where it is declared as JSON.
        body = value.encode()
    return Answer(status, body, {"Content-Type": media_type, **headers})


def _example(specification: Specification, operation: Operation, place: str) -> Any:
    _, content = specification.resolve(place)
    for name in content.get("examples", ()):
        _, example = specification.resolve(f"{place}/examples/{escaped(name)}")
        return example["value"]
    raise RefusedRequestError(501, f"The specification has no example for {operation.name!r}.")


def _file_name(operation: Operation, parameters: Mapping[str, Any], media_type: str) -> str:
    """Name a file as what was asked for (the last parameter of the path), or as the operation."""
    names = [each["name"] for _, each in operation.parameters if each["in"] == "path"]
    stem = str(parameters[names[-1]]) if names else operation.name.removeprefix("download_")
    suffix = _SUFFIXES.get(media_type, "")
    return stem if stem.lower().endswith(suffix) else f"{stem}{suffix}"


def _attachment(name: str) -> str:
    plain = _UNSAFE.sub("_", name)
    if plain == name:
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{_encoded(name)}"


def _encoded(text: str) -> str:
    """Write any text so that it does not end the header, or a part of it."""
    return quote(text, safe="")
