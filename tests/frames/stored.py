"""A server that has stored results of checks and nothing else, as many as one likes."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

__all__ = ["StoredResults", "check_result", "checks"]

CHECK = "daily_row_count"


def check_result(number: int = 0, **others: Any) -> dict[str, Any]:
    """Give a result as the server sends it."""
    return {
        "id": f"00000000-{number:08d}",
        "checkHash": 7_000_000_000_000_000_000,
        "checkCategory": "volume",
        "checkName": CHECK,
        "checkDisplayName": CHECK,
        "checkType": "monitoring",
        "actualValue": float(number),
        "expectedValue": 1.0,
        "warningLowerBound": 1.0,
        "errorLowerBound": 0.5,
        "severity": number % 4,
        "dataGroup": "no grouping",
        "durationMs": 12,
        "executedAt": "2026-03-14T10:11:12.345Z",
        "timeGradient": "day",
        "timePeriod": "2026-03-14T00:00:00",
        "includeInKpi": True,
        "includeInSla": False,
        "provider": "duckdb",
        "qualityDimension": "Completeness",
        "sensorName": "table/volume/row_count",
        **others,
    }


def checks(*entries: Any, **others: Any) -> list[dict[str, Any]]:
    """Give the results of a check as the server sends them."""
    return [
        {
            "checkHash": 7_000_000_000_000_000_000,
            "checkCategory": "volume",
            "checkName": CHECK,
            "checkDisplayName": CHECK,
            "checkType": "monitoring",
            "dataGroups": ["no grouping"],
            "dataGroup": "no grouping",
            "checkResultEntries": list(entries),
            **others,
        }
    ]


class StoredResults:
    """Tables of which each has one daily check with results.

    Args:
        tables: How many tables there are.
        response: The body for the results of each table; a status below 600 in its place is sent
            without a body.
        statistics: The body for the statistics of each table.

    Attributes:
        read: How many times results were asked for.
        most_at_once: How many requests were under way at the same time at most.
        least_at_once: How many requests have to be under way at the same time once before results
            come, for ten seconds.
    """

    def __init__(self, tables: int, response: bytes | int, statistics: bytes = b"{}") -> None:
        self.response = response
        self.statistics = statistics
        self.read = 0
        self.most_at_once = 0
        self.least_at_once = 1
        self._tables = tables
        self._at_once = 0
        self._lock = threading.Condition()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm: ClassVar[bool] = True

            def do_GET(self) -> None:
                with stub._counting():
                    status, body = stub._respond(self.path)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def _counting(self) -> Iterator[None]:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self._lock.notify_all()
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1

    def _respond(self, target: str) -> tuple[int, bytes]:
        url = urlsplit(target)
        query = parse_qs(url.query)
        if url.path == "/api/search/tables":
            page, limit = int(query["page"][0]), int(query["limit"][0])
            names = range((page - 1) * limit, min(page * limit, self._tables))
            return 200, json.dumps([_table(number) for number in names]).encode()
        if url.path.endswith("/status"):
            status = {"current_severity": "valid", "checks": {CHECK: _STATUS}}
            return 200, json.dumps(status).encode()
        if url.path.endswith("/monitoring/daily/results"):
            with self._lock:
                self.read += 1
                self._lock.wait_for(lambda: self.most_at_once >= self.least_at_once, 10)
            if isinstance(self.response, int):
                return self.response, b""
            return 200, self.response
        if url.path.endswith("/columns/statistics"):
            return 200, self.statistics
        return 404, b""

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


_STATUS = {
    "current_severity": "valid",
    "check_type": "monitoring",
    "time_scale": "daily",
    "category": "volume",
    "quality_dimension": "Completeness",
}


def _table(number: int) -> dict[str, Any]:
    return {
        "connection_name": "shop",
        "target": {"schema_name": "public", "table_name": f"t{number:04d}"},
    }
