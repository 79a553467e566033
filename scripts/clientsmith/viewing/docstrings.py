"""Docstrings in Google style, wrapped for a line length of 100."""

from __future__ import annotations

import textwrap

LINE_LENGTH = 100


def wrap(text: str, indent: int, hanging: int = 0) -> list[str]:
    """Wrap a text.

    Args:
        text: One paragraph.
        indent: Spaces before every line.
        hanging: Further spaces before every line but the first.

    Returns:
        The lines.
    """
    return textwrap.wrap(
        text,
        LINE_LENGTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hanging),
        break_long_words=False,
        break_on_hyphens=False,
    )


class Docstring:
    """A docstring under construction.

    Args:
        summary: The first line.
        description: What follows it, as one paragraph; may be empty.
    """

    def __init__(self, summary: str, description: str = "") -> None:
        self._summary = summary if summary.endswith((".", "!", "?")) else f"{summary}."
        self._description = description
        self._sections: list[tuple[str, list[tuple[str, str]]]] = []

    def add_section(self, title: str, entries: list[tuple[str, str]]) -> None:
        """Add a section of names and their texts, such as the arguments.

        Args:
            title: The heading without its colon.
            entries: Names and texts; without entries there is no section.
        """
        if entries:
            self._sections.append((title, entries))

    def add_text(self, title: str, content: str) -> None:
        """Add a section that is a plain text.

        Args:
            title: The heading without its colon.
            content: One paragraph.
        """
        self._sections.append((title, [("", content.strip())]))

    def render(self, indent: int) -> str:
        """Write the docstring.

        Args:
            indent: Spaces before every line but the first.

        Returns:
            The text with its quotes; the first line is not indented.
        """
        pad = " " * indent
        lines = wrap(f'"""{self._summary}', indent)
        lines[0] = lines[0].strip()
        if self._description:
            lines += ["", *wrap(self._description, indent)]
        for title, entries in self._sections:
            lines += ["", f"{pad}{title}:"]
            for name, text in entries:
                entry = f"{name}: {text}" if name and text else name or text
                lines += wrap(entry, indent + 4, hanging=4 if name else 0)
        if len(lines) == 1 and len(pad) + len(lines[0]) + 3 <= LINE_LENGTH:
            return f'{lines[0]}"""'
        return "\n".join([*lines, f'{pad}"""'])
