"""The same calls with the standard library's `http.client`.

python calls_http_client.py URL
"""

from __future__ import annotations

import json
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit

from benchmarks.peers.serving import serve, times_of
from benchmarks.peers.wire import GET_PATH, JSON_HEADERS, POST_BODY, POST_PATH

(url,) = sys.argv[1:]
connection = HTTPConnection(urlsplit(url).netloc, timeout=120)


def _get() -> None:
    connection.request("GET", GET_PATH)
    assert json.loads(connection.getresponse().read())["priority"] == 1


def _post() -> None:
    connection.request("POST", POST_PATH, body=json.dumps(POST_BODY), headers=JSON_HEADERS)
    assert json.loads(connection.getresponse().read())["errorMessage"] == ""


def get(repeat: int) -> list[float]:
    """Measure GETs; see `calls_generated.py`."""
    return times_of(_get, repeat)


def post(repeat: int) -> list[float]:
    """Measure POSTs; see `calls_generated.py`."""
    return times_of(_post, repeat)


serve(get, post)
