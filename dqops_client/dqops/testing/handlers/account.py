"""Users, their profile, defaults and labels."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ..http.messages import Response
from ..patterns import matches
from ..roles import User
from .paging import is_page, page_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..documents import Document
    from ..state.data_domain import DataDomain
    from .call import Call, Handler

__all__ = ["HANDLERS"]

# What the profile says of each permission.
_PROFILE_FLAGS = {
    "VIEW": ("can_view_any_object",),
    "OPERATE": (
        "can_run_checks",
        "can_cancel_jobs",
        "can_delete_data",
        "can_collect_statistics",
        "can_synchronize",
        "can_edit_comments",
        "can_edit_labels",
        "can_compare_tables",
    ),
    "EDIT": (
        "can_manage_scheduler",
        "can_manage_data_sources",
        "can_manage_definitions",
        "can_manage_and_view_shared_credentials",
    ),
    "MANAGE_ACCOUNT": ("can_manage_account", "can_manage_users"),
}
_NEVER = (
    "data_quality_data_warehouse_enabled",
    "can_logout",
    "can_synchronize_to_data_catalog",
    "can_use_ai_anomaly_detection",
)


def _get_all_users(call: Call) -> Response:
    return Response.of_json(200, [user.model() for user in call.account.users.values()])


def _get_user(call: Call) -> Response:
    user = call.account.users.get(call.parameters["email"])
    return Response(404) if user is None else Response.of_json(200, user.model())


def _create_user(call: Call) -> Response:
    email = call.body.get("email")
    if not email:
        return Response(406)
    if not call.state.settings.can_change_users:
        return Response(403)
    if email in call.account.users:
        return Response(400)
    call.account.users[email] = _user(email, call.body, None)
    return Response(201)


def _update_user(call: Call) -> Response:
    if not call.state.settings.can_change_users:
        return Response(403)
    email = call.parameters["email"]
    known = call.account.users.get(email)
    if known is None:
        return Response(400)
    call.account.users[email] = _user(email, call.body, known)
    return Response(204)


def _delete_user(call: Call) -> Response:
    if not call.state.settings.can_change_users:
        return Response(403)
    gone = call.account.users.pop(call.parameters["email"], None)
    return Response(404 if gone is None else 204)


def _user(email: str, body: Document, known: User | None) -> User:
    roles = body.get("dataDomainRoles") or {}
    api_key = None if known is None else known.api_key
    return User(email, body.get("accountRole"), api_key, roles)


def _change_user_password(call: Call) -> Response:
    if not call.state.settings.can_change_users:
        return Response(403)
    # Passwords are not kept: nobody logs in with one here.
    known = call.parameters["email"] in call.account.users
    return Response(204 if known and call.body else 400)


def _change_caller_password(call: Call) -> Response:
    if not call.state.settings.has_cloud_key:
        return Response(403)
    return Response(204 if call.body else 400)


def _get_user_profile(call: Call) -> Response:
    settings = call.state.settings
    granted = call.caller.permissions
    flags = {
        name: permission in granted
        for permission, names in _PROFILE_FLAGS.items()
        for name in names
    }
    if settings.has_cloud_key:
        account = {
            "tenant": "simulated/1",
            "license_type": settings.license,
            "jobs_limit": 10,
            "can_use_data_domains": settings.can_change_data_domains,
            "can_change_own_password": True,
        }
    else:
        # Who is not logged in may do what concerns this server alone.
        forbidden = () if call.caller.email else ("can_manage_account", "can_synchronize")
        account = {
            "tenant": "Standalone",
            "license_type": settings.license,
            "jobs_limit": 1,
            **dict.fromkeys(("can_use_data_domains", "can_change_own_password"), False),
            **dict.fromkeys(("can_manage_users", *forbidden), False),
        }
    profile = {
        **({"user": call.caller.email} if call.caller.email else {}),
        "account_role": call.caller.role or "none",
        **flags,
        **account,
        **dict.fromkeys(_NEVER, False),
    }
    return Response.of_json(200, profile)


def _get_default_schedule(call: Call) -> Response:
    schedules = call.state.collections["default_schedule"]
    return Response.of_json(200, schedules.get(call.parameters["schedulingGroup"], {}))


def _update_default_schedule(call: Call) -> Response:
    group = call.parameters["schedulingGroup"]
    call.state.collections["default_schedule"][group] = call.body
    return Response(204)


def _is_within(label: str, prefix: str) -> bool:
    """Tell whether a label is another one, or is nested in it."""
    return label == prefix or label.startswith(f"{prefix}/")


def _labels(specs: Callable[[DataDomain], Iterable[Document]]) -> Handler:
    """Make the handler of an operation that counts labels."""

    def handler(call: Call) -> Response:
        if not is_page(call.parameters):
            return Response.of_json(406, [])
        counts = Counter(
            label for spec in specs(call.state) for label in dict.fromkeys(spec.get("labels") or ())
        )
        prefix = call.parameters.get("prefix")
        if prefix is not None and not any(_is_within(label, prefix) for label in counts):
            return Response.of_json(404, [])
        models: list[dict[str, Any]] = [
            {
                "label": label,
                "labels_count": counts[label],
                "nested_labels_count": sum(each.startswith(f"{label}/") for each in counts),
            }
            for label in sorted(counts)
            if (prefix is None or (label != prefix and _is_within(label, prefix)))
            and matches(call.parameters.get("filter"), label)
        ]
        return Response.of_json(200, page_of(models, call.parameters))

    return handler


def _columns(state: DataDomain) -> Iterable[Document]:
    for spec in state.catalog.tables.values():
        yield from (spec.get("columns") or {}).values()


HANDLERS: Mapping[str, Handler] = {
    "change_caller_password": _change_caller_password,
    "change_user_password": _change_user_password,
    "create_user": _create_user,
    "delete_user": _delete_user,
    "get_all_labels_for_columns": _labels(_columns),
    "get_all_labels_for_connections": _labels(lambda state: state.catalog.connections.values()),
    "get_all_labels_for_tables": _labels(lambda state: state.catalog.tables.values()),
    "get_all_users": _get_all_users,
    "get_default_schedule": _get_default_schedule,
    "get_user": _get_user,
    "get_user_profile": _get_user_profile,
    "update_default_schedules": _update_default_schedule,
    "update_user": _update_user,
}
