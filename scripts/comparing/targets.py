"""Which target of the pipeline a command is about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.errors import PipelineError
from clientsmith.targets import REPOSITORY, TARGETS_FILE, Target, load_targets

if TYPE_CHECKING:
    import argparse


def add_target_option(parser: argparse.ArgumentParser) -> None:
    """Add the options that `choose_target` reads."""
    parser.add_argument("--target", help="the target; needed where there are several")
    parser.add_argument(
        "--repository", type=Path, default=REPOSITORY, help="the root of the repository"
    )


def choose_target(options: argparse.Namespace) -> Target:
    """Find the target that the command line is about.

    Args:
        options: The command line.

    Returns:
        The target that is named, or the only one that there is.

    Raises:
        PipelineError: There is no such target, or none is named and there are several.
    """
    targets = load_targets(options.repository)
    if options.target in targets:
        return targets[options.target]
    if options.target is None and len(targets) == 1:
        return next(iter(targets.values()))
    raise PipelineError(
        "several targets" if options.target is None else f"unknown target {options.target!r}",
        TARGETS_FILE.as_posix(),
        hint=f"Name one with `--target`: {', '.join(targets)}.",
    )


def data_file(target: Target, kind: str) -> Path:
    """Give the place of reviewed data about a target: `openapi/<target>.<kind>.yaml`."""
    return target.repository / TARGETS_FILE.parent / f"{target.name}.{kind}.yaml"
