"""What the tables of `dqops.frames` hold."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dqops import frames, jobs
from dqops.client import Client, errors
from dqops.client.models import CheckSearchFilters, CheckTarget, CheckType
from dqops.testing import DqopsServer

from frames.stored import StoredResults, check_result, checks

if TYPE_CHECKING:
    from collections.abc import Iterator

pa = pytest.importorskip("pyarrow", reason="the extra `frames` is not installed")

NAMES: tuple[frames.FrameName, ...] = (
    "check_results",
    "sensor_readouts",
    "errors",
    "error_samples",
    "table_statuses",
    "incidents",
    "column_profiles",
)
ALL_OF_2026: dict[str, Any] = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """A client of a server on which checks have run, some with samples of what is wrong."""
    seed = {
        "check_results": [
            {
                "connection": "shop",
                "schema": "public",
                "table": table,
                "column": column,
                "check_name": "daily_nulls_percent" if column else "daily_row_count",
                "category": "nulls" if column else "volume",
                "severity": number % 5,
                "executed_at": f"-{number}d",
                "sensor_name": None if column else "table/volume/row_count",
                "time_scale": "daily",
                "data_group": group,
                "actual_value": float(number),
                "error_message": "out of memory" if number % 5 == 4 else None,
                "samples": ["a", 7, None] if number % 5 == 2 else [],
            }
            for table, column, groups in (
                ("orders", None, ("all data",)),
                ("orders", "amount", ("all data",)),
                ("visits", None, ("de", "fr", "it")),
            )
            for group in groups
            for number in range(10)
        ],
        "incidents": [
            {
                "connection": "shop",
                "schema": "public",
                "table": "orders",
                "first_seen": f"-{number % 20}d",
                "severity": 1 + number % 3,
                "check_name": f"check_{number}",
            }
            for number in range(250)
        ],
    }
    with DqopsServer(seed=seed, job_duration=0) as server, Client(server.url) as client:
        jobs.run_checks(client, CheckSearchFilters(connection="shop"))
        yield client


@pytest.mark.parametrize("name", NAMES)
def test_a_table_has_the_columns_of_its_schema(client: Client, name: frames.FrameName) -> None:
    """A table has the columns of its schema, each with a description."""
    found = getattr(frames, name)(client)
    assert frames.schema(name) == found.schema
    assert all(field.metadata[b"description"] for field in found.schema)
    assert found.num_rows > 0
    found.validate(full=True)


@pytest.mark.parametrize("name", NAMES)
def test_the_document_lists_all_columns(name: frames.FrameName) -> None:
    """docs/frames.md lists the columns of a table with their types and what they say."""
    text = (Path(__file__).parents[2] / "docs" / "frames.md").read_text(encoding="utf-8")
    section = text.partition(f"### `{name}`")[2].partition("\n### ")[0]
    lines = [
        f"| `{field.name}` | {documented(field.type)} | {field.metadata[b'description'].decode()} |"
        for field in frames.schema(name)
    ]
    assert lines == re.findall(r"^\| `.*\|$", section, re.MULTILINE)


def documented(kind: Any) -> str:
    """Name a type as the document does."""
    names = {"dictionary": "severity", "timestamp[us]": "local time"}
    text = str(kind)
    if text == "timestamp[us, tz=UTC]":
        return "time (UTC)"
    return next((says for key, says in names.items() if text.startswith(key)), text)


@pytest.mark.parametrize("name", NAMES)
def test_what_arrow_refuses_is_read_by_the_models(
    client: Client, name: frames.FrameName, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A response that Arrow does not read gives the same rows through the models."""
    import pyarrow.json

    expected = getattr(frames, name)(client)

    def refuse(*_: Any, **__: Any) -> Any:
        raise pa.ArrowInvalid("not today")

    monkeypatch.setattr(pyarrow.json, "read_json", refuse)
    assert expected.equals(getattr(frames, name)(client))


def test_severities_are_an_ordered_dictionary(client: Client) -> None:
    """Severities are an ordered dictionary with the same words in every table."""
    for table, column in (
        (frames.check_results(client), "severity"),
        (frames.table_statuses(client), "highest_severity"),
        (frames.incidents(client), "severity"),
    ):
        values = table[column]
        assert values.type.ordered
        assert all(
            list(frames.SEVERITIES) == chunk.dictionary.to_pylist() for chunk in values.chunks
        )
        assert set(values.to_pylist()) <= {*frames.SEVERITIES, None}


def every_severity() -> Any:
    """Read the results of a check that had every severity, the worst ones not the last ones."""
    entries = [check_result(severity=severity) for severity in (2, 0, 3, 1, 4, 7, None)]
    body = json.dumps(checks(*entries)).encode()
    with StoredResults(2, body) as server, Client(server.url) as client:
        return frames.check_results(client, **ALL_OF_2026)


WORST_FIRST = ["unknown", "execution_error", "fatal", "error", "warning", "valid"]
#: Results of `every_severity` that are an error or worse, from both tables.
BAD = 8


def test_the_rank_of_a_severity_is_its_place_among_the_severities(client: Client) -> None:
    """Each column of severities has one with their numbers, which is null where there is none."""
    for table, column in (
        (every_severity(), "severity"),
        (frames.table_statuses(client), "severity"),
        (frames.table_statuses(client), "highest_severity"),
        (frames.incidents(client), "severity"),
    ):
        ranks = [
            None if severity is None else frames.SEVERITIES.index(severity)
            for severity in table[column].to_pylist()
        ]
        assert ranks == table[f"{column}_rank"].to_pylist()


def test_arrow_compares_and_sorts_ranks() -> None:
    """Arrow compares ranks by what severities mean."""
    table = every_severity()
    assert BAD == table.filter(pa.compute.field("severity_rank") >= 2).num_rows
    ordered = table.sort_by([("severity_rank", "descending")])["severity"].to_pylist()
    assert WORST_FIRST == list(dict.fromkeys(filter(None, ordered)))


def test_pandas_compares_severities_and_ranks() -> None:
    """Pandas compares and sorts severities by what they mean, and ranks, too."""
    pytest.importorskip("pandas", reason="pandas is not installed")
    frame = every_severity().to_pandas()
    assert (BAD, BAD) == ((frame["severity"] >= "error").sum(), (frame["severity_rank"] >= 2).sum())
    ordered = frame.sort_values("severity", ascending=False)["severity"].dropna()
    assert WORST_FIRST == list(ordered.unique())
    assert "unknown" == frame["severity"].max()


@pytest.mark.parametrize("part", ["whole", "stream", "no rows"])
def test_polars_compares_severities_and_ranks(part: str) -> None:
    """Polars takes severities for an Enum, which compares and sorts by what they mean."""
    pl = pytest.importorskip("polars", "2", reason="polars 2 is not installed")
    table = every_severity()
    if part == "no rows":
        table = table.slice(0, 0)
    frame = pl.from_arrow(table.to_reader() if part == "stream" else table)
    expected = BAD if table.num_rows else 0
    assert pl.Enum(frames.SEVERITIES) == frame.schema["severity"]
    assert expected == frame.filter(pl.col("severity") >= "error").height
    assert expected == frame.filter(pl.col("severity_rank") >= 2).height
    ordered = frame.sort("severity", descending=True)["severity"].drop_nulls()
    assert (WORST_FIRST if table.num_rows else []) == ordered.unique(maintain_order=True).to_list()


def test_what_polars_has_of_a_table_without_our_metadata_can_be_cast() -> None:
    """A Categorical, as of an older polars, becomes right by a cast to the severities."""
    pl = pytest.importorskip("polars", reason="polars is not installed")
    column = every_severity()["severity"]
    frame = pl.DataFrame({"severity": pl.from_arrow(column)})
    bad = pl.col("severity").cast(pl.Enum(frames.SEVERITIES)) >= "error"
    assert BAD == frame.filter(bad).height


def test_duckdb_compares_ranks() -> None:
    """DuckDB takes severities for strings, and compares and sorts ranks by what they mean."""
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    with duckdb.connect() as database:
        database.register("results", every_severity())
        counts = database.sql("select count(*) from results where severity_rank >= 2").fetchall()
        ordered = database.sql(
            "select distinct severity, severity_rank from results where severity is not null "
            "order by severity_rank desc"
        ).fetchall()
        worst = database.sql("select arg_max(severity, severity_rank) from results").fetchall()
    assert [(BAD,)] == counts
    assert WORST_FIRST == [severity for severity, _ in ordered]
    assert [("unknown",)] == worst


def test_severities_of_a_parquet_file_compare_as_those_of_the_table(tmp_path: Path) -> None:
    """A Parquet file keeps the ranks, and the order for pandas and polars."""
    pytest.importorskip("pandas", reason="pandas is not installed")
    pl = pytest.importorskip("polars", "2", reason="polars 2 is not installed")
    import pandas as pd
    import pyarrow.parquet

    path = tmp_path / "results.parquet"
    pyarrow.parquet.write_table(every_severity(), path)
    assert BAD == (pd.read_parquet(path)["severity"] >= "error").sum()
    assert BAD == pl.read_parquet(path).filter(pl.col("severity") >= "error").height
    assert BAD == pyarrow.parquet.read_table(path, filters=[("severity_rank", ">=", 2)]).num_rows


def test_times_are_utc_with_a_time_zone(client: Client) -> None:
    """Points in time are UTC with a time zone, periods have none."""
    table = frames.check_results(client)
    assert pa.timestamp("us", "UTC") == table["executed_at"].type
    assert pa.timestamp("us") == table["time_period"].type
    assert timedelta(0) == table["executed_at"][0].as_py().utcoffset()


def test_all_pages_of_incidents_are_read(client: Client) -> None:
    """Incidents are read page by page until there are no more, each once."""
    table = frames.incidents(client, CheckSearchFilters(full_table_name="public.orders"))
    assert {f"check_{number}" for number in range(250)} <= set(table["check"].to_pylist())
    assert table.num_rows == len(set(table["incident_id"].to_pylist()))


def test_all_data_groups_are_read_once(client: Client) -> None:
    """A check with data groups has the results of all groups, none of them twice."""
    table = frames.check_results(client, CheckSearchFilters(full_table_name="public.visits"))
    rows = table.select(["data_group", "time_period", "id"]).to_pylist()
    assert {"de", "fr", "it"} <= {row["data_group"] for row in rows}
    assert len(rows) == len({row["id"] for row in rows})


FILTERS: dict[str, tuple[CheckSearchFilters, str, set[Any]]] = {
    "table": (CheckSearchFilters(full_table_name="*.ord*"), "table", {"orders"}),
    "column": (CheckSearchFilters(column="AMOUNT"), "column", {"amount"}),
    "target": (CheckSearchFilters(check_target=CheckTarget.TABLE), "column", {None}),
    "check": (CheckSearchFilters(check_name="*_nulls_*"), "category", {"nulls"}),
    "category": (CheckSearchFilters(check_category="volume"), "category", {"volume"}),
    "type": (CheckSearchFilters(check_type=CheckType.MONITORING), "check_type", {"monitoring"}),
    "nothing": (CheckSearchFilters(check_type=CheckType.PARTITIONED), "check", set()),
    "sensor": (
        CheckSearchFilters(sensor_name="table/volume/row_count"),
        "sensor",
        {"table/volume/row_count"},
    ),
}


@pytest.mark.parametrize("case", FILTERS)
def test_filters_select_as_a_run_does(client: Client, case: str) -> None:
    """Filters select results by patterns without regard to case, as a run of checks does."""
    filters, column, expected = FILTERS[case]
    assert expected == set(frames.check_results(client, filters)[column].to_pylist())


def test_days_select_the_periods_that_results_are_about() -> None:
    """`since` and `until` select by the period of a result, both days included."""
    days = ("2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12")
    entries = [
        check_result(number, timePeriod=f"{day}T23:59:59.999") for number, day in enumerate(days)
    ]
    body = json.dumps(checks(*entries)).encode()
    with StoredResults(1, body) as server, Client(server.url) as client:
        table = frames.check_results(client, since=date(2026, 3, 10), until=date(2026, 3, 11))
    assert [1.0, 2.0] == table["actual_value"].to_pylist()


def test_since_takes_a_time_or_how_long_ago() -> None:
    """`since` and `until` take a time, whose day counts in its own zone, or how long ago it was."""
    now = datetime.now(UTC)
    days = [now.date() - timedelta(days=number) for number in (3, 2, 1)]
    entries = [
        check_result(number, timePeriod=f"{day}T00:00:00") for number, day in enumerate(days)
    ]
    body = json.dumps(checks(*entries)).encode()
    samoa = timezone(timedelta(hours=13))
    evening = datetime.combine(days[1], time(0, 30), samoa)  # a day before in UTC
    with StoredResults(1, body) as server, Client(server.url) as client:
        for since, until in (
            (days[1], days[1]),
            (evening, evening),
            (timedelta(days=2), timedelta(days=2)),
        ):
            table = frames.check_results(client, since=since, until=until)
            assert [1.0] == table["actual_value"].to_pylist(), since


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "filters",
    [CheckSearchFilters(connection="shp"), CheckSearchFilters(full_table_name="public.oders")],
    ids=["connection", "table"],
)
def test_no_rows_never_mean_that_a_table_was_mistyped(
    client: Client, name: frames.FrameName, filters: CheckSearchFilters
) -> None:
    """Filters that select no table raise NothingSelected with the names, as failures do."""
    with pytest.raises(jobs.NothingSelected, match=r"shp|public\.oders"):
        getattr(frames, name)(client, filters)


def test_a_server_without_tables_gives_no_rows() -> None:
    """Without filters, a server that has no tables gives no rows."""
    with StoredResults(0, b"[]") as server, Client(server.url) as client:
        assert 0 == frames.check_results(client).num_rows


def test_a_mistyped_check_is_warned_of(client: Client) -> None:
    """Filters that select no check with results, where there are some, warn with what is meant."""
    filters = CheckSearchFilters(check_name="daily_row_cuont")
    with pytest.warns(errors.ClientWarning, match="'daily_row_cuont'.* did you mean 'daily_row_c"):
        assert 0 == frames.check_results(client, filters).num_rows


def test_a_mistyped_keyword_is_told_by_the_name_of_the_function(client: Client) -> None:
    """A wrong keyword is refused with what may be meant, or that it belongs to the filters."""
    for wrong, message in (
        ("connection", r"check_results\(\) got .*CheckSearchFilters\(connection=\.\.\.\)"),
        ("max_result", r"check_results\(\) got .* did you mean 'max_results_per_check'"),
    ):
        arguments: dict[str, Any] = {wrong: "x"}
        with pytest.raises(TypeError, match=message):
            frames.check_results(client, **arguments)


USUAL = check_result(2)
ODD: dict[str, tuple[Any, dict[str, Any]]] = {
    "severity of a newer server": (check_result(severity=7), {"severity": "unknown"}),
    "no severity": (check_result(severity=None), {"severity": None}),
    "values that JSON does not know": (
        check_result(actualValue=float("inf")),
        {"actual_value": float("inf")},
    ),
    "whole number": (check_result(actualValue=3), {"actual_value": 3.0}),
    "number with an exponent": (check_result(actualValue=1e300), {"actual_value": 1e300}),
    "unknown property": (check_result(new={"a": [1]}), {"severity": "valid"}),
    "null": (check_result(actualValue=None, qualityDimension=None), {"actual_value": None}),
    "offset": (
        check_result(executedAt="2026-03-14T12:11:12+02:00"),
        {"executed_at": datetime(2026, 3, 14, 10, 11, 12, tzinfo=UTC)},
    ),
    "nanoseconds": (
        check_result(executedAt="2026-03-14T10:11:12.123456789Z"),
        {"executed_at": datetime(2026, 3, 14, 10, 11, 12, 123456, tzinfo=UTC)},
    ),
    "no seconds": (
        check_result(timePeriod="2026-03-14T10:11"),
        {"time_period": datetime(2026, 3, 14, 10, 11)},
    ),
    "text with every kind of character": (
        check_result(provider='"\\\n\u2028\U0001f600'),
        {"provider": '"\\\n\u2028\U0001f600'},
    ),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_values_are_read_as_the_models_read_them(case: str) -> None:
    """What is odd but allowed is read, and the rows beside it are, too."""
    odd, expected = ODD[case]
    body = json.dumps(checks(USUAL, odd)).encode()
    with StoredResults(1, body) as server, Client(server.url) as client:
        rows = frames.check_results(client, **ALL_OF_2026).to_pylist()
    assert ["error", expected] == [
        rows[0]["severity"],
        {name: rows[1][name] for name in expected},
    ]


WRONG: dict[str, tuple[bytes | int, type[Exception]]] = {
    "wrong type": (json.dumps(checks(check_result(severity="bad"))).encode(), errors.DecodeError),
    "cut off": (json.dumps(checks(USUAL)).encode()[:-9], errors.DecodeError),
    "two documents": (b'[]}{"items":[]', errors.DecodeError),
    "page of a proxy": (b"<html><title>Sign in</title></html>", errors.DecodeError),
    "error of the server": (500, errors.ServerError),
    "no permission": (403, errors.Forbidden),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_bad_response_raises_what_the_operation_raises(case: str) -> None:
    """A response that cannot be read raises the error of the operation that was called."""
    response, expected = WRONG[case]
    with (
        StoredResults(1, response) as server,
        Client(server.url, retries=None) as client,
        pytest.raises(expected, match="get_table_monitoring_checks_results"),
    ):
        frames.check_results(client, **ALL_OF_2026)


NOTHING: dict[str, bytes | int] = {
    "no check": b"[]",
    "null": b"null",
    "no body": b"",
    "deleted meanwhile": 404,
    "no results": json.dumps(checks()).encode(),
    "null in place of results": json.dumps(checks(checkResultEntries=None)).encode(),
}


@pytest.mark.parametrize("case", NOTHING)
def test_a_table_without_results_gives_no_rows(case: str) -> None:
    """A table without results, or that was deleted meanwhile, gives no rows."""
    with StoredResults(2, NOTHING[case]) as server, Client(server.url) as client:
        table = frames.check_results(client, **ALL_OF_2026)
    assert (0, frames.schema("check_results")) == (table.num_rows, table.schema)


def test_requests_are_at_once_within_the_limit() -> None:
    """Requests are under way at the same time, as many as allowed and no more."""
    body = json.dumps(checks(USUAL)).encode()
    with StoredResults(40, body) as server, Client(server.url) as client:
        server.least_at_once = 2
        table = frames.check_results(client, max_concurrent=3, **ALL_OF_2026)
        assert [f"t{number:04d}" for number in range(40)] == table["table"].to_pylist()
        assert 1 < server.most_at_once <= 3


def test_a_stream_reads_only_a_few_responses_ahead() -> None:
    """A stream reads what is asked for and a few responses more, whatever there is."""
    body = json.dumps(checks(*(check_result(number) for number in range(2_000)))).encode()
    with StoredResults(300, body) as server, Client(server.url) as client:
        reader = frames.stream(client, "check_results", max_concurrent=2, **ALL_OF_2026)
        first = reader.read_next_batch()
        assert server.read <= first.num_rows / 2_000 + 5
        reader.close()


def test_statistics_that_are_texts_become_numbers() -> None:
    """Numbers of statistics that the server sends as texts are numbers; others are left out."""
    statistics = [
        {"collector": name, "result": result, "executedAt": "2026-03-14T10:11:12Z"}
        for name, result in (
            ("nulls_count", "0"),
            ("nulls_percent", 12.5),
            ("distinct_count", 3),
            ("mean_value", "n/a"),
            ("min_value", 7),
        )
    ]
    columns = [{"column_name": "id", "statistics": statistics}]
    with (
        StoredResults(
            1, b"", statistics=json.dumps({"column_statistics": columns}).encode()
        ) as server,
        Client(server.url) as client,
    ):
        (row,) = frames.column_profiles(client).to_pylist()
    expected = {
        "nulls_count": 0.0,
        "nulls_percent": 12.5,
        "distinct_count": 3.0,
        "mean_value": None,
        "min_value": "7",
    }
    assert expected == {name: row[name] for name in expected}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no day": ({"since": "2026-01-01"}, "since must be a date, .*date.fromisoformat reads strings"),
    "no last day": ({"until": 7}, "until must be a date"),
    "no time zone": ({"since": datetime(2026, 1, 1)}, "since must have a time zone"),
    "list": ({"filters": CheckSearchFilters(connection=["a"])}, "connection of the filters must"),  # type: ignore[arg-type]
    "type": ({"filters": CheckSearchFilters(check_type="daily")}, "check_type of the filters must"),  # type: ignore[arg-type]
    "order of days": ({"since": date(2026, 2, 1), "until": date(2026, 1, 1)}, "until must be >="),
    "limit": ({"max_concurrent": 0}, "max_concurrent must be >= 1"),
    "results": ({"max_results_per_check": 0}, "max_results_per_check must be an integer >= 1"),
    "text for results": (
        {"max_results_per_check": "7"},
        "max_results_per_check must be an integer",
    ),
    "filters": ({"filters": CheckSearchFilters(tags=["a"])}, "cannot be selected by tags"),
    "disabled": ({"filters": CheckSearchFilters(enabled=False)}, "cannot be selected by enabled"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_argument_is_refused_before_anything_is_sent(case: str) -> None:
    """A wrong argument raises InvalidRequest with its name, and nothing is sent."""
    arguments, message = REFUSED[case]
    with (
        Client("http://127.0.0.1:9") as client,
        pytest.raises(errors.InvalidRequest, match=message),
    ):
        frames.check_results(client, **arguments)


@pytest.mark.parametrize("wrong", ["http://127.0.0.1:9", None, 7], ids=repr)
def test_what_is_no_client_is_refused(wrong: Any) -> None:
    """Something else in the place of the client is named, as everywhere."""
    with pytest.raises(errors.InvalidRequest, match="client must be a Client or"):
        frames.check_results(wrong)


def test_the_last_day_of_all(client: Client) -> None:
    """The end of time is a last day like any other."""
    assert frames.check_results(client, until=date.max).num_rows > 0


@pytest.mark.parametrize("name", [[], {}, "nothing"], ids=repr)
def test_a_table_that_there_is_not(client: Client, name: Any) -> None:
    """Names of no table are refused, also those that have no hash."""
    with pytest.raises(errors.InvalidRequest, match="a table must be one of"):
        frames.stream(client, name)


def test_pandas_takes_a_table(client: Client) -> None:
    """In pandas, severities are an ordered categorical, and times keep their zone."""
    pytest.importorskip("pandas", reason="pandas is not installed")
    table = frames.check_results(client)
    frame = table.to_pandas()
    bad = table.filter(pa.compute.is_in(table["severity"].cast("string"), pa.array(["fatal"])))
    assert bad.num_rows == (frame["severity"] == "fatal").sum() > 0
    assert (frame["severity"] >= "warning").sum() > bad.num_rows
    assert "datetime64[us, UTC]" == str(frame["executed_at"].dtype)


def test_polars_takes_a_table_without_a_copy(client: Client) -> None:
    """Polars takes a table, and its numbers are those of Arrow's own memory."""
    polars = pytest.importorskip("polars", reason="polars is not installed")
    table = frames.check_results(client).combine_chunks()
    frame = polars.from_arrow(table)
    assert table["actual_value"].to_pylist() == frame["actual_value"].to_list()
    assert table["severity"].to_pylist() == frame["severity"].to_list()
    back = frame["actual_value"].to_arrow()
    assert table["actual_value"].chunk(0).buffers()[1].address == back.buffers()[1].address


def test_duckdb_takes_a_table_and_a_stream(client: Client) -> None:
    """DuckDB takes a table and a stream by the name of the variable."""
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    found = frames.check_results(client)
    stream = frames.stream(client, "check_results")
    question = "select severity::text, count(*) from {} group by 1 order by 1"
    with duckdb.connect() as database:
        database.register("found", found)
        database.register("stream", stream)
        of_table = database.sql(question.format("found")).fetchall()
        assert of_table == database.sql(question.format("stream")).fetchall()
    assert found.num_rows == sum(count for _, count in of_table)


def test_without_pyarrow_the_message_says_how_to_get_it() -> None:
    """Without pyarrow, the first use says which extra brings it; importing the package works."""
    program = (
        "import sys; sys.modules['pyarrow'] = None; from dqops import frames\n"
        "try: frames.check_results\n"
        "except ImportError as error: print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert 'pip install "dqops-client[frames]"' in run.stdout
