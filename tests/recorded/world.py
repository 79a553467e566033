"""A simulated server in the states in which the real one was when it was recorded."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dateutil.parser import isoparse
from dqops.testing import CheckResult, DqopsServer, Incident
from dqops.testing.clock import SkippingClock
from simulator.support import SPECIFICATION

from recorded.exchanges import exchanges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dqops.testing.state.snapshots import Snapshot

    from recorded.exchanges import Exchange

__all__ = ["Simulated", "World"]

# The recording began a little earlier; all results are from before this time.
NOW = isoparse("2026-11-30T00:30:00Z")
SCHEMA = "files"
SEVERITIES = ("valid", "warning", "error", "fatal", "execution_error")

# What was asked before something had been set up: the recording has both responses of most reads.
_BEFORE = {
    "bulk_activate_connection_checks 1",
    "get_all_shared_credentials 1",
    "get_column_quality_policies 1",
    "get_connection_comments 1",
    "get_connection_incident_grouping 1",
    "get_connection_scheduling_group 1",
    "get_data_dictionaries 1",
    "get_default_webhooks 1",
    "get_table_basic 1",
    "get_table_comments 1",
    "get_table_scheduling_group_override 1",
}
_UPLOAD = (
    "POST /api/jobs/synchronize?wait=false&jobBusinessKey=judge-sy-upload"
    ' {"direction": "upload", "forceRefreshNativeTables": true, "sources": true}'
)
_SYNCHRONIZE = (
    "POST /api/jobs/synchronize?wait=false&jobBusinessKey=judge-sync"
    ' {"direction": "full", "sources": true}'
)
_STATISTICS = (
    "POST /api/jobs/collectstatistics/table?jobBusinessKey=judge-stat&configureTable=true"
    '&samplesLimit=10 {"connection": "judge_b", "fullTableName": "*.*", "enabled": true,'
    ' "columnNames": []}'
)
_DELETE = (
    'POST /api/jobs/deletestoreddata {"connection": "judge_b", "fullTableName": "a.b",'
    ' "dateStart": "2014-05-01", "dateEnd": "2014-05-02", "columnNames": ["a"]}'
)
_RUN = (
    "POST /api/jobs/runchecks?wait=true"
    ' {"check_search_filters": {"connection": "judge_b", "fullTableName": "*.*", "enabled": true,'
    ' "checkType": "monitoring", "tableComparisonName": "none"}, "collect_error_samples": true,'
    ' "time_window_filter": {"from_date": "2014-05-01", "to_date": "2014-05-02",'
    ' "where_filter": "1 = 1"}}'
)
# What has to be called first, by the keys of exchanges. `{job}` in a URL is the last job's number.
_FIRST = {
    "get_job 1": ["collect_error_samples 1", "GET /api/jobs/jobs/{job}/wait"],
    "get_job 2": [_UPLOAD, "GET /api/jobs/jobs/{job}/wait"],
    "get_job_changes_since 1": [
        "import_tables 1",
        "import_tables 4",
        "collect_error_samples 2",
        _STATISTICS,
        _DELETE,
        'POST /api/jobs/synchronize {"direction": "full"}',
        _RUN,
    ],
    "wait_for_job 1": ["run_checks 2", "GET /api/jobs/jobs/{job}/wait"],
    "wait_for_job 2": ["run_checks 2", "DELETE /api/jobs/jobs/{job}"],
    "wait_for_job 3": [_SYNCHRONIZE],
    "wait_for_run_checks_job 2": ["run_checks 2", "DELETE /api/jobs/jobs/{job}"],
    "wait_for_collect_error_samples_job 1": ["collect_error_samples 1"],
    "copy_from_table_quality_policy 1": ["create_table_quality_policy_pattern 1"],
    "delete_dictionary 2": ["delete_dictionary 1"],
    "get_all_jobs 1": ["run_checks 2"],
}
# Where what was read was created; an empty URL is that of the read.
_CREATED_FROM = {
    "get_shared_credential": "/api/credentials",
    "get_table_quality_policy": "",
    "get_column_quality_policy": "",
    "get_default_filtered_notification_configuration": "/api/default/filterednotifications",
}
_IMPORTS = "import_tables"
# What replaces something with all its parts.
_WHOLES = ("update_connection_incident_grouping", "update_table")
_RACE = {
    "connection": "realcsv",
    "fullTableName": "files.house_price.csv",
    "enabled": True,
    "checkType": "profiling",
}
_JOB_TAG = "jobs"


@dataclass(frozen=True)
class Simulated:
    """What the simulated server responded.

    Args:
        status: The HTTP status.
        headers: The headers by their names in lower case.
        body: The body.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as a JSON value; None if it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class World:
    """The server, its states, and a connection to it."""

    def __init__(self) -> None:
        # Whoever waits for a job finds that its time has passed; jobs nobody waits for are queued.
        # Some of the recorded requests waited for a second in vain.
        settings: Any = {"job_mode": "skip", "job_duration": 2.5}
        self._server = DqopsServer(
            _seed(imported=True), clock=SkippingClock(NOW), **settings
        ).start()
        port = int(self._server.url.rstrip("/").rpartition(":")[2])
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.failed_preparations: dict[str, int] = {}
        self._states = dict(self._prepared())

    def close(self) -> None:
        """Stop the server."""
        self._http.close()
        self._server.stop()

    def respond(self, exchange: Exchange) -> Simulated:
        """Bring the server to the state of an exchange, and repeat its request.

        Args:
            exchange: What was recorded.

        Returns:
            What the simulated server responds.
        """
        self._server.restore(self._states[_state_of(exchange)])
        job = ""
        for step in _FIRST.get(exchange.key, ()):
            job = self._first(step, job) or job
        url = exchange.url
        if job and "/1795" in url:
            url = "/".join(job if part.startswith("1795") else part for part in url.split("/"))
        return self._send(exchange.method, url, exchange.request_body)

    def respond_in_order(self, steps: Iterable[Exchange]) -> list[tuple[Exchange, Simulated]]:
        """Repeat the requests of a session, each after the one before.

        Args:
            steps: What was recorded.

        Returns:
            Each step with what the simulated server responds.
        """
        self._server.restore(self._states["session"])
        numbers: dict[str, str] = {}
        pairs = []
        for step in steps:
            self._between(step.key)
            url = "/".join(numbers.get(part, part) for part in step.url.split("/"))
            headers = step.line["request_headers"]
            simulated = self._send(step.method, url, step.request_body, headers)
            recorded, ours = _job_number(step.json), _job_number(simulated.json)
            if recorded and ours:
                numbers[recorded] = ours
            pairs.append((step, simulated))
        return pairs

    def _between(self, key: str) -> None:
        """Do what happened before a step of the session, and was not recorded."""
        if key == "173_race_wait_1":
            for number in range(1, 5):
                url = f"/api/jobs/runchecks?wait=false&jobBusinessKey=race-{number}"
                self._send("POST", url, json.dumps({"check_search_filters": _RACE}).encode())
        elif key == "207_ishealthy_while_starting":
            self._server.restart()
            self._http.close()  # the other end is cut
            self._server.healthy = False
        elif key == "208_job_after_restart":
            self._server.healthy = True

    def _prepared(self) -> Iterator[tuple[str, Snapshot]]:
        with DqopsServer({}, clock=SkippingClock(NOW)) as other:
            yield "empty", other.snapshot()
        yield "before", self._server.snapshot()
        writes = sorted(_writes(), key=_order)
        wholes = [each for each in writes if each.operation in _WHOLES]
        comparisons = [each for each in writes if "table_comparison" in each.operation]
        self._write_each(wholes)
        for method, url, body in _made_of_reads():
            simulated = self._send(method, url, json.dumps(body).encode())
            if simulated.status >= 300:
                self.failed_preparations[f"{method} {url}"] = simulated.status
        self._write_each(each for each in writes if each not in wholes + comparisons)
        yield "after", self._server.snapshot()
        self._write_each(comparisons)
        yield "compared", self._server.snapshot()
        for connection in ("judge_b", "judge_c"):
            url = f"/api/connections/{connection}/schemas/{SCHEMA}/tables/judge_full.csv"
            table = {"columns": {"judge_key": {}}, "statistics": {"volume": {"row_count": {}}}}
            self._send("POST", url, json.dumps(table).encode())
        yield "broken", self._server.snapshot()
        with DqopsServer(_seed(imported=False), clock=SkippingClock(NOW)) as other:
            yield "not imported", other.snapshot()
        seed = _seed(imported=False)
        seed["connections"] = [each for each in seed["connections"] if each["name"] == "realcsv"]
        with DqopsServer(seed, clock=SkippingClock(NOW)) as other:
            yield "session", other.snapshot()

    def _write_each(self, writes: Iterable[Exchange]) -> None:
        for exchange in writes:
            simulated = self._send(exchange.method, exchange.url, exchange.request_body)
            if simulated.status >= 300:
                self.failed_preparations[exchange.key] = simulated.status

    def _first(self, step: str, job: str) -> str:
        """Send a request that has to come first; return the number of the job that it starts."""
        by_key = {each.key: each for each in exchanges()}
        if step in by_key:
            each = by_key[step]
            simulated = self._send(each.method, each.url, each.request_body)
        else:
            method, url, *body = step.replace("{job}", job).split(" ", 2)
            simulated = self._send(method, url, "".join(body).encode())
        return _job_number(simulated.json)

    def _send(
        self, method: str, url: str, body: bytes, more_headers: Mapping[str, str] | None = None
    ) -> Simulated:
        headers = dict(more_headers or {})
        if body and "Content-Type" not in headers:
            operation, _ = SPECIFICATION.match(method, url.partition("?")[0])
            headers["Content-Type"] = operation.body_media_type or "application/json"
        self._http.request(method, url, body or None, headers)
        response = self._http.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Simulated(response.status, names, response.read())


def _job_number(value: Any) -> str:
    """Read the number of the job that a response is about; empty if it is about none."""
    job = value.get("jobId") if isinstance(value, dict) else None
    return str(job["jobId"]) if isinstance(job, dict) else ""


def _state_of(exchange: Exchange) -> str:
    if exchange.key == "test_connection 1":
        return "empty"
    tag = SPECIFICATION.operations[exchange.operation].tag
    if exchange.operation == _IMPORTS or tag == "data_sources":
        return "not imported"
    if exchange.operation in ("create_connection", "create_connection_basic"):
        return "empty" if exchange.status == 201 else "before"
    path = exchange.url.partition("?")[0]
    is_broken = "judge_full.csv" in path or exchange.operation in ("find_tables", "get_tables")
    if exchange.status == 500 and is_broken:
        return "broken"
    is_empty = exchange.body in (b"", b"[]")
    is_missing_read = exchange.method == "GET" and is_empty and exchange.status == 200
    is_creation = exchange.method == "POST" and exchange.status == 201 and tag != _JOB_TAG
    if is_missing_read or is_creation or exchange.key in _BEFORE:
        return "before"
    return "compared" if "table_comparison" in exchange.operation else "after"


def _writes() -> Iterator[Exchange]:
    """Find the exchanges that set something up."""
    for each in exchanges():
        tag = SPECIFICATION.operations[each.operation].tag
        is_success = each.status in (201, 204) or each.status == 409
        if is_success and each.method in ("POST", "PUT") and tag not in (_JOB_TAG, "incidents"):
            yield each


def _made_of_reads() -> Iterator[tuple[str, str, Any]]:
    """Find what was read, and can be set up by writing it."""
    for each in exchanges():
        if each.status != 200 or not each.json or each.key in _BEFORE:
            continue
        if each.operation in _CREATED_FROM:
            yield "POST", _CREATED_FROM[each.operation] or each.url, each.json
            continue
        read = SPECIFICATION.operations[each.operation]
        writes = (
            operation
            for operation in SPECIFICATION.operations.values()
            if operation.method == "PUT" and operation.path == read.path
        )
        write = next(writes, None)
        if read.method != "GET" or write is None or write.body is None or "/judge_e/" in each.url:
            continue
        content = read.responses[200][1]["content"]["application/json"]
        _, body = SPECIFICATION.resolve(write.body.removesuffix("/schema"))
        if content["schema"] == body["schema"]:
            yield "PUT", each.url, each.json


def _order(exchange: Exchange) -> tuple[bool, int]:
    """Create before changing, outer things before inner ones."""
    return (exchange.method != "POST", exchange.url.count("/"))


def _seed(*, imported: bool) -> dict[str, Any]:
    names = ("judge_b", "judge_c", "judge_e", "realcsv")
    connections: dict[str, dict[str, Any]] = {name: {"tables": {}} for name in names}
    for name, spec in _connections():
        connections.setdefault(name, {"tables": {}})["spec"] = spec
    for (connection, table), spec in _tables().items():
        connections[connection]["tables"][table] = spec
    return {
        "connections": [_connection(name, each, imported) for name, each in connections.items()],
        "check_results": [*_results(), *_comparison_results()] if imported else [],
        "incidents": list(_incidents()) if imported else [],
        "data_domains": [],
        "default_webhooks": next(
            each.json for each in exchanges() if each.key == "get_default_webhooks 1"
        ),
    }


def _connection(name: str, each: dict[str, Any], imported: bool) -> dict[str, Any]:
    parameters = {
        "read_mode": "files",
        "files_format_type": "csv",
        "directories": {SCHEMA: "/srv/data/files"},
        "storage_type": "local",
    }
    read: dict[str, Any] = {"provider_type": "duckdb", "duckdb": parameters}
    spec = dict(each.get("spec") or read)
    provider: str = spec.pop("provider_type")
    is_import = imported or name == "judge_pg"
    return {
        "name": name,
        "provider": provider,
        "parameters": spec.pop(provider, {}),
        "spec": spec,
        "tables": [_table(table, spec, is_import) for table, spec in each["tables"].items()],
    }


def _table(name: str, spec: dict[str, Any], imported: bool) -> dict[str, Any]:
    columns = [
        {
            "name": column,
            "data_type": each.get("type_snapshot", {}).get("column_type", "VARCHAR"),
            "spec": {"type_snapshot": {}, **each},
        }
        for column, each in spec.get("columns", {}).items()
    ]
    rest = {key: value for key, value in spec.items() if key != "columns"}
    return {
        "schema": SCHEMA,
        "name": name,
        "columns": columns,
        "imported": imported,
        "spec": rest,
    }


def _connections() -> Iterator[tuple[str, dict[str, Any]]]:
    """Read the connections that were only read."""
    for each in exchanges():
        if each.status != 200:
            continue
        if each.operation == "get_connection":
            yield each.json["connection_name"], each.json["spec"]
        elif each.operation == "get_connection_basic" and "judge_pg" not in each.url:
            provider = each.json["provider_type"]
            parts = (provider, "provider_type", "parallel_jobs_limit", "schedule_on_instance")
            yield each.json["connection_name"], {name: each.json[name] for name in parts}
    read = {
        name: each.json
        for each in exchanges()
        for name in ("comments", "default_grouping_configuration", "incident_grouping")
        if each.operation == f"get_connection_{name}" and "judge_p_bigquery" in each.url
    }
    yield "judge_p_bigquery", {"provider_type": "bigquery", "bigquery": {}, **read}


def _tables() -> dict[tuple[str, str], dict[str, Any]]:
    """Read the tables from what imports said and from what was read whole."""
    tables: dict[tuple[str, str], dict[str, Any]] = {}
    for each in exchanges():
        if each.operation == _IMPORTS and each.status == 201:
            connection = json.loads(each.request_body)["connectionName"]
            for spec in each.json["result"]["source_table_specs"]:
                name = spec["file_format"]["file_paths"][0].rpartition("/")[2]
                tables[connection, name] = spec
        elif each.operation == "get_table" and each.status == 200:
            tables["judge_e", each.url.rpartition("/")[2]] = each.json["spec"]
    # The other connection of the recording has the same files.
    for (connection, name), spec in list(tables.items()):
        if connection == "judge_b":
            tables["realcsv", name] = spec
    tables["judge_e", "judge_full.csv"] = _full_table()
    return tables


def _full_table() -> dict[str, Any]:
    """Put a table together from its parts, which were read one by one."""
    parts = {
        "get_table_profiling_checks": ("profiling_checks",),
        "get_table_daily_monitoring_checks": ("monitoring_checks", "daily"),
        "get_table_monitoring_checks_monthly": ("monitoring_checks", "monthly"),
        "get_table_daily_partitioned_checks": ("partitioned_checks", "daily"),
        "get_table_partitioned_checks_monthly": ("partitioned_checks", "monthly"),
        "get_column_profiling_checks": ("profiling_checks",),
        "get_column_monitoring_checks_daily": ("monitoring_checks", "daily"),
        "get_column_monitoring_checks_monthly": ("monitoring_checks", "monthly"),
        "get_column_partitioned_checks_daily": ("partitioned_checks", "daily"),
        "get_column_partitioned_checks_monthly": ("partitioned_checks", "monthly"),
    }
    column: dict[str, Any] = {}
    table: dict[str, Any] = {"columns": {"judge_key": column}}
    for each in exchanges():
        if "/judge_e/" not in each.url or "judge_full.csv" not in each.url or each.status != 200:
            continue
        if each.operation in parts:
            inner = column if "/columns/" in each.url else table
            *outer, last = parts[each.operation]
            for name in outer:
                inner = inner.setdefault(name, {})
            inner[last] = each.json
        elif each.operation == "get_table_partitioning":
            table["timestamp_columns"] = each.json["timestamp_columns"]
            table["incremental_time_window"] = each.json["incremental_time_window"]
    return table


# Where results are listed, how their entries are called, and what they tell of the severity.
_LISTS = {
    "_checks_results": ("checkResultEntries", 0),
    "_errors": ("errorEntries", 4),
    "_error_samples": ("errorSamplesEntries", 2),
    # Last: of most results there is more to be seen elsewhere.
    "_sensor_readouts": ("sensorReadoutEntries", 0),
}


def _results() -> list[CheckResult]:
    """Read the check results, each of them once, from whatever was listed of them."""
    found: dict[tuple[Any, ...], CheckResult] = {}
    for ending, (entries, severity) in _LISTS.items():
        for each in exchanges():
            if each.status != 200 or not each.operation.endswith(ending):
                continue
            parts = each.url.partition("?")[0].split("/")
            for group in each.json:
                samples = [entry["result"] for entry in group[entries] if "result" in entry]
                for entry in group[entries][:1] if samples else group[entries]:
                    result = _result(parts[3], parts[7], group, {"severity": severity, **entry})
                    result = replace(result, samples=samples)
                    key = (result.table_key, result.column, result.check_name, result.data_group)
                    found.setdefault((*key, result.period, result.is_execution_error), result)
    return list(found.values())


def _comparison_results() -> Iterator[CheckResult]:
    """Make results of what was counted of the results of a comparison."""
    for each in exchanges():
        if each.operation != "get_table_comparison_profiling_results":
            continue
        parts = each.url.split("/")
        checks = [(None, check) for check in each.json["table_comparison_results"].values()]
        for column, results in each.json["column_comparison_results"].items():
            checks += [(column, check) for check in results["column_comparison_results"].values()]
        for column, check in checks:
            groups = check.get("not_matching_data_groups") or ["no grouping"]
            for group in groups:
                yield CheckResult(
                    parts[3],
                    SCHEMA,
                    parts[7],
                    check["check_name"],
                    "comparisons",
                    2 if check["errors"] else 0,
                    isoparse(check["executed_at"]),
                    check_type="profiling",
                    column=column,
                    data_group=group,
                    actual_value=1.0,
                    table_comparison=parts[10],
                )


def _result(
    connection: str, table: str, group: dict[str, Any], entry: dict[str, Any]
) -> CheckResult:
    check_type = group["checkType"]
    gradient = entry.get("timeGradient", "day")
    scale = "monthly" if gradient == "month" else "daily"
    executed_at = isoparse(entry["executedAt"])
    period = entry.get("timePeriod") or executed_at.strftime("%Y-%m-%dT00:00:00")
    return CheckResult(
        connection,
        SCHEMA,
        table,
        group["checkName"],
        group["checkCategory"],
        entry["severity"],
        executed_at,
        check_type=check_type,
        time_scale=None if check_type == "profiling" else scale,
        column=entry.get("columnName"),
        data_group=entry.get("dataGroup") or group.get("dataGroup") or "no grouping",
        quality_dimension=entry.get("qualityDimension", "Validity"),
        time_period=datetime.fromisoformat(period),
        actual_value=entry.get("actualValue"),
        expected_value=entry.get("expectedValue"),
        bounds={name: entry[name] for name in entry if name.endswith("Bound")},
        sensor_name=entry.get("sensorName"),
        table_comparison=entry.get("tableComparison") or None,
        duration_ms=entry.get("durationMs", 25),
        error_message=entry.get("errorMessage"),
        updated_at=isoparse(entry["updatedAt"]) if "updatedAt" in entry else None,
        configured=False,  # what is configured has been written and read, too
    )


def _incidents() -> Iterator[Incident]:
    found = {}
    for each in exchanges():
        if each.status != 200:
            continue
        if each.operation == "find_recent_incidents_on_connection":
            found.update({model["incidentId"]: model for model in each.json})
        elif each.operation == "get_incident":
            found[each.json["incidentId"]] = each.json
    for model in found.values():
        if model["table"] == "judge_new.csv":
            continue  # the table was created and deleted in between
        yield Incident(
            model["connection"],
            model["schema"],
            model["table"],
            isoparse(model["firstSeen"]),
            isoparse(model["lastSeen"]),
            severity=model["highestSeverity"],
            status=model["status"],
            quality_dimension=model.get("qualityDimension"),
            check_category=model.get("checkCategory"),
            check_name=model.get("checkName"),
            failed_checks_count=model["failedChecksCount"],
            issue_url=model.get("issueUrl"),
            incident_id=model["incidentId"],
            table_priority=model.get("tablePriority"),
        )
