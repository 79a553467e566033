"""The examples of the operation pages."""

from __future__ import annotations

import shutil

import pytest
from docsite.calls import call_of
from docsite.catalogue import described_operations
from docsite.finder import finder_page
from docsite.forms import LABELS, forms_of
from docsite.layout import cut, json_lines, python_lines
from docsite.models import model_links
from docsite.operations import operation_pages, run_examples
from docsite.reference import MODULES, reference_page_of, reference_pages

OPERATIONS = {each.name: each for each in described_operations()}
CURL = shutil.which("curl")


def test_every_operation_has_a_call_in_all_forms() -> None:
    """All 379 operations have one, and it passes what they require."""
    for operation in OPERATIONS.values():
        call = call_of(operation)
        labels = [form.label for form in forms_of(call)]
        without = {"sync", "async"} if call.needs_key else set()
        assert [label for label in LABELS if label not in without] == labels, operation.name
    assert (341, 38) == (
        sum(not each.operation.is_deprecated for each in OPERATIONS.values()),
        len({each.group for each in OPERATIONS.values()}),
    )


@pytest.mark.skipif(CURL is None, reason="curl is not installed")
def test_examples_print_the_same_each_time() -> None:
    """A second run of the same programs against another server prints the same."""
    chosen = [OPERATIONS[name] for name in ("create_table", "is_healthy", "run_checks")]
    first = run_examples(chosen)
    assert first == run_examples(chosen[::-1])
    printed = [example.printed for example in first["is_healthy"]]
    assert ["OK"] * len(LABELS) == printed
    assert '"executed_checks": 50' in first["run_checks"][0].printed
    assert "executed_checks=50" in first["run_checks"][1].printed


def test_pages_link_every_type() -> None:
    """Each model that an operation takes or gives is a link to where it is described."""
    links = model_links("../")
    pages = dict(operation_pages({}))
    assert 39 == len(pages)
    jobs = pages["operations/jobs.md"]
    for name in ("RunChecksParameters", "RunChecksQueueJobResult", "DqoJobHistoryEntryModel"):
        assert f"[{name}]({links[name]})" in jobs


def test_every_public_module_has_a_page() -> None:
    """Each name in `__all__` has a heading, but for submodules."""
    pages = dict(reference_pages())
    assert {*map(reference_page_of, MODULES), "reference/index.md"} == set(pages)
    assert "## gate { #gate }" in pages["reference/dqops_jobs.md"]
    assert "### wait { #JobHandle.wait }" in pages["reference/dqops_jobs.md"]


def test_finder_leads_to_operations() -> None:
    """Every row names an operation, and the finder has the twelve of error samples."""
    _, text = finder_page()
    assert 12 == text.count("](operations/error_samples.md#")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("OK", "OK"),
        ("[A(x=1), A(x=2)]", "[A(x=1), A(x=2)]"),
        ("[A(name='a, b', x=1), A(x=2)]", "[\n    A(name='a, b', x=1),\n    A(x=2)\n]"),
        ("A(kind=<Kind.B: 'b, c'>, x=1234)", "A(\n    kind=<Kind.B: 'b, c'>,\n    x=1234\n)"),
        (
            "B(a=[1, 2], text='(', c=3, d=4)",
            "B(\n    a=[1, 2],\n    text='(',\n    c=3,\n    d=4\n)",
        ),
    ],
)
def test_objects_are_broken_into_lines(text: str, lines: str) -> None:
    """Nothing but white space is added, and no text is broken."""
    assert lines == python_lines(text, width=25)


@pytest.mark.parametrize(
    ("text", "lines"),
    [('{"a": [1]}', '{\n  "a": [\n    1\n  ]\n}'), ("true", "true"), ("OK", "OK")],
)
def test_json_is_broken_into_lines(text: str, lines: str) -> None:
    """Objects and arrays are; everything else stays as it is."""
    assert lines == json_lines(text)


def test_long_output_is_cut() -> None:
    """How much is left out is told."""
    assert "a\nb\nc" == cut("a\nb\nc", lines=2)
    assert "a\nb\n... 2 more lines" == cut("a\nb\nc\nd", lines=2)
    assert "aa ... 3 more characters" == cut("aaaaa", width=2)
