"""Quality policies of tables and columns, under their present and their former names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..http.messages import Response
from ..http.wire import compact
from .check_models import getting_model, putting_model
from .crud import Crud, kept
from .metadata_models import access
from .resources import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents import Document
    from .call import Call, Handler

__all__ = ["HANDLERS"]

_SETTINGS = ("priority", "disabled", "description")
_DEFAULTS = {"priority": 1000, "disabled": False}


@dataclass(frozen=True)
class _Policies:
    """The policies for tables or for columns.

    Args:
        kind: The key in `DataDomain.collections`.
        target: `table` or `column`.
        word: What the properties of the models begin with: `policy` or, formerly, `pattern`.
    """

    kind: str
    target: str
    word: str

    def crud(self) -> Crud:
        return Crud(
            kept(self.kind),
            "patternName",
            model=self._model,
            item=self._list_model,
            document=lambda body: body.get(f"{self.word}_spec") or {},
            creates_on_update=True,
        )

    def target_crud(self) -> Crud:
        return Crud(kept(self.kind), "patternName", self._list_model, document=self._with_target)

    def updating_target(self, call: Call) -> Response:
        policies = call.state.collections[self.kind]
        name = call.parameters["patternName"]
        spec = {**policies.get(name, {}), **self._with_target(call.body)}
        call.state.store_collection(self.kind, {**policies, name: compact(spec)})
        return Response(204)

    def copying(self, call: Call) -> Response:
        policies = call.state.collections[self.kind]
        source, target = call.named("sourcePatternName", "targetPatternName")
        if source not in policies:
            return Response(404)
        if target in policies:
            return Response(409)
        call.state.store_collection(self.kind, {**policies, target: policies[source]})
        return Response(201)

    def _model(self, call: Call, name: str, document: Document) -> dict[str, Any]:
        return {
            f"{self.word}_name": name,
            f"{self.word}_spec": document,
            **access(call.caller, ["can_edit"]),
        }

    def _list_model(self, call: Call, name: str, document: Document) -> dict[str, Any]:
        model = {
            f"{self.word}_name": name,
            **{each: document.get(each, _DEFAULTS.get(each)) for each in _SETTINGS},
            f"target_{self.target}": document.get("target"),
            **access(call.caller, ["can_edit"]),
        }
        return compact(model)

    def _with_target(self, body: Document) -> Document:
        settings = {each: body.get(each) for each in _SETTINGS}
        return compact({**settings, "target": body.get(f"target_{self.target}")})


def _model_handlers(policies: _Policies, subject: str, word: str) -> dict[str, Handler]:
    """Make the handlers of the operations on the models of a policy's checks.

    Args:
        policies: The policies.
        subject: The beginning of the operations' names after `get_` and `update_`.
        word: The end of the operations' names.

    Returns:
        The handlers.
    """
    resource = named(policies.kind, "patternName")
    handlers: dict[str, Handler] = {}
    for check_type, scale in (
        ("monitoring", "daily"),
        ("monitoring", "monthly"),
        ("partitioned", "daily"),
        ("partitioned", "monthly"),
        ("profiling", None),
    ):
        middle = check_type if scale is None else f"{check_type}_{scale}"
        name = f"{subject}{middle}_{word}"
        handlers[f"get_{name}"] = getting_model(resource, policies.target, check_type, scale)
        handlers[f"update_{name}"] = putting_model(resource, policies.target, check_type, scale)
    return handlers


_TABLE = _Policies("table_policy", "table", "policy")
_COLUMN = _Policies("column_policy", "column", "policy")
_OLD_TABLE = _Policies("default_table_pattern", "table", "pattern")
_OLD_COLUMN = _Policies("default_column_pattern", "column", "pattern")

HANDLERS: Mapping[str, Handler] = {
    **_TABLE.crud().handlers(
        listing="get_table_quality_policies",
        getting="get_table_quality_policy",
        creating="create_table_quality_policy_pattern",
        updating="update_table_quality_policy",
        deleting="delete_table_quality_policy",
    ),
    **_TABLE.target_crud().handlers(
        getting="get_table_quality_policy_target", creating="create_table_quality_policy_target"
    ),
    "update_table_quality_policy_target": _TABLE.updating_target,
    "copy_from_table_quality_policy": _TABLE.copying,
    **_model_handlers(_TABLE, "", "table_quality_policy"),
    **_COLUMN.crud().handlers(
        listing="get_column_quality_policies",
        getting="get_column_quality_policy",
        creating="create_column_quality_policy",
        updating="update_column_quality_policy",
        deleting="delete_column_quality_policy",
    ),
    **_COLUMN.target_crud().handlers(
        getting="get_column_quality_policy_target",
        creating="create_column_quality_policy_target",
    ),
    "update_column_quality_policy_target": _COLUMN.updating_target,
    "copy_from_column_quality_policy": _COLUMN.copying,
    **_model_handlers(_COLUMN, "", "column_quality_policy"),
    **_OLD_TABLE.crud().handlers(
        listing="get_all_default_table_checks_patterns",
        getting="get_default_table_checks_pattern",
        creating="create_default_table_checks_pattern",
        updating="update_default_table_checks_pattern",
        deleting="delete_default_table_checks_pattern",
    ),
    **_OLD_TABLE.target_crud().handlers(
        getting="get_default_table_checks_pattern_target",
        creating="create_default_table_checks_pattern_target",
    ),
    "update_default_table_checks_pattern_target": _OLD_TABLE.updating_target,
    "copy_from_default_table_checks_pattern": _OLD_TABLE.copying,
    **_model_handlers(_OLD_TABLE, "default_", "table_checks_pattern"),
    **_OLD_COLUMN.crud().handlers(
        listing="get_all_default_column_checks_patterns",
        getting="get_default_column_checks_pattern",
        creating="create_default_column_checks_pattern",
        updating="update_default_column_checks_pattern",
        deleting="delete_default_column_checks_pattern",
    ),
    **_OLD_COLUMN.target_crud().handlers(
        getting="get_default_column_checks_pattern_target",
        creating="create_default_column_checks_pattern_target",
    ),
    "update_default_column_checks_pattern_target": _OLD_COLUMN.updating_target,
    "copy_from_default_column_checks_pattern": _OLD_COLUMN.copying,
    **_model_handlers(_OLD_COLUMN, "default_", "column_checks_pattern"),
}
