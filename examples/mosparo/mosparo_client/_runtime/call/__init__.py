# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""A call with its attempts, its log records and its span."""
