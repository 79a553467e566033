"""A string that is no known value of an enumeration: told, and sent or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dqops import DqopsWarning
from dqops.client import Client, errors
from dqops.client.api.check_results import (
    get_table_data_quality_status,
    get_table_monitoring_checks_results,
)
from dqops.client.api.jobs import run_checks
from dqops.client.models import (
    CheckResultsOverviewDataModel,
    CheckSearchFilters,
    CheckTimeScale,
    RunChecksParameters,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.raw_server import RawServer


def in_query(client: Client, value: Any) -> object:
    """Send the value as a query parameter."""
    return get_table_data_quality_status.sync("c", "s", "t", client=client, check_time_scale=value)


def in_path(client: Client, value: Any) -> object:
    """Send the value as a part of the path."""
    return get_table_monitoring_checks_results.sync("c", "s", "t", value, client=client)


def in_body(client: Client, value: Any) -> object:
    """Send the value in a model within a model."""
    filters = CheckSearchFilters(time_scale=value)
    return run_checks.sync(
        client=client, json_body=RunChecksParameters(check_search_filters=filters)
    )


PLACES = {
    # How it is sent, what the message of a refusal begins with, and a misspelt string: another one
    # for each place, as each is told once.
    "query": (in_query, "get_table_data_quality_status: check_time_scale: ", "daiily"),
    "path": (in_path, "get_table_monitoring_checks_results: time_scale: ", "dailly"),
    "body": (in_body, "run_checks: json_body.check_search_filters.time_scale: ", "daili"),
}


@pytest.fixture
def client(raw_server: RawServer) -> Iterator[Client]:
    """A client of a server that accepts everything."""
    raw_server.respond = lambda _, request: (
        b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n%s"
        % (
            b"201 Created" if request.startswith(b"POST") else b"200 OK",
            b"[]" if b"/results" in request else b"{}",
        )
    )
    with Client(raw_server.url) as client:
        yield client


@pytest.mark.parametrize("place", PLACES)
def test_an_unknown_string_warns_once_and_is_sent(
    client: Client, raw_server: RawServer, place: str
) -> None:
    """With what may be meant, where it was written; a newer server may know it."""
    send, _, misspelt = PLACES[place]
    with pytest.warns(DqopsWarning) as told:
        send(client, misspelt)
    send(client, misspelt)

    assert 1 == len(told)
    assert f"{misspelt!r} is no value of CheckTimeScale" in str(told[0].message)
    assert "did you mean 'daily'?" in str(told[0].message)
    assert __file__ == told[0].filename
    assert misspelt.encode() in raw_server.requests[0]


@pytest.mark.parametrize("place", PLACES)
def test_a_strict_client_refuses_it(raw_server: RawServer, place: str) -> None:
    """Nothing is sent."""
    send, begin, misspelt = PLACES[place]
    with Client(raw_server.url, strict_enums=True) as strict:
        with pytest.raises(errors.InvalidRequest) as refused:
            send(strict, misspelt)
        assert [] == raw_server.requests
    assert str(refused.value) == (
        f"{begin}{misspelt!r} is no value of CheckTimeScale that this version knows; "
        "did you mean 'daily'? Nothing was sent"
    )


@pytest.mark.parametrize("value", ["daily", CheckTimeScale.DAILY, CheckTimeScale.decode("weekly")])
def test_known_strings_and_members_pass(client: Client, raw_server: RawServer, value: Any) -> None:
    """Also a member that a newer server invented, whether the client is strict or not."""
    with Client(raw_server.url, strict_enums=True) as strict:
        for each in (client, strict):
            in_query(each, value)
            in_body(each, value)

    assert 4 == len(raw_server.requests)
    assert all(str(value).encode() in request for request in raw_server.requests)


def test_items_of_lists_are_checked_too() -> None:
    """A value is looked at wherever the specification has an enumeration."""
    model = CheckResultsOverviewDataModel(statuses=["valid", "warnin"])  # type: ignore[list-item]
    with pytest.warns(DqopsWarning, match="did you mean 'warning'"):
        assert {"statuses": ["valid", "warnin"]} == model.to_dict()


def test_strictness_ends_with_the_call(raw_server: RawServer) -> None:
    """What a strict client refused is only warned of elsewhere in the thread."""
    strict = Client(raw_server.url, strict_enums=True)
    with pytest.raises(errors.InvalidRequest):
        in_body(strict, "dayly")
    with pytest.warns(DqopsWarning, match="profilling"):
        CheckSearchFilters(check_type="profilling").to_dict()  # type: ignore[arg-type]


def test_a_view_keeps_strictness(raw_server: RawServer) -> None:
    """`with_options` changes what it names, and nothing else."""
    view = Client(raw_server.url, strict_enums=True).with_options(timeout=5)
    with pytest.raises(errors.InvalidRequest, match="check_time_scale: 'dayly'"):
        in_query(view, "dayly")


def test_a_value_of_another_type_is_left_to_the_server() -> None:
    """A number is no misspelt string."""
    filters = CheckSearchFilters(check_type=7)  # type: ignore[arg-type]
    assert {"checkType": 7} == filters.to_dict()
