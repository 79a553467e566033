"""A version that promises too little, and breaking changes without a deprecation, are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from docsite.reference import MODULES
from releasing.annotations import relation
from releasing.api_diff import release_notes
from releasing.baseline import Release
from releasing.comparing import compare, operations_using
from releasing.differences import Difference, asked_version, release_of
from releasing.python_surface import PUBLIC

from .trees import Copy

if TYPE_CHECKING:
    from pathlib import Path

    from releasing.differences import Level

RETRIES = "_runtime/settings/retries.py"
MARK = """class Retries(Frozen):
"""


def _deprecated(copy: Copy, words: str) -> None:
    copy.replace(RETRIES, MARK, f"@deprecated({words})\n{MARK}")


def _without_retries(copy: Copy) -> None:
    copy.replace("client/__init__.py", '"Client", "Retries"]', '"Client"]')
    copy.replace(
        "client/__init__.py",
        "    from .._runtime.settings.retries import Retries as Retries\n",
        "",
    )


@pytest.mark.parametrize(
    ("words", "version", "accepted", "expected"),
    [
        pytest.param(
            None, "1.3.0", {}, ["asks for 2.0.0 at least", "deprecate it for a minor"], id="neither"
        ),
        pytest.param(
            None, "2.0.0", {}, ["deprecate it for a minor release first"], id="no warning"
        ),
        pytest.param(None, "2.0.0", {"dqops.client.Retries": "it leaked"}, [], id="accepted"),
        pytest.param(
            'since="1.2", until="2.0", replacement="use nothing"', "2.0.0", {}, [], id="deprecated"
        ),
        pytest.param(
            'since="1.2", until="3.0", replacement="use nothing"',
            "2.0.0",
            {},
            ["is deprecated since 1.2 until 3.0, not 2.0.0"],
            id="too early",
        ),
    ],
)
def test_removal(
    words: str | None, version: str, accepted: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    """A name may go after its deprecation, or for a reason that is written down."""
    copy = Copy.make(tmp_path)
    if words:
        _deprecated(copy, words)
    old = copy.release("1.2.3", accepted)
    _without_retries(copy)
    problems = list(compare(old, copy.release(version)).problems())
    assert len(expected) == len(problems)
    assert all(text in problem for text, problem in zip(expected, problems, strict=True))


def test_deprecation_is_a_minor_change(tmp_path: Path) -> None:
    """To deprecate is an addition, with its dates and what to use."""
    copy = Copy.make(tmp_path)
    old = copy.release("1.2.3")
    _deprecated(copy, 'since="1.3", until="2.0", replacement="use nothing"')
    comparison = compare(old, copy.release("1.3.0"))
    assert ["deprecated since 1.3 until 2.0; use nothing"] == [each.what for each in comparison.all]
    assert [] == list(comparison.problems())


def test_baseline_survives_its_files(tmp_path: Path) -> None:
    """What is read from the files of a release is what was written, with nothing accepted yet."""
    release = replace(Release.load(), accepted={})
    release.save(tmp_path)
    assert release == Release.load(tmp_path)


def test_public_modules_are_those_of_the_reference() -> None:
    """The documentation describes no module that no version promises."""
    assert {*MODULES} <= {*PUBLIC}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("int", "int", "same"),
        ("int", "int | None", "wider"),
        ("Optional[int]", "int", "narrower"),
        ("int | None", "Optional[int]", "same"),
        ("int", "float", "wider"),
        ("list[int]", "Sequence[int]", "wider"),
        ("list[int]", "list[float]", "other"),
        ("Sequence[int]", "Sequence[float]", "wider"),
        ("Mapping[str, int]", "dict[str, int]", "narrower"),
        ("Literal['a']", "Literal['a', 'b']", "wider"),
        ("Literal['a', 'b']", "str", "wider"),
        ("datetime.datetime", "datetime", "same"),
        ("'Client'", "Client", "same"),
        ("str", "Any", "wider"),
        ("str", "bytes", "other"),
        ("Response[int]", "Response[int | None]", "wider"),
    ],
)
def test_types(old: str, new: str, expected: str) -> None:
    """A type takes more values than another one, fewer, the same ones or others."""
    assert expected == relation(old, new)


@pytest.mark.parametrize(
    ("released", "level", "expected"),
    [
        ("0.1.0", "major", "0.2.0"),
        ("0.1.0", "minor", "0.1.1"),
        ("0.1.0", "patch", "0.1.1"),
        ("1.2.3", "major", "2.0.0"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "patch", "1.2.4"),
    ],
)
def test_versions(released: str, level: Level, expected: str) -> None:
    """Each level asks for a step; before 1.0.0 a smaller one."""
    assert expected == asked_version(released, [Difference(name="x", what="y", level=level)])
    assert released == asked_version(released, [])


def test_development_versions() -> None:
    """A version of development promises what its release does."""
    assert (1, 2, 3) == release_of("1.2.3.dev0")
    with pytest.raises(ValueError, match="expected a version such as"):
        release_of("next")


def test_release_notes_name_operations(tmp_path: Path) -> None:
    """Notes name what changed by operation, and short names go with the operation's own."""
    copy = Copy.make(tmp_path)
    old = copy.release("1.2.3")
    del copy.bundle["paths"]["/api/jobs/jobs/{jobId}"]["delete"]
    lines = "    cancel_job = Method(lambda: jobs.cancel_job._arguments)\n    cancel = cancel_job\n"
    copy.replace("client/groups/jobs.py", lines, "")
    new = copy.release("2.0.0")
    comparison = compare(old, new)
    pointer = "/paths/~1api~1jobs~1jobs~1{jobId}/delete"
    group = "dqops.client.groups.jobs.Jobs"
    assert {f"{group}.cancel": pointer, f"{group}.cancel_job": pointer} == {
        each.name: each.cause for each in comparison.python
    }
    assert ["- `cancel_job`: `DELETE /api/jobs/jobs/{jobId}`: operation gone"] == list(
        release_notes(comparison, new)
    )
    assert [] == list(comparison.problems())


def test_operations_of_a_schema() -> None:
    """Release notes name the operations whose arguments or results hold a schema."""
    facts = Release.load().specifications["dqops.client"]
    assert "runChecks" in operations_using(facts, "/components/schemas/CheckSearchFilters")
    assert ["runChecks"] == operations_using(
        facts, "/paths/~1api~1jobs~1runchecks/post/requestBody"
    )
