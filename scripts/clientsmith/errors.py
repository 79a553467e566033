"""The one exception of the pipeline.

Whatever is wrong with specifications, configuration or the generated tree is told with a
`PipelineError`; the command line prints it and exits with 1. Anything else that escapes is a
mistake in the pipeline itself.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# What differs between messages of one cause.
_QUOTED = re.compile(r"'[^']*'|\S*[/#]\S*")
_SHOWN = 5


class PipelineError(Exception):
    """What is wrong, where, and what to do about it.

    Args:
        message: One sentence that says what is wrong.
        file: The file, relative to the repository, with forward slashes.
        pointer: The JSON pointer into the file, for example `/paths/~1api~1jobs`.
        hint: What to do, where that is not obvious from the message.
    """

    def __init__(
        self,
        message: str,
        file: str | None = None,
        pointer: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.pointer = pointer
        self.hint = hint

    @property
    def place(self) -> str:
        """The file and the pointer."""
        return (self.file or "") + (f"#{self.pointer}" if self.pointer else "")

    def __str__(self) -> str:
        place = self.place
        text = f"{place}: {self.message}" if place else self.message
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class SeveralError(PipelineError):
    """Several problems, told together: those of one cause in one place.

    Args:
        problems: At least two.
    """

    def __init__(self, problems: Sequence[PipelineError]) -> None:
        first = problems[0]
        super().__init__(first.message, first.file, first.pointer, first.hint)
        self.problems = problems

    def groups(self) -> list[list[PipelineError]]:
        """Put problems of one cause together, the most frequent first.

        What is told of several places in the same words is one cause; what is told once, may have
        that of others in which only names differ.
        """
        counts = Counter(each.message for each in self.problems)
        found: dict[str, list[PipelineError]] = {}
        for each in self.problems:
            is_repeated = counts[each.message] > 1
            cause = each.message if is_repeated else _QUOTED.sub("...", each.message)
            found.setdefault(cause, []).append(each)
        return sorted(found.values(), key=lambda group: -len(group))

    def __str__(self) -> str:
        return self.told(lambda error: error.place)

    def told(self, place_of: Callable[[PipelineError], str]) -> str:
        """Write the problems.

        Args:
            place_of: Writes the place of one.
        """
        lines = [f"{len(self.problems)} problems:"]
        for group in self.groups():
            lines.append(f"{len(group)} x {group[0].message}")
            if group[0].hint:
                lines.append(f"  hint: {group[0].hint}")
            for each in group[:_SHOWN]:
                told = [each.message] if each.message != group[0].message else []
                told += [each.hint] if each.hint and each.hint != group[0].hint else []
                lines.append(f"  {place_of(each)}{': ' if told else ''}{'; '.join(told)}")
            if len(group) > _SHOWN:
                lines.append(f"  and {len(group) - _SHOWN} more")
        return "\n".join(lines)


class Problems(list[PipelineError]):
    """What was found so far, where checks go on after a problem."""

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Keep what the block raises."""
        try:
            yield
        except PipelineError as error:
            self += getattr(error, "problems", [error])


def raise_all(problems: Sequence[PipelineError]) -> None:
    """Raise what was found, if there is something; what was found twice is told once.

    Args:
        problems: What was found.

    Raises:
        PipelineError: The only problem, or `SeveralError`.
    """
    told = [each for found in problems for each in getattr(found, "problems", (found,))]
    flat = list({str(each): each for each in told}.values())
    if len(flat) == 1:
        raise flat[0]
    if flat:
        raise SeveralError(flat)
