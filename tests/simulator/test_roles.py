"""Users with API keys and roles: who may do what."""

from __future__ import annotations

from typing import Any

import pytest
from dqops.testing import DEFAULT_API_KEY, Seed, SimulatedOperation, User, simulated_operations
from dqops.testing.handlers import HANDLERS
from dqops.testing.http.messages import Request
from dqops.testing.roles import PERMISSIONS

from simulator.stateful import request_for, send, simulator
from simulator.support import SPECIFICATION, VALIDATION

KEYS = {role: f"key of {role}" for role in PERMISSIONS}
GRANTED = {
    "admin": {"VIEW", "OPERATE", "EDIT", "MANAGE_ACCOUNT"},
    "editor": {"VIEW", "OPERATE", "EDIT"},
    "operator": {"VIEW", "OPERATE"},
    "viewer": {"VIEW"},
    "none": set(),
}


def asked_by(**settings: Any) -> Any:
    """Make a simulator with a user of each role."""
    asked = simulator(**settings)
    for role, key in KEYS.items():
        asked.state.users[role] = User(role, role, key)
    return asked


@pytest.mark.parametrize("role", list(GRANTED))
def test_role_may_do_what_its_permissions_say(role: str) -> None:
    """Every operation of the API, with the key of each role: 403 where a permission is missing."""
    asked = asked_by(examples_only=True)
    wrong = []
    for operation in SPECIFICATION.operations.values():
        request = request_for(operation)
        headers = {**request.headers, "authorization": f"Bearer {KEYS[role]}"}
        response = asked.respond(
            Request(request.method, request.path, request.query, headers, request.body)
        ).response
        is_allowed = operation.permissions <= GRANTED[role]
        if is_allowed != (response.status != 403):
            wrong.append((operation.name, response.status))
    assert [] == wrong


def test_every_operation_but_the_health_check_needs_a_permission() -> None:
    """The specification leaves none out."""
    assert ["is_healthy"] == [
        each.name for each in SPECIFICATION.operations.values() if not each.permissions
    ]


def test_refusal_says_which_permission_is_missing() -> None:
    """The body is that of the framework, and nothing has happened."""
    asked = asked_by()
    before = asked.state.snapshot()
    status, body = send(asked, "delete_connection", token=KEYS["operator"])
    assert (403, "Access Denied: 'delete_connection' needs EDIT.") == (status, body["message"])
    assert [] == VALIDATION.problems("/components/schemas/SpringErrorPayload", body)
    assert before == asked.state.snapshot()


@pytest.mark.parametrize(
    ("require_login", "token", "name", "expected"),
    [
        (True, None, "get_all_connections", 401),
        (True, None, "is_healthy", 200),
        (True, "wrong", "is_healthy", 401),
        (False, "wrong", "is_healthy", 401),
        (False, None, "delete_connection", 200),
        (True, DEFAULT_API_KEY, "delete_connection", 200),
        (True, KEYS["none"], "is_healthy", 200),
        (True, KEYS["none"], "get_all_connections", 403),
        (False, KEYS["viewer"], "run_checks", 403),
        (False, KEYS["operator"], "run_checks", 201),
    ],
)
def test_login(require_login: bool, token: str | None, name: str, expected: int) -> None:
    """A key that is given counts, also where none is needed."""
    asked = asked_by(require_login=require_login)
    status, body = send(asked, name, token=token)
    assert expected == status
    if expected == 401:
        assert body is None


def test_models_say_what_the_caller_may_do() -> None:
    """The flags of a table follow the role."""
    asked = asked_by()
    flags = {
        role: [
            send(asked, "get_table_basic", token=KEYS[role])[1][name]
            for name in ("can_edit", "can_run_checks")
        ]
        for role in ("editor", "operator", "viewer")
    }
    assert {"editor": [True, True], "operator": [False, True], "viewer": [False, False]} == flags


def test_profile_is_that_of_the_caller() -> None:
    """User, role and what it may do."""
    _, profile = send(asked_by(), "get_user_profile", token=KEYS["operator"])
    assert ("operator", "operator", True, False) == (
        profile["user"],
        profile["account_role"],
        profile["can_run_checks"],
        profile["can_manage_users"],
    )


def test_changed_role_counts_from_the_next_request_on() -> None:
    """An administrator takes a right away."""
    asked = asked_by()
    before = send(asked, "run_checks", token=KEYS["operator"])[0]
    body = {"email": "operator", "accountRole": "viewer"}
    send(asked, "update_user", {"email": "operator"}, body=body, token=KEYS["admin"])
    assert [201, 403] == [before, send(asked, "run_checks", token=KEYS["operator"])[0]]


def test_key_of_a_user_is_shown_nowhere() -> None:
    """Neither in a representation nor in a response."""
    asked = asked_by()
    seed = Seed.of({"users": [{"email": "anna", "api_key": "a secret key"}]})
    assert "a secret key" not in repr(seed)
    assert "key of" not in repr(asked.state.users)
    assert "key of" not in str(send(asked, "get_all_users"))


@pytest.mark.parametrize(
    "wrong", [{"role": "boss"}, {"api_key": ""}, {"data_domain_roles": {"sales": "boss"}}]
)
def test_impossible_user_is_refused(wrong: dict[str, Any]) -> None:
    """A wrong role or key fails where it is written."""
    with pytest.raises(ValueError, match=r"a role must be one of|must not be empty"):
        User("anna", **wrong)


def test_list_of_operations_tells_which_have_behaviour() -> None:
    """Those with a handler, and no others."""
    listed = simulated_operations()
    assert set(HANDLERS) == {each.name for each in listed if each.has_behaviour}
    assert SimulatedOperation("synchronize_data_domains", "data_domains", False, False) in listed
