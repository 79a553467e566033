"""YAML is read as YAML 1.2 and JSON understand it."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from clientsmith.errors import PipelineError
from clientsmith.reading import documents
from clientsmith.reading.documents import from_pointer, load_document, load_text, to_pointer
from clientsmith.targets import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("010", 10),
        ("0x1F", 31),
        ("0o17", 15),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("1:30:00", "1:30:00"),
        ("0.5", 0.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.5E-3", 0.0015),
        ("2024-01-31", "2024-01-31"),
        ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z"),
        ("1.2.3", "1.2.3"),
        ("=", "="),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("[1, two, {three: 3}]", [1, "two", {"three": 3}]),
        ("grüße ☃ 🐘", "grüße ☃ 🐘"),
    ],
)
def test_scalars_follow_the_core_schema(text: str, value: Any) -> None:
    """Only what JSON knows is more than text."""
    loaded = load_text(f"key: {text}", "file.yaml")["key"]

    assert (value, type(value)) == (loaded, type(loaded))


@pytest.mark.parametrize("key", ["200", "null", "true", "1.5", "2024-01-31", "no", "'200'"])
def test_keys_are_text(key: str) -> None:
    """A key is the text that stands in the file, whatever it looks like."""
    assert {key.strip("'"): 1} == load_text(f"{key}: 1", "file.yaml")


def test_order_is_kept() -> None:
    """Mappings have the order of the file."""
    assert list(load_text("b: 1\na: 2\nc: 3", "file.yaml")) == ["b", "a", "c"]


BROKEN = {
    "unclosed list": (
        "a:\n  - [1, 2\nb: 1\n",
        "file.yaml: broken YAML at line 3, column 2: ",
    ),
    "bad indentation": (
        "a:\n  b: 1\n c: 2\n",
        "file.yaml: broken YAML at line 3, column 2: ",
    ),
    "tab": ("a:\n\tb: 1\n", "file.yaml: broken YAML at line 2, column 1: "),
    "control character": (
        "a: \x07\n",
        "file.yaml: broken YAML: the character U+0007 is not allowed",
    ),
    "two documents": ("a: 1\n---\nb: 1\n", "file.yaml: broken YAML at line 2, column 1: "),
    "empty": ("# nothing\n", "file.yaml: is empty; expected a mapping"),
    "list": ("- a\n", "file.yaml: expected a mapping, got an array"),
    "text": ("just text\n", "file.yaml: expected a mapping, got a single value"),
    "equal keys": (
        "a:\n  b: 1\n  b: 2\n",
        "file.yaml#/a/b: line 3: the key 'b' occurs twice in one mapping",
    ),
    "equal keys in a list": (
        "a:\n  - {}\n  - x/y: 1\n    x/y: 1\n",
        "file.yaml#/a/1/x~1y: line 4: the key 'x/y' occurs twice in one mapping",
    ),
    "number and text as one key": (
        "200: a\n'200': b\n",
        "file.yaml#/200: line 2: the key '200' occurs twice in one mapping",
    ),
    "merge key": (
        "a:\n  <<: {b: 1}\n",
        "file.yaml#/a/<<: line 2: the merge key '<<' is not accepted\n  hint: ",
    ),
    "alias": (
        "a: &x {b: 1}\nc: *x\n",
        "file.yaml#/c: line 2: the alias '*x' repeats another part of the file\n  hint: ",
    ),
    "alias of itself": (
        "a: &x [*x]\n",
        "file.yaml#/a/0: line 1: the alias '*x' repeats another part of the file\n  hint: ",
    ),
    "key that is a list": ("a:\n  ? [1]\n  : 2\n", "file.yaml#/a: line 2: a key must be a string"),
    "tag": (
        "a: !!python/name:os.system\n",
        "file.yaml#/a: line 1: the tag 'tag:yaml.org,2002:python/name:os.system' is not accepted",
    ),
    "set": ("a: !!set {b}\n", "file.yaml#/a: line 1: the tag 'tag:yaml.org,2002:set' is not"),
    "no number": ("a: .nan\n", "file.yaml#/a: line 1: JSON has no number '.nan'"),
    "infinity": ("a: 1e999\n", "file.yaml#/a: line 1: JSON has no number '1e999'"),
    "no integer": ("a: !!int one\n", "file.yaml#/a: line 1: 'one' is not of the type 'int'"),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_what_is_refused_is_told_with_its_place(text: str, message: str) -> None:
    """An error has file, line and, where there is one, pointer."""
    with pytest.raises(PipelineError) as caught:
        load_text(text, "file.yaml")

    assert message == str(caught.value)[: len(message)]


@pytest.mark.parametrize(
    "name", ["equal keys in a list", "merge key", "alias", "unclosed list", "empty", "tag"]
)
def test_the_pure_python_loader_refuses_the_same(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where PyYAML has no C library, the errors say the same and point to the same place."""

    class PureLoader(yaml.SafeLoader):
        yaml_implicit_resolvers = documents._Loader.yaml_implicit_resolvers

    monkeypatch.setattr(documents, "_Loader", PureLoader)
    text, message = BROKEN[name]
    with pytest.raises(PipelineError) as caught:
        load_text(text, "file.yaml")

    assert message.split(" at line")[0] == str(caught.value)[: len(message.split(" at line")[0])]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A file that cannot be read is named relative to the repository."""
    with pytest.raises(PipelineError) as caught:
        load_document(tmp_path / "api" / "none.yaml", tmp_path)

    assert str(caught.value) == "api/none.yaml: cannot be read: No such file or directory"


def test_text_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    """A file in another encoding is an error, not mojibake."""
    (tmp_path / "latin.yaml").write_bytes("a: grüße".encode("latin-1"))
    with pytest.raises(PipelineError) as caught:
        load_document(tmp_path / "latin.yaml", tmp_path)

    assert str(caught.value) == "latin.yaml: is not UTF-8 text (byte 5)"


NESTED = {
    "lists": "a: {}".format("[" * 100_000),
    "closed lists": "a: {}{}".format("[" * 100_000, "]" * 100_000),
    "mappings": "a: {}".format("{a: " * 100_000),
    "keys": "{}a".format("? " * 100_000),
    "list items": "a:\n  {}b".format("- " * 100_000),
    "JSON": '{{"a": {}{}}}'.format('[{"b": ' * 50_000, "}]" * 50_000),
    "by indentation": "".join(f"{' ' * level}a:\n" for level in range(2_000)),
}


@pytest.mark.parametrize("name", NESTED)
def test_deep_nesting_is_refused(name: str) -> None:
    """A document that is nested deeper than any stack is an error like any other.

    It is read in a process of its own, which a segmentation fault would end.
    """
    program = """
        import sys
        from clientsmith.reading.documents import load_text
        from clientsmith.errors import PipelineError
        try:
            load_text(sys.stdin.read(), "file.yaml")
        except PipelineError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", dedent(program)],
        input=NESTED[name],
        capture_output=True,
        text=True,
        cwd=REPOSITORY / "scripts",
        check=False,
        timeout=60,
    )

    place = "file.yaml: line 1: a key must be a string\n" if name == "keys" else "file.yaml#/a"
    assert (0, place) == (done.returncode, done.stdout[: len(place)]), done.stderr
    if name != "keys":
        assert done.stdout.endswith(": is nested more than 64 levels deep\n")


def test_nesting_up_to_the_limit_is_read() -> None:
    """As deep as is allowed, a document is read."""
    value: Any = load_text("a: " + "[" * 63 + "]" * 63, "file.yaml")["a"]

    for _ in range(62):
        (value,) = value
    assert value == []


@pytest.mark.parametrize(
    ("parts", "pointer"),
    [((), ""), (("a", "b"), "/a/b"), (("/a~b",), "/~1a~0b"), (("",), "/"), (("a", "0"), "/a/0")],
)
def test_pointers_are_written_and_read(parts: tuple[str, ...], pointer: str) -> None:
    """A JSON pointer leads back to the path that it was made of."""
    assert (pointer, parts) == (to_pointer(parts), from_pointer(pointer))


@pytest.mark.parametrize("pointer", ["a", "/a~2b", "/a~"])
def test_bad_pointers_are_refused(pointer: str) -> None:
    """What is no JSON pointer is not guessed at."""
    with pytest.raises(ValueError, match="a"):
        from_pointer(pointer)
