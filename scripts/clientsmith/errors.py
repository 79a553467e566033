"""The one exception of the pipeline.

Whatever is wrong with specifications, configuration or the generated tree is told with a
`PipelineError`; the command line prints it and exits with 1. Anything else that escapes is a
mistake in the pipeline itself.
"""

from __future__ import annotations


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

    def __str__(self) -> str:
        place = self.file or ""
        if self.pointer:
            place += f"#{self.pointer}"
        text = f"{place}: {self.message}" if place else self.message
        return f"{text}\n  hint: {self.hint}" if self.hint else text
