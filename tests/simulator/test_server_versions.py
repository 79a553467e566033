"""A simulated server of an older version lacks, ignores and refuses what that version does."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import dqops
import httpx
import pytest
from dqops import DQOps
from dqops.client import _versions
from dqops.client.errors import BadRequest, OperationNotSupported
from dqops.client.models import ConnectionSpec, ProviderType, TableSpec
from dqops.testing import DqopsServer, SimulatedDqops
from dqops.testing.specification.editions import Edition, edition_of
from support.runtime import server_versions

from .support import SPECIFICATION

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = server_versions.Tables(_versions)
TABLE = ("warehouse", "public", "orders")
# As servers' own documents count them; the operations of 1.8.0 under paths of its own are not among
# them. A real 1.7.0 has all of its 323 operations, 38 of which are deprecated, and no other.
COUNTS = {
    "1.2.0": 286,
    "1.3.0": 286,
    "1.4.1": 290,
    "1.5.0": 298,
    "1.6.2": 300,
    "1.7.0": 323,
    "1.8.0": 333 - 6,
    "1.9.0": 340,
    "1.10.0": 340,
    "1.10.1": 340,
    "1.11.0": 340,
    "1.11.6": 340,
    "1.12.0": 341,
    "1.13.1": 341,
}


@pytest.fixture(scope="module")
def old() -> Iterator[DqopsServer]:
    """A server of 1.7."""
    with DqopsServer(server_version="1.7") as server:
        yield server


@pytest.fixture
def client(old: DqopsServer) -> Iterator[DQOps]:
    """A client of it."""
    old.reset()
    with DQOps(old.url) as client:
        yield client


def test_each_version_has_its_operations() -> None:
    """The counts are those of the servers' own documents."""
    editions = {version: edition_of(SPECIFICATION, version) for version in TABLES.versions}
    assert COUNTS == {name: len(each.specification.operations) for name, each in editions.items()}
    deprecated = {
        name: sum(each.is_deprecated for each in edition.specification.operations.values())
        for name, edition in editions.items()
    }
    assert (38, 0) == (deprecated["1.7.0"], deprecated["1.8.0"])


@pytest.mark.parametrize("version", [*COUNTS, "1.7", "1.12", "1.13.2"])
def test_the_version_is_told_as_servers_tell_it(version: str) -> None:
    """Among the settings since 1.12, else by the document that the server has of itself."""
    with DqopsServer(server_version=version) as server, DQOps(server.url) as client:
        found = dqops.server_version(client)
        told = (client.environment.get_dqo_settings().to_dict()["properties"]).get("dqo.version")
        as_text = httpx.get(f"{server.url}v2/api-docs", timeout=10).json()

    whole = {"1.7": "1.7.0", "1.12": "1.12.0"}.get(version, version)
    assert {"1.10.1": "1.10.0"}.get(whole, whole) == found
    assert (whole if whole >= "1.12" and whole.startswith(("1.12", "1.13")) else None) == told
    assert "2.0" == as_text["swagger"]


def test_an_operation_that_it_lacks(client: DQOps, old: DqopsServer) -> None:
    """Its path is one of those that the server does not know."""
    with pytest.raises(OperationNotSupported, match=r"it is there since 1\.8\.0"):
        client.data_domains.get_local_data_domains()
    assert client.default_table_check_patterns.get_all_default_table_checks_patterns() is not None
    assert [None, "get_all_default_table_checks_patterns"] == [
        request.operation for request in old.requests
    ]


def test_a_query_parameter_that_it_ignores(client: DQOps) -> None:
    """All columns are found, not only those of a category."""
    columns = client.search.find_columns(column_category="json")
    with DqopsServer() as server, DQOps(server.url) as newer:
        assert [] == newer.search.find_columns(column_category="json")
    assert len(columns) > 1


def test_a_property_that_it_ignores(client: DQOps, old: DqopsServer) -> None:
    """It is not kept, however deep it stands; the request's record has what was sent."""
    check = {"error": {"min_count": 5}, "always_collect_error_samples": True}
    body: dict[str, Any] = {
        "advanced_properties": {"a": "b"},
        "profiling_checks": {"volume": {"profile_row_count": {**check, "do_not_schedule": True}}},
    }
    client.tables.update_table(*TABLE, json_body=TableSpec.from_dict(body))

    spec = client.tables.get_table(*TABLE).spec.to_dict()
    assert "advanced_properties" not in spec
    assert check == spec["profiling_checks"]["volume"]["profile_row_count"]
    assert body == old.calls("update_table")[0].body


def _send_value(client: DQOps, way: str) -> None:
    if way == "body":
        client.connections.create_connection(
            "new", json_body=ConnectionSpec(provider_type=ProviderType.HANA)
        )
    else:
        client.incidents.get_incident_issues("warehouse", 2026, 1, "none", order="updatedAt")


@pytest.mark.parametrize("way", ["body", "query"])
def test_a_value_that_it_refuses(way: str) -> None:
    """With a status of 400, as any that it does not know."""
    with DqopsServer(server_version="1.4") as server, DQOps(server.url) as client:
        with pytest.raises(BadRequest):
            _send_value(client, way)
        client.connections.create_connection(
            "new", json_body=ConnectionSpec(provider_type=ProviderType.DUCKDB)
        )


def test_responses_have_nothing_that_is_newer(client: DQOps) -> None:
    """Neither what the seed says, nor what servers add since."""
    seed = {"connections": [{"name": "warehouse", "spec": {"advanced_properties": {"a": "b"}}}]}
    with DqopsServer(seed, server_version="1.7") as server, DQOps(server.url) as seeded:
        assert "advanced_properties" not in seeded.connections.get_connection("warehouse").to_dict()
    status = client.check_results.get_table_data_quality_status(*TABLE).to_dict()
    assert status.keys().isdisjoint({"data_domain", "table_exist", "total_row_count"})
    profile = client.environment.get_user_profile().to_dict()
    assert profile.keys().isdisjoint({"can_logout", "can_use_data_domains"})


def test_checks_that_it_lacks(client: DQOps) -> None:
    """They are in no list of the checks that can be activated."""
    with DqopsServer(server_version="1.5") as server, DQOps(server.url) as older:
        names = [_check_names(each) for each in (older, client)]
    assert "profile_max_word_count" not in names[0]
    assert "profile_max_word_count" in names[1]


def _check_names(client: DQOps) -> set[str]:
    checks = client.columns.get_column_profiling_checks_model(*TABLE, "order_id")
    return {check.check_name for category in checks.categories for check in category.checks}


def test_every_edition_reads_every_example() -> None:
    """Whatever has been left out, each operation has a result that fits what is left."""
    for version in ("1.2", "1.7", "1.9"):
        with DqopsServer(server_version=version, examples_only=True) as server:
            edition = Edition(SPECIFICATION, TABLES.nearest(version))
            wrong = []
            with httpx.Client(base_url=server.url, timeout=30) as client:
                for operation in edition.specification.operations.values():
                    if operation.method != "GET" or "{" in operation.path:
                        continue
                    status = client.get(operation.path).status_code
                    if status != operation.result_status:
                        wrong.append((operation.name, status))
            assert [] == wrong


def test_a_server_that_is_upgraded() -> None:
    """The version is a setting, which may be changed while the server runs."""
    with SimulatedDqops(server_version="1.7") as simulated:
        door = httpx.Client(transport=simulated.transport(), base_url="http://dqops.test")
        assert 404 == door.get("/api/domains/").status_code
        simulated.settings.server_version = "1.13"
        assert 200 == door.get("/api/domains/").status_code
        assert 404 == door.get("/api/default/checks/table").status_code
        simulated.settings.server_version = None
        assert 200 == door.get("/api/default/checks/table").status_code
        assert 404 == door.get("/v2/api-docs").status_code


@pytest.mark.parametrize("version", ["", "7", "1.x", "1.1.9", "0.9", 1.7])
def test_a_version_that_is_none(version: Any) -> None:
    """Also one from before all that are known."""
    with pytest.raises(ValueError, match="server_version must be"):
        DqopsServer(server_version=version)


def test_the_command_takes_a_version() -> None:
    """As the plugin's mark does, which takes every setting."""
    command = [sys.executable, "-m", "dqops.testing", "--port", "0", "--server-version"]
    refused = subprocess.run(
        [*command, "1.1"], capture_output=True, text=True, timeout=60, check=False
    )
    assert 1 == refused.returncode
    assert "server_version must be 1.2.0 or later, got '1.1'" in refused.stderr
    with subprocess.Popen([*command, "1.7"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[3]
        status = httpx.get(f"{url}api/domains/", timeout=10).status_code
        process.terminate()
    assert 404 == status


@pytest.mark.dqops(server_version="1.7")
def test_the_mark_takes_a_version(dqops_client: Any) -> None:
    """With the fixtures of the plugin."""
    assert "1.7.0" == dqops.server_version(dqops_client)
