"""The faults of a server: which of them is due now."""

from __future__ import annotations

import inspect
import random
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..specification import no_such_operation
from .fault import FAULT_KINDS, Fault, check_kind
from .rules import RULE_OPTIONS

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self, TypeAlias

    #: What a plan can be made of.
    FaultPlanLike: TypeAlias = "FaultPlan | Fault | Iterable[Fault | Mapping[str, Any]]"

__all__ = ["DueFault", "FaultPlan"]


@dataclass(frozen=True)
class DueFault:
    """A fault that hits a call.

    Args:
        fault: The fault.
        chance: Random numbers for what it leaves to chance, the same in every run.
    """

    fault: Fault
    chance: random.Random


class _Planned:
    """A fault with how far its rule has counted."""

    def __init__(self, fault: Fault, seed: str) -> None:
        self.fault = fault
        self._seed = seed
        self.restart()

    def restart(self) -> None:
        """Count from the beginning again."""
        self.calls = 0
        self.hits = 0
        self._calls_of: Counter[str | None] = Counter()

    def due(self, operation: str | None, method: str) -> DueFault | None:
        """Count a call, and tell whether the fault hits it."""
        rule = self.fault.rule
        if not rule.concerns(operation, method):
            return None
        self.calls += 1
        self._calls_of[operation] += 1
        # By the number of the operation's own call: where calls of several operations race each
        # other, the winner must not decide which of them are hit.
        seed = f"{self._seed}:{operation}:{self._calls_of[operation]}"
        chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        drawn = chance.random()
        if rule.nth is not None and self.calls not in rule.nth:
            return None
        if drawn >= rule.probability or (rule.times is not None and self.hits >= rule.times):
            return None
        self.hits += 1
        return DueFault(self.fault, chance)


class FaultPlan:
    """Faults, and how far their rules have counted; it may be changed while the server runs.

    Several faults can hit the same call, such as a delay and a status. Of those that take the place
    of the response the first one in the plan counts.

    A fault may be plain data, as it stands in a YAML file: a dictionary with its `kind`, the
    arguments of that kind, and which calls are hit, such as `{"kind": "delay", "seconds": 2,
    "operation": "run_checks", "nth": [1, 2]}`.

    Args:
        faults: The faults.
        seed: Where the random numbers begin: with the same seed, the same calls of each operation
            are hit, in whatever order the calls of several operations arrive.

    Raises:
        ValueError: A dictionary describes no fault.
    """

    def __init__(self, faults: Iterable[Fault | Mapping[str, Any]] = (), *, seed: int = 0) -> None:
        self.seed = seed
        self._lock = threading.Lock()
        self._known_operations: Mapping[str, str] | None = None
        self._planned: list[_Planned] = []
        self._added = 0
        self.add(*faults)

    @classmethod
    def of(cls, value: FaultPlanLike, *, seed: int = 0) -> FaultPlan:
        """Make a plan of whatever says the same.

        Args:
            value: Faults, each as itself or as plain data; or one fault. A plan is given back as it
                is.
            seed: Where the random numbers begin.

        Returns:
            The plan.

        Raises:
            ValueError: These are no faults.
        """
        if isinstance(value, FaultPlan):
            return value
        if isinstance(value, Fault):
            return cls([value], seed=seed)
        if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
            raise ValueError(f"faults must be a list of faults, got {type(value).__name__}")
        return cls(value, seed=seed)

    @classmethod
    def from_file(cls, path: str | Path, *, seed: int = 0) -> FaultPlan:
        """Read a plan from a YAML file: a list of faults as plain data.

        Args:
            path: The file.
            seed: Where the random numbers begin.

        Returns:
            The plan.

        Raises:
            FileNotFoundError: There is no such file.
            ValueError: It is not YAML, or these are not faults; the message names the file.
        """
        # Imported here because most plans come from Python.
        from ..yaml_files import read_yaml

        _, content = read_yaml(path)
        try:
            return cls.of([] if content is None else content, seed=seed)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults, in the order in which they were added."""
        return tuple(planned.fault for planned in self._planned)

    def add(self, *faults: Fault | Mapping[str, Any]) -> Self:
        """Add faults; they count the calls from now on.

        Args:
            *faults: The faults, each as itself or as plain data.

        Returns:
            This plan itself.

        Raises:
            ValueError: One is no fault, or for an operation that the server does not have; then
                none is added.
        """
        made = [_fault(fault) for fault in faults]
        for fault in made:
            self._check(fault)
        with self._lock:
            for fault in made:
                # By a number that no other fault has had, so that its chances are its own.
                self._planned.append(_Planned(fault, f"{self.seed}:{self._added}"))
                self._added += 1
        return self

    def remove(self, fault: Fault) -> None:
        """Take a fault out of the plan; nothing happens if it is not there.

        Args:
            fault: The fault.
        """
        with self._lock:
            self._planned = [each for each in self._planned if each.fault != fault]

    def clear(self) -> None:
        """Take every fault out of the plan."""
        with self._lock:
            self._planned = []
            self._added = 0

    def restart(self) -> None:
        """Let every fault count, and every chance begin, as at first."""
        with self._lock:
            for planned in self._planned:
                planned.restart()

    def hits(self, fault: Fault) -> int:
        """Tell how often a fault has hit.

        Args:
            fault: The fault.

        Returns:
            The number of calls.
        """
        return sum(each.hits for each in self._planned if each.fault == fault)

    def due(self, operation: str | None, method: str) -> list[DueFault]:
        """Count a call, and find the faults that hit it.

        Args:
            operation: The operation's name; None where there is none.
            method: The HTTP method in capitals.

        Returns:
            The faults.
        """
        if not self._planned:
            return []
        with self._lock:
            found = [planned.due(operation, method) for planned in self._planned]
        return [due for due in found if due is not None]

    def expect(self, operations: Mapping[str, str]) -> None:
        """Tell the plan which operations there are; faults that hit none are refused from now on.

        Args:
            operations: Their HTTP methods by their names.

        Raises:
            ValueError: A fault is for another operation, or for a method that its operations do
                not have.
        """
        self._known_operations = operations
        for fault in self.faults:
            self._check(fault)

    def __repr__(self) -> str:
        return f"FaultPlan({list(self.faults)!r}, seed={self.seed!r})"

    def _check(self, fault: Fault) -> None:
        known = self._known_operations
        if known is None:
            return
        for name in sorted(fault.rule.operations or ()):
            if name not in known:
                raise ValueError(no_such_operation(name, known))
        methods = {known[name] for name in fault.rule.operations or known} | {"OPTIONS", "HEAD"}
        if fault.rule.methods is not None and not fault.rule.methods & methods:
            wanted = " or ".join(sorted(fault.rule.methods))
            there = " and ".join(sorted(methods - {"OPTIONS", "HEAD"}))
            what = " and ".join(sorted(fault.rule.operations or ())) or "the operations"
            raise ValueError(
                f"{fault!r} can hit nothing: the method of {what} is {there}, not {wanted}"
            )


def _fault(value: Fault | Mapping[str, Any]) -> Fault:
    if isinstance(value, Fault):
        return value
    if not isinstance(value, Mapping):
        hint = f"; write Fault.{value}(...)" if value in FAULT_KINDS else ""
        raise ValueError(f"a fault must be a dictionary with its kind, got {value!r}{hint}")
    options = dict(value)
    kind = options.pop("kind", None)
    check_kind(kind)
    constructor = getattr(Fault, kind)
    parameters = inspect.signature(constructor).parameters.values()
    own = [each for each in parameters if each.kind is not inspect.Parameter.VAR_KEYWORD]
    possible = [*(each.name for each in own), *RULE_OPTIONS]
    for name in options:
        if name not in possible:
            raise ValueError(f"the fault {kind!r} has no {name!r}; it has {', '.join(possible)}")
    for each in own:
        if each.default is inspect.Parameter.empty and each.name not in options:
            raise ValueError(f"the fault {kind!r} needs {each.name!r}")
    try:
        fault: Fault = constructor(**options)
    except TypeError as error:  # a string where a number belongs, for example
        raise ValueError(f"the fault {kind!r} is not valid: {error}") from error
    return fault
