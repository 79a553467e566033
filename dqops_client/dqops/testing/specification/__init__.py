"""The specification of the API, and how requests and responses are compared with it."""

from .document import Operation, Specification, escaped, no_such_operation

__all__ = ["Operation", "Specification", "escaped", "no_such_operation"]
