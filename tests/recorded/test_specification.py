"""Every recorded response is one that the specification describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dqops.testing.specification import escaped
from simulator.support import SPECIFICATION, VALIDATION

from recorded.exchanges import exchanges

if TYPE_CHECKING:
    from recorded.exchanges import Exchange

# What the specification does not say of recorded responses, each with the reason.
DEVIATIONS = {
    # Only a request without Content-Type gets it, which the SDK does not send. The introduction of
    # the specification lists it among the statuses that any operation can respond with.
    "push_data_quality_status_to_data_catalog 1": ["status 415 is not specified"],
}


def test_specification_describes_what_was_recorded() -> None:
    """Status, Content-Type and body of each response are specified, except where listed."""
    found = {each.key: problems for each in exchanges() if (problems := _problems(each))}
    assert found == DEVIATIONS


def _problems(exchange: Exchange) -> list[str]:
    operation = SPECIFICATION.operations[exchange.operation]
    if exchange.status not in operation.responses:
        return [f"status {exchange.status} is not specified"]
    pointer, response = operation.responses[exchange.status]
    content = response.get("content", {})
    if not exchange.body:
        # Of errors, none is sure to have a body.
        may_be_empty = not content or response.get("x-may-be-empty") or exchange.status >= 400
        return [] if may_be_empty else ["the body is empty"]
    media_type = (exchange.content_type or "").partition(";")[0]
    if media_type not in content:
        return [f"Content-Type {exchange.content_type!r} is not specified"]
    place = f"{pointer}/content/{escaped(media_type)}/schema"
    _, schema = SPECIFICATION.resolve(place)
    if exchange.json is None:
        return [] if schema["type"] in ("string", "array") else ["the body is no JSON"]
    return [f"{where}: {what}" for where, what in VALIDATION.problems(place, exchange.json)]
