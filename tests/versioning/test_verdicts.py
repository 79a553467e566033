"""Edits of the specification and by hand, and what `make api-diff` says of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from releasing.differences import asked_version

from .trees import Copy, compare_with

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RUN_CHECKS = "client/api/jobs/run_checks.py"
ENTRY = "client/models/check_result_entry_model.py"
CHECK_TYPE = "client/models/check_type.py"
RETRIES = "_runtime/settings/retries.py"
STATUSES = "_runtime/statuses.py"
OPERATION = "/paths/~1api~1jobs~1runchecks/post"
FUNCTIONS = "dqops.client.api.jobs.run_checks.{asyncio,asyncio_detailed,sync,sync_detailed}"
DATA_GROUP = "    data_group: Field[str, str | Unset] = ABSENT\n"
WAIT = "wait: bool | Unset | None = UNSET"


class Edit(NamedTuple):
    """What is changed, what is said of it, and the versions it asks for after 1.2.3 and 0.1.0."""

    title: str
    make: Callable[[Copy], None]
    lines: list[str]
    versions: tuple[str, str]


def _remove_property(copy: Copy) -> None:
    del copy.bundle["components"]["schemas"]["CheckResultEntryModel"]["properties"]["dataGroup"]
    copy.replace(ENTRY, DATA_GROUP, "")


def _add_value(copy: Copy) -> None:
    copy.bundle["components"]["schemas"]["CheckType"]["enum"].append("streaming")
    line = '    PROFILING = "profiling"\n'
    copy.replace(CHECK_TYPE, line, f'{line}    STREAMING = "streaming"\n')


def _require_parameter(copy: Copy) -> None:
    copy.bundle["components"]["parameters"]["Wait"]["required"] = True
    operation = copy.bundle["paths"]["/api/jobs/runchecks"]["post"]
    # Only that of this operation.
    wait = {**copy.bundle["components"]["parameters"]["Wait"]}
    copy.bundle["components"]["parameters"]["Wait"].pop("required")
    operation["parameters"] = [
        wait if each["$ref"].endswith("/Wait") else each for each in operation["parameters"]
    ]
    copy.replace(RUN_CHECKS, WAIT, "wait: bool")


def _add_parameter(copy: Copy) -> None:
    copy.bundle["paths"]["/api/jobs/runchecks"]["post"]["parameters"].append(
        {"name": "dryRun", "in": "query", "schema": {"type": "boolean"}}
    )
    copy.replace(RUN_CHECKS, WAIT, f"{WAIT}, dry_run: bool | Unset | None = UNSET")


def _remove_operation(copy: Copy) -> None:
    del copy.bundle["paths"]["/api/jobs/runchecks"]
    (copy.folder / "dqops" / RUN_CHECKS).unlink()


def _change_base(copy: Copy) -> None:
    copy.replace(STATUSES, "class NotFound(ClientRequestError)", "class NotFound(UnexpectedStatus)")


def _be_generic(copy: Copy) -> None:
    copy.replace(RETRIES, "class Retries(Frozen):", "class Retries(Frozen, Generic[T]):")
    copy.replace(RETRIES, "from typing import ", "from typing import Generic, ")


def _change_default(copy: Copy) -> None:
    copy.replace(RETRIES, "max_attempts: int = 3", "max_attempts: int = 5")


def _remove_name(copy: Copy) -> None:
    copy.replace("client/errors.py", '    "GatewayTimeout",\n', "")


def _widen_argument(copy: Copy) -> None:
    copy.replace(
        RETRIES,
        "backoff: float | timedelta = 0.25",
        "backoff: float | timedelta | str = 0.25",
    )


def _rename_value(copy: Copy) -> None:
    copy.replace(CHECK_TYPE, "PROFILING =", "PROFILE =")


def _lose_status(copy: Copy) -> None:
    del copy.behaviour["/retries/503"]


MODEL = "dqops.client.models.check_result_entry_model.CheckResultEntryModel"
VALUES = "dqops.client.models.check_type.CheckType"
PROPERTY = "/components/schemas/CheckResultEntryModel/properties/dataGroup"
VALUE = "/components/schemas/CheckType/enum/streaming"
BREAKING, MINOR, NOTHING = ("2.0.0", "0.2.0"), ("1.3.0", "0.1.1"), ("1.2.3", "0.1.0")
EDITS = (
    Edit(
        "specification: a property removed",
        _remove_property,
        [
            f"breaking callers      {MODEL}.data_group: gone (by {PROPERTY})",
            f"breaking callers      {PROPERTY}: property gone",
        ],
        BREAKING,
    ),
    Edit(
        "specification: a value of an enumeration added",
        _add_value,
        [
            f"minor    callers      {VALUES}.STREAMING: new (by {VALUE})",
            f"minor    callers      {VALUE}: value new",
        ],
        MINOR,
    ),
    Edit(
        "specification: a parameter made required",
        _require_parameter,
        [
            (
                f"breaking callers      {FUNCTIONS}: argument 'wait' needed from now on "
                f"(by {OPERATION}/parameters/wait)"
            ),
            (
                f"breaking callers      {FUNCTIONS}: argument 'wait': bool | Unset | None -> bool "
                f"(narrower) (by {OPERATION}/parameters/wait)"
            ),
            f"breaking callers      {OPERATION}/parameters/wait: parameter required from now on",
        ],
        BREAKING,
    ),
    Edit(
        "specification: an optional parameter added",
        _add_parameter,
        [
            (
                f"minor    callers      {FUNCTIONS}: argument 'dry_run' new "
                f"(by {OPERATION}/parameters/dryRun)"
            ),
            f"minor    callers      {OPERATION}/parameters/dryRun: parameter new",
        ],
        MINOR,
    ),
    Edit(
        "specification: an operation removed",
        _remove_operation,
        [
            f"breaking callers      dqops.client.api.jobs.run_checks: gone (by {OPERATION})",
            f"breaking callers      {OPERATION}: operation gone",
        ],
        BREAKING,
    ),
    Edit(
        "by hand: an exception's base changed",
        _change_base,
        [
            f"breaking callers      dqops.client.errors.{name}: no longer caught by "
            "`except dqops.client.errors.ClientRequestError` (not deprecated before)"
            for name in ("NotFound", "OperationNotSupported")
        ],
        BREAKING,
    ),
    Edit(
        "by hand: a class becomes generic",
        _be_generic,
        [],
        NOTHING,
    ),
    Edit(
        "by hand: a default changed",
        _change_default,
        [
            (
                "breaking callers      dqops.client.Retries.__init__: argument 'max_attempts': "
                "default 3 -> 5 (not deprecated before)"
            )
        ],
        BREAKING,
    ),
    Edit(
        "by hand: an exception no longer public",
        _remove_name,
        ["breaking callers      dqops.client.errors.GatewayTimeout: gone (not deprecated before)"],
        BREAKING,
    ),
    Edit(
        "by hand: an argument takes more types",
        _widen_argument,
        [
            (
                "minor    callers      dqops.client.Retries.__init__: argument 'backoff': "
                "float | timedelta -> float | timedelta | str (wider)"
            )
        ],
        MINOR,
    ),
    Edit(
        "by hand: a member of an enumeration renamed in the template",
        _rename_value,
        [
            f"minor    callers      {VALUES}.PROFILE: new (by the pipeline)",
            f"breaking callers      {VALUES}.PROFILING: gone (by the pipeline)",
        ],
        BREAKING,
    ),
    Edit(
        "by hand: a status no longer retried",
        _lose_status,
        ["breaking callers      /retries/503: gone (not deprecated before)"],
        BREAKING,
    ),
)


@pytest.mark.parametrize("edit", EDITS, ids=[edit.title for edit in EDITS])
def test_verdict(edit: Edit, tmp_path: Path) -> None:
    """Each edit has its lines, and asks for a version after 1.0.0 and for one before it."""
    copy = Copy.make(tmp_path)
    old = copy.release("1.2.3")
    assert not compare_with(old, copy).all
    edit.make(copy)
    comparison = compare_with(old, copy)
    assert edit.lines == [str(each) for each in comparison.all]
    assert edit.versions == (comparison.asked, asked_version("0.1.0", comparison.all))
