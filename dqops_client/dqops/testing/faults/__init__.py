"""Faults on demand: what goes wrong, on which calls, in a way that can be repeated."""

from __future__ import annotations

from .fault import FAULT_KINDS, Fault
from .plan import FaultPlan

__all__ = ["FAULT_KINDS", "Fault", "FaultPlan"]
