"""Models in other forms, as rows of a table, and in pydantic, FastAPI and pandas."""

from __future__ import annotations

import datetime
import json
from typing import Any

import dqops
import pytest
from dqops.client import models
from dqops.client.types import UNSET

AT = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.UTC)
INCIDENT = {
    "incidentId": "7",
    "schema": "public",
    "firstSeen": "2026-11-30T12:00:00Z",
    "highestSeverity": 2,
    "status": "open",
    "assignee": "anna@example.com",
    "issueUrl": None,
}
TABLE = {
    "connection_name": "warehouse",
    "target": {"schema_name": "public", "table_name": "orders"},
    "filter": "id > 0",
    "run_checks_job_template": {"fullTableName": "public.orders", "checkType": "monitoring"},
    "advanced_properties": {"tableTeam": "sales"},
}
PYTHON_TABLE = {
    "connection_name": "warehouse",
    "target": {"schema_name": "public", "table_name": "orders"},
    "filter_": "id > 0",
    "run_checks_job_template": {"full_table_name": "public.orders", "check_type": "monitoring"},
    "advanced_properties": {"tableTeam": "sales"},
}


def test_python_names_are_the_keys_at_every_depth() -> None:
    """Keys of a map are data and stay; so do names that the specification does not list."""
    table = models.TableListModel.from_dict({**TABLE, "newInServer": {"someKey": 1}})

    assert {**PYTHON_TABLE, "newInServer": {"someKey": 1}} == table.to_dict(python_names=True)
    assert TABLE == models.TableListModel.from_dict(TABLE).to_dict()


def test_a_null_that_was_kept_goes_under_its_python_name_too() -> None:
    """It is among the extra fields, by its name in JSON."""
    written = models.IncidentModel.from_dict(INCIDENT).to_dict(python_names=True)

    assert written["issue_url"] is None
    assert "issueUrl" not in written
    assert "anna@example.com" == written["assignee"]
    assert "2026-11-30T12:00:00Z" == written["first_seen"]


def test_python_values_stay_without_json() -> None:
    """Times and members of enumerations, alone, in lists and in models."""
    incident = models.IncidentModel.from_dict(INCIDENT)

    written = incident.to_dict(json=False)
    assert AT == written["firstSeen"]
    assert models.IncidentStatus.OPEN is written["status"]
    template = models.TableListModel.from_dict(TABLE).to_dict(json=False)["run_checks_job_template"]
    assert {"fullTableName": "public.orders", "checkType": models.CheckType.MONITORING} == template

    entries = [models.CheckResultEntryModel(executed_at=AT)]
    results = models.CheckResultsListModel(check_result_entries=entries)
    assert {"checkResultEntries": [{"executedAt": AT}]} == results.to_dict(json=False)
    assert {"check_result_entries": [{"executed_at": "2026-11-30T12:00:00Z"}]} == results.to_dict(
        python_names=True
    )


def test_the_dictionary_shares_nothing_that_changes() -> None:
    """Lists and dictionaries in it are new ones."""
    table = models.TableListModel(labels=["sales"], additional_properties={"extra": [{"a": 1}]})

    written = table.to_dict(python_names=True, json=False)
    written["labels"].append("x")
    written["extra"][0]["a"] = 2

    assert ["sales"] == table.labels
    assert [{"a": 1}] == table["extra"]


def test_what_was_left_out_is_in_no_form() -> None:
    """Not even where a program put `UNSET` among the extra fields or into a list."""
    table = models.TableListModel(stage="raw", additional_properties={"extra": UNSET})

    for form in ({}, {"python_names": True}, {"json": False}):
        assert {"stage": "raw"} == table.to_dict(**form)
    table["extra"] = {"inner": UNSET, "list": [UNSET]}
    assert {"list": [None]} == table.to_dict(json=False)["extra"]


def test_maps_have_the_forms_too() -> None:
    """The values are models; the keys are data."""
    checks = models.ColumnCurrentDataQualityStatusModelChecks.from_dict(
        {"daily_nulls_count": {"last_executed_at": "2026-11-30T12:00:00Z"}}
    )

    assert {"daily_nulls_count": {"last_executed_at": AT}} == checks.to_dict(json=False)
    (record,) = dqops.to_records([checks])
    assert AT == record["daily_nulls_count"]["last_executed_at"]


class Redacted(models.TableOwnerSpec):
    """A model of a user, who writes it in another way."""

    def to_dict(self, **options: Any) -> dict[str, Any]:
        """Leave out a name."""
        return {**super().to_dict(**options), "data_steward": "***"}


def test_a_users_own_to_dict_counts_in_each_form() -> None:
    """It gets the options."""
    owner = Redacted(data_steward="anna", application="shop")
    table = models.TableListModel(owner=owner)

    names = {"data_steward": "***", "application": "shop"}
    assert {"owner": names} == table.to_dict(python_names=True, json=False)


def test_records_have_all_properties_and_no_extra_fields() -> None:
    """So each row has the same keys, whatever the server sent."""
    rows = [models.IncidentModel.from_dict(INCIDENT), models.IncidentModel()]

    first, second = dqops.to_records(rows)

    names = [item.name for item in models.IncidentModel._properties]
    assert names == list(first) == list(second)
    assert {None} == set(second.values())
    assert AT == first["first_seen"]
    assert "open" == first["status"]
    assert type(first["status"]) is str
    assert first["issue_url"] is None
    json.dumps(second)


def test_records_of_nothing_and_of_what_was_left_out_are_none() -> None:
    """`UNSET` is empty."""
    results = models.CheckResultsListModel()

    assert [] == dqops.to_records([])
    assert [] == dqops.to_records(results.check_result_entries)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (models.IncidentModel(), "expected an iterable of models, got IncidentModel"),
        (None, "expected an iterable of models, got NoneType"),
        ([None], "expected an iterable of models, got NoneType in it"),
        ("text", "expected an iterable of models, got str in it"),
    ],
)
def test_records_of_what_is_no_list_of_models_are_refused(value: Any, message: str) -> None:
    """With what was expected."""
    with pytest.raises(TypeError) as caught:
        dqops.to_records(value)
    assert message == str(caught.value)


def test_rows_of_failures_are_records_too() -> None:
    """Whatever has `to_record` is."""

    class Row:
        def to_record(self) -> dict[str, Any]:
            return {"a": 1}

    assert [{"a": 1}] == dqops.to_records([Row()])


def test_pandas_makes_a_frame_of_records() -> None:
    """With a column for each property, and those of models by `json_normalize`."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    rows = [models.IncidentModel.from_dict(INCIDENT), models.IncidentModel(incident_id="8")]

    frame = pandas.DataFrame(dqops.to_records(rows))

    assert [item.name for item in models.IncidentModel._properties] == list(frame.columns)
    assert ["7", "8"] == list(frame["incident_id"])
    assert pandas.Timestamp(AT) == frame["first_seen"][0]
    assert pandas.isna(frame["first_seen"][1])
    assert not frame.map(lambda value: value is UNSET).to_numpy().any()

    tables = pandas.json_normalize(dqops.to_records([models.TableListModel.from_dict(TABLE)]))
    assert ["orders"] == list(tables["target.table_name"])


def test_polars_makes_a_frame_of_records() -> None:
    """Models become structs."""
    polars = pytest.importorskip("polars", reason="polars is not installed")

    frame = polars.DataFrame(dqops.to_records([models.TableListModel.from_dict(TABLE)]))

    assert ["orders"] == frame["target"].struct.field("table_name").to_list()


def test_a_model_is_a_field_of_pydantics() -> None:
    """It is read from a model or its JSON object, and written as `to_dict` does."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is not installed")
    made: Any = pydantic.create_model("Alert", incident=models.IncidentModel, note=(str, ""))

    read = made.model_validate_json(json.dumps({"incident": INCIDENT}))
    same = made(incident=models.IncidentModel.from_dict(INCIDENT))

    assert models.IncidentModel.from_dict(INCIDENT) == read.incident == same.incident
    assert INCIDENT == json.loads(read.model_dump_json())["incident"]
    assert AT == read.model_dump()["incident"]["firstSeen"]
    assert {"type": "object", "title": "IncidentModel"} == made.model_json_schema()["properties"][
        "incident"
    ]
    for wrong, message in (
        (7, "expected IncidentModel, got int"),
        ({"firstSeen": []}, "firstSeen"),
    ):
        with pytest.raises(pydantic.ValidationError, match=message):
            made(incident=wrong)


def test_a_route_of_fastapi_takes_and_returns_models() -> None:
    """As a dictionary, as a model by its annotation, and in a list of records."""
    fastapi = pytest.importorskip("fastapi", reason="FastAPI is not installed")
    testclient = pytest.importorskip("fastapi.testclient", reason="FastAPI is not installed")
    app = fastapi.FastAPI()
    incident = models.IncidentModel.from_dict(INCIDENT)

    def plain() -> dict[str, Any]:
        return incident.to_dict()

    def named() -> dict[str, Any]:
        return incident.to_dict(python_names=True)

    def typed(body: Any = fastapi.Body()) -> Any:  # noqa: B008  # the way of FastAPI
        assert isinstance(body, models.IncidentModel)
        return body

    def rows() -> list[dict[str, Any]]:
        return dqops.to_records([incident])

    # By the class itself, because FastAPI cannot look up the names of this function.
    typed.__annotations__ = {"body": models.IncidentModel, "return": models.IncidentModel}
    app.get("/plain")(plain)
    app.get("/named")(named)
    app.post("/typed")(typed)
    app.get("/rows")(rows)

    with testclient.TestClient(app) as client:
        assert INCIDENT == client.get("/plain").json()
        assert "7" == client.get("/named").json()["incident_id"]
        assert INCIDENT == client.post("/typed", json=INCIDENT).json()
        refused = client.post("/typed", json={"firstSeen": []})
        assert 422 == refused.status_code
        assert "firstSeen" in refused.text
        (row,) = client.get("/rows").json()
        assert "open" == row["status"]
        assert row["issue_url"] is None
        assert "/typed" in client.get("/openapi.json").json()["paths"]


def test_columns_are_those_of_the_records() -> None:
    """Also where there is no record."""
    incident = models.IncidentModel.from_dict(INCIDENT)
    columns = dqops.columns_of(models.IncidentModel)

    assert [*dqops.to_records([incident])[0]] == columns
    with pytest.raises(TypeError, match=r"^expected a class of models, got"):
        dqops.columns_of(incident)  # type: ignore[arg-type]  # pyright: ignore
