"""Flows of requests to Healthchecks.io, to which any server of it responds the same.

`FLOWS` says what is sent. The real server's responses are in `data/healthchecks_answers.json`;
`play` sends a flow anywhere and writes the responses down in the same form.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["FLOWS", "Advance", "Call", "Server", "play"]

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UUIDS = re.compile(rf"{_UUID.pattern}(?:,{_UUID.pattern})+")
_UNIQUE_KEY = re.compile(r"\b[0-9a-f]{40}\b")
_PLACEHOLDER = re.compile(r"\{([A-Za-z][^{}:]*)\}")
_BADGE = re.compile(r"/badge/[\w-]+/[\w-]{8}?(-2)?(?=[/.])")
_RUN = "0b54c2d1-9e8f-4a7b-8c6d-5e4f3a2b1c0d"
_OTHER_RUN = "1b54c2d1-9e8f-4a7b-8c6d-5e4f3a2b1c0d"


@dataclass(frozen=True)
class Server:
    """Where a flow is sent to, and with what.

    Args:
        url: The address of the server, with a slash at its end.
        keys: API keys by `write`, `read`, `other write` and `other read`.
        ping_key: The ping key of the first project.
        project: The UUID of the first project.
        advance: Lets seconds go by.
    """

    url: str
    keys: Mapping[str, str]
    ping_key: str
    project: str
    advance: Callable[[float], object]


@dataclass(frozen=True)
class Advance:
    """A step in which time goes by."""

    seconds: float


@dataclass(frozen=True)
class Call:
    """A step in which a request is sent.

    Args:
        method: The HTTP method.
        path: The path, with `{name}` for the UUID of the check that was saved under the name, and
            `{name.field}` for one of its fields.
        body: JSON, or bytes that are sent as they are.
        key: Which API key goes with it; a key itself where none has this name.
        headers: More headers.
        save: The name under which the response is kept.
        show: The fields of the response that matter; all of them if empty.
        show_headers: The response headers that matter.
    """

    method: str
    path: str
    body: Any = None
    key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    save: str = ""
    show: tuple[str, ...] = ()
    show_headers: tuple[str, ...] = ()


def play(flow: list[Call | Advance], server: Server) -> list[Any]:
    """Send a flow.

    Args:
        flow: The steps.
        server: The server.

    Returns:
        For each request a list of status, content type and body, and of headers where those matter.
        What differs from run to run is replaced.
    """
    saved: dict[str, Any] = {
        "key": server.ping_key,
        "project": server.project,
        "keys": dict(server.keys),
    }
    known = set(_UUID.findall(repr(flow)))
    labels: dict[str, str] = {server.project: "PROJECT"}
    seen = []
    for step in flow:
        if isinstance(step, Advance):
            server.advance(step.seconds)
            continue
        status, headers, content = _send(step, server, saved)
        if step.save:
            saved[step.save] = json.loads(content)
            badge = _UUID.search(str(saved[step.save].get("badge_url")))
            saved[step.save]["badge_id"] = badge[0] if badge else ""
        kind = headers.get("content-type", "").partition(";")[0]
        record = [status, kind, _body(content.decode(errors="backslashreplace"), kind, step)]
        if step.show_headers:
            record.append({name: headers.get(name.lower()) for name in step.show_headers})
        text = json.dumps(record, sort_keys=True).replace(server.url, "SITE/")
        # Lists of ids are sorted, so that their order is another one in every run.
        text = _UUIDS.sub(lambda found: f"{found[0].count(',') + 1} UUIDs", text)
        for pattern, name in ((_UUID, "UUID"), (_UNIQUE_KEY, "UNIQUE-KEY")):
            for value in pattern.findall(text):
                if value not in known:
                    labels.setdefault(value, f"{name}-{len(labels)}")
        for value, label in labels.items():
            text = text.replace(value, label)
        seen.append(json.loads(_BADGE.sub(r"/badge/SIGNED\1", text)))
    return seen


def _send(
    step: Call, server: Server, saved: Mapping[str, Any]
) -> tuple[int, dict[str, str], bytes]:
    address = urlsplit(server.url)
    headers = {
        "Connection": "close",
        "User-Agent": "flows",
    }
    headers |= {name: _filled(value, saved) for name, value in step.headers.items()}
    if step.key is not None:
        headers["X-Api-Key"] = server.keys.get(step.key, step.key)
    body = step.body
    if body is not None and not isinstance(body, bytes):
        body = _filled(json.dumps(body), saved).encode()
    connection = HTTPConnection(address.hostname or "", address.port, timeout=30)
    try:
        connection.request(step.method, _filled(step.path, saved), body, headers)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, content


def _filled(text: str, saved: Mapping[str, Any]) -> str:
    def value(found: re.Match[str]) -> str:
        name, *fields = found[1].split(".")
        kept = saved[name]
        for each in fields:
            kept = kept[int(each) if isinstance(kept, list) else each]
        if isinstance(kept, dict):
            kept = kept["uuid"]
        address = urlsplit(str(kept))
        return address.path if address.scheme == "http" else str(kept)

    return _PLACEHOLDER.sub(value, text)


def _body(text: str, kind: str, step: Call) -> Any:
    if kind == "application/json" and text:
        found = json.loads(text)
        if step.show and isinstance(found, dict) and "error" not in found:
            found = _shown(found, step.show)
        return found
    if kind == "image/svg+xml":
        return "a picture"
    if kind == "text/html" and "<" in text:
        return "a page"
    # What explains a metric is told in words of its own by every server.
    return "\n".join(line for line in text.split("\n") if not line.startswith("# HELP "))


def _shown(value: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    of_items: dict[str, list[str]] = {}
    for path in paths:
        name, _, rest = path.partition(".")
        if rest:
            of_items.setdefault(name, []).append(rest)
        else:
            found[name] = value.get(name, "(absent)")
    for name, rests in of_items.items():
        found[name] = [_shown(item, rests) for item in value[name]]
    return found


def _create(save: str, /, *show: str, **spec: Any) -> Call:
    path = "/api/v3/checks/"
    return Call("POST", path, spec, "write", save=save, show=show or ("name",))


def _spec(spec: Any, *show: str, version: int = 3) -> Call:
    return Call("POST", f"/api/v{version}/checks/", spec, "write", show=show or ("name",))


def _update(name: str, spec: Any, *show: str, version: int = 3) -> Call:
    return Call("POST", f"/api/v{version}/checks/{{{name}}}", spec, "write", show=show or ("name",))


def _get(path: str, *show: str, key: str | None = "write") -> Call:
    return Call("GET", f"/api/v3/{path}", key=key, show=show)


def _each(*steps: Call | Advance) -> tuple[Call | Advance, ...]:
    return steps


def _ping(path: str, body: Any = b"", method: str = "POST", **headers: str) -> Call:
    return Call(method, f"/ping/{path}", body, headers=headers)


def _state(name: str, version: int = 3) -> Call:
    show = ("status", "started", "last_ping", "next_ping", "n_pings", "last_duration")
    return Call("GET", f"/api/v{version}/checks/{{{name}}}", key="write", show=show)


def _flips(name: str, query: str = "") -> Call:
    return _get(f"checks/{{{name}}}/flips/{query}")


def _pings(name: str, *show: str) -> Call:
    fields = show or ("type", "n", "rid", "duration", "body_url")
    return _get(f"checks/{{{name}}}/pings/", *(f"pings.{field}" for field in fields))


_KEYS = (None, "", "x" * 31, "x" * 32, "read", "write", "other write", "other read")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_API_PATHS = (
    "checks/",
    "checks/{a}",
    "checks/{ro.checks.0.unique_key}",
    "checks/{a}/pause",
    "checks/{a}/resume",
    "checks/{a}/pings/",
    "checks/{a}/pings/1/body",
    "checks/{a}/flips/",
    "checks/{ro.checks.0.unique_key}/flips/",
    "channels/",
    "badges/",
)
_CORS = (
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Headers",
    "Access-Control-Max-Age",
)
_LISTED = Call("GET", "/api/v3/checks/", key="read", save="ro", show=("checks.name",))
_WRONG: dict[str, list[Any]] = {
    "channels": [1, None, [], True],
    "desc": [1, None],
    "failure_kw": ["x" * 201, 1, None],
    "filter_subject": [0, 1, "true", None],
    "filter_body": [1, None],
    "filter_http_body": [1],
    "filter_default_fail": [1],
    "grace": [59, 31_536_001, 60.0, "60", True, None, [], "PT60S"],
    "manual_resume": [1, "yes", None],
    "methods": ["GET", "post", 1, None, "GET,POST"],
    "name": ["x" * 101, 1, None, []],
    "schedule": [
        "",
        " ",
        "x" * 101,
        1,
        None,
        "nonsense",
        "0 0 0 0 0",
        "* * * * * *",
        "* * * *",
        "0 0 30 2 *",
        "@daily",
        "1999-01-01",
        "*-02-30",
        "Mon 25:00",
    ],
    "slug": ["Upper", "a b", "a.b", "é", "a/b", "x" * 101, "a\n", 1, None],
    "start_kw": ["x" * 201, 1],
    "subject": ["x" * 201, 1],
    "subject_fail": ["x" * 201, 1],
    "success_kw": ["x" * 201, 1],
    "tags": [1, None, ["a"], []],
    "timeout": [59, 0, -1, 31_536_001, 60.5, "60", False, None],
    "tz": ["Mars/Base", "europe/riga", "", 1, None, "Factory", "EST5", "+02:00"],
    "unique": ["name", None, ["desc"], ["name", 1], [["name"]], {}, ["name", None], [""]],
}
_RIGHT: dict[str, list[Any]] = {
    "channels": ["*", "", "On call", "On call,On call"],
    "desc": ["", "x" * 1000],
    "failure_kw": ["", "x" * 200],
    "grace": [60, 31_536_000],
    "methods": ["", "POST"],
    "name": ["", "x" * 100, "\x00"],
    "schedule": [
        "* * * * *",
        "  0 5 * * *  ",
        "0 5 * * MON-FRI",
        "0 0 29 2 *",
        "0 0 L * *",
        "0 0 * * 5#3",
        "2010-01-01",
        "2000-01-02",
        "2020-12-31 23:59",
        "Mon 12:00",
        "*-*-01 00:00:00",
        "12:00 Europe/Riga",
        "Mon..Fri *-*-* 9:00\nSat 10:00",
        "hourly",
    ],
    "slug": ["", "a-b_c-0", "-", "x" * 100],
    "tags": ["", "a b", "x" * 600],
    "timeout": [60, 31_536_000],
    "tz": ["UTC", "Europe/Riga"],
    "unique": [[], ["name"], ["name", "name"], ["slug", "tags", "timeout", "grace"]],
    "unknown": [None, 1, {}],
}
_ZONES = (
    "Europe/Kiev",
    "US/Eastern",
    "EST",
    "EST5EDT",
    "Zulu",
    "GMT",
    "GMT0",
    "Etc/GMT+5",
    "Etc/UTC",
    "Etc/UCT",
    "UCT",
    "Asia/Calcutta",
    "Asia/Saigon",
    "America/Buenos_Aires",
    "Australia/ACT",
    "Pacific/Enderbury",
    "Atlantic/Faeroe",
    "Poland",
    "Japan",
    "Cuba",
    "WET",
    "CET",
    "Africa/Asmera",
    "Antarctica/South_Pole",
    "Asia/Rangoon",
    "Europe/Uzhgorod",
    "America/Godthab",
    "posixrules",
    "Etc/Greenwich",
    "PST8PDT",
    "America/Nipigon",
)
_NAMES = (
    "My check",
    "Ünïcödé Straße",
    "a.b/c",
    "  a -- b__c  ",
    "_a_",
    "---",
    "Größe & Maß: 100 %",
    "ﬁnal ² ½",
    "日本",
    "a\tb\nc",
    "it's O'Neill",
    "A—B",
    "",
)
_FILTERS: dict[str, Any] = {
    "filter_http_body": True,
    "failure_kw": "ERR, bad",
    "success_kw": "fine",
    "start_kw": "go",
}

FLOWS: dict[str, list[Call | Advance]] = {
    "keys": [
        _create("a", name="a"),
        _ping("{a}", b"log"),
        _LISTED,
        *(
            Call("GET", f"/api/v3/{path}", key=key, show=("error",))
            for path in _API_PATHS
            if not path.endswith(("pause", "resume"))
            for key in _KEYS
        ),
        *(
            Call("POST", f"/api/v3/{path}", {"name": "a"}, key=key, show=("name",))
            for path in ("checks/", "checks/{a}", "checks/{a}/pause", "checks/{a}/resume")
            for key in _KEYS
        ),
        *(Call("DELETE", "/api/v3/checks/{a}", key=key, show=("name",)) for key in _KEYS),
    ],
    "key in the body": [
        *(
            Call(method, f"/api/v3/{path}", {"api_key": key, "name": "x"}, header, show=("name",))
            for key in ("x" * 32, "short", None, 1, ["x"])
            for method, path, header in (
                ("POST", "checks/", None),
                ("POST", "checks/", ""),
                ("GET", "checks/", None),
                ("POST", "checks/", "write"),
            )
        ),
        *(
            Call("POST", "/api/v3/checks/", body, key, show=("name",))
            for body in (
                b"{",
                b"[]",
                b"null",
                b"1",
                b'"x"',
                b"\xff",
                b"\xef\xbb\xbf{}",
                b" ",
                b"{}x",
            )
            for key in (None, "x" * 32, "write")
        ),
    ],
    "methods": [
        _create("a", name="a"),
        _ping("{a}", b"log"),
        _LISTED,
        *(
            Call(method, f"/api/v3/{path}", key=None, show_headers=_CORS)
            for path in (*_API_PATHS, "status/", "metrics/", "nonsense/", "checks/x", "")
            for method in _METHODS
        ),
        *(
            Call("GET", path, key="write", show_headers=("Location",))
            for path in (
                "/api/v3/checks",
                "/api/v3/checks?tag=a&slug=b",
                "/api/v3/channels",
                "/api/v3/badges",
                "/api/v3/status",
                "/api/v3/metrics",
                "/api/v3/checks/{a}/",
                "/api/v3/checks/{a}/pings",
                "/api/v3/checks/{a}/flips",
                "/api/v3/checks/{a}/pause/",
                "/api/v3/checks/{a}/pings/1",
                "/api/v3/checks/{a}/pings/1/body/",
                "/api/v3/checks/{a}/nonsense",
                "/api/v3",
                "/api/v3/",
                "/api/v4/checks/",
                "/api/v1/status/",
                "/api/v2/status/",
                "/api/checks/",
                "/nonsense",
                "/api/v3//checks/",
                "/API/v3/checks/",
                "/api/v3/checks/%2e%2e/channels/",
                "/api/v3/checks%2F",
            )
        ),
        Call("POST", "/api/v3/checks", {"name": "x"}, "write", show_headers=("Location",)),
        Call("HEAD", "/api/v3/checks", key="write", show_headers=("Location",)),
        Call("OPTIONS", "/api/v3/checks", show_headers=("Location",)),
    ],
    "metrics of the server": [
        Call("GET", "/api/v3/metrics/"),
        Call("GET", "/api/v3/metrics/", headers={"X-Metrics-Key": "wrong"}),
        *(
            Call(
                method,
                "/api/v3/metrics/",
                headers={"X-Metrics-Key": "the metrics key"},
                show=("num_unprocessed_flips",),
            )
            for method in ("GET", "HEAD", "POST", "PUT")
        ),
    ],
    "ids": [
        _create("a", name="a"),
        _LISTED,
        *(
            Call("GET", f"/api/v3/checks/{id_}", key=key, show=("name",))
            for id_ in (
                _RUN,
                _RUN.upper(),
                _RUN.replace("-", ""),
                "0" * 40,
                "Z" * 40,
                "_" * 40,
                "^" * 40,
                "0" * 39,
                "0" * 41,
                "%7B{a}%7D",
                "{a}%20",
                "{a}%0A",
                "%2E",
            )
            for key in ("write", "x" * 32)
        ),
        *(
            Call(method, f"/api/v3/checks/{id_}{rest}", body, "write", show=("name",))
            for id_ in (_RUN, "0" * 40, "{ro.checks.0.unique_key}")
            for method, rest, body in (
                ("POST", "", {"name": "b"}),
                ("POST", "", b"{"),
                ("POST", "", {"timeout": 1}),
                ("DELETE", "", None),
                ("POST", "/pause", None),
                ("POST", "/resume", None),
                ("GET", "/pings/", None),
                ("GET", "/pings/1/body", None),
                ("GET", "/flips/", None),
            )
        ),
        *(
            Call(method, f"/api/v3/checks/{{a}}{rest}", body, "other write", show=("name",))
            for method, rest, body in (
                ("GET", "", None),
                ("POST", "", {"name": "b"}),
                ("POST", "", b"{"),
                ("POST", "", {"timeout": 1}),
                ("DELETE", "", None),
                ("POST", "/pause", None),
                ("POST", "/pause", b"{"),
                ("POST", "/resume", b"[]"),
                ("POST", "/resume", None),
                ("GET", "/pings/", None),
                ("GET", "/pings/1/body", None),
                ("GET", "/flips/", None),
                ("GET", "/flips/?seconds=x", None),
            )
        ),
    ],
    "values that are refused": [
        _spec({name: value}) for name, values in _WRONG.items() for value in values
    ],
    "values that are accepted": [
        _spec({name: value}, name) for name, values in _RIGHT.items() for value in values[:4]
    ],
    "schedules that are accepted": [
        _spec({"schedule": value}, "schedule", "tz", "timeout") for value in _RIGHT["schedule"]
    ],
    "which error comes first": [
        _spec({"unique": 1, "channels": 1}),
        _spec({"timeout": 1, "filter_subject": 1, "filter_body": 1}),
        _spec({"tz": "x", "timeout": 1, "schedule": "x", "name": 1}),
        _spec({"slug": 1, "start_kw": 1, "subject": 1}),
        _spec({"channels": "nobody", "timeout": 1}),
        _spec({"methods": 1, "manual_resume": 1, "grace": 1}),
        _spec({"tags": 1, "success_kw": 1}),
        _spec({"unique": [1, "x"]}),
        _spec({"unique": ["x"], "tz": "x"}),
        _spec(b'{"timeout": 1, "timeout": 60}', "timeout"),
        _spec(b'{"timeout": NaN}'),
        _spec(b'{"timeout": 1e3}'),
        _spec(b'{"timeout": 60.0}'),
        _spec(b'{"name": "\\ud800"}'),
        *(
            _spec(b'{"%s": "\\ud800"}' % name)
            for name in (b"tz", b"tags", b"desc", b"channels", b"start_kw", b"methods", b"unknown")
        ),
        _spec(b'{"timeout": 1' + b"0" * 30 + b"}"),
        _spec(b'{"grace": -1' + b"0" * 30 + b"}"),
        _spec(b'{"timeout": 86399999999999}'),
        _spec({"timeout": 60, "api_key": 1}),
    ],
    "time zones": [_spec({"tz": zone, "schedule": "0 5 * * *"}, "tz") for zone in _ZONES],
    "slugs": [
        *(_spec({"name": name}, "slug", version=version) for name in _NAMES for version in (1, 2)),
        *(_spec({"name": name}, "slug") for name in _NAMES[:3]),
        _spec({"name": "a b", "slug": "chosen"}, "slug", version=1),
        _spec({"slug": "chosen"}, "slug", version=2),
        _create("a", name="a b", slug="s"),
        _update("a", {"name": "c d"}, "slug", version=2),
        _update("a", {"name": ""}, "slug", version=1),
        _update("a", {"name": "e f"}, "slug"),
        _update("a", {"desc": "x"}, "slug", version=1),
    ],
    "integrations": [
        Call(
            "GET",
            "/api/v3/channels/",
            key="write",
            save="found",
            show=("channels.name", "channels.kind"),
        ),
        *(
            _spec({"channels": value, "name": "c"}, "channels")
            for value in (
                "{found.channels.0.id}",
                "On call,{found.channels.0.id}",
                "on call",
                " On call",
                "On call,",
                ",",
                "Pager",
                "Pager,nobody",
                "nobody,Pager",
                "nobody",
            )
        ),
        _create("all", "channels", channels="*"),
        _create("b", "channels"),
        _update("b", {"channels": "On call"}, "channels"),
        _update("b", {"channels": "nobody", "name": "changed"}, "channels"),
        _state("b"),
        _update("b", {"channels": ""}, "channels"),
        _get("checks/", "checks.name"),
    ],
    "kinds of schedules": [
        _create("a", "timeout", "schedule", "tz", timeout=120, tz="Europe/Riga"),
        *(
            _update("a", spec, "timeout", "schedule", "tz", "grace")
            for spec in (
                {"schedule": "0 5 * * *"},
                {"tz": "Europe/Oslo"},
                {"timeout": 180, "schedule": "0 6 * * *"},
                {"timeout": 240},
                {"grace": 120},
                {"tz": "UTC"},
                {"schedule": "Mon 12:00"},
                {"timeout": 300, "schedule": ""},
                {"name": "x"},
                {},
                {"timeout": 300},
                {"schedule": "Mon 12:00", "timeout": 1},
            )
        ),
        _create("b", "timeout", "schedule", "tz", schedule="0 5 * * *", timeout=120),
        _update("b", {"unique": ["name"], "timeout": 60}, "timeout", "schedule"),
    ],
    "keywords": [
        _create("a", name="a"),
        *(
            _update(
                "a",
                spec,
                "subject",
                "subject_fail",
                "start_kw",
                "success_kw",
                "failure_kw",
                "filter_subject",
                "filter_body",
                "filter_http_body",
                "filter_default_fail",
            )
            for spec in (
                {"subject": "ok"},
                {"subject_fail": "bad"},
                {"subject": ""},
                {"subject_fail": ""},
                {"subject": "ok", "success_kw": "fine"},
                {"subject": "", "success_kw": "fine"},
                {"subject_fail": "bad", "failure_kw": "worse"},
                {"subject": "ok", "filter_subject": False},
                {"subject": "", "subject_fail": "", "filter_subject": True},
                {"subject": "a", "subject_fail": ""},
                {"subject": "", "subject_fail": "b"},
                {"start_kw": "go", "filter_body": True, "filter_http_body": True},
                {"success_kw": "", "failure_kw": ""},
                {"filter_default_fail": True},
            )
        ),
        _spec(
            {"subject": "ok", "subject_fail": "bad"}, "success_kw", "failure_kw", "filter_subject"
        ),
    ],
    "created or found": [
        _create("a", "name", name="a", slug="s", tags="x y", timeout=120, grace=180, desc="kept"),
        _create("b", "name", name="b", schedule="0 5 * * *"),
        *(
            _spec(spec, "name", "slug", "tags", "desc", "timeout", "schedule")
            for spec in (
                {"name": "a", "unique": ["name"]},
                {"name": "A", "unique": ["name"]},
                {"slug": "s", "unique": ["slug"]},
                {"tags": "x y", "unique": ["tags"]},
                {"tags": "y x", "unique": ["tags"]},
                {"timeout": 120, "unique": ["timeout"]},
                {"timeout": 86400, "unique": ["timeout"]},
                {"timeout": 86400, "name": "b", "unique": ["timeout", "name"]},
                {"grace": 180, "unique": ["grace", "grace"]},
                {"name": "a", "unique": ["name", "slug"]},
                {"name": "a", "unique": ["name"], "tags": "z", "timeout": 1},
                {"name": "a", "unique": ["name"], "channels": "nobody"},
                {"name": "", "unique": ["name"]},
                {"name": "a", "unique": []},
                {"name": "a", "unique": ["name"], "desc": "the first"},
            )
        ),
        _get("checks/", "checks.name", "checks.desc"),
    ],
    "limit of checks": [
        *(_spec({"name": str(number)}) for number in range(20)),
        _spec({"name": "over"}),
        _spec({"name": "over", "timeout": 1}),
        _spec({"name": "over", "channels": "nobody"}),
        _spec({"name": "1", "unique": ["name"]}),
        _spec({"name": "over", "unique": ["name"]}),
        _ping("{key}/twenty-one?create=1"),
        Call("DELETE", "/api/v3/checks/" + _RUN, key="write"),
        *(_ping(f"{{key}}/more-{number}?create=1") for number in range(20)),
    ],
    "lists": [
        _create("a", name="a", slug="one", tags="x y"),
        _create("b", name="b", slug="one", tags="xx"),
        _create("c", name="c", slug="", tags="x\ty  z"),
        *(
            Call("GET", f"/api/v3/checks/{query}", key=key, show=("checks.name",))
            for query in (
                "",
                "?tag=x",
                "?tag=x&tag=y",
                "?tag=x&tag=z",
                "?tag=y%20z",
                "?tag=x%09y",
                "?tag=z",
                "?tag=",
                "?tag=X",
                "?slug=one",
                "?slug=",
                "?slug=one&slug=two",
                "?slug=two&slug=one",
                "?slug=one&tag=xx",
                "?unknown=1",
            )
            for key in ("write", "read")
        ),
        Call("GET", "/api/v1/checks/?slug=one", key="write", show=("checks.name",)),
        Call("GET", "/api/v3/badges/", key="read", show=("badges",)),
    ],
    "views of a check": [
        _create("a", "uuid", "name", name="a", tags="t", channels="On call"),
        *(
            Call("GET", f"/api/v{version}/checks/{{a}}", key=key)
            for version in (1, 2, 3)
            for key in ("write", "read")
        ),
        _LISTED,
        Call("GET", "/api/v3/checks/{ro.checks.0.unique_key}", key="write"),
        Call("GET", "/api/v2/checks/{ro.checks.0.unique_key}", key="read"),
        Call("DELETE", "/api/v2/checks/{a}", key="write"),
        Call("DELETE", "/api/v2/checks/{a}", key="write"),
        _ping("{a}"),
    ],
    "paths of pings": [
        _create("a", name="a", slug="a-slug"),
        _create("f", name="f", slug="fail"),
        _create("n", name="n", slug="5"),
        _create("u", name="u", slug="_under-"),
        *(
            _ping(path)
            for path in (
                "{a}",
                "{a}/",
                "{a}/start",
                "{a}/fail",
                "{a}/log",
                "{a}/0",
                "{a}/00",
                "{a}/007",
                "{a}/255",
                "{a}/0255",
                "{a}/256",
                "{a}/99999999999999999999999999",
                "{a}/-1",
                "{a}/%31",
                "{a}/1.0",
                "{a}/success",
                "{a}/ign",
                "{a}/START",
                "{a}/start/",
                "{a}/0/",
                "{a}/a/b",
                "{a}//",
                "{a}%2Ffail",
                "{a}%2F",
                "{a}%20",
                "{a}%0A",
                "{a}%3Frid=x",
                "{a}?rid=" + _RUN,
                "{a}/start?rid=" + _RUN.upper(),
                "{key}/a-slug",
                "{key}/a-slug/",
                "{key}/a-slug/start",
                "{key}/a-slug/fail",
                "{key}/a-slug/log",
                "{key}/a-slug/3",
                "{key}/a-slug/256",
                "{key}/a-slug/nonsense",
                "{key}/a-slug/fail/",
                "{key}/a-slug%2Ffail",
                "{key}%2Fa-slug",
                "{key}%2Fa-slug%2Fstart",
                "{key}/A-slug",
                "{key}/A-slug/fail",
                "{key}/A-SLUG/256",
                "{key}/a-slug%252Ffail",
                "{key}/fail",
                "{key}/fail/fail",
                "{key}/5",
                "{key}/5/5",
                "{key}/_under-",
                "{key}/other",
                "{key}/a.slug",
                "{key}/a%20slug",
                "{key}/%C3%A9",
                "{key}/a-slug/x/y",
                "{key}",
                "{key}/",
                "nobody/a-slug",
                "nobody/A",
                "nobody/a?create=1",
                "",
                "x",
                "../api/v3/status/",
                _RUN,
                _RUN.upper(),
                _RUN.replace("-", ""),
                _RUN + "/256",
                _RUN + "/fail",
                _RUN + "?rid=x",
                "{key}/other?create=0",
                "{key}/other?create=true",
                "{key}/other?create=1&create=0",
                "{key}/other?create=0&create=1",
                "{key}/other?create=1",
                "{key}/Other?create=1",
                "{key}/third/fail?create=1",
                "{key}/fourth?create=1&rid=x",
                "{key}/fourth?create=1",
                "{key}/fifth/256?create=1",
                "{key}/fifth",
                "{a}?create=1",
            )
        ),
        _pings("a"),
        _pings("f"),
        _pings("n"),
        _get("checks/", "checks.name", "checks.slug", "checks.status"),
        _create("twin", name="twin", slug="a-slug"),
        _ping("{key}/a-slug"),
        _ping("{key}/a-slug/256"),
        _ping("{key}/a-slug?rid=x&create=1"),
    ],
    "run ids": [
        _create("a", name="a"),
        *(
            _ping(f"{{a}}?rid={rid}")
            for rid in (
                _RUN,
                _RUN.upper(),
                _RUN.replace("-", ""),
                "",
                "x",
                f"%7B{_RUN}%7D",
                f"urn:uuid:{_RUN}",
                f"{_RUN}%20",
                f"{_RUN}%0A",
                f"x&rid={_RUN}",
                f"{_RUN}&rid=x",
                f"{_RUN}&rid",
            )
        ),
        _pings("a", "n", "rid"),
    ],
    "answers to pings": [
        _create("a", name="a", slug="a-slug"),
        *(
            Call(
                method,
                path,
                show_headers=("Ping-Body-Limit", "Access-Control-Allow-Origin", "Cache-Control"),
            )
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
            for path in ("/ping/{a}", "/ping/{key}/a-slug")
        ),
        Call(
            "GET", "/ping/{a}/256", show_headers=("Ping-Body-Limit", "Access-Control-Allow-Origin")
        ),
        Call(
            "GET", "/ping/{key}/no", show_headers=("Ping-Body-Limit", "Access-Control-Allow-Origin")
        ),
        _pings("a", "method", "scheme", "ua", "type"),
    ],
    "senders of pings": [
        _create("a", name="a"),
        *(
            _ping("{a}", **headers)
            for headers in (
                {"X-Forwarded-For": "192.0.2.1"},
                {"X-Forwarded-For": "192.0.2.1, 198.51.100.2"},
                {"X-Forwarded-For": "192.0.2.1:5000"},
                {"X-Forwarded-For": "2001:db8::1"},
                {"X-Forwarded-Proto": "https"},
                {"User-Agent": "u" * 300},
            )
        ),
        _pings("a", "remote_addr", "scheme", "ua"),
    ],
    "bodies of pings": [
        _create("a", name="a"),
        _ping("{a}", b"x" * 10_001),
        _ping("{a}", b"\xff\x00"),
        _ping("{a}", b""),
        _ping("{a}/log", "é".encode()),
        *(_get(f"checks/{{a}}/pings/{n}/body") for n in ("2", "3", "4", "5", "0", "02", "x", "-1")),
        Call("GET", "/api/v1/checks/{a}/pings/", key="write", show=("pings.body_url",)),
        _get("checks/{a}/pings/2/body", key="read"),
        _ping("{a}", b"x" * 2_621_440),
        _ping("{a}", b"x" * 2_621_441),
        _ping(_RUN, b"x" * 2_621_441),
        _ping("{a}/256", b"x" * 2_621_441),
        _ping("{a}?rid=x", b"x" * 2_621_441),
        Call("POST", "/api/v3/checks/", b" " * 2_621_441 + b"{}", "write"),
        _pings("a", "n", "body_url"),
    ],
    "pings that are not what they say": [
        _create("post", name="post", methods="POST", **_FILTERS),
        _create("words", name="words", **_FILTERS),
        _create("strict", name="strict", filter_default_fail=True, **_FILTERS),
        _create("email", name="email", filter_body=True, failure_kw="bad"),
        _create("held", name="held", manual_resume=True),
        Call("POST", "/api/v3/checks/{held}/pause", key="write", show=("status",)),
        *(
            _ping(f"{{{name}}}{rest}", body, method)
            for name in ("post", "words", "strict")
            for rest in ("", "/start", "/fail", "/log", "/3")
            for body in (b"", b"bad and fine", b"fine, go", b"GO", b"let us go")
            for method in (("POST", "GET") if name == "post" and not rest else ("POST",))
        ),
        _ping("{words}", b"\xff"),
        _ping("{words}?rid=x", b"\xff"),
        _ping("{words}/256", b"\xff"),
        _ping("{post}", b"\xff", "PUT"),
        _ping("{email}", b"bad \xff"),
        _ping("{words}", b"x" * 10_000 + b"bad"),
        _ping("{words}", b"x" * 9_999 + "é".encode()),
        *(_ping(f"{{held}}{rest}") for rest in ("", "/start", "/fail", "/log")),
        *(_pings(name, "type", "n") for name in ("post", "words", "strict", "email", "held")),
        *(_state(name) for name in ("post", "words", "strict", "email", "held")),
    ],
    "keywords with odd spaces": [
        _create("a", name="a", filter_http_body=True, failure_kw=" , ,two words, x ,"),
        *(_ping("{a}", body) for body in (b"two words", b"two  words", b"x", b" ", b",")),
        _update("a", {"failure_kw": ",", "filter_default_fail": False}, "failure_kw"),
        _ping("{a}", b","),
        _pings("a", "type"),
    ],
    "a check as time goes by": [
        _create("a", name="a", timeout=60, grace=120),
        _state("a"),
        _ping("{a}"),
        *(
            step
            for seconds in (59, 1, 119, 1, 3600)
            for step in (Advance(seconds), _state("a"), _state("a", 1))
        ),
        _flips("a"),
        _ping("{a}/start"),
        _state("a"),
        _state("a", 1),
        Advance(119),
        _state("a", 1),
        Advance(1),
        _state("a", 1),
        _ping("{a}"),
        _state("a"),
        _flips("a"),
    ],
    "a run": [
        _create("a", name="a", timeout=600, grace=60),
        _ping("{a}/start"),
        _state("a"),
        _state("a", 1),
        Advance(59),
        _state("a"),
        _state("a", 1),
        Advance(1),
        _state("a"),
        _state("a", 1),
        _flips("a"),
        Advance(10),
        _ping("{a}"),
        _state("a"),
        _ping("{a}/start"),
        _state("a"),
        Advance(30),
        _ping("{a}/log"),
        _ping("{a}/fail"),
        _state("a"),
        _ping("{a}/start"),
        _state("a"),
        _state("a", 1),
        Advance(3600),
        _state("a"),
        _ping("{a}/0"),
        _state("a"),
        Advance(600),
        _state("a"),
        _ping("{a}/start"),
        _state("a"),
        Advance(59),
        _state("a"),
        Advance(1),
        _state("a"),
        _flips("a"),
        _pings("a"),
    ],
    "runs that overlap": [
        _create("a", name="a", grace=300_000),
        *(
            step
            for path, seconds in (
                (f"start?rid={_RUN}", 10),
                (f"start?rid={_OTHER_RUN}", 5),
                (f"0?rid={_RUN}", 1),
                (f"0?rid={_OTHER_RUN}", 1),
                (f"0?rid={_RUN}", 1),
                ("start", 7),
                (f"fail?rid={_RUN}", 1),
                ("", 1),
                ("start", 2),
                ("start", 3),
                ("log", 0),
                ("", 1),
                (f"start?rid={_RUN}", 72 * 3600 - 1),
                (f"0?rid={_RUN}", 1),
                ("start", 72 * 3600),
                ("0", 0),
                (f"start?rid={_RUN}", 72 * 3600 + 1),
                (f"fail?rid={_RUN}", 0),
            )
            for step in (_ping("{a}/" + path), _state("a"), Advance(seconds))
        ),
        _pings("a"),
        _flips("a"),
    ],
    "pause and resume": [
        _create("a", name="a", timeout=60, grace=60),
        Call("POST", "/api/v3/checks/{a}/resume", key="write"),
        Call("POST", "/api/v3/checks/{a}/pause", key="write", show=("status",)),
        Call("POST", "/api/v3/checks/{a}/pause", key="write", show=("status",)),
        _flips("a"),
        Advance(1),
        Call("POST", "/api/v3/checks/{a}/resume", b"{}", "write", show=("status", "last_ping")),
        _flips("a"),
        _ping("{a}/start"),
        Advance(1),
        _ping("{a}"),
        _state("a"),
        _ping("{a}/start"),
        Call(
            "POST",
            "/api/v2/checks/{a}/pause",
            key="write",
            show=("status", "started", "last_ping", "update_url"),
        ),
        _state("a"),
        Advance(600),
        _state("a"),
        Call("POST", "/api/v3/checks/{a}/resume", key="write", show=("status", "last_ping")),
        _state("a"),
        _ping("{a}/fail"),
        Call("POST", "/api/v3/checks/{a}/pause", key="write", show=("status",)),
        _ping("{a}"),
        _state("a"),
        Advance(200),
        Call("POST", "/api/v3/checks/{a}/pause", b"[]", "write"),
        Call("POST", "/api/v3/checks/{a}/pause", b'{"name": 1}', "write", show=("status", "name")),
        _ping("{a}/start"),
        _state("a"),
        _state("a", 1),
        Advance(60),
        _state("a"),
        _flips("a"),
        _pings("a"),
    ],
    "changes of a check": [
        _create("a", name="a", timeout=60, grace=60),
        _ping("{a}"),
        Advance(90),
        _state("a"),
        _update("a", {"timeout": 3600}, "status", "next_ping"),
        _update("a", {"timeout": 60}, "status", "next_ping"),
        Advance(30),
        _state("a"),
        _update("a", {"timeout": 3600}, "status", "next_ping"),
        _ping("{a}"),
        _update("a", {"schedule": "0 13 * * *", "tz": "Europe/Riga"}, "status", "next_ping"),
        Advance(24 * 3600),
        _state("a"),
        _flips("a"),
        _create("over", name="over", schedule="2010-01-01"),
        _ping("{over}"),
        _state("over"),
        Advance(10 * 24 * 3600),
        _state("over"),
        _create("once", name="once", schedule="2026-02-01 10:00", tz="Europe/Riga"),
        _ping("{once}"),
        _state("once"),
        _ping("{once}/start"),
        _state("once"),
    ],
    "schedules": [
        step
        for number, (schedule, zone) in enumerate(
            (
                ("30 13 * * *", "Europe/Warsaw"),
                ("30 2 29 3 *", "Europe/Warsaw"),
                ("0 0 * * 1", "America/New_York"),
                ("*/15 9-17 * * MON-FRI", "Asia/Calcutta"),
                ("Thu 13:00:30", "UTC"),
                ("Mon..Fri 09:00", "Pacific/Apia"),
                ("12:00 Europe/Riga", "UTC"),
                ("*-*~1 00:00", "UTC"),
            )
        )
        for step in (
            _create(f"s{number}", "schedule", "tz", name="s", schedule=schedule, tz=zone),
            _ping(f"{{s{number}}}"),
            _state(f"s{number}"),
        )
    ],
    "flips": [
        _create("a", name="a"),
        _ping("{a}"),
        Advance(100),
        _ping("{a}/fail"),
        Advance(100),
        _ping("{a}"),
        _LISTED,
        *(
            _flips("a", query)
            for query in (
                "",
                "?seconds=100",
                "?seconds=99",
                "?seconds=0",
                "?seconds=",
                "?seconds=-1",
                "?seconds=1.5",
                "?seconds=5.0",
                "?seconds=%20150%20",
                "?seconds=%2B150",
                "?seconds=x",
                "?seconds=1_50",
                "?seconds=31536000",
                "?seconds=31536001",
                "?seconds=1&seconds=150",
                "?start=1768478500",
                "?start=1768478501",
                "?end=1768478500",
                "?end=1768478501",
                "?start=1768478400&end=1768478600",
                "?start=0",
                "?end=0",
                "?start=",
                "?end=",
                "?start=x",
                "?start=-1",
                "?start=1.5",
                "?start=%201768478500%20",
                "?start=%2B1768478500",
                "?start=1_768_478_500",
                "?start=10000000000",
                "?start=10000000001",
                "?end=10000000001",
                "?seconds=100&start=1768478600",
                "?seconds=x&start=x",
            )
        ),
        Call("GET", "/api/v3/checks/{ro.checks.0.unique_key}/flips/?seconds=99", key="read"),
        Call("GET", "/api/v1/checks/{a}/flips/", key="read"),
    ],
    "badges": [
        _create("a", name="<a> & b", tags="x sp&ce é"),
        _create("b", name="", tags="xx x", timeout=60, grace=60),
        _ping("{b}"),
        Call("GET", "/api/v3/badges/", key="read", save="badges"),
        *(
            step
            for seconds in (0, 60, 60)
            for step in _each(
                Advance(seconds),
                *(
                    Call(method, f"{{badges.badges.{tag}.{form}}}")
                    for tag in ("*", "x", "xx", "sp&ce", "é")
                    for form in ("svg", "svg3", "json", "json3", "shields", "shields3")
                    for method in ("GET",)
                ),
                *(
                    Call("GET", f"/b/{states}/{{{name}.badge_id}}.{form}")
                    for name in ("a", "b")
                    for states in ("1", "2", "3", "9", "x")
                    for form in ("svg", "json", "shields", "png")
                ),
            )
        ),
        *(
            Call(method, path)
            for method in ("HEAD", "POST", "PUT", "OPTIONS")
            for path in ("{badges.badges.*.json}", "{badges.badges.x.svg}", "{b.badge_url}")
        ),
        Call("GET", "{badges.badges.*.json}x"),
        Call("GET", "{badges.badges.*.json}/"),
        Call("GET", "/badge/x/y.svg"),
        Call("GET", "/badge/x/y/z.json"),
        Call("GET", "/badge/x/y/z.png"),
        Call("GET", f"/b/2/{_RUN}.svg"),
        Call("GET", f"/b/2/{_RUN}.png"),
    ],
    "metrics of a project": [
        _create("a", name='a "quoted" \\ name', tags="x y"),
        _create("b", name="b", tags="y", timeout=60, grace=60),
        _create("c", name="c\nd"),
        _ping("{a}/start"),
        _ping("{b}"),
        Call("POST", "/api/v3/checks/{c}/pause", key="write", show=("status",)),
        Advance(60),
        Call(
            "GET", "/projects/{project}/metrics/", headers={"Authorization": "Bearer {keys.read}"}
        ),
        Advance(60),
        Call(
            "GET", "/projects/{project}/metrics/", headers={"Authorization": "Bearer {keys.read}"}
        ),
        *(
            Call("GET", "/projects/{project}/metrics/", headers=headers)
            for headers in (
                {},
                {"Authorization": ""},
                {"Authorization": "{keys.read}"},
                {"Authorization": "Bearer "},
                {"Authorization": "bearer {keys.read}"},
                {"Authorization": "Bearer  {keys.read}"},
                {"Authorization": "Bearer " + "x" * 31},
                {"Authorization": "Bearer " + "x" * 32},
                {"Authorization": "Bearer {keys.write}"},
                {"X-Api-Key": "{keys.read}"},
            )
        ),
        *(
            Call(
                "GET",
                path,
                headers={"Authorization": "Bearer {keys.read}"},
                show_headers=("Location",),
            )
            for path in (
                "/projects/{project}/metrics",
                f"/projects/{_RUN}/metrics/",
                "/projects/x/metrics/",
                "/projects/{project}/metrics/{keys.read}",
                "/projects/{project}/checks/metrics/{keys.read}",
                "/projects/{project}/metrics/{keys.write}",
                "/projects/{project}/metrics/short",
            )
        ),
        *(
            Call(
                method,
                "/projects/{project}/metrics/",
                headers={"Authorization": "Bearer {keys.read}"},
            )
            for method in ("HEAD", "POST", "OPTIONS", "DELETE")
        ),
    ],
}
