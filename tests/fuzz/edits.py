"""Texts that differ from right ones in a few places."""

from __future__ import annotations

from hypothesis import strategies as st

__all__ = ["HOSTILE", "edited", "edits"]

#: What is put into YAML: what other formats mean, and what is too much.
HOSTILE = (
    "null", "~", "true", "-1", "1e400", ".nan", "9" * 5000, "''", "'\\x00'", '"\\ud800"', "[]",
    "{}",
    "[" * 200, "{a: " * 200, "- " * 200, "&a [*a]", "*a", "<<: *a", "!!python/name:os.system",
    "!!binary aGk=", "!!set {a}", "2024-13-45", "? [a]\n: b\n", "--- a\n", "%YAML 9.9\n", "\t",
    "\x00",
    "\ufeff", "\u2028", "x" * 10_000, "../../../../etc/passwd", "https://example.com/a.yaml",
    "#/components", "#/", "#/a~2b", "$ref: '#'", "__class__", "class", "self", "import os",
    "\"\"\"",
    "{{ 1 }}", "{% raw %}", "${HOME}", "a\nb", "allOf: []", "type: object", "enum: []",
    "default: 5",
)  # fmt: skip

#: The text, the place, how much is taken away there, and what is put there.
Edit = tuple[int, int, int, str]


def edits(texts: int, longest: int) -> st.SearchStrategy[list[Edit]]:
    """Make a few edits.

    Args:
        texts: How many texts there are.
        longest: How many characters the longest has.

    Returns:
        A strategy.
    """
    edit = st.tuples(
        st.integers(0, texts - 1),
        st.integers(0, longest),
        st.one_of(st.just(0), st.integers(0, 30)),
        st.one_of(st.sampled_from(HOSTILE), st.text(max_size=5)),
    )
    return st.lists(edit, min_size=1, max_size=5)


def edited(texts: list[str], changes: list[Edit]) -> list[str]:
    """Change texts.

    Args:
        texts: The texts.
        changes: The edits, one after the other.

    Returns:
        The changed texts.
    """
    changed = list(texts)
    for index, place, length, new in changes:
        text = changed[index]
        start = place % (len(text) + 1)
        changed[index] = text[:start] + new + text[start + length :]
    return changed
