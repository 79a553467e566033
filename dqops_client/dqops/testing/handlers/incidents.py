"""The operations of the group `incidents`."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..checks.active import place_of
from ..documents import part_of, with_part
from ..http.errors import RefusedRequestError
from ..http.messages import Response
from ..http.wire import compact, instant
from ..patterns import matches
from ..results.histogram import is_in_histogram, issue_histogram
from ..results.lists import result_entry
from ..zones import months_between
from .paging import page_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..results.check_results import CheckResult
    from ..results.incidents import Incident
    from .call import Call, Handler

__all__ = ["HANDLERS"]

_SEVERITY_COUNTS = {1: "warningCounts", 2: "errorCounts", 3: "fatalCounts"}
# Which statuses are listed if the caller does not say.
_LISTED_MONTHS = 3
_TOP_MONTHS = 2
_MOST_TOP_MONTHS = 6
_LISTED = {"open": True, "acknowledged": True, "resolved": False, "muted": False}
_GROUPINGS: Mapping[str, Callable[[Incident], str | None]] = {
    "category": lambda incident: incident.check_category,
    "connection": lambda incident: incident.connection,
    "dimension": lambda incident: incident.quality_dimension,
}
_ORDERS: Mapping[str, Callable[[Incident], Any]] = {
    # What no incident has, or not every one, cannot be compared there.
    "checkName": lambda incident: incident.check_name,
    "dataGroup": lambda _: None,
    "failedChecksCount": lambda incident: incident.failed_checks_count,
    "firstSeen": lambda incident: incident.first_seen,
    "highestSeverity": lambda incident: incident.severity,
    "lastSeen": lambda incident: incident.seen_last,
    "qualityDimension": lambda incident: incident.quality_dimension or "",
    "table": lambda incident: (incident.schema, incident.table),
    "tablePriority": lambda incident: incident.table_priority,
}


def _find_recent_incidents(call: Call) -> Response:
    found = [incident for incident in call.state.incidents.values() if _is_wanted(call, incident)]
    order = _ORDERS.get(call.parameters.get("order", "lastSeen"), _ORDERS["lastSeen"])
    if len(found) > 1 and any(order(incident) is None for incident in found):
        raise RefusedRequestError(500, "There is an incident without what incidents are sorted by.")
    if len(found) == 1:
        order = _ORDERS["lastSeen"]
    # The newest come first unless the caller says otherwise.
    is_descending = call.parameters.get("direction", "desc") == "desc"
    found.sort(key=order, reverse=is_descending)
    page = page_of(found, call.parameters)
    return Response.of_json(200, [incident.model() for incident in page])


def _is_wanted(call: Call, incident: Incident) -> bool:
    wanted = call.parameters
    if incident.connection != wanted["connectionName"]:
        return False
    statuses = {name: wanted.get(name, default) for name, default in _LISTED.items()}
    if not statuses[incident.status]:
        return False
    if not _is_recent(call, incident, wanted.get("months", _LISTED_MONTHS)):
        return False
    compared = {
        "severity": incident.severity,
        "dimension": incident.quality_dimension,
        "category": incident.check_category,
    }
    if any(name in wanted and wanted[name] != value for name, value in compared.items()):
        return False
    pattern = wanted.get("filter")
    pattern = pattern if pattern is None or "*" in pattern else f"*{pattern}*"
    texts = (
        f"{incident.schema}.{incident.table}",
        incident.quality_dimension,
        incident.check_category,
        incident.check_name,
    )
    return pattern is None or any(matches(pattern, text) for text in texts)


def _is_recent(call: Call, incident: Incident, months: int) -> bool:
    """Tell whether the month (UTC) in which an incident began is one of the last ones.

    Months are counted in the configured time zone, so that an incident can be in none of them at
    the end of a month.
    """
    age = months_between(incident.first_seen, call.state.local_now)
    return 0 <= age < max(months, 1)


def _get_incident(call: Call) -> Response:
    incident = _found(call)
    return Response(404) if incident is None else Response.of_json(200, incident.model())


def _get_incident_histogram(call: Call) -> Response:
    incident = _found(call)
    if incident is None:
        return Response(404)
    now, zone = call.state.local_now, call.state.settings.zone
    return Response.of_json(
        200, issue_histogram(_issues(call, incident), call.parameters, now, zone)
    )


def _get_incident_issues(call: Call) -> Response:
    incident = _found(call)
    if incident is None:
        return Response.of_json(404, [])
    now, zone = call.state.local_now, call.state.settings.zone
    connection = call.state.connection(incident.connection)
    provider = "" if connection is None else connection.provider
    entries = [
        result_entry(result, provider)
        for result in _issues(call, incident)
        if is_in_histogram(result, call.parameters, now, zone)
    ]
    order = call.parameters.get("order", "executedAt")
    is_descending = call.parameters.get("direction", "desc") == "desc"
    # What has no such property comes last in ascending order.
    entries.sort(key=lambda entry: (order not in entry, entry.get(order)), reverse=is_descending)
    return Response.of_json(200, page_of(entries, call.parameters))


def _set_incident_status(call: Call) -> Response:
    if call.state.connection(call.parameters["connectionName"]) is None:
        return Response(404)
    incident = _found(call)
    if incident is None:
        return Response(204)  # the real server changes it later, and does not tell
    return _changed(call, replace(incident, status=call.parameters["status"]))


def _set_incident_issue_url(call: Call) -> Response:
    incident = _found(call)
    if incident is None:
        return Response(204)  # the real server does not tell
    return _changed(call, replace(incident, issue_url=call.parameters["issueUrl"]))


def _changed(call: Call, incident: Incident) -> Response:
    call.state.incidents[incident.incident_id] = incident
    return Response(204)


def _disable_checks(call: Call) -> Response:
    """Disable the configured checks whose issues belong to the incident."""
    incident = _found(call)
    if incident is None:
        return Response(404)
    tables = call.state.catalog.tables
    for issue in _issues(call, incident):
        path = place_of(issue)
        document = tables.get(issue.table_key, {})
        if part_of(document, path) is not None:
            call.state.store_table(issue.table_key, with_part(document, (*path, "disabled"), True))
    return Response(204)


def _find_connection_incident_stats(call: Call) -> Response:
    models: list[dict[str, Any]] = []
    for name in call.state.catalog.connections:
        first_seen = [
            incident.first_seen
            for incident in call.state.incidents.values()
            if incident.connection == name and incident.status == "open"
        ]
        newest = instant(max(first_seen)) if first_seen else None
        models.append(
            compact(
                {
                    "connection": name,
                    "openIncidents": len(first_seen),
                    "mostRecentFirstSeen": newest,
                }
            )
        )
    return Response.of_json(200, models)


def _find_top_incidents_grouped(call: Call) -> Response:
    wanted = call.parameters
    grouping = wanted.get("groupBy", "category")
    status = wanted.get("status", "open")
    incidents = [
        incident
        for incident in call.state.incidents.values()
        if _is_recent(call, incident, min(wanted.get("months", _TOP_MONTHS), _MOST_TOP_MONTHS))
    ]
    groups: dict[str, list[Incident]] = {}
    for incident in incidents:
        group = _GROUPINGS[grouping](incident)
        if incident.status == status and group is not None:
            groups.setdefault(group, []).append(incident)
    limit = max(wanted.get("limit", 10), 0)
    now = call.state.clock.now()
    model = {
        "grouping": grouping,
        "status": status,
        "topIncidents": {
            name: [
                incident.model()
                for incident in sorted(groups[name], key=_badness, reverse=True)[:limit]
            ]
            for name in sorted(groups)
        },
        "openIncidentSeverityLevelCounts": _severity_counts(incidents, "open", now),
        "acknowledgedIncidentSeverityLevelCounts": _severity_counts(incidents, "acknowledged", now),
    }
    return Response.of_json(200, model)


def _badness(incident: Incident) -> tuple[int, datetime]:
    return (incident.severity, incident.seen_last)


def _severity_counts(incidents: Iterable[Incident], status: str, now: datetime) -> dict[str, Any]:
    this_month = now.date().replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    counts: dict[str, Counter[str]] = {name: Counter() for name in _SEVERITY_COUNTS.values()}
    for incident in incidents:
        if incident.status != status:
            continue
        counter = counts[_SEVERITY_COUNTS[incident.severity]]
        age = now - incident.first_seen
        month = incident.first_seen.date().replace(day=1)
        counter["totalCount"] += 1
        counter["countFromLast24h"] += age <= timedelta(days=1)
        counter["countFromLast7days"] += age <= timedelta(days=7)
        counter["currentMonthCount"] += month == this_month
        counter["previousMonthCount"] += month == last_month
    return {
        name: {
            "totalCount": counter["totalCount"],
            "countFromLast24h": counter["countFromLast24h"],
            "countFromLast7days": counter["countFromLast7days"],
            "currentMonthCount": counter["currentMonthCount"],
            "currentMonthDate": this_month.isoformat(),
            "previousMonthCount": counter["previousMonthCount"],
            "previousMonthDate": last_month.isoformat(),
        }
        for name, counter in counts.items()
    }


def _found(call: Call) -> Incident | None:
    """Find the incident that the path names, with the right connection, year and month."""
    wanted = call.parameters
    incident = call.state.incidents.get(wanted["incidentId"])
    if incident is None:
        return None
    place = (incident.connection, incident.first_seen.year, incident.first_seen.month)
    return (
        incident if place == (wanted["connectionName"], wanted["year"], wanted["month"]) else None
    )


def _issues(call: Call, incident: Incident) -> list[CheckResult]:
    table = (incident.connection, incident.schema, incident.table)
    return [result for result in call.state.stored.of_table(table) if incident.covers(result)]


HANDLERS: Mapping[str, Handler] = {
    "disable_checks_for_incident": _disable_checks,
    "find_connection_incident_stats": _find_connection_incident_stats,
    "find_recent_incidents_on_connection": _find_recent_incidents,
    "find_top_incidents_grouped": _find_top_incidents_grouped,
    "get_incident": _get_incident,
    "get_incident_histogram": _get_incident_histogram,
    "get_incident_issues": _get_incident_issues,
    "set_incident_issue_url": _set_incident_issue_url,
    "set_incident_status": _set_incident_status,
}
