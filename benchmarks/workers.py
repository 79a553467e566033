"""Processes in the environments that are compared; they do what they are asked to."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

from benchmarks.environments import REPOSITORY

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

__all__ = ["Worker", "keep_on_processor"]


def keep_on_processor(process: subprocess.Popen[str], number: int) -> None:
    """Let a process run on one processor only.

    Where two processes wait for each other, it takes a third longer or shorter, for as long as the
    system keeps them as they are, whether they share a processor.

    Args:
        process: The process, just started.
        number: Which of the processors that this process may use; 0 for the first. Nothing happens
            if there are not as many, or where the system cannot be told.
    """
    if hasattr(os, "sched_setaffinity"):
        processors = sorted(os.sched_getaffinity(0))
        if number < len(processors):
            os.sched_setaffinity(process.pid, {processors[number]})


class Worker:
    """A module of `benchmarks.peers` that runs in an environment.

    Args:
        python: The environment's interpreter.
        module: The module's name.
        arguments: Its command line.
        processor: The processor that it is kept on, as for `keep_on_processor`; None for any.
    """

    def __init__(
        self, python: str, module: str, *arguments: str, processor: int | None = None
    ) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            [python, "-m", f"benchmarks.peers.{module}", *arguments],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if processor is not None:
            keep_on_processor(self._process, processor)

    def ask(self, task: str, **arguments: Any) -> Any:
        """Let the process do a task.

        Args:
            task: The name of a function of the module.
            arguments: The function's arguments, as far as JSON can express them.

        Returns:
            What the function returned.

        Raises:
            RuntimeError: The process failed.
        """
        requests, answers = self._process.stdin, self._process.stdout
        if requests is None or answers is None:
            raise RuntimeError("the process has no pipes")
        requests.write(json.dumps([task, arguments]) + "\n")
        requests.flush()
        answer = answers.readline()
        if not answer:
            raise RuntimeError(f"{self._process.args!r} ended during {task}")
        return json.loads(answer)

    def close(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
