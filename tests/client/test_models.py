"""Every model reads and writes its JSON without loss, and is pleasant to handle."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
import random
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest
from dqops.client import models
from dqops.client.errors import DecodeError, InvalidRequest
from dqops.client.models import (
    CheckResultsListModel,
    CheckSearchFilters,
    CheckType,
    CommentSpec,
    CustomCheckSpec,
    DqoJobStatus,
    DqoQueueJobId,
    RunChecksParameters,
    RunChecksQueueJobResult,
    TableSpec,
)
from dqops.client.types import UNSET, is_set
from support.runtime import MapModel, Model
from wire import MODELS, UNKNOWN, object_for

CustomChecks = models.ColumnAcceptedValuesProfilingChecksSpecCustomChecks


class UserFilters(CheckSearchFilters):
    """A subclass as a program may have it."""

    def __init__(self, note: str) -> None:
        super().__init__(connection="c")
        self.note = note


def problem_with(model: type[Model], wire: dict[str, Any]) -> DecodeError | None:
    """Return why an object is refused; None if it is not."""
    try:
        model.from_dict(wire)
    except DecodeError as error:
        return error
    return None


def test_round_trip() -> None:
    """What was read is written again, unknown properties and values at any depth included."""
    for name in MODELS:
        wire = object_for(MODELS[name], random.Random(name))

        model = MODELS[name].from_dict(wire)

        assert wire == model.to_dict(), name
        written = json.dumps(model.to_dict(), sort_keys=True)
        assert json.dumps(wire, sort_keys=True) == written, name


def test_copies_are_equal() -> None:
    """Pickling, copying and reading again give an equal model."""
    for name in MODELS:
        model = MODELS[name].from_dict(object_for(MODELS[name], random.Random(name)))

        copies = [
            pickle.loads(pickle.dumps(model)),
            copy.copy(model),
            copy.deepcopy(model),
            type(model).from_dict(model.to_dict()),
        ]

        assert [model] * 4 == copies, name
        assert repr(model) == repr(copies[0]), name


def test_null_is_no_crash() -> None:
    """A null at any property is None or UNSET, and is sent back."""
    for name in MODELS:
        nulls: dict[str, Any] = {item.key: None for item in MODELS[name]._properties}
        nulls = nulls or {"any": None}

        model = MODELS[name].from_dict(nulls)

        assert nulls == model.to_dict()
        for item in MODELS[name]._properties:
            assert (None if item.converter.nullable else UNSET) is getattr(model, item.name)


def test_line_by_line_reads_like_the_loop() -> None:
    """A generated `from_dict` gives what the loop in `Model` gives, or refuses with its words."""
    loop = vars(Model)["from_dict"].__func__
    odd_values: list[Any] = [None, "", "x", 7, -1.5, 10**25, True, [], {}, [None], {"a": 1}]

    def outcome(read: Any, wire: dict[str, Any]) -> Any:
        try:
            return read(wire)
        except DecodeError as error:
            return str(error)

    for model in MODELS.values():
        outcome(model.from_dict, {})  # the first use is what generates it
    generated = {
        name: model
        for name, model in MODELS.items()
        if "from_dict" in vars(model) and not issubclass(model, MapModel)
    }
    for name, model in generated.items():
        full = object_for(model, random.Random(name))
        objects = [full] + [
            {**full, item.key: value} for item in model._properties for value in odd_values
        ]
        for wire in objects:
            read, expected = outcome(model.from_dict, wire), outcome(partial(loop, model), wire)
            assert expected == read, (name, wire)
            assert repr(expected) == repr(read), (name, wire)
    assert len(generated) > 300


def test_empty() -> None:
    """A model can be made with nothing, and then shows, sends and holds nothing."""
    for name in MODELS:
        model = MODELS[name]()

        assert {} == model.to_dict() == model.additional_properties
        assert repr(model) == f"{name}({'{}' if isinstance(model, MapModel) else ''})"
        assert MODELS[name].from_dict({}) == model


def test_attrs_knows_the_model() -> None:
    """The functions of attrs work, in the order of the specification."""
    for name in MODELS:
        expected = [*(item.name for item in MODELS[name]._properties), "additional_properties"]

        model: Any = MODELS[name]

        assert attrs.has(model)
        assert expected == [item.name for item in attrs.fields(model)]
        assert expected == list(attrs.asdict(model(), recurse=False))


def test_wrong_shapes() -> None:
    """A property of a wrong kind is a decode error that names it, whatever it is."""
    for name in MODELS:
        wrong: list[Any] = [[{}], {"a": []}, "text", 1.5, True, 7, [["x"]], float("inf")]
        for item in MODELS[name]._properties:
            for value in wrong:
                problem = problem_with(MODELS[name], {item.key: value})
                assert problem is None or problem.field_path.startswith(item.key)


def test_there_are_many_models() -> None:
    """The tests above cover the whole tree."""
    assert len(MODELS) > 600


WRONG: list[tuple[type[Model], Any, str]] = [
    (
        CheckResultsListModel,
        {"checkResultEntries": [{}, {"executedAt": "soon"}]},
        (
            "cannot decode the value at checkResultEntries[1].executedAt: expected a date and time "
            "in ISO 8601, or seconds since 1970, got 'soon'"
        ),
    ),
    (
        RunChecksQueueJobResult,
        {"jobId": {"parentJobId": {"jobId": "7"}}},
        ("cannot decode the value at jobId.parentJobId.jobId: expected an integer, got '7'"),
    ),
    (
        RunChecksQueueJobResult,
        {"status": 7},
        "cannot decode the value at status: expected a string (DqoJobStatus), got 7",
    ),
    (
        RunChecksQueueJobResult,
        {"result": [1, 2]},
        (
            "cannot decode the value at result: expected an object (RunChecksResult), got an array "
            "of 2 items"
        ),
    ),
    (
        TableSpec,
        {"columns": {"naïve ☃": {"labels": "x"}}},
        "cannot decode the value at columns['naïve ☃'].labels: expected an array, got 'x'",
    ),
    (
        TableSpec,
        {"columns": {"a.b": 1}},
        ("cannot decode the value at columns['a.b']: expected an object (ColumnSpec), got 1"),
    ),
    (
        TableSpec,
        [],
        "cannot decode the value: expected an object (TableSpec), got an array of 0 items",
    ),
]


@pytest.mark.parametrize(("model", "wire", "message"), WRONG)
def test_wrong_shape_names_the_place(model: type[Model], wire: Any, message: str) -> None:
    """The message says where, what was expected and what was found."""
    with pytest.raises(DecodeError) as caught:
        model.from_dict(wire)

    assert message == str(caught.value)


def test_repr_shows_only_what_is_set() -> None:
    """UNSET is not shown; unknown properties are."""
    model = CheckSearchFilters.from_dict({"fullTableName": "a.b", "enabled": None, "new": 1})

    assert (
        "CheckSearchFilters(full_table_name='a.b', "
        "additional_properties={'enabled': None, 'new': 1})"
    ) == repr(model)


def test_constructor_takes_positions() -> None:
    """Positional arguments are in the order of the specification."""
    expected = CheckSearchFilters(connection="c", full_table_name="s.t", enabled=True)

    assert expected == CheckSearchFilters("c", "s.t", True)


def test_plain_values_are_written_as_models_are() -> None:
    """Dictionaries, tuples and members in place of models and lists are written plainly."""
    comment = CommentSpec(comment="x")
    model = CustomCheckSpec(comments=(comment, {"comment": comment}))  # type: ignore[arg-type]
    model["extra"] = [CheckType.PROFILING, comment]

    expected = {
        "comments": [{"comment": "x"}, {"comment": {"comment": "x"}}],
        "extra": ["profiling", {"comment": "x"}],
    }
    assert expected == model.to_dict()
    assert str in {type(item) for item in model.to_dict()["extra"]}


@pytest.mark.parametrize("tags", ["abc", {"a": 1}, 5, b"abc"])
def test_what_is_no_list_is_refused(tags: Any) -> None:
    """A string, bytes, dictionary or number is not split where a list belongs."""
    with pytest.raises(InvalidRequest, match="expected a list, got"):
        CheckSearchFilters(tags=tags).to_dict()


def test_to_dict_shares_nothing() -> None:
    """Changing what was written does not change the model."""
    wire = object_for(TableSpec, random.Random(1))
    model = TableSpec.from_dict(copy.deepcopy(wire))

    written = model.to_dict()
    written["addedLater"]["list"].append("changed")
    written["labels"] = written["columns"] = None

    assert wire == model.to_dict()


def test_members_are_read_from_a_dictionary() -> None:
    """A dictionary that a program made may hold members of enumerations."""
    model = RunChecksQueueJobResult.from_dict({"status": DqoJobStatus.FAILED})

    assert DqoJobStatus.FAILED is model.status


def test_unknown_properties_are_items() -> None:
    """Unknown properties are read, set and deleted by key; nothing else is iterated."""
    model: Any = DqoQueueJobId.from_dict({"jobId": 7, **UNKNOWN})
    model["more"] = 1
    del model["addedLater"]

    assert ["more"] == model.additional_keys
    assert ("more" in model, "jobId" in model, model["more"]) == (True, False, 1)
    with pytest.raises(TypeError):
        iter(model)


def test_map_models_are_mappings() -> None:
    """A map model does what a dictionary does."""
    check = CustomCheckSpec(disabled=True)
    checks = CustomChecks({"a": check})
    checks["b"] = CustomCheckSpec()
    checks.update(c=CustomCheckSpec())
    del checks["b"]

    assert ["a", "c"] == list(checks) == list(checks.keys())
    assert (2, check, None, True) == (len(checks), checks["a"], checks.get("z"), "a" in checks)
    assert checks == {"a": check, "c": CustomCheckSpec()} == dict(checks)
    assert check == checks.pop("a")
    assert {"c": {}} == checks.to_dict()
    assert checks == eval(repr(checks), dict(MODELS))


@pytest.mark.parametrize("times", [1, 20])  # interpreted first, compiled later
def test_python_names_are_refused_where_json_is_read(times: int) -> None:
    """They would be sent as they are, and a filter that the server ignores selects everything."""
    for _ in range(times):
        with pytest.raises(
            DecodeError, match=r"no property 'full_table_name' in JSON; write 'fullT"
        ):
            CheckSearchFilters.from_dict({"connection": "a", "full_table_name": "b.c"})
    both = {"fullTableName": "b.c", "full_table_name": "d.e"}  # the server sent both
    assert both == CheckSearchFilters.from_dict(both).to_dict()


def test_copy_of_a_map_is_independent() -> None:
    """Adding to a copy does not add to the original."""
    checks = CustomChecks({"a": CustomCheckSpec()})
    copied = copy.copy(checks)
    copied["b"] = CustomCheckSpec()

    assert ["a"] == list(checks)


def test_vars_lists_what_is_set() -> None:
    """By the names in Python; copies, pickles and classes of users are as they are without it."""

    class Noted(CheckSearchFilters):
        pass

    filters = CheckSearchFilters(connection="c", enabled=True)
    assert {"connection": "c", "enabled": True} == vars(filters)
    vars(filters)["connection"] = "other"
    assert "c" == filters.connection
    assert [filters, filters] == [copy.copy(filters), pickle.loads(pickle.dumps(filters))]
    with pytest.raises(AttributeError):
        filters.no_property = 1  # type: ignore[attr-defined]
    derived = Noted(connection="c")
    vars(derived)["note"] = 1
    assert (1, {"note": 1}) == (derived.note, vars(derived))  # type: ignore[attr-defined]
    assert 1 == copy.copy(derived).note  # type: ignore[attr-defined]


def test_subclass_of_a_user() -> None:
    """A user's subclass keeps its own attributes in copies, and is read as itself."""
    model = UserFilters("n")
    model["new"] = 1

    for copied in (pickle.loads(pickle.dumps(model)), copy.copy(model), copy.deepcopy(model)):
        assert (UserFilters, "n", model) == (type(copied), copied.note, copied)
    assert UserFilters is type(UserFilters.from_dict({"connection": "c"}))
    assert {"connection": "c", "new": 1} == model.to_dict()


def test_values_of_a_map_that_are_no_models() -> None:
    """Dictionaries and nulls are written as they are, and what is unset is left out."""
    checks = CustomChecks({"a": CustomCheckSpec(disabled=True)})
    others: dict[str, Any] = {"b": {"disabled": False}, "c": None, "d": UNSET}
    checks.update(others)

    expected = {"a": {"disabled": True}, "b": {"disabled": False}, "c": None}
    assert expected == checks.to_dict() == json.loads(checks.to_json())
    wrong: Any = CustomCheckSpec()
    wrong.parameters = len
    checks["e"] = wrong
    assert {"parameters": len} == checks.to_dict()["e"]


def test_all_properties_are_written_as_each_alone() -> None:
    """What an object with all its properties becomes, it becomes property by property, too."""
    for name, kind in MODELS.items():
        if issubclass(kind, MapModel):
            continue
        full = kind.from_dict(object_for(kind, random.Random(name)))
        written = full.to_dict()
        alone: dict[str, Any] = {}
        for item in kind._properties:
            one = kind()
            setattr(one, item.name, getattr(full, item.name))
            alone |= one.to_dict()
        extra = {key: value for key, value in written.items() if key not in alone}
        assert written == {**extra, **alone}, name
        assert list(written) == [*extra, *alone], name


def test_evolve() -> None:
    """attrs.evolve changes a copy."""
    model = CheckSearchFilters("c", enabled=True)

    assert CheckSearchFilters("c", enabled=False) == attrs.evolve(model, enabled=False)  # type: ignore[misc]


def test_none_is_left_out_where_null_is_no_value() -> None:
    """None is left out of bodies, as of queries, unless null is a value of the property."""
    for name in MODELS:
        properties = MODELS[name]._properties
        model = MODELS[name](**{item.name: None for item in properties})
        expected = {item.key: None for item in properties if item.converter.nullable}
        assert expected == model.to_dict() == json.loads(model.to_json()), name

    parameters = RunChecksParameters(
        check_search_filters=CheckSearchFilters(connection="warehouse", column=None),  # type: ignore[arg-type]
        time_window_filter=None,  # type: ignore[arg-type]
    )
    assert {"check_search_filters": {"connection": "warehouse"}} == parameters.to_dict()


def test_a_null_that_is_wanted_is_sent() -> None:
    """What null is no value of can be sent as null nevertheless, as an extra field."""
    model = RunChecksParameters(additional_properties={"check_search_filters": None})

    assert {"check_search_filters": None} == model.to_dict()


def test_absent_lists_can_be_looped_over() -> None:
    """Servers leave out empty lists; a program that loops over one needs no check."""
    found = models.CheckResultsListModel.from_dict({"checkName": "x"}).check_result_entries
    assert not is_set(found)
    assert (0, []) == (len(found), list(found))


def test_subclass_of_a_user_is_constructed() -> None:
    """`from_dict` calls the constructor of a derived class, which may do more."""

    class Summed(models.RunChecksResult):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.total = (self.warnings or 0) + (self.errors or 0)

    @attrs.define
    class Extended(models.RunChecksResult):
        extra: str = "e"

    summed = Summed.from_dict({"warnings": 3, "errors": 1, "new": 5})
    assert (4, {"new": 5}) == (summed.total, summed.additional_properties)
    assert "e" == Extended.from_dict({}).extra


WRONG_VALUES: tuple[Any, ...] = (
    "x",
    1.5,
    True,
    [1],
    {"a": 1},
    [{"a": []}],
    {"a": {"b": 1}},
    -1,
    "",
)


def test_a_wrong_value_is_one_exception() -> None:
    """Whatever is wrong, a reader sees one exception, and none "during handling of" another."""
    refused = 0
    for name, kind in MODELS.items():
        for _ in range(2):  # before and after the class has learned how to read
            for item in kind._properties:
                for value in WRONG_VALUES:
                    try:
                        kind.from_dict({item.key: value})
                    except DecodeError as error:
                        refused += 1
                        chained = (error.__cause__, error.__context__)
                        assert (None, None) == chained, (name, item.key, value)
    assert 10_000 < refused


def test_tracebacks_show_the_source_of_compiled_methods() -> None:
    """`linecache` has it, so that debuggers and tracebacks show the line."""
    models.SpringErrorPayload(status=1).to_dict()
    models.SpringErrorPayload.from_dict({})
    for name in ("__init__", "from_dict", "to_dict"):
        method = getattr(models.SpringErrorPayload, name)
        assert f"def {name}(" in inspect.getsource(method)


def test_signatures_before_the_first_use() -> None:
    """`inspect.signature` tells the arguments of a class that nobody has used."""
    program = (
        "import inspect; from dqops.client.models import CommentSpec; "
        "print([*inspect.signature(CommentSpec).parameters])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "['date', 'comment_by', 'comment', 'additional_properties']\n" == run.stdout


def test_nested_models_are_read_by_compiled_methods() -> None:
    """Also those of a class that was first met within another one's list."""
    program = (
        "from support.runtime import ModelOf, decoder\n"
        "from dqops.client import models\n"
        "read = decoder(ModelOf('CheckResultEntryModel'), models)\n"
        "print(read.__func__ is vars(models.CheckResultEntryModel)['from_dict'].__func__)"
    )
    folder = Path(__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True
    )
    assert "True\n" == run.stdout
