"""`dqopsctl completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from ..output import write


@click.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> int:
    """Print what lets a shell complete commands, options and the names that the server knows.

    \b
    bash: eval "$(dqopsctl completion bash)"
    zsh:  eval "$(dqopsctl completion zsh)"
    fish: dqopsctl completion fish > ~/.config/fish/completions/dqopsctl.fish
    """  # noqa: D301  # click knows the character
    from ..running import root

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"nothing is known about {shell}")
    script = kind(root, {}, "dqopsctl", "_DQOPSCTL_COMPLETE")
    write(script.source_template % script.source_vars())
    return 0
