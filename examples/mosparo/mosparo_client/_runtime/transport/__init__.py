# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The HTTP library: its clients, one request within a deadline, its failures."""
