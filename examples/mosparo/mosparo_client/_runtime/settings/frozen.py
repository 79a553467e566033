# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What never changes once it is made: plain classes, because attrs takes long to import."""

from __future__ import annotations

__all__ = ["Frozen"]


class Frozen:
    """Base of what is compared by its attributes, which `__init__` sets by `vars(self)`."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed; make another one")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed; make another one")

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))
