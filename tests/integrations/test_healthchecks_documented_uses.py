"""Programs as people write them for the distribution `healthchecks-io` run with another import."""

from __future__ import annotations

import asyncio
import gc
import inspect
import warnings
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.testing.healthchecks import Check

if TYPE_CHECKING:
    from dqops.testing.healthchecks import HealthchecksServer

OLD, NEW = "from healthchecks_io import", "from dqops.integrations.healthchecks_io import"

#: By what it shows: a program, and the kinds of the pings that the check `nightly` has in the end.
PROGRAMS: dict[str, tuple[str, list[str]]] = {
    "a client": (
        """
from healthchecks_io import Client
client = Client(api_key=API_KEY, **HOSTS)
assert [check.name for check in client.get_checks()] == ["Nightly"]
""",
        [],
    ),
    "context manager": (
        """
from healthchecks_io import Client
with Client(api_key=API_KEY, **HOSTS) as client:
    assert len(client.get_checks()) == 1
assert client.is_closed
""",
        [],
    ),
    "async context manager": (
        """
from healthchecks_io import AsyncClient
async def main():
    async with AsyncClient(api_key=API_KEY, **HOSTS) as client:
        assert len(await client.get_checks()) == 1
    assert client.is_closed
""",
        [],
    ),
    "self-hosted, positional": (
        """
from healthchecks_io import Client
client = Client(API_KEY, PING_KEY, HOSTS["api_url"], HOSTS["ping_url"], 3)
assert client.get_check(UUID).uuid == UUID
""",
        [],
    ),
    "a given httpx client": (
        """
import httpx
from healthchecks_io import Client
given = httpx.Client()
with Client(api_key=API_KEY, client=given, **HOSTS) as client:
    assert client.get_check(UUID).slug == "nightly"
    assert client.success_ping(uuid=UUID) == (True, "OK")
assert given.is_closed
""",
        ["success"],
    ),
    "a given asynchronous httpx client": (
        """
import httpx
from healthchecks_io import AsyncClient
async def main():
    given = httpx.AsyncClient()
    async with AsyncClient(api_key=API_KEY, client=given, **HOSTS) as client:
        assert (await client.get_check(UUID)).slug == "nightly"
        assert await client.success_ping(uuid=UUID) == (True, "OK")
    assert given.is_closed
""",
        ["success"],
    ),
    "create": (
        """
from healthchecks_io import Client, CheckCreate
with Client(api_key=API_KEY, **HOSTS) as client:
    check = client.create_check(CheckCreate(name="New Check", tags="tag1 tag2", desc="d"))
assert (check.name, check.tags, check.status) == ("New Check", "tag1 tag2", "new")
assert (check.slug, check.timeout, check.grace) == ("new-check", 86400, 3600)
""",
        [],
    ),
    "create asynchronously": (
        """
from healthchecks_io import AsyncClient, CheckCreate
async def main():
    async with AsyncClient(api_key=API_KEY, **HOSTS) as client:
        check = await client.create_check(CheckCreate(name="x", schedule="5 4 * * *", tz="UTC"))
        assert check.uuid in check.ping_url
""",
        [],
    ),
    "create with every argument": (
        """
from healthchecks_io import Client, CheckCreate
create = CheckCreate(name="n", tags="t", desc="d", timeout=120, grace=60, manual_resume=True,
                     methods="POST", channels="*", unique=["name", "tags"])
with Client(api_key=API_KEY, **HOSTS) as client:
    first, second = client.create_check(create), client.create_check(create)
assert first.uuid == second.uuid and first.manual_resume and first.methods == "POST"
""",
        [],
    ),
    "get": (
        """
from healthchecks_io import Client, Check
with Client(api_key=API_KEY, **HOSTS) as client:
    check = client.get_check(check_id=UUID)
assert isinstance(check, Check) and check.n_pings == 0 and check.last_ping is None
""",
        [],
    ),
    "get with a key that only reads": (
        """
from healthchecks_io import Client
with Client(api_key=READ_KEY, **HOSTS) as client:
    (check,) = client.get_checks()
    assert check.uuid is None
    assert client.get_check(check.unique_key).name == "Nightly"
""",
        [],
    ),
    "get by tags": (
        """
from healthchecks_io import Client
with Client(api_key=API_KEY, **HOSTS) as client:
    assert len(client.get_checks(tags=["prod", "db"])) == 1
    assert client.get_checks(["prod", "web"]) == []
""",
        [],
    ),
    "update": (
        """
from healthchecks_io import Client, CheckUpdate
with Client(api_key=API_KEY, **HOSTS) as client:
    check = client.update_check(UUID, CheckUpdate(desc="other"))
assert (check.name, check.desc, check.tags) == ("Nightly", "other", "db prod")
""",
        [],
    ),
    "pause and delete": (
        """
from healthchecks_io import Client, CheckNotFoundError
with Client(api_key=API_KEY, **HOSTS) as client:
    other = client.get_checks()[0]
    assert client.pause_check(UUID).status == "paused"
    assert client.delete_check(UUID).status == "paused"
    try:
        client.get_check(UUID)
    except CheckNotFoundError:
        pass
    else:
        raise AssertionError
""",
        [],
    ),
    "pings": (
        """
from healthchecks_io import Client
with Client(api_key=API_KEY, **HOSTS) as client:
    assert client.start_ping(uuid=UUID) == (True, "OK")
    assert client.success_ping(UUID, data="log") == (True, "OK")
    assert client.fail_ping(uuid=UUID) == (True, "OK")
    result, text = client.exit_code_ping(exit_code=3, uuid=UUID)
    assert result
    pings = client.get_check_pings(UUID)
assert [ping.number_of_pings for ping in pings] == [4, 3, 2, 1]
assert pings[0].method == "POST" and pings[0].scheme == "http" and pings[0].user_agent
""",
        ["start", "success", "fail", "fail"],
    ),
    "pings by slug": (
        """
from healthchecks_io import Client
with Client(ping_key=PING_KEY, **HOSTS) as client:
    assert client.start_ping(slug="nightly") == (True, "OK")
    assert client.exit_code_ping(0, slug="nightly", data="fine") == (True, "OK")
""",
        ["start", "success"],
    ),
    "asynchronous pings": (
        """
from healthchecks_io import AsyncClient
async def main():
    async with AsyncClient(ping_key=PING_KEY, **HOSTS) as client:
        assert await client.start_ping(slug="nightly") == (True, "OK")
        assert await client.fail_ping(uuid=UUID, data="no") == (True, "OK")
""",
        ["start", "fail"],
    ),
    "integrations and badges": (
        """
from healthchecks_io import Client
with Client(api_key=API_KEY, **HOSTS) as client:
    (integration,) = client.get_integrations()
    assert integration.kind == "email" and integration.id and integration.name
    badges = client.get_badges()
    assert set(badges) == {"*", "db", "prod"}
    assert badges["*"].svg.endswith(".svg") and badges["*"].json_url.endswith(".json")
""",
        [],
    ),
    "errors": (
        """
from healthchecks_io import Client, HCAPIAuthError, HCAPIError, BadAPIRequestError
try:
    Client(api_key="x" * 32, **HOSTS).get_checks()
except HCAPIAuthError as error:
    assert isinstance(error, HCAPIError)
else:
    raise AssertionError
for arguments in ({}, {"uuid": UUID, "slug": "nightly"}, {"slug": "nightly"}):
    try:
        Client(api_key=API_KEY, **HOSTS).success_ping(**arguments)
    except BadAPIRequestError:
        pass
    else:
        raise AssertionError
""",
        [],
    ),
    "CheckTrap": (
        """
from healthchecks_io import Client, CheckTrap
with Client(api_key=API_KEY, **HOSTS) as client:
    with CheckTrap(client, uuid=UUID) as ct:
        ct.add_log("hello")
""",
        ["start", "success"],
    ),
    "CheckTrap by slug": (
        """
from healthchecks_io import Client, CheckTrap
with Client(ping_key=PING_KEY, **HOSTS) as client, CheckTrap(client, slug="nightly"):
    pass
""",
        ["start", "success"],
    ),
    "asynchronous CheckTrap": (
        """
from healthchecks_io import AsyncClient, CheckTrap
async def main():
    async with AsyncClient(api_key=API_KEY, **HOSTS) as client:
        async with CheckTrap(client, UUID) as ct:
            ct.add_log("hello")
""",
        ["start", "success"],
    ),
    "CheckTrap with a failure": (
        """
from healthchecks_io import Client, CheckTrap
try:
    with Client(api_key=API_KEY, **HOSTS) as client, CheckTrap(client, uuid=UUID):
        raise ValueError("broken")
except ValueError as error:
    assert str(error) == "broken"
else:
    raise AssertionError
""",
        ["start", "fail"],
    ),
    "CheckTrap that suppresses": (
        """
from healthchecks_io import Client, CheckTrap
with Client(api_key=API_KEY, **HOSTS) as client:
    with CheckTrap(client, uuid=UUID, suppress_exceptions=True):
        raise ValueError("broken")
""",
        ["start", "fail"],
    ),
    "asynchronous CheckTrap that suppresses": (
        """
from healthchecks_io import AsyncClient, CheckTrap
async def main():
    async with AsyncClient(api_key=API_KEY, **HOSTS) as client:
        async with CheckTrap(client, uuid=UUID, suppress_exceptions=True):
            raise ValueError("broken")
""",
        ["start", "fail"],
    ),
    "CheckTrap with a client of the other world": (
        """
from healthchecks_io import AsyncClient, CheckTrap, WrongClientError
try:
    with CheckTrap(AsyncClient(api_key=API_KEY, **HOSTS), uuid=UUID):
        raise AssertionError
except WrongClientError:
    pass
""",
        [],
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_runs_with_another_import(name: str, server: HealthchecksServer) -> None:
    """Nothing but the import differs, and the server hears what the program says."""
    text, pings = PROGRAMS[name]
    assert 1 == text.count(OLD)
    kept = Check(name="Nightly", slug="nightly", tags="db prod")
    server.project.checks.append(kept)
    names: dict[str, Any] = {
        "API_KEY": server.project.api_key,
        "READ_KEY": server.project.read_only_key,
        "PING_KEY": server.project.ping_key,
        "UUID": str(kept.uuid),
        "HOSTS": {"api_url": server.api_url, "ping_url": server.ping_url},
    }
    with warnings.catch_warnings():
        # Some programs leave their connections to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        exec(text.replace(OLD, NEW), names)
        main = names.pop("main", None)
        if inspect.iscoroutinefunction(main):
            asyncio.run(main())
        names.clear()
        gc.collect()
    assert pings == [ping.kind for ping in kept.pings]


def test_exported_names() -> None:
    """All that the other distribution exports is here, and what `__all__` names exists."""
    from dqops.integrations import healthchecks_io as ours

    theirs = {
        *("AsyncClient", "Client", "CheckTrap", "BadAPIRequestError", "CheckNotFoundError"),
        *("HCAPIAuthError", "HCAPIError", "HCAPIRateLimitError", "NonUniqueSlugError"),
        *("WrongClientError", "PingFailedError", "Check", "CheckCreate", "CheckUpdate"),
        *("CheckPings", "CheckStatuses", "Integration", "Badges"),
    }
    assert set() == theirs - set(ours.__all__)
    assert sorted(ours.__all__) == ours.__all__
    assert all(getattr(ours, name) for name in ours.__all__)
    assert version("dqops-client") == ours.__version__


def test_client_with_an_address_of_its_own_is_refused() -> None:
    """An httpx client with a base_url would lead pings and API calls to one place."""
    from dqops.client.errors import InvalidRequest
    from dqops.integrations.healthchecks_io import Client

    with (
        httpx.Client(base_url="http://other", verify=False) as given,
        pytest.raises(InvalidRequest, match="no base_url"),
    ):
        Client(api_key="a secret", client=given)
