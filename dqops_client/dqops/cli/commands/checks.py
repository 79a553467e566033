"""`dqopsctl checks`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import click

from ..completing import complete_checks
from ..options import confirm, needs_server, place_argument, yes_option
from ..output import (
    Listing,
    format_option,
    many,
    printable,
    say,
    show_listing,
    write,
    write_exact,
    write_json,
)
from ..yaml_text import as_yaml, from_yaml

if TYPE_CHECKING:
    from ..options import Place, Session

_COLUMNS = ("check", "full_name", "custom")
_ACTIVE = ("column", "check", "disabled", "warning", "error", "fatal")


@click.group()
def checks() -> None:
    """List, show, activate and deactivate checks."""


@checks.command("list")
@place_argument()
@click.option("--column", metavar="NAME", help="The checks of this column of a table.")
@format_option("table", "json", "csv")
@needs_server
def list_checks(session: Session, place: Place | None, column: str | None, format_: str) -> int:
    """List checks.

    Without a table, it is all that the server knows; of CONNECTION.SCHEMA.TABLE, it is those that
    are configured.
    """
    if place is not None:
        if not place.is_table:
            raise click.UsageError("name one table: CONNECTION.SCHEMA.TABLE")
        rows = _configured(session, place, column)
        show_listing(Listing("checks list", _ACTIVE, rows), format_)
        return 0
    from ...client.api.checks import get_all_checks

    rows = [
        {"check": each.check_name, "full_name": each.full_check_name, "custom": each.custom}
        for each in get_all_checks.sync(client=session.client) or ()
    ]
    show_listing(Listing("checks list", _COLUMNS, rows), format_)
    return 0


def _configured(session: Session, place: Place, column: str | None) -> list[dict[str, Any]]:
    from ...checks import get_checks
    from ...client.api.columns import get_columns

    names: list[str | None] = [column]
    if column is None:
        found = get_columns.sync(*place.key, client=session.client) or ()
        names += [each.column_name or None for each in found if each.has_any_configured_checks]
    rows = []
    for name in names:
        for check, model in get_checks(session.client, place.key, column=name).items():
            told = model.to_dict()
            severities = {
                severity: _parameters(told.get(severity))
                for severity in ("warning", "error", "fatal")
            }
            rows.append(
                {
                    "column": name,
                    "check": check,
                    "disabled": bool(told.get("disabled")),
                    **severities,
                }
            )
    return rows


def _parameters(rule: dict[str, Any] | None) -> str | None:
    """Say in a few words what a rule asks for."""
    if rule is None:
        return None
    return ", ".join(f"{name}={value}" for name, value in rule.items()) or "on"


@checks.command("show")
@place_argument(table=True)
@click.argument("check", shell_complete=complete_checks)
@click.option("--column", metavar="NAME", help="The column, for a check of a column.")
@format_option("yaml", "json")
@needs_server
def show_check(session: Session, place: Place, check: str, column: str | None, format_: str) -> int:
    """Show how a check of a table or column is configured."""
    from ...checks import get_checks

    found = get_checks(session.client, place.key, column=column)
    if check not in found:
        known = ", ".join(sorted(found)) or "none"
        raise click.UsageError(f"no check {check!r} is configured there; configured: {known}")
    document = found[check].to_dict()
    if format_ == "json":
        write_json(document)
    else:
        write_exact(as_yaml(document).rstrip("\n"))
    return 0


def _bulk_options(command: Any) -> Any:
    for option in (
        click.option("--column", metavar="PATTERN", help="A column, or a pattern such as '*_id'."),
        click.option(
            "--dry-run", is_flag=True, help="Only list the tables or columns that would change."
        ),
        yes_option,
    ):
        command = option(command)
    command = click.argument("check", shell_complete=complete_checks)(command)
    return place_argument(required=True)(command)


def _rule(ctx: Any, param: Any, value: str | None) -> dict[str, Any] | None:
    """Read the parameters of a rule: `min_count=10,max_count=20`, or `default`."""
    if value is None or value == "default":
        return None if value is None else {}
    parameters = {}
    for part in value.split(","):
        name, equals, text = part.partition("=")
        if not equals:
            raise click.BadParameter("expected NAME=VALUE[,NAME=VALUE...], or default", ctx, param)
        parameters[name.strip()] = from_yaml(text)
    return parameters


@checks.command()
@_bulk_options
@click.option("--warning", metavar="RULE", callback=_rule, help="The rule for warnings.")
@click.option("--error", metavar="RULE", callback=_rule, help="The rule for errors.")
@click.option("--fatal", metavar="RULE", callback=_rule, help="The rule for what is fatal.")
@needs_server
def activate(
    session: Session,
    place: Place,
    check: str,
    column: str | None,
    dry_run: bool,
    yes: bool,
    **rules: dict[str, Any] | None,
) -> int:
    """Activate a check on tables or columns.

    Patterns such as 'warehouse.public.*' name several; with --column it is a check of columns.
    A RULE is NAME=VALUE[,NAME=VALUE...], such as max_percent=5, or `default`. Without any, the rule
    for errors is the default one. Rules that are not given stay as they are.
    """
    from ...checks import set_check

    given: dict[str, Any] = {name: rule for name, rule in rules.items() if rule is not None} or {
        "error": {}
    }
    targets = _targets(session, place, column)
    if _is_meant(targets, f"activates {check}", dry_run=dry_run, yes=yes):
        # One table after the other: two changes of one could get lost.
        for key, name in targets:
            set_check(session.client, key, check, column=name, **given)
        if not session.quiet:
            say(f"{check} was activated in {many(len(targets), 'place')}")
    return 0


@checks.command()
@_bulk_options
@needs_server
def deactivate(
    session: Session, place: Place, check: str, column: str | None, dry_run: bool, yes: bool
) -> int:
    """Deactivate a check on tables or columns.

    Patterns such as 'warehouse.public.*' name several; with --column it is a check of columns.
    """
    from ...checks import remove_check

    targets = _targets(session, place, column)
    if _is_meant(targets, f"deactivates {check}", dry_run=dry_run, yes=yes):
        for key, name in targets:
            remove_check(session.client, key, check, column=name)
        if not session.quiet:
            say(f"{check} was deactivated in {many(len(targets), 'place')}")
    return 0


#: A table, and the column in it; None for the table itself.
Target: TypeAlias = tuple[tuple[str, str, str], "str | None"]


def _targets(session: Session, place: Place, column: str | None) -> list[Target]:
    """Find the tables, or the columns, that are meant."""
    from ...client.api.search import find_columns, find_tables
    from ...jobs.judging.tables import table_key
    from .metadata import pages

    if column is None:
        return [(table_key(each), None) for each in pages(session, find_tables, place)]
    found = []
    for each in pages(session, find_columns, place, column=column):
        table = each.table
        names = (table.schema_name or "", table.table_name or "") if table else ("", "")
        found.append(((each.connection_name or "", *names), each.column_name))
    return found


def _is_meant(targets: list[Target], what: str, *, dry_run: bool, yes: bool) -> bool:
    """Tell what is meant, and ask."""
    if not targets:
        raise click.UsageError("no table or column matches")
    if dry_run:
        for key, column in targets:
            write(printable(".".join(key if column is None else (*key, column))))
        say(f"this {what} in {many(len(targets), 'place')}; nothing was done")
        return False
    confirm(f"This {what} in {many(len(targets), 'place')}.", yes=yes)
    return True
