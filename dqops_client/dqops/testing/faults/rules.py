"""Which calls a fault hits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .arguments import number

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import TypedDict

    class RuleOptions(TypedDict, total=False):
        """The arguments of `Rule`, as every constructor of a fault takes them."""

        operation: str | Collection[str] | None
        method: str | Collection[str] | None
        nth: int | Collection[int] | None
        times: int | None
        probability: float


__all__ = ["RULE_OPTIONS", "Rule"]

#: The names of the arguments of `Rule`.
RULE_OPTIONS = ("operation", "method", "nth", "times", "probability")


@dataclass(frozen=True)
class Rule:
    """Which calls a fault hits: each one that fulfils every condition.

    Args:
        operations: The names of the operations; None for every request, also one that is for no
            operation.
        methods: The HTTP methods in capitals; None for every one.
        nth: Which of the calls that `operations` and `methods` let through, counted from 1; None
            for every one.
        times: How often at most; None for no limit.
        probability: The probability with which a call is hit that fulfils everything else.
    """

    operations: frozenset[str] | None = None
    methods: frozenset[str] | None = None
    nth: frozenset[int] | None = None
    times: int | None = None
    probability: float = 1.0

    @classmethod
    def of(
        cls,
        *,
        operation: str | Collection[str] | None = None,
        method: str | Collection[str] | None = None,
        nth: int | Collection[int] | None = None,
        times: int | None = None,
        probability: float = 1.0,
    ) -> Rule:
        """Make a rule of what a person writes.

        Args:
            operation: The name of an operation, such as `run_checks`, or several; None for all.
            method: An HTTP method, or several; None for all.
            nth: The number of a call, counted from 1 for this rule, or several; None for all.
            times: How often at most; None for no limit.
            probability: A number from 0 to 1.

        Returns:
            The rule.

        Raises:
            ValueError: A number is out of range, or a collection is empty.
        """
        methods = _names(method, "method")
        numbers = frozenset({nth}) if isinstance(nth, int) else _set(nth, "nth")
        if numbers is not None and any(_is_below(number, 1) for number in numbers):
            raise ValueError(f"nth must be >= 1, got {nth!r}")
        if times is not None and _is_below(times, 1):
            raise ValueError(f"times must be >= 1, or None for no limit, got {times!r}")
        number("probability", probability, "a number from 0 to 1", lambda each: 0 <= each <= 1)
        return cls(
            operations=_names(operation, "operation"),
            methods=None if methods is None else frozenset(name.upper() for name in methods),
            nth=numbers,
            times=times,
            probability=float(probability),
        )

    def concerns(self, operation: str | None, method: str) -> bool:
        """Tell whether a call counts for this rule.

        Args:
            operation: The operation's name; None where there is none.
            method: The HTTP method in capitals.

        Returns:
            Whether the rule counts it.
        """
        if self.methods is not None and method not in self.methods:
            return False
        return self.operations is None or operation in self.operations

    def __str__(self) -> str:
        given = {
            "operation": self.operations,
            "method": self.methods,
            "nth": self.nth,
            "times": self.times,
            "probability": None if self.probability == 1 else self.probability,
        }
        return ", ".join(
            f"{name}={sorted(value) if isinstance(value, frozenset) else value!r}"
            for name, value in given.items()
            if value is not None
        )


def _names(value: str | Collection[str] | None, what: str) -> frozenset[str] | None:
    names = frozenset({value}) if isinstance(value, str) else _set(value, what)
    if names is not None and not all(isinstance(name, str) for name in names):
        raise ValueError(f"{what} must be a name, several, or None for all, got {value!r}")
    return names


def _set(value: Collection[Any] | None, what: str) -> frozenset[Any] | None:
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ValueError(f"{what} must be one, several, or None for all, got {value!r}")
    if not value:
        raise ValueError(f"{what} is empty, so the fault would hit nothing; None means everything")
    return frozenset(value)


def _is_below(number: object, limit: int) -> bool:
    return isinstance(number, bool) or not isinstance(number, int) or number < limit
