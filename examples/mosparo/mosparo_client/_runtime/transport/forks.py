# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Lets forked processes begin without connections: two processes cannot share one.

The interpreter keeps what it calls after a fork, with all that this reaches, to its very end, and
searches it for garbage once more then. So nothing is imported here but what is needed.
"""

from __future__ import annotations

import os
import weakref

TYPE_CHECKING = False  # the one of `typing` would be kept as well
if TYPE_CHECKING:
    from typing import Protocol

    class Pool(Protocol):
        """What has connections of this process."""

        def forget(self) -> list[object]: ...


__all__ = ["forget_when_forked"]

_pools: weakref.WeakSet[Pool] = weakref.WeakSet()
# Never used and never closed: closing them would need locks that nobody releases in this process.
_inherited: list[object] = []


def forget_when_forked(pool: Pool) -> None:
    """Let a pool begin without connections in a forked process: two cannot share one.

    Args:
        pool: The pool.
    """
    _pools.add(pool)


def _forget_inherited() -> None:
    for pool in list(_pools):
        _inherited.extend(pool.forget())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_inherited)
