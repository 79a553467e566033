"""What a server tells of itself: settings, time zones, logs and the API key."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from ..http.downloads import download
from ..http.errors import RefusedRequestError
from ..http.messages import BARE_TEXT, Response
from ..http.wire import instant
from ..specification.editions import known_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Call, Handler

__all__ = ["HANDLERS"]

# What it is by default.
_VERSION = "1.13.2"
_SCHEDULES = {
    "profiling": "0 1 1 * *",
    "monitoring-daily": "0 12 * * *",
    "monitoring-monthly": "0 12 * * *",
    "partitioned-daily": "0 12 * * *",
    "partitioned-monthly": "0 12 * * *",
}
# A file in an archive has a time, which is the same for the same bytes.
_ARCHIVED = (2026, 1, 1, 0, 0, 0)


def _get_settings(call: Call) -> Response:
    settings = call.state.settings
    wait = str(round(settings.wait_seconds))
    properties = {
        "dqo.edition": "GitHub",
        "dqo.instance.return-base-url": "http://localhost:8888",
        "dqo.queue.get-job-changes-since-wait-seconds": str(round(settings.poll_seconds)),
        "dqo.queue.wait-timeouts.default-wait-timeout": wait,
        "dqo.queue.wait-timeouts.run-checks": wait,
        **{
            f"dqo.scheduler.default-schedules.{group}": expression
            for group, expression in _SCHEDULES.items()
        },
        "dqo.scheduler.start": "true",
        **({"dqo.version": _version(settings.server_version)} if settings.tells_version else {}),
        "server.address": "127.0.0.1",
        "server.compression.enabled": "true",
        "server.error.include-message": "always",
        "server.error.include-stacktrace": "always",
        "server.netty.max-keep-alive-requests": "5",
        "spring.application.name": "dqo",
    }
    return Response.of_json(200, {"properties": properties})


def _version(chosen: str | None) -> str:
    if chosen is None:
        return _VERSION
    known = known_version(chosen)
    return chosen if chosen.count(".") == known.count(".") else known


def _get_time_zones(_call: Call) -> Response:
    # A machine without any knows UTC all the same.
    names = sorted(available_timezones()) or ["UTC"]
    return Response(200, "".join(names).encode(), {"Content-Type": BARE_TEXT})


def _log(_call: Call) -> Response:
    return Response(204)


def _download_logs(call: Call) -> Response:
    now = call.account.clock.now()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        line = f"{instant(now)} INFO dqops.testing: the simulated server keeps no log\n"
        archive.writestr(zipfile.ZipInfo("dqo-logs.log", _ARCHIVED), line)
    moment = f"{now:%Y-%m-%dT%H-%M-%S}.{now.microsecond:06d}000"
    return download(content.getvalue(), "application/zip", f"dqops-logs-{moment}.zip")


def _issue_api_key(call: Call) -> Response:
    if not call.state.settings.has_cloud_key:
        raise RefusedRequestError(500, "The server has no cloud key that signs API keys.")
    key = call.caller.api_key or "simulated"
    return Response.of_bare_text(200, key.encode().hex())


HANDLERS: Mapping[str, Handler] = {
    "download_logs": _download_logs,
    "get_available_zone_ids": _get_time_zones,
    "get_dqo_settings": _get_settings,
    "issue_api_key": _issue_api_key,
    "log_debug": _log,
    "log_error": _log,
    "log_info": _log,
    "log_warn": _log,
    "push_data_quality_status_to_data_catalog": _log,
}
