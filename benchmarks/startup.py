"""What it costs to begin: a program with a single call, and the command `dqopsctl`.

Both are the processor time of whole processes, as in `import_time`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.calls import answering
from benchmarks.import_time import processor_time
from benchmarks.measure import Samples, interleave
from benchmarks.peers.wire import HEALTH_PATH

if TYPE_CHECKING:
    from benchmarks.environments import Environments

__all__ = ["measure_command", "measure_first_call"]

_ROUNDS = 15

_OURS = """
from dqops import DQOps
assert DQOps({url!r}).healthcheck.is_healthy() == "OK"
"""
# What a program without our package would do, which reads certificate authorities, too.
_HTTPX = """
import httpx
assert httpx.Client().get({url!r} + {path!r}).text == "OK"
"""


def measure_first_call(environments: Environments) -> dict[str, Samples]:
    """Measure a program that imports a client and makes a call over loopback.

    Args:
        environments: Where the clients are.

    Returns:
        Seconds of processor time, less those of an interpreter that does nothing: `ours`, `httpx`
        for the same with httpx alone, and `import` for `import httpx`.
    """
    run = partial(processor_time, environments.python("ours"), "-c")
    with answering(environments) as url:
        programs = {
            "nothing": "pass",
            "import": "import httpx",
            "ours": _OURS.format(url=url),
            "httpx": _HTTPX.format(url=url, path=HEALTH_PATH),
        }
        samples = interleave({name: partial(run, programs[name]) for name in programs}, _ROUNDS)
    nothing = samples.pop("nothing")
    return {name: of.minus(nothing) for name, of in samples.items()}


def measure_command(environments: Environments) -> dict[str, Samples]:
    """Measure what `dqopsctl` answers without a server.

    Args:
        environments: Where it is.

    Returns:
        Seconds of processor time: `nothing` for an interpreter that does nothing, and those of the
        options.
    """
    python = environments.python("ours")
    script = str(Path(python).with_name("dqopsctl"))
    cases = {"nothing": partial(processor_time, python, "-c", "pass")}
    for option in ("--version", "--help"):
        cases[option] = partial(processor_time, python, script, option)
    return interleave(cases, _ROUNDS)
