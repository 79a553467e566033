"""Dashboards in nested folders; who has no cloud key sees which there are, and opens none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.messages import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Call, Handler

__all__ = ["HANDLERS"]

_REPORTS = "https://reports.example.com"
_PARAMETERS = {"ds0.token": "%DQO_CLOUD_TOKEN%"}


def _dashboard(name: str) -> dict[str, Any]:
    return {
        "dashboard_name": name,
        "url": f"{_REPORTS}/{name.lower().replace(' ', '-')}",
        "width": 1400,
        "height": 1700,
        "standard": True,
        "parameters": _PARAMETERS,
    }


def _folder(name: str, *contents: dict[str, Any]) -> dict[str, Any]:
    dashboards = [each for each in contents if "dashboard_name" in each]
    folders = [each for each in contents if "folder_name" in each]
    parts = {"dashboards": dashboards, "folders": folders}
    return {
        "folder_name": name,
        "standard": True,
        **{key: part for key, part in parts.items() if part},
    }


# A dashboard at each depth that the API has an operation for.
_FOLDERS = [
    _folder(
        "Sales",
        _dashboard("KPI"),
        _folder(
            "Daily",
            _dashboard("KPI"),
            _folder(
                "Europe",
                _dashboard("KPI"),
                _folder("Germany", _dashboard("KPI"), _folder("Berlin", _dashboard("KPI"))),
            ),
        ),
    ),
    _folder("Stock", _dashboard("Issues per day")),
]


def _get_all(_call: Call) -> Response:
    return Response.of_json(200, _FOLDERS)


def _get_one(call: Call) -> Response:
    path = [call.parameters[key] for key in call.parameters if key.startswith("folder")]
    name = call.parameters["dashboardName"]
    found: dict[str, Any] = {"folders": _FOLDERS}
    for folder in path:
        inner = (each for each in found.get("folders", ()) if each["folder_name"] == folder)
        found = next(inner, {})
    dashboards = (each for each in found.get("dashboards", ()) if each["dashboard_name"] == name)
    dashboard = next(dashboards, None)
    if dashboard is None:
        return Response(404)
    if not call.state.settings.has_cloud_key:
        return Response(401)
    return Response.of_json(
        200,
        {
            "folder_path": "/".join(path),
            "dashboard": dashboard,
            "authenticated_dashboard_url": f"{dashboard['url']}?access=EXAMPLE",
        },
    )


HANDLERS: Mapping[str, Handler] = {
    "get_all_dashboards": _get_all,
    **{f"get_dashboard_level_{level}": _get_one for level in range(1, 6)},
}
