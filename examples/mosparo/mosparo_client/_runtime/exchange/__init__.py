# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""From an operation and its arguments to a request, and from a response to a result."""
