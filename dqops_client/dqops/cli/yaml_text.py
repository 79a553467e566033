"""Documents as YAML."""

from __future__ import annotations

from typing import Any

__all__ = ["as_yaml", "from_yaml"]


def as_yaml(document: Any) -> str:
    """Write a document as YAML, its properties in their order.

    Args:
        document: What JSON knows.

    Returns:
        The string.
    """
    import yaml

    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    return text


def from_yaml(text: str) -> Any:
    """Read YAML or JSON; dates stay strings, as JSON has them.

    Args:
        text: The string.

    Returns:
        The document.

    Raises:
        ValueError: It is no YAML.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        """Knows no dates."""

    Loader.yaml_implicit_resolvers = {
        first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        return yaml.load(text, Loader)  # noqa: S506  # a safe one
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
