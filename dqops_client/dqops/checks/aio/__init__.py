"""Single checks of a table or column, for asynchronous programs."""

from __future__ import annotations

from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ...client.errors import ClientError, InvalidRequest, NotFound
from ...client.types import UNSET
from ..arguments import check_call, listing_of, table_path, unknown_name
from ..catalog import containers, find_container
from ..editing import checks_in, warn_if_disabled, with_check, without_check

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from ..._runtime.codec.model import Model
    from ...client import AuthenticatedClient, Client
    from ...client.types import Unset

    #: The parameters of a rule or sensor by name, or their model; None for none.
    Parameters: TypeAlias = Mapping[str, Any] | Model | Unset | None

__all__ = ["get_checks", "remove_check", "set_check"]

_Function = TypeVar("_Function", bound="Callable[..., Any]")


def _checking(function: _Function) -> _Function:
    """Let a function refuse what is no client, and misspelt keywords."""

    @wraps(function)
    async def checked(*arguments: Any, **named: Any) -> Any:
        check_call(function, arguments, named)
        return await function(*arguments, **named)

    return cast("_Function", checked)


@_checking
async def set_check(
    client: AuthenticatedClient | Client,
    table: str | tuple[str, str, str],
    check: str,
    *,
    column: str | None = None,
    warning: Parameters = UNSET,
    error: Parameters = UNSET,
    fatal: Parameters = UNSET,
    parameters: Parameters = UNSET,
    disabled: bool | Unset = UNSET,
    **settings: Any,
) -> Any:
    """Configure one check, and leave all else as it is.

    The checks of its kind are read, changed and sent back, so what is left out here stays as it
    was: other checks, other rules, other parameters of the same rule, and whether the check is
    disabled. A check that somebody has disabled does not run because it gets a rule: a
    `DqopsWarning` says so, unless `disabled` is given. Two programs that change checks of the same
    table at the same time may overwrite each other's.

    Args:
        client: The client to send requests with.
        table: `connection.schema.table`, or the three names as a tuple where they have dots.
        check: The name of the check, such as `daily_row_count`.
        column: The name of the column; None for a check of the table.
        warning: The parameters of the rule, such as `{"min_count": 10}`, a parameter of None
            removes it; None removes the rule, `{}` takes it as it is by default.
        error: The same for the severity `error`.
        fatal: The same for the severity `fatal`.
        parameters: The parameters of the sensor.
        disabled: Whether the check is not to run; False switches on one that is disabled.
        **settings: Other settings of the check by their names, such as `display_name`.

    Returns:
        The model of the check as it was sent, such as a `TableRowCountCheckSpec`.

    Raises:
        InvalidRequest: There is no such check, setting or parameter; nothing was sent.
        NotFound: There is no such table or column.
        ClientError: The server refused, or could not be reached.
    """
    path = table_path(table, column)
    container = find_container(check, column)
    given: dict[str, Any] = {"warning": warning, "error": error, "fatal": fatal}
    given |= {"parameters": parameters, "disabled": disabled, **settings}
    given = {name: value for name, value in given.items() if value is not UNSET}
    if not given:
        raise InvalidRequest(
            f"nothing is said about {check}: pass a rule such as error={{...}}; nothing was sent"
        )
    with_check(None, container, check, given)  # what makes no sense is found before all requests
    found = await _call(client, container.operation, *path)
    whole, changed = with_check(found, container, check, given)
    await _call(client, container.update, *path, json_body=whole)
    warn_if_disabled(path, check, given, changed)
    return changed


@_checking
async def remove_check(
    client: AuthenticatedClient | Client,
    table: str | tuple[str, str, str],
    check: str,
    *,
    column: str | None = None,
) -> bool:
    """Remove one check, and leave all others as they are.

    Args:
        client: The client to send requests with.
        table: `connection.schema.table`, or the three names as a tuple where they have dots.
        check: The name of the check, such as `daily_row_count`.
        column: The name of the column; None for a check of the table.

    Returns:
        Whether it was there; if not, nothing is changed. What a policy configures by default comes
        back: disable that with `set_check(..., disabled=True)`.

    Raises:
        InvalidRequest: There is no such check; nothing was sent.
        NotFound: There is no such table or column.
        ClientError: The server refused, or could not be reached.
    """
    path = table_path(table, column)
    container = find_container(check, column)
    found = await _call(client, container.operation, *path)
    if not without_check(found, check):
        return False
    await _call(client, container.update, *path, json_body=found)
    return True


@_checking
async def get_checks(
    client: AuthenticatedClient | Client,
    table: str | tuple[str, str, str],
    *,
    column: str | None = None,
) -> dict[str, Any]:
    """Read the checks that are configured, of all kinds; it takes five requests.

    Args:
        client: The client to send requests with.
        table: `connection.schema.table`, or the three names as a tuple where they have dots.
        column: The name of the column; None for the checks of the table itself.

    Returns:
        The models by the names of the checks; empty if nothing is configured. Checks that a policy
        configures by default, and those of table comparisons, are not among them.

    Raises:
        NotFound: There is no such table or column.
        ClientError: The server refused, or could not be reached.
    """
    path = table_path(table, column)
    checks: dict[str, Any] = {}
    for container in containers(column):
        checks.update(checks_in(await _call(client, container.operation, *path)))
    return checks


async def _call(
    client: AuthenticatedClient | Client, operation: str, *path: str, **body: Any
) -> Any:
    """Call an operation; every status that is no success raises."""
    module = import_module(f"dqops.client.api.{operation}")
    try:
        return await module.asyncio(*path, client=client._raising(), **body)
    except NotFound as error:
        if type(error) is NotFound and (hint := await _unknown_name(client, path)):
            error._advise(hint)
        raise


async def _unknown_name(client: AuthenticatedClient | Client, path: tuple[str, ...]) -> str:
    """Ask the server which name of a path it does not know; empty if it does not tell."""
    operation, names = listing_of(path)
    module = import_module(f"dqops.client.api.{operation}")
    try:
        return unknown_name(path, await module.asyncio(*names, client=client._raising()) or [])
    except NotFound:
        return unknown_name(path, [])
    except ClientError:
        return ""
