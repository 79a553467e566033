"""Mistakes in what surrounds a specification are told with their place, never as a traceback."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from clientsmith.errors import PipelineError
from clientsmith.targets import REPOSITORY
from clientsmith.writing import generate

from .support import corners_target, generate_into

if TYPE_CHECKING:
    from pathlib import Path

CORNERS = REPOSITORY / "tests" / "golden" / "corners" / "openapi.yaml"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nonsense: 1\n", "generator-config.yml#/nonsense: openapi-python-client has no option"),
        ("http_timeout: soon\n", "generator-config.yml#/http_timeout: Input should be"),
        ("post_hooks: []\npost_hooks: []\n", "generator-config.yml#/post_hooks: line 2: "),
    ],
)
def test_mistake_in_the_generator_configuration(text: str, expected: str, tmp_path: Path) -> None:
    """An option that is misspelt, of a wrong type or there twice is an error."""
    (tmp_path / "generator-config.yml").write_text(text)
    shutil.copytree(CORNERS.parent, tmp_path / "corners")
    target = corners_target(tmp_path / "corners" / "openapi.yaml", tmp_path)
    with pytest.raises(PipelineError) as caught:
        generate_into(target, tmp_path / "out")
    assert str(caught.value).startswith(expected)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{{ nonsense.name }}", "'nonsense' is undefined"),
        ("{% if %}", "Expected an expression"),
        ("{{ view.nonsense }}", "has no attribute 'nonsense'"),
    ],
)
def test_mistake_in_a_template(
    line: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A template that cannot be rendered is named, with the line."""
    shutil.copytree(generate.TEMPLATES, tmp_path / "templates")
    template = tmp_path / "templates" / "model.py.jinja"
    template.write_text(f"{template.read_text()}\n{line}\n")
    monkeypatch.setattr(generate, "TEMPLATES", tmp_path / "templates")
    with pytest.raises(PipelineError) as caught:
        generate_into(corners_target(CORNERS, REPOSITORY), tmp_path / "out")
    lines = len(template.read_text().splitlines())
    assert expected in str(caught.value)
    assert str(caught.value.file).endswith(f"model.py.jinja:{lines}")


def test_runtime_that_is_not_there(tmp_path: Path) -> None:
    """Generated code would import it in vain."""
    target = replace(corners_target(CORNERS, REPOSITORY), runtime="no.such.package")
    with pytest.raises(PipelineError, match=r"targets.yaml#/corners/runtime: 'no.such.package' is"):
        generate_into(target, tmp_path / "out")
