"""A progress display for terminals; it comes with the extra `cli`."""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.text import Text
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] == "rich":
        raise ImportError(
            "dqops.jobs.display needs the package 'rich', which is not installed. Install it with: "
            'pip install "dqops-client[cli]"',
            name=error.name,
        ) from error
    raise

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from rich.console import Console
    from rich.progress import TaskID

    from .progress import JobProgress

__all__ = ["ProgressDisplay"]

_STYLES = {"finished": "green", "failed": "bold red", "cancelled": "yellow"}


class ProgressDisplay:
    """Shows a line for each job under way, and a bar for all of them.

    It is what `on_progress` takes, of synchronous and asynchronous calls:

        with ProgressDisplay() as display:
            outcome = jobs.run_checks(client, filters, on_progress=display)

    Args:
        total: How many jobs there will be, for the bar; None for one, without a bar.
        console: Where to show it; standard error by default, so that it does not mix with what a
            program prints.
    """

    def __init__(self, total: int | None = None, *, console: Console | None = None) -> None:
        if console is None:
            from rich.console import Console

            console = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[state]}", markup=False),
            TimeElapsedColumn(),
            console=console,
        )
        self._total = total
        self._sum: TaskID | None = None
        self._lines: dict[tuple[str, bool], TaskID] = {}

    def __call__(self, progress: JobProgress) -> None:
        """Show how a job is doing.

        Args:
            progress: How it is doing.
        """
        # What judges a job has a line of its own, because that of the job has ended.
        key = (progress.business_key, progress.phase == "judging")
        if key not in self._lines:
            self._lines[key] = self._progress.add_task(progress.kind, total=None, state="")
        line = self._lines[key]
        state = progress.phase if progress.status is None else str(progress.status)
        if progress.judged is not None and progress.tables is not None:
            state = f"{state}, {progress.judged} of {progress.tables} tables"
        if progress.problem is not None:
            state = f"{state}; trying again: {progress.problem}"
        self._progress.update(line, description=progress.name, state=state)
        if progress.phase == "ended":
            self._end(line, state)
        elif progress.phase == "judging" and progress.judged == progress.tables:
            self._progress.update(line, total=1, completed=1)

    def _end(self, line: TaskID, state: str) -> None:
        if self._sum is None:
            self._progress.update(line, total=1, completed=1)
            return
        # Thousands of lines help nobody: what has ended moves up, out of the live display.
        task = next(each for each in self._progress.tasks if each.id == line)
        self._progress.console.print(Text(f"{task.description}: {state}", _STYLES.get(state, "")))
        self._progress.remove_task(line)
        self._progress.advance(self._sum)

    def __enter__(self) -> Self:
        """Start to show."""
        if self._total is not None:
            self._sum = self._progress.add_task("all jobs", total=self._total, state="")
        self._progress.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Stop; what is shown stays."""
        self._progress.stop()
