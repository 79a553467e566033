"""YAML is written so that every parser reads the same back."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from clientsmith.reading.documents import load_text
from clientsmith.writing.yaml_output import dump
from hypothesis import given, settings
from hypothesis import strategies as st

AWKWARD = st.sampled_from(
    [
        *(
            "",
            " ",
            "-",
            "- a",
            "? a",
            ": a",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
        ),
        *("yes", "No", "ON", "n", "true", "null", "~", "1", "0o7", "0x1F", "1e3", "1_0", "12:30"),
        *("2024-01-31", "=", "<<", ".inf", "@a", "`a`", "%a", "{a}", "[a]", "a, b", "'a'", '"a"'),
        *("a\nb", "a\nb\n", "\na", "a\n\nb", " a\nb", "a \nb", "a\n", "\n", "a\n\n", "a\r\nb"),
        *("a\tb", "\ta", "\x00", "\x7f", "\x85", "\xa0", "\u2028", "\ufeff", "🐘", "---", "..."),
    ]
)
TEXT = AWKWARD | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)


@settings(deadline=None)  # machines that run tests are slow at times
@given(st.dictionaries(TEXT, VALUE, max_size=4))
def test_a_round_trip_gives_the_same(content: dict[str, Any]) -> None:
    """What is written is read back equal, in the same order and with the same types."""
    assert repr(content) == repr(load_text(dump(content, "Comment"), "file.yaml"))


@settings(deadline=None)  # machines that run tests are slow at times
@given(st.dictionaries(TEXT, VALUE, max_size=4))
def test_a_parser_of_yaml_1_1_reads_the_same(content: dict[str, Any]) -> None:
    """Users of other tools read the same from the bundle, also with an older YAML."""
    assert repr(content) == repr(yaml.safe_load(dump(content)))


def test_the_layout_is_block_style() -> None:
    """Keys keep their order, lists stand below their key, text of several lines as it is."""
    content = {
        "b": {"$ref": "#/x", "200": "ok", "empty": {}, "none": []},
        "a": ["plain text, with a comma", {"x": 1, "z": [True, None]}, [1.5, "2"]],
        "text": "first line\n\n  third line\n",
        "unfinished": "first line\nsecond line",
        "/path/{id}": "a: b",
    }
    expected = """\
# Generated
b:
  $ref: "#/x"
  "200": ok
  empty: {}
  none: []
a:
  - plain text, with a comma
  - x: 1
    z:
      - true
      - null
  - - 1.5
    - "2"
text: |
  first line

    third line
unfinished: |-
  first line
  second line
/path/{id}: "a: b"
"""

    assert expected == dump(content, "Generated")


def test_long_text_is_not_folded() -> None:
    """A change of a word changes one line."""
    assert f"a: {'word ' * 100}end\n" == dump({"a": "word " * 100 + "end"})


@pytest.mark.parametrize(
    ("number", "text"), [(1e20, "1.0e+20"), (1e-07, "1.0e-07"), (0.1, "0.1"), (-2.0, "-2.0")]
)
def test_numbers_have_a_point(number: float, text: str) -> None:
    """YAML 1.1 takes `1e20` for text."""
    assert f"a: {text}\n" == dump({"a": number})


@pytest.mark.parametrize("value", [{1: "a"}, {"a": object()}, {"a": b"x"}, {"a": {"b": {2: 1}}}])
def test_what_json_does_not_know_is_refused(value: Any) -> None:
    """A key that is no text, or a value of another type, is a mistake of the caller."""
    with pytest.raises(TypeError):
        dump(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_refused(value: float) -> None:
    """JSON has no infinity."""
    with pytest.raises(ValueError, match="JSON has no number"):
        dump({"a": value})
