"""YAML files, with errors that name file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

__all__ = ["WrongFileError", "read_yaml"]


class WrongFileError(ValueError):
    """A file is no YAML.

    Args:
        message: What is wrong.
        source: The file, and the line where it is known.
    """

    def __init__(self, message: str, source: str) -> None:
        super().__init__(f"{source}: {message}")
        self.message = message
        self.source = source


def read_yaml(path: str | Path) -> tuple[yaml.Node | None, Any]:
    """Read a file.

    Args:
        path: The file.

    Returns:
        Its nodes, which know their lines, and its content; both are None if it is empty.

    Raises:
        FileNotFoundError: There is no such file.
        WrongFileError: It is no YAML.
    """
    name = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
        return yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text)
    except UnicodeDecodeError as error:
        raise WrongFileError(f"the file is not in UTF-8: {error}", name) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        source = name if mark is None else f"{name}, line {mark.line + 1}"
        raise WrongFileError(f"no YAML: {error.problem}", source) from error
    except yaml.YAMLError as error:
        raise WrongFileError(f"no YAML: {error}", name) from error
